#!/usr/bin/env bash
# Writes the table of options in docs/configuration.md, which is made of crates/server/src/config/options.rs. A test
# fails when it differs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
DOORWARD_WRITE_PAGES=1 cargo test --quiet --locked --package doorward-server --test it architecture::every_option
