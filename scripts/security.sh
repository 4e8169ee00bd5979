#!/usr/bin/env bash
# Writes what is derived from the tables of crates/server/tests/security: docs/security/asvs.md,
# docs/security/regressions.md, and the table of docs/security.md that no release goes out without.
# The tests fail when they differ.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
DOORWARD_WRITE_PAGES=1 cargo test --quiet --locked --package doorward-server --test it security::pages -- --test-threads 1
