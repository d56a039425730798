#!/usr/bin/env bash
# Every check runs, so that one run names everything; the exit status is that of all together.
set -uo pipefail
cd "$(dirname "$0")/.."
export DEBUG=1 DATABASE_URL=sqlite:///:memory:
bin=$PWD/.venv/bin
failed=()

check() { # check NAME COMMAND…
    local name=$1 output
    shift
    if output=$("$@" 2>&1); then
        echo "ok      $name"
    else
        echo "FAILED  $name"
        echo "$output"
        failed+=("$name")
    fi
}

in_production() { # the settings as a real installation has them
    env DEBUG=0 SECRET_KEY="$("$bin/python" -c 'import secrets; print(secrets.token_urlsafe(64))')" \
        ALLOWED_HOSTS=banso.example.org SITE_URL=https://banso.example.org TRUSTED_PROXY_COUNT=1 \
        EMAIL_URL=smtp://localhost:25 DATABASE_URL=sqlite:///:memory: "$@"
}

check "ruff check" "$bin/ruff" check .
check "ruff format" "$bin/ruff" format --check .
check "mypy" "$bin/mypy" .
check "import-linter" "$bin/lint-imports"
# djlint only looks for mistakes. Its formatter breaks lines between inline elements, and in Japanese, which has
# no spaces, each such break shows as a gap.
check "djlint" "$bin/djlint" --quiet --lint templates
check "makemigrations --check" "$bin/python" manage.py makemigrations --check --dry-run
check "manage.py check" "$bin/python" manage.py check --fail-level WARNING
check "manage.py check --deploy" in_production "$bin/python" manage.py check --deploy --fail-level WARNING

[ ${#failed[@]} -eq 0 ] || { echo; echo "lint failed: ${failed[*]}"; exit 1; }
