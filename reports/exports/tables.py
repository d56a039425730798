"""A table from a file or from the clipboard, as rows of text: .xlsx, .csv, .tsv, or what was copied from a sheet.

What a cell shows is what is read of it: 80% and not 0.8, 2024年1月 and not a day. Nothing is calculated; the value a
formula had when the file was saved is taken, with a doubt.
"""

import datetime as dt
import io
import logging
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Any

from django.utils.translation import gettext

from core.file_kinds import FileKind, Refused, sniffed
from grants.plan_import.table import TextRow, has_heads
from grants.plan_text.doubts import Doubt
from reports.exports.cells import join_broken_rows, split_cells

logger = logging.getLogger(__name__)

MEGABYTE = 1024 * 1024
LARGEST = 5 * MEGABYTE
LARGEST_XML = 12 * MEGABYTE  # unpacked, of all parts but pictures: a plan has a hundredth of it
LAST_ROW, LAST_COLUMN = 5000, 100
BINARY = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"\xff\xd8\xff", b"\x89PNG", b"GIF8")
ENCODINGS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class NoTable(Exception):
    """The file cannot be read; the message says why and what helps."""


@dataclass(frozen=True, slots=True)
class FileTable:
    rows: list[TextRow]
    doubts: tuple[Doubt, ...] = ()


def read_table_file(file: IO[bytes], name: str) -> FileTable:
    """Told by its content: the name is only repeated in messages. Raises NoTable."""
    file.seek(0, 2)
    size = file.tell()
    file.seek(0)
    if size > LARGEST:
        words = gettext(
            "「%(name)s」は5MBを超えています。計画の表だけのファイルにして、もう一度お試しください。"
        )
        raise NoTable(words % {"name": name})
    head = file.read(256)
    file.seek(0)
    if b"opendocument.spreadsheet" in head:
        words = gettext(
            "「%(name)s」はLibreOfficeの形（.ods）です。「名前を付けて保存」で「Excel 2007-365（.xlsx）」を選んで保存してください。"
        )
        raise NoTable(words % {"name": name})
    if not head.startswith(BINARY):
        return FileTable(_rows_of_text(_decoded(file.read(), name)))
    try:
        kind = sniffed(file, name)
    except Refused as refused:
        raise NoTable(refused.words) from refused
    if kind != FileKind.XLSX:
        words = gettext(
            "「%(name)s」は表のファイルではありません。Excel（.xlsx）、CSV、TSVのどれかを選んでください。"
        )
        raise NoTable(words % {"name": name})
    return _workbook(file, name)


def read_pasted(text: str) -> list[TextRow]:
    """What was copied from a spreadsheet or a table of Word: tabs between cells; quotes only round broken lines."""
    rows = [
        TextRow(str(line), tuple(cells))
        for line, cells in split_cells(text, _delimiter(text), is_pasted=True)
    ]
    return join_broken_rows(rows)


# --- text ------------------------------------------------------------------------------------------------------


