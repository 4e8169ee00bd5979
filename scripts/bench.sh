#!/usr/bin/env bash
# Measures a release server on this machine: how long it takes to start, what it needs at rest, how
# many requests it answers on both databases while the load generator runs beside it, how its
# sign-ins compare with bare argon2, and what a storm of sign-ins does to everybody else. Figures of
# one run are to be compared with each other, not with those of another machine.
#
# Needs wrk and curl (as root on Debian it installs them), and PostgreSQL as scripts/test.sh does.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
if [[ -z ${DOORWARD_TEST_DATABASE_URL:-} ]]; then
    exec scripts/postgres.sh "$0" "$@"
fi

for tool in wrk curl; do
    command -v "$tool" >/dev/null && continue
    [[ $(id --user) == 0 ]] && command -v apt-get >/dev/null ||
        { echo "scripts/bench.sh needs $tool: install it" >&2; exit 1; }
    { apt-get update && apt-get install --yes --no-install-recommends "$tool"; } >&2
done

cargo build --release --locked --package doorward-server
doorward=$PWD/target/release/doorward
folder=$(mktemp --directory)
server=
trap 'kill $server 2>/dev/null || true; rm -rf "$folder"' EXIT

export DOORWARD_LISTEN=127.0.0.1:18080 DOORWARD_LIMITS_ENABLED=false DOORWARD_LOG=warn
api=http://$DOORWARD_LISTEN

# Starts the server, and answers how long it took until it was ready, in milliseconds.
start() {
    local began
    began=$(date +%s%N)
    DOORWARD_DATA_DIR=$folder/data "$doorward" >>"$folder/log" 2>&1 &
    server=$!
    until curl --silent --fail --output /dev/null "$api/readyz"; do
        kill -0 $server || { cat "$folder/log" >&2; exit 1; }
    done
    milliseconds=$((($(date +%s%N) - began) / 1000000))
}

stop() {
    kill $server
    wait $server || true
}

field() {
    sed "s/.*\"$1\":\"\([^\"]*\).*/\1/"
}

# Answers requests a second and the 99th percentile of the latency.
load() {
    wrk --threads 1 --connections 32 --duration 5s --latency "$@" |
        awk '/99%/ { p99 = $2 } /Requests\/sec/ { rate = $2 } /Non-2xx/ { bad = " (with errors)" }
             END { print rate "/s, p99 " p99 bad }'
}

# Answers what a person with this access token sees of a storm of sign-ins, over 8 connections.
storm() {
    wrk --threads 1 --connections 200 --duration 8s --timeout 9s --script "$folder/login.lua" \
        "$api/v1/auth/login" >"$folder/storm" &
    local storm=$!
    sleep 2
    wrk --threads 1 --connections 8 --duration 5s --latency --header "Authorization: Bearer $1" "$api/v1/auth/me" |
        awk '/99%/ { p99 = $2 } /Requests\/sec/ { rate = $2 } END { print rate "/s, p99 " p99 }'
    wait $storm
}

measure() {
    rm -rf "$folder/data"
    start
    local first=$milliseconds
    sleep 2
    local memory
    memory=$(awk '/VmRSS/ { printf "%.1f MiB", $2 / 1024 }' /proc/$server/status)
    stop
    start
    local later=$milliseconds
    local person='{"email":"bench@example.com","username":"bench","password":"correct horse battery"}'
    local access
    access=$(curl --silent --header 'Content-Type: application/json' --data "$person" \
        "$api/v1/auth/register" | field access_token)
    echo "$1"
    echo "  first start       $first ms"
    echo "  later start       $later ms"
    echo "  memory at rest    $memory"
    echo "  GET /healthz      $(load "$api/healthz")"
    echo "  GET /v1/auth/me   $(load --header "Authorization: Bearer $access" "$api/v1/auth/me")"
    cat >"$folder/login.lua" <<'LUA'
wrk.method = "POST"
wrk.body = '{"username":"bench","password":"correct horse battery"}'
wrk.headers["Content-Type"] = "application/json"
LUA
    echo "  POST …/login      $(load --script "$folder/login.lua" "$api/v1/auth/login")"
    echo "  200 sign-ins at a time, and beside them"
    echo "  GET /v1/auth/me   $(storm "$access")"
    stop
}

echo "$(nproc) cores, $(uname --machine), $(date --iso-8601)"
ls -l "$doorward" | awk '{ printf "binary %.1f MiB\n", $5 / 1048576 }'
cargo bench --quiet --locked --package doorward-adapters --bench argon2
measure "SQLite"
DOORWARD_DATABASE_URL=$DOORWARD_TEST_DATABASE_URL measure "PostgreSQL"
