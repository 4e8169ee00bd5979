#!/usr/bin/env bash
# Measures whether the time of a refusal tells which accounts there are. It is for a quiet machine, and
# not among the tests: a clock proves nothing on a busy one.
#
#   scripts/timing.sh [PAIRS]      400 pairs of each kind unless said otherwise
#
# Release servers are started on SQLite databases of their own. Requests for names that are there and for such that are not take turns; a rank test (Mann and Whitney) then says how often one of the
# former took longer than one of the latter. Half of the time is what it should be: 0.45–0.55.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
cargo build --quiet --release --locked --package doorward-server
exec python3 scripts/timing/timing.py "${1:-400}"
