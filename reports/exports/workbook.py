"""The layout as a workbook: yellow cells to type in, everything else locked, keys out of sight."""

import math
from collections.abc import Iterable
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

from django.utils import translation
from django.utils.translation import gettext

from mentoring.models import ProgressSheet
from reports.exports.howto import how_to_lines
from reports.exports.layout import Column, Layout, Line, Slot, Style, Take
from reports.exports.passport import Passport, issue_passport
from reports.exports.texts import plain
from reports.pdf.sheet import NOT_IN_A_FILENAME

if TYPE_CHECKING:
    from openpyxl.cell import Cell as SheetCell
    from openpyxl.worksheet.worksheet import Worksheet

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MARK = "banso:"  # before the codes of the hidden first row
HIDDEN_SHEET = "banso"
READ_ONLY = "read-only"  # in place of a passport
CHUNK = 30_000  # a cell holds 32,767 letters
FIRST_LINE = 4  # the words over the columns; above them the codes, the title and what to do
WIDTHS = {
    Column.KEY: 4, Column.PLACE: 7, Column.NAME: 30, Column.METHOD: 10, Column.TARGET: 15, Column.LAST: 12,
    Column.LAST_NOTE: 24, Column.NOW: 13, Column.WHOLE: 9, Column.UNIT: 6, Column.TOTAL: 17, Column.NOTE: 40,
}  # fmt: skip
LINE_HEIGHT = 12.5  # points
HIGHEST = 400.0  # Excel allows 409
FONT = "BIZ UDPGothic"
INK, MUTED, TEAL, LINE, WASH, BAND, YELLOW = (
    "1F2A33", "55616B", "0B5D66", "B8C0C6", "F6F4EF", "E3F0F0", "FFF6C4",
)  # fmt: skip


def render_workbook(layout: Layout, *, to_enter: bool) -> bytes:
    """`to_enter` False: a copy to read, where nothing is yellow and which no upload takes."""
    # A third of a second: only a process that writes workbooks pays for it.
    from openpyxl import Workbook

    book = Workbook()
    page: Worksheet = book.active  # type: ignore[assignment]
    page.title = gettext("入力") if to_enter else gettext("シート")
    _write_page(page, layout, to_enter)
    if to_enter:
        _write_how_to(book.create_sheet(gettext("使い方")))
    _write_hidden(book.create_sheet(HIDDEN_SHEET), issue_passport(layout) if to_enter else None)
    book.security.lockStructure = True
    book.properties.creator = gettext("伴走")
    book.properties.title = _title(layout.reading.sheet)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def workbook_filename(sheet: ProgressSheet, *, to_enter: bool) -> str:
    """はこぶね_2023-12_進捗共有シート.xlsx; a copy to read says so in its name."""
    with translation.override("ja"):
        parts = [sheet.grant.organisation.name, f"{sheet.month:%Y-%m}", gettext("進捗共有シート")]
        if not to_enter:
            parts.append(gettext("控え"))
    return NOT_IN_A_FILENAME.sub("_", "_".join(parts)) + ".xlsx"


def _title(sheet: ProgressSheet) -> str:
    return gettext("%(name)s　%(month)sの進捗共有シート") % {
        "name": sheet.grant.organisation.name,
        "month": sheet.label,
    }


# --- the page -------------------------------------------------------------------------------------------


def _write_page(page: "Worksheet", layout: Layout, to_enter: bool) -> None:
    from openpyxl.utils import get_column_letter

    for index, column in enumerate(Column, start=1):
        cell = page.cell(1, index)
        write_text(cell, MARK + column.value)
        page.column_dimensions[get_column_letter(index)].width = WIDTHS[column]
    _write_title(page, layout.reading.sheet, to_enter)
    slots: list[tuple[SheetCell, Slot]] = []
    looks = _Looks()
    for number, line in enumerate(layout.lines, start=FIRST_LINE):
        slots += _write_line(page, number, line, looks, to_enter)
        _fit_height(page, number, line)
    if to_enter:
        _guide(page, slots)
    _set_up(page, FIRST_LINE + len(layout.lines) - 1)


