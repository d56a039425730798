"""What the entry page shows around its fields: last month's words, running totals, what is still blank."""

import json
from dataclasses import dataclass

from django.forms import BoundField
from django.utils.translation import gettext

from core.doubtful import doubtful_fields
from core.months import last_day_of_period, short_month_label
from grants.budget import PurposeBudget
from grants.models import Indicator
from grants.plan import IndicatorPlan
from mentoring.cells import Cell, Kind, Wire, figure_cells, is_blank
from mentoring.forms.cell_fields import shown
from mentoring.forms.clashes import Clash
from mentoring.forms.entry import EntryForm, half_name, stored_wire
from mentoring.forms.live import LiveFigure, live_cost, live_figure, reading_rules
from mentoring.models import ActionItem
from mentoring.past import read_past
from mentoring.reading import CostRow, IndicatorRow, OutcomeBlock, OutputBlock, OutputGroup, SheetReading
from mentoring.totals import Total

Method = Indicator.Method


@dataclass(frozen=True, slots=True)
class Blank:
    """Something still to be filled in. `short` is its place in a list: ③のひとこと, ②-2の指標."""

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
    clash: Clash | None  # what somebody else wrote meanwhile
    seen: str  # what its writer saw, as JSON; empty when it was blank
    unsaved: str  # why its inputs show what is not stored: typed, half, wrong, conflict; or empty

    @property
    def names(self) -> str:
        return " ".join(self.cell.names)

    @property
    def field(self) -> BoundField:
        return self.fields[0]

    @property
    def second(self) -> BoundField:
        return self.fields[-1]

    @property
    def take_name(self) -> str:
        return f"theirs-{self.cell.key}"

    @property
    def half_name(self) -> str:
        """Goes with the post of a page that shows the cell as it was left; empty of others."""
        return half_name(self.cell.key) if self.unsaved == "half" else ""


@dataclass(frozen=True, slots=True)
class FigureView:
    row: IndicatorRow
    cells: list[CellView]  # what is entered; a state has two
    note: CellView
    unit: str  # beside the field
    hint: str
    live: LiveFigure
    place: str  # ② or ②-1
    short: str
    is_blank: bool
    is_todo: bool

    @property
    def plan(self) -> IndicatorPlan:
        return self.row.plan

    @property
    def cell(self) -> CellView:
        return self.cells[0]

    @property
    def total_note(self) -> str:
        return self.live.without if self.is_blank else ""


@dataclass(frozen=True, slots=True)
class OutcomeView:
    block: OutcomeBlock
    change: CellView
    short: str
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

    @property
    def short(self) -> str:
        """Empty where nothing was planned: then it may stay blank."""
        return str(self.status.field.label) if self.row.budget.plan else ""


@dataclass(frozen=True, slots=True)
class SpentView:
    budget: PurposeBudget
    spent: CellView

    @property
    def live(self) -> str:
        return live_cost(self.budget)

    @property
    def short(self) -> str:
        return str(self.spent.field.label) if self.budget.plan else ""


@dataclass(frozen=True, slots=True)
class HomeworkView:
    item: ActionItem
    cell: CellView

    @property
    def field(self) -> BoundField:
        return self.cell.field


