"""Overload."""

import asyncio

from account import Account
from check.answers import Bounds
from journal import requests
from rows import Row

# Concurrent sign-ins. The queue holds 256 passwords, each for up to three seconds.
STORM = 400
# Seconds that requests of signed-in users may take.
UNDISTURBED = 2


async def storm(world, rounds):
    """Hundreds of users sign in at once, at the real hash cost."""
    account = Account(world, "storm")
    await account.register()
    await world.load(2)
    for _ in range(rounds):
        world.fault("a burst of sign-ins")
        sign_ins = [asyncio.create_task(account.login(account.passwords[-1])) for _ in range(STORM)]
        await world.load(1)
        await asyncio.gather(*sign_ins)
        world.mended()
        await world.load(4)


def others_go_on(records):
    return [
        ("I8", f"/me took {answer['took']:.1f} s and returned {answer.get('status')} (record {sent['n']})")
        for sent, answer in requests(records)
        if sent["op"] == "me" and (answer["took"] > UNDISTURBED or answer.get("status", 503) >= 500)
    ]


ROWS = [
    Row(
        "storm", f"{STORM} users sign in at once, at the real hash cost", storm, databases=("sqlite",), rounds=2,
        environment={"DOORWARD_PASSWORDS_ARGON2_MEMORY_KIB": "19456", "DOORWARD_PASSWORDS_ARGON2_ITERATIONS": "2"}, rate=20,
        bounds=lambda world: Bounds(recovery=10, longest=10, statuses=(503, 429)), judge=others_go_on,
    ),
]