def _write_title(page: "Worksheet", sheet: ProgressSheet, to_enter: bool) -> None:
    from openpyxl.styles import Alignment, Font

    title = page.cell(2, 2)
    write_text(title, _title(sheet))
    title.font = Font(name=FONT, size=16, bold=True, color=INK)
    page.row_dimensions[2].height = 28
    what_to_do = page.cell(3, 2)
    words = gettext(
        "黄色のところに入れて保存し、伴走の「Excelで入力」のページで開いてください。"
        "若者の名前や、本人と分かることは書かないでください。"
    )
    write_text(
        what_to_do, words if to_enter else gettext("読むための控えです。ここに書いても、伴走には入りません。")
    )
    what_to_do.font = Font(name=FONT, size=11, color=MUTED)
    what_to_do.alignment = Alignment(vertical="center")
    page.row_dimensions[3].height = 22


def _write_line(
    page: "Worksheet", number: int, line: Line, looks: "_Looks", to_enter: bool
) -> list[tuple["SheetCell", Slot]]:
    slots = []
    for index, column in enumerate(Column, start=1):
        cell: SheetCell = page.cell(number, index)  # type: ignore[assignment]
        slot = line.slots.get(column)
        if column == Column.KEY:
            write_text(cell, line.key)
        elif slot is None:
            write_text(cell, line.texts.get(column, ""))
            looks.dress(cell, line.style, column)
        else:
            _write_slot(cell, slot)
            looks.dress_slot(cell, slot, to_enter)
            slots.append((cell, slot))
    return slots


def _fit_height(page: "Worksheet", number: int, line: Line) -> None:
    """High enough for its longest text. openpyxl would call any height the user's own, and the row would then no
    longer grow while one types."""
    from openpyxl.worksheet.dimensions import RowDimension

    class Fitted(RowDimension):
        customHeight = False

    texts = {**line.texts, **{column: slot.shown for column, slot in line.slots.items()}}
    if line.style in (Style.SECTION, Style.BAND):
        height = 24.0 if line.style == Style.SECTION else 18.0
    else:
        height = 6 + LINE_HEIGHT * max(lines_of(text, WIDTHS[column]) for column, text in texts.items())
    page.row_dimensions[number] = Fitted(page, index=number, ht=min(height, HIGHEST))


def lines_of(text: str, width: int) -> int:
    """Of a text in a column: a full-width letter takes the room of nearly two digits."""
    room = width - 0.5
    return sum(
        max(1, math.ceil(sum(1.7 if east_asian_width(c) in "WFA" else 1 for c in line) / room))
        for line in text.split("\n")
    )


def _write_slot(cell: "SheetCell", slot: Slot) -> None:
    if slot.take == Take.NUMBER and slot.stored:
        number = Decimal(slot.stored)
        cell.value = int(number) if number == number.to_integral_value() else float(number)
    else:
        write_text(cell, slot.shown)


def write_text(cell: Any, text: str) -> None:
    """Never a formula, whatever it begins with; still text when somebody edits the cell."""
    text = plain(text)
    if text:
        cell.value = text
        cell.data_type = "s"  # openpyxl takes "=…" for a formula and "#N/A" for an error
        cell.quotePrefix = text[0] in "=+-@"
    cell.number_format = "@"


class _Looks:
    """Fonts, grounds and edges. Colour is never alone: a locked cell is grey and refuses, a yellow one has an edge."""

    def __init__(self) -> None:
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side

        def ground(colour: str) -> PatternFill:
            return PatternFill("solid", fgColor=colour)

        thin = Side(style="thin", color=LINE)
        self.edge = Border(left=thin, right=thin, top=thin, bottom=thin)
        self.under = Border(bottom=Side(style="medium", color=TEAL))
        self.grounds = {
            Style.HEAD: ground(WASH), Style.SECTION: None, Style.BAND: ground(BAND), Style.ROW: None,
        }  # fmt: skip
        self.fonts = {
            Style.HEAD: Font(name=FONT, size=10, bold=True, color=INK),
            Style.SECTION: Font(name=FONT, size=13, bold=True, color=TEAL),
            Style.BAND: Font(name=FONT, size=10, bold=True, color=INK),
            Style.ROW: Font(name=FONT, size=10, color=INK),
        }
        self.yellow = ground(YELLOW)
        self.open = Protection(locked=False)
        self.text = Alignment(vertical="top", wrap_text=True)
        self.line = Alignment(vertical="center")
        self.figure = Alignment(horizontal="right", vertical="top", wrap_text=True)

    def dress(self, cell: "SheetCell", style: Style, column: Column) -> None:
        cell.font = self.fonts[style]
        if ground := self.grounds[style]:
            cell.fill = ground
        if style in (Style.SECTION, Style.BAND):
            cell.alignment = self.line  # runs over the cells beside it
            if style == Style.SECTION:
                cell.border = self.under
            return
        is_figure = style == Style.ROW and column in (Column.TARGET, Column.LAST, Column.TOTAL)
        cell.alignment = self.figure if is_figure else self.text
        cell.border = self.edge

    def dress_slot(self, cell: "SheetCell", slot: Slot, to_enter: bool) -> None:
        cell.font, cell.border = self.fonts[Style.ROW], self.edge
        cell.alignment = self.figure if slot.take == Take.NUMBER else self.text
        if slot.take == Take.NUMBER:
            cell.number_format = "General"  # so that a date typed by mistake is seen to be one
        if to_enter:
            cell.fill, cell.protection = self.yellow, self.open


