#!/usr/bin/env bash
# The suite on PostgreSQL. The browser tests ran on SQLite (make test) and would say nothing new here: what
# differs is SQL, constraints and locks, and those are tested without a browser. E2E=1 runs them here too.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/compile.sh
choose=(-m "not e2e")
[ -z "${E2E:-}" ] || choose=()
exec scripts/with_postgres.sh .venv/bin/python -m pytest -n 2 "${choose[@]}" "$@"
