"""月次面談 on paper: the reading of mentoring.reading in the order of the foundations' own sheet."""

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.dateformat import format as date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext

from core import clock
from core.dates import date_label, date_label_with_weekday, time_label
from mentoring.models import ActionItem, Attendee, Meeting, OutcomeReview, ProgressSheet
from mentoring.models.meetings import Side
from mentoring.reading import CostRow, IndicatorRow, OutcomeBlock, OutputGroup, SheetReading, read_sheet
from reports.pdf.press import to_pdf
from reports.pdf.rows import PaperRow, paper_row

NOT_IN_A_FILENAME = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
KEPT_TOGETHER = 4  # indicators; an outcome with more may break over the page


@dataclass(frozen=True, slots=True)
class PaperMeeting:
    when: str
    where: str
    grantee: str
    foundation: str
    also_serves: str  # labels of the other months the meeting served


@dataclass(frozen=True, slots=True)
class PaperOutcome:
    block: OutcomeBlock
    rows: list[PaperRow]
    review_outputs: str  # ①-1、②-1: what the link review spoke of

    @property
    def is_short(self) -> bool:
        return (
            len(self.rows) <= KEPT_TOGETHER
            and len(self.block.change) <= 400
            and not any(row.is_long for row in self.rows)
        )


@dataclass(frozen=True, slots=True)
class PaperOutput:
    label: str
    text: str
    also_serves: str
    rows: list[PaperRow]


@dataclass(frozen=True, slots=True)
class PaperGroup:
    group: OutputGroup
    outputs: list[PaperOutput]


@dataclass(frozen=True, slots=True)
class PaperHomework:
    item: ActionItem
    who: str
    due: str
    is_done: bool  # on the day the month was closed: paper does not know what was done later


def render_sheet_pdf(sheet: ProgressSheet, *, draft: bool | None = None) -> bytes:
    """`draft` None: whatever the sheet's state says. A draft carries 下書き on every page."""
    return to_pdf(render_sheet_html(sheet, draft=draft))


def render_sheet_html(sheet: ProgressSheet, *, draft: bool | None = None) -> str:
    """Always Japanese: the record is the same whoever closes the month, in whatever language they read pages."""
    with translation.override("ja"):
        reading = read_sheet(sheet)
        return render_to_string(
            "pdf/sheet.html", _context(reading, not sheet.is_closed if draft is None else draft)
        )


def render_sheet_on_screen(reading: SheetReading) -> SafeString:
    """The words of the draft, for a page: the same parts and the same reading as on paper, without pages."""
    with translation.override("ja"):
        return render_to_string("pdf/sheet_on_screen.html", _context(reading, draft=True))


def sheet_filename(sheet: ProgressSheet, *, edition: int = 1, draft: bool = False) -> str:
    """はこぶね_月次面談_2022年10月.pdf; a later edition and a draft say so in their name."""
    with translation.override("ja"):
        parts = [sheet.grant.organisation.name, gettext("月次面談"), sheet.label]
        if edition > 1:
            parts.append(gettext("第%(edition)d版") % {"edition": edition})
        if draft:
            parts.append(gettext("下書き"))
    return NOT_IN_A_FILENAME.sub("_", "_".join(parts)) + ".pdf"


def _context(reading: SheetReading, draft: bool) -> dict[str, object]:
    sheet = reading.sheet
    foundation = sheet.grant.foundation
    meeting = reading.meeting if reading.meeting and reading.meeting.held else None
    return {
        "reading": reading,
        "sheet": sheet,
        "grant": sheet.grant,
        "foundation": foundation,
        "draft": draft,
        "period": _period(sheet),
        "now_label": reading.now_label,
        "end_label": reading.end_label,
        "is_quarter": sheet.months > 1,
        "meeting": _meeting(meeting, sheet) if meeting else None,
        "other_meetings": [_meeting(m, sheet) for m in reading.meetings if m.held and m != meeting],
        "next_meeting": _appointment(reading.upcoming) if reading.upcoming else "",
        "outcomes": _outcomes(reading),
        "groups": _groups(reading),
        "costs": reading.costs,
        "costs_are_long": _are_long(reading.costs),
        "evaluation": reading.evaluation if reading.evaluation.plan or reading.evaluation.total else None,
        "earlier_homework": [_homework(item, reading) for item in reading.earlier_homework],
        "new_homework": [_homework(item, reading) for item in reading.new_homework],
        "edition": sum(event.act == "close" for event in reading.events),
        "today": clock.today(),
    }


