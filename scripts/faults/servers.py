"""Processes of Doorward: starting, stopping, killing, and readiness."""

import asyncio
import os
import signal
import socket
import time

from client import Lost, NotSent, exchange

BINARY = os.environ.get("DOORWARD_TEST_BIN", "target/debug/doorward")
# Generous, since the machine may be busy; the bounds of a row are stricter.
START_SECONDS = 60


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Server:
    """A server process that can be restarted on the same port."""

    def __init__(self, folder, name, environment, prefix=()):
        self.port = free_port()
        self.log = folder / f"{name}.log"
        self.prefix = prefix
        self.ready = False
        self.process = None
        self.environment = {
            "DOORWARD_LISTEN": f"127.0.0.1:{self.port}",
            "DOORWARD_PUBLIC_URL": "http://127.0.0.1:8080",
            "DOORWARD_DATA_DIR": str(folder / "data"),
            "DOORWARD_MASTER_KEY": "a secret of the faults, and of no other",
            "DOORWARD_RATE_LIMITS_ENABLED": "false",
            "DOORWARD_PASSWORDS_ARGON2_MEMORY_KIB": "64",
            "DOORWARD_PASSWORDS_ARGON2_ITERATIONS": "1",
            "PATH": os.environ["PATH"],
            **environment,
        }

    async def spawn(self):
        with open(self.log, "ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *self.prefix, BINARY, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    async def start(self):
        """Starts the server, and returns the seconds until it was ready."""
        began = time.monotonic()
        await self.spawn()
        await self.until_ready()
        return time.monotonic() - began

    async def until_ready(self):
        deadline = time.monotonic() + START_SECONDS
        while not await self.is_ready():
            if self.process.returncode is not None or time.monotonic() > deadline:
                raise RuntimeError(f"a server did not start: {self.log.read_text()[-2000:]}")
            await asyncio.sleep(0.05)
        self.ready = True

    async def is_ready(self):
        try:
            status, _, _ = await exchange(self.port, "GET", "/readyz")
        except (NotSent, Lost):
            return False
        return status == 200

    async def kill(self):
        self.signal(signal.SIGKILL)
        await self.process.wait()

    async def stop(self):
        if self.process and self.process.returncode is None:
            self.signal(signal.SIGTERM)
            await self.process.wait()

    def signal(self, number):
        if self.process and self.process.returncode is None:
            # Signal the process group, since faketime may wrap the server.
            os.killpg(self.process.pid, number)


class Balancer:
    """Alternates between ready servers, as a load balancer does."""

    def __init__(self, servers):
        self.servers = servers
        self.turn = 0
        self.watching = None

    def ports(self):
        """Returns the ports to try, in order."""
        self.turn += 1
        ready = [server for server in self.servers if server.ready] or self.servers
        first = self.turn % len(ready)
        return [server.port for server in ready[first:] + ready[:first]]

    def start(self):
        if len(self.servers) > 1:
            self.watching = asyncio.create_task(self.watch())

    def stop(self):
        if self.watching:
            self.watching.cancel()

    async def watch(self):
        while True:
            for server in self.servers:
                server.ready = await server.is_ready()
            await asyncio.sleep(0.2)
