"""Checks the terms in docs, comments, messages, and test names against docs/contribute/style.md.

terms.toml lists the terms. Its `[[allow]]` entries permit a term in one file, with the reason.
"""

import argparse
import re
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent

# One token of Rust: a comment, a string, a character, or the name of a function.
RUST = re.compile(
    r"""(?P<line>//[^\n]*)
    |(?P<block>/\*.*?\*/)
    |r(?P<hashes>\#*)"(?P<raw>.*?)"(?P=hashes)
    |"(?P<string>(?:[^"\\]|\\.)*)"
    |'(?:[^'\\\n]|\\[^\n]+?)'
    |\bfn\s+(?P<function>\w+)""",
    re.S | re.X,
)
HASH_COMMENT = re.compile(r"(?:^|\s)#\s(?P<text>.*)")
SLASH_COMMENT = re.compile(r"(?://|/\*|^\s*\*)(?P<text>.*)")
FENCE = re.compile(r"^\s*(```|~~~)")
# Text that is quoted as code is a name, not a word.
CODE = re.compile(r"`[^`]*`|\]\([^)]*\)|https?://\S+|<[^>]*>|\{[^{}\s]*\}|\S+@\S+")


def rust(text):
    """Yields the line number and the text of each comment, string, and function name."""
    for token in RUST.finditer(text):
        line = text.count("\n", 0, token.start()) + 1
        if token["function"]:
            yield line, token["function"].replace("_", " ")
            continue
        words = token["line"] or token["block"] or token["raw"] or token["string"] or ""
        for offset, part in enumerate(words.split("\n")):
            yield line + offset, part


def markdown(text):
    """Yields the lines outside code blocks."""
    fenced = False
    for number, line in enumerate(text.split("\n"), 1):
        if FENCE.match(line):
            fenced = not fenced
        elif not fenced:
            yield number, line


def comments(pattern):
    """Returns a reader that yields the comments that the pattern matches."""

    def read(text):
        for number, line in enumerate(text.split("\n"), 1):
            if found := pattern.search(line):
                yield number, found["text"]

    return read


def everything(text):
    """Yields all lines."""
    yield from enumerate(text.split("\n"), 1)


READERS = {
    ".rs": rust,
    ".md": markdown,
    ".html": everything,
    ".txt": everything,
    ".sh": comments(HASH_COMMENT),
    ".py": comments(HASH_COMMENT),
    ".toml": comments(HASH_COMMENT),
    ".yml": comments(HASH_COMMENT),
    ".sql": comments(re.compile(r"--\s(?P<text>.*)")),
    ".ts": comments(SLASH_COMMENT),
    ".mjs": comments(SLASH_COMMENT),
    ".css": comments(SLASH_COMMENT),
}


def files():
    """Yields the files with prose, except those that are skipped."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )
    settings = tomllib.loads((HERE / "terms.toml").read_text())
    for name in sorted(filter(None, listed.stdout.split("\0"))):
        path = ROOT / name
        if path.suffix in READERS and path.is_file() and not name.startswith(tuple(settings["skip"])):
            yield name, path


def findings():
    """Yields the file, line, word, and advice of each old term."""
    settings = tomllib.loads((HERE / "terms.toml").read_text())
    terms = [(re.compile(rf"\b(?:{term['old']})\b", re.I), term["use"]) for term in settings["term"]]
    allowed = {(entry["file"], entry["word"].lower()) for entry in settings.get("allow", [])}
    for name, path in files():
        for number, words in READERS[path.suffix](path.read_text(errors="replace")):
            words = CODE.sub(" ", words)
            for pattern, advice in terms:
                for found in pattern.finditer(words):
                    if (name, found[0].lower()) not in allowed:
                        yield name, number, found[0], advice


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", action="store_true", help="print the number of findings by word and folder")
    parser.add_argument("paths", nargs="*", help="only files below these paths")
    arguments = parser.parse_args()
    below = tuple(arguments.paths)
    found = [finding for finding in findings() if not below or finding[0].startswith(below)]
    if arguments.count:
        for word, count in Counter(word.lower() for _, _, word, _ in found).most_common():
            print(f"{count:6} {word}")
        for folder, count in sorted(Counter("/".join(name.split("/")[:3]) for name, *_ in found).items()):
            print(f"{count:6} {folder}")
        print(f"{len(found):6} in all")
        return 0
    for name, number, word, advice in found:
        print(f"{name}:{number}: {word!r}: use {advice}")
    if found:
        print(f"{len(found)} old terms; docs/contribute/style.md says what to write instead", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
