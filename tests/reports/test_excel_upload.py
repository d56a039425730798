"""Files that come in: which are opened at all, and what each of the others is told. Nothing is ever written here."""

import datetime as dt
import io
import re
import secrets
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import openpyxl
import pytest
from defusedxml import EntitiesForbidden
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client, override_settings

from accounts.models import User
from grants.models import Grant
from mentoring.models import Figure, ProgressSheet
from mentoring.reading import read_sheet
from reports.exports import package, parts, passport
from reports.exports.layout import lay_out
from reports.exports.workbook import render_workbook
from tests.factories import MembershipFactory, PlanRows, SheetFactory, make_plan
from tests.mentoring.entry import grow_plan, plan_money
from tests.reports.books import (
    Filled,
    as_excel_saves,
    download,
    figure_key,
    filled,
    offered,
    rewritten,
    upload,
)
from tests.reports.papers import named

SignIn = Callable[[User], Client]


@pytest.fixture
def sheet(plan: PlanRows) -> ProgressSheet:
    return SheetFactory(grant=plan.grant)


@pytest.fixture
def client(sign_in: SignIn, representative: User) -> Client:
    return sign_in(representative)


@pytest.fixture
def book(client: Client, sheet: ProgressSheet) -> bytes:
    return download(client, sheet)


def refused(response: HttpResponse, *words: str) -> None:
    html = response.content.decode()
    assert response.status_code == 422
    assert 'id="id_file_error"' in html
    for text in words:
        assert text in html
    assert not Figure.objects.exists()


def package_of(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


# --- the page ---


def test_the_page_says_what_to_do(client: Client, sheet: ProgressSheet) -> None:
    html = client.get(f"/sheets/{sheet.pk}/excel/upload/").content.decode()
    assert f'href="/sheets/{sheet.pk}/excel/" download' in html
    assert 'enctype="multipart/form-data"' in html
    assert "確かめて選ぶまで、何も変わりません" in html


def test_the_entry_page_leads_there(client: Client, sheet: ProgressSheet) -> None:
    html = client.get(f"/sheets/{sheet.pk}/entry/").content.decode()
    assert html.count(f'href="/sheets/{sheet.pk}/excel/upload/"') == 2  # in the rail, and where there is none


def test_a_page_to_read_offers_the_copy(sign_in: SignIn, adviser: User, sheet: ProgressSheet) -> None:
    html = sign_in(adviser).get(f"/sheets/{sheet.pk}/").content.decode()
    assert f'href="/sheets/{sheet.pk}/excel/" download' in html
    assert "excel/upload" not in html


@pytest.mark.parametrize("name", ["upload", "confirm"])
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("stranger", 404),
        ("other_grantee", 404),
        ("board", 404),
        ("adviser", 403),
        ("accountant", 403),
        ("admin", 403),
    ],
)
def test_who_may(
    request: pytest.FixtureRequest,
    sign_in: SignIn,
    sheet: ProgressSheet,
    book: bytes,
    name: str,
    who: str,
    status: int,
) -> None:
    client = sign_in(request.getfixturevalue(who))
    address = f"/sheets/{sheet.pk}/excel/{name}/"
    assert client.get(address).status_code == status
    file = SimpleUploadedFile("a.xlsx", book)
    assert client.post(address, {"file": file, "pending": "x"}).status_code == status


def test_signed_out_leads_to_sign_in_and_back(sheet: ProgressSheet) -> None:
    response = Client().post(f"/sheets/{sheet.pk}/excel/confirm/", {"pending": "x"})
    assert response.status_code == 302
    assert f"next=/sheets/{sheet.pk}/excel/confirm/" in response["Location"]


def test_coming_back_from_sign_in_asks_for_the_file_again(client: Client, sheet: ProgressSheet) -> None:
    response = client.get(f"/sheets/{sheet.pk}/excel/confirm/")
    assert response["Location"] == f"/sheets/{sheet.pk}/excel/upload/"


def test_neither_put_nor_delete(client: Client, sheet: ProgressSheet) -> None:
    for name in ("upload", "confirm"):
        assert client.put(f"/sheets/{sheet.pk}/excel/{name}/").status_code == 405


