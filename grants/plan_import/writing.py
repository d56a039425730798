"""A plan as rows of the ten columns, such that reading them gives the same plan.

Every cell is written in the plainest way that reads back as what it was: 「20人」 where that is enough,
「20人（最新値）」 where the counting would be guessed wrong, and words under a name of their own where they would be
taken for a figure; a name that would be read as a list stands in 『』. So the writer asks the reader.
"""

import datetime as dt
from collections.abc import Iterator

from core.figures import format_figure
from core.months import last_day_of_month
from grants.models import Indicator
from grants.plan import IndicatorPlan, OutcomePlan, OutputPlan, Plan
from grants.plan_import.draft import DraftIndicator
from grants.plan_import.indicators import IndicatorCells, read_indicators
from grants.plan_import.table import SourceRow
from grants.plan_text.dues import Due, Period, read_due
from grants.plan_text.headings import KIND_LABELS, Column, Kind
from grants.plan_text.methods import LABEL_OF
from grants.plan_text.numbering import Path, number_label, trailing_references
from grants.plan_text.quantities import PEOPLE
from grants.plan_text.targets import LATEST_PAIR

WORDED = (Indicator.Method.STATE, Indicator.Method.PRESENCE)
NOWHERE = "（－）"


def plan_rows(plan: Plan, period: Period) -> list[SourceRow]:
    return [SourceRow("", cells) for cells in _Writer(plan, period).rows()]


class _Writer:
    def __init__(self, plan: Plan, period: Period) -> None:
        self.plan, self.period = plan, period
        self.long_numbers = {row.id: number for number, row in enumerate(plan.long_term, start=1)}
        self.numbers = {outcome.id: outcome.number for outcome in plan.outcomes}
        self.paths = self._paths()

    def _paths(self) -> dict[int, Path]:
        """Outputs under no outcome of the plan are counted anew: two may have had the same number before."""
        paths: dict[int, Path] = {}
        for outcome in self.plan.outcomes:
            for output in self.plan.outputs_under(outcome.id):
                paths[output.id] = (outcome.number, output.number)
        for number, output in enumerate(self.plan.outputs_under(None), start=1):
            paths[output.id] = (0, number)
        return paths

    def rows(self) -> Iterator[dict[Column, str]]:
        for long_term in self.plan.long_term:
            number = number_label((self.long_numbers[long_term.id],))
            yield _row(Kind.LONG_TERM, number, long_term.text)
        for outcome in self.plan.outcomes:
            yield from self._box(Kind.OUTCOME, self._outcome_number(outcome), outcome)
        for outcome_id in [*(o.id for o in self.plan.outcomes), None]:
            for output in self.plan.outputs_under(outcome_id):
                yield from self._box(Kind.OUTPUT, self._output_number(output), output)
        for place, activity in enumerate(self.plan.activities, start=1):
            produces = "、".join(number_label(self.paths[o]) for o in activity.produces if o in self.paths)
            yield {
                Column.KIND: KIND_LABELS[Kind.ACTIVITY],
                Column.NUMBER: f"{place}（{produces}）" if produces else f"{place}{NOWHERE}",
                Column.ACTIVITY: activity.text,
                Column.PERIOD: activity.period,
            }

    def _outcome_number(self, outcome: OutcomePlan) -> str:
        label = number_label((outcome.number,))
        if not self.plan.long_term:
            return label
        led_to = "".join(
            number_label((self.long_numbers[o],)) for o in outcome.leads_to if o in self.long_numbers
        )
        return f"{label}（{led_to}）" if led_to else f"{label}{NOWHERE}"

    def _output_number(self, output: OutputPlan) -> str:
        label = number_label(self.paths[output.id])
        also = "".join(o.label for o in self.plan.also_serves(output))
        if also:
            return f"{label}（{also}）"
        return f"{label}{NOWHERE}" if trailing_references(output.text) else label

    def _box(self, kind: Kind, number: str, box: OutcomePlan | OutputPlan) -> Iterator[dict[Column, str]]:
        """Its first indicator stands beside it, the others in rows of their own below."""
        head = _row(kind, number, box.text)
        if not box.indicators:
            yield head
        for indicator in box.indicators:
            yield {**head, **indicator_cells(indicator, self.period)}
            head = {}


def _row(kind: Kind, number: str, text: str) -> dict[Column, str]:
    return {Column.KIND: KIND_LABELS[kind], Column.NUMBER: number, Column.TEXT: text}


