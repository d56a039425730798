"""Saving what was said in a meeting: one transaction under the lock of the sheet, and only the rows that changed."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from accounts.models import JournalEntry, User
from accounts.services import record_act
from core import clock
from mentoring import workflow
from mentoring.models import (
    ActionItem,
    Attendee,
    CostReview,
    FieldNote,
    Figure,
    Meeting,
    OutcomeReview,
    ProgressSheet,
    RowComment,
)
from mentoring.services.comments import settle_comment, unsettle_comment
from mentoring.services.entry import CORRECTION
from mentoring.services.homework import tick_locked
from mentoring.standing import SITTING

SheetRow = Figure | OutcomeReview | CostReview | FieldNote | ActionItem


class Stale(Exception):
    """The sheet's contents changed between reading and saving: compare again."""


class Sealed(Exception):
    """The meeting took place, and `month`, which is closed, keeps it: its day, place and people stay as they are."""

    def __init__(self, month: ProgressSheet) -> None:
        self.month = month
        super().__init__(f"{month.month} keeps the meeting")


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody who was there. `user_id` None: a guest by name."""

    side: str
    name: str
    title: str = ""
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class Appointment:
    on: datetime.date
    starts_at: datetime.time | None
    place: str
    form: str


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    held_on: datetime.date
    starts_at: datetime.time | None
    ends_at: datetime.time | None
    place: str
    form: str
    present: tuple[Present, ...]
    other_sheet_ids: frozenset[int]  # the further months that this one meeting serves
    next: Appointment | None  # None: no next day is set


@dataclass(frozen=True, slots=True)
class ReviewContent:
    word: str
    sentence: str
    output_ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class CostContent:
    status: str
    consultation: str


@dataclass(frozen=True, slots=True)
class HomeworkContent:
    item_id: int | None  # None: a new row
    text: str
    side: str
    person_id: int | None
    due_on: datetime.date | None
    remove: bool = False
    row: str = ""  # what the page calls it


@dataclass(frozen=True, slots=True)
class MeetingContent:
    """What is to be written. What is not named here stays as it is."""

    facts: MeetingFacts | None = None
    ticks: Mapping[int, bool] = field(default_factory=dict)  # earlier homework: done or not
    settled: Mapping[int, bool] = field(default_factory=dict)  # questions on a row: talked about or not
    words: Mapping[int, str] = field(default_factory=dict)  # by indicator
    reviews: Mapping[int, ReviewContent] = field(default_factory=dict)  # by outcome
    costs: Mapping[str, CostContent] = field(default_factory=dict)  # by purpose
    notes: Mapping[str, str] = field(
        default_factory=dict
    )  # the writer's own, by visibility; blank takes it away
    homework: tuple[HomeworkContent, ...] = ()


@dataclass(frozen=True, slots=True)
class SavedMeeting:
    meeting: Meeting | None
    version: int  # of the sheet as it stands now
    homework: Mapping[str, int]  # the item of each row that was written, by what the page calls the row


@transaction.atomic
def save_meeting(
    *,
    sheet: ProgressSheet,
    meeting: Meeting | None,
    content: MeetingContent,
    version: int,
    by: User,
    piece_by_piece: bool = False,
) -> SavedMeeting:
    """Writes `content` on the sheet whose contents were read at `version`. `meeting` None makes one when there are facts.
    Saved `piece_by_piece`, a sitting of one person leaves one line in the journal, not one for each pause.

    Raises Stale when somebody saved or closed one of the further months in between, workflow.WrongState when the sheet
    is closed, Sealed when another closed month keeps the meeting whose facts would change.
    """
    others = content.facts.other_sheet_ids if content.facts else frozenset()
    served = _served_by(meeting) if content.facts else frozenset()
    locked = _locked(
        {sheet.pk, *others, *served}, sheet.grant_id
    )  # a month that is being closed is waited for
    rows = {pk: each for pk, each in locked.items() if pk == sheet.pk or pk in others}
    row = rows[sheet.pk]
    if row.state not in workflow.MEETING_OPEN:
        raise workflow.WrongState(row, "meet")
    if row.version != version or any(each.is_closed for each in rows.values()):
        raise Stale
    items: dict[str, int] = {}
    written = [
        *_write_ticks(row, content.ticks, by),
        *_write_settled(row, content.settled, by),
        *_write_words(row, content.words, by),
        *_write_reviews(row, content.reviews, by),
        *_write_costs(row, content.costs, by),
        *_write_notes(row, content.notes, by),
        *_write_homework(row, content.homework, by, items),
    ]
    if content.facts:
        meeting = meeting or _same_meeting(row, content.facts) or Meeting(grant=row.grant)
        written += _write_facts(meeting, rows, content.facts)
    if written:
        for each in rows.values():
            each.version += 1
            each.save(update_fields=["version", "updated_at"])
        if not (piece_by_piece and _is_sitting(row, by)):
            record_act(
                verb="meeting.save",
                subject=row,
                by=by,
                foundation_id=row.grant.program.fund.foundation_id,
                written=sorted(set(written)),
            )
    return SavedMeeting(meeting, row.version, items)


def _served_by(meeting: Meeting | None) -> frozenset[int]:
    return frozenset(meeting.sheets.values_list("pk", flat=True)) if meeting else frozenset()


def closed_keeper(meeting: Meeting) -> ProgressSheet | None:
    """The closed month that keeps this meeting as it was held; an appointment is nobody's yet."""
    if meeting.pk is None:
        return None
    closed = ProgressSheet.objects.filter(state=ProgressSheet.State.CLOSED)
    return closed.filter(meetings=meeting, meetings__held=True).order_by("month").first()


