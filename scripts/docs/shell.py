"""A shell on its own terminal, which enters a password at prompts."""

import os
import pty
import select
import signal
import tempfile
import time
from pathlib import Path

# Timeouts of commands in seconds. A clean build of the server takes minutes on two cores.
TIMEOUT = 120
TIMEOUT_OF_BUILDS = 1800
PASSWORD = b"seven lucky herons wade\n"
ASKS = (b"password: ",)


class Shell:
    """Bash in a folder. Closing it terminates the processes that it started."""

    def __init__(self, folder, environment):
        self.scripts = tempfile.TemporaryDirectory()
        self.count = 0
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.execvpe("bash", ["bash", "--noprofile", "--norc", "--noediting"], environment | {"PS1": "", "PS2": "", "TERM": "dumb"})
        self.run("stty -echo -onlcr cols 1000; set -o pipefail +o histexpand")

    def run(self, command, until=None):
        """Runs a command, and returns its status and output. With `until`, leaves it running once it has printed
        that; the status is `None` if it did not do so in time."""
        self.count += 1
        script = Path(self.scripts.name, f"{self.count}.sh")
        done = f"--- command {self.count} ended with "
        script.write_text(f"{command}\n")
        # The terminal must not echo `done`. A failing command within the script counts as well. The command is one line,
        # since a command that reads from the terminal would consume the next.
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
        """Reads until the command has exited or printed `until`."""
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
        """Terminates all started processes, and then the shell."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            for process in self.started():
                os.kill(process, number)
            ends = time.monotonic() + 20
            while self.started() and time.monotonic() < ends:
                # Output must be read, or it could keep a program from exiting.
                if select.select([self.terminal], [], [], 0.1)[0]:
                    os.read(self.terminal, 65536)
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.terminal)
        self.scripts.cleanup()

    def started(self):
        """Returns the processes of this terminal, except the shell and zombies."""
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
