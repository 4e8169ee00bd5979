#!/usr/bin/env bash
# Generates docs/evidence/asvs.md, docs/evidence/regressions.md, and the table of release requirements in
# docs/evidence/security.md from the tables of crates/server/tests/security. The tests fail if they are outdated.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
DOORWARD_WRITE_PAGES=1 cargo test --quiet --locked --package doorward-server --test it security::pages -- --test-threads 1
