"""Checks the journal against itself, the database, the emails, and the logs."""

from check.accounts import Ledger
from check.answers import check_answers
from check.logs import check_logs
from check.mails import check_mails
from check.rows import check_rows


def check(records, mails, database, logs, canary, bounds):
    """Returns violations as (invariant, description). All arguments are plain data or have a method `query`."""
    ledger = Ledger(bounds)
    ledger.replay(records)
    return [
        *check_answers(records, bounds),
        *ledger.violations,
        *check_mails(ledger, mails, bounds),
        *(check_rows(ledger, database, bounds) if database else []),
        *check_logs(logs, canary),
    ]
