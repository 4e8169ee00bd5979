"""Extends schemathesis with knowledge about Doorward beyond the document, for scripts/api-fuzz.sh.

- Users: the signed-in user is replaced as soon as the token becomes invalid.
- Values that random generation does not find: passwords, tokens of this server, tokens from its emails.
- Additional checks.
- A table of the responses; the run fails if a documented status that is reachable never occurred.
"""

import email
import email.policy
import itertools
import json
import os
import pathlib
import random
import re
import time
from collections import Counter

import jsonschema_rs
import requests
import schemathesis

API = os.environ["DOORWARD_FUZZ_API"]
MAIL = pathlib.Path(os.environ["DOORWARD_FUZZ_MAIL"])
# "limits": a server whose limits are used up at once, so that no user can sign in.
LIMITS = os.environ.get("DOORWARD_FUZZ_PASS") == "limits"

chance = random.Random(20260101)
numbers = itertools.count(1)
session = requests.Session()


class Person:
    """A newly registered user."""

    def __init__(self):
        self.name = f"fuzz{next(numbers)}"
        self.email = f"{self.name}@example.com"
        self.password = "correct horse battery staple"
        answer = self.post("register", email=self.email, username=self.name, password=self.password)
        self.signed_in(answer)
        self.organization = answer["user"]["default_workspace_id"]
        self.id = answer["user"]["user_id"]
        self.own_shared = None
        self.verified = False
        self.their_shared = None

    def signed_in(self, answer):
        self.access = answer["access_token"]
        self.refresh = answer["refresh_token"]

    @staticmethod
    def post(endpoint, **body):
        response = session.post(f"{API}/v1/auth/{endpoint}", json=body, timeout=10)
        response.raise_for_status()
        return response.json()

    def post_signed(self, path, **body):
        header = {"Authorization": f"Bearer {self.access}"}
        response = session.post(f"{API}/v1/{path}", json=body, headers=header, timeout=10)
        response.raise_for_status()
        return response.json()

    def verify(self):
        """Verifies the email address, which inviting requires."""
        if not self.verified:
            Person.post("verify-email", token=self.token_from_mail("verify-email"))
            self.verified = True
        return self

    def shared(self):
        """Returns a shared organization that this user owns."""
        if self.own_shared is None:
            self.own_shared = self.post_signed("orgs", name="Ours")["org_id"]
        return self.own_shared

    def invite(self, address=None):
        """Creates an invite into the shared organization, and returns its ID."""
        address = address or f"guest{next(numbers)}@example.com"
        self.verify()
        return self.post_signed(f"orgs/{self.shared()}/invites", email=address, role="member")["invite_id"]

    def invite_to_workplace(self):
        """Returns the token of an invite into another user's organization, after verifying the email address."""
        self.verify()
        boss = Person()
        boss.invite(self.email)
        self.invited_to = boss.shared()
        return self.token_from_mail("invite")

    def workplace(self):
        """Returns another user's organization of which this user is a member."""
        if self.their_shared is None:
            self.post_signed("auth/accept-invite", token=self.invite_to_workplace())
            self.their_shared = self.invited_to
        return self.their_shared

    def another_session(self):
        answer = self.post("login", username=self.name, password=self.password)
        header = {"Authorization": f"Bearer {answer['access_token']}"}
        sessions = session.get(f"{API}/v1/auth/sessions", headers=header, timeout=10).json()["items"]
        return next(each["session_id"] for each in sessions if each["is_current"])

    def token_from_mail(self, kind):
        """Waits for an email of this kind, and returns the token of the newest one."""
        for _ in range(200):
            for path in sorted(MAIL.glob(f"*-{kind}-*.eml"), reverse=True):
                if path not in mails:
                    mails[path] = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
                if mails[path]["To"] == self.email:
                    text = mails[path].get_body(("plain",)).get_content()
                    return re.search(r"[?&]token=(\S+)", text)[1]
            time.sleep(0.05)
        raise RuntimeError(f"no {kind} email for {self.email} in {MAIL}")


person = None
# Parsed emails, cached because there are thousands in the end.
mails = {}


def some_user():
    global person
    if person is None:
        person = Person()
    return person


if not LIMITS:

    @schemathesis.auth(refresh_interval=None)
    class SignedIn:
        def get(self, case, context):
            return some_user().access

        def set(self, case, token, context):
            case.headers["Authorization"] = f"Bearer {token}"


# The functions that complete every other valid body, so that not all of them are rejected.
def register(body):
    number = next(numbers)
    body.update(email=f"Fuzz.{number}@EXAMPLE.com", username=f"fuzz.{number}")
    body.pop("invite_token", None)


def login(body):
    body.update(username=chance.choice([some_user().name, some_user().email]), password=some_user().password)


def refresh(body):
    body["refresh_token"] = some_user().refresh
    if chance.random() < 0.7:
        body["org_id"] = chance.choice([None, some_user().organization])


def switch_org(body):
    body["org_id"] = some_user().organization


def change_password(body):
    body["current_password"] = some_user().password


