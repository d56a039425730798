"""What is vendored is what the list says, to the byte, and nothing else lies there."""

import hashlib
from pathlib import Path

from django.conf import settings

STATIC = Path(settings.BASE_DIR) / "static"
VENDORED = STATIC / "vendor" / "VENDORED.txt"


def test_vendored_files_are_what_the_list_says():
    listed = {}
    for line in VENDORED.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            path, digest, package, licence = line.split()
            assert "@" in package
            assert licence
            listed[path] = digest
    found = {
        str(file.relative_to(STATIC)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in (STATIC / "vendor").rglob("*")
        if file.is_file() and file != VENDORED
    }
    assert found == listed
