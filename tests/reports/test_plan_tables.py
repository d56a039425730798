"""Tables in files and on the clipboard, as people have them."""

import csv
import datetime as dt
import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from grants.plan import Plan
from grants.plan_import.comparison import compare
from grants.plan_import.reading import read_draft
from grants.plan_import.table import NoPlan, SourceRow, TextRow, heads_of, read_table
from grants.plan_import.writing import plan_rows
from grants.plan_text.headings import HEADS, TEN, Column
from reports.exports.cells import FORMULA_SIGNS, shielded, split_cells, unshielded
from reports.exports.plan import plan_csv, plan_workbook
from reports.exports.tables import NoTable, read_pasted, read_table_file
from reports.plan_form import posted_rows
from tests.plan.texts import PERIOD, plans, words
from tests.samples import LOCKED_OFFICE, OLD_OFFICE, PDF, content_types, office, zipped

HEAD = [HEADS[column] for column in TEN]


def book(*rows: list[Any], title: str = "計画") -> Workbook:
    made = Workbook()
    page = made.active
    assert page is not None
    page.title = title
    for row in rows:
        page.append(row)
    return made


def saved(made: Workbook) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def read(content: bytes, name: str = "計画.xlsx") -> list[SourceRow]:
    return list(read_table(read_table_file(io.BytesIO(content), name).rows).rows)


# --- workbooks ---------------------------------------------------------------------------------------------


def test_a_workbook() -> None:
    rows = read(saved(book(HEAD, ["短期アウトカム", "①", "相談できる", "割合", "25%", "80%", "2024年1月"])))
    assert rows[0].cells == {
        Column.KIND: "短期アウトカム", Column.NUMBER: "①", Column.TEXT: "相談できる", Column.INDICATOR: "割合",
        Column.BASELINE: "25%", Column.TARGET: "80%", Column.DUE: "2024年1月",
    }  # fmt: skip
    assert rows[0].at == "2"


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (0.8, "0%", "80%"),
        (0.125, "0.0%", "12.5%"),
        (20, "General", "20"),
        (1234.5, "#,##0.0", "1234.5"),
        (20, '0"人"', "20人"),
        (1234, '#,##0"円"', "1234円"),
        (dt.date(2024, 1, 31), "yyyy/m/d", "2024年1月31日"),
        (dt.date(2024, 1, 1), 'yyyy"年"m"月"', "2024年1月"),
        (dt.date(2024, 1, 1), '[$-411]ge"年"m"月"d"日"', "2024年1月1日"),
        (dt.date(2026, 1, 2), 'm"月"d"日"', "1月2日"),
        (True, "General", "True"),
    ],
)
def test_cells_are_read_as_they_show(value: Any, number_format: str, text: str) -> None:
    made = book(HEAD, ["短期アウトカム", "①", "あ", "名"])
    cell = made["計画"]["F2"]
    cell.value, cell.number_format = value, number_format
    assert read(saved(made))[0][Column.TARGET] == text


def test_merged_cells() -> None:
    made = book(
        HEAD,
        ["アウトプット", "①-1", "居場所", "日数", "0日", "48日", "2024年1月"],
        ["", "", "", "人数", "0人", "20人", ""],
        ["アウトプット", "①-2", "講座"],
    )
    for area in ("A2:A3", "B2:B3", "C2:C3", "G2:G3"):
        made["計画"].merge_cells(area)
    rows = read(saved(made))
    draft = read_draft(rows, PERIOD)
    assert [(o.text, len(o.indicators)) for o in draft.outputs] == [("居場所", 2), ("講座", 0)]
    assert {i.due_on for i in draft.indicators()} == {dt.date(2024, 1, 31)}


def test_several_sheets_are_read_those_without_heads_and_hidden_ones_are_not() -> None:
    made = book(HEAD, ["短期アウトカム", "①", "相談できる"], title="アウトカム")
    second = made.create_sheet("アウトプット")
    for row in (HEAD, ["アウトプット", "①-1", "居場所"]):
        second.append(row)
    made.create_sheet("メモ").append(["覚え書き"])
    hidden = made.create_sheet("古い版")
    hidden.sheet_state = "hidden"
    for row in (HEAD, ["短期アウトカム", "②", "古い"]):
        hidden.append(row)
    table = read_table_file(io.BytesIO(saved(made)), "計画.xlsx")
    rows = read_table(table.rows).rows
    assert [(row.at, row[Column.TEXT]) for row in rows] == [
        ("アウトカム!2", "相談できる"),
        ("アウトプット!2", "居場所"),
    ]
    assert ["メモ" in doubt.words for doubt in table.doubts] == [True]


