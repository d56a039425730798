"""What the meeting's page shows besides the sheet itself. It may be on a shared screen: nothing internal is read here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from core import clock
from core.months import months_between
from foundations.models import Staff
from grantees.models import Membership
from grants.models import Grant, PlanProposal
from grants.plan import OutcomePlan
from mentoring.links import LinkAge, LinkAges, edge_ages
from mentoring.models import ActionItem, FieldNote, Meeting, ProgressSheet, TalkPart
from mentoring.models.meetings import Side
from mentoring.proposal_pages import ProposalPage, read_proposal
from mentoring.reading import IndicatorRow, OutcomeBlock, OutputBlock, SheetReading, read_sheet
from mentoring.threads import SheetThreads, threads_of
from mentoring.turns import Sides

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
    """One output under the outcome that is spoken of. `asked_under`: by indicator, the outcome under which its
    progress word is asked; an output that serves several is asked about once."""

    block: OutputBlock
    age: LinkAge
    asked_under: dict[int, OutcomePlan] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OutcomeTalk:
    block: OutcomeBlock
    age: LinkAge
    outputs: list[OutputTalk]

    @property
    def links(self) -> list[LinkAge]:
        return [self.age, *(output.age for output in self.outputs)]

    def stale_months(self, period_months: int) -> int | None:
        """How long its oldest link has waited by now; None when every link was spoken of lately."""
        return max((link.age for link in self.links if link.is_stale(period_months)), default=None)

    def waited(self, period_months: int) -> int:
        """The same as one knew it when the meeting began, so that saving a review moves nothing."""
        return max((link.earlier_age for link in self.links if link.was_stale(period_months)), default=0)


@dataclass(frozen=True, slots=True)
class MeetingReading:
    reading: SheetReading
    by: User
    meeting: Meeting | None  # the one whose facts are on the page; None: there is none yet
    meetings: list[Meeting]  # all that serve this sheet
    ages: LinkAges
    people: dict[str, list[Person]]  # by side: who can be there or be given homework
    notes: list[FieldNote]  # of this sheet, those that both sides see
    threads: SheetThreads  # what was asked beside its rows
    parts: dict[str, TalkPart]  # what is kept of its parts: a changed order, the time on stage
    proposal: ProposalPage | None  # a change of the plan that waits for the yes of both sides
    other_sheets: list[ProgressSheet]  # unfinished ones of the same grant
    talks: list[OutcomeTalk] = field(repr=False)  # the one not spoken of for longest comes first
    alone: list[OutputBlock] = field(repr=False)  # outputs under no outcome of this plan

    @property
    def sheet(self) -> ProgressSheet:
        return self.reading.sheet

    @property
    def wanted(self) -> str:
        """How the page asks for its meeting again. A month's first one that is not there yet has no name: whoever
        makes it, it is the one at hand then."""
        if self.meeting is not None:
            return str(self.meeting.pk)
        return NEW if self.meetings else ""

    @property
    def sealed_by(self) -> ProgressSheet | None:
        """The closed month that keeps the meeting as it was held (services.meetings.Sealed); None: it may be put right."""
        if self.meeting is None or not self.meeting.held:
            return None
        closed = [s for s in self.meeting.sheets.all() if s.is_closed and s.pk != self.sheet.pk]
        return min(closed, key=lambda sheet: sheet.month, default=None)

    @property
    def own_note(self) -> FieldNote | None:
        """The writer's own last note of this sheet: the one that the page lets them go on writing."""
        own = [note for note in self.notes if note.author_id == self.by.pk]
        return own[-1] if own else None

    @property
    def further_notes(self) -> list[FieldNote]:
        return [note for note in self.notes if note != self.own_note]


def read_meeting(sheet: ProgressSheet, by: User, wanted: str = "") -> MeetingReading:
    """`wanted`: the id of one of the sheet's meetings, NEW for a further one, or blank for the one at hand.
    The number of queries is constant. Needs the sheet with_names."""
    reading = read_sheet(sheet)
    ages = edge_ages(sheet.grant, sheet.month)
    meetings, meeting = meetings_of(sheet, wanted)
    return MeetingReading(
        reading=reading,
        by=by,
        meeting=meeting,
        meetings=meetings,
        ages=ages,
        people=people_of(sheet.grant, also=named_before(meeting, reading.new_homework)),
        notes=reading.shared_notes,
        threads=threads_of(sheet, reading.plan, Sides(enters=False, manages=True), by),
        parts={part.key: part for part in TalkPart.objects.filter(sheet=sheet)},
        proposal=_open_proposal(sheet),
        other_sheets=neighbours_of(sheet, meeting),
        talks=talks_of(reading, ages),
        alone=next((group.outputs for group in reading.output_groups if group.outcome is None), []),
    )


