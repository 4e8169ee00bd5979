#!/usr/bin/env bash
# Tests the pages in a real browser (Chromium), and leaves pictures of each in target/browser. Arguments
# go to `node --test`.
#
#   scripts/browser.sh                    every test
#   scripts/browser.sh --screenshots      makes the pictures of README.md anew, in docs/images
#
# Needs Node 20 or newer with npm. Other binaries are named by DOORWARD_TEST_BIN, which is not built then, and
# by CHROMIUM.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/api/install.sh
source scripts/server.sh

# The pictures of README.md, of those in target/browser/en.
pictures=(sign-in-narrow organisation-dark sign-up-errors-narrow)

# Installs a package of Debian where a command is missing.
require() {
    command -v "$1" >/dev/null && return
    if [[ $(id --user) != 0 ]] || ! command -v apt-get >/dev/null; then
        echo "The pages are tested with $2, and there is none here: install it (Debian: apt-get install $2)" >&2
        return 1
    fi
    echo "$2 is not installed: installing it" >&2
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update && apt-get install --yes --no-install-recommends "$2"; } >&2
}

require "${CHROMIUM:-/usr/bin/chromium}" chromium
install_packages tests/browser
# The front end of front-end.test.mjs uses the TypeScript client.
install_packages clients/typescript
(cd clients/typescript && npm run --silent build)
build_server

rm -rf target/browser
if [[ ${1:-} == --screenshots ]]; then
    require pngquant pngquant
    node --test tests/browser/looks.test.mjs
    mkdir -p docs/images
    for picture in "${pictures[@]}"; do
        pngquant --force --speed 1 --strip --output "docs/images/$picture.png" "target/browser/en/$picture.png"
    done
else
    node --test --test-concurrency=2 "$@" tests/browser/*.test.mjs
fi
