"""Self-test of the checker: journals with planted violations, and a correct one."""

import base64
import json

from check import check
from check.answers import Bounds

CANARY = "canary"
ANN = "ann@example.com"


def access(sid):
    return "e30." + base64.urlsafe_b64encode(json.dumps({"sid": sid}).encode()).decode().rstrip("=") + ".x"


def pair(sid, refresh):
    return {"access_token": access(sid), "refresh_token": refresh}


class Story:
    """Writes the journal of one account, with a record per second."""

    def __init__(self):
        self.records = []

    def write(self, event, **facts):
        self.records.append({"n": len(self.records), "at": float(len(self.records)), "event": event, **facts})
        return self

    def ask(self, op, status=200, body=None, took=0.01, retry="2", **facts):
        self.write("send", op=op, who=ANN, **facts)
        of = len(self.records) - 1
        if status is None:
            return self.write("lost", of=of, took=took, sent=True)
        return self.write("answer", of=of, status=status, took=took, retry=retry, body=body)

    def register(self):
        return self.ask("register", body=pair("s1", "r1"), password="one")

    def fault(self):
        return self.write("fault", what="planted")


def mail(kind="verify_email", number=1, text="hello"):
    return {"to": ANN, "kind": kind, "id": f"<{number}>", "text": text}


class Database:
    """Returns planted rows for statements that contain certain words, and no rows for others."""

    def __init__(self, version=1, **planted):
        self.users = [{"email": ANN, "password_version": version}]
        self.planted = planted
        self.sound = planted.pop("sound", True)

    def query(self, statement):
        if "password_version" in statement:
            return self.users
        for words, rows in self.planted.items():
            if words in statement:
                return rows
        return [{"count": 0}] if "count(*)" in statement else []

    def is_sound(self):
        return self.sound


def fine():
    """Returns a correct journal of all actions, with a fault."""
    story = Story().register().ask("login", status=401, password="wrong").ask("me", body={"email": ANN, "is_verified": False}, sid="s1")
    story.fault().ask("refresh", None, refresh="r1").ask("refresh", 503, refresh="r1").write("mended")
    story.ask("refresh", body=pair("s1", "r2"), refresh="r1")
    story.ask("change_password", sid="s1", old="one", new="two").ask("login", 401, password="one")
    story.ask("logout", sid="s1").ask("refresh", 401, refresh="r2").ask("login", body=pair("s2", "q1"), password="two")
    return story


def planted():
    """Yields the violation, its invariant, the journal, and other arguments of the checker."""
    start = lambda: Story().register()
    reset = lambda story, status, new: story.ask("reset", status, link="t", new=new)
    yield "an account is lost", "I1", start().ask("login", 401, password="one"), {}
    yield "a password change is lost", "I1", fine().ask("login", 401, password="two"), {}
    yield "an address is no longer verified", "I1", start().ask("verify").ask("me", body={"email": ANN, "is_verified": False}, sid="s1"), {}
    yield "a membership is lost", "I1", start().ask("make_org", body={"org_id": "o"}, sid="s1").ask("orgs", body={"items": []}, sid="s1"), {}
    yield "a link is accepted twice", "I2", reset(reset(start(), 200, "two"), 200, "three"), {}
    yield "a link is used up without effect", "I1", reset(reset(start().fault(), None, "two"), 401, "two").ask("login", 401, password="two"), {}
    yield "an unused link is refused", "I2", reset(start(), 401, "two"), {}
    yield "a password changes twice", "I2", fine(), {"database": Database(version=3)}
    yield "a token has two successors", "I3", start().ask("refresh", body=pair("s1", "r2"), refresh="r1").ask(
        "refresh", body=pair("s1", "r3"), refresh="r1"), {}
    yield "a lost response ends the session", "I3", start().fault().ask("refresh", None, refresh="r1").ask("refresh", 401, refresh="r1"), {}
    yield "a session is ended for token reuse", "I3", start(), {"database": Database(token_reused=[{"id": "s1"}])}
    yield "an email is lost", "I4", start(), {"mails": []}
    yield "an email is delivered twice", "I4", start(), {"mails": [mail(), mail()]}
    yield "two copies of an email differ", "I4", start(), {"mails": [mail(), mail(text="other")], "bounds": Bounds(duplicates=1)}
    yield "an email is delivered without a request", "I4", start(), {"mails": [mail(), mail("reset_password", 2)]}
    yield "a wrong password is accepted", "I5", start().ask("login", body=pair("s2", "q1"), password="wrong"), {}
    yield "another account is returned", "I5", start().ask("me", body={"email": "bob@example.com", "is_verified": True}, sid="s1"), {}
    yield "an ended session is refreshed", "I6", start().ask("logout", sid="s1").ask("refresh", body=pair("s1", "r2"), refresh="r1"), {}
    yield "an ended session is served", "I6", start().ask("logout", sid="s1").ask("me", body={"email": ANN, "is_verified": False}, sid="s1"), {}
    yield "an account is incomplete", "I7", start(), {"database": Database(**{"password_hash IS NULL": [{"id": "u"}]})}
    yield "the database is broken", "I7", start(), {"database": Database(sound=False)}
    yield "there is a 500", "I8", start().fault().ask("me", 500, sid="s1"), {}
    yield "a request hangs", "I8", start().fault().ask("me", 503, took=30, sid="s1"), {}
    yield "a 503 has no Retry-After", "I8", start().fault().ask("me", 503, retry=None, sid="s1"), {}
    yield "a 503 is returned without a fault", "I8", start().ask("me", 503, sid="s1"), {}
    yield "a log contains a password", "I9", start(), {"logs": {"server.log": f"they said {CANARY} 12"}}
    yield "a log contains a token", "I9", start(), {"logs": {"server.log": "dwr_" + 32 * "A"}}


def judge(story, mails=None, database=None, logs=None, bounds=None):
    verified = any(record.get("op") in ("verify", "reset") for record in story.records)
    mails = mails if mails is not None else ([] if verified else [mail()]) + changes(story)
    return check(story.records, mails, database, logs or {}, CANARY, bounds or Bounds(recovery=2))


def changes(story):
    """Returns the emails that the password changes in a journal cause."""
    changed = [record["n"] for record in story.records if record.get("op") in ("change_password", "reset")]
    good = {record["of"] for record in story.records if record["event"] == "answer" and record["status"] == 200}
    return [mail("password_changed", 10 + number) for number in changed if number in good]


def run():
    """Returns the number of checks, and the errors of the checker."""
    wrong = [f"the checker reports violations in a correct journal: {judge(fine())}"] if judge(fine()) else []
    count = 1
    for what, invariant, story, others in planted():
        count += 1
        if invariant not in {found for found, _ in judge(story, **others)}:
            wrong.append(f"the checker does not find that {what} ({invariant})")
    return count, wrong
