"""Two PostgreSQL servers under Patroni with etcd and synchronous replication."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import time

from client import Lost, NotSent, exchange
from databases import NOBODY, PG_BIN, Postgres, psql
from servers import free_port

# Patroni's settings in seconds: how long a silent leader keeps its role, and the interval of its heartbeat.
TTL, LOOP = 20, 5


class Node:
    """One PostgreSQL server and its Patroni."""

    def __init__(self, name, folder, etcd):
        self.name, self.folder = name, folder / name
        self.port, self.api = free_port(), free_port()
        self.log = folder.parent / f"patroni-{name}.log"
        self.process = None
        password = lambda user: {"username": user, "password": "unused"}
        self.configuration = {
            "scope": "doorward", "name": name, "etcd3": {"hosts": f"127.0.0.1:{etcd}"},
            "restapi": {"listen": f"127.0.0.1:{self.api}", "connect_address": f"127.0.0.1:{self.api}"},
            "bootstrap": {
                "dcs": {"ttl": TTL, "loop_wait": LOOP, "retry_timeout": 5, "synchronous_mode": True,
                        "postgresql": {"use_pg_rewind": True, "parameters": {"max_connections": 100}}},
                "initdb": [{"encoding": "UTF8"}, {"locale": "C"}, {"auth": "trust"}, "data-checksums"],
            },
            "postgresql": {
                "listen": f"127.0.0.1:{self.port}", "connect_address": f"127.0.0.1:{self.port}",
                "data_dir": str(self.folder / "data"), "bin_dir": PG_BIN, "pgpass": str(self.folder / "pgpass"),
                "parameters": {"unix_socket_directories": str(self.folder)},
                "pg_hba": ["host all all 127.0.0.1/32 trust", "host replication all 127.0.0.1/32 trust", "local all all trust"],
                "authentication": {"superuser": password("postgres"), "replication": password("replicator")},
            },
        }

    async def spawn(self):
        self.folder.mkdir(exist_ok=True)
        if NOBODY:
            os.chown(self.folder, 65534, 65534)
        # JSON is YAML, too.
        settings = self.folder.parent / f"{self.name}.yml"
        settings.write_text(json.dumps(self.configuration))
        with open(self.log, "ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *NOBODY, shutil.which("patroni"), str(settings), cwd=self.folder, stdout=log, stderr=log, start_new_session=True,
                env={"PATH": "/usr/bin:/bin", "HOME": str(self.folder)},
            )

    async def has_role(self, role):
        try:
            return (await exchange(self.api, "GET", f"/{role}"))[0] == 200
        except (NotSent, Lost):
            return False

    def processes(self):
        """Returns the IDs of Patroni, PostgreSQL's first process, and its children."""
        try:
            first = int((self.folder / "data" / "postmaster.pid").read_text().splitlines()[0])
        except (OSError, IndexError):
            return [self.process.pid]
        children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(first)], capture_output=True, text=True).stdout
        return [self.process.pid, first, *map(int, children.split())]

    def signal(self, number):
        for process in self.processes():
            try:
                os.kill(process, number)
            except ProcessLookupError:
                pass

    async def kill(self):
        self.signal(signal.SIGKILL)
        await self.process.wait()


class Patroni(Postgres):
    name = "PostgreSQL, twice"

    def __init__(self, folder):
        self.folder = folder / "patroni"
        self.etcd_ports = free_port(), free_port()
        self.nodes = [Node(name, self.folder, self.etcd_ports[0]) for name in ("east", "west")]
        hosts = ",".join(f"127.0.0.1:{node.port}" for node in self.nodes)
        url = f"postgres://postgres@{hosts}/postgres?target_session_attrs=read-write&sslmode=disable"
        self.environment = {"DOORWARD_DATABASE_URL": url}
        self.primary = None

    async def start(self):
        self.folder.mkdir()
        client, peer = (f"http://127.0.0.1:{port}" for port in self.etcd_ports)
        with open(self.folder.parent / "etcd.log", "ab") as log:
            self.etcd = await asyncio.create_subprocess_exec(
                shutil.which("etcd"), "--data-dir", str(self.folder / "etcd"), "--listen-client-urls", client,
                "--advertise-client-urls", client, "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
                "--initial-cluster", f"default={peer}", stdout=log, stderr=log, start_new_session=True,
            )
        for node in self.nodes:
            await node.spawn()
            await self.until("primary", self.nodes)
        await self.until_synchronous()

    async def until_synchronous(self):
        """Waits until there is a primary and a synchronous replica."""
        await self.until("primary", self.nodes)
        await self.until("synchronous", [node for node in self.nodes if node is not self.primary])

    async def until(self, role, nodes):
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            for node in nodes:
                if node.process and await node.has_role(role):
                    self.primary = node if role == "primary" else self.primary
                    return
            await asyncio.sleep(0.2)
        raise RuntimeError(f"no node has the role {role}")

    async def stop(self):
        for node in self.nodes:
            if node.process and node.process.returncode is None:
                node.signal(signal.SIGCONT)
                await node.kill()
        self.etcd.kill()
        await self.etcd.wait()

    def psql(self, statement):
        return psql(statement, "--host", "127.0.0.1", "--port", str(self.primary.port))
