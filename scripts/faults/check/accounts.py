"""I1, I2, I3, I5, and I6: the possible states of each account after each request and response.

Requests of one account never overlap, so each is checked against all earlier ones. A request without a response, or
with one that leaves the outcome open (5xx, 429), may or may not have taken effect. Both states stay possible until a
later response decides."""

import base64
import json

from journal import requests


def sid_of(access):
    part = access.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))["sid"]


class Session:
    """A session. `alive` is "yes", "no", or "maybe"."""

    def __init__(self, leaf):
        self.alive = "yes"
        self.leaf = leaf
        self.successors = {}
        self.first_asked = {}


class Account:
    def __init__(self, email):
        self.email = email
        self.exists = "no"
        # Whether it was registered with an invite, which verifies its email address.
        self.invited = False
        self.verified = False
        self.passwords = set()
        self.sessions = {}
        self.orgs = set()
        # The number of password changes that were acknowledged, and of those that may have happened.
        self.changes = self.maybe_changes = 0
        self.forgot = {"acked": 0, "maybe": 0}
        self.resets = {}


class Ledger:
    """All accounts, and the violations found."""

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

    # Arguments of each handler: the account, the request, whether the outcome is known, whether it succeeded, and the
    # response body.

    def register(self, account, sent, known, good, body):
        if not known:
            if account.exists == "no":
                account.exists = "maybe"
            account.passwords.add(sent["password"])
            self.invited(account, sent, known, good)
        elif good:
            if account.exists == "yes":
                self.judge("I2", "an account was created twice")
            account.exists, account.passwords = "yes", {sent["password"]}
            self.opened(account, body)
            self.invited(account, sent, known, good)
        elif account.exists == "no":
            self.judge("I7", "a registration was refused although there is no account")

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
                self.judge("I5", "a refresh token that was never issued was accepted")
            return
        asked = session.first_asked.setdefault(token, sent["at"])
        if good:
            if session.alive == "no":
                self.judge("I6", "an ended session was refreshed")
            if account.sessions.get(sid_of(body["access_token"])) is not session:
                self.judge("I3", "a refresh changed the session")
            if session.successors.setdefault(token, body["refresh_token"]) != body["refresh_token"]:
                self.judge("I3", "a refresh token has two successors")
            session.alive, session.leaf = "yes", body["refresh_token"]
        elif known:
            if session.alive == "yes" and token == session.leaf and sent["at"] - asked < self.bounds.grace:
                self.judge("I3", "a session ended without a request")
            session.alive = "no"

    def me(self, account, sent, known, good, body):
        self.bearer(account, sent, known, good)
        if good and body["email"].lower() != account.email.lower():
            self.judge("I5", "another account was returned")
        if good and account.verified and not body["is_verified"]:
            self.judge("I1", "a verified address is no longer verified")

    def bearer(self, account, sent, known, good):
        """Checks a request with an access token against the state of its session."""
        session = account.sessions.get(sent["sid"])
        if good and (session is None or session.alive == "no"):
            self.judge("I6", "an access token of an ended session was accepted")
        elif known and not good and session and session.alive == "yes" and not self.bounds.far_clocks:
            self.judge("I3", "a session ended without a request")
        if good and session:
            session.alive = "yes"

    def change_password(self, account, sent, known, good, _body):
        self.bearer(account, sent, known, good)
        if good:
            if sent["old"] not in account.passwords:
                self.judge("I5", "a password was changed with a wrong current one")
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
        """Checks that a token is valid once, and that its effects happen completely or not at all."""
        tried = account.resets.setdefault(sent["link"], {"won": False, "maybe": set()})
        if good:
            if tried["won"]:
                self.judge("I2", "a reset token was accepted twice")
            tried["won"] = account.verified = True
            account.changes += 1
            account.passwords = {sent["new"]}
        elif not known:
            account.maybe_changes += 1
            tried["maybe"].add(sent["new"])
            account.passwords.add(sent["new"])
        elif not tried["won"] and tried["maybe"]:
            # A request without a response used the token up, so its effects must exist.
            account.passwords = set(tried["maybe"])
            account.verified = True
        elif not tried["won"]:
            self.judge("I2", "an unused reset token was refused")
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
            self.judge("I5", "a user switched to an organization of others")

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
            self.judge("I2", "an invite added a member to another organization")
        unused = self.accepted.get(sent["invite"]) in (None, account.email)
        if known and not good and unused and not self.bounds.far_clocks:
            self.judge("I2", "an unused invite was refused")
        self.took(account, sent, known, good)

    def took(self, account, sent, known, good):
        """Checks that an invite is valid for one account, which always gets the same response."""
        if good:
            if self.accepted.setdefault(sent["invite"], account.email) != account.email:
                self.judge("I2", "an invite was accepted twice")
            account.orgs.add(sent["org"])

    def orgs(self, account, sent, known, good, body):
        self.bearer(account, sent, known, good)
        if good:
            missing = account.orgs - {item["org_id"] for item in body["items"]}
            if missing:
                self.judge("I1", f"memberships are missing ({', '.join(sorted(missing))})")
