"""The ten columns of a plan as a workbook and as CSV. Whatever a person wrote stays text in them."""

import csv
import io
import re
from collections.abc import Sequence

from django.utils.translation import gettext

from grants.plan_import.table import SourceRow
from grants.plan_text.headings import HEADS, TEN
from reports.exports.cells import FORMULA_SIGNS, shielded

UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # XML has no place for them
WIDTHS = (14, 12, 44, 30, 16, 30, 16, 24, 34, 18)
LINE_HEIGHT = 15  # points
TEXT_FORMAT = "@"  # 1-1 stays 1-1 when somebody edits it, and does not become a day in January


def plan_csv(rows: Sequence[SourceRow]) -> bytes:
    """UTF-8 with the mark that Excel needs to see it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADS[column] for column in TEN)
    writer.writerows([shielded(_writable(row[column])) for column in TEN] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def plan_workbook(rows: Sequence[SourceRow]) -> bytes:
    # A third of a second: only a process that writes workbooks pays for it.
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.worksheet.properties import PageSetupProperties

    book = Workbook()
    page = book.active
    assert page is not None
    page.title = gettext("計画")
    hair = Side(style="hair", color="7F8A92")
    for place, (column, width) in enumerate(zip(TEN, WIDTHS, strict=True), start=1):
        page.column_dimensions[_letter(place)].width = width
        head = page.cell(1, place, HEADS[column])
        head.font = Font(name="BIZ UDGothic", bold=True)
        head.fill = PatternFill("solid", fgColor="F6F4EF")
        head.border = Border(bottom=Side(style="thin", color="0B5D66"))
        for number, row in enumerate(rows, start=2):
            text = _writable(row[column])
            cell = page.cell(number, place)
            cell.value = text or None
            cell.number_format = TEXT_FORMAT
            cell.font = Font(name="BIZ UDGothic")
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.border = Border(bottom=hair)
            if text[:1] in FORMULA_SIGNS and text:
                cell.data_type = "s"
                cell.quotePrefix = True
    for number, row in enumerate(rows, start=2):
        page.row_dimensions[number].height = LINE_HEIGHT * _lines(row)
    page.freeze_panes = "C2"
    page.print_title_rows = "1:1"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = page.PAPERSIZE_A3
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _lines(row: SourceRow) -> int:
    """How many lines its tallest cell takes; only Excel finds that out by itself. A Japanese sign is two wide."""
    return max(
        sum(
            -(-sum(1 if sign.isascii() else 2 for sign in line) // (width - 1)) or 1
            for line in row[column].split("\n")
        )
        for column, width in zip(TEN, WIDTHS, strict=True)
    )


def _letter(place: int) -> str:
    return "ABCDEFGHIJ"[place - 1]


def _writable(text: str) -> str:
    return UNWRITABLE.sub("", text)
