"""One cell as it stands now, with what is known around it, in one query: what saving a single cell needs.

The caller holds the lock of the sheet's row, taken in an earlier statement. A statement that waits for the lock
itself would see the rows joined to it as they were before the wait.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from django.db import models
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, JSONObject

from accounts.models import JournalEntry, User
from core import clock
from core.prepared import Given, Prepared
from grants.models import BudgetLine, Expenditure, Indicator, Purpose
from grants.plan import unit_entered
from grants.plan_reading import indicators_in_force, outcomes_in_force
from mentoring import cells
from mentoring.cells import NOTE, PARTS, Cell, Kind, Wire, to_wire
from mentoring.models import ActionItem, CostReview, Figure, OutcomeChange, ProgressSheet
from mentoring.selectors import plan_of

SITTING = dt.timedelta(minutes=30)
Sheets = Any  # QuerySet[ProgressSheet]; the type stubs do not follow a FilteredRelation
Row = Figure | OutcomeChange | CostReview | Expenditure | ActionItem
M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Counted:
    """What the plan says of an indicator, as far as its cells ask."""

    method: str
    unit: str  # of the numbers typed
    target_value: Decimal | None


@dataclass(frozen=True, slots=True)
class Names:
    organisation: str
    foundation: str
    foundation_id: int


@dataclass(slots=True)
class Standing:
    cell: Cell
    sheet: ProgressSheet  # without its grant
    names: Names
    row: Row | None  # None: nothing was ever saved in it
    counted: Counted | None
    is_on_sheet: bool  # False: the plan was revised and the cell is gone, or it never was this sheet's
    is_sitting: bool  # this person's act of writing stands in the journal already

    @property
    def value(self) -> cells.Value:
        return value_in(self.sheet if self.cell.kind == Kind.REMARK else self.row, self.cell)

    @property
    def wire(self) -> Wire:
        return to_wire(self.value)


def value_in(row: object, cell: Cell) -> cells.Value:
    """`row`: the cell's, or a record of its history."""
    if cell.kind == Kind.HOMEWORK:
        return (getattr(row, "done_on", None) is not None,)
    return tuple(getattr(row, name, None) for name in cell.attributes)


def wire_in(row: object, cell: Cell) -> Wire:
    return to_wire(value_in(row, cell))


def stand_of(pk: int, cell: Cell, by: User) -> Standing:
    """Raises ProgressSheet.DoesNotExist. Whether `by` may see it was asked before."""
    if cell.kind == Kind.HOMEWORK:
        return _stand_of_homework(pk, cell, by)
    given = {"pk": pk, "of": cell.of, "by": by.pk, "since": clock.now() - SITTING}
    kind = "evaluation" if cell.of == Purpose.EVALUATION else cell.kind
    found = list(READ[kind].rows(**given))
    if not found:
        raise ProgressSheet.DoesNotExist
    organisation, foundation, foundation_id, is_sitting, told, *columns = found[0]
    sheet = _instance(ProgressSheet, columns[: len(SHEET)])
    counted = _counted(sheet, cell, told)
    return Standing(
        cell=cell,
        sheet=sheet,
        names=Names(organisation, foundation, foundation_id),
        row=_row(cell.kind, columns[len(SHEET) :]),
        counted=counted,
        is_on_sheet=_is_on_sheet(sheet, cell, counted, told),
        is_sitting=bool(is_sitting),
    )


# --- the questions, made once ------------------------------------------------------------------------------------

ROWS: dict[Kind, type[Figure] | type[OutcomeChange] | type[CostReview] | type[Expenditure]] = {
    Kind.FIGURE: Figure,
    Kind.CHANGE: OutcomeChange,
    Kind.COST: CostReview,
    Kind.SPENT: Expenditure,
}
PK: Any = models.BigIntegerField()
OF_ROW = Given("of", PK)
OF_PURPOSE = Given("of", models.CharField())


def _columns(model: type[models.Model], prefix: str = "") -> list[str]:
    return [prefix + field.attname for field in model._meta.concrete_fields]


SHEET = _columns(ProgressSheet)


def _instance(model: type[M], values: list[Any]) -> M:
    return model.from_db("default", _columns(model), values)


def _row(kind: Kind, values: list[Any]) -> Row | None:
    """None where the joined row does not exist."""
    return _instance(ROWS[kind], values) if kind in ROWS and values[0] is not None else None


def _read(kind: Kind, told: Callable[[Sheets], Sheets]) -> Prepared:
    """The sheet, its names, whether it is a sitting, what is `told` of the cell, and its row."""
    row = _columns(ROWS[kind], "row__") if kind in ROWS else []
    names = (
        "grant__organisation__name",
        "grant__program__fund__foundation__short_name",
        "grant__program__fund__foundation_id",
    )
    return Prepared(
        lambda: told(
            ProgressSheet.objects.filter(pk=Given("pk", PK)).annotate(is_sitting=Exists(_acts_of_writing()))
        ).values_list(*names, "is_sitting", "told", *SHEET, *row)
    )


