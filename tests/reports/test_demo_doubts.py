"""The demonstration is written as we ask people to write: so the doubts of core.doubts have nothing to ask there."""

import ast
from pathlib import Path

import reports.demo
from core.doubts import doubts_in


def sentences() -> list[str]:
    """Every Japanese text in the sources of the demonstration."""
    found = []
    for path in sorted(Path(reports.demo.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and not node.value.isascii():
                found.append(node.value)
    return found


def test_the_demonstration_raises_no_doubt() -> None:
    texts = sentences()
    assert len(texts) > 400
    assert [(text, doubt.text) for text in texts for doubt in doubts_in(text)] == []