def _is_sitting(sheet: ProgressSheet, by: User) -> bool:
    """Whether this person's talk about this month stands in the journal already."""
    lines = JournalEntry.objects.about(sheet).filter(verb="meeting.save", actor=by)
    return lines.filter(at__gt=clock.now() - SITTING).exists()


def _same_meeting(sheet: ProgressSheet, facts: MeetingFacts) -> Meeting | None:
    """The button was pressed twice: a month has no two meetings of one hour."""
    return sheet.meetings.filter(
        held_on=facts.held_on,
        starts_at=facts.starts_at,
        ends_at=facts.ends_at,
        place=facts.place,
        form=facts.form,
    ).first()


def _locked(ids: set[int], grant_id: int) -> dict[int, ProgressSheet]:
    """In the order of their ids, so that two meetings over the same two months do not wait for each other."""
    sheets = ProgressSheet.objects.select_related("grant__program__fund").select_for_update(of=("self",))
    return {sheet.pk: sheet for sheet in sheets.filter(pk__in=ids, grant=grant_id).order_by("pk")}


def _store(row: SheetRow, values: Mapping[str, Any], by: User) -> bool:
    """Saves a new row whole and an old one by what differs. Answers whether there was anything to save."""
    changed = [name for name, value in values.items() if row.pk is None or getattr(row, name) != value]
    if not changed:
        return False
    for name in changed:
        setattr(row, name, values[name])
    is_reopened = row.sheet is not None and row.sheet.state == ProgressSheet.State.REOPENED
    row._history_user, row._history_date = by, clock.now()  # type: ignore[union-attr]
    row._change_reason = CORRECTION if is_reopened else ""  # type: ignore[union-attr]
    row.save(update_fields=None if row._state.adding else [*changed, "updated_at"])
    return True


def _write_ticks(sheet: ProgressSheet, ticks: Mapping[int, bool], by: User) -> Iterable[str]:
    if not ticks:
        return
    items = ActionItem.objects.select_for_update(of=("self",)).select_related("grant__program__fund")
    for item in items.filter(grant=sheet.grant_id, pk__in=ticks).order_by("pk"):
        tick_locked(item=item, done=ticks[item.pk], by=by)
        yield f"tick-{item.pk}"


