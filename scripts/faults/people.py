"""Virtual users: each has one account at a time, and performs one action at a time."""

import asyncio

from account import Account

# The users' actions, and their number in a hundred requests.
MIX = {
    "sign_in": 10, "refresh": 40, "look": 30, "register": 5, "reset_password": 5, "change_password": 3, "sign_out": 4,
    "organize": 3,
}


class Person:
    """A virtual user: the current account and former ones."""

    def __init__(self, world, number):
        self.world = world
        self.number = number
        self.account = None
        self.former = []
        self.guests = 0

    async def live(self):
        await asyncio.sleep(self.world.pause())
        await self.register()
        while not self.world.stopping:
            await asyncio.sleep(self.world.pause())
            await self.do(self.world.chance.choices(list(MIX), list(MIX.values()))[0])

    async def do(self, what):
        if not self.account.access and what not in ("register", "sign_in"):
            what = "sign_in"
        if what == "register":
            await self.register()
        elif what == "organize":
            await self.organize()
        else:
            await getattr(self.account, what)()

    async def register(self, invite=None):
        """Continues with a new account."""
        if self.account:
            self.former.append(self.account)
        email = invite.email if invite else None
        account = Account(self.world, f"p{self.number}n{len(self.former)}", email)
        account.invited = bool(invite)
        self.account = account
        await account.register(invite and invite.token)

    async def organize(self):
        """Creates an organization, switches to it, and invites a new account or a former one of this user."""
        account = self.account
        org = await account.make_org()
        if not org:
            return
        await account.switch(org)
        if self.world.chance.random() < 0.5:
            await self.invite_new(account, org)
        elif self.former and not self.former[-1].invited:
            await self.invite_former(account, org, self.former[-1])

    async def invite_new(self, account, org):
        self.guests += 1
        email = f"{self.world.canary}-g{self.number}n{self.guests}@example.com"
        if await account.invite(org, email):
            token = await self.world.mail.wait_for(email, "invite", 4)
            if token:
                await self.register(Invitation(email, token, org))

    async def invite_former(self, account, org, guest):
        if not guest.verified or not guest.access:
            return
        # Invited once each, so that a delayed email can't belong to another invite.
        guest.invited = True
        if await account.invite(org, guest.email):
            token = await self.world.mail.wait_for(guest.email, "invite", 4)
            if token:
                await guest.accept(token, org)


class Invitation:
    """An invitation to register with."""

    def __init__(self, email, token, org):
        self.email = email
        self.token = (token, org)
