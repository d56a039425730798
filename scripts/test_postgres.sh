#!/usr/bin/env bash
# The suite on PostgreSQL. Browser tests, and walks through every page as every person, ran on SQLite (make test) and
# would say nothing new here: what differs is SQL, constraints and locks, and each page has tests of its own that meet
# them. ALL=1 runs everything here too.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/compile.sh
choose=(-m "not e2e and not every_page")
[ -z "${ALL:-}" ] || choose=()
exec scripts/with_postgres.sh .venv/bin/python -m pytest -n 2 "${choose[@]}" "$@"