def change_email(body):
    """Half of the requests come from a verified user, who can't change the email address."""
    if chance.random() < 0.5:
        some_user().workplace()
    body.update(email=f"new.{next(numbers)}@example.com", current_password=some_user().password)


def update_profile(body):
    """Random values are never a valid time zone, language tag, URL, or organization."""
    fitting = {
        "timezone": [None, "Europe/London", "UTC", "America/Argentina/Buenos_Aires"],
        "locale": [None, "en", "en-GB", "zh-Hant-TW", "de-CH-1996"],
        "avatar_url": [None, "https://example.com/ada.png", "http://[::1]:8080/?a=b#c"],
        "default_workspace_id": [some_user().organization],
    }
    for key in sorted(fitting.keys() & body.keys()):
        body[key] = chance.choice(fitting[key])


def verify_email(body):
    body["token"] = Person().token_from_mail("verify-email")


def reset_password(body):
    forgetful = Person()
    Person.post("forgot-password", email=forgetful.email)
    body["token"] = forgetful.token_from_mail("reset-password")


def accept_invite(body):
    body["token"] = some_user().invite_to_workplace()


FITTING = {
    f.__name__: f
    for f in (
        register,
        login,
        refresh,
        switch_org,
        change_password,
        change_email,
        update_profile,
        verify_email,
        reset_password,
        accept_invite,
    )
}
BY_MAIL = {"verify_email", "reset_password", "accept_invite"}

# The values of path and body with which each operation on an organization returns these statuses. With random
# values, the organization is never found: 404.
IN_ORGANIZATION = {
    ("get_org", 200): lambda: {"org_id": some_user().shared()},
    ("update_org", 200): lambda: {"org_id": some_user().shared()},
    ("update_org", 403): lambda: {"org_id": some_user().workplace()},
    ("delete_org", 200): lambda: {"org_id": some_user().shared()},
    ("delete_org", 403): lambda: {"org_id": some_user().workplace()},
    ("delete_org", 422): lambda: {"org_id": some_user().organization},
    ("list_members", 200): lambda: {"org_id": some_user().shared()},
    ("update_member", 200): lambda: {"org_id": some_user().shared(), "user_id": some_user().id, "role": "owner"},
    ("update_member", 403): lambda: {"org_id": some_user().workplace()},
    ("update_member", 422): lambda: {"org_id": some_user().shared(), "user_id": some_user().id, "role": "member"},
    ("remove_member", 200): lambda: {"org_id": some_user().workplace(), "user_id": some_user().id},
    ("remove_member", 403): lambda: {"org_id": some_user().workplace()},
    ("remove_member", 422): lambda: {"org_id": some_user().shared(), "user_id": some_user().id},
    ("list_invites", 200): lambda: {"org_id": some_user().shared()},
    ("list_invites", 403): lambda: {"org_id": some_user().workplace()},
    ("create_invite", 200): lambda: {"org_id": some_user().verify().shared(), "email": f"Guest.{next(numbers)}@EXAMPLE.com"},
    ("create_invite", 403): lambda: {"org_id": some_user().workplace()},
    ("create_invite", 422): lambda: {"org_id": some_user().organization},
    ("revoke_invite", 200): lambda: {"org_id": some_user().shared(), "invite_id": some_user().invite()},
    ("revoke_invite", 403): lambda: {"org_id": some_user().workplace()},
    ("resend_invite", 200): lambda: {"org_id": some_user().shared(), "invite_id": some_user().invite()},
    ("resend_invite", 403): lambda: {"org_id": some_user().workplace()},
}


def in_organization(case, name, status):
    for key, value in IN_ORGANIZATION[name, status]().items():
        if key in case.path_parameters:
            case.path_parameters[key] = value
        else:
            case.body = {**case.body, key: value}


sent = Counter()
# The operations without a body that were sent an oversized one.
burdened = set()
# The operations that were sent as cross-site requests.
foreign = set()


@schemathesis.hook
def before_call(context, case, kwargs):
    operation = case.operation.definition.raw
    name = operation["operationId"]
    if LIMITS or case.meta is None:
        return
    wants_body = "requestBody" in operation
    if wants_body and not isinstance(case.body, dict):
        return
    positive = case.meta.generation.mode.is_positive
    phase = case.meta.phase.name.value
    sent[name, positive, phase] += 1
    turn = sent[name, positive, phase]
    if "403" in operation["responses"] and phase in ("fuzzing", "stateful") and name not in foreign:
        foreign.add(name)
        case.headers["Sec-Fetch-Site"] = "cross-site"
        return
    if not wants_body and "413" in operation["responses"] and phase in ("fuzzing", "stateful") and name not in burdened:
        # Operations without a body still read one that is sent.
        burdened.add(name)
        kwargs["data"] = b" " * 70_000
        return
    placed = (name, {1: 200, 2: 403, 3: 422}.get(turn % 4))
    if placed in IN_ORGANIZATION and positive and turn > 2:
        in_organization(case, *placed)
    elif name == "end_session" and positive and turn % 3 == 1:
        case.path_parameters["session_id"] = some_user().another_session()
    elif not wants_body:
        pass
    elif positive and name in FITTING and turn % (10 if name in BY_MAIL else 2) == 1:
        body = dict(case.body)
        FITTING[name](body)
        case.body = body
    elif phase == "fuzzing" and turn % 20 == 2:
        case.body = {**case.body, "padding": "x" * 70_000}


