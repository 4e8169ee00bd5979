#!/usr/bin/env bash
# Tests the OpenAPI document, the TypeScript client, and the curl commands of docs/reference/api with a real
# server. Arguments are passed to `node --test`.
#
# Needs Node 20 or newer with npm, and curl 7.82 or newer.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/api/install.sh
source scripts/server.sh

build_server
install_packages scripts/api
install_packages clients/typescript

node scripts/api/lint.mjs
# Outputs of deleted sources would be tested, too.
rm -rf clients/typescript/{dist,build}
(cd clients/typescript && npm run --silent build:test)
node --test "$@" clients/typescript/build/*.test.js scripts/api/test/*.test.mjs
