#!/usr/bin/env bash
# Tests the pages in Chromium, and saves screenshots in target/browser. Arguments are passed to `node --test`.
#
#   scripts/browser.sh                    runs every test
#   scripts/browser.sh --screenshots      regenerates the images of README.md in docs/images
#
# Needs Node 20 or newer with npm. DOORWARD_TEST_BIN names a server that is already built, CHROMIUM another browser.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/api/install.sh
source scripts/server.sh

# The screenshots in target/browser/en that README.md shows.
pictures=(sign-in-narrow organization-dark sign-up-errors-narrow)

# Installs a Debian package if a command is missing.
require() {
    command -v "$1" >/dev/null && return
    if [[ $(id --user) != 0 ]] || ! command -v apt-get >/dev/null; then
        echo "$2 is required to test the pages and is not installed: install it (Debian: apt-get install $2)" >&2
        return 1
    fi
    echo "$2 is not installed: installing it" >&2
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update && apt-get install --yes --no-install-recommends "$2"; } >&2
}

require "${CHROMIUM:-/usr/bin/chromium}" chromium
install_packages tests/browser
# front-end.test.mjs uses the TypeScript client.
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