def _write_settled(sheet: ProgressSheet, settled: Mapping[int, bool], by: User) -> Iterable[str]:
    if not settled:
        return
    for comment in RowComment.objects.filter(sheet=sheet, pk__in=settled).select_related("sheet"):
        (settle_comment if settled[comment.pk] else unsettle_comment)(comment=comment, by=by)
        yield f"question-{comment.pk}"


def _write_words(sheet: ProgressSheet, words: Mapping[int, str], by: User) -> Iterable[str]:
    there = {figure.indicator_id: figure for figure in sheet.figures.filter(indicator__in=words)}
    for pk, word in words.items():
        if _store(there.get(pk) or Figure(sheet=sheet, indicator_id=pk), {"progress": word}, by):
            yield f"word-{pk}"


def _write_reviews(sheet: ProgressSheet, reviews: Mapping[int, ReviewContent], by: User) -> Iterable[str]:
    there = {
        r.outcome_id: r for r in sheet.outcome_reviews.filter(outcome__in=reviews).prefetch_related("outputs")
    }
    for pk, content in reviews.items():
        review = there.get(pk) or OutcomeReview(sheet=sheet, outcome_id=pk)
        named = {output.pk for output in review.outputs.all()} if review.pk else set()
        is_changed = _store(review, {"word": content.word, "sentence": content.sentence}, by)
        if named != content.output_ids:
            review.outputs.set(content.output_ids)
            is_changed = True
        if is_changed:
            yield f"review-{pk}"


def _write_costs(sheet: ProgressSheet, costs: Mapping[str, CostContent], by: User) -> Iterable[str]:
    there = {review.purpose: review for review in sheet.cost_reviews.all()} if costs else {}
    for purpose, content in costs.items():
        review = there.get(purpose) or CostReview(sheet=sheet, purpose=purpose)
        if _store(review, {"status": content.status, "consultation": content.consultation}, by):
            yield f"cost-{purpose}"


def _write_notes(sheet: ProgressSheet, notes: Mapping[str, str], by: User) -> Iterable[str]:
    own = (
        {note.visibility: note for note in sheet.field_notes.filter(author=by)} if notes else {}
    )  # the last wins
    for visibility, text in notes.items():
        note = own.get(visibility)
        if not text:
            if note is not None:
                note._history_user = by  # type: ignore[attr-defined]
                note.delete()
                yield f"note-{visibility}"
            continue
        blank = FieldNote(grant_id=sheet.grant_id, sheet=sheet, author=by, visibility=visibility)
        if _store(note or blank, {"text": text}, by):
            yield f"note-{visibility}"


def _write_homework(
    sheet: ProgressSheet, homework: tuple[HomeworkContent, ...], by: User, items: dict[str, int]
) -> Iterable[str]:
    """Notes in `items` which item each row became."""
    there = {item.pk: item for item in sheet.action_items.all()} if homework else {}
    for content in homework:
        item = there.get(content.item_id or 0)
        if content.remove:
            if item is not None:
                yield f"homework-{item.pk}"
                item._history_user = by  # type: ignore[attr-defined]
                item.delete()
            continue
        values = {
            "text": content.text,
            "side": content.side,
            "person_id": content.person_id,
            "due_on": content.due_on,
        }
        if item is None:
            item = _same_homework(there.values(), values) or ActionItem(grant_id=sheet.grant_id, sheet=sheet)
        if _store(item, values, by):
            yield f"homework-{item.pk}"
        items[content.row] = item.pk


def _same_homework(there: Iterable[ActionItem], values: Mapping[str, Any]) -> ActionItem | None:
    """The button was pressed twice."""
    return next(
        (item for item in there if all(getattr(item, name) == value for name, value in values.items())), None
    )


def _write_facts(meeting: Meeting, sheets: dict[int, ProgressSheet], facts: MeetingFacts) -> Iterable[str]:
    """What a closed month keeps stays; the next day may be set all the same, for that month has its own copy."""
    keeper = closed_keeper(meeting)
    if keeper is not None and _would_change(meeting, set(sheets), facts):
        raise Sealed(keeper)
    is_changed = False
    if keeper is None:
        was_held = meeting.held
        is_changed |= _save_differing(meeting, _values(facts))
        is_changed |= _write_present(meeting, facts.present)
        is_changed |= _write_sheets(meeting, set(sheets), keeps_closed=was_held)
    is_changed |= _write_next(meeting, facts.next, max(sheet.month for sheet in sheets.values()))
    if is_changed:
        yield f"meeting-{meeting.pk}"