@pytest.mark.parametrize("state", ["submitted", "closed"])
def test_a_sheet_that_moved_on_takes_nothing(
    client: Client, sheet: ProgressSheet, plan: PlanRows, book: bytes, state: str, officer: User
) -> None:
    content = filled(book, lambda it: it.put(figure_key(plan, "sum"), "now", 6))
    sheet.state = state
    if state == "closed":
        sheet.closed_at, sheet.closed_by = dt.datetime(2022, 11, 20, tzinfo=dt.UTC), officer
    sheet.save()
    response = client.post(
        f"/sheets/{sheet.pk}/excel/upload/", {"file": SimpleUploadedFile("a.xlsx", content)}, follow=True
    )
    assert response.redirect_chain == [(f"/sheets/{sheet.pk}/", 302)]
    word = {"submitted": "提出済", "closed": "確定"}[state]
    html = response.content.decode()
    assert f"このシートはいま「{word}」なので、Excelからは取り込めません。" in html
    assert "ファイルはお手元に残っています" in html
    assert not Figure.objects.exists()


# --- what is no workbook of ours ---


def test_without_a_file(client: Client, sheet: ProgressSheet) -> None:
    refused(client.post(f"/sheets/{sheet.pk}/excel/upload/", {}), "ファイルを選んでください。")


def test_an_empty_file(client: Client, sheet: ProgressSheet) -> None:
    refused(upload(client, sheet, b""), "ファイルが空でした。")


