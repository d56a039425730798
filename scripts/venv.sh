#!/usr/bin/env bash
# scripts/venv.sh base|dev : makes .venv from requirements/base.txt (to run) or dev.txt (to test, holds base too).
# .venv/base and .venv/dev hold the hash of what was installed; another hash makes the environment anew.
set -euo pipefail
cd "$(dirname "$0")/.."
level=$1

fits() { # fits LEVEL: .venv works and was made from today's requirements of that level
    [ "$(cat ".venv/$1" 2>/dev/null)" = "$(sha256sum <"requirements/$1.txt")" ] && .venv/bin/python -c '' 2>/dev/null
}

if fits "$level"; then
    touch ".venv/$level"
    exit 0
fi

if ! fits base || [ -e .venv/dev ]; then
    for python in ${PYTHON:-python3 python3.11 python3.12 python3.13 /usr/bin/python3} ''; do
        [ -n "$python" ] || { echo "No Python 3.11 or later with venv here. Name one: make … PYTHON=/usr/bin/python3" >&2; exit 1; }
        "$python" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break
    done
    echo "Making .venv with $("$python" --version)"
    rm -rf .venv
    "$python" -m venv .venv
fi
echo "Installing requirements/$level.txt"
.venv/bin/python -m pip install -qq --disable-pip-version-check --no-input --require-hashes \
    -r "requirements/$level.txt"
for made in base "$level"; do
    sha256sum <"requirements/$made.txt" >".venv/$made"
done
