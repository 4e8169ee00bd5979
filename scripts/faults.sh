#!/usr/bin/env bash
# Faults against real servers, under load, and whether what was promised held: docs/reliability.md.
#
#   scripts/faults.sh                   every row but failover
#   scripts/faults.sh --short           the few that CI runs, in a minute
#   scripts/faults.sh failover          two PostgreSQL under Patroni, of which one is lost
#   scripts/faults.sh --only kill --rounds 200 --seed 7
#
# It needs Python 3.11 or newer and PostgreSQL; some rows need more, and say so where it is missing. The server is
# the one that DOORWARD_TEST_BIN names, or else a debug build.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/postgres.sh
source scripts/python.sh
source scripts/server.sh
if ! PG_BIN=$(postgres_find); then
    postgres_install
    PG_BIN=$(postgres_find)
fi
export PG_BIN
build_server
# The mail server is that of scripts/smtp.sh.
python_environment "$PWD/target/smtp" "$PWD/scripts/smtp/requirements.txt"
export PYTHONDONTWRITEBYTECODE=1
exec "$PWD/target/smtp/bin/python" scripts/faults/main.py "$@"
