"""What a closing freezes, part by part: the page that asks for the closing keeps a mark of each part, so that the
button closes what was read on that page and nothing that came in between."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from grants.budget import PurposeBudget
from mentoring.models import ActionItem, Figure, Meeting
from mentoring.reading import CostRow, IndicatorRow, OutcomeBlock, SheetReading

Marks = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PrintedPart:
    """`anchor` is the section of the paper that shows it (templates/pdf/_sheet_body.html)."""

    key: str
    label: str
    anchor: str
    mark: str


def printed_parts(reading: SheetReading) -> list[PrintedPart]:
    """Costs no query."""
    return [
        PrintedPart(key, label, anchor, _mark(values)) for key, label, anchor, values in _printed(reading)
    ]


def marks_of(parts: list[PrintedPart]) -> str:
    """For a hidden field of the page."""
    return " ".join(f"{part.key}={part.mark}" for part in parts)


def read_marks(text: str) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in text.split() if "=" in pair)


def changed_parts(parts: list[PrintedPart], seen: Marks) -> list[PrintedPart]:
    """What is not as it was seen. A part that is gone since shows as the part that names what hangs together with it."""
    changed = [part for part in parts if seen.get(part.key) != part.mark]
    gone = set(seen) - {part.key for part in parts}
    if gone and not changed:
        return [part for part in parts if part.key == "plan"]
    return changed


def _mark(values: Any) -> str:
    return hashlib.sha256(repr(values).encode()).hexdigest()[:10]


def _printed(reading: SheetReading) -> Iterator[tuple[str, str, str, Any]]:
    """Key, name, section and contents of each part, in the order of the paper."""
    yield "plan", gettext("計画のことば"), "outcomes", _plan(reading)
    yield "meeting", gettext("面談の日・場所・出席者"), "facts", [_meeting(m) for m in reading.meetings]
    yield "support", gettext("支援メニューの提供"), "support", [
        (s.on, s.item.name, s.method, s.content, s.result, s.reach) for s in reading.interventions
    ]  # fmt: skip
    for block in reading.outcomes:
        yield from _outcome(block)
    for group in reading.output_groups:
        for output in group.outputs:
            for row in output.rows:
                yield _figure(row, f"{output.label} {row.plan.name}", "outputs")
    for cost in reading.costs:
        yield f"cost-{cost.budget.purpose}", gettext("%(purpose)sのようすと支出") % {"purpose": cost.budget.label}, "costs", _cost(cost)  # fmt: skip
    yield "evaluation", reading.evaluation.label, "costs", _spent(reading.evaluation)
    yield "earlier", gettext("前回の宿題"), "homework", [_homework(i) for i in reading.earlier_homework]  # fmt: skip
    yield "homework", gettext("次回までの宿題"), "homework", [_homework(i) for i in reading.new_homework]
    notes = [(note.author_id, note.text) for note in reading.shared_notes]
    yield "notes", gettext("備考・つぶやき"), "notes", (reading.sheet.remark, notes)
    yield "next", gettext("次回の日"), "notes", _appointment(reading.upcoming)


def _plan(reading: SheetReading) -> Any:
    return (
        [outcome.text for outcome in reading.plan.long_term],
        [(block.plan.label, block.plan.text) for block in reading.outcomes],
        [
            (output.label, output.plan.text, [outcome.label for outcome in output.also_serves])
            for group in reading.output_groups
            for output in group.outputs
        ],
    )


def _outcome(block: OutcomeBlock) -> Iterator[tuple[str, str, str, Any]]:
    label, pk, review = block.plan.label, block.plan.id, block.review
    yield f"change-{pk}", gettext("%(number)sの変わったこと") % {"number": label}, "outcomes", block.change
    for row in block.rows:
        yield _figure(row, f"{label} {row.plan.name}", "outcomes")
    said = review and (review.word, review.sentence, sorted(output.pk for output in review.outputs.all()))
    yield f"review-{pk}", gettext("%(number)sのつながり") % {"number": label}, "links", said


def _figure(row: IndicatorRow, label: str, anchor: str) -> tuple[str, str, str, Any]:
    """The running total too: an earlier month may have been put right."""
    plan = row.plan
    wording = (plan.name, plan.replaces_name, plan.unit, plan.target_value, plan.target_state, plan.baseline)
    return f"figure-{plan.id}", label, anchor, (_entered(row.now), row.total, row.year_target, wording)


def _entered(figure: Figure | None) -> Any:
    return figure and (
        figure.value, figure.numerator, figure.denominator, figure.step, figure.sentence, figure.presence,
        figure.note, figure.progress,
    )  # fmt: skip


def _cost(cost: CostRow) -> Any:
    review = cost.review
    return _spent(cost.budget), review and (review.status, review.consultation)


def _spent(budget: PurposeBudget) -> Any:
    return budget.period, budget.total, budget.plan


def _meeting(meeting: Meeting) -> Any:
    people = sorted((person.side, str(person)) for person in meeting.attendees.all())
    return meeting.held, _appointment(meeting), people


def _appointment(meeting: Meeting | None) -> Any:
    """With the months it is about: what else was talked about, and whose sheet comes next."""
    if meeting is None:
        return None
    months = sorted((sheet.month, sheet.months) for sheet in meeting.sheets.all())
    return meeting.held_on, meeting.starts_at, meeting.ends_at, meeting.place, meeting.form, months


def _homework(item: ActionItem) -> Any:
    return item.text, item.side, item.person_id, item.due_on, item.done_on
