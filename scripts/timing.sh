#!/usr/bin/env bash
# Measures whether response times of refusals reveal which accounts exist. Run it on an idle machine. It is not part of
# the tests, since times on a busy machine prove nothing.
#
#   scripts/timing.sh [PAIRS]      number of pairs of each kind (default: 400)
#
# Starts release servers with their own SQLite databases, and alternates requests for existing and unknown names. A rank
# test (Mann and Whitney) then gives how often a request for an existing name took longer than one for an unknown name:
# about half of the time (0.45–0.55) means that they can't be distinguished.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
cargo build --quiet --release --locked --package doorward-server
exec python3 scripts/timing/timing.py "${1:-400}"