def _open_proposal(sheet: ProgressSheet) -> ProposalPage | None:
    proposal = PlanProposal.objects.filter(grant=sheet.grant_id, state=PlanProposal.State.OPEN).first()
    if proposal is None:
        return None
    proposal.grant = sheet.grant
    return read_proposal(proposal)


def meetings_of(sheet: ProgressSheet, wanted: str) -> tuple[list[Meeting], Meeting | None]:
    """All that serve the sheet, and the one whose facts are on its page."""
    candidates = list(
        _candidates(sheet)
        .select_related("next_meeting")
        .prefetch_related("attendees", "sheets", "next_meeting__sheets")
    )
    meetings = [meeting for meeting in candidates if meeting.sheets.all()]
    return meetings, _choose(meetings, candidates, wanted)


def is_meeting_due(sheet: ProgressSheet, wanted: str) -> bool:
    """Whether the meeting on the page has come due, or is to be taken up by this sheet: the next save writes it, whatever
    else it saves. One query."""
    served = Meeting.sheets.through.objects.filter(meeting=OuterRef("pk"), progresssheet=sheet)
    found = list(_candidates(sheet).annotate(is_served=Exists(served)))
    candidates: list[Meeting] = list(found)
    serving: list[Meeting] = [meeting for meeting in found if meeting.is_served]
    meeting = _choose(serving, candidates, wanted)
    return meeting is not None and (
        meeting not in serving or (not meeting.held and meeting.held_on <= clock.today())
    )


def _candidates(sheet: ProgressSheet) -> "QuerySet[Meeting]":
    """Those that serve the sheet, and appointments that no sheet has taken up yet."""
    return Meeting.objects.filter(
        Q(sheets=sheet) | Q(grant=sheet.grant_id, sheets=None, held=False)
    ).distinct()


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


def neighbours_of(sheet: ProgressSheet, meeting: Meeting | None) -> list[ProgressSheet]:
    """Months that a meeting may catch up on: unfinished ones not far away, and those it serves already."""
    served = {other.pk for other in meeting.sheets.all()} if meeting else set()
    unfinished = (
        ProgressSheet.objects.filter(grant=sheet.grant_id).unfinished().exclude(pk=sheet.pk).order_by("month")
    )
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


def named_before(meeting: Meeting | None, homework: list[ActionItem]) -> dict[str, list[Person]]:
    named: dict[str, list[Person]] = {side.value: [] for side in Side}
    for attendee in meeting.attendees.all() if meeting else ():
        if attendee.user_id:
            named[attendee.side].append(Person(attendee.user_id, attendee.name, attendee.title))
    for item in homework:
        if item.person:
            named[item.side].append(Person(item.person.pk, item.person.name, ""))
    return named


def talks_of(reading: SheetReading, ages: LinkAges) -> list[OutcomeTalk]:
    months = reading.sheet.months
    talks = [
        OutcomeTalk(block, ages.outcome(block.plan.id), _output_talks(block, ages))
        for block in reading.outcomes
    ]
    talks.sort(key=lambda talk: (-talk.waited(months), talk.block.plan.number))
    asked: dict[int, OutcomePlan] = {}
    for talk in talks:
        for output in talk.outputs:
            for row in output.block.rows:
                output.asked_under[row.plan.id] = asked.setdefault(row.plan.id, talk.block.plan)
    return talks


def _output_talks(block: OutcomeBlock, ages: LinkAges) -> list[OutputTalk]:
    outputs = sorted(block.outputs, key=lambda o: (o.plan.first_outcome_id != block.plan.id, o.label))
    return [OutputTalk(output, ages.edge(output.plan.id, block.plan.id)) for output in outputs]


def rows_with_a_word(meeting: MeetingReading) -> list[IndicatorRow]:
    """The indicators in the order in which the page asks for their progress word."""
    rows: list[IndicatorRow] = []
    for talk in meeting.talks:
        rows += talk.block.rows
        rows += [
            row
            for output in talk.outputs
            for row in output.block.rows
            if output.asked_under[row.plan.id] == talk.block.plan
        ]
    return [*rows, *(row for output in meeting.alone for row in output.rows)]
