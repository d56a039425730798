#!/usr/bin/env bash
# Japanese is the source language: locale/en is the one catalogue, kept complete.
set -euo pipefail
cd "$(dirname "$0")/.."
export DEBUG=1
mkdir -p locale
.venv/bin/python manage.py makemessages --locale en --no-location --no-obsolete \
    --ignore '.venv' --ignore 'var' --ignore 'tests' --ignore 'benchmarks' --ignore 'static/vendor'
scripts/compile.sh
for po in locale/*/LC_MESSAGES/*.po; do
    echo "$po: $(msgfmt --statistics -o /dev/null "$po" 2>&1)"
done
