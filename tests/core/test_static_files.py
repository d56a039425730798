"""Modules import each other under names that change with their content."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage

from core.static_files import HashedStaticFiles


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.DEBUG = False
    (tmp_path / "page.js").write_text('import { one } from "./number.js";\none();\n', encoding="utf-8")
    (tmp_path / "number.js").write_text("export const one = () => 1;\n", encoding="utf-8")
    return tmp_path


def test_an_imported_module_is_found_by_its_hash(folder: Path) -> None:
    storage = HashedStaticFiles(location=folder, base_url="/static/")
    source = FileSystemStorage(location=folder)
    named = {
        name: new for name, new, _ in storage.post_process({p: (source, p) for p in ("page.js", "number.js")})
    }
    page = (folder / named["page.js"]).read_text(encoding="utf-8")
    assert named["number.js"] != "number.js"
    assert f'from "./{named["number.js"]}"' in page
