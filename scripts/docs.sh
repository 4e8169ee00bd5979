#!/usr/bin/env bash
# Runs the commands of README.md in a new clone of the last commit, and then those of docs/ and the other READMEs.
# Fails if a command fails or its output differs from its page.
#
#   scripts/docs.sh                          runs every page
#   scripts/docs.sh docs/operate/backup.md   runs README.md, which builds the server, and that page
#
# scripts/docs/run.py documents the syntax of the pages. Builds use this checkout's target folder. The server of
# README.md listens on port 8080, which must be free.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

[[ -z $(git status --porcelain) ]] || echo "note: the tested clone does not contain uncommitted changes" >&2
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$PWD/target}
folder=$(mktemp --directory)
trap 'rm -rf "$folder"' EXIT
git clone --quiet . "$folder/doorward"
cd "$folder/doorward"
python3 scripts/docs/run.py "$@"
