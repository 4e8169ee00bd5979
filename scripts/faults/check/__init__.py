"""Judges what happened: the journal against itself, the database, the mails and the logs."""

from check.accounts import Ledger
from check.answers import check_answers
from check.logs import check_logs
from check.mails import check_mails
from check.rows import check_rows


def check(records, mails, database, logs, canary, bounds):
    """Answers what does not hold, as (invariant, what). All arguments are plain data or answer queries."""
    ledger = Ledger(bounds)
    ledger.replay(records)
    return [
        *check_answers(records, bounds),
        *ledger.violations,
        *check_mails(ledger, mails, bounds),
        *(check_rows(ledger, database, bounds) if database else []),
        *check_logs(logs, canary),
    ]
