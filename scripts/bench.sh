#!/usr/bin/env bash
# Measures the shipped build (profile dist) on this machine with both databases, and prints a table with each figure and
# the limit measured in the same run. The load generator runs on the same cores as the server. Compare figures only
# within one run, not between machines.
#
#   scripts/bench.sh                   everything except growth; takes about four minutes plus the build
#   scripts/bench.sh --growth 1000000  also measures with that many accounts, created by SQL
#
# Needs curl and pgbench, and PostgreSQL as scripts/test.sh does (as root on Debian it installs them).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
growth=
[[ ${1:-} != --growth ]] || growth=${2:?how many accounts}
source scripts/postgres.sh
for tool in curl pgbench; do
    command -v "$tool" >/dev/null || PATH=$PATH:$(echo /usr/lib/postgresql/*/bin | tr ' ' :)
    command -v "$tool" >/dev/null && continue
    [[ $(id --user) == 0 ]] && command -v apt-get >/dev/null ||
        { echo "scripts/bench.sh needs $tool: install it" >&2; exit 1; }
    package=$tool
    [[ $tool != pgbench ]] || package=postgresql-contrib
    { apt-get update && apt-get install --yes --no-install-recommends "$package"; } >&2
done

cargo build --profile dist --locked --package doorward-server --package doorward-bench
cargo build --profile dist --locked --package doorward-adapters --bench argon2
bin=$PWD/target/dist
folder=$(mktemp --directory)
server=
bare=
finish() {
    kill $server $bare 2>/dev/null || true
    postgres_stop
    rm -rf "$folder"
}
trap finish EXIT
# Like production, but in memory: otherwise the time to sync the disk would dominate.
postgres_options=(-c listen_addresses= -c max_connections=300 -c shared_buffers=512MB -c max_wal_size=4GB)
[[ -n ${DOORWARD_TEST_DATABASE_URL:-} ]] || postgres_start

host=127.0.0.1:18080
export DOORWARD_LISTEN=$host DOORWARD_RATE_LIMITS_ENABLED=false DOORWARD_LOG_FILTER=warn
clients=32
seconds=${BENCH_SECONDS:-5}

# Starts the server, and sets `milliseconds` to the time until it was ready.
start() {
    local began
    began=$(date +%s%N)
    DOORWARD_DATA_DIR=$folder/data "$bin/doorward" >>"$folder/log" 2>&1 &
    server=$!
    until curl --silent --fail --output /dev/null "http://$host/readyz"; do
        kill -0 $server || { cat "$folder/log" >&2; exit 1; }
    done
    milliseconds=$((($(date +%s%N) - began) / 1000000))
}

stop() {
    kill $server
    wait $server || true
    server=
}

memory() {
    awk '/VmRSS/ { printf "%.1f MiB", $2 / 1024 }' "/proc/$server/status"
}

# load WHAT [ARGUMENTS…]: prints "rate median p99 refused".
load() {
    "$bin/load" "$1" --server "$host" --connections "$clients" --seconds "$seconds" "${@:2}"
}

# pgbench_rate FILE DATABASE: prints the transactions per second of a statement alone.
pgbench_rate() {
    pgbench --no-vacuum --protocol prepared --client "$clients" --jobs 1 --time "${seconds%.*}" --file "$1" "$2" |
        awk '/^tps/ { printf "%.1f", $3 }'
}

# row NAME "rate median p99 refused" [LIMIT LIMIT'S NAME]
row() {
    local rate median p99 refused
    read -r rate median p99 refused <<<"$2"
    [[ $refused == 0 ]] || rate="$rate ($refused refused)"
    local ratio=
    [[ -z ${3:-} ]] || ratio=$(awk -v rate="${rate%% *}" -v limit="$3" 'BEGIN { printf "%.2f", rate / limit }')
    printf '| %s | %s/s | %s ms | %s ms | %s | %s |\n' "$1" "$rate" "$median" "$p99" "${3:+$3/s: $4}" "$ratio"
}

heading() {
    printf '\n**%s**\n\n| request | rate | median | p99 | limit | ratio |\n|---|---|---|---|---|---|\n' "$1"
}

measure_start() {
    rm -rf "$folder/data"
    start
    first=$milliseconds
    sleep 2
    idle=$(memory)
    stop
    start
    again=$milliseconds
}

tell_start() {
    printf '\nFirst start %s ms; later starts %s ms; idle memory %s, after the load %s.\n' "$first" "$again" "$idle" "$(memory)"
}

# A burst of sign-ins on 200 connections, and the requests of other clients on 8.
storm() {
    clients=200 seconds=$((${seconds%.*} + 3)) load login >"$folder/storm" &
    local storm=$!
    sleep 2
    clients=8 load me
    wait $storm
}

measure_sqlite() {
    unset DOORWARD_DATABASE_URL
    measure_start
    heading "SQLite"
    row "GET /healthz" "$(load healthz)"
    row "GET /v1/auth/me" "$(load me)"
    row "POST /v1/auth/refresh" "$(load refresh)"
    row "POST /v1/auth/login" "$(clients=8 load login)" "$argon2" "argon2 alone"
    row "POST /v1/auth/register" "$(clients=8 load register)" "$argon2" "argon2 alone"
    row "GET /v1/auth/me during 200 sign-ins" "$(storm)"
    tell_start
    stop
}

measure_postgres() {
    local database=$1
    export DOORWARD_DATABASE_URL=$database
    measure_start
    "$bin/bare" --listen 127.0.0.1:18081 --server "$host" --database "$database" >"$folder/bare" &
    bare=$!
    until grep --quiet listens "$folder/bare"; do kill -0 $bare; done
    sleep 1
    heading "PostgreSQL"
    local limit
    limit=$("$bin/load" me --server 127.0.0.1:18081 --accounts "$host" --connections "$clients" --seconds "$seconds")
    kill $bare
    bare=
    row "GET /v1/auth/me by the bare stack" "$limit"
    row "GET /v1/auth/me" "$(load me)" "${limit%% *}" "the bare stack"
    local refreshes
    refreshes=$(load refresh)
    psql --quiet "$database" --file bench/sql/sessions.sql 2>/dev/null
    row "POST /v1/auth/refresh" "$refreshes" "$(pgbench_rate bench/sql/update.sql "$database")" "pgbench, the same UPDATE"
    printf '| the query of /me alone | %s/s | | | | |\n' "$(pgbench_rate bench/sql/select.sql "$database")"
    row "POST /v1/auth/login" "$(clients=8 load login)" "$argon2" "argon2 alone"
    row "POST /v1/auth/register" "$(clients=8 load register)" "$argon2" "argon2 alone"
    row "GET /v1/auth/me during 200 sign-ins" "$(storm)"
    tell_start
    [[ -z $growth ]] || measure_growth "$database"
    stop
}

# The same requests with few and with many accounts, for users spread over all of them.
measure_growth() {
    heading "PostgreSQL, from 10,000 accounts to $growth"
    local accounts me refresh login
    for accounts in 10000 "$growth"; do
        psql --quiet "$1" --set accounts="$accounts" --file bench/sql/accounts.sql
        psql --quiet "$1" --command "VACUUM ANALYZE"
        row "GET /v1/auth/me, $accounts accounts" "$(load me --among "$accounts")"
        row "POST /v1/auth/refresh, $accounts accounts" "$(load refresh --among "$accounts")"
        row "POST /v1/auth/login, $accounts accounts" "$(clients=8 load login --among "$accounts")"
        printf '| database size, %s accounts | %s | | | | |\n' "$accounts" \
            "$(psql --tuples-only --no-align "$1" --command 'SELECT pg_size_pretty(pg_database_size(current_database()))')"
    done
}

echo "$(nproc) cores, $(uname --machine), $(date --iso-8601), $(git rev-parse --short HEAD); $clients connections, $seconds s each."
ls -l "$bin/doorward" | awk '{ printf "Binary %.1f MiB.\n", $5 / 1048576 }'
argon2=$(cargo bench --profile dist --quiet --locked --package doorward-adapters --bench argon2 |
    awk -v threads="$(nproc)" '$2 == threads { sub("/s", "", $4); print $4 }')
measure_sqlite
database=${DOORWARD_TEST_DATABASE_URL/\/postgres\?/\/bench\?}
psql --quiet "$DOORWARD_TEST_DATABASE_URL" --command "DROP DATABASE IF EXISTS bench" --command "CREATE DATABASE bench" 2>/dev/null
measure_postgres "$database"
