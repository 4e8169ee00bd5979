"""Runs the commands of Markdown pages, from the root of a clone.

A block fenced `console` has commands after `$ ` and their output. Lines after `> `, and lines after one that ends
with a backslash, continue a command. All blocks of a page run in one shell, so variables are kept between commands.
README.md runs in the clone, any other page in an empty folder, with the binary that README.md built on the PATH.
Files and output are fenced with another language, such as `text`.

The output must equal the page line by line, except for IDs, times, tokens, and sizes; for JSON, only keys and types
are compared. The page may omit lines. A command whose page shows an error of doorward must fail; all others must
succeed. Responses of 400 or above make curl fail.

Invisible comments before a block control how it runs:

    <!-- docs: skip: REASON -->          skips the block
    <!-- docs: until TEXT -->            keeps the last command running once it has printed TEXT
    <!-- docs: in the repository -->     runs the block in the clone
    <!-- docs: setup                     runs commands before the block
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
# Languages of blocks that look like commands but would not be run.
UNRUN = {"sh", "bash", "shell", "zsh", "shell-session", "sh-session", "powershell", "cmd", ""}
# Text that differs between runs, longest first.
VARIES = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?Z?|\d{4}-\d\d-\d\d|\d{14}"
    r"|dw[a-z]_[\w-]+|eyJ[\w.-]+|[\w-]{43}|\d+(?:\.\d+)* (?:KiB|MiB|bytes|ms)\b")


def main():
    """Runs the named pages, or all of them."""
    root = Path.cwd()
    named = sys.argv[1:]
    pages = sorted({path for pattern in PAGES for path in root.glob(pattern)}, key=lambda path: path.name != "README.md")
    pages = [path for path in pages if not path.is_relative_to(root / "docs/reference/api")]
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
    """A command failed, or its output differs from the page."""


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
                raise Failed(f"{self.name}:{line}: fence this block as console or text")
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
                raise Failed(f"{self.name}:{line}: unknown comment: {comment}")
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
            ended = "timed out" if status is None else f"exited with {status}"
            raise Failed(f"{self.name}:{line}: {command}\n{ended}:\n{printed}")
        difference = differs(expected, printed)
        if difference:
            raise Failed(f"{self.name}:{line}: {command}\n{difference}; output:\n{printed}")


def parse(body, line):
    """Yields the commands of a block, each with its expected output lines and its line number in the page."""
    command, expected, start, continues = None, [], line, False
    for number, text in enumerate(body.splitlines(), line):
        if continues or (command is not None and not expected and text.startswith("> ")):
            command += "\n" + text.removeprefix("> ")
        elif text.startswith("$ "):
            if command is not None:
                yield command, expected, start
            command, expected, start = text.removeprefix("$ "), [], number
        elif command is None:
            raise Failed(f"line {number}: a console block must start with a command after '$ '")
        elif text.strip() and text.strip() != "…":
            expected.append(text)
        continues = not expected and text.endswith("\\")
    if command is not None:
        yield command, expected, start


def differs(expected, printed):
    """Returns the first line of the page that the output lacks, or None. The order of lines matters."""
    lines = iter(printed.splitlines())
    for wanted in expected:
        if not any(same(wanted, line) for line in lines):
            return f"line of the page is missing in the output: {wanted}"
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
    """Returns the keys and types of a JSON value."""
    if isinstance(value, dict):
        return {key: shape(member) for key, member in value.items()}
    if isinstance(value, list):
        return [shape(member) for member in value[:1]]
    return type(value).__name__


if __name__ == "__main__":
    main()
