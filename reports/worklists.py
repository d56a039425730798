"""What waits for whom: the lists that home pages are made of. Each costs the same number of queries for one grant as for many."""

import datetime
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import CharField, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from accounts.models import User
from core import clock
from core.dates import short_date_label
from core.digits import circled
from core.months import months_between, short_month_label
from grants.models import (
    Grant,
    Indicator,
    IndicatorVersion,
    PlanProposal,
    ShortTermOutcome,
    ShortTermOutcomeVersion,
)
from mentoring import workflow
from mentoring.closing import outcome_anchor
from mentoring.links import LinkAge
from mentoring.models import (
    ActionItem,
    Figure,
    Meeting,
    OutcomeReview,
    ProgressSheet,
    SheetEvent,
)
from mentoring.models.meetings import Side
from mentoring.selectors import turn_of
from mentoring.told import has_moved, with_told
from mentoring.totals import ENTERED
from reports.questions import answers_of_grantee

State = ProgressSheet.State
WITH_FOUNDATION = [state for state, side in workflow.TURN.items() if side == workflow.FOUNDATION]
WITH_GRANTEE = [state for state, side in workflow.TURN.items() if side == workflow.GRANTEE]


PROPOSALS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class OutcomeLink:
    """One short-term outcome in the linkline: its last word, or how long nobody spoke of it."""

    outcome_id: int
    label: str  # ①
    word: str  # empty: never spoken of
    month: datetime.date | None  # of the word
    stale_months: int  # 0 while it is fresh
    awaited: bool  # the meeting took place, and this outcome has no word yet


@dataclass(frozen=True, slots=True)
class Action:
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class WorkRow:
    """The oldest unfinished sheet of one grant."""

    sheet: ProgressSheet
    turn: str
    is_mine: bool
    since: str  # 1月4日に届きました（5日前）
    links: list[OutcomeLink]
    action: Action | None  # what the reader can do about it now
    is_undated: bool  # its period is over and no meeting is arranged
    answers: int  # of the grantee to questions on a row, while the month is with the foundation


def worklist_sheets(grants: list[int]) -> QuerySet[ProgressSheet]:
    """Of each grant the oldest unfinished sheet: the foundation's turn first, then who has waited longest.

    Takes keys and no queryset: beside the ten tables of with_names PostgreSQL stops looking for the best order, and
    would read everybody's sheets before it asks whose grants these are (11 s among 1,500 grants, 0.1 s with keys).
    """
    unfinished = ProgressSheet.objects.unfinished()
    oldest = unfinished.filter(grant=OuterRef("grant")).order_by("month").values("month")[:1]
    return (
        unfinished.filter(grant__in=grants, month=Subquery(oldest))
        .with_names()
        .annotate(
            last_reason=last_reason(),
            entered=figures_entered(),
            asked_for=figures_asked_for(),
            met_on=_meeting_day(held=True),
            appointed_for=_meeting_day(held=False),
            answers=answers_of_grantee(),
            is_turn_of_foundation=Q(state__in=WITH_FOUNDATION),
        )
        .order_by("-is_turn_of_foundation", "turn_since", "pk")
    )


def last_reason() -> Coalesce:
    event = SheetEvent.objects.filter(sheet=OuterRef("pk"), to_state=OuterRef("state")).order_by("-at", "-pk")
    return Coalesce(Subquery(event.values("reason")[:1]), Value(""), output_field=CharField())


def figures_entered() -> Coalesce:
    figures = Figure.objects.filter(ENTERED, sheet=OuterRef("pk")).order_by().values("sheet")
    return Coalesce(Subquery(figures.annotate(n=Count("pk")).values("n")), 0, output_field=IntegerField())


def figures_asked_for() -> Coalesce:
    """How many indicators the plan of the sheet's month holds."""
    begun = IndicatorVersion.objects.filter(
        indicator=OuterRef("pk"), valid_from__lte=OuterRef(OuterRef("month"))
    )
    asked = Indicator.objects.filter(
        Q(retired_from__isnull=True) | Q(retired_from__gt=OuterRef("month")),
        Exists(begun),
        grant=OuterRef("grant"),
    )
    counted = asked.order_by().values("grant").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0, output_field=IntegerField())


