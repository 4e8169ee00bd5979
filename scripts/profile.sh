#!/usr/bin/env bash
# Profiles a server under load with one kind of request. Prints a table by kind of work, and the most expensive
# functions.
#
#   scripts/profile.sh me [postgres|sqlite]         or refresh, login, register, healthz
#
# Needs perf, curl, and PostgreSQL (as root on Debian, installs them). The recording is kept in target/profile.data, for
# `perf report --input target/profile.data`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
what=${1:?me, refresh, login, register or healthz}
database=${2:-postgres}
[[ $database == postgres || $database == sqlite ]] || { echo "unknown database $database: use postgres or sqlite" >&2; exit 2; }
source scripts/postgres.sh
for tool in perf curl; do
    command -v "$tool" >/dev/null && continue
    [[ $(id --user) == 0 ]] && command -v apt-get >/dev/null ||
        { echo "scripts/profile.sh needs $tool: install it" >&2; exit 1; }
    { apt-get update && apt-get install --yes --no-install-recommends "${tool/perf/linux-perf}"; } >&2
done

cargo build --profile profiling --locked --package doorward-server
cargo build --release --locked --package doorward-bench
folder=$(mktemp --directory)
server=
finish() {
    kill $server 2>/dev/null || true
    [[ -z ${postgres_pid:-} ]] || postgres_stop
    rm -rf "$folder"
}
trap finish EXIT
host=127.0.0.1:18082
export DOORWARD_LISTEN=$host DOORWARD_RATE_LIMITS_ENABLED=false DOORWARD_LOG_FILTER=warn DOORWARD_DATA_DIR=$folder/data
unset DOORWARD_DATABASE_URL
if [[ $database == postgres ]]; then
    postgres_options=(-c listen_addresses= -c max_connections=300 -c shared_buffers=512MB)
    postgres_start
    export DOORWARD_DATABASE_URL=$DOORWARD_TEST_DATABASE_URL
fi
target/profiling/doorward >"$folder/log" 2>&1 &
server=$!
until curl --silent --fail --output /dev/null "http://$host/readyz"; do
    kill -0 $server || { cat "$folder/log" >&2; exit 1; }
done

load() {
    target/release/load "$what" --server "$host" --connections 32 --seconds "$1"
}

ticks() {
    awk '{ print $14 + $15 }' "/proc/$server/stat"
}

load 1 >/dev/null
before=$(ticks)
read -r rate _ <<<"$(load 5)"
awk -v ticks=$(($(ticks) - before)) -v second="$(getconf CLK_TCK)" -v rate="$rate" -v what="$what" 'BEGIN {
    printf "%s: %s/s, %.1f µs of the server each\n\n", what, rate, ticks / second / (rate * 5) * 1e6 }'
# Record after the load's users have been registered. Sample by time, since virtual machines often can't count cycles.
load 6 >/dev/null &
sleep 2
perf record --quiet --event cpu-clock --freq 1999 --pid $server --output target/profile.data -- sleep 3
wait $!

perf report --input target/profile.data --no-children --sort dso,symbol --percent-limit 0 2>/dev/null |
    awk '
        function kind(line) {
            if (line ~ /\[k\]/) return "the kernel: sockets, wake-ups, context switches"
            if (line ~ /argon2|blake2/) return "argon2"
            if (line ~ /edwards25519|25519|aws_lc|sha512|sha256/) return "signatures, MACs, and random numbers (aws-lc)"
            if (line ~ /sqlite3|diesel|postgres|bb8|doorward_adapters::storage/) return "statements: diesel, drivers, pool, SQLite"
            if (line ~ /tracing|sharded_slab|opentelemetry|prometheus/) return "spans and counters"
            if (line ~ /serde|jsonwebtoken|base64|itoa|ryu|time::/) return "JSON, tokens, times"
            if (line ~ /malloc|cfree|int_free|realloc|calloc|memmove|memcpy|memset|memcmp|mem(chr|rchr)/) return "allocation and copying (libc)"
            if (line ~ /actix|httparse|regex|http::|local_channel/) return "HTTP and routes (actix)"
            if (line ~ /tokio|futures|mio::/) return "tasks and runtime (tokio)"
            if (line ~ /doorward/) return "Doorward itself"
            return "other"
        }
        /^ *[0-9.]+%/ { share[kind($0)] += $1 }
        END { for (name in share) printf "%.1f %% | %s\n", share[name], name }' |
    sort --numeric-sort --reverse | sed 's/^/| /; s/$/ |/; 1i | share of time | spent on |\n|---|---|'
echo
perf report --input target/profile.data --no-children --sort symbol --percent-limit 1 2>/dev/null |
    sed --quiet 's/^ *\([0-9.]*%\) *\[\(.\)\] \(.*[^ -]\)[ -]*$/\1 \3/p' | cut --characters=-110 | head --lines=25
