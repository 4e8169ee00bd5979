"""The two databases: their URLs, faults, and content."""

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import time

PG_BIN = os.environ.get("PG_BIN", "")
# PostgreSQL refuses to run as root.
NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"] if os.getuid() == 0 else []


class Sqlite:
    """The embedded database, in the server's own data folder."""

    name = "SQLite"

    def __init__(self, folder):
        self.file = folder / "data" / "doorward.db"
        self.environment = {}

    async def start(self):
        pass

    async def stop(self):
        pass

    def query(self, statement):
        """Returns rows as dictionaries, with IDs in hexadecimal without dashes."""
        connection = sqlite3.connect(self.file, timeout=10)
        connection.row_factory = sqlite3.Row
        try:
            with connection:
                rows = [dict(row) for row in connection.execute(statement)]
        finally:
            connection.close()
        return [{key: value.hex() if isinstance(value, bytes) else value for key, value in row.items()} for row in rows]

    def execute(self, statement):
        self.query(statement)

    def is_sound(self):
        return self.query("PRAGMA integrity_check") == [{"integrity_check": "ok"}]


class Postgres:
    """A temporary server on disk that syncs commits."""

    name = "PostgreSQL"

    def __init__(self, folder):
        self.folder = folder / "postgres"
        self.log = folder / "postgres.log"
        self.process = None
        place = str(self.folder).replace("/", "%2F")
        self.environment = {"DOORWARD_DATABASE_URL": f"postgres://postgres@/postgres?host={place}"}

    async def start(self):
        if not self.folder.exists():
            self.folder.mkdir(parents=True)
            if NOBODY:
                os.chown(self.folder, 65534, 65534)
            await asyncio.to_thread(
                subprocess.run, [*NOBODY, f"{PG_BIN}/initdb", f"--pgdata={self.folder}/data", "--username=postgres", "--auth=trust",
                 "--encoding=UTF8", "--locale=C"], cwd=self.folder, check=True, stdout=subprocess.DEVNULL,
            )
        options = {"listen_addresses": "", "max_connections": 200, "fsync": "on", "synchronous_commit": "on"}
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with open(self.log, "ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *NOBODY, f"{PG_BIN}/postgres", *settings, "-D", "data", "-k", str(self.folder),
                cwd=self.folder, stdout=log, stderr=log, start_new_session=True,
            )
        deadline = time.monotonic() + 60
        while not self.is_ready():
            if self.process.returncode is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start: {self.log.read_text()[-2000:]}")
            await asyncio.sleep(0.05)

    def is_ready(self):
        try:
            # The eighth line says "ready" once the server accepts connections.
            return (self.folder / "data" / "postmaster.pid").read_text().splitlines()[7].startswith("ready")
        except (OSError, IndexError):
            return False

    async def stop(self):
        """Stops the server immediately, like a power failure: it writes nothing more."""
        if self.process and self.process.returncode is None:
            self.process.send_signal(signal.SIGQUIT)
            await self.process.wait()

    def query(self, statement):
        """Returns rows as dictionaries, with IDs in hexadecimal without dashes."""
        wrapped = f"SELECT coalesce(json_agg(row_to_json(r)), '[]') FROM ({statement}) r"
        rows = json.loads(self.psql(wrapped))
        return [{key: value.replace("-", "") if key == "id" else value for key, value in row.items()} for row in rows]

    def psql(self, statement):
        return psql(statement, "--host", str(self.folder))

    def execute(self, statement):
        self.psql(statement)

    def is_sound(self):
        # PostgreSQL checks its consistency during recovery, and a broken page would fail the queries.
        return True


def psql(statement, *where):
    command = [f"{PG_BIN}/psql", "--no-psqlrc", "--tuples-only", "--no-align", "--username", "postgres", *where]
    answer = subprocess.run([*command, "--command", statement, "postgres"], check=True, capture_output=True, text=True)
    return answer.stdout.strip()
