#!/usr/bin/env bash
# The benchmarks; `make bench` calls this with DATABASE_URL naming a PostgreSQL database. They make databases of
# their own beside it and drop them at the end. Arguments (grants=30 foundations=6 …) make the national set smaller.
set -euo pipefail
cd "$(dirname "$0")/.."
exec .venv/bin/python -m benchmarks "$@"
