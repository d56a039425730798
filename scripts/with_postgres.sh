#!/usr/bin/env bash
# scripts/with_postgres.sh COMMAND… : runs the command with DATABASE_URL naming a PostgreSQL database:
# the one that it names already; else one on 127.0.0.1:5432 (POSTGRES_PORT for another port) where we may make
# databases; else one of a cluster of its own, thrown away at the end. The last two need not exist yet: tests
# make their own beside them.
set -euo pipefail
cd "$(dirname "$0")/.."

# Two clones on one machine must not share a test database.
name=banso_$(pwd | cksum | cut -d' ' -f1)

if [ -n "${DATABASE_URL:-}" ]; then
    case $DATABASE_URL in
        postgres*) exec "$@" ;;
        *) echo "DATABASE_URL does not name a PostgreSQL database" >&2; exit 1 ;;
    esac
fi

if url=$(.venv/bin/python scripts/find_postgres.py "${POSTGRES_PORT:-5432}" "$name"); then
    echo "PostgreSQL on 127.0.0.1:${POSTGRES_PORT:-5432}"
    DATABASE_URL=$url exec "$@"
fi

initdb=$(compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -n 1 || true)
if [ -z "$initdb" ]; then
    scripts/system.sh postgresql
    initdb=$(compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -n 1)
fi
bin=$(dirname "$initdb")

# PostgreSQL refuses to run as root, and no port is opened: the cluster is reached by a socket in its folder.
as_owner=()
folder=$(mktemp -d /tmp/banso-postgres.XXXXXX)
if [ "$(id -u)" = 0 ]; then
    chown postgres "$folder"
    as_owner=(runuser -u postgres --)
fi
remove() {
    (cd / && "${as_owner[@]}" "$bin/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null 2>&1) || true
    rm -rf "$folder"
}
trap remove EXIT
trap 'exit 130' INT TERM

echo "PostgreSQL: a throw-away cluster in $folder"
(
    cd /
    "${as_owner[@]}" "$bin/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null
    "${as_owner[@]}" "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w start -o \
        "-k $folder -c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off" >/dev/null
) || { cat "$folder/log" >&2 2>/dev/null; exit 1; }

DATABASE_URL="postgres://postgres@/$folder/$name" "$@"
