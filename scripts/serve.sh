#!/usr/bin/env bash
# scripts/serve.sh demo [reset] | run : migrates and serves on 127.0.0.1:$PORT. Running it again keeps what was entered.
set -euo pipefail
cd "$(dirname "$0")/.."
python=.venv/bin/python
address="http://127.0.0.1:${PORT:-8000}"

# As in production, short of HTTPS: a page that is not there answers in our own words, not in a developer's.
export DEBUG=0 HTTPS=0 ALLOWED_HOSTS="127.0.0.1,localhost" SITE_URL="$address" PYTHONUNBUFFERED=1
mkdir -p var
[ -s var/secret_key ] || (umask 077 && $python -c 'import secrets; print(secrets.token_urlsafe(64))' > var/secret_key)
SECRET_KEY="$(cat var/secret_key)"
export SECRET_KEY
unset BANSO_ENV_FILE EMAIL_URL
if [ "$1" = demo ]; then
    # The story of the demo ends in January 2024; on that day its due days and turns read as they did then.
    export DEMO_TODAY=2024-01-09
    export DATABASE_URL="sqlite:///$PWD/var/demo.sqlite3"
    export PRIVATE_ROOT="$PWD/var/demo/private" MAIL_FOLDER="$PWD/var/demo/mail"
else
    export DATABASE_URL="${DATABASE_URL:-sqlite:///$PWD/var/db.sqlite3}"
    unset DEMO_TODAY
fi

if ! $python - "${PORT:-8000}" <<'PY'; then
import socket, sys
with socket.socket() as s:
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        s.bind(("127.0.0.1", int(sys.argv[1])))
    except OSError:
        sys.exit(1)
PY
    echo "Port ${PORT:-8000} is taken. Choose another: make $1 PORT=8001" >&2
    exit 1
fi

# Only now, when no other server is using them.
[ "${2:-}" != reset ] || rm -rf var/demo.sqlite3* var/demo
mkdir -p var/demo

scripts/compile.sh
$python manage.py collectstatic --noinput --verbosity 0
$python manage.py migrate --verbosity 0
if [ "$1" = demo ]; then
    # DEBUG, because its passwords are public and it refuses elsewhere. The PDFs of the closed months take a
    # minute or more: they follow while the pages are already served, the latest first.
    DEBUG=1 $python manage.py load_demo --no-pdf
    echo "確定した月のPDFは、このあと1〜2分でそろいます（記録は var/demo/pdf.log）。"
    DEBUG=1 nice $python manage.py load_demo --pdf-only > var/demo/pdf.log 2>&1 &
else
    echo "最初の管理者は、別の端末から DEBUG=1 .venv/bin/python manage.py createadmin で作れます。"
fi
echo
echo "伴走: $address/  (Ctrl-C で終わります)"
exec .venv/bin/gunicorn config.wsgi --bind "127.0.0.1:${PORT:-8000}" --workers 2 --no-control-socket \
    --access-logfile - --access-logformat '%(t)s %(s)s %(m)s %(U)s' --log-level warning
