#!/usr/bin/env bash
# Runs the commands of README.md, as they are written, in a new clone of the last commit, and then those of
# docs/ and the READMEs beside it. Fails when a command fails, or prints something else than its page shows.
#
#   scripts/docs.sh                  every page
#   scripts/docs.sh docs/tokens.md   README.md, which builds the server, and that page
#
# How pages are written for it is in scripts/docs/run.py. Builds go to this checkout's target folder. The server
# of README.md listens on port 8080, which has to be free.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

[[ -z $(git status --porcelain) ]] || echo "note: uncommitted changes are not in the clone that is tested" >&2
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$PWD/target}
folder=$(mktemp --directory)
trap 'rm -rf "$folder"' EXIT
git clone --quiet . "$folder/doorward"
cd "$folder/doorward"
python3 scripts/docs/run.py "$@"
