"""What the entry page shows around its fields: last month's words, running totals, what is still blank."""

from dataclasses import dataclass

from django.forms import BoundField
from django.utils.translation import gettext

from core.doubtful import doubtful_fields
from core.months import last_day_of_period, short_month_label
from grants.models import Indicator
from grants.plan import IndicatorPlan
from mentoring.cells import Cell, Kind, Wire, figure_cells, is_blank
from mentoring.forms.entry import EntryForm, stored_wire
from mentoring.models import ActionItem
from mentoring.reading import CostRow, IndicatorRow, OutcomeBlock, OutputBlock, OutputGroup, SheetReading

Method = Indicator.Method


@dataclass(frozen=True, slots=True)
class Blank:
    """Something still to be filled in. `short` is its place in a list: ③のひとこと, ②-2."""

    cell: Cell
    anchor: str
    label: str
    short: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class CellView:
    cell: Cell
    fields: list[BoundField]
    doubt: str
    theirs: str  # what somebody else wrote meanwhile; empty when nobody did
    has_conflict: bool

    @property
    def field(self) -> BoundField:
        return self.fields[0]

    @property
    def second(self) -> BoundField:
        return self.fields[-1]

    @property
    def take_name(self) -> str:
        return f"theirs-{self.cell.key}"


@dataclass(frozen=True, slots=True)
class FigureView:
    row: IndicatorRow
    cells: list[CellView]  # what is entered; a state has two
    note: CellView
    unit: str  # beside the field
    hint: str
    total_note: str
    is_todo: bool

    @property
    def plan(self) -> IndicatorPlan:
        return self.row.plan

    @property
    def cell(self) -> CellView:
        return self.cells[0]


@dataclass(frozen=True, slots=True)
class OutcomeView:
    block: OutcomeBlock
    change: CellView
    figures: list[FigureView]


@dataclass(frozen=True, slots=True)
class OutputView:
    block: OutputBlock
    figures: list[FigureView]


@dataclass(frozen=True, slots=True)
class GroupView:
    group: OutputGroup
    outputs: list[OutputView]


@dataclass(frozen=True, slots=True)
class CostView:
    row: CostRow
    status: CellView
    consultation: CellView


@dataclass(frozen=True, slots=True)
class SpentView:
    budget: object
    spent: CellView


@dataclass(frozen=True, slots=True)
class HomeworkView:
    item: ActionItem
    field: BoundField


@dataclass(frozen=True, slots=True)
class Count:
    """2／3 in the list of contents."""

    done: int
    of: int


