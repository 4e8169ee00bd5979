"""Servers, a database, a mail server, virtual users, and the journal of their requests."""

import asyncio
import pathlib
import random
import time

from client import Lost, NotSent, exchange
from databases import Postgres, Sqlite
from journal import Journal
from mailserver import MailServer
from patroni import Patroni
from people import Person
from servers import Balancer, Server, free_port


class Answer:
    """The outcome of a request; the status is None if there was no response."""

    def __init__(self, status=None, body=None):
        self.status = status
        self.body = body
        self.ok = status is not None and 200 <= status < 300
        # Whether the request took effect is unknown: there is no response, or one that leaves it open.
        self.unknown = status is None or status >= 500 or status == 429


class World:
    """Everything that a row needs, isolated from other rows."""

    def __init__(self, row, database, folder, seed, rounds, short):
        self.folder = pathlib.Path(folder)
        self.chance = random.Random(f"{seed} {row.name} {database}")
        self.canary = f"canary{self.chance.randrange(10**9)}"
        self.journal = Journal(self.folder / "journal.jsonl")
        self.mail = MailServer(free_port())
        self.database = {"sqlite": Sqlite, "postgres": Postgres, "patroni": Patroni}[database](self.folder)
        environment = {
            **self.database.environment,
            "DOORWARD_MAIL_URL": f"smtp://127.0.0.1:{self.mail.port}?starttls=never",
            **row.environment,
        }
        self.servers = [Server(self.folder, f"server{number}", environment) for number in range(row.servers)]
        self.balancer = Balancer(self.servers)
        self.ports = self.balancer.ports
        self.people = []
        self.accounts = []
        self.row = row
        self.rounds = rounds
        self.short = short
        # Called at the end, in reverse order.
        self.cleanups = []
        self.stopping = False
        self.tasks = []
        self.changing = asyncio.Event()

    async def start(self):
        await self.database.start()
        await self.mail.start()
        if self.row.prepare:
            await self.row.prepare(self)
        for server in self.servers:
            await server.start()
        self.balancer.start()
        self.journal.write("begin")
        self.people = [Person(self, number) for number in range(self.row.users)]
        self.tasks = [asyncio.create_task(person.live()) for person in self.people]

    async def load(self, seconds):
        """Lets the users continue for some seconds."""
        await asyncio.wait(self.tasks, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
        for task in self.tasks:
            if task.done() and not task.cancelled() and task.exception():
                raise task.exception()

    async def moment(self):
        """Waits until a user has just sent a change, and a few milliseconds more, so that a fault hits the change."""
        self.changing.clear()
        await asyncio.wait_for(self.changing.wait(), 30)
        await asyncio.sleep(self.chance.random() * 0.012)

    async def settle(self, seconds):
        """Lets all users finish and audit their accounts, and waits until the emails are sent."""
        self.stopping = True
        await asyncio.wait_for(asyncio.gather(*self.tasks), 120)
        waiting = asyncio.Semaphore(8)

        async def look(account):
            async with waiting:
                await account.audit()

        await asyncio.gather(*(look(account) for account in self.accounts))
        deadline = time.monotonic() + seconds
        while self.waiting_mails() and time.monotonic() < deadline:
            await asyncio.sleep(0.25)

    def waiting_mails(self):
        statement = "SELECT count(*) AS count FROM outbox WHERE sent_at IS NULL AND failed_at IS NULL"
        return self.database.query(statement)[0]["count"]

    async def stop(self):
        for task in self.tasks:
            task.cancel()
        self.balancer.stop()
        for server in self.servers:
            await server.stop()
        if self.mail.listening:
            await self.mail.stop()
        await self.database.stop()
        for cleanup in reversed(self.cleanups):
            cleanup()
        self.journal.close()

    def fault(self, what):
        """Records a fault: from now on, requests may fail."""
        self.journal.write("fault", what=what)

    def mended(self):
        """Records the end of a fault; the recovery time counts from here."""
        self.journal.write("mended")

    def pause(self):
        """Returns the seconds that a user waits between two requests."""
        return self.chance.expovariate(self.row.rate / self.row.users)

    async def call(self, account, op, method, path, body=None, token=None, **facts):
        number = self.journal.write("send", op=op, who=account, **facts)
        began = time.monotonic()
        if op != "me":
            self.changing.set()
        # If a server does not listen, try the next one at once, as a load balancer does.
        for port in self.ports():
            try:
                status, headers, said = await exchange(port, method, path, body, token)
            except NotSent as error:
                reason = str(error)
            except Lost as error:
                self.journal.write("lost", of=number, took=time.monotonic() - began, error=str(error), sent=True)
                return Answer()
            else:
                self.journal.write(
                    "answer", of=number, status=status, took=time.monotonic() - began,
                    retry=headers.get("retry-after"), body=said,
                )
                return Answer(status, said)
        self.journal.write("lost", of=number, took=time.monotonic() - began, error=reason, sent=False)
        return Answer()
