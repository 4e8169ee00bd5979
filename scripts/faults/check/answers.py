"""I8: trouble is bounded. No 500, nobody waits for ever, and nobody fails when nothing is broken."""

from journal import requests


class Bounds:
    """What a row promises."""

    def __init__(
        self, recovery=5, longest=8, duplicates=0, statuses=(503,), refused=(), failures=True, grace=10, far_clocks=False,
    ):
        # Seconds from the end of a fault until requests succeed.
        self.recovery = recovery
        # Seconds that a request may take: a password waits for three, a connection for one, a statement has five.
        self.longest = longest
        # Mails that may come twice, and those that the mail server refused for good.
        self.duplicates = duplicates
        self.refused = refused
        # For how many seconds a used refresh token gets its successor again.
        self.grace = grace
        # What may be answered while something is broken, and whether a request may fail at all.
        self.statuses = statuses
        # Whether one server may take another's access token for one of the future, and refuse it.
        self.far_clocks = far_clocks
        self.failures = failures


def check_answers(records, bounds):
    violations = []
    broken = list(outages(records, bounds.recovery))
    for sent, answer in requests(records):
        if sent["op"] == "limited":
            # Meant to be turned away.
            continue
        what = f"{sent['op']} of {sent['who']} (record {sent['n']})"
        status, took = answer.get("status"), answer["took"]
        if took > bounds.longest:
            violations.append(("I8", f"{what} took {took:.1f} s"))
        if status is not None and status < 500 and status != 429:
            continue
        if status is not None and status not in bounds.statuses:
            violations.append(("I8", f"{what} was answered {status}"))
        elif status is not None and not answer.get("retry"):
            violations.append(("I8", f"{what} was answered {status} without Retry-After"))
        ended = sent["at"] + took
        if not bounds.failures:
            violations.append(("I8", f"{what} failed ({status or 'no answer'}), and none may"))
        elif not any(begin <= ended and sent["at"] <= end for begin, end in broken):
            violations.append(("I8", f"{what} failed ({status or 'no answer'}) when nothing was broken"))
    return violations


def outages(records, recovery):
    """From when to when requests may fail."""
    begun = None
    for record in records:
        if record["event"] == "fault" and begun is None:
            begun = record["at"]
        elif record["event"] == "mended" and begun is not None:
            yield begun, record["at"] + recovery
            begun = None
    if begun is not None:
        yield begun, float("inf")


def recoveries(records):
    """For each fault how many seconds passed from its end until a request was good that began after it."""
    answers = [(sent["at"], sent["at"] + answer["took"]) for sent, answer in requests(records) if answer.get("status", 500) < 300]
    for record in records:
        if record["event"] == "mended":
            ends = [end for begin, end in answers if begin >= record["at"]]
            if ends:
                yield min(ends) - record["at"]
