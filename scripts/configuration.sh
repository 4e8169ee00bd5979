#!/usr/bin/env bash
# Generates the table of options in docs/reference/configuration.md from crates/server/src/config/options.rs. A test
# fails if the table is outdated.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
DOORWARD_WRITE_PAGES=1 cargo test --quiet --locked --package doorward-server --test it architecture::every_option
