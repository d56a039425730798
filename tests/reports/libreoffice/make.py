"""Makes the workbooks beside this file anew, written by a real LibreOffice (Debian: libreoffice-calc, python3-uno):

    .venv/bin/python -m tests.reports.libreoffice.make

They carry signatures of the tests' own key, and numbers of tests/reports/invented.py.
"""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
TYPED = [  # line, column, what is typed
    ("change-11", "note", "顔なじみが増えた。"),
    ("figure-101", "now", "７"),
    ("figure-102", "now", "1/2"),
    ("figure-103", "now", "5"),
    ("figure-103", "whole", "８人"),
    ("figure-104", "now", "計画どおり進んでいる"),
    ("figure-104-state", "note", "=話せる人ができた"),
    ("figure-105", "now", "作成中"),
    ("spent-administrative", "now", "1,234"),
    ("spent-direct", "now", "=1000+500"),
    ("cost-direct", "now", "順調"),
    ("homework-31", "now", "済"),
    ("remark", "note", "1-2"),
]


def soffice() -> str | None:
    return shutil.which("soffice") or shutil.which("libreoffice")


def type_and_store(source: Path, target: Path, typed: list[tuple[str, str]], scratch: Path) -> None:
    """With a LibreOffice and a profile of its own, so that nobody else's is disturbed."""
    office = soffice()
    assert office, "LibreOffice is not installed"
    keys = scratch / "typed.json"
    keys.write_text(json.dumps(typed, ensure_ascii=False), encoding="utf-8")
    pipe = f"banso-{os.getpid()}"
    running = subprocess.Popen(
        [office, "--headless", "--norestore", f"-env:UserInstallation=file://{scratch}/profile",
         f"--accept=pipe,name={pipe};urp;"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        script = HERE / "typing_uno.py"
        subprocess.run(["/usr/bin/python3", script, pipe, source, target, keys], check=True, timeout=180)
        running.wait(timeout=60)
    finally:
        if running.poll() is None:
            running.kill()


def convert(source: Path, kind: str, scratch: Path) -> Path:
    """`kind` is xlsx or ods. Returns the new file, in `scratch`."""
    office = soffice()
    assert office, "LibreOffice is not installed"
    subprocess.run(
        [office, "--headless", "--norestore", f"-env:UserInstallation=file://{scratch}/profile",
         "--convert-to", kind, "--outdir", scratch, source],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    return scratch / f"{source.stem}.{kind}"


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    from django.utils import translation

    from reports.exports.layout import lay_out
    from reports.exports.workbook import render_workbook
    from tests.reports.books import Filled
    from tests.reports.invented import invented_reading

    with translation.override("ja"), tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        content = render_workbook(lay_out(invented_reading()), to_enter=True)
        blank = scratch / "blank.xlsx"
        blank.write_bytes(content)
        book = Filled(content)
        typed = [(book.at(line, column), text) for line, column, text in TYPED]
        type_and_store(blank, HERE / "typed.xlsx", typed, scratch)
        ods = convert(HERE / "typed.xlsx", "ods", scratch)
        shutil.copy(ods, HERE / "typed.ods")
        shutil.copy(convert(ods, "xlsx", scratch), HERE / "through_ods.xlsx")


if __name__ == "__main__":
    main()
