"""What the meeting's page shows besides the sheet itself. Only who manages the grant gets here: it holds internal notes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Q

from accounts.models import User
from core import clock
from core.months import months_between
from foundations.models import Staff
from grantees.models import Membership
from grants.models import Grant
from mentoring.links import LinkAge, LinkAges, edge_ages
from mentoring.models import ActionItem, FieldNote, Meeting, ProgressSheet
from mentoring.models.meetings import Side
from mentoring.reading import IndicatorRow, OutcomeBlock, OutputBlock, SheetReading, read_sheet

NEW = "new"
NEIGHBOUR_MONTHS = 6


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    name: str
    title: str

    @property
    def label(self) -> str:
        return f"{self.name}（{self.title}）" if self.title else self.name


@dataclass(frozen=True, slots=True)
class OutputTalk:
    """One output under the outcome that is spoken of. `words`: its indicators whose progress word is asked here and
    not under an outcome further up the page."""

    block: OutputBlock
    age: LinkAge
    words: frozenset[int]


@dataclass(frozen=True, slots=True)
class OutcomeTalk:
    block: OutcomeBlock
    age: LinkAge
    outputs: list[OutputTalk]


@dataclass(frozen=True, slots=True)
class MeetingReading:
    reading: SheetReading
    by: User
    meeting: Meeting | None  # the one whose facts are on the page; None: there is none yet
    meetings: list[Meeting]  # all that serve this sheet
    ages: LinkAges
    people: dict[str, list[Person]]  # by side: who can be there or be given homework
    notes: list[FieldNote]  # of this sheet, shared and internal
    other_sheets: list[ProgressSheet]  # unfinished ones of the same grant
    talks: list[OutcomeTalk] = field(repr=False)  # the one not spoken of for longest comes first
    alone: list[OutputBlock] = field(repr=False)  # outputs under no outcome of this plan

    @property
    def sheet(self) -> ProgressSheet:
        return self.reading.sheet

    def own_note(self, visibility: str) -> FieldNote | None:
        """The writer's own last note of this sheet: the one that the page lets them go on writing."""
        own = [n for n in self.notes if n.visibility == visibility and n.author_id == self.by.pk]
        return own[-1] if own else None

    def further_notes(self, visibility: str) -> list[FieldNote]:
        own = self.own_note(visibility)
        return [n for n in self.notes if n.visibility == visibility and n != own]


def read_meeting(sheet: ProgressSheet, by: User, wanted: str = "") -> MeetingReading:
    """`wanted`: the id of one of the sheet's meetings, NEW for a further one, or blank for the one at hand.
    The number of queries is constant. Needs the sheet with_names."""
    reading = read_sheet(sheet)
    ages = edge_ages(sheet.grant, sheet.month)
    candidates = list(
        Meeting.objects.filter(Q(sheets=sheet) | Q(grant=sheet.grant, sheets=None, held=False))
        .distinct()
        .select_related("next_meeting")
        .prefetch_related("attendees", "sheets", "next_meeting__sheets")
    )
    meetings = [meeting for meeting in candidates if meeting.sheets.all()]
    meeting = _choose(meetings, candidates, wanted)
    return MeetingReading(
        reading=reading,
        by=by,
        meeting=meeting,
        meetings=meetings,
        ages=ages,
        people=people_of(sheet.grant, also=_named_before(meeting, reading.new_homework)),
        notes=list(FieldNote.objects.visible_to(by).filter(sheet=sheet).select_related("author")),
        other_sheets=_neighbours(sheet, meeting),
        talks=_talks(reading, ages),
        alone=next((group.outputs for group in reading.output_groups if group.outcome is None), []),
    )