# --- one indicator ----------------------------------------------------------------------------------------------


def indicator_cells(indicator: IndicatorPlan, period: Period) -> dict[Column, str]:
    cells = {
        Column.BASELINE: _plain_baseline(indicator),
        Column.DUE: _due_text(indicator.due_on, indicator.due_note, period),
        Column.MEANS: indicator.verification,
    }
    ways = [
        {**cells, Column.INDICATOR: name, Column.BASELINE: baseline, Column.TARGET: target}
        for name in (indicator.name, f"『{indicator.name}』")
        for baseline in _baselines(indicator)
        for target in _targets(indicator)
    ]
    understood = [(way, doubts) for way in ways if (doubts := _read_back(way, indicator, period)) is not None]
    sure = [way for way, doubts in understood if "method_unsure" not in doubts]
    return _filled([*sure, *(way for way, _doubts in understood), ways[-1]][0])


def _read_back(cells: dict[Column, str], indicator: IndicatorPlan, period: Period) -> list[str] | None:
    """Codes of the doubts that reading the cells would raise; None when it would give another indicator."""
    doubts: list[str] = []
    read = read_indicators(
        IndicatorCells(0, cells), "", period, lambda _column, doubt: doubts.append(doubt.code)
    )
    return doubts if len(read) == 1 and says_same(read[0], indicator) else None


def _filled(cells: dict[Column, str]) -> dict[Column, str]:
    return {column: text for column, text in cells.items() if text}


def says_same(read: DraftIndicator, indicator: IndicatorPlan) -> bool:
    return (
        read.name == indicator.name
        and read.method == indicator.method
        and (read.method != Indicator.Method.RATIO or read.is_pooled == indicator.ratio_is_pooled)
        and (read.method in WORDED or (read.unit, read.baseline) == (indicator.unit, indicator.baseline))
        and read.baseline_state == indicator.baseline_state
        and read.target_value == indicator.target_value
        and read.target_state == indicator.target_state
        and read.year_targets == indicator.year_targets
    )


def _plain_baseline(indicator: IndicatorPlan) -> str:
    if indicator.method in WORDED:
        return ""
    return f"{format_figure(indicator.baseline)}{indicator.value_unit}"


def _baselines(indicator: IndicatorPlan) -> Iterator[str]:
    state, figure = indicator.baseline_state, _plain_baseline(indicator)
    if state:
        yield state
        yield f"{figure or '－'}\n初期状態: {state}"
    else:
        yield figure


def _targets(indicator: IndicatorPlan) -> Iterator[str]:
    """From the plainest to the one that is always understood."""
    label, state = _label(indicator), indicator.target_state
    figure = ""
    if indicator.target_value is not None:
        figure = f"{format_figure(indicator.target_value)}{indicator.value_unit}"
    years = "、".join(
        f"{year}年度: {format_figure(value)}{indicator.value_unit}" for year, value in indicator.year_targets
    )
    plain = f"{figure}（{years}）" if years else figure
    exact = f"{figure}（年度ごと: {years}）" if years else figure
    if state:
        yield state
        yield f"{state}（{label}）"
    elif plain:
        yield plain
        if indicator.method == Indicator.Method.SUM and indicator.unit in PEOPLE:
            yield f"のべ{plain}"
        yield f"{plain}（{label}）"
    else:
        yield ""
    yield f"{exact}（{label}）\n目標状態: {state}" if state else f"{exact}（{label}）"


def _label(indicator: IndicatorPlan) -> str:
    label = LABEL_OF[indicator.method]
    if indicator.method == Indicator.Method.RATIO:
        label = label if indicator.ratio_is_pooled else LATEST_PAIR
        return f"{label}・{indicator.unit}" if indicator.unit else label
    return label


def _due_text(on: dt.date | None, note: str, period: Period) -> str:
    if note:
        read = read_due(note, period)
        return note if read == Due(on, note, read.doubts) else f"{_day(on) or '－'}\n達成時期: {note}"
    return _day(on)


def _day(on: dt.date | None) -> str:
    """2024年1月 for its last day; the export is read by a program, so its words do not follow the language."""
    if on is None:
        return ""
    if on == last_day_of_month(on):
        return f"{on.year}年{on.month}月"
    return f"{on.year}年{on.month}月{on.day}日"
