"""As much of a meeting's page as some of its cells stand on: the many small saves of a page do not read what nobody
touched.

A piece that was not asked for is blank, and so are the forms made of it; nothing is saved of them.
"""

from collections.abc import Collection
from enum import StrEnum

from accounts.models import User
from grants.budget import PurposeBudget, project_cost
from grants.models import Purpose
from grants.plan import Plan
from mentoring.links import LinkAges
from mentoring.meeting_reading import (
    MeetingReading,
    Person,
    is_meeting_due,
    meetings_of,
    named_before,
    neighbours_of,
    people_of,
    talks_of,
)
from mentoring.models import ActionItem, CostReview, FieldNote, Figure, Meeting, OutcomeReview, ProgressSheet
from mentoring.models.meetings import Side
from mentoring.reading import CostRow, IndicatorRow, OutcomeBlock, SheetReading, output_blocks, output_groups
from mentoring.selectors import homework_before, plan_of
from mentoring.threads import SheetThreads, threads_of
from mentoring.totals import Total
from mentoring.turns import Sides


class Piece(StrEnum):
    """The first word in the key of a cell (mentoring.forms.page_cells)."""

    TICK = "tick"
    QUESTION = "settle"
    REVIEW = "outcome"
    WORD = "word"
    COST = "cost"
    NOTE = "note"
    HOMEWORK = "homework"
    FACTS = "meeting"
    NEXT = "next"


def pieces_of(keys: Collection[str]) -> frozenset[Piece]:
    words = {key.partition("-")[0] for key in keys}
    return frozenset(piece for piece in Piece if piece in words)


def read_pieces(sheet: ProgressSheet, by: User, wanted: str, pieces: Collection[Piece]) -> MeetingReading:
    """As read_meeting, as far as `pieces` go; with the facts too where the meeting has come due. Needs the sheet
    with_names."""
    has_facts = bool({Piece.FACTS, Piece.NEXT} & set(pieces)) or is_meeting_due(sheet, wanted)
    meetings: list[Meeting] = []
    meeting: Meeting | None = None
    if has_facts:
        meetings, meeting = meetings_of(sheet, wanted)
    reading = _read_sheet(sheet, pieces, meetings, has_facts=has_facts)
    people: dict[str, list[Person]] = {side.value: [] for side in Side}
    if has_facts or Piece.HOMEWORK in pieces:
        people = people_of(sheet.grant, also=named_before(meeting, reading.new_homework))
    return MeetingReading(
        reading=reading,
        by=by,
        meeting=meeting,
        meetings=meetings,
        ages=LinkAges(),
        people=people,
        notes=reading.shared_notes,
        threads=_threads(sheet, by, pieces),
        parts={},
        proposal=None,
        other_sheets=neighbours_of(sheet, meeting) if has_facts else [],
        talks=talks_of(reading, LinkAges()),
        alone=next((group.outputs for group in reading.output_groups if group.outcome is None), []),
    )


def _read_sheet(
    sheet: ProgressSheet, pieces: Collection[Piece], meetings: list[Meeting], *, has_facts: bool
) -> SheetReading:
    plan = _plan(sheet, pieces)
    rows = _rows(sheet, plan, pieces)
    budgets = {purpose.value: _budget(purpose) for purpose in Purpose}
    return SheetReading(
        sheet=sheet,
        previous=None,
        plan=plan,
        outcomes=_outcomes(sheet, plan, rows, pieces),
        output_groups=output_groups(plan, output_blocks(plan, rows)),
        costs=_costs(sheet, budgets) if Piece.COST in pieces else [],
        evaluation=budgets[Purpose.EVALUATION],
        project_cost=project_cost(budgets),
        interventions=[],
        meetings=meetings,
        earlier_homework=list(homework_before(sheet)) if Piece.TICK in pieces else [],
        new_homework=_new_homework(sheet) if has_facts or Piece.HOMEWORK in pieces else [],
        shared_notes=_shared_notes(sheet) if Piece.NOTE in pieces else [],
        events=[],
        rows=rows,
    )


def _plan(sheet: ProgressSheet, pieces: Collection[Piece]) -> Plan:
    if Piece.REVIEW in pieces or Piece.WORD in pieces:
        return plan_of(sheet)
    return _no_plan(sheet)


def _no_plan(sheet: ProgressSheet) -> Plan:
    return Plan(month=sheet.month, long_term=(), outcomes=(), outputs=(), activities=())


def _rows(sheet: ProgressSheet, plan: Plan, pieces: Collection[Piece]) -> dict[int, IndicatorRow]:
    figures = Figure.objects.filter(sheet=sheet) if Piece.WORD in pieces else Figure.objects.none()
    now = {figure.indicator_id: figure for figure in figures}
    return {
        each.id: IndicatorRow(plan=each, now=now.get(each.id), last=None, total=Total(), owes_now=False)
        for each in plan.indicators()
    }


def _outcomes(
    sheet: ProgressSheet, plan: Plan, rows: dict[int, IndicatorRow], pieces: Collection[Piece]
) -> list[OutcomeBlock]:
    reviews: dict[int, OutcomeReview] = {}
    if Piece.REVIEW in pieces:
        said = OutcomeReview.objects.filter(sheet=sheet).prefetch_related("outputs")
        reviews = {review.outcome_id: review for review in said}
    outputs = output_blocks(plan, rows)
    return [
        OutcomeBlock(
            plan=outcome,
            rows=[rows[indicator.id] for indicator in outcome.indicators],
            change="",
            last_change="",
            review=reviews.get(outcome.id),
            last_review=None,
            outputs=[outputs[output.id] for output in plan.outputs_serving(outcome.id)],
        )
        for outcome in plan.outcomes
    ]


def _costs(sheet: ProgressSheet, budgets: dict[str, PurposeBudget]) -> list[CostRow]:
    reviews = {review.purpose: review for review in CostReview.objects.filter(sheet=sheet)}
    return [
        CostRow(budgets[purpose], reviews.get(purpose), last_review=None) for purpose in CostReview.PURPOSES
    ]


def _budget(purpose: Purpose) -> PurposeBudget:
    return PurposeBudget(purpose.value, str(purpose.label), granted=0, own=0, period=None, total=0)


def _new_homework(sheet: ProgressSheet) -> list[ActionItem]:
    return list(sheet.action_items.select_related("person"))


def _shared_notes(sheet: ProgressSheet) -> list[FieldNote]:
    return list(sheet.field_notes.shared().select_related("author"))


def _threads(sheet: ProgressSheet, by: User, pieces: Collection[Piece]) -> SheetThreads:
    if Piece.QUESTION not in pieces:
        return SheetThreads(sheet=sheet, rows={}, threads=[], may_write=False)
    return threads_of(sheet, _no_plan(sheet), Sides(enters=False, manages=True), by)
