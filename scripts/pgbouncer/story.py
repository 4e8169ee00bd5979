"""Tests a server whose database is behind a connection pooler.

story.py BINARY DATABASE_URL serves|is-refused
"""

import concurrent.futures
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

PASSWORD = "correct horse battery staple"


class Server:
    """A server that listens on a free port."""

    def __init__(self, binary, database, folder):
        self.process = subprocess.Popen(
            [binary],
            cwd=folder,
            env=environment(database),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        seen = ""
        for line in self.process.stdout:
            seen += line
            if "listens on http://" in line:
                self.url = line.split("listens on ")[1].split()[0]
                return
        sys.exit(f"the server did not start:\n{seen}")

    def stop(self):
        self.process.terminate()
        log, _ = self.process.communicate(timeout=30)
        for line in log.splitlines():
            if "prepared statement" in line or '"ERROR"' in line:
                sys.exit(f"the server logged: {line}")

    def call(self, path, body=None, token=None):
        """Calls the API, and retries after a 503 as its Retry-After says."""
        for _ in range(10):
            status, answer, retry_after = self.call_once(path, body, token)
            if status != 503:
                break
            time.sleep(float(retry_after))
        return status, answer

    def call_once(self, path, body, token):
        headers = {"content-type": "application/json"}
        if token:
            headers["authorization"] = f"Bearer {token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.status, json.load(response), 0
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode(), error.headers.get("retry-after", 1)


def environment(database):
    return {
        "DOORWARD_DATABASE_URL": database,
        "DOORWARD_LISTEN": "127.0.0.1:0",
        "DOORWARD_RATE_LIMITS_ENABLED": "false",
        "DOORWARD_PASSWORDS_ARGON2_MEMORY_KIB": "64",
        "DOORWARD_LOG_FORMAT": "json",
        "PATH": os.environ["PATH"],
    }


def at_once(count, call):
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        answers = list(pool.map(lambda _: call(), range(count)))
    wrong = [answer for answer in answers if answer[0] != 200]
    if wrong:
        sys.exit(f"{len(wrong)} of {count} calls failed; the first with {wrong[0]}")
    return [body for _, body in answers]


def serves(binary, database, folder):
    server = Server(binary, database, folder)
    person = {"email": "ann@example.com", "username": "ann", "password": PASSWORD}
    (session,) = at_once(1, lambda: server.call("/v1/auth/register", person))
    sign_in = {"username": "ann", "password": PASSWORD}
    at_once(60, lambda: server.call("/v1/auth/login", sign_in))
    refresh = {"refresh_token": session["refresh_token"]}
    successors = at_once(32, lambda: server.call("/v1/auth/refresh", refresh))
    if len({successor["refresh_token"] for successor in successors}) != 1:
        sys.exit("a refresh token has several successors")
    token = successors[0]["access_token"]
    server.stop()
    server = Server(binary, database, folder)
    at_once(200, lambda: server.call("/v1/auth/me", token=token))
    at_once(1, lambda: server.call("/readyz"))
    server.stop()


def is_refused(binary, database, folder):
    for command in ([binary], [binary, "doctor"]):
        ended = subprocess.run(
            command, cwd=folder, env=environment(database), capture_output=True, text=True, timeout=30
        )
        said = ended.stdout + ended.stderr
        if ended.returncode == 0 or "max_prepared_statements" not in said:
            sys.exit(f"{command} was not refused, or its message has no advice:\n{said}")


def main():
    binary, database, expected = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        {"serves": serves, "is-refused": is_refused}[expected](binary, database, folder)
    print(f"{database.split('?')[0]}: {expected}")


main()
