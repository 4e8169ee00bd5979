"""A shell on a terminal of its own, which types a password where one is asked for."""

import os
import pty
import select
import signal
import tempfile
import time
from pathlib import Path

# Seconds that a command may take. A build of the server from nothing takes minutes on two cores.
TIMEOUT = 120
TIMEOUT_OF_BUILDS = 1800
PASSWORD = b"seven lucky herons wade\n"
ASKS = (b"password: ", b"Again: ")


class Shell:
    """Bash in a folder. What it starts ends with it."""

    def __init__(self, folder, environment):
        self.scripts = tempfile.TemporaryDirectory()
        self.count = 0
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.execvpe("bash", ["bash", "--noprofile", "--norc", "--noediting"], environment | {"PS1": "", "PS2": "", "TERM": "dumb"})
        self.run("stty -echo -onlcr cols 1000; set -o pipefail +o histexpand")

    def run(self, command, until=None):
        """Runs a command, and gives its status and what it printed. With `until`, it is left running once it
        has printed that; its status is `None` where it did not in time."""
        self.count += 1
        script = Path(self.scripts.name, f"{self.count}.sh")
        done = f"--- command {self.count} ended with "
        script.write_text(f"{command}\n")
        # The terminal must not show `done` as it is typed; a command within the script that fails counts as well.
        # All of it is one line, since a command that reads from the terminal would take the next.
        ended = f"echo; echo \"---\" \"command {self.count} ended with $failed ---\""
        if until:
            line = f"{{ failed=0; . {script} || failed=$?; {ended}; }} &\n"
        else:
            line = f"failed=0; trap 'failed=$?' ERR; . {script}; trap - ERR; {ended}\n"
        os.write(self.terminal, line.encode())
        timeout = TIMEOUT_OF_BUILDS if "cargo " in command else TIMEOUT
        printed = self.read(done.encode(), until.encode() if until else None, timeout)
        text, _, status = printed.decode(errors="replace").partition(done)
        if until:
            return (0 if until in text + status else None), text + status
        return (int(status.split()[0]) if status else None), text.replace("\r", "")

    def read(self, done, until, timeout):
        """Reads until the command has ended, or has printed `until`."""
        read, answered, ends = b"", 0, time.monotonic() + timeout
        while time.monotonic() < ends:
            if done in read and read.endswith(b" ---\n"):
                break
            if until is not None and until in read:
                break
            if not select.select([self.terminal], [], [], 1)[0]:
                continue
            try:
                read += os.read(self.terminal, 65536)
            except OSError:
                break
            if read[answered:].endswith(ASKS):
                answered = len(read)
                os.write(self.terminal, PASSWORD)
        return read

    def close(self):
        """Ends what still runs, and then the shell."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            for process in self.started():
                os.kill(process, number)
            ends = time.monotonic() + 20
            while self.started() and time.monotonic() < ends:
                # What is printed at the end has to be read, or it would keep a program from ending.
                if select.select([self.terminal], [], [], 0.1)[0]:
                    os.read(self.terminal, 65536)
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.terminal)
        self.scripts.cleanup()

    def started(self):
        """The processes of this terminal, but for the shell and those that have ended and that nobody asks for."""
        found = []
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                pid, rest = stat.read_text().split(" (", 1)
            except OSError:
                continue
            state, _parent, _group, session = rest.rsplit(") ", 1)[1].split()[:4]
            if int(session) == self.pid and int(pid) != self.pid and state != "Z":
                found.append(int(pid))
        return found
