#!/usr/bin/env bash
# Runs every test on SQLite and PostgreSQL, with Redis, a mail server, and nginx. Arguments are passed to `cargo test`.
#
# DOORWARD_TEST_DATABASE_URL names a PostgreSQL server (any database, with a role that can create databases), and
# DOORWARD_TEST_REDIS_URL a Redis server (whose data may be deleted). By default, temporary servers are started: see
# scripts/postgres.sh, scripts/redis.sh, and scripts/smtp.sh.
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
