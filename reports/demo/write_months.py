"""Writes what the months said: sheets, figures, meetings, reviews, homework, remarks, support."""

import datetime as dt
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.utils import timezone

from accounts.models import JournalEntry, User
from grants.models import Expenditure
from grants.plan_reading import plan_in_force
from mentoring.arranged import snapshot_of
from mentoring.models import (
    ActionItem,
    Attendee,
    CostReview,
    FieldNote,
    Figure,
    Intervention,
    Meeting,
    OutcomeChange,
    OutcomeReview,
    ProgressSheet,
    SheetEvent,
)
from mentoring.services.entry import CORRECTION
from reports.demo.months import tell_all
from reports.demo.rows import GrantRows, Rows, link, make, make_with_history
from reports.demo.shapes import day, month
from reports.demo.told import ToldFigure, ToldGrant, ToldSheet
from reports.demo.write_questions import write_questions

Dated = list[tuple[Any, dt.datetime, User]]


def write_months(rows: Rows) -> None:
    for told in tell_all():
        made = rows.grants[told.key]
        sheets = _write_sheets(rows, made, told)
        _write_entries(rows, made, told, sheets)
        _write_reviews(rows, made, told, sheets)
        _write_meetings(rows, made, told, sheets)
        _write_homework(rows, made, told, sheets)
        _write_remarks(rows, made, told, sheets)
        _write_supports(rows, made, told)
        write_questions(rows, made, sheets)


def moment(local: dt.datetime) -> dt.datetime:
    return timezone.make_aware(local)


def _write_sheets(rows: Rows, made: GrantRows, told: ToldGrant) -> dict[dt.date, ProgressSheet]:
    snapshots = _Snapshots(made)
    sheets = []
    for one in told.sheets:
        closing = one.closing
        sheets.append(
            ProgressSheet(
                grant=made.grant,
                month=one.month,
                due_on=one.due_on,
                remark=one.remark,
                state=one.state,
                version=3 * (len(one.events) - 1),
                turn_since=moment(one.turn_since),
                closed_at=moment(closing.at) if closing else None,
                closed_by=rows.users[closing.by] if closing else None,
                plan_snapshot=snapshots.of(one) if one.state in ("submitted", "closed") else None,
            )
        )
    made_sheets = {sheet.month: sheet for sheet in make(ProgressSheet, sheets)}
    _write_events(rows, made, told, made_sheets)
    return made_sheets


class _Snapshots:
    """The plan as it was handed in. It changes only where a revision begins, so it is read once for each."""

    def __init__(self, made: GrantRows) -> None:
        self.made = made
        self.read: dict[str, dict[str, Any]] = {}

    def of(self, one: ToldSheet) -> dict[str, Any]:
        revision = self.made.spec.revision
        holds = revision.holds_from if revision and one.month >= month(revision.holds_from) else ""
        if holds not in self.read:
            self.read[holds] = plan_in_force(self.made.grant, one.month).to_json()
        return {**self.read[holds], "month": one.month.isoformat()}


def _write_events(rows: Rows, made: GrantRows, told: ToldGrant, sheets: dict[dt.date, ProgressSheet]) -> None:
    events, journal = [], []
    for one in told.sheets:
        sheet = sheets[one.month]
        for event in one.events:
            by = rows.users[event.by] if event.by else None
            events.append(
                SheetEvent(
                    sheet=sheet,
                    act=event.act,
                    from_state=event.before,
                    to_state=event.after,
                    by=by,
                    at=moment(event.at),
                    reason=event.reason,
                )
            )
            if by:
                journal.append(
                    JournalEntry(
                        at=moment(event.at),
                        actor=by,
                        verb=f"sheet.{event.act}",
                        subject_type=sheet._meta.label_lower,
                        subject_id=sheet.pk,
                        subject_label=str(sheet)[:200],
                        foundation_id=made.grant.foundation.pk,
                        reason=event.reason,
                    )
                )
    make(SheetEvent, events)
    make(JournalEntry, journal)


def _write_entries(
    rows: Rows, made: GrantRows, told: ToldGrant, sheets: dict[dt.date, ProgressSheet]
) -> None:
    figures: Dated = []
    changes: Dated = []
    costs: Dated = []
    spent: Dated = []
    for one in told.sheets:
        if one.entered_at is None:
            continue
        sheet, at, by = sheets[one.month], moment(one.entered_at), rows.users[one.entered_by]
        for key, figure in one.figures.items():
            figures.append((_figure(sheet, made, key, figure), at, by))
        for key, text in one.changes.items():
            changes.append((OutcomeChange(sheet=sheet, outcome=made.outcomes[key], text=text), at, by))
        for purpose, status, text in one.costs:
            row = CostReview(sheet=sheet, purpose=purpose, status=status, consultation=text)
            costs.append((row, at, by))
        for purpose, yen in one.spending.items():
            line = Expenditure(grant=made.grant, month=one.month, purpose=purpose, amount_yen=yen)
            spent.append((line, at, by))
    make_with_history(Figure, figures)
    _correct(rows, made, told, sheets)
    make_with_history(OutcomeChange, changes)
    make_with_history(CostReview, costs)
    make_with_history(Expenditure, spent)


