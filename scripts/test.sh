#!/usr/bin/env bash
# The whole suite on SQLite. Further words go to pytest: scripts/test.sh tests/grants -k budget
set -euo pipefail
cd "$(dirname "$0")/.."
unset DATABASE_URL
[ -n "${CHROMIUM_PATH:-}" ] || command -v chromium >/dev/null || scripts/system.sh chromium
scripts/compile.sh
exec .venv/bin/python -m pytest -n 2 "$@"
