"""What stands on the stage of the meeting's page, one part at a time, and what is asked about in each."""

from dataclasses import dataclass

from django.forms import BoundField

from grants.plan import OutcomePlan
from mentoring.agenda import AgendaPart, opening_part
from mentoring.closing import outcome_anchor
from mentoring.forms.meeting import ReviewForm
from mentoring.forms.meeting_page import MeetingPage
from mentoring.meeting_reading import OutcomeTalk, OutputTalk
from mentoring.reading import IndicatorRow, OutputBlock


@dataclass(frozen=True, slots=True)
class WordRow:
    row: IndicatorRow
    word: BoundField | None  # None: asked under another outcome
    asked_under: OutcomePlan | None = None


@dataclass(frozen=True, slots=True)
class OutputPart:
    block: OutputBlock
    rows: list[WordRow]
    talk: OutputTalk | None = None
    stale_months: int | None = None


@dataclass(frozen=True, slots=True)
class OutcomePart:
    talk: OutcomeTalk
    form: ReviewForm
    rows: list[WordRow]
    outputs: list[OutputPart]
    stale_months: int | None  # None: spoken of lately


@dataclass(frozen=True, slots=True)
class StagePart:
    """One part with its neighbours; `opens`: the page opens on it."""

    part: AgendaPart
    number: int
    opens: bool
    before: AgendaPart | None
    after: AgendaPart | None
    outcome: OutcomePart | None


def stage_of(page: MeetingPage, agenda: list[AgendaPart]) -> list[StagePart]:
    outcomes = {outcome_anchor(talk.block.plan.id): outcome_part(page, talk) for talk in page.page.talks}
    opening = opening_part(agenda)
    return [
        StagePart(
            part=part,
            number=number,
            opens=part == opening,
            before=before,
            after=after,
            outcome=outcomes.get(part.key),
        )
        for number, (before, part, after) in enumerate(
            zip([None, *agenda[:-1]], agenda, [*agenda[1:], None], strict=True), start=1
        )
    ]


def outcome_part(page: MeetingPage, talk: OutcomeTalk) -> OutcomePart:
    months = page.page.sheet.months
    return OutcomePart(
        talk=talk,
        form=page.reviews[talk.block.plan.id],
        rows=_word_rows(page, talk.block.rows),
        outputs=[
            OutputPart(
                output.block,
                _output_rows(page, talk, output),
                output,
                output.age.age if output.age.is_stale(months) else None,
            )
            for output in talk.outputs
        ],
        stale_months=talk.stale_months(months),
    )


def alone_parts(page: MeetingPage) -> list[OutputPart]:
    return [OutputPart(block, _word_rows(page, block.rows)) for block in page.page.alone]


def _word_rows(page: MeetingPage, rows: list[IndicatorRow]) -> list[WordRow]:
    return [WordRow(row, page.words[str(row.plan.id)]) for row in rows]


def _output_rows(page: MeetingPage, talk: OutcomeTalk, output: OutputTalk) -> list[WordRow]:
    rows = []
    for row in output.block.rows:
        place = output.asked_under[row.plan.id]
        is_here = place == talk.block.plan
        rows.append(WordRow(row, page.words[str(row.plan.id)] if is_here else None, place))
    return rows