@schemathesis.hook
def after_call(context, case, response):
    global person
    name = case.operation.definition.raw["operationId"]
    seen[case.operation.label, response.status_code] += 1
    if person is None:
        return
    used = response.request.headers.get("Authorization") == f"Bearer {person.access}"
    if used and (response.status_code == 401 or (name == "logout" and response.status_code == 200)):
        person = None
    elif used and response.status_code == 200 and name in ("delete_org", "remove_member"):
        # A new user has all organizations and memberships again.
        person = None
    elif used and name == "change_password" and response.status_code == 200:
        person.password = case.body["new_password"]
    elif used and name == "change_email" and response.status_code == 200:
        person.email = case.body["email"]
    elif name == "refresh":
        # Regardless of the response, the token may be used up, and the session ended.
        person = None


# Additional checks. schemathesis lists them by their names.
envelope = None


@schemathesis.hook
def after_load_schema(context, schema):
    global envelope
    schemas = schema.raw_schema["components"]["schemas"]
    envelope = jsonschema_rs.validator_for(
        {"$ref": "#/components/schemas/ErrorResponse", "components": {"schemas": schemas}}
    )


# The errors of requests that match the schema. All other types of errors are described by the schema, so they must
# not occur for such requests.
BEYOND_THE_SCHEMA = {
    "value_error",
    "already_exists",
    "password_incorrect",
    "password_too_common",
    "invite_invalid",
    "invite_email_mismatch",
    "timezone_unknown",
    "locale_invalid",
    "url_invalid",
    "too_large",
    "already_member",
    "last_owner",
    "personal_org",
}


@schemathesis.check
def refused_for_a_reason_beyond_the_schema(ctx, response, case):
    """A request that matches the schema gets 422 only for rules that a schema can't express."""
    if response.status_code == 422 and case.meta and case.meta.generation.mode.is_positive:
        wrong = [error for error in response.json()["detail"] if error["type"] not in BEYOND_THE_SCHEMA]
        assert not wrong, f"the schema allows the request, but the server rejected it: {json.dumps(wrong)[:500]}"


@schemathesis.check
def documented_headers_are_there(ctx, response, case):
    """Every documented header is present, whether or not it is required."""
    documented = case.operation.definition.raw["responses"].get(str(response.status_code), {}).get("headers", {})
    missing = [name for name in (documented or ["X-Request-Id"]) if name.lower() not in response.headers]
    assert not missing, f"missing headers: {missing}"


@schemathesis.check
def wrong_methods_get_the_envelope(ctx, response, case):
    """404 and 405 have the error envelope: the document describes them only once, as text."""
    if response.status_code in (404, 405) and response.request.method != "HEAD":
        body = response.json()
        errors = [error.message for error in envelope.iter_errors(body)]
        assert not errors, f"not an error envelope: {errors}"
        assert body["status_code"] == response.status_code


# The run must see every documented status, except reserved ones, these statuses, ...
seen = Counter()
OUT_OF_REACH = {
    429: "limits are disabled (covered by the pass `limits`)",
    500: "must not occur",
    503: "the database stays available",
}
# ... and those whose examples are all in this set: they need another configuration, a user who is disabled or has
# no password, or an incomplete body of an operation without one.
OUT_OF_REACH_HERE = {"auth:register", "account:active", "email:verified", "password:change", "json_invalid"}


def within_reach(status, answer):
    if answer.get("description", "").startswith("Reserved") or status in OUT_OF_REACH:
        return False
    examples = {name for content in answer.get("content", {}).values() for name in content.get("examples", {})}
    return not examples or not examples <= OUT_OF_REACH_HERE


@schemathesis.check
class every_documented_status_was_seen:
    def __init__(self):
        self.documented = {}

    def after_response(self, ctx, response, case):
        answers = case.operation.definition.raw["responses"]
        self.documented[case.operation.label] = {
            int(status)
            for status, answer in answers.items()
            if status.isdigit() and (status == "429" or within_reach(int(status), answer))
        }

    def after_run(self, ctx):
        statuses = sorted({status for _, status in seen})
        width = max(len(label) for label in self.documented)
        print("\n\nResponses")
        print(" " * width, *(f"{status:>6}" for status in statuses))
        for label in self.documented:
            print(f"{label:<{width}}", *(f"{seen[label, status] or '·':>6}" for status in statuses))
        never = []
        for label, documented in self.documented.items():
            wanted = documented & {429} if LIMITS else documented - {429}
            never += [f"{label} {status}" for status in sorted(wanted) if not seen[label, status]]
        assert not never, f"documented but never returned: {', '.join(never)} (see {__file__})"
