"""What stands in a filled-in workbook, found by its hidden keys. What it means for the sheet is not asked here."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import IO, Any

from django.utils.translation import gettext

from reports.exports.layout import SLOT_COLUMNS, Column
from reports.exports.merged import Area, merged_areas
from reports.exports.package import NotTaken, broken, check_package
from reports.exports.passport import TEMPLATE, Passport
from reports.exports.texts import plain
from reports.exports.workbook import HIDDEN_SHEET, MARK, READ_ONLY

logger = logging.getLogger(__name__)

MOST_ROWS, MOST_COLUMNS, MOST_RANGES = (
    3000,
    60,
    500,
)  # nobody's sheet is larger; what lies beyond is not looked at
ROWS_BEFORE_CODES = 10
CODES = frozenset(column.value for column in Column)


@dataclass(frozen=True, slots=True)
class RawCell:
    """As the file has it. `kind` is openpyxl's: n number, s text, d date, b boolean, f formula, e error."""

    at: str  # H12
    value: Any
    kind: str
    number_format: str
    row: int
    column: int

    @property
    def is_blank(self) -> bool:
        return self.value is None or (isinstance(self.value, str) and not plain(self.value))


@dataclass(frozen=True, slots=True)
class FilledLine:
    row: int
    cells: dict[Column, RawCell]  # those with something in them


@dataclass(frozen=True, slots=True)
class FilledBook:
    """`lines` by their keys. A key that stands twice is in `twice` with its rows, and not in `lines`."""

    passport: Passport
    letters: dict[Column, str]  # H for the column of the month
    columns: dict[Column, int]  # 8 for it
    lines: dict[str, FilledLine] = field(default_factory=dict)
    twice: dict[str, list[int]] = field(default_factory=dict)
    strays: list[RawCell] = field(default_factory=list)  # typed into rows that have no key of ours
    merged: list[Area] = field(default_factory=list)

    def at(self, line: FilledLine, column: Column) -> str:
        return f"{self.letters[column]}{line.row}"

    def joined_into(self, line: FilledLine, column: Column) -> str:
        """The range that this cell was joined into; empty when it stands alone."""
        index = self.columns[column]
        return next(
            (m.name for m in self.merged if m.left <= index <= m.right and m.top <= line.row <= m.bottom), ""
        )


def read_workbook(file: IO[bytes], size: int) -> FilledBook:
    """Raises NotTaken when nothing of the file can be used."""
    check_package(file, size)
    try:
        sheets = _raw_sheets(file)
    except Exception as error:  # a file from outside can break the library anywhere
        logger.info("an uploaded workbook could not be read: %s", type(error).__name__)  # never its words
        raise broken() from error
    passport = _passport(sheets)
    page, codes_row = _page(sheets)
    columns = _columns(page.rows[codes_row])
    return _filled(passport, page, codes_row, columns)


# --- the file -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _RawSheet:
    title: str
    rows: list[list[RawCell]]
    merged: list[Area]


def _raw_sheets(file: IO[bytes]) -> list[_RawSheet]:
    # A third of a second: only a process that reads workbooks pays for it.
    import openpyxl

    if not openpyxl.DEFUSEDXML:
        raise RuntimeError("defusedxml is not in use: workbooks from outside are not opened without it")
    book = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)
    try:
        return [
            _RawSheet(page.title, _rows(page), merged_areas(book, page, MOST_RANGES))
            for page in book.worksheets
        ]
    finally:
        book.close()


def _rows(page: Any) -> list[list[RawCell]]:
    """Only cells with something in them."""
    return [
        [
            RawCell(cell.coordinate, cell.value, cell.data_type, cell.number_format, cell.row, cell.column)
            for cell in row
            if cell.value is not None
        ]
        for row in page.iter_rows(min_row=1, max_row=MOST_ROWS, min_col=1, max_col=MOST_COLUMNS)
    ]


# --- the hidden sheet -----------------------------------------------------------------------------------


def _passport(sheets: Iterable[_RawSheet]) -> Passport:
    for sheet in sheets:
        texts = [str(row[0].value) for row in sheet.rows if row and row[0].column == 1]
        if texts[:1] == [MARK + HIDDEN_SHEET]:
            return _read_passport("".join(text.removeprefix("|") for text in texts[1:]))
    raise NotTaken(
        "not_ours",
        gettext(
            "伴走からダウンロードした入力用のExcelではないようです（隠れたシートがありません）。"
            "このページからダウンロードしたファイルに入れてください。"
        ),
    )


