"""What one month and its meeting consist of, taken from a closed month of the demonstration: both ways enter this and
nothing else. `rewind` then takes it all away again, so that it can be entered once more as on that day."""

import datetime as dt
from dataclasses import dataclass, fields, replace
from typing import Any

from django.db.models import Count, QuerySet

from core.figures import format_figure
from grants.models import Expenditure, Grant, Indicator
from mentoring.models import (
    ActionItem,
    Attachment,
    CostReview,
    FieldNote,
    Figure,
    Meeting,
    Mention,
    OutcomeChange,
    OutcomeReview,
    ProgressSheet,
    RowComment,
    SheetDocument,
    SheetEvent,
    SheetMail,
)
from mentoring.reading import IndicatorRow, SheetReading, read_sheet

Method = Indicator.Method


@dataclass(frozen=True)
class Entry:
    """One indicator: what is typed, what stood there last month. A ratio has two figures."""

    indicator: int
    name: str
    method: str
    figures: tuple[str, ...]
    last_figures: tuple[str, ...]
    choice: str  # of presence or of a state's step
    last_choice: str
    sentence: str
    last_sentence: str
    note: str
    last_note: str
    word: str  # 進み具合, agreed in the meeting
    last_word: str


@dataclass(frozen=True)
class OutcomeTalk:
    outcome: int
    label: str
    change: str
    word: str
    last_word: str
    sentence: str
    outputs: tuple[int, ...]
    output_labels: str
    last_output_labels: str


@dataclass(frozen=True)
class Cost:
    purpose: str
    spent: str
    status: str
    last_status: str
    consultation: str
    last_consultation: str


@dataclass(frozen=True)
class Homework:
    text: str
    side: str
    person: int | None
    person_name: str
    due: str  # 2024/1/12, as one types it


@dataclass(frozen=True)
class Held:
    day: dt.date
    starts: str
    place: str
    form: str
    people: tuple[str, ...]  # names with titles, as minutes write them
    user_ids: tuple[int, ...]


@dataclass(frozen=True)
class MonthContent:
    grant: int
    sheet: int
    organisation: str
    month: dt.date
    outcomes: tuple[OutcomeTalk, ...]
    outcome_rows: tuple[tuple[Entry, ...], ...]  # by outcome
    output_groups: tuple[tuple[tuple[Entry, ...], ...], ...]  # by outcome, by output
    costs: tuple[Cost, ...]
    evaluation: str  # spent on the evaluation, which stands apart
    remark: str
    shared_note: str
    ticked: tuple[int, ...]  # earlier homework that was done in this month
    earlier: int  # how much of it there was
    supports: int
    new_homework: tuple[Homework, ...]
    held: Held
    held_before: Held
    next: Held
    told: int  # people of both sides who get the mail

    @property
    def entries(self) -> list[Entry]:
        outputs = (entry for group in self.output_groups for output in group for entry in output)
        return [*(entry for rows in self.outcome_rows for entry in rows), *outputs]


def largest_grant() -> Grant:
    """With the most indicators in its plan."""
    grants = Grant.objects.filter(program__fund__foundation__is_demo=True).annotate(n=Count("indicator"))
    return grants.with_names().order_by("-n", "pk")[0]


def last_closed(grant: Grant) -> ProgressSheet:
    return ProgressSheet.objects.with_names().filter(grant=grant, state="closed").latest("month")


def content_of(sheet: ProgressSheet) -> MonthContent:
    reading = read_sheet(sheet)
    before = read_sheet(ProgressSheet.objects.with_names().get(pk=reading.previous.pk))  # type: ignore[union-attr]
    ticked = [item.pk for item in reading.earlier_homework if item.done_on and item.done_on >= sheet.month]
    return MonthContent(
        grant=sheet.grant_id,
        sheet=sheet.pk,
        organisation=sheet.grant.organisation.name,
        month=sheet.month,
        outcomes=tuple(_talk(reading, block.plan.id) for block in reading.outcomes),
        outcome_rows=tuple(tuple(_entry(row, before) for row in block.rows) for block in reading.outcomes),
        output_groups=tuple(
            tuple(tuple(_entry(row, before) for row in output.rows) for output in group.outputs)
            for group in reading.output_groups
        ),
        costs=tuple(_cost(row) for row in reading.costs),
        evaluation="" if reading.evaluation.period is None else str(reading.evaluation.period),
        remark=sheet.remark,
        shared_note="\n".join(note.text for note in reading.shared_notes),
        ticked=tuple(ticked),
        earlier=len(reading.earlier_homework),
        supports=len(reading.interventions),
        new_homework=tuple(_homework(item) for item in reading.new_homework),
        held=_held(reading.meeting),
        held_before=_held(before.meeting),
        next=_held(reading.upcoming),
        told=sheet.grant.organisation.memberships.active().count() + 1,
    )


