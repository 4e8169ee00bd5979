#!/usr/bin/env bash
# Sends valid and invalid requests generated from a server's OpenAPI document, and fails on every response
# that the document does not describe and on every 5xx.
#
#   scripts/api-fuzz.sh [OPTIONS]      runs it; options are passed to `schemathesis run`, such as
#                                      --max-examples 2000, --seed 7, or --include-operation-id login;
#                                      reports are written to target/api-fuzz
#   source scripts/api-fuzz.sh         defines api_tools, api_start, and api_stop
#
# Needs Python 3.11 or newer. Other dependencies are pinned in scripts/api/requirements.txt and installed
# into target/api-tools. DOORWARD_TEST_BIN names a server that is already built. API_DEADLINE is the number
# of seconds within which a server must listen (default: 20).

# Creates the environment of the Python tools, and puts it first in PATH.
api_tools() {
    source scripts/python.sh
    python_environment "$PWD/target/api-tools" "$PWD/scripts/api/requirements.txt" || return
    PATH=$PWD/target/api-tools/bin:$PATH
}

# Builds the server, creates a folder for its data, and writes its OpenAPI document there.
api_prepare() {
    source scripts/server.sh
    build_server
    api_folder=$(mktemp --directory)
    "$DOORWARD_TEST_BIN" openapi >"$api_folder/openapi.json"
}

# Starts a server on a free port, with an empty database and these VARIABLE=VALUEs, and sets api_url.
api_start() {
    local port
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    api_url=http://127.0.0.1:$port
    rm -rf "$api_folder/data"
    (
        # In a folder without doorward.toml and without other variables that could name a database, since fuzzing
        # fills the database with test users.
        cd "$api_folder"
        exec env --ignore-environment PATH="$PATH" DOORWARD_DATA_DIR="$api_folder/data" \
            DOORWARD_LISTEN=127.0.0.1:"$port" DOORWARD_PUBLIC_URL="$api_url" DOORWARD_LOG_FILTER=warn \
            DOORWARD_PASSWORDS_ARGON2_MEMORY_KIB=64 DOORWARD_PASSWORDS_ARGON2_ITERATIONS=1 "$@" "$DOORWARD_TEST_BIN"
    ) >"$api_folder/log" 2>&1 &
    api_pid=$!
    local deadline=$((SECONDS + ${API_DEADLINE:-20}))
    until (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
        if ! kill -0 "$api_pid" 2>/dev/null || ((SECONDS >= deadline)); then
            echo "$DOORWARD_TEST_BIN does not listen on $api_url; its log:" >&2
            cat "$api_folder/log" >&2
            return 1
        fi
        sleep 0.05
    done
}

# Stops the server if it runs.
api_stop() {
    if [[ -n ${api_pid:-} ]]; then
        kill "$api_pid" 2>/dev/null || true
        wait "$api_pid" 2>/dev/null || true
        api_pid=
    fi
}

# Stops the server and removes its data.
api_clean() {
    api_stop
    [[ -z ${api_folder:-} ]] || rm -rf "$api_folder"
}

# Runs schemathesis in its own folder, where it leaves files and reports.
fuzz() {
    local pass=$1 scripts=$PWD/scripts/api result=0
    shift
    mkdir -p target/api-fuzz
    (
        cd target/api-fuzz
        DOORWARD_FUZZ_API=$api_url DOORWARD_FUZZ_MAIL=$api_folder/data/mail DOORWARD_FUZZ_PASS=$pass \
            PYTHONPATH=$scripts PYTHONDONTWRITEBYTECODE=1 PYTHONHASHSEED=0 \
            schemathesis --config-file "$scripts/schemathesis.toml" run "$api_folder/openapi.json" \
            --url "$api_url" "$@"
    ) || result=$?
    api_stop
    if [[ $result != 0 ]]; then
        echo "The end of the server's log:" >&2
        tail --lines 20 "$api_folder/log" >&2
    fi
    return $result
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
    set -euo pipefail
    cd "$(dirname "${BASH_SOURCE[0]}")/.."
    trap api_clean EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    api_tools
    api_prepare

    failed=0
    echo "== Without limits"
    api_start DOORWARD_RATE_LIMITS_ENABLED=false DOORWARD_ORGANIZATIONS_MAX_PER_ACCOUNT=0 \
        DOORWARD_INVITES_PER_ACCOUNT_PER_DAY=0 DOORWARD_INVITES_PER_RECIPIENT_PER_DAY=0
    fuzz all "$@" || failed=1

    # Limits are checked first, so every response is 429, even without a token.
    echo "== With limits of one request a minute"
    api_start DOORWARD_RATE_LIMITS_REGISTER_PER_MINUTE=1 DOORWARD_RATE_LIMITS_LOGIN_PER_MINUTE=1 DOORWARD_RATE_LIMITS_REFRESH_PER_MINUTE=1 \
        DOORWARD_RATE_LIMITS_MAIL_PER_MINUTE=1 DOORWARD_RATE_LIMITS_DEFAULT_PER_MINUTE=1
    fuzz limits "$@" --phases examples,coverage --exclude-checks missing_required_header \
        --warnings off || failed=1
    exit $failed
fi