def _read_passport(signed: str) -> Passport:
    if signed == READ_ONLY:
        raise NotTaken(
            "read_only",
            gettext("読むための控えです。入力用のExcelを、このページからダウンロードしてお使いください。"),
        )
    passport = Passport.read(signed)
    if passport is None:
        raise NotTaken(
            "forged",
            gettext(
                "このファイルの隠れたしるしが書きかわっていて、どのシートのものか確かめられません。"
                "ダウンロードしなおしたファイルに写してください。"
            ),
        )
    if passport.template != TEMPLATE:
        raise NotTaken(
            "old_template",
            gettext(
                "このExcelは前のひな形です。いまのひな形をダウンロードして、入れたものを写してください。"
                "ファイルはそのままお手元に残ります。"
            ),
        )
    return passport


# --- the page -------------------------------------------------------------------------------------------


def _page(sheets: Iterable[_RawSheet]) -> tuple[_RawSheet, int]:
    """The sheet with our codes over its columns, whatever it is called now, and in which of its rows they stand."""
    found = [
        (sheet, number)
        for sheet in sheets
        for number, row in enumerate(sheet.rows[:ROWS_BEFORE_CODES])
        if sum(str(cell.value).startswith(MARK) for cell in row) > 1
    ]
    if not found:
        raise NotTaken(
            "no_codes",
            gettext(
                "「入力」のシートの、隠れた見出しの行がなくなっています。"
                "ダウンロードしなおしたファイルに写してください。"
            ),
        )
    if len(found) > 1:
        names = gettext("、").join(f"「{sheet.title}」" for sheet, _number in found)
        raise NotTaken(
            "two_pages",
            gettext(
                "入力のシートが%(count)d枚あります（%(names)s）。どれを取り込むか分からないので、1枚だけにしてください。"
            )
            % {"count": len(found), "names": names},
        )
    return found[0]


def _columns(codes: Iterable[RawCell]) -> dict[int, Column]:
    """Which column is which, by the codes over them."""
    columns: dict[int, Column] = {}
    for cell in codes:
        code = str(cell.value).removeprefix(MARK)
        if not str(cell.value).startswith(MARK) or code not in CODES:
            continue
        if code in columns.values():
            raise NotTaken(
                "column_twice",
                gettext("列が写されて、同じ列が2つあります（%(at)s の列）。写したほうの列を消してください。")
                % {"at": _letters(cell)},
            )
        columns[cell.column] = Column(code)
    missing = [column for column in (Column.KEY, *SLOT_COLUMNS) if column not in columns.values()]
    if missing:
        raise NotTaken(
            "column_gone",
            gettext("列がなくなっています（%(columns)s）。ダウンロードしなおしたファイルに写してください。")
            % {"columns": gettext("、").join(_column_word(column) for column in missing)},
        )
    return columns


def _letters(cell: RawCell) -> str:
    return cell.at.rstrip("0123456789")


def _column_word(column: Column) -> str:
    words = {
        Column.KEY: gettext("隠れた左端の列"),
        Column.NOW: gettext("今月の列"),
        Column.WHOLE: gettext("割合の、全体の数の列"),
        Column.NOTE: gettext("備考・ひとことの列"),
    }
    return words[column]


def _filled(passport: Passport, page: _RawSheet, codes_row: int, columns: dict[int, Column]) -> FilledBook:
    from openpyxl.utils import get_column_letter

    places = {column: index for index, column in columns.items()}
    letters = {column: get_column_letter(index) for column, index in places.items()}
    book = FilledBook(passport, letters, places)
    rows: dict[str, list[int]] = {}
    for row in page.rows[codes_row + 1 :]:
        cells = {columns[cell.column]: cell for cell in row if cell.column in columns}
        key = cells.pop(Column.KEY, None)
        if key is not None and str(key.value) in passport.fixed:
            book.lines[str(key.value)] = FilledLine(key.row, cells)
            rows.setdefault(str(key.value), []).append(key.row)
        else:
            book.strays.extend(c for column, c in cells.items() if column in SLOT_COLUMNS and not c.is_blank)
    for key_text, numbers in rows.items():
        if len(numbers) > 1:
            book.twice[key_text] = numbers
            del book.lines[key_text]
    book.merged.extend(page.merged)
    return book