def _decoded(content: bytes, name: str) -> str:
    if not content.strip():
        raise NoTable(gettext("「%(name)s」は、中身が空のファイルです。") % {"name": name})
    encodings = [encoding for mark, encoding in ENCODINGS if content.startswith(mark)] or ["utf-8", "cp932"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    words = gettext(
        "「%(name)s」の文字を読めませんでした。Excelで開き、「CSV UTF-8」か .xlsx で保存しなおしてください。"
    )
    raise NoTable(words % {"name": name})


def _rows_of_text(text: str) -> list[TextRow]:
    return [TextRow(str(line), tuple(cells)) for line, cells in split_cells(text, _delimiter(text))]


def _delimiter(text: str) -> str:
    """Whatever of the three stands most often in the first lines."""
    head = "\n".join(line for line in text.split("\n")[:20])
    return max("\t,;", key=lambda sign: (head.count(sign), sign == "\t"))


# --- workbooks -------------------------------------------------------------------------------------------------


def _workbook(file: IO[bytes], name: str) -> FileTable:
    _refuse_swollen(file, name)
    try:
        pages = list(_pages(file))
    except (
        Exception
    ) as error:  # a file from outside can break anywhere in the library; none of it is our state
        logger.info("a workbook could not be read: %r", error)
        words = gettext(
            "「%(name)s」を開けませんでした。ExcelかLibreOfficeで開いて、.xlsxの形で保存しなおしてください。"
        )
        raise NoTable(words % {"name": name}) from error
    pages = [(title, rows) for title, rows in pages if rows]
    with_heads = [page for page in pages if has_heads(page[1])] or pages[:1]
    rows = [
        row if len(with_heads) == 1 else TextRow(f"{title}!{row.at}", row.cells, row.joined, row.doubts)
        for title, page in with_heads
        for row in page
    ]
    left = [title for title, _rows in pages if title not in [t for t, _rows in with_heads]]
    words = gettext("シート「%(titles)s」には計画の見出しがないので、読んでいません。")
    doubts = (Doubt("sheets_left_out", words % {"titles": "」「".join(left)}),) if left else ()
    return FileTable(rows, doubts)


def _refuse_swollen(file: IO[bytes], name: str) -> None:
    """Before anything of it is unpacked."""
    file.seek(0)
    with zipfile.ZipFile(file) as archive:
        unpacked = sum(
            part.file_size for part in archive.infolist() if not part.filename.startswith("xl/media/")
        )
    file.seek(0)
    if unpacked > LARGEST_XML:
        words = gettext(
            "「%(name)s」は、開くととても大きくなるファイルです。計画の表だけを新しいブックに写して、もう一度お試しください。"
        )
        raise NoTable(words % {"name": name})


def _pages(file: IO[bytes]) -> Iterator[tuple[str, list[TextRow]]]:
    # A third of a second: only a process that reads workbooks pays for it.
    import openpyxl

    if not openpyxl.DEFUSEDXML:
        raise RuntimeError("defusedxml is not in use: workbooks from outside are not opened without it")
    content = io.BytesIO(file.read())
    shown = openpyxl.load_workbook(content, data_only=True, keep_links=False)
    written = openpyxl.load_workbook(content, data_only=False, keep_links=False)
    for page in shown.worksheets:
        if page.sheet_state == "visible":
            yield page.title, _rows_of_page(page, written[page.title])


def _rows_of_page(page: Any, written: Any) -> list[TextRow]:
    texts: dict[tuple[int, int], str] = {}
    doubts: dict[tuple[int, int], Doubt] = {}
    for place, cell in written._cells.items():
        if cell.value is None or place[0] > LAST_ROW or place[1] > LAST_COLUMN:
            continue
        texts[place] = shown_text(page.cell(*place).value, cell.number_format)
        if cell.data_type == "f":
            texts[place] = texts[place] or str(cell.value)
            doubts[place] = _formula_doubt(texts[place], page.cell(*place).value)
    joined = _fill_down(page, texts)
    width = max((column for _row, column in texts), default=0)
    return [
        TextRow(
            at=str(row),
            cells=tuple(texts.get((row, column), "") for column in range(1, width + 1)),
            joined=frozenset(column - 1 for column in range(1, width + 1) if (row, column) in joined),
            doubts=tuple((place[1] - 1, doubt) for place, doubt in doubts.items() if place[0] == row),
        )
        for row in sorted({row for row, _column in texts})
    ]


def _formula_doubt(text: str, value: Any) -> Doubt:
    if value is None:
        return Doubt(
            "formula_unknown", gettext("式の結果がファイルに残っていません。数か文に直してください。")
        )
    words = gettext("式の結果「%(text)s」を読みました。")
    return Doubt("formula", words % {"text": text})


def _fill_down(page: Any, texts: dict[tuple[int, int], str]) -> set[tuple[int, int]]:
    """A cell merged over several rows says the same in each of them. Returns the places that were filled."""
    filled = set()
    for area in page.merged_cells.ranges:
        text = texts.get((area.min_row, area.min_col), "")
        for row in range(area.min_row + 1, min(area.max_row, LAST_ROW) + 1) if text else ():
            texts[row, area.min_col] = text
            filled.add((row, area.min_col))
    return filled


def shown_text(value: Any, number_format: str) -> str:
    """A value as its cell shows it."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime | dt.date):
        return _shown_day(value, number_format.lower())
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if "%" in re.sub(r'"[^"]*"|\\.', "", number_format):
        return f"{_digits(number * 100)}%"
    unit = re.fullmatch(r'[#0,.?_() -]*"([^"]{1,10})"(?:;.*)?', number_format)  # 0"人"
    return f"{_digits(number)}{unit[1] if unit else ''}"


def _digits(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _shown_day(day: dt.date, number_format: str) -> str:
    """A month where the day is not shown; without the year what may never have been a date: 1月2日 for 1-2."""
    pattern = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", number_format)
    if "y" not in pattern and "e" not in pattern and "g" not in pattern and "m" in pattern and "d" in pattern:
        return f"{day.month}月{day.day}日"
    if "d" not in pattern and "m" in pattern:
        return f"{day.year}年{day.month}月"
    return f"{day.year}年{day.month}月{day.day}日"
