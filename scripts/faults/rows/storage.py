"""Faults of the database."""

import errno
import os
import subprocess

from check.answers import Bounds
from journal import requests
from rows import Row
from rows.process import BATCH, expire_leases

# Longer than any outage here: clients without a response repeat the refresh with the token that they have.
GRACE = {"DOORWARD_SESSIONS_REFRESH_TOKEN_REUSE_INTERVAL_SECONDS": "60"}


async def stop(world, rounds):
    """Stops PostgreSQL immediately, and starts it some seconds later."""
    await world.load(2)
    for _ in range(rounds):
        await world.moment()
        world.fault("PostgreSQL is stopped")
        await world.database.stop()
        await world.load(3 if world.short else 5 + world.chance.random() * 5)
        await world.database.start()
        world.mended()
        await world.load(7)
    # Emails whose delivery could not be recorded are sent again.
    expire_leases(world)


async def terminate(world, rounds):
    """Terminates all connections of the servers."""
    await world.load(2)
    for _ in range(rounds):
        await world.moment()
        world.fault("all connections are terminated")
        world.database.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'doorward'"
        )
        world.mended()
        await world.load(2.5)
    expire_leases(world)


async def small_disk(world):
    """Mounts a small disk as the data folder."""
    data = world.folder / "data"
    data.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", str(data)], check=True)
    world.cleanups.append(lambda: subprocess.run(["umount", "--lazy", str(data)], check=True))


async def fill(world, rounds):
    await world.load(2)
    for _ in range(rounds):
        world.fault("the disk is full")
        with open(world.folder / "data" / "ballast", "wb", buffering=0) as ballast:
            try:
                while True:
                    ballast.write(b"x" * 4096)
            except OSError as error:
                assert error.errno == errno.ENOSPC
        await world.load(6)
        os.remove(world.folder / "data" / "ballast")
        world.mended()
        await world.load(6)
    expire_leases(world)


def reads_go_on(records):
    """GET /me must work on a full disk, too."""
    return [
        ("I8", f"/me failed (record {sent['n']})")
        for sent, answer in requests(records)
        if sent["op"] == "me" and answer.get("status", 503) >= 500
    ]


def no_mount():
    if os.getuid() != 0:
        return "mounting a disk requires root"
    able = subprocess.run(["unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True)
    return None if able.returncode == 0 else "this machine does not allow mounting a disk"


ROWS = [
    Row(
        "database-stop", "PostgreSQL is stopped immediately and started seconds later", stop, databases=("postgres",), rounds=3, short=1,
        environment=GRACE, bounds=lambda world: Bounds(longest=4, grace=60, duplicates=BATCH * world.rounds),
    ),
    Row(
        "database-connections", "all connections to PostgreSQL are terminated", terminate, databases=("postgres",), rounds=10,
        bounds=lambda world: Bounds(recovery=2, duplicates=BATCH * world.rounds),
    ),
    Row(
        "disk", "the disk is full for 6 s", fill, databases=("sqlite",), rounds=3, prepare=small_disk, missing=no_mount,
        environment=GRACE, bounds=lambda world: Bounds(grace=60, duplicates=BATCH * world.rounds), judge=reads_go_on,
    ),
]