OLE = package.OLE + b"\0" * 600


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.xls", OLE + b"W\0o\0r\0k\0b\0o\0o\0k\0", "古いExcelの形（.xls）です。"),
        ("a.xlsx", OLE + package.ENCRYPTED, "パスワードのついたファイルは開けません。"),
        ("a.csv", "番号,指標,10月\n①-1,居場所,6\n".encode("cp932"), "CSVは取り込めません。"),
        ("a.csv", "\ufeff番号,指標,10月\n".encode(), "CSVは取り込めません。"),
        ("a.pdf", b"%PDF-1.7\n%\xe2\xe3", "PDFは取り込めません。"),
        ("a.xlsx", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "Excelのファイルではないようです。"),
        ("a.xls", b"<html><table><tr><td>6</td></tr></table></html>", "Excelのファイルではないようです。"),
        ("a.xlsx", b"PK\x03\x04 not really", "Excelのファイルではないようです。"),
        ("a.ods", package_of(mimetype=package.ODS), "LibreOfficeの形（.ods）です。"),
        ("a.xlsb", package_of(**{"[Content_Types].xml": b"<x/>", "xl/workbook.bin": b"1"}), "バイナリの形（.xlsb）です。"),
        ("a.numbers", package_of(**{"Index/Document.iwa": b"1"}), "Numbersの形です。"),
        ("a.docx", package_of(**{"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}), "Excelのファイルではないようです。"),
        ("a.xlsx", package_of(**{"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"}), "このファイルを開けませんでした。"),
    ],
)  # fmt: skip
def test_each_kind_of_file_is_told_what_helps(
    client: Client, sheet: ProgressSheet, name: str, content: bytes, words: str
) -> None:
    refused(upload(client, sheet, content, name), words)


def test_an_ods_of_libreoffice_is_told_how_to_save(client: Client, sheet: ProgressSheet) -> None:
    refused(
        upload(client, sheet, package_of(mimetype=package.ODS), "a.xlsx"),
        "「Excel 2007-365（.xlsx）」を選んで",
    )


@pytest.mark.parametrize("name", ["進捗.xlsm", "進捗.xlsx"])
def test_a_workbook_with_macros(client: Client, sheet: ProgressSheet, book: bytes, name: str) -> None:
    content = rewritten(book, lambda _name, part: part, **{"xl/vbaProject.bin": b"Attribute VB_Name"})
    refused(
        upload(client, sheet, content, name), "マクロの入ったファイル（.xlsm）は、安全のため受け取りません。"
    )


def test_a_workbook_that_says_it_has_macros(client: Client, sheet: ProgressSheet, book: bytes) -> None:
    kind = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    plain_kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    content = rewritten(book, lambda _name, part: part.replace(plain_kind, kind))
    refused(upload(client, sheet, content), "マクロの入ったファイル")


def test_more_than_20_megabytes(client: Client, sheet: ProgressSheet, book: bytes) -> None:
    content = book + b"\0" * (package.LARGEST + 1 - len(book))
    refused(upload(client, sheet, content), "20MBを超えています")


def test_what_swells_when_unpacked(client: Client, sheet: ProgressSheet, book: bytes) -> None:
    huge = b"<x>" + b" " * (package.LARGEST_XML + 1) + b"</x>"
    for name in ("xl/extra.xml", "xl/media/picture.png"):
        content = rewritten(book, lambda _name, part: part, **{name: huge})
        assert len(content) < 100_000
        refused(upload(client, sheet, content), "ファイルの中身が大きすぎます")
    many = rewritten(
        book, lambda _name, part: part, **{f"xl/{n}.xml": b"" for n in range(package.MOST_PARTS)}
    )
    refused(upload(client, sheet, many), "ファイルの中身が大きすぎます")


def test_many_small_cells(client: Client, sheet: ProgressSheet, book: bytes) -> None:
    cells = b"<row>" + b"<c/>" * parts.MOST_ELEMENTS + b"</row></sheetData>"

    def change(name: str, part: bytes) -> bytes:
        return part.replace(b"</sheetData>", cells) if name.endswith("sheet1.xml") else part

    content = rewritten(book, change)
    assert len(content) < 100_000
    refused(upload(client, sheet, content), "ファイルの中身が大きすぎます")


def test_a_thousand_sheets_that_are_all_the_same(client: Client, sheet: ProgressSheet, book: bytes) -> None:
    def change(name: str, part: bytes) -> bytes:
        return (
            re.sub(rb"<sheets>(<sheet .*?/>)", rb"<sheets>" + rb"\1" * 1000, part)
            if name == "xl/workbook.xml"
            else part
        )

    content = rewritten(book, change)
    assert content != book
    refused(upload(client, sheet, content), "シートの枚数が多すぎます。")


def test_a_thousand_joined_ranges(client: Client, sheet: ProgressSheet, plan: PlanRows, book: bytes) -> None:
    ranges = b"".join(b'<mergeCell ref="A%d:XFD1048576"/>' % (900 + number) for number in range(1000))

    def change(name: str, part: bytes) -> bytes:
        joined = b"</sheetData><mergeCells>" + ranges + b"</mergeCells>"
        return part.replace(b"</sheetData>", joined) if name.endswith("sheet1.xml") else part

    assert upload(client, sheet, rewritten(book, change)).status_code == 200


@pytest.mark.parametrize(
    "content", [b"<x>\0</x>", '<?xml version="1.0" encoding="utf-16"?><x/>'.encode("utf-16")]
)
def test_xml_that_no_program_writes(
    client: Client, sheet: ProgressSheet, book: bytes, content: bytes
) -> None:
    refused(
        upload(client, sheet, rewritten(book, lambda _n, part: part, **{"xl/x.xml": content})),
        "開けませんでした",
    )


def test_a_picture_in_it_does_no_harm(
    client: Client, sheet: ProgressSheet, plan: PlanRows, book: bytes
) -> None:
    content = filled(book, lambda it: it.put(figure_key(plan, "sum"), "now", 6))
    photo = secrets.token_bytes(1_000_000)
    response = upload(
        client, sheet, rewritten(content, lambda _n, part: part, **{"xl/media/photo.jpg": photo})
    )
    assert offered(response) == [f"{figure_key(plan, 'sum')}-value"]


def test_what_excel_keeps_of_the_printer_does_no_harm(
    client: Client, sheet: ProgressSheet, book: bytes
) -> None:
    part = {"xl/printerSettings/printerSettings1.bin": "プリンター".encode("utf-16-le") + b"\0" * 64}
    assert upload(client, sheet, rewritten(book, lambda _n, part: part, **part)).status_code == 200


def test_an_entity_bomb_is_not_lit(client: Client, sheet: ProgressSheet, book: bytes) -> None:
    assert openpyxl.DEFUSEDXML
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'

    def change(name: str, part: bytes) -> bytes:
        return bomb + part.split(b"?>", 1)[-1] if name == "xl/worksheets/sheet1.xml" else part

    content = rewritten(book, change)
    refused(upload(client, sheet, content), "このファイルを開けませんでした。")
    with pytest.raises(ValueError, match="invalid XML") as caught:
        openpyxl.load_workbook(io.BytesIO(content))
    assert isinstance(caught.value.__cause__, EntitiesForbidden)


def test_a_damaged_sheet(client: Client, sheet: ProgressSheet, book: bytes) -> None:
    content = rewritten(
        book, lambda name, part: part[: len(part) // 2] if name.endswith("sheet1.xml") else part
    )
    refused(upload(client, sheet, content), "このファイルを開けませんでした。")


def test_a_workbook_of_somebody_elses_making(client: Client, sheet: ProgressSheet) -> None:
    stream = io.BytesIO()
    openpyxl.Workbook().save(stream)
    refused(upload(client, sheet, stream.getvalue()), "伴走からダウンロードした入力用のExcelではないようです")


def test_the_hidden_sheet_was_deleted(client: Client, sheet: ProgressSheet, book: bytes) -> None:
    def delete(it: Filled) -> None:
        del it.book["banso"]

    refused(upload(client, sheet, filled(book, delete)), "隠れたシートがありません")


def test_a_forged_key(client: Client, sheet: ProgressSheet, book: bytes) -> None:
    def forge(it: Filled) -> None:
        hidden = it.book["banso"]["A2"]
        hidden.value = hidden.value[:-3] + ("abc" if not hidden.value.endswith("abc") else "xyz")

    refused(upload(client, sheet, filled(book, forge)), "隠れたしるしが書きかわっていて")


def test_another_installations_key(client: Client, sheet: ProgressSheet) -> None:
    with override_settings(SECRET_KEY="somebody-elses-" * 5):
        foreign = render_workbook(lay_out(read_sheet(named(sheet))), to_enter=True)
    refused(upload(client, sheet, foreign), "隠れたしるしが書きかわっていて")


def test_an_old_template(client: Client, sheet: ProgressSheet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passport, "TEMPLATE", 0)
    old = download(client, sheet)
    monkeypatch.undo()
    refused(upload(client, sheet, old), "前のひな形です", "ファイルはそのままお手元に残ります")


def test_the_copy_to_read(client: Client, sheet: ProgressSheet) -> None:
    copy = render_workbook(lay_out(read_sheet(named(sheet))), to_enter=False)
    refused(upload(client, sheet, copy), "読むための控えです")


# --- another sheet's ---


def test_another_months(client: Client, sheet: ProgressSheet, plan: PlanRows) -> None:
    september = SheetFactory(grant=plan.grant, month=sheet.month.replace(month=9))
    refused(
        upload(client, sheet, download(client, september)),
        "2022年9月のExcelです。いま開いているのは2022年10月のシートです。",
    )


def test_another_grants_that_one_may_see_is_named(
    client: Client,
    sheet: ProgressSheet,
    other_grant: Grant,
    sign_in: SignIn,
    other_grantee: User,
    representative: User,
) -> None:
    theirs = download(sign_in(other_grantee), SheetFactory(grant=make_plan(other_grant).grant))
    html = upload(client, sheet, theirs).content.decode()
    assert "ほかの助成のExcelです。" in html
    assert "となりの会" not in html
    MembershipFactory(organisation=other_grant.organisation, user=representative)
    refused(
        upload(client, sheet, theirs), "「となりの会」の2022年10月のExcelです。このシートには取り込めません。"
    )


def test_another_foundations_is_not_named(
    client: Client, sheet: ProgressSheet, stranger_grant: Grant, sign_in: SignIn
) -> None:
    stranger = MembershipFactory(organisation=stranger_grant.organisation).user
    theirs = download(sign_in(stranger), SheetFactory(grant=make_plan(stranger_grant).grant))
    response = upload(client, sheet, theirs)
    refused(response, "ほかの助成のExcelです。")
    assert stranger_grant.organisation.name not in response.content.decode()


# --- a changed structure ---


def test_the_hidden_head_is_gone(client: Client, sheet: ProgressSheet, book: bytes) -> None:
    refused(
        upload(client, sheet, filled(book, lambda it: it.page.delete_rows(1))),
        "隠れた見出しの行がなくなっています",
    )


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("key", "隠れた左端の列"),
        ("now", "今月の列"),
        ("whole", "割合の、全体の数の列"),
        ("note", "備考・ひとことの列"),
    ],
)
def test_a_column_is_gone(client: Client, sheet: ProgressSheet, book: bytes, code: str, word: str) -> None:
    content = filled(book, lambda it: it.page.delete_cols(it.column(code)))
    refused(upload(client, sheet, content), f"列がなくなっています（{word}）")


