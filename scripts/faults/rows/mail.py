"""Faults of the mail server."""

import asyncio
import time

from check.answers import Bounds
from rows import Row
from rows.process import BATCH, expire_leases


async def away(world, rounds):
    """Stops the mail server while emails are pending. Returns the seconds from its return until all of them are sent."""
    await world.load(2)
    longest = 0
    for _ in range(rounds):
        await world.mail.stop()
        await world.load(15)
        waiting = {row["id"] for row in world.database.query(WAITING)}
        await world.mail.start()
        began = time.monotonic()
        while waiting & {row["id"] for row in world.database.query(WAITING)}:
            await world.load(0.5)
        longest = max(longest, time.monotonic() - began)
    return longest


WAITING = "SELECT id FROM outbox WHERE sent_at IS NULL AND failed_at IS NULL"
VERDICTS = ["421 closing", "450 later", "550 never", "hang", "keep and hang up"]


async def misbehave(world, rounds):
    """The mail server mishandles about every fourth message on its first delivery."""
    seen = set()

    def verdict(mail):
        if mail["id"] in seen or world.chance.random() > 0.25:
            return "250 kept"
        seen.add(mail["id"])
        # A hanging message delays four others for nine seconds.
        return world.chance.choices(VERDICTS, [4, 4, 2, 1, 4])[0]

    world.mail.verdict = verdict
    await world.load(20 * rounds)
    world.mail.accept()


async def kill(world, rounds):
    """Kills the server while it sends an email."""
    server = world.servers[0]
    sending = asyncio.Event()

    def verdict(_mail):
        sending.set()
        return "250 kept"

    world.mail.verdict = verdict
    for _ in range(rounds):
        await world.load(1)
        sending.clear()
        await asyncio.wait_for(sending.wait(), 60)
        await asyncio.sleep(world.chance.random() * 0.01)
        world.fault("the server is killed")
        await server.kill()
        await server.spawn()
        world.mended()
        await server.until_ready()
    if world.short:
        expire_leases(world)


ROWS = [
    Row(
        "mail-away", "the mail server is unavailable for 15 s (recovery: the backlog is sent)", away, rounds=2,
        bounds=lambda world: Bounds(failures=False),
    ),
    Row(
        "mail-moods", "the mail server replies 421, 450, or 550, hangs, or accepts a message and disconnects", misbehave, rounds=2,
        mail_seconds=120,
        bounds=lambda world: Bounds(failures=False, duplicates=world.mail.kept_unsaid, refused=world.mail.refused),
    ),
    Row(
        "mail-kill", "the server is killed while it sends emails", kill, rounds=10, short=3, mail_seconds=150,
        bounds=lambda world: Bounds(duplicates=BATCH * world.rounds),
    ),
]
