"""The months: closed ones with meeting and reviews, one submitted, one in draft."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from core.months import add_months
from grants.models import Expenditure, Purpose
from mentoring.models import (
    ActionItem,
    Attendee,
    CostReview,
    Figure,
    Intervention,
    Meeting,
    OutcomeChange,
    OutcomeReview,
    Presence,
    ProgressSheet,
    ProgressWord,
    SheetDocument,
    SheetEvent,
)
from mentoring.models.meetings import Side
from reports.national.build import Size, as_json
from reports.national.copying import copy_rows, reset_sequences
from reports.national.plans import OUTCOMES, indicator_id, method_of, outcome_id, plan_of_grant

SNAPSHOTS = 4  # the last submitted or closed sheets of a grant keep their plan, as all do in real life
WORDS = [OutcomeReview.Word.SEEN, OutcomeReview.Word.NOT_YET, OutcomeReview.Word.UNKNOWN]
PROGRESS = [ProgressWord.ON_TRACK, ProgressWord.AHEAD, ProgressWord.BEHIND]
PRESENCE = [Presence.NONE, Presence.IN_PROGRESS, Presence.PRESENT]
State = ProgressSheet.State


def sheet_id(size: Size, grant: int, month: int) -> int:
    return (grant - 1) * size.months + month + 1


def state_of(size: Size, month: int) -> str:
    """The last month is being entered, the one before is handed in."""
    return {size.months - 1: State.DRAFT, size.months - 2: State.SUBMITTED}.get(month, State.CLOSED)


def write_sheets(size: Size) -> None:
    copy_rows(
        ProgressSheet,
        ("id", "grant", "month", "due_on", "plan_snapshot", "state", "turn_since", "closed_at", "closed_by"),
        _sheets(size),
    )
    copy_rows(SheetEvent, ("sheet", "act", "from_state", "to_state", "by", "at"), _events(size))
    copy_rows(
        Figure,
        (
            "sheet",
            "indicator",
            "value",
            "numerator",
            "denominator",
            "step",
            "sentence",
            "presence",
            "note",
            "progress",
        ),
        _figures(size),
    )
    copy_rows(OutcomeChange, ("sheet", "outcome", "text"), _changes(size))
    copy_rows(Expenditure, ("grant", "month", "purpose", "amount_yen"), _spending(size))
    _write_meetings(size)
    reset_sequences(ProgressSheet, SheetEvent, Figure, OutcomeChange, Expenditure)


def _write_meetings(size: Size) -> None:
    closed = list(_closed(size))
    copy_rows(
        Meeting,
        ("id", "grant", "held_on", "starts_at", "ends_at", "place", "form", "held"),
        (
            (
                pk,
                grant,
                add_months(month, 1).replace(day=15),
                "10:00",
                "11:00",
                "団体の事務所",
                Meeting.Form.VISIT,
                True,
            )
            for pk, grant, month in closed
        ),
    )
    copy_rows(
        Meeting.sheets.through, ("meeting", "progresssheet"), ((pk, pk) for pk, _grant, _month in closed)
    )
    copy_rows(Attendee, ("meeting", "side", "user", "name"), _attendees(size, closed))
    copy_rows(
        OutcomeReview,
        ("sheet", "outcome", "word", "sentence"),
        (
            (pk, outcome_id(grant, o), WORDS[(pk + o) % 3], "居場所で出会った人に、自分から声をかけていた。")
            for pk, grant, _month in closed
            for o in range(OUTCOMES)
        ),
    )
    copy_rows(
        CostReview,
        ("sheet", "purpose", "status"),
        ((pk, purpose, CostReview.Status.FINE) for pk, _g, _m in closed for purpose in CostReview.PURPOSES),
    )
    copy_rows(
        ActionItem,
        ("grant", "sheet", "text", "side", "due_on", "done_on", "done_by"),
        _homework(size, closed),
    )
    copy_rows(
        Intervention,
        ("grant", "item", "on", "method", "given_by", "content"),
        (
            (
                g,
                size.foundation_of(g),
                month.replace(day=12),
                Intervention.Method.VISIT,
                size.officer_of(g),
                "帳簿を確かめた。",
            )
            for _pk, g, month in closed
        ),
    )
    copy_rows(
        SheetDocument,
        ("sheet", "file", "sha256", "created_at", "created_by"),
        (
            (pk, f"national/{pk}.pdf", "0" * 64, _moment(month, 2, 20), size.officer_of(g))
            for pk, g, month in closed
        ),
    )
    reset_sequences(Meeting, Attendee, OutcomeReview, CostReview, ActionItem, Intervention, SheetDocument)


def _closed(size: Size) -> Iterator[tuple[int, int, dt.date]]:
    """Key, grant and month of every closed sheet. Its meeting has the same key."""
    for grant in size.grant_numbers:
        for month in range(size.months):
            if state_of(size, month) == State.CLOSED:
                yield sheet_id(size, grant, month), grant, add_months(size.first, month)


def _moment(month: dt.date, later: int, day: int) -> str:
    return f"{add_months(month, later - 1).replace(day=day)} 10:00:00+09:00"


def _sheets(size: Size) -> Iterator[tuple[Any, ...]]:
    months = [add_months(size.first, index) for index in range(size.months)]
    for grant in size.grant_numbers:
        snapshot = as_json(plan_of_grant(size, grant).to_json())
        for index, month in enumerate(months):
            state = state_of(size, index)
            keeps = state != State.DRAFT and index >= size.months - 1 - SNAPSHOTS
            closed = (
                (_moment(month, 2, 20), size.officer_of(grant)) if state == State.CLOSED else (None, None)
            )
            yield (sheet_id(size, grant, index), grant, month, add_months(month, 1).replace(day=10),
                   snapshot if keeps else None, state, _moment(month, 2, 8), *closed)  # fmt: skip


def _events(size: Size) -> Iterator[tuple[Any, ...]]:
    for grant in size.grant_numbers:
        for index in range(size.months):
            month, state, pk = (
                add_months(size.first, index),
                state_of(size, index),
                sheet_id(size, grant, index),
            )
            yield pk, "open", "", State.DRAFT, None, _moment(month, 1, 1)
            if state != State.DRAFT:
                yield (
                    pk,
                    "submit",
                    State.DRAFT,
                    State.SUBMITTED,
                    size.grantee_person(grant),
                    _moment(month, 2, 8),
                )
            if state == State.CLOSED:
                yield (
                    pk,
                    "close",
                    State.SUBMITTED,
                    State.CLOSED,
                    size.officer_of(grant),
                    _moment(month, 2, 20),
                )


def _figures(size: Size) -> Iterator[tuple[Any, ...]]:
    """Every 37th is missing, so that totals have gaps to tell."""
    for grant in size.grant_numbers:
        for month in range(size.months):
            pk, is_closed = sheet_id(size, grant, month), state_of(size, month) == State.CLOSED
            for index in range(size.indicators):
                if (grant + 2 * month + 3 * index) % 37:
                    number = (7 * grant + 3 * month + 5 * index) % 11
                    progress = PROGRESS[number % 3] if is_closed else ""
                    note = "雨の日が多かった。" if number == 5 else ""
                    yield (
                        pk,
                        indicator_id(size, grant, index),
                        *_entry(method_of(index), number),
                        note,
                        progress,
                    )


def _entry(method: str, number: int) -> tuple[Any, ...]:
    """value, numerator, denominator, step, sentence, presence"""
    match method:
        case "ratio":
            return None, number, 12, "", "", ""
        case "state":
            return None, None, None, PROGRESS[number % 3], "自分から話しかける人がいた。", ""
        case "presence":
            return None, None, None, "", "", PRESENCE[number % 3]
        case _:
            return number, None, None, "", "", ""


def _changes(size: Size) -> Iterator[tuple[Any, ...]]:
    for grant in size.grant_numbers:
        for month in range(size.months - 1):
            for index in range(OUTCOMES):
                yield (
                    sheet_id(size, grant, month),
                    outcome_id(grant, index),
                    "顔なじみの人が、友だちを連れてきた。",
                )


def _spending(size: Size) -> Iterator[tuple[Any, ...]]:
    for grant in size.grant_numbers:
        for index in range(size.months - 1):
            month = add_months(size.first, index)
            yield grant, month, Purpose.DIRECT, 380_000 + 1_000 * (index % 7)
            yield grant, month, Purpose.ADMINISTRATIVE, 50_000 + 500 * (index % 5)


def _attendees(size: Size, closed: list[tuple[int, int, dt.date]]) -> Iterator[tuple[Any, ...]]:
    for pk, grant, _month in closed:
        yield pk, Side.GRANTEE, size.grantee_person(grant), f"団体 {grant:05}"
        yield pk, Side.FOUNDATION, size.officer_of(grant), f"担当 {size.officer_of(grant):04}"


def _homework(size: Size, closed: list[tuple[int, int, dt.date]]) -> Iterator[tuple[Any, ...]]:
    """One a month; those of the last two closed months are still open."""
    open_since = add_months(size.last, -3)
    for pk, grant, month in closed:
        due = add_months(month, 2).replace(day=10)
        done = (None, None) if month >= open_since else (due, size.grantee_person(grant))
        yield grant, pk, "次の勉強会の日を決める", Side.GRANTEE, due, *done