@dataclass(frozen=True, slots=True)
class OddCount:
    """3.5件."""

    anchor: str
    label: str
    words: str
    sign: str


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
        self.past = read_past(self.sheet)
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
            HomeworkView(item, self._cell(f"homework-{item.pk}-done"))
            for item in self.reading.earlier_homework
        ]
        self.remark = self._cell("remark-remark")
        self.blanks = blanks_of(form, self.stored)
        self.doubtful = doubtful_fields(form)
        self.odd_counts = [self._odd_count(form.by_key[key], wire) for key, wire in form.odd_counts().items()]

    def _odd_count(self, cell: Cell, wire: Wire) -> OddCount:
        return OddCount(
            self.form.anchor_of(cell.key),
            self.form.label_of(cell),
            self.form.doubt(cell),
            f"{cell.key}={','.join(wire)}",
        )

    @property
    def shown_counts(self) -> str:
        """Goes back with the form: whoever sends it has seen them."""
        return " ".join(count.sign for count in self.odd_counts)

    def has_shown(self, counts: str) -> bool:
        return {count.sign for count in self.odd_counts} <= set(counts.split())

    def _cell(self, key: str) -> CellView:
        form, cell = self.form, self.form.by_key[key]
        seen = form.seen_in(cell)
        return CellView(
            cell=cell,
            fields=[form[name] for name in cell.names],
            doubt=form.doubt(cell),
            clash=form.clashes.get(key),
            seen="" if is_blank(seen) else json.dumps(seen, ensure_ascii=False),
            unsaved=self._unsaved(cell),
        )

    def _unsaved(self, cell: Cell) -> str:
        form = self.form
        if not form.is_bound:
            return "half" if cell.key in form.halves else ""
        if cell.key in form.clashes:
            return "conflict"
        texts = [str(form.data.get(name, "")).strip() for name in cell.names]
        if form.is_held:
            wire = ["1" if cell.kind == Kind.HOMEWORK and text else text for text in texts]
            shown_texts = [
                shown(form.fields[n], w) for n, w in zip(cell.names, self.stored[cell.key], strict=True)
            ]
            return "typed" if wire != shown_texts else ""
        return "wrong" if any(texts) and any(name in form.errors for name in cell.names) else ""

    def _outcome(self, block: OutcomeBlock) -> OutcomeView:
        change = self._cell(f"change-{block.plan.id}-text")
        return OutcomeView(
            block, change, short_place(self.form, change.cell), [self._figure(row) for row in block.rows]
        )

    def _figure(self, row: IndicatorRow) -> FigureView:
        *entered, note = (self._cell(cell.key) for cell in figure_cells(row.plan))
        before = self.past.total_before(row.plan)
        is_blank_now = all(is_blank(self.stored[view.cell.key]) for view in entered)
        return FigureView(
            row=row,
            cells=entered,
            note=note,
            unit=row.plan.entered_unit,
            hint=self._hint(row),
            live=live_figure(row, self.past, before, self._without(row, before)),
            place=self.form.place(entered[0].cell.of),
            short=short_place(self.form, entered[0].cell),
            is_blank=is_blank_now,
            is_todo=is_blank_now
            and not any(v.unsaved or self.form[n].errors for v in entered for n in v.cell.names),
        )

    def _hint(self, row: IndicatorRow) -> str:
        month = {"month": self.reading.now_label, "end": self.reading.end_label}
        if row.plan.method == Method.NEW_UNIQUE:
            return gettext("%(month)sにはじめての人だけを数えます") % month
        if row.plan.method == Method.LATEST:
            return gettext("%(end)s末の数") % month
        if row.is_ratio:
            return gettext("あてはまる数／全体の数")
        return ""

    def _without(self, row: IndicatorRow, before: Total) -> str:
        """Says of a total that stands without this period what it is."""
        if before.as_of is None:
            return ""
        if row.plan.method in (Method.SUM, Method.NEW_UNIQUE) or (row.plan.ratio_is_pooled and row.is_ratio):
            return gettext("%(month)sの数を除いた累計です") % {"month": self.reading.now_label}
        last = last_day_of_period(before.as_of, self.sheet.months)
        return gettext("%(month)s末の値です") % {"month": short_month_label(last)}

    @property
    def reading_rules(self) -> str:
        return reading_rules()

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
        if is_blank(stored[cell.key]) and _is_asked(form, cell, planned, stored):
            anchor, is_required = form.anchor_of(cell.key), cell.kind in (Kind.CHANGE, Kind.COST)
            blanks.append(Blank(cell, anchor, form.label_of(cell), short_place(form, cell), is_required))
    return blanks


def _is_asked(form: EntryForm, cell: Cell, planned: set[str], stored: dict[str, Wire]) -> bool:
    if cell.kind == Kind.FIGURE:
        return not _is_side_part(form, cell, stored)
    if cell.kind in (Kind.SPENT, Kind.COST):
        return cell.of in planned and cell.attributes != ("consultation",)
    return cell.kind == Kind.CHANGE


def short_place(form: EntryForm, cell: Cell) -> str:
    if cell.kind == Kind.CHANGE:
        number = next(b.plan.label for b in form.reading.outcomes if str(b.plan.id) == cell.of)
        return gettext("%(outcome)sのひとこと") % {"outcome": number}
    if cell.kind == Kind.FIGURE:
        return gettext("%(place)sの指標") % {"place": form.place(cell.of)}
    return form.label_of(cell)


def _is_side_part(form: EntryForm, cell: Cell, stored: dict[str, Wire]) -> bool:
    """A remark; or one half of a state whose other half is there or is listed already."""
    if cell.attributes == ("note",):
        return True
    if cell.attributes == ("sentence",):
        return True
    return cell.attributes == ("step",) and not is_blank(stored[f"figure-{cell.of}-sentence"])
