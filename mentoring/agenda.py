"""The parts of a meeting's page, in the order in which they are talked through."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext, ngettext

from mentoring.closing import COSTS_ANCHOR, FACTS_ANCHOR, outcome_anchor
from mentoring.meeting_reading import MeetingReading, OutcomeTalk
from mentoring.models import TalkPart
from mentoring.models.meetings import Side

TICKS, QUESTIONS, ALONE, PROPOSAL, SUPPORT, NOTES, HOMEWORK, END = (
    "ticks",
    "questions",
    "alone",
    "proposal",
    "support",
    "notes",
    "homework",
    "end",
)
COSTS, FACTS = COSTS_ANCHOR, FACTS_ANCHOR
OUTCOME = "outcome"


@dataclass(frozen=True, slots=True)
class AgendaPart:
    key: str  # its anchor on the page
    kind: str
    title: str
    mark: str = ""  # ①
    is_done: bool = False
    stale_months: int | None = None  # how long its oldest link has waited; None: spoken of lately
    seconds: int = 0  # on stage so far

    @property
    def template(self) -> str:
        return f"mentoring/_meeting_{self.kind}.html"

    @property
    def name(self) -> str:
        return f"{self.mark} {self.title}".strip()

    @property
    def minutes(self) -> int:
        return self.seconds // 60

    @property
    def age_words(self) -> str:
        months = self.stale_months or 0
        words = ngettext("つながり %(count)dか月 未確認", "つながり %(count)dか月 未確認", months)
        return words % {"count": months} if months else ""


def agenda_of(meeting: MeetingReading) -> list[AgendaPart]:
    """From last homework to the closing; the outcome whose link has waited longest comes first of its kind."""
    parts = [
        _part(TICKS, gettext("前回の宿題"), _are_all_ticked(meeting)),
        *_questions(meeting),
        *(_outcome(talk, meeting.sheet.months) for talk in meeting.talks),
        *([_part(PROPOSAL, gettext("計画の見直し"), is_done=False)] if meeting.proposal else []),
        _part(COSTS, gettext("予算"), all(row.review and row.review.status for row in meeting.reading.costs)),
        _part(SUPPORT, gettext("支援"), bool(meeting.reading.interventions)),
        _part(NOTES, gettext("備考・つぶやき"), bool(meeting.own_note)),
        _part(HOMEWORK, gettext("つぎの宿題と日程"), _is_there_a_next_time(meeting)),
        _part(FACTS, gettext("面談の記録"), _were_both_sides_there(meeting)),
        _part(END, gettext("確かめて、確定する"), is_done=False),
    ]
    if meeting.alone:
        after_outcomes = parts.index(next(part for part in parts if part.key in (PROPOSAL, COSTS)))
        parts.insert(after_outcomes, _part(ALONE, gettext("そのほかのアウトプット"), is_done=False))
    return _as_held(parts, meeting.parts)


def _as_held(parts: list[AgendaPart], kept: Mapping[str, TalkPart]) -> list[AgendaPart]:
    """With the time each was on stage, and in the order that somebody gave this meeting; closing stays the last."""
    timed = [replace(part, seconds=kept[part.key].seconds) if part.key in kept else part for part in parts]

    def place(numbered: tuple[int, AgendaPart]) -> tuple[bool, int, int]:
        usual, part = numbered
        chosen = kept[part.key].position if part.key in kept else None
        return part.key == END, usual if chosen is None else chosen, usual

    return [part for _usual, part in sorted(enumerate(timed), key=place)]


def is_reordered(meeting: MeetingReading) -> bool:
    return any(part.position is not None for part in meeting.parts.values())


def moved(keys: list[str], key: str, up: bool) -> list[str]:
    """The order after `key` changed places with its neighbour; the closing part moves for nobody."""
    if key not in keys or key == END:
        return keys
    here = keys.index(key)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(keys) or keys[there] == END:
        return keys
    keys = list(keys)
    keys[here], keys[there] = keys[there], keys[here]
    return keys


def opening_part(agenda: list[AgendaPart]) -> AgendaPart:
    """The first outcome that nobody has reviewed yet: a meeting opens on outcomes, never on figures or money."""
    outcomes = [part for part in agenda if part.kind == OUTCOME]
    return next((part for part in outcomes if not part.is_done), (outcomes or agenda)[0])


def _part(key: str, title: str, is_done: bool) -> AgendaPart:
    return AgendaPart(key=key, kind=key, title=title, is_done=is_done)


def _questions(meeting: MeetingReading) -> list[AgendaPart]:
    """What was asked beside a row and has no answer in writing; without one the meeting has no such part."""
    count = len(meeting.threads.for_meeting)
    title = ngettext("行の質問 %(count)d件", "行の質問 %(count)d件", count) % {"count": count}
    return [_part(QUESTIONS, title, not meeting.threads.waiting)] if count else []


def _outcome(talk: OutcomeTalk, months: int) -> AgendaPart:
    plan = talk.block.plan
    return AgendaPart(
        key=outcome_anchor(plan.id),
        kind=OUTCOME,
        title=plan.brief,
        mark=plan.label,
        is_done=talk.block.review is not None,
        stale_months=talk.stale_months(months),
    )


def _are_all_ticked(meeting: MeetingReading) -> bool:
    earlier = meeting.reading.earlier_homework
    return bool(earlier) and all(item.done_on for item in earlier)


def _is_there_a_next_time(meeting: MeetingReading) -> bool:
    has_date = meeting.meeting is not None and meeting.meeting.next_meeting_id is not None
    return has_date or bool(meeting.reading.new_homework)


def _were_both_sides_there(meeting: MeetingReading) -> bool:
    if meeting.meeting is None or not meeting.meeting.held:
        return False
    return {attendee.side for attendee in meeting.meeting.attendees.all()} == set(Side.values)
