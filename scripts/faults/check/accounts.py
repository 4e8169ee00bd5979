"""I1, I2, I3, I5 and I6: what each account may be after what was asked and answered, request by request.

Requests of one account never overlap, so each is judged by all that came before it. What has no answer, or one
that leaves open whether it happened (5xx, 429), may have happened or not, and both are kept in mind until a
later answer tells."""

import base64
import json

from journal import requests


def sid_of(access):
    part = access.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))["sid"]


class Session:
    """Whether it goes on: "yes", "no" or "maybe"."""

    def __init__(self, leaf):
        self.alive = "yes"
        self.leaf = leaf
        self.successors = {}
        self.first_asked = {}


class Account:
    def __init__(self, email):
        self.email = email
        self.exists = "no"
        # Whether it came by an invite, which verifies its address.
        self.invited = False
        self.verified = False
        self.passwords = set()
        self.sessions = {}
        self.orgs = set()
        # Changes of the password that were acknowledged, and such that may have happened.
        self.changes = self.maybe_changes = 0
        self.forgot = {"acked": 0, "maybe": 0}
        self.resets = {}


class Ledger:
    """All accounts, and what does not hold of them."""

    def __init__(self, bounds):
        self.bounds = bounds
        self.accounts = {}
        self.violations = []
        self.invites = {}
        self.accepted = {}

    def replay(self, records):
        for sent, answer in requests(records):
            account = self.accounts.setdefault(sent["who"], Account(sent["who"]))
            self.judge = lambda invariant, text: self.violations.append(
                (invariant, f"{text}: {sent['op']} of {sent['who']} (record {sent['n']})")
            )
            if answer["event"] == "lost" and not answer["sent"]:
                continue
            status = answer.get("status")
            known = status is not None and status < 500 and status != 429
            handler = getattr(self, sent["op"])
            handler(account, sent, known, known and status < 300, answer.get("body"))

    # Each: the account, what was sent, whether it is known what happened, whether it was good, and the answer's body.

    def register(self, account, sent, known, good, body):
        if not known:
            if account.exists == "no":
                account.exists = "maybe"
            account.passwords.add(sent["password"])
            self.invited(account, sent, known, good)
        elif good:
            if account.exists == "yes":
                self.judge("I2", "an account was made twice")
            account.exists, account.passwords = "yes", {sent["password"]}
            self.opened(account, body)
            self.invited(account, sent, known, good)
        elif account.exists == "no":
            self.judge("I7", "a registration was refused, and there is no account")

    def invited(self, account, sent, known, good):
        if sent.get("invite"):
            account.invited = account.verified = True
            self.took(account, sent, known, good)

    def login(self, account, sent, known, good, body):
        password = sent["password"]
        if good:
            if password not in account.passwords:
                self.judge("I5", "a wrong password opened a session")
            account.exists, account.passwords = "yes", {password}
            self.opened(account, body)
        elif known:
            if account.exists == "yes" and account.passwords == {password}:
                self.judge("I1", "the password was refused")
            account.passwords.discard(password)

    def opened(self, account, body):
        account.sessions[sid_of(body["access_token"])] = Session(body["refresh_token"])

    def refresh(self, account, sent, known, good, body):
        token = sent["refresh"]
        session = next((s for s in account.sessions.values() if token == s.leaf or token in s.first_asked), None)
        if session is None:
            if good:
                self.judge("I5", "a refresh token that nobody was given was taken")
            return
        asked = session.first_asked.setdefault(token, sent["at"])
        if good:
            if session.alive == "no":
                self.judge("I6", "a session that was ended goes on")
            if account.sessions.get(sid_of(body["access_token"])) is not session:
                self.judge("I3", "a refresh changed the session")
            if session.successors.setdefault(token, body["refresh_token"]) != body["refresh_token"]:
                self.judge("I3", "a refresh token has two successors")
            session.alive, session.leaf = "yes", body["refresh_token"]
        elif known:
            if session.alive == "yes" and token == session.leaf and sent["at"] - asked < self.bounds.grace:
                self.judge("I3", "a session was ended that nobody ended")
            session.alive = "no"

    def me(self, account, sent, known, good, body):
        self.bearer(account, sent, known, good)
        if good and body["email"].lower() != account.email.lower():
            self.judge("I5", "somebody else's account was shown")
        if good and account.verified and not body["is_verified"]:
            self.judge("I1", "a verified address is not verified any more")

    def bearer(self, account, sent, known, good):
        """What holds of each request with an access token; answers whether its session goes on."""
        session = account.sessions.get(sent["sid"])
        if good and (session is None or session.alive == "no"):
            self.judge("I6", "an access token of a session that was ended was taken")
        elif known and not good and session and session.alive == "yes" and not self.bounds.far_clocks:
            self.judge("I3", "a session was ended that nobody ended")
        if good and session:
            session.alive = "yes"

    def change_password(self, account, sent, known, good, _body):
        self.bearer(account, sent, known, good)
        if good:
            if sent["old"] not in account.passwords:
                self.judge("I5", "a wrong password was changed")
            account.changes += 1
            account.passwords = {sent["new"]}
        elif not known:
            account.maybe_changes += 1
            account.passwords.add(sent["new"])
        for sid, session in account.sessions.items():
            if sid != sent["sid"]:
                self.ended(session, known, good)

    def ended(self, session, known, good):
        if good:
            session.alive = "no"
        elif not known and session.alive == "yes":
            session.alive = "maybe"

    def forgot(self, account, sent, known, good, _body):
        account.forgot["acked" if good else "maybe"] += 1

    def reset(self, account, sent, known, good, _body):
        """A token is good once, and all of what it does happens or nothing."""
        tried = account.resets.setdefault(sent["link"], {"won": False, "maybe": set()})
        if good:
            if tried["won"]:
                self.judge("I2", "a reset token was taken twice")
            tried["won"] = account.verified = True
            account.changes += 1
            account.passwords = {sent["new"]}
        elif not known:
            account.maybe_changes += 1
            tried["maybe"].add(sent["new"])
            account.passwords.add(sent["new"])
        elif not tried["won"] and tried["maybe"]:
            # It was used up: by what had no answer, which then has to hold.
            account.passwords = set(tried["maybe"])
            account.verified = True
        elif not tried["won"]:
            self.judge("I2", "a reset token was refused that nobody had used")
        for session in account.sessions.values():
            self.ended(session, known, good)

    def verify(self, account, sent, known, good, _body):
        account.verified = account.verified or good
        if known and not good and not account.resets:
            self.judge("I2", "a verification was refused")

    def logout(self, account, sent, known, good, _body):
        self.bearer(account, sent, known, good)
        if session := account.sessions.get(sent["sid"]):
            self.ended(session, known, good)

    def make_org(self, account, sent, known, good, body):
        self.bearer(account, sent, known, good)
        if good:
            account.orgs.add(body["org_id"])

    def switch(self, account, sent, known, good, body):
        self.bearer(account, sent, known, good)
        if good and (body["org_id"] != sent["org"] or sent["org"] not in account.orgs):
            self.judge("I5", "somebody works in an organisation that is not theirs")

    def limited(self, _account, _sent, _known, good, _body):
        if good:
            self.judge("I5", "a wrong password opened a session")

    def invite(self, account, sent, known, good, _body):
        self.bearer(account, sent, known, good)
        invite = self.invites.setdefault(sent["email"], {"acked": 0, "maybe": 0})
        if good or not known:
            invite["acked" if good else "maybe"] += 1

    def accept(self, account, sent, known, good, body):
        self.bearer(account, sent, known, good)
        if good and body["org_id"] != sent["org"]:
            self.judge("I2", "an invite led into another organisation")
        unused = self.accepted.get(sent["invite"]) in (None, account.email)
        if known and not good and unused and not self.bounds.far_clocks:
            self.judge("I2", "an invite was refused that nobody else had used")
        self.took(account, sent, known, good)

    def took(self, account, sent, known, good):
        """An invite is good for one account, which is answered alike each time."""
        if good:
            if self.accepted.setdefault(sent["invite"], account.email) != account.email:
                self.judge("I2", "an invite was taken twice")
            account.orgs.add(sent["org"])

    def orgs(self, account, sent, known, good, body):
        self.bearer(account, sent, known, good)
        if good:
            missing = account.orgs - {item["org_id"] for item in body["items"]}
            if missing:
                self.judge("I1", f"memberships are gone ({', '.join(sorted(missing))})")
