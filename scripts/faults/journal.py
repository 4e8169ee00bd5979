"""The journal of requests: a line before each request is sent, and one after its response."""

import json
import time


class Journal:
    """A list of records, each written to a file before anything else happens."""

    def __init__(self, path):
        self.records = []
        self.file = open(path, "w", buffering=1)
        self.began = time.monotonic()

    def write(self, event, **facts):
        """Writes a record, and returns its number."""
        record = {"n": len(self.records), "at": round(time.monotonic() - self.began, 4), "event": event, **facts}
        self.records.append(record)
        self.file.write(json.dumps(record) + "\n")
        return record["n"]

    def close(self):
        self.file.close()


def requests(records):
    """Yields pairs of a request and its outcome ("answer" or "lost"), in the order in which they ended."""
    sent = {record["n"]: record for record in records if record["event"] == "send"}
    for record in records:
        if record["event"] in ("answer", "lost"):
            yield sent[record["of"]], record
