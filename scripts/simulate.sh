#!/usr/bin/env bash
# Runs the simulation of the use cases with a release build for a number of seeds (default: 100,000), and reports its
# progress and the seeds per minute. For a failing seed, prints its journal and the command that repeats it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOORWARD_SIMULATION_SEEDS=${1:-100000}
exec cargo test --release --locked -p doorward-simulation --test simulation many_seeds -- --nocapture
