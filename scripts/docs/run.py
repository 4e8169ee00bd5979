"""Runs the commands of Markdown pages, from the root of a clone.

A block fenced `console` has commands after `$ ` (lines after `> `, and lines after one that ends with a
backslash, continue them) and what they print. All blocks of a page run in one shell, so that what one command
stores in a variable is there for the next. README.md runs in the clone, any other page in an empty folder, with
the binary that README.md built on the PATH. Files and output are fenced with another language, such as `text`.

What is printed has to be what the page shows, line by line, but for ids, times, tokens, and sizes; of JSON
the keys and types count. Lines that the page leaves out are fine. A command whose page shows an error of
doorward's has to fail; all others have to succeed, and a response of 400 or above fails curl.

Comments before a block, which no reader sees, say more:

    <!-- docs: skip: REASON -->          the block can't run here
    <!-- docs: until TEXT -->            its last command keeps running once it has printed TEXT
    <!-- docs: in the repository -->     it runs in the clone
    <!-- docs: setup                     commands that run before it
    COMMANDS -->
"""

import json
import os
import re
import sys
import tempfile
from pathlib import Path

from shell import Shell

PAGES = ["README.md", "CONTRIBUTING.md", "docs/*.md", "docs/*/*.md", "deploy/README.md", "clients/*/README.md",
         "crates/*/README.md", "examples/*/README.md", "bench/README.md"]
FENCE = re.compile(
    r"(?P<comments>(?:^<!-- docs: (?:(?!-->).)*-->\n+)*)^(?P<fence>```+)(?P<language>[^\n]*)\n(?P<body>.*?)^(?P=fence)$",
    re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"<!-- docs: (.*?)-->", re.DOTALL)
# Fences whose blocks look like commands but would not be run.
UNRUN = {"sh", "bash", "shell", "zsh", "shell-session", "sh-session", "powershell", "cmd", ""}
# What differs from run to run, the longest first.
VARIES = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?Z?|\d{4}-\d\d-\d\d|\d{14}"
    r"|dw[a-z]_[\w-]+|eyJ[\w.-]+|[\w-]{43}|\d+(?:\.\d+)* (?:KiB|MiB|bytes|ms)\b")


def main():
    """Runs the pages that are named, or all of them."""
    root = Path.cwd()
    named = sys.argv[1:]
    pages = sorted({path for pattern in PAGES for path in root.glob(pattern)}, key=lambda path: path.name != "README.md")
    pages = [path for path in pages if not path.is_relative_to(root / "docs/api")]
    pages.remove(root / "README.md")
    if named:
        pages = [root / name for name in named if name != "README.md"]
    failures, ran, skipped = [], 0, 0
    with tempfile.TemporaryDirectory() as home:
        Path(home, ".curlrc").write_text("fail-with-body\n")
        for page in [root / "README.md", *pages]:
            run = Page(page, root, home)
            try:
                run.run()
            except Failed as failed:
                failures.append(failed)
                print(f"FAILED {failed}", flush=True)
            ran, skipped = ran + run.ran, skipped + run.skipped
    print(f"{ran} commands ran, {skipped} blocks skipped", flush=True)
    print(f"{ran - len(failures)} passed, {len(failures)} failed")
    sys.exit(bool(failures))


class Failed(Exception):
    """A command failed, or its page shows something else."""


