"""What was asked and what was answered: a line before each request leaves, and one after its answer."""

import json
import time


class Journal:
    """A list of records, each written to a file before anything else happens."""

    def __init__(self, path):
        self.records = []
        self.file = open(path, "w", buffering=1)
        self.began = time.monotonic()

    def write(self, event, **facts):
        """Answers the number of the record."""
        record = {"n": len(self.records), "at": round(time.monotonic() - self.began, 4), "event": event, **facts}
        self.records.append(record)
        self.file.write(json.dumps(record) + "\n")
        return record["n"]

    def close(self):
        self.file.close()


def requests(records):
    """Pairs of what was sent and what came of it (an "answer", or that it was "lost"), in the order in which they ended."""
    sent = {record["n"]: record for record in records if record["event"] == "send"}
    for record in records:
        if record["event"] in ("answer", "lost"):
            yield sent[record["of"]], record
