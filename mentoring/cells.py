"""The cells of a sheet: every place that is typed, compared and saved as a whole.

Cells are compared in their wire form, a tuple of plain texts, so that 5, 5.00 and ５ are one and the same, and so
that the page can carry what its writer saw. A ratio's two numbers are one cell: half of it means nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from grants.models import Expenditure, Indicator, Purpose
from grants.plan import IndicatorPlan, Plan
from mentoring.models import ActionItem, CostReview, Figure, OutcomeChange, ProgressSheet

Part = Decimal | int | str | bool | None
Value = tuple[Part, ...]  # one part for each of the cell's attributes
Wire = tuple[str, ...]  # the same as texts; "" where nothing stands

PARTS = {  # what is entered each month, by method (product.md, Figures)
    Indicator.Method.SUM: (("value",),),
    Indicator.Method.NEW_UNIQUE: (("value",),),
    Indicator.Method.LATEST: (("value",),),
    Indicator.Method.RATIO: (("numerator", "denominator"),),
    Indicator.Method.STATE: (("step",), ("sentence",)),
    Indicator.Method.PRESENCE: (("presence",),),
}


NOTE = ("note",)


class Kind(StrEnum):
    CHANGE = "change"
    FIGURE = "figure"
    SPENT = "spent"
    COST = "cost"
    HOMEWORK = "homework"
    REMARK = "remark"


@dataclass(frozen=True, slots=True)
class Cell:
    kind: Kind
    of: str  # the id of the outcome, indicator or homework; the code of the purpose; "" for the sheet's own
    attributes: tuple[str, ...]

    @property
    def key(self) -> str:
        return self.names[0]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its inputs on the page."""
        return tuple("-".join(filter(None, (self.kind, self.of, name))) for name in self.attributes)


def cells_of(plan: Plan, homework: Iterable[ActionItem], purposes: Iterable[str]) -> list[Cell]:
    """In the order of the page."""
    cells = []
    for outcome in plan.outcomes:
        cells.append(Cell(Kind.CHANGE, str(outcome.id), ("text",)))
        for indicator in outcome.indicators:
            cells += figure_cells(indicator)
    for indicator in plan.output_indicators():
        cells += figure_cells(indicator)
    cells += [Cell(Kind.SPENT, purpose, ("amount_yen",)) for purpose in purposes]
    for purpose in CostReview.PURPOSES:
        cells += [Cell(Kind.COST, purpose.value, (name,)) for name in ("status", "consultation")]
    cells += [Cell(Kind.HOMEWORK, str(item.pk), ("done",)) for item in homework]
    return [*cells, Cell(Kind.REMARK, "", ("remark",))]


def figure_cells(indicator: IndicatorPlan) -> list[Cell]:
    parts = (*PARTS[Indicator.Method(indicator.method)], NOTE)
    return [Cell(Kind.FIGURE, str(indicator.id), attributes) for attributes in parts]


ENTERED: dict[Kind, tuple[tuple[str, ...], ...]] = {  # the cells that there can be at all, by kind
    Kind.CHANGE: (("text",),),
    Kind.FIGURE: (*dict.fromkeys(part for parts in PARTS.values() for part in parts), NOTE),
    Kind.SPENT: (("amount_yen",),),
    Kind.COST: (("status",), ("consultation",)),
    Kind.HOMEWORK: (("done",),),
    Kind.REMARK: (("remark",),),
}
LONGEST_ID = 18  # digits; longer ones are no key of a row


def cell_named(key: str) -> Cell | None:
    """The cell with this key, whether or not a sheet has it; None when no sheet could."""
    kind, *of, name = key.split("-") if "-" in key else ("", "")
    if kind not in ENTERED or len(of) != (kind != Kind.REMARK):
        return None
    place = "".join(of)
    if kind in (Kind.SPENT, Kind.COST):
        is_place = place in (Purpose.values if kind == Kind.SPENT else CostReview.PURPOSES)
    else:
        is_place = kind == Kind.REMARK or (
            place.isascii() and place.isdigit() and len(place) <= LONGEST_ID and place[0] != "0"
        )
    attributes = next((names for names in ENTERED[Kind(kind)] if names[0] == name), None)
    return Cell(Kind(kind), place, attributes) if is_place and attributes else None


def to_wire(value: Value) -> Wire:
    return tuple(_text(part) for part in value)


def _text(part: Part) -> str:
    if part is None or part is False:
        return ""
    if part is True:
        return "1"
    if isinstance(part, Decimal):
        return format(part.normalize() + 0, "f")
    return str(part).replace("\r\n", "\n").strip()


def is_blank(wire: Wire) -> bool:
    return not any(wire)


class Settled(StrEnum):
    SAME = "same"  # nothing to do
    WRITE = "write"  # only this writer changed it
    KEEP = "keep"  # only somebody else did
    CONFLICT = "conflict"  # both did, and not alike


def settle(before: Wire, mine: Wire, theirs: Wire) -> Settled:
    """`before` is what this writer saw, `mine` what they send, `theirs` what stands now."""
    if mine == theirs:
        return Settled.SAME
    if mine == before:
        return Settled.KEEP
    return Settled.WRITE if theirs == before else Settled.CONFLICT


class Rows:
    """The rows behind the cells of one sheet, as they stand in the database now. Five queries."""

    def __init__(self, sheet: ProgressSheet) -> None:
        self.sheet = sheet
        self.figures = {str(f.indicator_id): f for f in Figure.objects.filter(sheet=sheet)}
        self.changes = {str(c.outcome_id): c for c in OutcomeChange.objects.filter(sheet=sheet)}
        self.costs = {c.purpose: c for c in CostReview.objects.filter(sheet=sheet)}
        spent = Expenditure.objects.filter(grant=sheet.grant_id, month=sheet.month)
        self.spent = {row.purpose: row for row in spent}
        homework = ActionItem.objects.filter(grant=sheet.grant_id, sheet__month__lt=sheet.month)
        self.homework = {str(item.pk): item for item in homework}

    def value(self, cell: Cell) -> Value:
        if cell.kind == Kind.REMARK:
            return (self.sheet.remark,)
        if cell.kind == Kind.HOMEWORK:
            item = self.homework.get(cell.of)
            return (item is not None and item.done_on is not None,)
        rows: dict[Kind, Mapping[str, object]] = {
            Kind.CHANGE: self.changes,
            Kind.FIGURE: self.figures,
            Kind.SPENT: self.spent,
            Kind.COST: self.costs,
        }
        return tuple(getattr(rows[cell.kind].get(cell.of), name, None) for name in cell.attributes)

    def wire(self, cell: Cell) -> Wire:
        return to_wire(self.value(cell))


def entered_purposes(planned: Mapping[str, bool]) -> list[str]:
    """Whose spending is asked for: the two of the project cost, and evaluation where it is planned or was spent."""
    purposes = [purpose.value for purpose in CostReview.PURPOSES]
    return [*purposes, Purpose.EVALUATION.value] if planned.get(Purpose.EVALUATION) else purposes
