"""I8: faults have bounded effects. No 500, every request completes, and no request fails without a fault."""

from journal import requests


class Bounds:
    """The limits that a row guarantees."""

    def __init__(
        self, recovery=5, longest=8, duplicates=0, statuses=(503,), refused=(), failures=True, grace=10, far_clocks=False,
    ):
        # Seconds from the end of a fault until requests succeed.
        self.recovery = recovery
        # Seconds that a request may take: passwords wait up to three, connections one, and statements take up to five.
        self.longest = longest
        # The number of emails that may be delivered twice, and the emails that the mail server refused permanently.
        self.duplicates = duplicates
        self.refused = refused
        # The reuse interval of refresh tokens in seconds.
        self.grace = grace
        # The error statuses that are allowed during faults, and whether requests may fail at all.
        self.statuses = statuses
        # Whether a server may reject another's access token as issued in the future.
        self.far_clocks = far_clocks
        self.failures = failures


def check_answers(records, bounds):
    violations = []
    broken = list(outages(records, bounds.recovery))
    for sent, answer in requests(records):
        if sent["op"] == "limited":
            # These requests are expected to be rejected.
            continue
        what = f"{sent['op']} of {sent['who']} (record {sent['n']})"
        status, took = answer.get("status"), answer["took"]
        if took > bounds.longest:
            violations.append(("I8", f"{what} took {took:.1f} s"))
        if status is not None and status < 500 and status != 429:
            continue
        if status == 429 and sent["op"] == "change_password" and answer.get("retry"):
            # A user can change the password three times an hour.
            continue
        if status is not None and status not in bounds.statuses:
            violations.append(("I8", f"{what} returned {status}"))
        elif status is not None and not answer.get("retry"):
            violations.append(("I8", f"{what} returned {status} without Retry-After"))
        ended = sent["at"] + took
        if not bounds.failures:
            violations.append(("I8", f"{what} failed ({status or 'no response'}), but no request may fail"))
        elif not any(begin <= ended and sent["at"] <= end for begin, end in broken):
            violations.append(("I8", f"{what} failed ({status or 'no response'}) without a fault"))
    return violations


def outages(records, recovery):
    """Yields the start and end of periods in which requests may fail."""
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
    """Yields, for each fault, the seconds from its end until a request that started after it succeeded."""
    answers = [(sent["at"], sent["at"] + answer["took"]) for sent, answer in requests(records) if answer.get("status", 500) < 300]
    for record in records:
        if record["event"] == "mended":
            ends = [end for begin, end in answers if begin >= record["at"]]
            if ends:
                yield min(ends) - record["at"]
