"""A table from a file or from the clipboard, as rows of text: .xlsx, .csv, .tsv, or what was copied from a sheet.

What a cell shows is what is read of it: 80% and not 0.8, 2024年1月 and not a day. Nothing is calculated; the value a
formula had when the file was saved is taken, with a doubt.
"""

import datetime as dt
import functools
import io
import logging
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Any

from django.utils.translation import gettext

from core.file_kinds import FileKind, Refused, sniffed
from grants.plan_import.table import LONGEST, TextRow, has_heads
from grants.plan_text.doubts import Doubt
from reports.exports.cells import join_broken_rows, split_cells
from reports.exports.merged import Area, merged_areas
from reports.exports.parts import TooManySheets, UnpacksTooBig, check_contents, check_size

logger = logging.getLogger(__name__)

MEGABYTE = 1024 * 1024
LARGEST = 5 * MEGABYTE
LARGEST_XML = 12 * MEGABYTE  # unpacked, of all parts but pictures: a plan has a hundredth of it
LONGEST_TEXT = 10 * LONGEST  # characters with the signs between the cells, before anything is taken apart
LAST_ROW, LAST_COLUMN = 5000, 100
FURTHER = 2  # times as far we look whether something stands that is not read
MOST_AREAS = 5000
BINARY = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"\xff\xd8\xff", b"\x89PNG", b"GIF8")
ENCODINGS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class NoTable(Exception):
    """The file cannot be read; the message says why and what helps."""


@dataclass(frozen=True, slots=True)
class FileTable:
    rows: list[TextRow]
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class _Page:
    title: str
    rows: list[TextRow]
    is_cut: bool  # something stands beyond the rows and columns that are read


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
        text = _decoded(file.read(), name)
        if len(text) > LONGEST_TEXT:
            raise NoTable(gettext("文字が多すぎます。計画の表だけを選んで、もう一度お試しください。"))
        return FileTable(_rows_of_text(text))
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
    try:
        _refuse_swollen(file, name)
        pages = [page for page in _pages(file) if page.rows]
    except NoTable:
        raise
    except (
        Exception
    ) as error:  # a file from outside can break anywhere in the library; none of it is our state
        logger.info("a workbook could not be read: %r", error)
        words = gettext(
            "「%(name)s」を開けませんでした。ExcelかLibreOfficeで開いて、.xlsxの形で保存しなおしてください。"
        )
        raise NoTable(words % {"name": name}) from error
    with_heads = [page for page in pages if has_heads(page.rows)] or pages[:1]
    rows = [
        row if len(with_heads) == 1 else TextRow(f"{page.title}!{row.at}", row.cells, row.joined, row.doubts)
        for page in with_heads
        for row in page.rows
    ]
    left = [page.title for page in pages if page not in with_heads]
    doubts = []
    if left:
        words = gettext("シート「%(titles)s」には計画の見出しがないので、読んでいません。")
        doubts.append(Doubt("sheets_left_out", words % {"titles": "」「".join(left)}))
    if cut := [page.title for page in with_heads if page.is_cut]:
        words = gettext(
            "シート「%(titles)s」の%(row)d行めより下と%(column)d列めより右は、読んでいません。計画の表だけを新しいブックに写すと、すべて読めます。"
        )
        places = {"titles": "」「".join(cut), "row": LAST_ROW, "column": LAST_COLUMN}
        doubts.append(Doubt("cells_left_out", words % places))
    return FileTable(rows, tuple(doubts))


def _refuse_swollen(file: IO[bytes], name: str) -> None:
    """Before anything of it is read."""
    try:
        with zipfile.ZipFile(file) as archive:
            check_size(archive, LARGEST_XML)
            check_contents(archive)
    except UnpacksTooBig as error:
        words = gettext(
            "「%(name)s」は、開くととても大きくなるファイルです。計画の表だけを新しいブックに写して、もう一度お試しください。"
        )
        raise NoTable(words % {"name": name}) from error
    except TooManySheets as error:
        words = gettext(
            "「%(name)s」にはシートが多すぎます。計画の表だけを新しいブックに写して、もう一度お試しください。"
        )
        raise NoTable(words % {"name": name}) from error
    finally:
        file.seek(0)


