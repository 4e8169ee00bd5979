#!/usr/bin/env bash
# Writes what is derived from the routes: docs/openapi.json, the pages docs/api and docs/errors.md,
# and the types of clients/typescript.
#
#   scripts/api.sh             writes them
#   scripts/api.sh --check     fails if they are not what it would write
#
# Needs Node 20 or newer with npm.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/api/install.sh
source scripts/server.sh

check=
case "${1:-}" in
    "") ;;
    --check) check=yes ;;
    *) echo "usage: $0 [--check]" >&2; exit 2 ;;
esac

install_packages scripts/api

folder=$(mktemp --directory)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/docs"
build_server
"$DOORWARD_TEST_BIN" openapi >"$folder/docs/openapi.json"
node scripts/api/generate.mjs "$folder"

derived=(docs/openapi.json docs/errors.md docs/api clients/typescript/src/schema.ts)
for path in "${derived[@]}"; do
    if [[ -n $check ]]; then
        diff --unified --recursive --new-file "$path" "$folder/$path" >>"$folder/diff" || true
    else
        rm -rf "$path"
        mkdir -p "$(dirname "$path")"
        cp -r "$folder/$path" "$path"
    fi
done

if [[ -s $folder/diff ]]; then
    cat "$folder/diff"
    echo "What is derived from the routes is not up to date. Run scripts/api.sh, and commit what it writes." >&2
    exit 1
fi
