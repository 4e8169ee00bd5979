"""The requests of a client for one account, repeated if there was no response."""

import asyncio
import base64
import json
import time

# Seconds for which a client repeats a request with an unknown outcome.
STUBBORN_SECONDS = 60


def claims(access):
    part = access.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


class Account:
    """An account as its owner knows it. It only sends requests; the checker verifies the responses."""

    def __init__(self, world, name, email=None):
        self.world = world
        self.name = f"{world.canary}-{name}"
        self.email = email or f"{self.name}@example.com"
        # The passwords that may be valid, newest last.
        self.passwords = [self.new_password()]
        self.access = self.refresh_token = None
        self.elsewhere = []
        self.ended = []
        self.verified = False
        self.asked = self.invited = False
        world.accounts.append(self)

    def new_password(self):
        return f"{self.world.canary} {self.world.chance.randrange(10**12)}"

    async def call(self, op, method, path, body=None, token=None, **facts):
        return await self.world.call(self.email, op, method, f"/v1{path}", body, token, **facts)

    async def bearer(self, op, method, path, body=None, access=None, **facts):
        access = access or self.access
        return await self.call(op, method, path, body, access, sid=claims(access)["sid"], **facts)

    async def again(self, ask):
        """Repeats a request until the outcome is known."""
        deadline = time.monotonic() + STUBBORN_SECONDS
        while True:
            answer = await ask()
            if not answer.unknown or time.monotonic() > deadline:
                return answer
            await asyncio.sleep(0.2 + self.world.chance.random() * 0.5)

    def signed_in(self, answer):
        if self.access:
            self.elsewhere = [*self.elsewhere, (self.access, self.refresh_token)][-2:]
        self.access, self.refresh_token = answer.body["access_token"], answer.body["refresh_token"]

    def signed_out(self):
        if self.access:
            self.ended = [*self.ended, (self.access, self.refresh_token)][-3:]
        self.access = self.refresh_token = None

    async def register(self, invite=None):
        body = {"email": self.email, "username": self.name, "password": self.passwords[-1]}
        token, org = invite or (None, None)
        if invite:
            body["invite_token"] = token
        while True:
            answer = await self.call(
                "register", "POST", "/auth/register", body, password=self.passwords[-1], invite=token, org=org, name=self.name
            )
            if answer.ok:
                self.verified = bool(invite)
                return self.signed_in(answer)
            if not answer.unknown:
                return
            # The outcome is unknown. Whether a sign-in succeeds shows whether the account exists.
            if (await self.sign_in()).ok:
                self.verified = bool(invite)
                return

    async def sign_in(self):
        """Signs in with the newest password that may be valid, or the previous one."""
        if self.world.chance.random() < 0.1:
            await self.probe_password("wrong " + self.world.canary)
        for password in reversed(self.passwords):
            answer = await self.again(lambda: self.login(password))
            if answer.ok:
                self.passwords = [password]
                self.signed_in(answer)
                break
        return answer

    async def login(self, password):
        return await self.call("login", "POST", "/auth/login", {"username": self.name, "password": password}, password=password)

    async def probe_password(self, password):
        """Tries a wrong password, which must be refused."""
        return await self.login(password)

    async def refresh(self):
        token = self.refresh_token
        answer = await self.again(lambda: self.exchange(token))
        if answer.ok:
            self.access, self.refresh_token = answer.body["access_token"], answer.body["refresh_token"]
        elif not answer.unknown:
            self.access = None

    async def exchange(self, token):
        return await self.call("refresh", "POST", "/auth/refresh", {"refresh_token": token}, refresh=token)

    async def look(self, access=None):
        return await self.bearer("me", "GET", "/auth/me", access=access)

    async def change_password(self):
        old, new = self.passwords[-1], self.new_password()
        body = {"current_password": old, "new_password": new}
        answer = await self.bearer("change_password", "PUT", "/auth/me/password", body, old=old, new=new)
        if answer.ok:
            self.passwords = [new]
            self.ended, self.elsewhere = [*self.ended, *self.elsewhere][-3:], []
            await self.probe_password(old)
        elif answer.unknown:
            self.passwords = [old, new]
            await self.sign_in()

    async def reset_password(self):
        """Resets the password, once per account: a second link within a minute would not be sent."""
        if self.asked:
            return await self.look()
        self.asked = True
        answer = await self.call("forgot", "POST", "/auth/forgot-password", {"email": self.email})
        token = await self.world.mail.wait_for(self.email, "reset_password", 4) if answer.ok else None
        if token is None:
            return
        new = self.new_password()
        self.passwords.append(new)
        answer = await self.again(lambda: self.reset(token, new))
        if answer.ok:
            self.passwords, self.verified = [new], True
            self.ended, self.elsewhere = [*self.ended, *self.elsewhere][-2:], []
            self.signed_out()
            # Use the link a second time, for another password.
            await self.reset(token, self.new_password())
            await self.probe_ended()
        else:
            self.access = None
        await self.sign_in()

    async def reset(self, token, new):
        body = {"token": token, "new_password": new}
        return await self.call("reset", "POST", "/auth/reset-password", body, link=token, new=new)

    async def sign_out(self):
        answer = await self.bearer("logout", "POST", "/auth/logout")
        if answer.ok:
            self.signed_out()
            await self.probe_ended()
        elif answer.unknown:
            await self.refresh()

    async def probe_ended(self):
        """Tries the tokens of an ended session, which must be refused."""
        for access, refresh in self.ended[-1:]:
            await self.look(access)
            await self.exchange(refresh)

    async def verify(self):
        token = await self.world.mail.wait_for(self.email, "verify_email", 0.1)
        if token and not self.verified:
            answer = await self.again(lambda: self.call("verify", "POST", "/auth/verify-email", {"token": token}))
            self.verified = answer.ok

    async def make_org(self):
        """Creates an organization, and returns its ID or None."""
        await self.verify()
        if not self.verified:
            return None
        name = f"{self.name} {self.world.chance.randrange(10**6)}"
        answer = await self.bearer("make_org", "POST", "/orgs", {"name": name}, name=name)
        return answer.body["org_id"] if answer.ok else None

    async def switch(self, org):
        answer = await self.bearer("switch", "POST", "/auth/switch-org", {"org_id": org}, org=org)
        if answer.ok:
            self.access = answer.body["access_token"]

    async def invite(self, org, email):
        body = {"email": email, "role": "member"}
        return (await self.bearer("invite", "POST", f"/orgs/{org}/invites", body, org=org, email=email)).ok

    async def accept(self, token, org):
        ask = lambda: self.bearer("accept", "POST", "/auth/accept-invite", {"token": token}, invite=token, org=org)
        if (await self.again(ask)).ok:
            await ask()

    async def audit(self):
        """Reads the final state, after all faults."""
        if self.access:
            await self.refresh()
        if not self.access and not (await self.sign_in()).ok:
            return
        await self.again(self.look)
        await self.again(lambda: self.bearer("orgs", "GET", "/orgs?limit=100"))
        for _, refresh in self.elsewhere:
            await self.exchange(refresh)
        for access, refresh in self.ended:
            await self.look(access)
            await self.exchange(refresh)
        await self.again(lambda: self.login(self.passwords[-1]))
