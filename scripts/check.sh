#!/usr/bin/env bash
# Runs all checks except the tests: terms, format, lints, and documentation, with warnings as errors.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
scripts/style.sh
cargo fmt --all --check
cargo fmt --manifest-path fuzz/Cargo.toml --check
cargo clippy --workspace --all-targets --all-features --locked -- --deny warnings
RUSTDOCFLAGS="--deny warnings" cargo doc --workspace --all-features --no-deps --locked
