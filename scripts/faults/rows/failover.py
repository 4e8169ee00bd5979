"""Two PostgreSQL servers, of which one fails."""

import shutil
import signal
import subprocess

from check.answers import Bounds
from rows import Row
from rows.process import BATCH, expire_leases
from rows.storage import GRACE


async def kill(world, rounds):
    """Kills the primary, which returns later as the other's replica."""
    await world.load(3)
    for _ in range(rounds):
        await world.moment()
        lost = world.database.primary
        world.fault("the primary is killed")
        await lost.kill()
        world.mended()
        await world.load(40)
        await lost.spawn()
        await world.database.until_synchronous()
        await world.load(3)
    expire_leases(world)


async def pause(world, rounds):
    """Pauses the primary, and resumes it after the failover."""
    await world.load(3)
    for _ in range(rounds):
        await world.moment()
        paused = world.database.primary
        world.fault("the primary hangs")
        paused.signal(signal.SIGSTOP)
        world.mended()
        await world.load(40)
        paused.signal(signal.SIGCONT)
        await world.load(5)
        await world.database.until_synchronous()
        await world.load(3)
    expire_leases(world)


def no_patroni():
    missing = [tool for tool in ("patroni", "etcd") if not shutil.which(tool)]
    return f"{' and '.join(missing)} not installed" if missing else None


def no_fencing_patroni():
    """Patroni 3.0.2 (Debian 12) takes the lock back from its successor when it resumes, so both act as primary."""
    if missing := no_patroni():
        return missing
    version = subprocess.run(["patroni", "--version"], capture_output=True, text=True).stdout.split()[-1]
    return None if int(version.split(".")[0]) >= 4 else f"Patroni {version} is too old: version 4 is needed"


def bounds(world):
    return Bounds(recovery=40, grace=60, duplicates=BATCH * world.rounds, longest=12.5)


ROWS = [
    Row(
        "failover", "the primary of two PostgreSQL servers is killed (recovery: from the kill)", kill, databases=("patroni",),
        rounds=2, environment=GRACE, missing=no_patroni, bounds=bounds, rate=30,
    ),
    Row(
        "fencing", "the primary hangs for 40 s, and then continues", pause, databases=("patroni",), rounds=1, environment=GRACE,
        missing=no_fencing_patroni, bounds=bounds, rate=30,
    ),
]
