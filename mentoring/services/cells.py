"""Saving single cells of a sheet as they are typed: what save_entry does for a whole page, in a few queries.

A cell is five: the lock, which asks for the right to write and raises the version; the cell as it stands; its row;
its history; and, once a sitting, the line in the journal.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from accounts.services import record_act
from grants.models import Expenditure
from grants.services.spending import write_spending
from mentoring.access import SheetDoor
from mentoring.cells import Cell, Kind, Settled, Value, Wire, settle, to_wire
from mentoring.models import ActionItem, CostReview, Figure, OutcomeChange, ProgressSheet
from mentoring.services.entry import put_remark, reason_of, write_row
from mentoring.services.homework import tick_locked
from mentoring.standing import Standing, stand_of


class NotOpen(Exception):
    """The sheet takes no entries from this person; `sheet_to_enter` says whether any more or at all."""


@dataclass(frozen=True, slots=True)
class SavedCell:
    standing: Standing  # as it stood before
    settled: (
        Settled | None
    )  # None: what was typed could not be read, or the sheet has no such cell (any more)
    stored: Wire  # as it stands now


@dataclass(frozen=True, slots=True)
class SavedCells:
    cells: list[SavedCell]
    version: int  # of the sheet as it stands now


Read = Callable[[Standing], Value | None]  # what was typed into the cell; None when it cannot be read


@transaction.atomic
def save_cells(*, door: SheetDoor, seen: Mapping[Cell, Wire], read: Read, by: User) -> SavedCells:
    """Writes the cells of `seen` that this writer changed since they saw that in them; the others' stay theirs
    (mentoring.cells.settle). Raises NotOpen."""
    if not door.open():
        raise NotOpen
    saved = [_save(stand_of(door.pk, cell, by), before, read, by) for cell, before in seen.items()]
    written = [cell.standing for cell in saved if cell.settled is Settled.WRITE]
    version = saved[0].standing.sheet.version
    if not written:
        transaction.set_rollback(True)  # nothing happened: the version stays as well
        return SavedCells(saved, version - 1)
    _record(written, by)
    return SavedCells(saved, version)


def _save(standing: Standing, before: Wire, read: Read, by: User) -> SavedCell:
    value = read(standing) if standing.is_on_sheet else None
    if value is None:
        return SavedCell(standing, None, standing.wire)
    mine, theirs = to_wire(value), standing.wire
    settled = settle(before, mine, theirs)
    if settled is not Settled.WRITE:
        return SavedCell(standing, settled, theirs)
    _write(standing, value, by)
    return SavedCell(standing, settled, mine)


def _write(standing: Standing, value: Value, by: User) -> None:
    cell, sheet = standing.cell, standing.sheet
    row = standing.row or _new_row(sheet, cell)
    if isinstance(row, ActionItem):
        tick_locked(item=row, done=bool(value[0]), by=by)
    elif isinstance(row, Expenditure):
        amount = value[0] if value[0] is None else int(value[0])
        write_spending(row=row, amount_yen=amount, by=by, reason=reason_of(sheet))
    elif row is None:
        sheet.save(update_fields=put_remark(sheet, value[0], by))
    else:
        write_row(row, dict(zip(cell.attributes, value, strict=True)), by, reason_of(sheet))


def _new_row(sheet: ProgressSheet, cell: Cell) -> Figure | OutcomeChange | CostReview | Expenditure | None:
    if cell.kind == Kind.FIGURE:
        return Figure(sheet=sheet, indicator_id=int(cell.of))
    if cell.kind == Kind.CHANGE:
        return OutcomeChange(sheet=sheet, outcome_id=int(cell.of))
    if cell.kind == Kind.COST:
        return CostReview(sheet=sheet, purpose=cell.of)
    if cell.kind == Kind.SPENT:
        return Expenditure(grant_id=sheet.grant_id, month=sheet.month, purpose=cell.of)
    return None


def _record(written: Sequence[Standing], by: User) -> None:
    """One line for a person and a sitting; homework has lines of its own."""
    lines = [standing for standing in written if standing.cell.kind != Kind.HOMEWORK]
    if lines and not lines[0].is_sitting:
        sheet, names = lines[0].sheet, lines[0].names
        record_act(
            verb="sheet.save",
            subject=sheet,
            label=f"{names.organisation} {sheet.label}",
            by=by,
            foundation_id=names.foundation_id,
            cells=[standing.cell.key for standing in lines],
        )