def _guide(page: "Worksheet", slots: Iterable[tuple["SheetCell", Slot]]) -> None:
    """Lists where one chooses; elsewhere a word beside the cell, and nothing that refuses: people write 5件."""
    from openpyxl.worksheet.datavalidation import DataValidation

    guides: dict[tuple[Take, tuple[str, ...]], DataValidation] = {}
    for cell, slot in slots:
        words = tuple(word for _code, word in slot.choices)
        key = (slot.take, words)
        if key not in guides:
            guides[key] = guide = DataValidation(
                allow_blank=True, showInputMessage=True, prompt=_prompt(slot.take)
            )
            if words:
                guide.type, guide.formula1 = "list", f'"{",".join(words)}"'
                guide.showErrorMessage, guide.errorTitle = True, gettext("一覧から選んでください")
                guide.error = gettext("%(words)s のどれかを選んでください。まだなら空のままにします。") % {
                    "words": gettext("、").join(words)
                }
            page.add_data_validation(guide)
        guides[key].add(cell)


def _prompt(take: Take) -> str:
    prompts = {
        Take.NUMBER: gettext("「5」「５件」「1,234」のどれでも読めます。数えて0なら0、まだなら空のままに。"),
        Take.TEXT: gettext("ひとことで大丈夫です。本人と分かることは書かないでください。"),
        Take.CHOICE: gettext("一覧から選んでください。まだなら空のままに。"),
        Take.TICK: gettext("済んだら「済」を選んでください。"),
    }
    return prompts[take]


def _set_up(page: "Worksheet", last: int) -> None:
    page.row_dimensions[1].hidden = True
    page.column_dimensions["A"].hidden = True
    page.freeze_panes = f"D{FIRST_LINE + 1}"  # the heads, and number and name of every line
    page.sheet_view.showGridLines = False
    page.sheet_view.zoomScale = 100
    page.protection.sheet = True  # without a password: it guards against slips, not against people
    page.protection.formatColumns = page.protection.formatRows = False  # wider and higher is allowed
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", 9  # A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]
    page.print_title_rows = f"{FIRST_LINE}:{FIRST_LINE}"
    page.print_area = f"B2:{page.cell(last, len(Column)).coordinate}"
    page.page_margins.left = page.page_margins.right = 0.4
    page.page_margins.top = page.page_margins.bottom = 0.5
    page.oddFooter.center.text = "&P / &N"  # type: ignore[union-attr]


# --- the other sheets -----------------------------------------------------------------------------------


def _write_how_to(page: "Worksheet") -> None:
    from openpyxl.styles import Alignment, Font

    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 26, 90
    for number, (what, words) in enumerate(how_to_lines(), start=1):
        for index, text in enumerate((what, words), start=1):
            cell = page.cell(number, index)
            write_text(cell, text)
            cell.font = Font(name=FONT, size=14 if number == 1 else 11, bold=index == 1, color=INK)
            cell.alignment = Alignment(vertical="top", wrap_text=number > 1)
    page.sheet_view.showGridLines = False
    page.protection.sheet = True
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", 9
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]


def _write_hidden(page: "Worksheet", passport: Passport | None) -> None:
    """The mark, then the signed passport in pieces; each begins with a bar, so that none reads like a formula."""
    signed = passport.sign() if passport else READ_ONLY
    pieces = [signed[start : start + CHUNK] for start in range(0, len(signed), CHUNK)]
    for number, text in enumerate([MARK + HIDDEN_SHEET, *(f"|{piece}" for piece in pieces)], start=1):
        write_text(page.cell(number, 1), text)
    page.protection.sheet = True
    page.sheet_state = "veryHidden"