def _period(sheet: ProgressSheet) -> str:
    """2022年10月1日〜10月31日; the year again when it turns within the period."""
    last = sheet.last_day
    end = _short_day(last) if last.year == sheet.month.year else date_label(last)
    return gettext("%(start)s〜%(end)s") % {"start": date_label(sheet.month), "end": end}


def _short_day(day: datetime.date) -> str:
    return date_format(day, pgettext("date format", "n月j日"))


# --- meetings --------------------------------------------------------------------------------------------


def _meeting(meeting: Meeting, sheet: ProgressSheet) -> PaperMeeting:
    form = meeting.get_form_display()
    people = list(meeting.attendees.all())
    others = [other for other in meeting.sheets.all() if other.pk != sheet.pk]
    return PaperMeeting(
        when=_when(meeting),
        where=gettext("%(place)s（%(form)s）") % {"place": meeting.place, "form": form}
        if meeting.place
        else form,
        grantee=_names(people, Side.GRANTEE),
        foundation=_names(people, Side.FOUNDATION),
        also_serves="、".join(other.label for other in others),
    )


def _when(meeting: Meeting) -> str:
    day = date_label_with_weekday(meeting.held_on)
    if meeting.starts_at is None:
        return day
    end = time_label(meeting.ends_at) if meeting.ends_at else ""
    return f"{day}{time_label(meeting.starts_at)}〜{end}"


def _names(people: Iterable[Attendee], side: str) -> str:
    return "、".join(str(person) for person in people if person.side == side)


def _appointment(meeting: Meeting) -> str:
    """2022年12月15日（木）10:00〜　オンライン　2022年11月のシート"""
    facts = [_when(meeting), meeting.place, meeting.get_form_display()]
    if sheets := "、".join(sheet.label for sheet in meeting.sheets.all()):
        facts.append(gettext("%(months)sのシート") % {"months": sheets})
    return "　".join(fact for fact in facts if fact)


# --- outcomes and outputs ----------------------------------------------------------------------------------


def _outcomes(reading: SheetReading) -> list[PaperOutcome]:
    return [
        PaperOutcome(
            block=block, rows=_rows(block.rows, reading), review_outputs=_spoken_of(block.review, reading)
        )
        for block in reading.outcomes
    ]


def _groups(reading: SheetReading) -> list[PaperGroup]:
    return [
        PaperGroup(
            group=group,
            outputs=[
                PaperOutput(
                    label=output.label,
                    text=output.plan.text,
                    also_serves="・".join(outcome.label for outcome in output.also_serves),
                    rows=_rows(output.rows, reading),
                )
                for output in group.outputs
            ],
        )
        for group in reading.output_groups
    ]


def _rows(rows: list[IndicatorRow], reading: SheetReading) -> list[PaperRow]:
    return [paper_row(row, reading.sheet, reading.calendar) for row in rows]


def _spoken_of(review: OutcomeReview | None, reading: SheetReading) -> str:
    if review is None:
        return ""
    spoken = {output.pk for output in review.outputs.all()}
    return "、".join(
        output.label
        for group in reading.output_groups
        for output in group.outputs
        if output.plan.id in spoken
    )


# --- money and homework ------------------------------------------------------------------------------------


def _are_long(costs: list[CostRow]) -> bool:
    """Too long to be kept on one page."""
    return sum(len(cost.review.consultation) for cost in costs if cost.review) > 600


def _homework(item: ActionItem, reading: SheetReading) -> PaperHomework:
    grant = reading.sheet.grant
    side = grant.organisation.name if item.side == Side.GRANTEE else grant.foundation.short_name
    who = f"{side}　{item.person.name}" if item.person else side
    due = ""
    if item.due_on:
        near = item.due_on.year == reading.sheet.last_day.year
        due = _short_day(item.due_on) if near else date_label(item.due_on)
    return PaperHomework(item=item, who=who, due=due, is_done=_is_done(item, reading.sheet))


def _is_done(item: ActionItem, sheet: ProgressSheet) -> bool:
    if item.done_on is None:
        return False
    closed_at = sheet.closed_at if sheet.is_closed else None
    return closed_at is None or item.done_on <= timezone.localdate(closed_at)