def test_a_column_stands_twice(client: Client, sheet: ProgressSheet, book: bytes) -> None:
    def copy(it: Filled) -> None:
        for row in range(1, it.page.max_row + 1):
            it.page.cell(row, 13).value = it.page.cell(row, 8).value

    refused(upload(client, sheet, filled(book, copy)), "同じ列が2つあります（M の列）")


def test_the_page_stands_twice(client: Client, sheet: ProgressSheet, book: bytes) -> None:
    def copy(it: Filled) -> None:
        it.book.copy_worksheet(it.page)

    refused(upload(client, sheet, filled(book, copy)), "入力のシートが2枚あります（「入力」、「入力 Copy」）")


def test_sorted_moved_and_renamed_it_is_still_read(
    client: Client, sheet: ProgressSheet, plan: PlanRows, book: bytes
) -> None:
    """Lines in another order, a column put in, another name, one's own sheet in front: keys find their way."""

    def shuffle(it: Filled) -> None:
        it.put(figure_key(plan, "sum"), "now", "６回")
        it.put(figure_key(plan, "ratio"), "whole", 8)
        it.put(figure_key(plan, "ratio"), "now", 5)
        lines = [[cell.value for cell in row] for row in it.page.iter_rows(min_row=5)]
        for number, line in enumerate(reversed(lines), start=5):
            for column, value in enumerate(line, start=1):
                it.page.cell(number, column).value = value
        it.page.insert_cols(8)
        it.page.cell(4, 8).value = "メモ"
        it.page.title = "10月分"
        it.book.create_sheet("わたしのメモ", 0)["A1"] = "=1+1"

    response = upload(client, sheet, filled(book, shuffle))
    assert response.status_code == 200
    html = response.content.decode()
    assert sorted(offered(response)) == sorted(
        [f"{figure_key(plan, 'sum')}-value", f"{figure_key(plan, 'ratio')}-numerator"]
    )
    assert "取り込めないところ" not in html
    assert "黄色でないところ" not in html