def _correct(rows: Rows, made: GrantRows, told: ToldGrant, sheets: dict[dt.date, ProgressSheet]) -> None:
    """The figure as it stood at the first closing gets its second history row, marked as a correction."""
    for one in told.sheets:
        for key, figure in one.figures.items():
            if figure.correction is None:
                continue
            row: Any = Figure.objects.get(sheet=sheets[one.month], indicator=made.indicators[key])
            row.value = _decimal(figure.entry.value)
            row._history_date = moment(dt.datetime.fromisoformat(figure.correction.corrected))
            row._history_user = rows.users[figure.correction.who]
            row._change_reason = CORRECTION
            row.save(update_fields=["value", "updated_at"])


def _figure(sheet: ProgressSheet, made: GrantRows, key: str, figure: ToldFigure) -> Figure:
    entry = figure.entry
    value = figure.correction.stood if figure.correction else entry.value
    return Figure(
        sheet=sheet,
        indicator=made.indicators[key],
        value=_decimal(value),
        numerator=_decimal(entry.numerator),
        denominator=_decimal(entry.denominator),
        step=entry.step,
        sentence=entry.sentence,
        presence=entry.presence,
        note=figure.note,
        progress=figure.progress,
    )


def _decimal(number: int | None) -> Decimal | None:
    return None if number is None else Decimal(number)


def _write_reviews(
    rows: Rows, made: GrantRows, told: ToldGrant, sheets: dict[dt.date, ProgressSheet]
) -> None:
    reviews: Dated = []
    named = []
    for one in told.sheets:
        closing = one.first_closing
        if closing is None:
            continue
        at, by = moment(closing.at), rows.users[closing.by]
        for review in one.reviews:
            row = OutcomeReview(
                sheet=sheets[one.month],
                outcome=made.outcomes[review.outcome],
                word=review.word,
                sentence=review.text,
            )
            reviews.append((row, at, by))
            named.append(review.outputs)
    written = make_with_history(OutcomeReview, reviews)
    link(
        OutcomeReview.outputs,
        [(row, made.outputs[key]) for row, keys in zip(written, named, strict=True) for key in keys],
    )


def _write_meetings(
    rows: Rows, made: GrantRows, told: ToldGrant, sheets: dict[dt.date, ProgressSheet]
) -> None:
    meetings = make(
        Meeting,
        [
            Meeting(
                grant=made.grant,
                held_on=talk.on,
                starts_at=talk.starts,
                ends_at=talk.ends,
                place=talk.place,
                form=talk.form,
                held=talk.held,
            )
            for talk in told.talks
        ],
    )
    for earlier, later in pairwise(meetings):
        earlier.next_meeting = later
    Meeting.objects.bulk_update(meetings, ["next_meeting"])
    pairs = list(zip(meetings, told.talks, strict=True))
    link(Meeting.sheets, [(meeting, sheets[m]) for meeting, talk in pairs for m in talk.months])
    closed = [sheet for sheet in sheets.values() if sheet.is_closed]
    for sheet in closed:
        met = [meeting for meeting, talk in pairs if sheet.month in talk.months and meeting.next_meeting]
        sheet.next_snapshot = snapshot_of(met[-1].next_meeting if met else None)
    ProgressSheet.objects.bulk_update(closed, ["next_snapshot"])
    make(
        Attendee,
        [
            Attendee(
                meeting=meeting,
                side=side,
                user=rows.users[key] if key else None,
                name=name,
                title=title,
            )
            for meeting, talk in pairs
            for side, key, name, title in talk.attendees
        ],
    )


def _write_homework(
    rows: Rows, made: GrantRows, told: ToldGrant, sheets: dict[dt.date, ProgressSheet]
) -> None:
    items: Dated = []
    for item in told.homework:
        person = rows.users[item.person]
        row = ActionItem(
            grant=made.grant,
            sheet=sheets[item.month],
            text=item.text,
            side=item.side,
            person=person,
            due_on=item.due_on,
            done_on=item.done_on,
            done_by=person if item.done_on else None,
        )
        items.append((row, _meeting_moment(told, item.month), made.grant.officer))
    make_with_history(ActionItem, items)


def _write_remarks(
    rows: Rows, made: GrantRows, told: ToldGrant, sheets: dict[dt.date, ProgressSheet]
) -> None:
    notes: Dated = []
    for remark in told.remarks:
        m, author = month(remark.at), rows.users[remark.who]
        row = FieldNote(
            grant=made.grant,
            sheet=sheets[m],
            author=author,
            text=remark.text,
            visibility=FieldNote.Visibility.INTERNAL if remark.internal else FieldNote.Visibility.SHARED,
        )
        notes.append((row, _meeting_moment(told, m), author))
    make_with_history(FieldNote, notes)


def _meeting_moment(told: ToldGrant, m: dt.date) -> dt.datetime:
    talk = next(talk for talk in told.talks if m in talk.months)
    return moment(dt.datetime.combine(talk.on, talk.ends or talk.starts))


def _write_supports(rows: Rows, made: GrantRows, told: ToldGrant) -> None:
    supports: Dated = []
    for support in told.supports:
        by = rows.users[support.who]
        foundation = next(k for k, f in rows.foundations.items() if f.pk == made.grant.foundation.pk)
        row = Intervention(
            grant=made.grant,
            item=rows.menu[foundation, support.item],
            on=day(support.on),
            method=support.method,
            given_by=by,
            with_whom=support.with_whom,
            minutes=support.minutes,
            content=support.content,
            result=support.result,
            reach=support.reach,
        )
        supports.append((row, moment(dt.datetime.combine(day(support.on), dt.time(18, 0))), by))
    make_with_history(Intervention, supports)
