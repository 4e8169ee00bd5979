"""More than a server can do."""

import asyncio

from account import Account
from check.answers import Bounds
from journal import requests
from rows import Row

# Sign-ins at the same time; 256 passwords may wait, and each of them for three seconds.
STORM = 400
# Who is signed in already waits at most so long, in seconds.
UNDISTURBED = 2


async def storm(world, rounds):
    """Hundreds sign in at once, at what a password really costs."""
    account = Account(world, "storm")
    await account.register()
    await world.load(2)
    for _ in range(rounds):
        world.fault("a storm of sign-ins")
        sign_ins = [asyncio.create_task(account.login(account.passwords[-1])) for _ in range(STORM)]
        await world.load(1)
        await asyncio.gather(*sign_ins)
        world.mended()
        await world.load(4)


def others_go_on(records):
    return [
        ("I8", f"/me took {answer['took']:.1f} s and was answered {answer.get('status')} (record {sent['n']})")
        for sent, answer in requests(records)
        if sent["op"] == "me" and (answer["took"] > UNDISTURBED or answer.get("status", 503) >= 500)
    ]


ROWS = [
    Row(
        "storm", f"{STORM} people sign in at once, at the real cost of a hash", storm, databases=("sqlite",), rounds=2,
        environment={"DOORWARD_HASH_MEMORY_KIB": "19456", "DOORWARD_HASH_PASSES": "2"}, rate=20,
        bounds=lambda world: Bounds(recovery=10, longest=10, statuses=(503, 429)), judge=others_go_on,
    ),
]
