#!/usr/bin/env bash
# Runs the simulation of the use cases for so many seeds (100,000 if nothing is said), optimised, and tells how far it is
# and how many seeds it does in a minute. A seed that fails shows its journal, and the command that repeats it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOORWARD_SIMULATION_SEEDS=${1:-100000}
exec cargo test --release --locked -p doorward-simulation --test simulation many_seeds -- --nocapture
