#!/usr/bin/env bash
# Restarts two servers one after the other under load through HAProxy, and fails if any request fails. The servers share
# a PostgreSQL and a Redis. HAProxy uses deploy/haproxy.cfg with other addresses.
#
#   scripts/rolling-restart.sh [SECONDS]     duration of the load (default: 40)
#
# Needs haproxy, wrk, and curl (as root on Debian, installs them), and PostgreSQL and Redis like scripts/test.sh. BINARY
# names the server; the default is a new release build.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
seconds=${1:-40}

for tool in haproxy wrk curl; do
    command -v "$tool" >/dev/null && continue
    [[ $(id --user) == 0 ]] && command -v apt-get >/dev/null ||
        { echo "scripts/rolling-restart.sh needs $tool: install it" >&2; exit 1; }
    { apt-get update && apt-get install --yes --no-install-recommends "$tool"; } >&2
done
if [[ -z ${BINARY:-} ]]; then
    cargo build --release --locked --package doorward-server
    BINARY=$PWD/target/release/doorward
fi

source scripts/postgres.sh
source scripts/redis.sh
folder=$(mktemp --directory)
pids=()
haproxy=
load=
stop() {
    local pid
    for pid in $load $haproxy "${pids[@]}"; do
        kill "$pid" 2>/dev/null || true
    done
    wait || true
    rm -rf "$folder"
}
trap 'stop; postgres_stop; redis_stop' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
postgres_start
redis_start

api=http://127.0.0.1:18080/v1/auth
export DOORWARD_DATABASE_URL=$DOORWARD_TEST_DATABASE_URL DOORWARD_REDIS_URL=$DOORWARD_TEST_REDIS_URL
unset DOORWARD_TEST_DATABASE_URL DOORWARD_TEST_REDIS_URL
export DOORWARD_MASTER_KEY='one secret for both of the servers' DOORWARD_PUBLIC_URL=http://127.0.0.1:18080
export DOORWARD_TRUSTED_PROXIES=127.0.0.1/32 DOORWARD_DRAIN_SECONDS=4 DOORWARD_LOG_FILTER=warn
# All requests come from one IP address.
export DOORWARD_RATE_LIMITS_LOGIN_PER_MINUTE=1000000 DOORWARD_RATE_LIMITS_LOGIN_FAILURES_PER_MINUTE=1000000 DOORWARD_RATE_LIMITS_DEFAULT_PER_MINUTE=1000000

# Starts a server, 1 or 2, and waits until it is ready.
start() {
    local port=$((18080 + $1))
    DOORWARD_LISTEN=127.0.0.1:$port DOORWARD_DATA_DIR=$folder/$1 "$BINARY" >>"$folder/log" 2>&1 &
    pids[$1]=$!
    until curl --silent --fail --output /dev/null "http://127.0.0.1:$port/readyz"; do
        kill -0 "${pids[$1]}" || { cat "$folder/log" >&2; exit 1; }
        sleep 0.1
    done
}

field() {
    sed "s/.*\"$1\":\"\([^\"]*\).*/\1/"
}

start 1
start 2
sed -e 's/bind :80$/bind 127.0.0.1:18080/' -e 's/doorward-1:8080/127.0.0.1:18081/' -e 's/doorward-2:8080/127.0.0.1:18082/' \
    -e "s|^global|&\n    stats socket $folder/stats level user|" -e 's/log stdout.*/log stderr format raw local0 alert/' \
    deploy/haproxy.cfg >"$folder/haproxy.cfg"
haproxy -c -q -f "$folder/haproxy.cfg"
haproxy -f "$folder/haproxy.cfg" 2>>"$folder/haproxy.log" &
haproxy=$!

json=(--silent --header 'Content-Type: application/json')
session=$(curl "${json[@]}" --fail --retry 50 --retry-connrefused --retry-delay 1 $api/register \
    --data '{"email":"ann@example.com","username":"ann","password":"correct horse battery"}')
access=$(field access_token <<<"$session")
refresh=$(field refresh_token <<<"$session")

# One in fifty requests is a sign-in, which writes and takes long; the others get the current user.
cat >"$folder/load.lua" <<LUA
local count = 0
local login, me
function init(args)
    local host = wrk.headers["Host"]
    login = wrk.format("POST", "/v1/auth/login", { ["Host"] = host, ["Content-Type"] = "application/json" },
        '{"username":"ann","password":"correct horse battery"}')
    me = wrk.format("GET", "/v1/auth/me", { ["Host"] = host, ["Authorization"] = "Bearer $access" })
end
function request()
    count = count + 1
    if count % 50 == 0 then return login end
    return me
end
LUA
wrk --threads 1 --connections 16 --duration "${seconds}s" --timeout 10s --latency --script "$folder/load.lua" \
    http://127.0.0.1:18080 >"$folder/wrk" &
load=$!

restarts=0
while sleep 3 && kill -0 $load 2>/dev/null; do
    # Restart the second server only after HAProxy has had time to detect that the first is back.
    number=$((restarts % 2 + 1))
    kill "${pids[number]}"
    wait "${pids[number]}" || { echo "server $number exited with an error" >&2; cat "$folder/log" >&2; exit 1; }
    start $number
    restarts=$((restarts + 1))
done
wait $load || true
load=

echo "restarts under load:         $restarts"
awk '/requests in/ { print "requests served:             " $1 } /99%/ { print "99th percentile:             " $2 }' "$folder/wrk"
failed=$(awk '/Non-2xx/ { sum += $NF }
    /Socket errors/ { gsub(",", ""); for (i = 4; i <= NF; i += 2) sum += $i } END { print sum + 0 }' "$folder/wrk")
echo "requests that failed:        $failed"
status=$(curl --silent --output /dev/null --write-out '%{http_code}' "${json[@]}" $api/refresh \
    --data "{\"refresh_token\":\"$refresh\"}")
echo "refresh of the first session: $status"
[[ $restarts -ge 2 && $failed == 0 && $status == 200 ]] || { cat "$folder/wrk" "$folder/log" >&2; exit 1; }