class Page:
    """A page, and the shell that its commands run in."""

    def __init__(self, path, root, home):
        self.name, self.root, self.home = str(path.relative_to(root)), root, home
        self.text = path.read_text()
        self.ran = self.skipped = 0

    def run(self):
        blocks = list(FENCE.finditer(self.text))
        for match in blocks:
            if match["language"].strip() in UNRUN and "docs: skip:" not in match["comments"]:
                line = self.text.count("\n", 0, match.start("fence")) + 1
                raise Failed(f"{self.name}:{line}: fence it as console or text")
        if not any(match["language"] == "console" for match in blocks):
            return
        with tempfile.TemporaryDirectory() as folder:
            self.shell = Shell(self.root if self.name == "README.md" else folder, self.environment())
            try:
                for match in blocks:
                    self.block(match)
            finally:
                self.shell.close()

    def environment(self):
        target = os.environ["CARGO_TARGET_DIR"]
        keep = {name: value for name, value in os.environ.items() if not name.startswith("DOORWARD_")}
        return keep | {"CURL_HOME": self.home, "PATH": f"{target}/release:{os.environ['PATH']}", "NO_COLOR": "1"}

    def block(self, match):
        line = self.text.count("\n", 0, match.start("body")) + 1
        if match["language"] != "console":
            return
        comments = [comment.strip() for comment in COMMENT.findall(match["comments"])]
        until = None
        for comment in comments:
            word, _, rest = comment.partition(" ")
            if word == "skip:":
                print(f"skipped {self.name}:{line}: {rest}", flush=True)
                self.skipped += 1
                return
            if word == "setup" or comment.startswith("setup\n"):
                self.command(comment.removeprefix("setup").strip(), [], line)
            elif word == "until":
                until = rest
            elif comment == "in the repository":
                self.command(f"cd '{self.root}'", [], line)
            else:
                raise Failed(f"{self.name}:{line}: no such comment: {comment}")
        commands = list(parse(match["body"], line))
        for index, (command, expected, line) in enumerate(commands):
            last = index == len(commands) - 1
            self.command(command, expected, line, until if last else None)

    def command(self, command, expected, line, until=None):
        print(f"{self.name}:{line}: {command.splitlines()[0]}", flush=True)
        self.ran += 1
        status, printed = self.shell.run(command, until)
        refused = any(text.startswith("doorward: ") for text in expected)
        if status is None or (status != 0) != refused:
            ended = "did not end" if status is None else f"ended with {status}"
            raise Failed(f"{self.name}:{line}: {command}\n{ended}:\n{printed}")
        difference = differs(expected, printed)
        if difference:
            raise Failed(f"{self.name}:{line}: {command}\n{difference}; it printed:\n{printed}")


def parse(body, line):
    """The commands of a block, each with the lines that it is to print and its line in the page."""
    command, expected, start, continues = None, [], line, False
    for number, text in enumerate(body.splitlines(), line):
        if continues or (command is not None and not expected and text.startswith("> ")):
            command += "\n" + text.removeprefix("> ")
        elif text.startswith("$ "):
            if command is not None:
                yield command, expected, start
            command, expected, start = text.removeprefix("$ "), [], number
        elif command is None:
            raise Failed(f"line {number}: a console block begins with a command after '$ '")
        elif text.strip() and text.strip() != "…":
            expected.append(text)
        continues = not expected and text.endswith("\\")
    if command is not None:
        yield command, expected, start


def differs(expected, printed):
    """What a page shows and a command did not print, if anything. Lines have to come in their order."""
    lines = iter(printed.splitlines())
    for wanted in expected:
        if not any(same(wanted, line) for line in lines):
            return f"the page shows, and it did not print: {wanted}"
    return None


def same(wanted, printed):
    if wanted == printed:
        return True
    try:
        return shape(json.loads(wanted)) == shape(json.loads(printed))
    except ValueError:
        pass
    pattern = ".*".join(re.escape(plain(part)) for part in wanted.split("…"))
    return re.fullmatch(pattern, plain(printed)) is not None


def plain(text):
    return " ".join(VARIES.sub("*", text).split())


def shape(value):
    """The keys and types of JSON. Of what is null in one of both, nothing is known."""
    if isinstance(value, dict):
        return {key: shape(member) for key, member in value.items()}
    if isinstance(value, list):
        return [shape(member) for member in value[:1]]
    return type(value).__name__


if __name__ == "__main__":
    main()
