#!/usr/bin/env bash
# Generates the files that are derived from the routes: docs/reference/openapi.json, the pages docs/reference/api and
# docs/reference/errors.md, and the types of clients/typescript.
#
#   scripts/api.sh             writes them
#   scripts/api.sh --check     fails if they are outdated
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
mkdir --parents "$folder/docs/reference"
build_server
"$DOORWARD_TEST_BIN" openapi >"$folder/docs/reference/openapi.json"
node scripts/api/generate.mjs "$folder"

derived=(docs/reference/openapi.json docs/reference/errors.md docs/reference/api clients/typescript/src/schema.ts)
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
    echo "Files derived from the routes are outdated. Run scripts/api.sh and commit the result." >&2
    exit 1
fi
