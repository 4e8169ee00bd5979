#!/usr/bin/env bash
# Runs every test, on SQLite and on PostgreSQL, with Redis, a mail server, and nginx. Arguments go to `cargo test`.
#
# PostgreSQL is the server that DOORWARD_TEST_DATABASE_URL names (any database on it, as a role that
# may create others), Redis the one that DOORWARD_TEST_REDIS_URL names (all that it holds may be
# lost); or else throw-away ones: see scripts/postgres.sh, scripts/redis.sh and scripts/smtp.sh.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

source scripts/postgres.sh
source scripts/redis.sh
source scripts/smtp.sh
source scripts/nginx.sh
trap 'postgres_stop; redis_stop; smtp_stop' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
[[ -n ${DOORWARD_TEST_DATABASE_URL:-} ]] || postgres_start
[[ -n ${DOORWARD_TEST_REDIS_URL:-} ]] || redis_start
[[ -n ${DOORWARD_TEST_SMTP_FOLDER:-} ]] || smtp_start
nginx_install

cargo test --workspace --locked "$@" -- --include-ignored
