"""Faults of the server's own process."""

import asyncio

from check.answers import Bounds
from rows import Row

# As many mails as a worker has in hand.
BATCH = 5


async def kill(world, rounds):
    """Kills the server at a random moment and starts it again, as a supervisor does."""
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
    """As if two minutes had passed: what a worker had in hand when it was killed is anybody's again."""
    world.database.execute("UPDATE outbox SET due_at = created_at WHERE sent_at IS NULL AND parked_at IS NULL")


ROWS = [
    Row(
        "kill", "the server is killed (kill -9)", kill, rounds=10, short=3,
        bounds=lambda rounds: Bounds(recovery=5, duplicates=BATCH * rounds),
    ),
]
