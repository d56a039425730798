"""Saving what was typed into a sheet: cell by cell, under the lock of the sheet's row."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from accounts.models import User
from accounts.services import record_act
from core import clock
from grants.services.spending import record_spending
from mentoring.access import may_enter
from mentoring.cells import Cell, Kind, Part, Rows, Settled, Value, Wire, settle, to_wire
from mentoring.models import CostReview, Figure, OutcomeChange, ProgressSheet
from mentoring.services.homework import tick_several
from mentoring.workflow import WrongState, locked

CORRECTION = "correction"  # marks, in the history of a row, what was changed after a closing


@dataclass(frozen=True, slots=True)
class SavedEntry:
    """What became of the typed cells, by their keys."""

    sheet: ProgressSheet
    written: list[str]
    conflicts: dict[str, Wire]  # both changed it: what the other person wrote, which still stands
    kept: list[str]  # another person changed it, this writer did not: the other's stands
    stored: dict[str, Wire] = field(repr=False)  # every cell as it stands now


@transaction.atomic
def save_entry(
    *,
    sheet: ProgressSheet,
    cells: Sequence[Cell],
    typed: Mapping[str, Value],
    seen: Mapping[str, Wire],
    by: User,
) -> SavedEntry:
    """Writes the cells that this writer changed; `seen` is what stood in each when their page was made.

    A cell that somebody else changed meanwhile is never overwritten: it is kept when this writer left it alone, and
    reported as a conflict when both wrote. Cells that are not in `typed` are left alone. Raises WrongState when the
    sheet takes no entries from this person (any more).
    """
    row = locked(sheet)
    if not may_enter(by, row):
        raise WrongState(row, "enter")
    rows = Rows(row)
    written: list[Cell] = []
    conflicts, kept = {}, []
    for cell in cells:
        theirs, before = rows.wire(cell), seen.get(cell.key, ("",) * len(cell.attributes))
        mine = to_wire(typed[cell.key]) if cell.key in typed else before
        match settle(before, mine, theirs):
            case Settled.WRITE:
                written.append(cell)
            case Settled.CONFLICT:
                conflicts[cell.key] = theirs
            case Settled.KEEP:
                kept.append(cell.key)
    _write(rows, written, typed, by)
    return SavedEntry(
        sheet=row,
        written=[cell.key for cell in written],
        conflicts=conflicts,
        kept=kept,
        stored={cell.key: rows.wire(cell) for cell in cells},
    )


def _write(rows: Rows, cells: Sequence[Cell], typed: Mapping[str, Value], by: User) -> None:
    if not cells:
        return
    sheet, values = rows.sheet, {cell: typed[cell.key] for cell in cells}
    reason = reason_of(sheet)
    _write_rows(rows, values, by, reason)
    for cell, (part,) in ((c, v) for c, v in values.items() if c.kind == Kind.SPENT):
        rows.spent[cell.of] = record_spending(
            grant=sheet.grant,
            month=sheet.month,
            purpose=cell.of,
            amount_yen=part if part is None else int(part),
            by=by,
            reason=reason,
        )
    ticks = {
        int(c.of): bool(v[0]) for c, v in values.items() if c.kind == Kind.HOMEWORK and c.of in rows.homework
    }
    rows.homework |= {str(pk): item for pk, item in tick_several(ticks=ticks, by=by).items()}
    fields = ["version", "updated_at"]
    for _cell, (text,) in ((c, v) for c, v in values.items() if c.kind == Kind.REMARK):
        fields += put_remark(sheet, text, by)
    sheet.version += 1
    sheet.save(update_fields=fields)
    record_act(
        verb="sheet.save",
        subject=sheet,
        by=by,
        foundation_id=sheet.grant.program.fund.foundation_id,
        cells=[cell.key for cell in cells],
    )


def reason_of(sheet: ProgressSheet) -> str:
    """What stands in the history beside a change of this sheet's rows."""
    return CORRECTION if sheet.state == ProgressSheet.State.REOPENED else ""


def put_remark(sheet: ProgressSheet, text: Part, by: User) -> list[str]:
    """The fields to save. The sheet has no history, so it tells itself who wrote its remark last."""
    sheet.remark, sheet.remark_by, sheet.remark_at = str(text or ""), by, clock.now()
    return ["remark", "remark_by", "remark_at"]


def write_row(
    row: Figure | OutcomeChange | CostReview, values: Mapping[str, Part], by: User, reason: str
) -> None:
    """Saves these attributes of the row, or the row when it is new."""
    for name, part in values.items():
        setattr(row, name, part)
    row._history_user, row._history_date, row._change_reason = by, clock.now(), reason  # type: ignore[union-attr]
    row.save(update_fields={*values, "updated_at"} if row.pk else None)


def _write_rows(rows: Rows, values: Mapping[Cell, Value], by: User, reason: str) -> None:
    """Figures, sentences and words on the costs; a row is made with its first entry and saved once."""
    touched: dict[tuple[Kind, str], Figure | OutcomeChange | CostReview] = {}
    parts: dict[tuple[Kind, str], dict[str, Part]] = defaultdict(dict)
    for cell, value in values.items():
        row: Figure | OutcomeChange | CostReview
        if cell.kind == Kind.FIGURE:
            row = rows.figures.setdefault(cell.of, Figure(sheet=rows.sheet, indicator_id=int(cell.of)))
        elif cell.kind == Kind.CHANGE:
            row = rows.changes.setdefault(cell.of, OutcomeChange(sheet=rows.sheet, outcome_id=int(cell.of)))
        elif cell.kind == Kind.COST:
            row = rows.costs.setdefault(cell.of, CostReview(sheet=rows.sheet, purpose=cell.of))
        else:
            continue
        touched[cell.kind, cell.of] = row
        parts[cell.kind, cell.of] |= dict(zip(cell.attributes, value, strict=True))
    for key, row in touched.items():
        write_row(row, parts[key], by, reason)
