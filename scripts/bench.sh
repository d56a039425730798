#!/usr/bin/env bash
# The benchmarks; `make bench` calls this with DATABASE_URL naming a PostgreSQL database.
set -euo pipefail
cd "$(dirname "$0")/.."
export DEBUG=0 HTTPS=0 SECRET_KEY=only-for-the-benchmark-only-for-the-benchmark-only ALLOWED_HOSTS=testserver

.venv/bin/python - <<'PY'
import environ, psycopg2
settings = environ.Env().db_url("DATABASE_URL")
connection = psycopg2.connect(dbname="postgres", host=settings["HOST"], port=settings["PORT"] or None,
                              user=settings["USER"], password=settings["PASSWORD"])
connection.autocommit = True
with connection.cursor() as cursor:
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [settings["NAME"]])
    if cursor.fetchone() is None:
        cursor.execute(f'CREATE DATABASE "{settings["NAME"]}"')
PY
exec .venv/bin/python -m benchmarks "$@"
