#!/usr/bin/env bash
# scripts/system.sh [PACKAGE…] : installs the Debian packages that are missing, as root or with sudo; without
# the right to, it prints the command and stops. Without a name: what every command of the product needs.
# apt is asked for nothing when all are there.
set -euo pipefail

if [ $# = 0 ]; then
    set -- libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
        fonts-morisawa-bizud-gothic fonts-morisawa-bizud-mincho fonts-noto-cjk fontconfig gettext
    # Debian's own Python comes without venv and ensurepip; another Python 3.11 may have them.
    python3 -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || set -- "$@" python3-venv
fi

if ! command -v dpkg-query >/dev/null; then
    echo "This machine is not a Debian. It needs, by whatever name: $*" >&2
    exit 0
fi

missing=()
for package in "$@"; do
    status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$status" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" = 0 ]; then
    as_root=(env)
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root=(sudo -n env)
else
    echo "System packages are missing. Please run this, then try again:" >&2
    echo "  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${missing[*]}" >&2
    exit 1
fi

echo "Installing system packages: ${missing[*]}"
"${as_root[@]}" apt-get update -qq </dev/null
"${as_root[@]}" DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null >/dev/null
