#!/usr/bin/env bash
# Pins every requirement with its hashes, naming no index: what is installed is decided by the hash alone.
# `make lock` keeps today's pins that still fit; `UPGRADE=1 make lock` looks for newer ones.
set -euo pipefail
cd "$(dirname "$0")/.."
uv=$(command -v uv || echo .venv/bin/uv)
[ -x "$uv" ] || { echo "uv is missing: pip install uv" >&2; exit 1; }

compile() { # compile OUTPUT [ARGUMENT…]
    local output=$1
    shift
    "$uv" pip compile --quiet --generate-hashes --no-emit-index-url --no-header --python-version 3.11 \
        ${UPGRADE:+--upgrade} "$@" --output-file "$output" pyproject.toml
}
compile requirements/base.txt
compile requirements/dev.txt --group test --group lint
