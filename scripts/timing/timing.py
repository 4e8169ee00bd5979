"""Measures whether response times of refusals reveal which accounts exist; see scripts/timing.sh."""

import http.client
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from urllib.parse import urlsplit

BINARY = os.environ.get("DOORWARD_TEST_BIN", "target/release/doorward")
PASSWORD = "correct horse battery staple"
# A hash of that password at cost 10, which takes some 60 ms; a hash of this server takes 11 ms.
BCRYPT = "$2b$10$Hsdl0Kiz0GafMxqknHwIFuqZYbpHKZjkmM8VfsaVFtasa9IZc6tEa"
ACCOUNTS = 20


class Server:
    """A release server on a free port, with its own data folder and without rate limits."""

    def __init__(self, folder, **options):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = "127.0.0.1:%d" % free.getsockname()[1]
        self.environment = {
            "DOORWARD_LISTEN": self.address,
            "DOORWARD_DATA_DIR": folder,
            "DOORWARD_RATE_LIMITS_ENABLED": "false",
            "DOORWARD_LOG_FILTER": "warn",
            "DOORWARD_MASTER_KEY": "a secret of the timing test, no other",
            "PATH": os.environ["PATH"],
        }
        self.environment.update(options)
        self.process = None

    def __enter__(self):
        self.process = subprocess.Popen([BINARY], env=self.environment)
        for _ in range(200):
            try:
                host, port = self.address.split(":")
                socket.create_connection((host, int(port))).close()
                break
            except OSError:
                time.sleep(0.05)
        self.connection = http.client.HTTPConnection(self.address)
        return self

    def __exit__(self, *_):
        self.connection.close()
        self.process.terminate()
        self.process.wait()

    def run(self, *arguments, lines=None):
        subprocess.run(
            [BINARY, *arguments], env=self.environment, check=True, text=True, input=lines, stdout=subprocess.DEVNULL
        )

    def post(self, path, body):
        """Sends a request, and returns the status, the body, and the response time in milliseconds."""
        text = json.dumps(body)
        began = time.perf_counter()
        self.connection.request("POST", path, text, {"Content-Type": "application/json"})
        answer = self.connection.getresponse()
        said = answer.read()
        return answer.status, said, (time.perf_counter() - began) * 1000

    def login(self, name, password="a wrong password"):
        return self.post("/v1/auth/login", {"username": name, "password": password})


def accounts(prefix, **more):
    names = [f"{prefix}{number}" for number in range(ACCOUNTS)]
    lines = [json.dumps({"email": f"{name}@example.com", "username": name, **more}) for name in names]
    return names, "\n".join(lines) + "\n"


def overlap(left, right):
    """Returns how often a left value exceeds a right one (the area under the ROC curve)."""
    ranked = sorted([(value, 0) for value in left] + [(value, 1) for value in right])
    ranks = sum(rank for rank, (_, side) in enumerate(ranked, 1) if side == 0)
    return (ranks - len(left) * (len(left) + 1) / 2) / (len(left) * len(right))


def compare(title, pairs, known, unknown):
    """Alternates both calls, in random order within each pair, and prints the result."""
    times = ([], [])
    answers = set()
    for pair in range(pairs):
        turns = [(0, known, pair), (1, unknown, pair)]
        random.shuffle(turns)
        for side, call, number in turns:
            status, said, took = call(number)
            answers.add((status, json.loads(said).get("message") if status != 200 else said))
            times[side].append(took)
    area = overlap(*times)
    medians = [statistics.median(side) for side in times]
    fine = 0.45 <= area <= 0.55 and len(answers) == 1
    print(
        f"{title:58} {medians[0]:8.2f} ms {medians[1]:8.2f} ms   {area:.3f}   {'ok' if fine else 'DISTINGUISHABLE'}",
        flush=True,
    )
    return fine


def main():
    pairs = int(sys.argv[1])
    random.seed(7)
    fine = True
    print(f"{'':58} {'existing':>11} {'unknown':>11}   overlap")
    with tempfile.TemporaryDirectory() as folder:
        with Server(folder) as server:
            good = [f"good{number}" for number in range(ACCOUNTS)]
            for name in good:
                body = {"email": f"{name}@example.com", "username": name, "password": PASSWORD}
                assert server.post("/v1/auth/register", body)[0] == 200
            bare, lines = accounts("bare")
            server.run("user", "import", "-", lines=lines)

            def name(names):
                return lambda number: server.login(names[number % len(names)])

            unknown = lambda number: server.login(f"unknown{number % ACCOUNTS}")
            mail = lambda names: lambda number: server.post(
                "/v1/auth/forgot-password", {"email": f"{names[number % len(names)]}@example.com"}
            )
            resend = lambda names: lambda number: server.post(
                "/v1/auth/resend-verification", {"email": f"{names[number % len(names)]}@example.com"}
            )
            strangers = [f"stranger{number}" for number in range(ACCOUNTS)]
            for _ in range(20):
                unknown(0)
            fine &= compare("sign-in: a wrong password", pairs, name(good), unknown)
            fine &= compare("sign-in: an account without a password", pairs, name(bare), unknown)
            fine &= compare("forgot-password", pairs, mail(good), mail(strangers))
            fine &= compare("resend-verification", pairs, resend(good), resend(strangers))

    # Accounts imported from another system, with another hash cost; unknown names must take the same time.
    with tempfile.TemporaryDirectory() as folder:
        with Server(folder) as server:
            disabled, lines = accounts("disabled", password_hash=BCRYPT, disabled=True)
            server.run("user", "import", "-", lines=lines)
            former, lines = accounts("former", password_hash=BCRYPT)
            server.run("user", "import", "-", lines=lines)
        # The server samples the stored hashes when it starts.
        with Server(folder) as server:
            name = lambda names: lambda number: server.login(names[number % len(names)])
            unknown = lambda number: server.login(f"unknown{number % ACCOUNTS}")
            fine &= compare("sign-in: hashes of another system", pairs, name(former), unknown)
            fine &= compare("sign-in: hashes of another system, disabled", pairs, name(disabled), unknown)
        with Server(folder) as server:
            for number in range(ACCOUNTS):
                body = {"email": f"new{number}@example.com", "username": f"new{number}", "password": PASSWORD}
                assert server.post("/v1/auth/register", body)[0] == 200
        with Server(folder) as server:
            mixed = former + disabled + [f"new{number}" for number in range(ACCOUNTS)]
            many = lambda number: server.login(f"unknown{number}")
            name = lambda number: server.login(mixed[number % len(mixed)])
            fine &= compare("sign-in: one account in three has a hash of this server", max(pairs, 300), name, many)
    sys.exit(0 if fine else 1)


main()
