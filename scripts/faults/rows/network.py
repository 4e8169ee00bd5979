"""Faults of the network and of a shared Redis."""

import asyncio
import shutil
import signal

from account import Account
from check.answers import Bounds
from journal import requests
from rows import Row
from servers import free_port

LOST = 0.2
# Wrong passwords in a row, and the number that may be checked: each of two servers allows ten a minute, and as many
# again once it counts separately.
TRIES, PASSED = 60, 44


class Relay:
    """Forwards requests, and loses some of the responses."""

    def __init__(self, world):
        self.world = world
        self.port = free_port()
        self.losing = False

    async def start(self):
        self.listening = await asyncio.start_server(self.relay, "127.0.0.1", self.port)
        self.world.ports = lambda: [self.port]
        self.world.cleanups.append(self.listening.close)

    async def relay(self, reader, writer):
        lost = self.losing and self.world.chance.random() < LOST
        try:
            from_server, to_server = await asyncio.open_connection("127.0.0.1", self.world.servers[0].port)
            asking = asyncio.create_task(pump(reader, to_server))
            answer = await from_server.read(-1)
            asking.cancel()
            to_server.close()
            if not lost:
                writer.write(answer)
                await writer.drain()
        finally:
            writer.close()


async def pump(reader, writer):
    while data := await reader.read(65536):
        writer.write(data)


async def add_relay(world):
    world.relay = Relay(world)
    await world.relay.start()


async def lose_answers(world, rounds):
    await world.load(2)
    world.fault("one of five responses is lost")
    world.relay.losing = True
    await world.load(10 * rounds)
    world.relay.losing = False
    world.mended()
    await world.load(2)


class Redis:
    """A temporary Redis."""

    def __init__(self, folder):
        self.socket = folder / "redis"
        self.log = folder / "redis.log"

    async def start(self):
        with open(self.log, "ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                shutil.which("redis-server") or "valkey-server", "--port", "0", "--unixsocket", str(self.socket),
                "--save", "", "--appendonly", "no", stdout=log, stderr=log, start_new_session=True,
            )
        while not self.socket.exists():
            await asyncio.sleep(0.02)

    async def kill(self):
        self.process.kill()
        await self.process.wait()
        self.socket.unlink(missing_ok=True)

    def clean_up(self):
        if self.process.returncode is None:
            self.process.kill()

    async def flush(self):
        reader, writer = await asyncio.open_unix_connection(str(self.socket))
        writer.write(b"FLUSHALL\r\n")
        await reader.readline()
        writer.close()


async def add_redis(world):
    world.redis = Redis(world.folder)
    await world.redis.start()
    world.cleanups.append(world.redis.clean_up)
    for server in world.servers:
        server.environment["DOORWARD_REDIS_URL"] = f"redis+unix://{world.redis.socket}"


async def redis(world, rounds):
    """Kills, pauses, and flushes Redis; wrong passwords must stay limited throughout."""
    for number in range(rounds):
        await world.load(2)
        await world.redis.kill()
        await guess(world, f"killed{number}")
        await world.redis.start()
        await world.load(3)
        world.redis.process.send_signal(signal.SIGSTOP)
        await guess(world, f"stopped{number}")
        world.redis.process.send_signal(signal.SIGCONT)
        await world.load(3)
        await world.redis.flush()
        await guess(world, f"flushed{number}")


async def guess(world, name):
    """Tries many wrong passwords in a row for one account."""
    account = Account(world, name)
    await account.register()
    # Its own password is rejected for a while as well, so the account is excluded from the final audit.
    world.accounts.remove(account)
    for _ in range(TRIES):
        body = {"username": account.name, "password": "a wrong one"}
        await account.call("limited", "POST", "/auth/login", body)


def is_limited(records):
    passed = {}
    for sent, answer in requests(records):
        if sent["op"] == "limited" and answer.get("status") == 401:
            passed[sent["who"]] = passed.get(sent["who"], 0) + 1
    return [("I5", f"{count} wrong passwords were checked for {who}") for who, count in passed.items() if count > PASSED]


def no_redis():
    return None if shutil.which("redis-server") or shutil.which("valkey-server") else "neither Redis nor Valkey is installed"


LIMITS = {"DOORWARD_RATE_LIMITS_ENABLED": "true"} | {
    f"DOORWARD_LIMIT_{name}": "100000" for name in ("REGISTER", "LOGIN", "REFRESH", "MAIL", "OTHER")
}

ROWS = [
    Row(
        "lost-answers", "one of five responses is lost", lose_answers, rounds=3, short=1, prepare=add_relay,
    ),
    Row(
        "redis", "Redis is killed, hangs, and is flushed, with two servers", redis, databases=("postgres",), rounds=2,
        servers=2, prepare=add_redis, environment=LIMITS, missing=no_redis, judge=is_limited,
        bounds=lambda world: Bounds(failures=False),
    ),
]
