#!/usr/bin/env bash
# Compiles those .po files of locale/ that are newer than their .mo.
set -euo pipefail
cd "$(dirname "$0")/.."
[ -d locale ] || exit 0
find locale -name '*.po' | while read -r po; do
    mo=${po%.po}.mo
    [ "$mo" -nt "$po" ] || msgfmt --check-format -o "$mo" "$po"
done