def _pages(file: IO[bytes]) -> Iterator[_Page]:
    """Read as a stream: a column merged to its last row is a million cells to a page that is held whole."""
    # A third of a second: only a process that reads workbooks pays for it.
    import openpyxl

    if not openpyxl.DEFUSEDXML:
        raise RuntimeError("defusedxml is not in use: workbooks from outside are not opened without it")
    content = file.read()

    @functools.cache
    def opened(*, data_only: bool = True) -> Any:
        return openpyxl.load_workbook(
            io.BytesIO(content), read_only=True, data_only=data_only, keep_links=False
        )

    written = opened(data_only=False)
    pages: list[Any] = [page for page in written.worksheets if page.sheet_state == "visible"]
    if len({page._worksheet_path for page in pages}) < len(pages):
        raise ValueError("several sheets name one part")
    for page in pages:
        yield _read_page(page, opened, merged_areas(written, page, MOST_AREAS))


def _cells_of(page: Any, reach: int = 1) -> Iterator[Any]:
    """Those with something in them."""
    for row in page.iter_rows(min_row=1, max_row=reach * LAST_ROW, min_col=1, max_col=reach * LAST_COLUMN):
        yield from (cell for cell in row if cell.value is not None)


def _read_page(page: Any, values: Callable[[], Any], areas: Sequence[Area]) -> _Page:
    """`values` opens the same workbook with what its formulas had come to: asked only where there is one."""
    texts: dict[tuple[int, int], str] = {}
    formulas: dict[tuple[int, int], str] = {}
    is_cut = False
    for cell in _cells_of(page, FURTHER):
        place = (cell.row, cell.column)
        if cell.row > LAST_ROW or cell.column > LAST_COLUMN:
            is_cut = True
            continue
        texts[place] = shown_text(cell.value, cell.number_format)
        if cell.data_type == "f":
            formulas[place] = str(getattr(cell.value, "text", cell.value))
    doubts = _calculated(texts, formulas, values()[page.title]) if formulas else {}
    joined = _fill_down(texts, areas)
    by_row: dict[int, dict[int, str]] = {}
    for (row, column), text in texts.items():
        by_row.setdefault(row, {})[column] = text
    width = max((column for _row, column in texts), default=0)
    rows = [
        TextRow(
            at=str(row),
            cells=tuple(cells.get(column, "") for column in range(1, width + 1)),
            joined=frozenset(column - 1 for column in cells if (row, column) in joined),
            doubts=tuple((column - 1, doubts[row, column]) for column in cells if (row, column) in doubts),
        )
        for row, cells in sorted(by_row.items())
    ]
    return _Page(page.title, rows, is_cut)


def _calculated(
    texts: dict[tuple[int, int], str], formulas: dict[tuple[int, int], str], shown: Any
) -> dict[tuple[int, int], Doubt]:
    """Puts the values that formulas had when the file was saved in their place."""
    values: dict[tuple[int, int], Any] = dict.fromkeys(formulas)
    for cell in _cells_of(shown):
        if (place := (cell.row, cell.column)) in formulas:
            values[place] = cell.value
            texts[place] = shown_text(cell.value, cell.number_format)
    for place, value in values.items():
        if value is None:
            texts[place] = formulas[place]
    return {place: _formula_doubt(texts[place], value) for place, value in values.items()}


def _formula_doubt(text: str, value: Any) -> Doubt:
    if value is None:
        return Doubt(
            "formula_unknown", gettext("式の結果がファイルに残っていません。数か文に直してください。")
        )
    words = gettext("式の結果「%(text)s」を読みました。")
    return Doubt("formula", words % {"text": text})


def _fill_down(texts: dict[tuple[int, int], str], areas: Sequence[Area]) -> set[tuple[int, int]]:
    """A cell merged over several rows says the same in each of them; what is hidden beneath it is not read. Returns
    the places that were filled."""
    filled = set()
    last, room = max((row for row, _column in texts), default=0), LAST_ROW * LAST_COLUMN
    for area in areas:
        rows = range(area.top, min(area.bottom, last) + 1)
        columns = range(area.left, min(area.right, LAST_COLUMN) + 1)
        room -= len(rows) * len(columns)
        if room < 0:
            raise ValueError("areas that overlap")
        text = texts.get((area.top, area.left), "")
        for row in rows:
            for column in columns:
                texts.pop((row, column), None)
            if text:
                texts[row, area.left] = text
        filled |= {(row, area.left) for row in rows[1:]} if text else set()
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
