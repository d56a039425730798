"""One cell as it stands now, with what is known around it, in one query: what saving a single cell needs.

The caller holds the lock of the sheet's row, taken in an earlier statement. A statement that waits for the lock
itself would see the rows joined to it as they were before the wait.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import (
    CharField,
    Exists,
    F,
    FilteredRelation,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, JSONObject

from accounts.models import JournalEntry, User
from core import clock
from grants.models import BudgetLine, Expenditure, Indicator, Purpose
from grants.plan import indicators_in_force, outcomes_in_force, unit_entered
from mentoring import cells
from mentoring.cells import NOTE, PARTS, Cell, Kind, Wire, to_wire
from mentoring.models import ActionItem, CostReview, Figure, OutcomeChange, ProgressSheet
from mentoring.selectors import plan_of

SITTING = dt.timedelta(minutes=30)
Sheets = Any  # QuerySet[ProgressSheet]; the type stubs know no select_related of a FilteredRelation
Row = Figure | OutcomeChange | CostReview | Expenditure | ActionItem


@dataclass(frozen=True, slots=True)
class Counted:
    """What the plan says of an indicator, as far as its cells ask."""

    method: str
    unit: str  # of the numbers typed
    target_value: Decimal | None


@dataclass(slots=True)
class Standing:
    cell: Cell
    sheet: ProgressSheet
    row: Row | None  # None: nothing was ever saved in it
    counted: Counted | None
    is_on_sheet: bool  # False: the plan was revised and the cell is gone, or it never was this sheet's
    is_sitting: bool  # this person's act of writing stands in the journal already

    @property
    def value(self) -> cells.Value:
        if self.cell.kind == Kind.REMARK:
            return (self.sheet.remark,)
        if self.cell.kind == Kind.HOMEWORK:
            return (getattr(self.row, "done_on", None) is not None,)
        return tuple(getattr(self.row, name, None) for name in self.cell.attributes)

    @property
    def wire(self) -> Wire:
        return to_wire(self.value)


def stand_of(pk: int, cell: Cell, by: User) -> Standing:
    """Raises ProgressSheet.DoesNotExist. Whether `by` may see it was asked before."""
    if cell.kind == Kind.HOMEWORK:
        return _stand_of_homework(pk, cell, by)
    sheet: Any = READ[cell.kind](_sheets(pk, by), cell.of).get()
    counted = _counted(sheet, cell)
    return Standing(
        cell=cell,
        sheet=sheet,
        row=getattr(sheet, "row", None),
        counted=counted,
        is_on_sheet=_is_on_sheet(sheet, cell, counted),
        is_sitting=sheet.is_sitting,
    )


def _sheets(pk: int, by: User) -> Sheets:
    return (
        ProgressSheet.objects.filter(pk=pk)
        .select_related("grant__organisation", "grant__program__fund__foundation")
        .annotate(is_sitting=Exists(_acts_of_writing(pk, by)))
    )


def _acts_of_writing(pk: int, by: User) -> "QuerySet[JournalEntry]":
    return JournalEntry.objects.filter(
        subject_type=ProgressSheet._meta.label_lower,
        subject_id=pk,
        actor=by,
        verb="sheet.save",
        at__gt=clock.now() - SITTING,
    )


# --- the row, and what the plan says; by kind ---------------------------------------------------------------------


def _with_figure(sheets: Sheets, of: str) -> Sheets:
    wordings = indicators_in_force(OuterRef("month")).filter(
        indicator=int(of), indicator__grant=OuterRef("grant")
    )
    told = JSONObject(
        method="indicator__method", unit="unit", target=Cast("target_value", CharField(max_length=20))
    )
    return sheets.annotate(
        counted=Subquery(wordings.order_by("-valid_from").values(told=told)[:1], output_field=JSONField()),
        row=FilteredRelation("figures", condition=Q(figures__indicator=int(of))),
    ).select_related("row")


def _with_change(sheets: Sheets, of: str) -> Sheets:
    outcomes = outcomes_in_force(OuterRef("month")).filter(outcome=int(of), outcome__grant=OuterRef("grant"))
    return sheets.annotate(
        is_planned=Exists(outcomes),
        row=FilteredRelation("outcome_changes", condition=Q(outcome_changes__outcome=int(of))),
    ).select_related("row")


def _with_spent(sheets: Sheets, of: str) -> Sheets:
    """Evaluation is asked for only where it is planned or was spent (mentoring.cells.entered_purposes)."""
    planned = BudgetLine.objects.filter(grant=OuterRef("grant"), purpose=of).exclude(granted_yen=0, own_yen=0)
    spent = Expenditure.objects.filter(
        grant=OuterRef("grant"), purpose=of, month__lte=OuterRef("month"), amount_yen__isnull=False
    ).exclude(amount_yen=0)
    asked_for = Exists(planned) | Exists(spent) if of == Purpose.EVALUATION else Value(True)
    return sheets.annotate(
        is_planned=asked_for,
        row=FilteredRelation(
            "grant__expenditures",
            condition=Q(grant__expenditures__purpose=of, grant__expenditures__month=F("month")),
        ),
    ).select_related("row")


def _with_cost(sheets: Sheets, of: str) -> Sheets:
    return sheets.annotate(
        row=FilteredRelation("cost_reviews", condition=Q(cost_reviews__purpose=of))
    ).select_related("row")


READ: dict[Kind, Callable[[Sheets, str], Sheets]] = {
    Kind.FIGURE: _with_figure,
    Kind.CHANGE: _with_change,
    Kind.SPENT: _with_spent,
    Kind.COST: _with_cost,
    Kind.REMARK: lambda sheets, _of: sheets,
}


def _counted(sheet: Any, cell: Cell) -> Counted | None:
    """None for other cells, and for an indicator that this sheet's plan does not have."""
    if cell.kind != Kind.FIGURE:
        return None
    if sheet.plan_snapshot is not None:
        known = (indicator for indicator in plan_of(sheet).indicators() if str(indicator.id) == cell.of)
        return next((Counted(i.method, i.entered_unit, i.target_value) for i in known), None)
    if (told := sheet.counted) is None:
        return None
    target = None if told["target"] is None else Decimal(told["target"])
    return Counted(told["method"], unit_entered(told["method"], told["unit"]), target)


def _is_on_sheet(sheet: Any, cell: Cell, counted: Counted | None) -> bool:
    if cell.kind == Kind.FIGURE:
        return counted is not None and (
            cell.attributes == NOTE or cell.attributes in PARTS[Indicator.Method(counted.method)]
        )
    if cell.kind == Kind.CHANGE and sheet.plan_snapshot is not None:
        return any(str(outcome.id) == cell.of for outcome in plan_of(sheet).outcomes)
    return bool(getattr(sheet, "is_planned", True))


def _stand_of_homework(pk: int, cell: Cell, by: User) -> Standing:
    """The item is locked by itself: it can be ticked off without its sheet."""
    items: Any = ActionItem.objects
    item = (
        items.annotate(
            here=FilteredRelation("grant__sheets", condition=Q(grant__sheets=pk)),
            is_sitting=Exists(_acts_of_writing(pk, by)),
        )
        .filter(pk=int(cell.of), here__isnull=False, sheet__month__lt=F("here__month"))
        .select_related("here", "grant__program__fund")
        .select_for_update(of=("self",))
        .first()
    )
    if item is None:
        return Standing(cell, _sheets(pk, by).get(), None, None, is_on_sheet=False, is_sitting=True)
    return Standing(cell, item.here, item, None, is_on_sheet=True, is_sitting=item.is_sitting)
