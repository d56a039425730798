"""Cells in plain text: separated by tabs or commas, with quotes round what would break them."""

from collections.abc import Sequence

from django.utils.translation import gettext

from grants.plan_import.table import TextRow, heads_of
from grants.plan_text.doubts import Doubt
from grants.plan_text.headings import Column, kind_named
from grants.plan_text.numbering import read_number

# A spreadsheet that opens a CSV takes these for the beginning of a formula, the full-width ones too.
FORMULA_SIGNS = "=+-@\t\r＝＋－＠"
SHIELD = "'"


def shielded(text: str) -> str:
    """The text so that no spreadsheet calculates it; `unshielded` takes it back."""
    return SHIELD + text if text[:1] in (*FORMULA_SIGNS, SHIELD) else text


def unshielded(text: str) -> str:
    return text[1:] if text[:1] == SHIELD and text[1:2] in (*FORMULA_SIGNS, SHIELD) else text


def split_cells(text: str, delimiter: str, *, is_pasted: bool = False) -> list[tuple[int, list[str]]]:
    """Each row with its number, as a spreadsheet counts it.

    A quote opens a cell only when its fellow closes it before a delimiter or the end of a line; any other quote is a
    sign of the text, and a file with an odd one is not swallowed whole. The clipboard of a spreadsheet quotes
    only what has a line break, a tab or a quote in it, so that 「"相談"」 keeps its quotes.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    rows: list[tuple[int, list[str]]] = []
    row: list[str] = []
    at, line_end = 0, -1
    while at <= len(text):
        if line_end < at:  # looked for once a line: a row of a million blank cells is long
            line_end = text.find("\n", at)
            line_end = len(text) if line_end < 0 else line_end
        cell, end = _cell(text, at, line_end, delimiter, is_pasted)
        row.append(cell if is_pasted else unshielded(cell))
        if end >= len(text) or text[end] == "\n":
            rows.append((len(rows) + 1, row))
            row = []
        at = end + 1
    return [(number, cells) for number, cells in rows if any(cell.strip() for cell in cells)]


def _cell(text: str, at: int, line_end: int, delimiter: str, is_pasted: bool) -> tuple[str, int]:
    """The cell that begins at `at` in the line that ends at `line_end`, and where it ends."""
    if text[at : at + 1] == '"' and (end := _closing(text, at + 1)) is not None:
        inside = text[at + 1 : end]
        closes = end + 1 >= len(text) or text[end + 1] in (delimiter, "\n")
        if closes and (not is_pasted or any(sign in inside for sign in '\n\t"')):
            return inside.replace('""', '"'), end + 1
    end = text.find(delimiter, at, line_end)
    end = line_end if end < 0 else end
    return text[at:end], end


def _closing(text: str, at: int) -> int | None:
    """The quote that closes; a doubled one is a sign of the text."""
    while (at := text.find('"', at)) >= 0:
        if text[at + 1 : at + 2] != '"':
            return at
        at += 2
    return None


def join_broken_rows(rows: Sequence[TextRow]) -> list[TextRow]:
    """A table of Word comes with the line breaks of its cells as ends of rows. Where the head counts the cells, rows
    that are too short are put together again, with a doubt."""
    joined: list[TextRow] = []
    width, is_counted, is_below_head = 0, False, False
    for row in rows:
        heads = heads_of(row)
        if heads is not None:
            width = len(row.cells)
            is_counted = heads[0] in (Column.KIND, Column.NUMBER)
            joined.append(row)
        elif is_counted and not is_below_head and _goes_on(joined[-1], row, width):
            joined[-1] = _put_together(joined[-1], row)
        else:
            joined.append(row)
        is_below_head = heads is not None
    return joined


def _goes_on(before: TextRow, row: TextRow, width: int) -> bool:
    first = row.cells[0].strip()
    begins = not first or kind_named(first) is not None or read_number(first).is_readable
    return not begins and len(before.cells) + len(row.cells) - 1 <= width


def _put_together(before: TextRow, row: TextRow) -> TextRow:
    place = len(before.cells) - 1
    cells = (*before.cells[:-1], f"{before.cells[-1]}\n{row.cells[0]}", *row.cells[1:])
    words = gettext("行の途中の改行を、ひとつのセルとして読みました。")
    doubt = (place, Doubt("lines_joined", words))
    doubts = before.doubts if doubt in before.doubts else (*before.doubts, doubt)
    return TextRow(before.at, cells, before.joined, doubts)
