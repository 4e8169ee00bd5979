#!/usr/bin/env bash
# Checks deploy/alerts.yml and deploy/grafana-dashboard.json: that Prometheus can parse them, that the alerts pass
# deploy/alerts.test.yml, and that a server exports every metric that they use.
#
# Uses promtool from PROMTOOL or the PATH, or else from Debian's package prometheus, which is only unpacked: installing
# it would start Prometheus.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/server.sh

folder=$(mktemp --directory)
server=
finish() {
    [[ -z $server ]] || { kill "$server" && wait "$server"; } 2>/dev/null || true
    rm -rf "$folder"
}
trap finish EXIT

# Prints the path of promtool.
find_promtool() {
    if [[ -n ${PROMTOOL:-} ]]; then
        echo "$PROMTOOL"
    elif command -v promtool; then
        return
    elif command -v apt-get >/dev/null; then
        echo "promtool is not installed: unpacking Debian's" >&2
        (
            cd "$folder"
            # The package lists may be missing or outdated.
            apt-get download prometheus || { apt-get update && apt-get download prometheus; }
            dpkg-deb --extract prometheus_*.deb unpacked
        ) >&2
        echo "$folder/unpacked/usr/bin/promtool"
    else
        echo "promtool is not installed: install Prometheus, or set PROMTOOL to its path" >&2
        return 1
    fi
}

promtool=$(find_promtool)
"$promtool" check rules deploy/alerts.yml
(cd deploy && "$promtool" test rules alerts.test.yml)

build_server
# With an unreachable Redis, the server exports the metrics of Redis as well. Variables of this shell must not
# configure the server.
(
    cd "$folder"
    exec env --ignore-environment DOORWARD_LISTEN=127.0.0.1:0 DOORWARD_METRICS_LISTEN=127.0.0.1:0 \
        DOORWARD_PASSWORDS_ARGON2_MEMORY_KIB=64 DOORWARD_REDIS_URL=redis+unix:///does/not/exist "$DOORWARD_TEST_BIN" >log
) &
server=$!
# Waits until the server logs a URL after this text, and prints the URL.
said() {
    local tries
    for ((tries = 0; tries < 200; tries++)); do
        if grep --only-matching --max-count=1 "$1 http://[0-9.:]*" "$folder/log" 2>/dev/null | grep --only-matching 'http.*'; then
            return
        fi
        kill -0 "$server" || break
        sleep 0.05
    done
    echo "the server did not start:" >&2
    cat "$folder/log" >&2
    return 1
}
url=$(said 'listens on')
metrics=$(said 'metrics are at')
python3 scripts/observability/check.py "$url" "$metrics/metrics" "$folder/dashboard.yml"
# The dashboard's queries as rules, since promtool can't read dashboards.
"$promtool" check rules "$folder/dashboard.yml"