def test_a_formula_gives_what_it_showed_with_a_doubt(tmp_path: Path) -> None:
    made = book(HEAD, ["短期アウトカム", "①", "あ", "回数", "", "=12*3"])
    rows = read(saved(made))
    assert [(column, doubt.code) for column, doubt in rows[0].doubts] == [(Column.TARGET, "formula_unknown")]
    assert rows[0][Column.TARGET] == "=12*3"  # nobody has calculated it yet: no word is lost
    calculated = read(in_libreoffice(saved(made), tmp_path))
    assert (calculated[0][Column.TARGET], calculated[0].doubts[0][1].code) == ("36", "formula")


def in_libreoffice(content: bytes, folder: Path) -> bytes:
    """Opened and saved anew, as somebody with LibreOffice does it."""
    office_program = shutil.which("soffice")
    if office_program is None:
        pytest.skip("LibreOffice is not here")
    source, out = folder / "plan.xlsx", folder / "out"
    source.write_bytes(content)
    subprocess.run(
        [office_program, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "xlsx", "--outdir", str(out), str(source)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    return (out / "plan.xlsx").read_bytes()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (OLD_OFFICE, "古い形"),
        (LOCKED_OFFICE, "パスワード"),
        (PDF, "表のファイルではありません"),
        (zipped({"a.txt": "x"}), "ZIP"),
        (
            zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}, deflated=False),
            "LibreOffice",
        ),
        (b"", "空のファイル"),
        (b"PK\x03\x04 broken", "こわれて"),
        (b"\x81\x00\xff\xfe\x00binary", "文字を読めませんでした"),
        (
            zipped(
                {"[Content_Types].xml": content_types("application/vnd.ms-excel.sheet.macroEnabled.main+xml")}
            ),
            "マクロ",
        ),
        (
            office(
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                **{"xl/worksheets/sheet1.xml": b"0" * 14_000_000},
            ),
            "とても大きくなる",
        ),
        (b"0" * (5 * 1024 * 1024 + 1), "5MB"),
    ],
    ids=["xls", "locked", "pdf", "zip", "ods", "empty", "broken", "binary", "macros", "swollen", "large"],
)
def test_what_cannot_be_read_says_why(content: bytes, words: str) -> None:
    with pytest.raises(NoTable, match=words):
        read_table_file(io.BytesIO(content), "計画.xlsx")


def test_entities_of_xml_are_not_followed() -> None:
    """A workbook with a billion laughs in its sheet."""
    laughing = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(saved(book(HEAD, ["短期アウトカム", "①", "あ"])))) as good,
        zipfile.ZipFile(laughing, "w") as bad,
    ):
        for part in good.infolist():
            text = good.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                text = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>' + text.replace(
                    b"<sheetData>", b"<sheetData>&b;"
                )
            bad.writestr(part, text)
    with pytest.raises(NoTable, match="開けませんでした"):
        read_table_file(io.BytesIO(laughing.getvalue()), "計画.xlsx")