def _choose(meetings: list[Meeting], candidates: list[Meeting], wanted: str) -> Meeting | None:
    """Today's or the last one; before the first, the next appointment, also one that no sheet has taken up yet."""
    if wanted == NEW:
        return None
    if named := [meeting for meeting in meetings if str(meeting.pk) == wanted]:
        return named[0]
    begun = [meeting for meeting in meetings if meeting.held_on <= clock.today()]
    if begun:
        return begun[-1]
    return next(iter(meetings or candidates), None)


def _neighbours(sheet: ProgressSheet, meeting: Meeting | None) -> list[ProgressSheet]:
    """Months that a meeting may catch up on: unfinished ones not far away, and those it serves already."""
    served = {other.pk for other in meeting.sheets.all()} if meeting else set()
    unfinished = sheet.grant.sheets.unfinished().exclude(pk=sheet.pk).order_by("month")
    return [
        other
        for other in unfinished
        if other.pk in served or abs(months_between(other.month, sheet.month)) <= NEIGHBOUR_MONTHS
    ]


def people_of(grant: Grant, also: Mapping[str, Iterable[Person]] | None = None) -> dict[str, list[Person]]:
    """Who stands on each side today, and `also` whom an earlier choice names though their term is over."""
    staff = Staff.objects.active().holding(*Staff.INSIDE).filter(foundation=grant.foundation)
    members = Membership.objects.active().filter(organisation=grant.organisation_id)
    by_name = ("user__kana", "user__name", "pk")
    persons = {
        Side.FOUNDATION.value: _persons(staff.select_related("user").order_by(*by_name)),
        Side.GRANTEE.value: _persons(members.select_related("user").order_by(*by_name)),
    }
    for side, earlier in (also or {}).items():
        for person in earlier:
            persons[side].setdefault(person.id, person)
    return {side: list(by_id.values()) for side, by_id in persons.items()}


def _persons(hats: Iterable[Staff | Membership]) -> dict[int, Person]:
    """One line a person, by the title of the first hat."""
    persons: dict[int, Person] = {}
    for hat in hats:
        title = hat.title or str(hat.get_role_display())
        persons.setdefault(hat.user_id, Person(hat.user_id, hat.user.name, title))
    return persons


def _named_before(meeting: Meeting | None, homework: list[ActionItem]) -> dict[str, list[Person]]:
    named: dict[str, list[Person]] = {side.value: [] for side in Side}
    for attendee in meeting.attendees.all() if meeting else ():
        if attendee.user_id:
            named[attendee.side].append(Person(attendee.user_id, attendee.name, attendee.title))
    for item in homework:
        if item.person:
            named[item.side].append(Person(item.person.pk, item.person.name, ""))
    return named


def _talks(reading: SheetReading, ages: LinkAges) -> list[OutcomeTalk]:
    """Ordered by what one knew when the meeting began, so that saving a review moves nothing."""
    months = reading.sheet.months
    blocks = sorted(
        reading.outcomes,
        key=lambda block: (-_waiting(ages.outcome(block.plan.id), months), block.plan.number),
    )
    asked: set[int] = set()
    talks = []
    for block in blocks:
        outputs = []
        for output in sorted(
            block.outputs, key=lambda o: (o.plan.first_outcome_id != block.plan.id, o.label)
        ):
            words = {row.plan.id for row in output.rows} - asked
            asked |= words
            outputs.append(OutputTalk(output, ages.edge(output.plan.id, block.plan.id), frozenset(words)))
        talks.append(OutcomeTalk(block, ages.outcome(block.plan.id), outputs))
    return talks


def _waiting(age: LinkAge, period_months: int) -> int:
    return age.earlier_age if age.was_stale(period_months) else 0


def rows_with_a_word(meeting: MeetingReading) -> list[IndicatorRow]:
    """The indicators in the order in which the page asks for their progress word."""
    rows: list[IndicatorRow] = []
    for talk in meeting.talks:
        rows += talk.block.rows
        rows += [row for output in talk.outputs for row in output.block.rows if row.plan.id in output.words]
    return [*rows, *(row for output in meeting.alone for row in output.rows)]
