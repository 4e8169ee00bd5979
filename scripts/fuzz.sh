#!/usr/bin/env bash
# Fuzzes the parsers with coverage-guided libFuzzer, and fails if a property does not hold. The properties
# are in the fuzzing.rs of each crate; the tests check them for fuzz/corpus.
#
#   scripts/fuzz.sh                       lists the targets
#   scripts/fuzz.sh TARGET [SECONDS]      runs one target forever or for that many seconds; new inputs are
#                                         added to target/fuzz/corpus
#   scripts/fuzz.sh --short               runs each target for 4 seconds
#
# Failing inputs are written to target/fuzz/artifacts; add them to fuzz/corpus once the bug is fixed. Needs a
# C++ compiler. cargo-fuzz is installed into target/fuzz-tools; everything is built into target/fuzz.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

CARGO_FUZZ=0.13.2
SHORT_SECONDS=4
build=${CARGO_TARGET_DIR:-$PWD/target}/fuzz
tools=${CARGO_TARGET_DIR:-$PWD/target}/fuzz-tools

install_tools() {
    command -v c++ >/dev/null || {
        [[ $(id --user) == 0 ]] && command -v apt-get >/dev/null ||
            { echo "scripts/fuzz.sh needs a C++ compiler: install one" >&2; exit 1; }
        { apt-get update && apt-get install --yes --no-install-recommends g++; } >&2
    }
    PATH=$tools/bin:$PATH
    [[ $("$tools/bin/cargo-fuzz" --version 2>/dev/null) == "cargo-fuzz $CARGO_FUZZ" ]] ||
        cargo install --quiet --locked --force cargo-fuzz --version "$CARGO_FUZZ" --root "$tools"
}

# Builds targets with the server's lock file, plus the fuzzer's own packages. Stable Rust instruments
# coverage; sanitizers would need nightly Rust, and no code here is unsafe.
build_targets() {
    [[ fuzz/Cargo.lock -nt Cargo.lock ]] || cp Cargo.lock fuzz/Cargo.lock
    cargo fuzz build --sanitizer none --codegen-units 16 --target-dir "$build" "$@"
}

targets() {
    find fuzz/fuzz_targets -name '*.rs' -printf '%f\n' | sed 's/\.rs$//' | sort
}

# Runs a target on the corpus and on earlier inputs, to which it adds new ones. Further arguments are
# passed to libFuzzer.
run() {
    local target=$1 triple
    shift
    triple=$(rustc -vV | sed -n 's/^host: //p')
    mkdir -p "$build/corpus/$target" "$build/artifacts/$target"
    "$build/$triple/release/$target" -artifact_prefix="$build/artifacts/$target/" -timeout=10 \
        -rss_limit_mb=2048 "$@" "$build/corpus/$target" "fuzz/corpus/$target"
}

# Runs each target with a fixed seed, and prints its output if it fails.
run_short() {
    local target log=$build/short.log
    for target in $(targets); do
        if ! run "$target" -seed=1 -max_total_time="$SHORT_SECONDS" -print_final_stats=1 >"$log" 2>&1; then
            cat "$log" >&2
            echo "$target: failed" >&2
            return 1
        fi
        printf '%s: %s inputs, coverage %s\n' "$target" \
            "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")" \
            "$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -n 1)"
    done
}

case ${1:-} in
'')
    targets
    ;;
--short)
    install_tools
    build_targets
    run_short
    ;;
*)
    install_tools
    build_targets "$1"
    run "$1" -max_total_time="${2:-0}"
    ;;
esac
