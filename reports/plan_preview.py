"""The page that shows what was understood: box by box, with the rows it came from and every doubt at its cell."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext

from core.digits import circled
from grants.models import PlanRevision
from grants.plan_diff import Change
from grants.plan_import.comparison import Comparison
from grants.plan_import.draft import Remark
from grants.plan_import.table import SourceRow
from grants.plan_text.headings import HEADS, TEN, Column
from reports.plan_form import cell_name


@dataclass(frozen=True, slots=True)
class CellView:
    column: Column
    name: str
    label: str
    text: str
    doubts: list[str]
    problems: list[str]

    @property
    def lines(self) -> int:
        return min(8, max(1, self.text.count("\n") + 1 + len(self.text) // 60))

    @property
    def described_by(self) -> str:
        told = [*(["problem"] if self.problems else []), *(["doubt"] if self.doubts else [])]
        return " ".join(f"{self.name}-{what}" for what in told)


@dataclass(frozen=True, slots=True)
class RowView:
    index: int
    at: str
    cells: list[CellView]

    @property
    def telling(self) -> list[CellView]:
        return [cell for cell in self.cells if cell.text or cell.doubts or cell.problems]

    @property
    def blank(self) -> list[CellView]:
        return [cell for cell in self.cells if cell not in self.telling]

    @property
    def label(self) -> str:
        return gettext("%(at)s行目") % {"at": self.at} if self.at.isdecimal() else self.at


@dataclass(frozen=True, slots=True)
class BoxView:
    """A box as it would stand in the plan."""

    kind: str
    label: str
    text: str
    links: str  # 「①②」 behind an arrow; empty: nowhere
    indicators: Sequence[Any] = ()
    period: str = ""


@dataclass
class BlockView:
    """Rows that belong together, and what they make."""

    boxes: list[BoxView] = field(default_factory=list)
    rows: list[RowView] = field(default_factory=list)
    verdicts: list[tuple[str, str]] = field(default_factory=list)  # code, word
    changes: list[Change] = field(default_factory=list)

    @property
    def asks(self) -> bool:
        return any(cell.doubts or cell.problems for row in self.rows for cell in row.cells)

    @property
    def span(self) -> str:
        first, last = self.rows[0], self.rows[-1]
        return (
            first.label
            if first is last
            else gettext("%(first)s〜%(last)s") % {"first": first.label, "last": last.label}
        )


@dataclass(frozen=True, slots=True)
class RemarkView:
    place: str
    words: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Preview:
    blocks: list[BlockView]
    doubts: list[RemarkView]
    problems: list[RemarkView]
    row_count: int


def preview(comparison: Comparison, rows: Sequence[SourceRow]) -> Preview:
    blocks: dict[int, BlockView] = {}
    boxes = _boxes_by_row(comparison)
    for index, (row, reading) in enumerate(zip(rows, comparison.draft.rows, strict=True)):
        block = blocks.setdefault(reading.entry if reading.entry >= 0 else index, BlockView())
        block.rows.append(_row(index, row, comparison.remarks))
        block.boxes += boxes.get(index, [])
        block.verdicts += [word for word in _verdicts(comparison, index) if word not in block.verdicts]
        if comparison.has_plan:
            block.changes += comparison.changes_of_row(index)
    labels = {
        index: row.label for block in blocks.values() for index, row in ((r.index, r) for r in block.rows)
    }
    return Preview(
        blocks=list(blocks.values()),
        doubts=[_remark(remark, labels) for remark in comparison.doubts],
        problems=[_remark(remark, labels) for remark in comparison.problems],
        row_count=len(rows),
    )


def _row(index: int, row: SourceRow, remarks: Sequence[Remark]) -> RowView:
    shown = [*TEN, *(column for column in row.cells if column not in TEN)]
    here = [remark for remark in remarks if remark.row == index]
    shown += [remark.column for remark in here if remark.column not in shown]
    cells = [
        CellView(
            column=column,
            name=cell_name(index, column),
            label=gettext(HEADS[column]),
            text=row[column],
            doubts=[r.doubt.words for r in here if r.column == column and not r.is_problem],
            problems=[r.doubt.words for r in here if r.column == column and r.is_problem],
        )
        for column in dict.fromkeys(shown)
    ]
    return RowView(index, row.at or str(index + 1), cells)


def _remark(remark: Remark, labels: dict[int, str]) -> RemarkView:
    place = gettext("%(row)s　%(head)s") % {"row": labels[remark.row], "head": gettext(HEADS[remark.column])}
    return RemarkView(place, remark.doubt.words, cell_name(remark.row, remark.column))


def _verdicts(comparison: Comparison, row: int) -> list[tuple[str, str]]:
    words = {"new": gettext("新しい"), "same": gettext("変わらない")}
    return [
        (code, words.get(code) or str(PlanRevision.Kind(code).label)) for code in comparison.verdicts(row)
    ]


def _boxes_by_row(comparison: Comparison) -> dict[int, list[BoxView]]:
    plan = comparison.target
    long_numbers = {row.id: number for number, row in enumerate(plan.long_term, start=1)}
    found: dict[int, list[BoxView]] = {}

    def show(kind: str, pk: int, view: BoxView) -> None:
        found.setdefault(comparison.begins[kind, pk], []).append(view)

    for long_term in plan.long_term:
        show(
            "long_term",
            long_term.id,
            BoxView(gettext("中長期アウトカム"), circled(long_numbers[long_term.id]), long_term.text, ""),
        )
    for outcome in plan.outcomes:
        links = "".join(circled(long_numbers[pk]) for pk in outcome.leads_to if pk in long_numbers)
        show(
            "outcome",
            outcome.id,
            BoxView(gettext("短期アウトカム"), outcome.label, outcome.text, links, outcome.indicators),
        )
    for output in plan.outputs:
        links = "".join(o.label for o in plan.outcomes if output.serves(o.id))
        show(
            "output",
            output.id,
            BoxView(
                gettext("アウトプット"), plan.output_label(output), output.text, links, output.indicators
            ),
        )
    labels = {output.id: plan.output_label(output) for output in plan.outputs}
    for activity in plan.activities:
        links = "、".join(labels[pk] for pk in activity.produces if pk in labels)
        show(
            "activity",
            activity.id,
            BoxView(gettext("活動"), "", activity.text, links, period=activity.period),
        )
    return found