def _entry(row: IndicatorRow, before: SheetReading) -> Entry:
    now, last, earlier = row.now, row.last, before.rows.get(row.plan.id)
    return Entry(
        indicator=row.plan.id,
        name=row.plan.name,
        method=row.plan.method,
        figures=_figures(now),
        last_figures=_figures(last),
        choice=(now.presence or now.step) if now else "",
        last_choice=(last.presence or last.step) if last else "",
        sentence=now.sentence if now else "",
        last_sentence=last.sentence if last else "",
        note=now.note if now else "",
        last_note=last.note if last else "",
        word=row.total.progress,
        last_word=earlier.total.progress if earlier else "",
    )


def _figures(figure: Figure | None) -> tuple[str, ...]:
    values = (figure.value, figure.numerator, figure.denominator) if figure else ()
    return tuple(format_figure(value).replace(",", "") for value in values if value is not None)


def _talk(reading: SheetReading, outcome: int) -> OutcomeTalk:
    (block,) = [block for block in reading.outcomes if block.plan.id == outcome]
    labels = {output.plan.id: output.label for group in reading.output_groups for output in group.outputs}

    def named(review: Any) -> str:
        return (
            "、".join(sorted(labels.get(output.pk, "") for output in review.outputs.all())) if review else ""
        )

    review, last = block.review, block.last_review
    return OutcomeTalk(
        outcome=outcome,
        label=block.plan.label,
        change=block.change,
        word=review.word if review else "unspoken",
        last_word=last.word if last else "",
        sentence=review.sentence if review else "",
        outputs=tuple(output.pk for output in review.outputs.all()) if review else (),
        output_labels=named(review),
        last_output_labels=named(last),
    )


def _cost(row: Any) -> Cost:
    review, last = row.review, row.last_review
    return Cost(
        purpose=row.budget.purpose,
        spent="" if row.budget.period is None else str(row.budget.period),
        status=review.status if review else "",
        last_status=last.status if last else "",
        consultation=review.consultation if review else "",
        last_consultation=last.consultation if last else "",
    )


def _homework(item: ActionItem) -> Homework:
    due = f"{item.due_on.month}/{item.due_on.day}" if item.due_on else ""
    return Homework(item.text, item.side, item.person_id, item.person.name if item.person else "", due)


def _held(meeting: Any) -> Held:
    people = list(meeting.attendees.all())
    return Held(
        day=meeting.held_on,
        starts=f"{meeting.starts_at:%H:%M}" if meeting.starts_at else "",
        place=meeting.place,
        form=meeting.form,
        people=tuple(str(person) for person in people),
        user_ids=tuple(person.user_id for person in people if person.user_id),
    )


def same_again(content: MonthContent) -> list[str]:
    """What the month holds now that it did not hold before, or the other way round: names of parts; empty is as it was."""
    now = content_of(ProgressSheet.objects.with_names().get(pk=content.sheet))
    return [
        f.name for f in fields(content) if _plain(getattr(now, f.name)) != _plain(getattr(content, f.name))
    ]


def _plain(value: Any) -> Any:
    """Without an order that nobody chose."""
    if isinstance(value, Held):
        return replace(value, people=tuple(sorted(value.people)), user_ids=tuple(sorted(value.user_ids)))
    if isinstance(value, tuple) and all(isinstance(item, OutcomeTalk) for item in value):
        return tuple(replace(item, outputs=tuple(sorted(item.outputs))) for item in value)
    if isinstance(value, tuple) and all(isinstance(item, Homework) for item in value):
        return tuple(sorted(value, key=lambda item: item.text))
    return value


# --- the day before it was entered ---------------------------------------------------------------------------


def rewind(content: MonthContent) -> None:
    """The month as it opened: blank, its meeting arranged, what came later not there yet. Support that was given stays."""
    grant, sheet = Grant.objects.get(pk=content.grant), ProgressSheet.objects.get(pk=content.sheet)
    later = ProgressSheet.objects.filter(grant=grant, month__gt=sheet.month)
    sheets = [sheet, *later]
    Meeting.objects.filter(grant=grant, held_on__gt=content.held.day).delete()
    meeting = sheet.meetings.get()
    meeting.attendees.all().delete()
    Meeting.objects.filter(pk=meeting.pk).update(held=False, next_meeting=None)
    ActionItem.objects.filter(pk__in=content.ticked).update(done_on=None, done_by=None)
    comments = RowComment.objects.filter(sheet__in=sheets)
    _raw(Mention.objects.filter(comment__in=comments))
    _raw(comments.filter(question__isnull=False))
    _raw(comments)
    _raw(SheetEvent.objects.filter(sheet__in=sheets))
    for model in (
        Figure,
        OutcomeChange,
        OutcomeReview,
        CostReview,
        ActionItem,
        FieldNote,
        SheetMail,
        SheetDocument,
        Attachment,
    ):
        model.objects.filter(sheet__in=sheets).delete()
    Expenditure.objects.filter(grant=grant, month__gte=sheet.month).delete()
    later.delete()
    ProgressSheet.objects.filter(pk=sheet.pk).update(
        state="draft", version=0, remark="", plan_snapshot=None, closed_at=None, closed_by=None
    )


def _raw(rows: QuerySet[Any]) -> None:
    """Append-only rows know no delete of their own."""
    rows._raw_delete(rows.db)