class EntryPage:
    """`form` is bound after a post; its reading is the sheet as it stands now."""

    def __init__(self, form: EntryForm) -> None:
        self.form, self.reading = form, form.reading
        self.sheet = form.sheet
        self.stored: dict[str, Wire] = {cell.key: stored_wire(self.reading, cell) for cell in form.cells}
        self.problems = list(form.problems())
        self.outcomes = [self._outcome(block) for block in self.reading.outcomes]
        self.groups = [
            GroupView(group, [OutputView(o, [self._figure(row) for row in o.rows]) for o in group.outputs])
            for group in self.reading.output_groups
        ]
        self.spendings = [
            SpentView(budget, self._cell(f"spent-{budget.purpose}-amount_yen"))
            for budget in [*(row.budget for row in self.reading.costs), self.reading.evaluation]
            if f"spent-{budget.purpose}-amount_yen" in form.by_key
        ]
        self.costs = [
            CostView(
                row,
                self._cell(f"cost-{row.budget.purpose}-status"),
                self._cell(f"cost-{row.budget.purpose}-consultation"),
            )
            for row in self.reading.costs
        ]
        self.homework = [
            HomeworkView(item, form[f"homework-{item.pk}-done"]) for item in self.reading.earlier_homework
        ]
        self.remark = self._cell("remark-remark")
        self.blanks = blanks_of(form, self.stored)
        self.doubtful = doubtful_fields(form)

    def _cell(self, key: str) -> CellView:
        cell = self.form.by_key[key]
        theirs = self.form.theirs.get(key)
        return CellView(
            cell=cell,
            fields=[self.form[name] for name in cell.names],
            doubt=self.form.doubt(cell),
            theirs="" if theirs is None else self.form.readable(cell, theirs),
            has_conflict=theirs is not None,
        )

    def _outcome(self, block: OutcomeBlock) -> OutcomeView:
        change = self._cell(f"change-{block.plan.id}-text")
        return OutcomeView(block, change, [self._figure(row) for row in block.rows])

    def _figure(self, row: IndicatorRow) -> FigureView:
        *entered, note = (self._cell(cell.key) for cell in figure_cells(row.plan))
        is_blank_now = all(is_blank(self.stored[view.cell.key]) for view in entered)
        return FigureView(
            row=row,
            cells=entered,
            note=note,
            unit=row.plan.entered_unit,
            hint=self._hint(row),
            total_note=self._total_note(row) if is_blank_now else "",
            is_todo=is_blank_now and not any(self.form[n].errors for v in entered for n in v.cell.names),
        )

    def _hint(self, row: IndicatorRow) -> str:
        month = {"month": self.reading.now_label, "end": self.reading.end_label}
        if row.plan.method == Method.NEW_UNIQUE:
            return gettext("%(month)sにはじめての人だけを数えます") % month
        if row.plan.method == Method.LATEST:
            return gettext("%(end)s末の数") % month
        if row.is_ratio and row.now_percent is None:
            return gettext("あてはまる数／全体の数")
        return ""

    def _total_note(self, row: IndicatorRow) -> str:
        """Says of a total that stands without this period what it is."""
        if row.total.as_of is None:
            return ""
        if row.plan.method in (Method.SUM, Method.NEW_UNIQUE) or (row.plan.ratio_is_pooled and row.is_ratio):
            return gettext("%(month)sの数を除いた累計です") % {"month": self.reading.now_label}
        last = last_day_of_period(row.total.as_of, self.sheet.months)
        return gettext("%(month)s末の値です") % {"month": short_month_label(last)}

    # --- how far it is ---

    @property
    def blanks_to_accept(self) -> list[Blank]:
        """What may go out 未入力 once it was seen; what is ※必須 or wrong is told as a problem instead."""
        wrong = self.form.errors
        return [b for b in self.blanks if not b.is_required and not any(n in wrong for n in b.cell.names)]

    @property
    def outcome_count(self) -> Count:
        rows = [row for outcome in self.outcomes for row in outcome.figures]
        changes = sum(not is_blank(self.stored[outcome.change.cell.key]) for outcome in self.outcomes)
        return Count(changes + sum(figure.row.is_entered for figure in rows), len(self.outcomes) + len(rows))

    @property
    def output_count(self) -> Count:
        rows = [row for group in self.groups for output in group.outputs for row in output.figures]
        return Count(sum(figure.row.is_entered for figure in rows), len(rows))

    @property
    def cost_count(self) -> Count:
        keys = [view.spent.cell.key for view in self.spendings] + [v.status.cell.key for v in self.costs]
        return Count(sum(not is_blank(self.stored[key]) for key in keys), len(keys))

    @property
    def homework_count(self) -> Count:
        return Count(sum(view.item.done_on is not None for view in self.homework), len(self.homework))


def blanks_of(form: EntryForm, stored: dict[str, Wire]) -> list[Blank]:
    """What is still 未入力, in the order of the page: sentences and words, figures, spending of planned purposes.

    A ratio, and a state with its sentence and step, is one place.
    """
    reading: SheetReading = form.reading
    planned = {row.budget.purpose for row in reading.costs if row.budget.plan}
    if reading.evaluation.plan:
        planned.add(reading.evaluation.purpose)
    blanks = []
    for cell in form.cells:
        if not is_blank(stored[cell.key]):
            continue
        label = form.label_of(cell)
        if cell.kind == Kind.CHANGE:
            number = next(b.plan.label for b in reading.outcomes if str(b.plan.id) == cell.of)
            short = gettext("%(outcome)sのひとこと") % {"outcome": number}
            blanks.append(Blank(cell, form.anchor_of(cell.key), label, short, True))
        elif cell.kind == Kind.FIGURE and not _is_side_part(form, cell, stored):
            short = gettext("%(place)sの指標") % {"place": form.place(cell.of)}
            blanks.append(Blank(cell, form.anchor_of(cell.key), label, short, False))
        elif cell.kind == Kind.SPENT and cell.of in planned:
            blanks.append(Blank(cell, form.anchor_of(cell.key), label, label, False))
        elif cell.kind == Kind.COST and cell.attributes == ("status",) and cell.of in planned:
            blanks.append(Blank(cell, form.anchor_of(cell.key), label, label, True))
    return blanks


def _is_side_part(form: EntryForm, cell: Cell, stored: dict[str, Wire]) -> bool:
    """A remark; or one half of a state whose other half is there or is listed already."""
    if cell.attributes == ("note",):
        return True
    if cell.attributes == ("sentence",):
        return True
    return cell.attributes == ("step",) and not is_blank(stored[f"figure-{cell.of}-sentence"])