def _meeting_day(*, held: bool) -> Subquery:
    meetings = Meeting.objects.filter(sheets=OuterRef("pk"), held=held)
    return Subquery(meetings.order_by("-held_on" if held else "held_on").values("held_on")[:1])


def work_rows(sheets: list[ProgressSheet], reader: User) -> list[WorkRow]:
    """For an officer. `sheets` come from worklist_sheets; two queries for all of their links."""
    links = outcome_links(sheets)
    return [_work_row(sheet, links[sheet.grant_id], reader) for sheet in sheets]


def _work_row(sheet: ProgressSheet, links: list[OutcomeLink], reader: User) -> WorkRow:
    is_foundations = turn_of(sheet) == workflow.FOUNDATION
    is_mine = is_foundations and sheet.grant.officer_id == reader.pk
    if is_mine:
        turn = gettext("あなたの番")
    elif is_foundations:
        turn = gettext("%(name)sさんの番") % {"name": sheet.grant.officer}
    else:
        turn = gettext("%(name)sの番") % {"name": sheet.grant.organisation.name}
    met = sheet.met_on or sheet.appointed_for  # type: ignore[attr-defined]
    return WorkRow(
        sheet=sheet,
        turn=turn,
        is_mine=is_mine,
        since=since_words(sheet),
        links=links,
        action=_action(sheet, links) if is_foundations else None,
        is_undated=met is None and sheet.last_day < clock.today(),
        answers=sheet.answers if is_foundations else 0,  # type: ignore[attr-defined]
    )


def since_words(sheet: ProgressSheet) -> str:
    """Since when it is whose turn, and why; needs the annotations of worklist_sheets."""
    since = timezone.localdate(sheet.turn_since)
    day, reason = short_date_label(since), sheet.last_reason  # type: ignore[attr-defined]
    if sheet.state == State.DRAFT:
        return gettext("%(due)s　指標%(asked)d件のうち%(entered)d件") % {
            "due": due_words(sheet.due_on),
            "asked": sheet.asked_for,  # type: ignore[attr-defined]
            "entered": sheet.entered,  # type: ignore[attr-defined]
        }
    if sheet.state in (State.RETURNED, State.REOPENED):
        return gettext("%(day)s「%(reason)s」") % {"day": day, "reason": reason}
    met_on = sheet.met_on  # type: ignore[attr-defined]
    if met_on:
        return gettext("%(day)sの面談のあと、確定を待っています") % {"day": short_date_label(met_on)}
    return gettext("%(day)sに届きました（%(ago)s）") % {"day": day, "ago": days_ago(since)}


def days_ago(day: datetime.date) -> str:
    days = (clock.today() - day).days
    if days <= 0:
        return gettext("今日")
    return gettext("きのう") if days == 1 else ngettext("%(n)d日前", "%(n)d日前", days) % {"n": days}


def due_words(due_on: datetime.date) -> str:
    """2月10日まで（あと32日）; afterwards the day it was meant for, without blame."""
    left = (due_on - clock.today()).days
    day = short_date_label(due_on)
    if left < 0:
        return gettext("%(day)sの予定でした") % {"day": day}
    if left == 0:
        return gettext("%(day)s（今日）まで") % {"day": day}
    return ngettext("%(day)sまで（あと%(left)d日）", "%(day)sまで（あと%(left)d日）", left) % {
        "day": day,
        "left": left,
    }


def _action(sheet: ProgressSheet, links: list[OutcomeLink]) -> Action:
    """The one act that brings this month on."""
    month = short_month_label(sheet.month)
    meeting = reverse("mentoring:meeting_edit", args=[sheet.pk])
    if sheet.met_on:  # type: ignore[attr-defined]
        awaited = next((link for link in links if link.awaited), None)
        if awaited:
            label = gettext("%(number)sのつながりを書く") % {"number": awaited.label}
            return Action(label, f"{meeting}#{outcome_anchor(awaited.outcome_id)}")
        closing = reverse("reports:sheet_close", args=[sheet.pk])
        return Action(gettext("%(month)sの確定へ進む") % {"month": month}, closing)
    appointed = sheet.appointed_for  # type: ignore[attr-defined]
    if appointed and appointed <= clock.today():
        return Action(gettext("%(month)sの面談を記録する") % {"month": month}, meeting)
    return Action(gettext("%(month)sのシートを読む") % {"month": month}, sheet.get_absolute_url())


