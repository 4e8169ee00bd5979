"""Faults of the server process."""

import shutil

from check.answers import Bounds
from rows import Row

# The number of messages that a worker leases at a time.
BATCH = 5


async def kill(world, rounds):
    """Kills the server at random moments and restarts it, as a supervisor does."""
    await world.load(2)
    server = world.servers[0]
    for _ in range(rounds):
        await world.load(0.3 + world.chance.random() * 2)
        await world.moment()
        world.fault("the server is killed")
        await server.kill()
        await server.spawn()
        world.mended()
        await server.until_ready()
    await world.load(2)
    expire_leases(world)


def expire_leases(world):
    """Expires the leases of killed workers, as if two minutes had passed."""
    world.database.execute("UPDATE outbox SET due_at = created_at WHERE sent_at IS NULL AND failed_at IS NULL")


async def roll(world, rounds):
    """Restarts two servers one after the other; the load balancer checks /readyz."""
    await world.load(2)
    for number in range(rounds):
        server = world.servers[number % 2]
        await server.stop()
        server.ready = False
        await server.start()
        await world.load(1 + world.chance.random() * 2)


def skew(seconds):
    """Sets the clock of the second server ahead."""

    async def prepare(world):
        world.servers[1].prefix = ["faketime", "-f", f"+{seconds}s"]
        world.servers[1].environment["FAKETIME_DONT_FAKE_MONOTONIC"] = "1"

    return prepare


def no_faketime():
    return None if shutil.which("faketime") else "faketime is not installed"


async def go_on(world, rounds):
    await world.load(10 * rounds)


ROWS = [
    Row(
        "kill", "the server is killed (kill -9)", kill, rounds=10, short=3,
        bounds=lambda world: Bounds(duplicates=BATCH * world.rounds),
    ),
    Row(
        "roll", "two servers are restarted one after the other (SIGTERM)", roll, databases=("postgres",), rounds=6, servers=2,
        environment={"DOORWARD_DRAIN_SECONDS": "2"}, bounds=lambda world: Bounds(failures=False),
    ),
    Row(
        "clock", "the clock of one of two servers is 25 s ahead", go_on, databases=("postgres",), rounds=3, servers=2,
        prepare=skew(25), missing=no_faketime, bounds=lambda world: Bounds(failures=False),
    ),
    Row(
        "far-clock", "the clock is 45 s ahead, more than the allowed skew of access tokens", go_on, databases=("postgres",),
        rounds=3, servers=2, prepare=skew(45), missing=no_faketime,
        bounds=lambda world: Bounds(failures=False, far_clocks=True),
    ),
]
