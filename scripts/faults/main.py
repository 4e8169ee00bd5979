"""Runs rows of faults and prints the results; see scripts/faults.sh."""

import argparse
import asyncio
import collections
import pathlib
import random
import sys
import tempfile

from check import check
from check.answers import recoveries
from journal import requests
import selftest
from rows import failover, load, mail, network, process, storage
from world import World

AT_A_TIME = 4
ROWS = [*process.ROWS, *storage.ROWS, *mail.ROWS, *network.ROWS, *load.ROWS]


class Outcome:
    """A result, which is a line of the table."""

    def __init__(self, row, database, rounds):
        self.row, self.database, self.rounds = row, database, rounds
        self.statuses = collections.Counter()
        self.violations = []
        self.recovery = None
        self.mails = 0

    def count(self, records):
        for _, answer in requests(records):
            self.statuses[str(answer.get("status", "none"))] += 1
        self.recovery = max(recoveries(records), default=None)

    def line(self):
        statuses = ", ".join(f"{count} × {status}" for status, count in sorted(self.statuses.items()))
        recovery = f"{self.recovery:.1f} s" if self.recovery is not None else "–"
        return (f"| {self.row.title} | {self.database} | {self.rounds} | {self.statuses.total()} | {statuses} | {self.mails} "
                f"| {len(self.violations)} | {recovery} |")


HEAD = """| fault | database | rounds | requests | responses | emails | violations | longest recovery |
|---|---|---|---|---|---|---|---|"""


async def run(row, database, rounds, seed, short):
    with tempfile.TemporaryDirectory(prefix="doorward-faults.", ignore_cleanup_errors=True) as folder:
        # PostgreSQL runs as another user.
        pathlib.Path(folder).chmod(0o755)
        world = World(row, database, folder, seed, rounds, short)
        outcome = Outcome(row, world.database.name, rounds)
        try:
            await world.start()
            recovery = await row.run(world, rounds)
            await world.settle(row.mail_seconds)
            logs = {path.name: path.read_text(errors="replace") for path in pathlib.Path(folder).glob("*.log")}
            outcome.violations = check(
                world.journal.records, world.mail.mails, world.database, logs, world.canary, row.bounds(world)
            )
            outcome.violations += row.judge(world.journal.records)
        finally:
            await world.stop()
        outcome.count(world.journal.records)
        # A row may measure the recovery in another way.
        outcome.recovery = outcome.recovery if recovery is None else recovery
        outcome.mails = len(world.mail.mails)
        if outcome.violations:
            tell(outcome, world)
        return outcome


async def run_all(asked):
    """Runs rows one at a time, so that each has the whole machine; with --short, runs several at a time."""
    at_a_time = asyncio.Semaphore(AT_A_TIME if asked.short else 1)

    async def one(row, database):
        async with at_a_time:
            rounds = asked.rounds or (row.short if asked.short else row.rounds)
            outcome = await run(row, database, rounds, asked.seed, asked.short)
            print(outcome.line(), flush=True)
            return outcome

    return await asyncio.gather(*(one(row, database) for row, database in chosen(asked)))


def chosen(asked):
    for row in failover.ROWS if asked.failover else ROWS:
        if (asked.only and row.name not in asked.only) or (asked.short and not row.short):
            continue
        if why := row.missing():
            print(f"skipped: {row.title}: {why}", flush=True)
            continue
        yield from ((row, database) for database in row.databases if asked.database in (None, database))


def tell(outcome, world):
    """Prints the violations and the end of the journal, and saves the journal and the logs."""
    kept = pathlib.Path(tempfile.mkdtemp(prefix="doorward-faults-kept."))
    for path in [world.folder / "journal.jsonl", *world.folder.glob("*.log")]:
        (kept / path.name).write_text(path.read_text(errors="replace"))
    print(f"\n{outcome.row.name} on {outcome.database}: {len(outcome.violations)} violations; journal and logs are in {kept}")
    for invariant, what in outcome.violations[:20]:
        print(f"  {invariant}  {what}")
    print("the journal ends with:")
    for record in world.journal.records[-10:]:
        print(f"  {str(record)[:300]}")


def arguments():
    parser = argparse.ArgumentParser(prog="scripts/faults.sh", description="Faults against real servers.")
    parser.add_argument("failover", nargs="?", choices=["failover"], help="run the rows with Patroni, which take minutes")
    parser.add_argument("--rounds", type=int, help="number of faults per row")
    parser.add_argument("--only", metavar="ROW", action="append", choices=[row.name for row in [*ROWS, *failover.ROWS]])
    parser.add_argument("--database", choices=["sqlite", "postgres"], help="run only rows on this database")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="seed of the users' choices, to repeat a run")
    parser.add_argument("--self-test", action="store_true", help="only test that the checker finds planted violations")
    parser.add_argument("--short", action="store_true", help="run only the rows of CI")
    return parser.parse_args()


def main():
    asked = arguments()
    if asked.short or asked.self_test:
        count, wrong = selftest.run()
        print(f"checker self-test: {count - len(wrong)} of {count} journals classified correctly", *wrong, sep="\n")
        if wrong or asked.self_test:
            sys.exit(1 if wrong else 0)
    print(f"seed {asked.seed}\n\n{HEAD}", flush=True)
    outcomes = asyncio.run(run_all(asked))
    sys.exit(1 if any(outcome.violations for outcome in outcomes) else 0)


if __name__ == "__main__":
    main()
