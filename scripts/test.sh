#!/usr/bin/env bash
# The whole suite on SQLite. Further words go to pytest: scripts/test.sh tests/grants -k budget
set -euo pipefail
cd "$(dirname "$0")/.."
unset DATABASE_URL
# The Node.js inside Playwright's package needs libatomic; its own browsers are not used.
packages=(libatomic1)
[ -n "${CHROMIUM_PATH:-}" ] || command -v chromium >/dev/null || packages+=(chromium)
scripts/system.sh "${packages[@]}"
scripts/compile.sh
exec .venv/bin/python -m pytest -n 2 "$@"
