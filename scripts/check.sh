#!/usr/bin/env bash
# Everything but the tests: format, lints and documentation, warnings denied.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
cargo fmt --all --check
cargo fmt --manifest-path fuzz/Cargo.toml --check
cargo clippy --workspace --all-targets --all-features --locked -- --deny warnings
RUSTDOCFLAGS="--deny warnings" cargo doc --workspace --all-features --no-deps --locked
