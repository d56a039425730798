"""The guides of docs/guide call buttons and pages by the words that really stand on them."""

import re
from functools import cache
from pathlib import Path

import django
import pytest

ROOT = Path(__file__).resolve().parent.parent
GUIDES = sorted((ROOT / "docs" / "guide").glob("*.md"))
DJANGO = Path(django.__file__).parent / "contrib" / "admin" / "locale" / "ja" / "LC_MESSAGES" / "django.po"
APPS = ("config", "core", "accounts", "foundations", "grantees", "grants", "mentoring", "reports")
INSERTED = r"(?:\{\{[^}]*\}\}|%\(\w+\)s|\{\w+\})"  # what a month or a name is written into


@cache
def source() -> str:
    """Every word of the product in Japanese; the demo's own words are no buttons."""
    paths = [p for name in APPS for p in (ROOT / name).rglob("*.py") if "demo" not in p.parts]
    paths += [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static" / "js").glob("*.js"), DJANGO]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def quoted(guide: Path) -> list[str]:
    """What stands in bold; a head that opens a line of advice ends in a colon or a full stop and is no name."""
    bold = re.findall(r"\*\*([^*]+)\*\*", guide.read_text(encoding="utf-8"))
    return [words.replace("\n", "") for words in bold if not words.endswith((":", "。"))]


def is_said(words: str) -> bool:
    return re.search(INSERTED.join(map(re.escape, words.split("○月"))), source()) is not None


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_what_a_guide_puts_in_bold_is_on_the_screen(guide: Path) -> None:
    assert [words for words in quoted(guide) if not is_said(words)] == []


def test_every_role_has_its_page() -> None:
    index = (ROOT / "docs" / "guide" / "README.md").read_text(encoding="utf-8")
    assert {guide.name for guide in GUIDES} - {"README.md"} <= set(re.findall(r"\]\((\w+\.md)\)", index))
    for readme in ("README.md", "README.ja.md"):
        assert "](docs/guide/" in (ROOT / readme).read_text(encoding="utf-8")
