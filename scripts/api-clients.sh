#!/usr/bin/env bash
# Generates clients from the OpenAPI document with third-party generators, compiles them, and signs in
# with each, to check that common tools understand the document.
#
#   scripts/api-clients.sh [python] [typescript]      tests the named clients, or all
#
# python       openapi-python-client; needs Python 3.11 or newer, as scripts/api-fuzz.sh does
# typescript   @hey-api/openapi-ts; needs Node.js 20.19 or newer with npm
#
# The programs are in scripts/api/clients. Their dependencies are pinned there and in
# scripts/api/requirements.txt, and installed into target.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/api-fuzz.sh
source scripts/api/install.sh

[[ $# -gt 0 ]] || set -- python typescript
for client in "$@"; do
    [[ $client == python || $client == typescript ]] || { echo "usage: $0 [python] [typescript]" >&2; exit 2; }
done

# Generates a package, and runs the program that uses it.
client_python() {
    local folder=$PWD/target/api-clients/python
    rm -rf "$folder"
    mkdir -p "$folder"
    # A warning means that the generator skipped something.
    openapi-python-client generate --path "$api_folder/openapi.json" --meta none --fail-on-warning \
        --output-path "$folder/doorward_client" >"$api_folder/generator" 2>&1 ||
        { cat "$api_folder/generator" >&2; return 1; }
    PYTHONPATH=$folder PYTHONDONTWRITEBYTECODE=1 python scripts/api/clients/python_client.py "$api_url"
}

# Generates modules, compiles them with the program in strict mode, and runs it.
client_typescript() {
    local sources=$PWD/scripts/api/clients
    local folder=$PWD/target/api-clients/typescript
    if ! node --eval 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || a == 20 && b >= 19 ? 0 : 1)' \
        2>/dev/null || ! command -v npm >/dev/null; then
        echo "$0 needs Node.js 20.19 or newer with npm for the TypeScript client; install it, or name only the other client" >&2
        return 1
    fi
    mkdir -p "$folder"
    cp "$sources"/{package.json,package-lock.json,tsconfig.json,typescript_client.ts} "$folder"
    npm_config_ignore_scripts=true install_packages "$folder"
    (
        cd "$folder"
        rm -rf client built
        node_modules/.bin/openapi-ts --input "$api_folder/openapi.json" --output client \
            --client @hey-api/client-fetch --no-log-file >"$api_folder/generator" 2>&1 ||
            { cat "$api_folder/generator" >&2; exit 1; }
        node_modules/.bin/tsc
        node built/typescript_client.js "$api_url"
    )
}

trap api_clean EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
api_tools
api_prepare
failed=0
for client in "$@"; do
    api_start DOORWARD_RATE_LIMITS_ENABLED=false
    # In a subshell, so that a failure ends only that.
    set +e
    (set -e; "client_$client")
    result=$?
    set -e
    api_stop
    if [[ $result == 0 ]]; then
        echo "$client: registered, signed in, read the profile, got typed errors, and signed out"
    else
        echo "$client: failed" >&2
        failed=1
    fi
done
exit $failed
