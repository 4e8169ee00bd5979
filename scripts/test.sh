#!/usr/bin/env bash
# Runs every test, on SQLite and on PostgreSQL. Arguments go to `cargo test`.
#
# PostgreSQL is the server that DOORWARD_TEST_DATABASE_URL names (any database on it, as a role that
# may create others), or else a throw-away one: see scripts/postgres.sh.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [[ -z ${DOORWARD_TEST_DATABASE_URL:-} ]]; then
    source scripts/postgres.sh
    trap postgres_stop EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    postgres_start
fi

cargo test --workspace --locked "$@" -- --include-ignored
