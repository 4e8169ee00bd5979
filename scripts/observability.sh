#!/usr/bin/env bash
# Checks deploy/alerts.yml and deploy/grafana-dashboard.json: that Prometheus understands them, that the alerts do what
# deploy/alerts.test.yml says, and that a started server tells every metric that they name.
#
# promtool is the one of PROMTOOL or of the path, or else that of Debian's package prometheus, which is unpacked and not installed:
# an installed one would be started.
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

# Answers where promtool is.
find_promtool() {
    if [[ -n ${PROMTOOL:-} ]]; then
        echo "$PROMTOOL"
    elif command -v promtool; then
        return
    elif command -v apt-get >/dev/null; then
        echo "promtool is not installed: unpacking Debian's" >&2
        (
            cd "$folder"
            # The lists of packages may be missing or old.
            apt-get download prometheus || { apt-get update && apt-get download prometheus; }
            dpkg-deb --extract prometheus_*.deb unpacked
        ) >&2
        echo "$folder/unpacked/usr/bin/promtool"
    else
        echo "promtool is needed: install Prometheus, or name it as PROMTOOL" >&2
        return 1
    fi
}

promtool=$(find_promtool)
"$promtool" check rules deploy/alerts.yml
(cd deploy && "$promtool" test rules alerts.test.yml)

build_server
# A Redis that is away is one that is counted. Nothing of this shell's own configures the server.
(
    cd "$folder"
    exec env --ignore-environment DOORWARD_LISTEN=127.0.0.1:0 DOORWARD_METRICS_LISTEN=127.0.0.1:0 \
        DOORWARD_HASH_MEMORY_KIB=64 DOORWARD_REDIS_URL=redis+unix:///does/not/exist "$DOORWARD_TEST_BIN" >log
) &
server=$!
# Answers an address that the server says once it is there.
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
# Queries of the dashboard, as rules: promtool reads no dashboards.
"$promtool" check rules "$folder/dashboard.yml"