def with_parts(content: bytes, **changes: Callable[[bytes], bytes]) -> bytes:
    """The workbook with parts of it (sheet1, workbook, image1) changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as good, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bad:
        for part in good.infolist():
            change = changes.get(Path(part.filename).stem, bytes)
            bad.writestr(part.filename, change(good.read(part)))
    return out.getvalue()


@pytest.mark.parametrize("area", ["A1:A1048576", "A2:XFD1048576"])
def test_an_area_merged_to_the_end_of_the_sheet_is_read_at_once(area: str) -> None:
    """It is a million cells, or seventeen thousand million, and none of them is made."""
    merged = f'</sheetData><mergeCells count="1"><mergeCell ref="{area}"/></mergeCells>'.encode()
    content = saved(book(HEAD, ["短期アウトカム", "①", "相談できる"]))
    content = with_parts(content, sheet1=lambda xml: xml.replace(b"</sheetData>", merged))
    found = read_table_file(io.BytesIO(content), "計画.xlsx").rows
    assert [row.at for row in found] == ["1", "2"]


@pytest.mark.parametrize(("row", "column"), [(5001, 3), (2, 101)])
def test_what_stands_too_far_out_to_be_read_is_told_of(row: int, column: int) -> None:
    made = book(HEAD, ["短期アウトカム", "①", "相談できる"])
    assert read_table_file(io.BytesIO(saved(made)), "計画.xlsx").doubts == ()
    made.active.cell(row, column, "遠くの文")
    found = read_table_file(io.BytesIO(saved(made)), "計画.xlsx")
    assert [doubt.code for doubt in found.doubts] == ["cells_left_out"]
    assert "5000行めより下" in found.doubts[0].words
    assert "遠くの文" not in [cell for line in found.rows for cell in line.cells]


def test_what_hides_beneath_a_merged_cell_is_not_read() -> None:
    made = book(HEAD, ["短期アウトカム", "①", "相談できる"], ["古い種別", "①", "隠れた文"])
    merged = b'</sheetData><mergeCells><mergeCell ref="A2:A3"/><mergeCell ref="C2:C3"/></mergeCells>'
    content = with_parts(saved(made), sheet1=lambda xml: xml.replace(b"</sheetData>", merged))
    texts = [cell for row in read_table_file(io.BytesIO(content), "計画.xlsx").rows for cell in row.cells]
    assert "隠れた文" not in texts
    assert "古い種別" not in texts


def test_many_sheets_that_name_one_part_are_not_opened() -> None:
    def many(xml: bytes) -> bytes:
        one: bytes = xml[xml.index(b"<sheets>") + 8 : xml.index(b"</sheets>")]
        return xml.replace(
            one, b"".join(one.replace(b'"\xe8\xa8\x88\xe7\x94\xbb"', b'"%d"' % n) for n in range(51))
        )

    content = with_parts(saved(book(HEAD, ["短期アウトカム", "①", "あ"])), workbook=many)
    with pytest.raises(NoTable, match="シートが多すぎます"):
        read_table_file(io.BytesIO(content), "計画.xlsx")


@pytest.mark.parametrize(
    "part", [b"<row/>" * 150_000, b'<row r="3">' + b"<x:c><x:v>1</x:v></x:c>" * 150_000 + b"</row>"]
)
def test_more_cells_than_a_plan_can_have_are_not_read(part: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """A few kilobytes, packed."""
    content = saved(book(HEAD, ["短期アウトカム", "①", "相談できる"]))
    content = with_parts(content, sheet1=lambda xml: xml.replace(b"</sheetData>", part + b"</sheetData>"))
    assert len(content) < 50_000
    monkeypatch.setattr("reports.exports.tables._pages", None)
    with pytest.raises(NoTable, match="とても大きくなる"):
        read_table_file(io.BytesIO(content), "計画.xlsx")


def test_a_workbook_with_a_document_type_is_not_opened() -> None:
    content = with_parts(
        saved(book(HEAD, ["短期アウトカム", "①", "あ"])),
        sheet1=lambda xml: b'<!DOCTYPE x [<!ENTITY a "b">]>' + xml.replace(b'<?xml version="1.0"?>', b""),
    )
    with pytest.raises(NoTable, match="開けませんでした"):
        read_table_file(io.BytesIO(content), "計画.xlsx")


def test_what_swells_is_no_picture_whatever_its_name() -> None:
    content = saved(book(HEAD, ["短期アウトカム", "①", "あ"]))
    swollen = io.BytesIO(content)
    with zipfile.ZipFile(swollen, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/media/image1.png", b"0" * 14_000_000)
    with pytest.raises(NoTable, match="とても大きくなる"):
        read_table_file(swollen, "計画.xlsx")


# --- CSV, TSV, the clipboard -------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_files_in_every_encoding_and_with_every_delimiter(encoding: str, delimiter: str) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerows([HEAD, ["短期アウトカム", "①", '「相談」できる, "本当"', "①甲\n②乙", "", "①3回\n②20人"]])
    rows = read(out.getvalue().encode(encoding), "計画.csv")
    assert rows[0][Column.TEXT] == '「相談」できる, "本当"'
    assert rows[0][Column.INDICATOR] == "①甲\n②乙"


def test_a_long_row_of_blank_cells_is_read_in_one_go() -> None:
    """Once a line its end is looked for, not once a cell."""

    class Counting(str):
        looked = 0

        def find(self, sign: str, *places: Any) -> int:
            Counting.looked += sign == "\n"
            return super().find(sign, *places)

        def replace(self, *signs: Any) -> "Counting":
            return Counting(super().replace(*signs))

    rows = split_cells(Counting("a" + "," * 500 + "\nb,c"), ",")
    assert [(number, len(cells)) for number, cells in rows] == [(1, 501), (2, 2)]
    assert Counting.looked == 2


def test_rows_that_are_put_together_are_not_asked_again_whether_they_are_heads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[TextRow] = []

    def counted(row: TextRow) -> list[Column | None] | None:
        asked.append(row)
        return heads_of(row)

    monkeypatch.setattr("reports.exports.cells.heads_of", counted)
    rows = read_pasted("\t".join(HEAD) + "\n短期アウトカム\t①\tあ\n" + "続きの行\n" * 50)
    assert len(rows) == 2
    assert len(asked) == 52


def test_far_too_much_text_is_not_taken_apart() -> None:
    with pytest.raises(NoTable, match="文字が多すぎます"):
        read_table_file(io.BytesIO(b"a,b\n" * 400_000), "計画.csv")


def test_an_odd_quote_swallows_nothing() -> None:
    rows = read(f'{",".join(HEAD)}\r\n短期アウトカム,①,"相談できる,割合\r\n短期アウトカム,②,働ける'.encode())
    assert [row[Column.NUMBER] for row in rows] == ["①", "②"]


def pasted(*rows: list[str]) -> list[SourceRow]:
    return list(read_table(read_pasted("\n".join("\t".join(row) for row in rows))).rows)


def test_what_excel_puts_on_the_clipboard() -> None:
    rows = pasted(
        HEAD,
        ["アウトプット", "①-1", "居場所", '"①日数\n②人数"', "", '"①48日\n②20人"'],
        ["", "", "", '"引用"だけ'],
    )
    assert rows[0][Column.INDICATOR] == "①日数\n②人数"
    assert rows[1][Column.INDICATOR] == '"引用"だけ'


def test_what_word_puts_on_the_clipboard() -> None:
    """Its line breaks inside cells look like ends of rows."""
    rows = pasted(
        ["番号", "内容", "指標", "目標値"],
        ["①-1", "居場所", "①日数"],
        ["②人数", "①48日"],
        ["②20人"],
        ["①-2", "講座", "回数", "3回"],
    )
    assert [row[Column.NUMBER] for row in rows] == ["①-1", "①-2"]
    assert (rows[0][Column.INDICATOR], rows[0][Column.TARGET]) == ("①日数\n②人数", "①48日\n②20人")
    assert [doubt.code for _column, doubt in rows[0].doubts] == ["lines_joined"] * 2


def test_rows_whose_last_tabs_were_cut_off_are_not_put_together() -> None:
    rows = pasted(
        HEAD, ["短期アウトカム", "①", "相談できる"], ["アウトプット", "①-1", "居場所"], ["", "", "", "日数"]
    )
    assert [row[Column.NUMBER] for row in rows] == ["①", "①-1", ""]


def test_pasted_prose_is_no_plan() -> None:
    with pytest.raises(NoPlan, match="見出し"):
        read_table(read_pasted("こんにちは\n計画のことですが"))


# --- formulas are not smuggled -----------------------------------------------------------------------------

DANGEROUS = ["=1+1", "+8190", "-5", "@SUM(A1)", "＝1+1", '=HYPERLINK("http://example.test")', "\t=1", "'=1"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_cell_of_the_export_is_a_formula(text: str) -> None:
    rows = [SourceRow("", {Column.KIND: "活動", Column.ACTIVITY: text})]
    page = load_workbook(io.BytesIO(plan_workbook(rows))).active
    assert page is not None
    assert (page["I2"].data_type, page["I2"].value) == ("s", text)
    cell = next(csv.reader(io.StringIO(plan_csv(rows).decode("utf-8-sig").split("\r\n", 1)[1])))[8]
    assert cell[0] == "'"
    assert unshielded(cell) == text


@given(st.text(max_size=12))
def test_the_shield_comes_off_again(text: str) -> None:
    assert unshielded(shielded(text)) == text
    assert shielded(text)[:1] not in FORMULA_SIGNS or not text


@given(st.lists(st.lists(st.text('a"\t,\n、=', max_size=6), min_size=2, max_size=4), min_size=1, max_size=4))
def test_our_csv_is_read_as_python_reads_it(rows: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([[shielded(cell) for cell in row] for row in rows])
    expected = [row for row in rows if any(cell.strip() for cell in row)]
    assert [cells for _line, cells in split_cells(out.getvalue(), ",")] == expected


# --- out and in again --------------------------------------------------------------------------------------


@settings(max_examples=25)
@given(plans(texts=words.map(lambda text: text.replace("\r", ""))))
def test_a_plan_goes_out_and_comes_in_without_a_change(plan: Plan) -> None:
    rows = plan_rows(plan, PERIOD)
    for content, name in ((plan_workbook(rows), "計画.xlsx"), (plan_csv(rows), "計画.csv")):
        if not rows:
            continue
        again = read(content, name)
        assert compare(read_draft(again, PERIOD), plan, again).changes == (), name


def test_a_sign_no_database_stores_is_left_out_of_posted_rows() -> None:
    (row,) = posted_rows(QueryDict("rows=1&r0-at=5%00&r0-text=a%00b"))
    assert (row.at, row[Column.TEXT]) == ("5", "ab")
