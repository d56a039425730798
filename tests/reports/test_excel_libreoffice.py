"""Workbooks that LibreOffice wrote: committed ones, typed by its own keyboard (tests/reports/libreoffice/make.py), and one
that is sent through it now, where it is installed."""

import io
import tempfile
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from mentoring.models import Figure, ProgressSheet
from reports.exports.claims import claims_of
from reports.exports.differences import compare
from reports.exports.layout import lay_out
from reports.exports.package import NotTaken
from reports.exports.reading import read_workbook
from tests.factories import FigureFactory, PlanRows, SheetFactory
from tests.mentoring.entry import figure
from tests.reports.books import confirm, download, figure_key, filled, offered, ticked, upload
from tests.reports.invented import invented_reading
from tests.reports.libreoffice.make import convert, soffice

HERE = Path(__file__).parent / "libreoffice"


def test_they_are_libreoffices_own() -> None:
    for name in ("typed.xlsx", "through_ods.xlsx"):
        with zipfile.ZipFile(HERE / name) as archive:
            assert "LibreOffice" in archive.read("docProps/app.xml").decode()


@pytest.mark.parametrize("name", ["typed.xlsx", "through_ods.xlsx"])
def test_what_was_typed_is_read(name: str) -> None:
    content = (HERE / name).read_bytes()
    layout = lay_out(invented_reading())
    claims = claims_of(read_workbook(io.BytesIO(content), len(content)), layout)
    comparison = compare(layout.reading, claims.claims)
    assert {found.key: found.new for found in comparison.differences} == {
        "change-11-text": "顔なじみが増えた。",
        "figure-101-value": "7",
        "figure-103-numerator": "5／8",
        "figure-104-step": "計画どおり進んでいる",
        "figure-104-sentence": "=話せる人ができた",
        "figure-105-presence": "作成中",
        "spent-administrative-amount_yen": "1,234",
        "cost-direct-status": "順調",
        "homework-31-done": "済",
        "remark-remark": "1-2",
    }
    told = {problem.title: problem.text for problem in claims.problems}
    assert "日付（1月2日）になっています" in told["①-1 会員"]
    assert "計算式が入っています" in told["予算 directの支出"]
    assert len(told) == 2
    assert claims.not_taken == []
    assert not comparison.problems
    assert "figure-101-note" in claims.untouched  # a text that looks like a formula came back as it went


def test_its_own_format_is_told_how_to_save() -> None:
    content = (HERE / "typed.ods").read_bytes()
    with pytest.raises(NotTaken, match="「名前を付けて保存」") as refused:
        read_workbook(io.BytesIO(content), len(content))
    assert refused.value.code == "ods"


@pytest.mark.skipif(soffice() is None, reason="LibreOffice is not installed")
def test_through_libreoffice_and_back(plan: PlanRows, sign_in: object, representative: User) -> None:
    """The workbook of today, filled in, saved by LibreOffice as .ods and again as .xlsx."""
    client = Client()
    client.force_login(representative)
    sheet: ProgressSheet = SheetFactory(grant=plan.grant)
    FigureFactory(sheet=sheet, indicator=plan.indicators["latest"], value=9, note="=1+1\n-5度")
    content = filled(download(client, sheet), lambda it: it.put(figure_key(plan, "sum"), "now", "６回"))
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        (scratch / "book.xlsx").write_bytes(content)
        ods = convert(scratch / "book.xlsx", "ods", scratch)
        address = f"/sheets/{sheet.pk}/excel/upload/"
        refused = client.post(address, {"file": SimpleUploadedFile("book.ods", ods.read_bytes())})
        assert "LibreOfficeの形（.ods）です。" in refused.content.decode()
        response = upload(client, sheet, convert(ods, "xlsx", scratch).read_bytes())
    html = response.content.decode()
    assert offered(response) == ticked(response) == [figure(plan, "sum")]
    assert "取り込めないところ" not in html
    assert "黄色でないところ" not in html
    confirm(client, sheet, response)
    assert Figure.objects.get(indicator=plan.indicators["sum"]).value == 6
