"""English is a complete second language: every Japanese source string has its translation."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

CATALOGUE = Path("locale/en/LC_MESSAGES/django.po")
ROOMS = (
    "accounts",
    "config",
    "core",
    "foundations",
    "grantees",
    "grants",
    "mentoring",
    "reports",
    "templates",
)


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """locale/en as makemessages would leave it, made from the strings of today in a folder apart."""
    apart = tmp_path_factory.mktemp("messages")
    for room in (*ROOMS, "locale"):
        shutil.copytree(settings.BASE_DIR / room, apart / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(settings.BASE_DIR / "manage.py", apart)
    subprocess.run(
        [sys.executable, "manage.py", "makemessages", "--locale", "en", "--no-location", "--no-obsolete"],
        cwd=apart,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"},
        check=True,
        capture_output=True,
    )
    return apart / CATALOGUE


def test_english_is_complete(catalogue: Path) -> None:
    """`make messages` adds what is new; then translate it in locale/en."""
    for kind in ("--untranslated", "--only-fuzzy"):
        missing = subprocess.run(
            ["msgattrib", kind, "--no-obsolete", catalogue], check=True, capture_output=True, text=True
        ).stdout
        assert missing == "", f"{kind}:\n{missing}"


def test_placeholders_survive(catalogue: Path) -> None:
    subprocess.run(
        ["msgfmt", "--check-format", "--output-file", "/dev/null", catalogue], check=True, capture_output=True
    )


def test_pages_speak_english_when_asked() -> None:
    with translation.override("en"):
        assert gettext("進捗共有シート") == "Progress sheet"
