#!/usr/bin/env bash
# Injects faults into real servers under load, and checks the guarantees of docs/evidence/reliability.md.
#
#   scripts/faults.sh                   runs every row except failover
#   scripts/faults.sh --short           runs the rows of CI; takes a minute
#   scripts/faults.sh failover          runs two PostgreSQL servers under Patroni, of which one fails
#   scripts/faults.sh --only kill --rounds 200 --seed 7
#
# Needs Python 3.11 or newer and PostgreSQL. Rows that need other programs report missing ones. DOORWARD_TEST_BIN
# names the server; the default is a debug build.
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
# The mail server has the dependencies of scripts/smtp.sh.
python_environment "$PWD/target/smtp" "$PWD/scripts/smtp/requirements.txt"
export PYTHONDONTWRITEBYTECODE=1
exec "$PWD/target/smtp/bin/python" scripts/faults/main.py "$@"