def _values(facts: MeetingFacts) -> dict[str, Any]:
    return {
        "held_on": facts.held_on,
        "starts_at": facts.starts_at,
        "ends_at": facts.ends_at,
        "place": facts.place,
        "form": facts.form,
        "held": facts.held_on <= clock.today(),
    }


def _would_change(meeting: Meeting, wanted: set[int], facts: MeetingFacts) -> bool:
    stands = {(a.side, a.user_id or (a.name, a.title)) for a in meeting.attendees.all()}
    open_there = {sheet.pk for sheet in meeting.sheets.all() if not sheet.is_closed}
    return (
        any(getattr(meeting, name) != value for name, value in _values(facts).items())
        or {(p.side, p.user_id or (p.name, p.title)) for p in facts.present} != stands
        or wanted != open_there
    )


def _save_differing(meeting: Meeting, values: Mapping[str, Any]) -> bool:
    changed = [
        name for name, value in values.items() if meeting.pk is None or getattr(meeting, name) != value
    ]
    for name in changed:
        setattr(meeting, name, values[name])
    if changed:
        meeting.save(update_fields=None if meeting.pk is None else [*changed, "updated_at"])
    return bool(changed)


def _write_present(meeting: Meeting, present: tuple[Present, ...]) -> bool:
    """Names and titles stay as they were written down: only who came or went is touched."""
    there = {(a.side, a.user_id or (a.name, a.title)): a for a in meeting.attendees.all()}
    wanted = {(p.side, p.user_id or (p.name, p.title)): p for p in present}
    gone = [attendee.pk for key, attendee in there.items() if key not in wanted]
    Attendee.objects.filter(pk__in=gone).delete()
    new = [p for key, p in wanted.items() if key not in there]
    Attendee.objects.bulk_create(
        Attendee(meeting=meeting, side=p.side, user_id=p.user_id, name=p.name, title=p.title) for p in new
    )
    return bool(gone or new)


def _write_sheets(meeting: Meeting, wanted: set[int], *, keeps_closed: bool) -> bool:
    """A month that closed before the meeting took place has nothing of it, and is not to get it afterwards."""
    there = {sheet.pk: sheet for sheet in meeting.sheets.all()}
    kept = {pk for pk, sheet in there.items() if sheet.is_closed and keeps_closed}
    if set(there) == wanted | kept:
        return False
    meeting.sheets.set(wanted | kept)
    return True


def _write_next(meeting: Meeting, appointment: Appointment | None, month: datetime.date) -> bool:
    """The next meeting, as long as it is only an appointment; it goes to the next month's sheet when that is open."""
    upcoming = meeting.next_meeting
    if upcoming is not None and upcoming.held:
        return False
    if appointment is None:
        if upcoming is None:
            return False
        upcoming.delete()
        return True
    upcoming = upcoming or Meeting(grant_id=meeting.grant_id)
    values = {
        "held_on": appointment.on,
        "starts_at": appointment.starts_at,
        "place": appointment.place,
        "form": appointment.form,
    }
    if upcoming.ends_at is not None and (
        appointment.starts_at is None or upcoming.ends_at < appointment.starts_at
    ):
        values["ends_at"] = None
    is_changed = _save_differing(upcoming, values)
    if meeting.next_meeting_id != upcoming.pk:
        meeting.next_meeting = upcoming
        meeting.save(update_fields=["next_meeting", "updated_at"])
    if not upcoming.sheets.exists():
        following = (
            ProgressSheet.objects.filter(grant=meeting.grant_id, month__gt=month).order_by("month").first()
        )
        if following is not None and not following.is_closed:
            upcoming.sheets.add(following)
            is_changed = True
    return is_changed