def _acts_of_writing() -> "models.QuerySet[JournalEntry]":
    return JournalEntry.objects.filter(
        subject_type=ProgressSheet._meta.label_lower,
        subject_id=Given("pk", PK),
        actor=Given("by", PK),
        verb="sheet.save",
        at__gt=Given("since", models.DateTimeField()),
    )


def _of_figure(sheets: Sheets) -> Sheets:
    """Told what the plan says of the indicator; None when it has no such one."""
    wordings = indicators_in_force(OuterRef("month")).filter(
        indicator=OF_ROW, indicator__grant=OuterRef("grant")
    )
    says = JSONObject(
        method="indicator__method", unit="unit", target=Cast("target_value", models.CharField(max_length=20))
    )
    return sheets.annotate(
        told=Subquery(
            wordings.order_by("-valid_from").values(says=says)[:1], output_field=models.JSONField()
        ),
        row=FilteredRelation("figures", condition=Q(figures__indicator=OF_ROW)),
    )


def _of_change(sheets: Sheets) -> Sheets:
    """Told whether the plan has the outcome."""
    outcomes = outcomes_in_force(OuterRef("month")).filter(outcome=OF_ROW, outcome__grant=OuterRef("grant"))
    return sheets.annotate(
        told=Exists(outcomes),
        row=FilteredRelation("outcome_changes", condition=Q(outcome_changes__outcome=OF_ROW)),
    )


def _of_spent(sheets: Sheets) -> Sheets:
    return sheets.annotate(
        told=Value(True),
        row=FilteredRelation(
            "grant__expenditures",
            condition=Q(grant__expenditures__purpose=OF_PURPOSE, grant__expenditures__month=F("month")),
        ),
    )


def _of_evaluation(sheets: Sheets) -> Sheets:
    """Asked for only where it is planned or was spent (mentoring.cells.entered_purposes)."""
    of = {"grant": OuterRef("grant"), "purpose": Purpose.EVALUATION}
    planned = BudgetLine.objects.filter(**of).exclude(granted_yen=0, own_yen=0)
    spent = Expenditure.objects.filter(**of, month__lte=OuterRef("month"), amount_yen__isnull=False)
    return _of_spent(sheets).annotate(told=Exists(planned) | Exists(spent.exclude(amount_yen=0)))


def _of_cost(sheets: Sheets) -> Sheets:
    return sheets.annotate(
        told=Value(True), row=FilteredRelation("cost_reviews", condition=Q(cost_reviews__purpose=OF_PURPOSE))
    )


READ = {
    Kind.FIGURE: _read(Kind.FIGURE, _of_figure),
    Kind.CHANGE: _read(Kind.CHANGE, _of_change),
    Kind.SPENT: _read(Kind.SPENT, _of_spent),
    "evaluation": _read(Kind.SPENT, _of_evaluation),
    Kind.COST: _read(Kind.COST, _of_cost),
    Kind.REMARK: _read(Kind.REMARK, lambda sheets: sheets.annotate(told=Value(True))),
}


# --- what the plan says ------------------------------------------------------------------------------------------


def _counted(sheet: ProgressSheet, cell: Cell, told: Any) -> Counted | None:
    """None for other cells, and for an indicator that this sheet's plan does not have."""
    if cell.kind != Kind.FIGURE:
        return None
    if sheet.plan_snapshot is not None:
        known = (indicator for indicator in plan_of(sheet).indicators() if str(indicator.id) == cell.of)
        return next((Counted(i.method, i.entered_unit, i.target_value) for i in known), None)
    if told is None:
        return None
    target = None if told["target"] is None else Decimal(told["target"])
    return Counted(told["method"], unit_entered(told["method"], told["unit"]), target)


def _is_on_sheet(sheet: ProgressSheet, cell: Cell, counted: Counted | None, told: Any) -> bool:
    if cell.kind == Kind.FIGURE:
        return counted is not None and (
            cell.attributes == NOTE or cell.attributes in PARTS[Indicator.Method(counted.method)]
        )
    if cell.kind == Kind.CHANGE and sheet.plan_snapshot is not None:
        return any(str(outcome.id) == cell.of for outcome in plan_of(sheet).outcomes)
    return bool(told)


def _stand_of_homework(pk: int, cell: Cell, by: User) -> Standing:
    """The item is locked by itself: it can be ticked off without its sheet. Its act has a journal line of its own."""
    items: Any = ActionItem.objects
    item = (
        items.annotate(here=FilteredRelation("grant__sheets", condition=Q(grant__sheets=pk)))
        .filter(pk=int(cell.of), here__isnull=False, sheet__month__lt=F("here__month"))
        .select_related("here", "grant__organisation", "grant__program__fund__foundation")
        .select_for_update(of=("self",))
        .first()
    )
    if item is None:
        nobody = Names("", "", 0)
        sheet = ProgressSheet.objects.get(pk=pk)
        return Standing(cell, sheet, nobody, None, None, is_on_sheet=False, is_sitting=True)
    foundation = item.grant.program.fund.foundation
    names = Names(item.grant.organisation.name, foundation.short_name, foundation.pk)
    return Standing(cell, item.here, names, item, None, is_on_sheet=True, is_sitting=True)