def test_written_as_excel_writes(client: Client, sheet: ProgressSheet, plan: PlanRows, book: bytes) -> None:
    """Shared strings with readings beside them; the readings are not part of the text."""

    def fill(it: Filled) -> None:
        it.put(figure_key(plan, "sum"), "now", 6)
        it.put("remark", "note", "笑い声が増えた。")
        it.put(figure_key(plan, "presence"), "now", "作成中")

    content = as_excel_saves(filled(book, fill))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert "ヨミ" in archive.read("xl/sharedStrings.xml").decode()
        assert b"inlineStr" not in archive.read("xl/worksheets/sheet1.xml")
    response = upload(client, sheet, content)
    html = response.content.decode()
    assert len(offered(response)) == 3
    assert "笑い声が増えた。" in html
    assert "ヨミ" not in html
    assert "取り込めないところ" not in html


def test_an_untouched_workbook_changes_nothing(client: Client, sheet: ProgressSheet, book: bytes) -> None:
    response = upload(client, sheet, book)
    assert response.status_code == 200
    assert offered(response) == []
    assert "いまのシートと同じでした" in response.content.decode()


def test_the_file_is_not_kept(
    client: Client, sheet: ProgressSheet, plan: PlanRows, book: bytes, settings: Any
) -> None:
    content = filled(book, lambda it: it.put(figure_key(plan, "sum"), "now", 6))
    before = sorted(settings.PRIVATE_ROOT.rglob("*")) if settings.PRIVATE_ROOT.exists() else []
    assert upload(client, sheet, content).status_code == 200
    after = sorted(settings.PRIVATE_ROOT.rglob("*")) if settings.PRIVATE_ROOT.exists() else []
    assert before == after
    assert not Figure.objects.exists()


@pytest.mark.parametrize("more", [0, 2])
def test_queries_do_not_grow_with_the_plan(
    client: Client,
    sheet: ProgressSheet,
    plan: PlanRows,
    more: int,
    django_assert_num_queries: Callable[[int], AbstractContextManager[Any]],
) -> None:
    grow_plan(plan, more)
    plan_money(plan)

    def fill(it: Filled) -> None:
        for row in range(5, it.page.max_row + 1):
            if str(it.page.cell(row, 1).value).startswith("figure-"):
                it.page.cell(row, 12).value = "備考"

    content = filled(download(client, sheet), fill)
    with django_assert_num_queries(26):
        response = upload(client, sheet, content)
    assert len(offered(response)) == 7 + more


def locked(book: bytes) -> bytes:
    """As an archiver leaves it that was given a password: every part says that it is encrypted."""
    content = bytearray(book)
    for mark, flags in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = content.find(mark)
        while at >= 0:
            content[at + flags] |= 1
            at = content.find(mark, at + 4)
    return bytes(content)


def damaged(book: bytes) -> bytes:
    """The list of parts is whole, a part is not."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        part = archive.getinfo("xl/workbook.xml")
    content, at = bytearray(book), part.header_offset + 30 + len(part.filename)
    content[at : at + 8] = b"\xff" * 8
    return bytes(content)


@pytest.mark.parametrize(("spoil", "words"), [(locked, "パスワード"), (damaged, "開けませんでした")])
def test_a_package_that_cannot_be_unpacked_is_told(
    client: Client, sheet: ProgressSheet, book: bytes, spoil: Callable[[bytes], bytes], words: str
) -> None:
    refused(upload(client, sheet, spoil(book)), words)
