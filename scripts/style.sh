#!/usr/bin/env bash
# Checks the words of docs, comments, messages, and test names: docs/contribute/style.md.
#
#   scripts/style.sh            lists the findings, and fails if there are any
#   scripts/style.sh PATH...    lists the findings of files below the paths
#   scripts/style.sh --count    counts the findings by word and folder
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
exec python3 scripts/style/check.py "$@"