def outcome_links(sheets: list[ProgressSheet]) -> dict[int, list[OutcomeLink]]:
    """By grant, every short-term outcome in force in its sheet's month with the last word on it. Two queries."""
    by_grant = {sheet.grant_id: sheet for sheet in sheets}
    talks = OutcomeReview.objects.filter(outcome=OuterRef("pk")).exclude(word=OutcomeReview.Word.UNSPOKEN)
    last = talks.order_by("-sheet__month")
    reviewed = OutcomeReview.objects.filter(outcome=OuterRef("pk"), sheet__in=[sheet.pk for sheet in sheets])
    outcomes = {
        outcome.pk: outcome
        for outcome in ShortTermOutcome.objects.filter(grant__in=by_grant).annotate(
            last_word=Subquery(last.values("word")[:1]),
            last_month=Subquery(last.values("sheet__month")[:1]),
            is_reviewed=Exists(reviewed),
        )
    }
    versions: dict[int, list[ShortTermOutcomeVersion]] = defaultdict(list)
    for version in ShortTermOutcomeVersion.objects.filter(outcome__in=outcomes).order_by("valid_from"):
        versions[version.outcome_id].append(version)
    links: dict[int, list[OutcomeLink]] = {grant: [] for grant in by_grant}
    for pk, outcome in outcomes.items():
        sheet = by_grant[outcome.grant_id]
        in_force = [version for version in versions[pk] if version.valid_from <= sheet.month]
        gone = outcome.retired_from is not None and outcome.retired_from <= sheet.month
        if in_force and not gone:
            links[sheet.grant_id].append(_outcome_link(outcome, in_force, sheet))
    for of_grant in links.values():
        of_grant.sort(key=lambda link: link.label)
    return links


def _outcome_link(
    outcome: ShortTermOutcome, versions: list[ShortTermOutcomeVersion], sheet: ProgressSheet
) -> OutcomeLink:
    month = outcome.last_month  # type: ignore[attr-defined]
    months = max(months_between(month or versions[0].valid_from, sheet.month), 0)
    age = LinkAge(age=months, earlier_age=months, earlier=None)
    return OutcomeLink(
        outcome_id=outcome.pk,
        label=circled(versions[-1].position),
        word=outcome.last_word or "",  # type: ignore[attr-defined]
        month=month,
        stale_months=months if age.is_stale(sheet.months) else 0,
        awaited=bool(sheet.met_on) and not outcome.is_reviewed,  # type: ignore[attr-defined]
    )


@dataclass(frozen=True, slots=True)
class Appointment:
    meeting: Meeting
    months: str  # 9月・10月
    url: str
    is_moved: bool  # people know it by another date


def appointments(grants: QuerySet[Grant]) -> list[Appointment]:
    """Meetings that have a day and did not take place yet, the next first. Two queries."""
    meetings = (
        with_told(Meeting.objects.filter(grant__in=grants, held=False))
        .select_related("grant__organisation")
        .prefetch_related("sheets")
        .order_by("held_on", F("starts_at").asc(nulls_last=True), "pk")
    )
    return [_appointment(meeting) for meeting in meetings]


def _appointment(meeting: Meeting) -> Appointment:
    sheets = sorted(meeting.sheets.all(), key=lambda sheet: sheet.month)
    return Appointment(
        meeting=meeting,
        months=gettext("・").join(short_month_label(sheet.month) for sheet in sheets),
        url=reverse("mentoring:meeting_edit", args=[sheets[0].pk])
        if sheets
        else meeting.grant.get_absolute_url(),
        is_moved=has_moved(meeting),
    )


def open_homework(grants: QuerySet[Grant], own: Side) -> QuerySet[ActionItem]:
    """The reader's own side first, then by the day it is due."""
    return (
        ActionItem.objects.open()
        .filter(grant__in=grants)
        .annotate(is_own=Q(side=own))
        .select_related("person", "grant__organisation", "sheet")
        .order_by("-is_own", F("due_on").asc(nulls_last=True), "pk")
    )


def awaited_proposals(grants: QuerySet[Grant], side: Side) -> list[PlanProposal]:
    """Changes of a plan that this side has not said yes to yet. One query."""
    waiting = PlanProposal.objects.awaiting(side).filter(grant__in=grants)
    return list(waiting.select_related("grant__organisation")[:PROPOSALS_SHOWN])
