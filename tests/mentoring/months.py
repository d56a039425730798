"""A month that lacks nothing for its closing; a test takes away what it asks about."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.models import User
from grants.models import Purpose
from mentoring.models import CostReview, Meeting, OutcomeReview, ProgressSheet
from mentoring.models.meetings import Side
from mentoring.services.closing import close_sheet
from tests.factories import (
    AttendeeFactory,
    CostReviewFactory,
    MeetingFactory,
    OutcomeReviewFactory,
    PlanRows,
    SheetFactory,
)


def make_ready_sheet(plan: PlanRows, officer: User, **fields: object) -> ProgressSheet:
    sheet = SheetFactory(grant=plan.grant, **{"state": ProgressSheet.State.SUBMITTED, **fields})
    make_held_meeting(sheet, officer)
    for outcome in plan.outcomes:
        OutcomeReviewFactory(sheet=sheet, outcome=outcome, word=OutcomeReview.Word.SEEN)
    for purpose in (Purpose.DIRECT, Purpose.ADMINISTRATIVE):
        CostReviewFactory(sheet=sheet, purpose=purpose, status=CostReview.Status.FINE)
    return sheet


def make_held_meeting(sheet: ProgressSheet, officer: User) -> Meeting:
    meeting = MeetingFactory(grant=sheet.grant, sheets=[sheet])
    AttendeeFactory(meeting=meeting, side=Side.GRANTEE, name="青木 空")
    AttendeeFactory(meeting=meeting, side=Side.FOUNDATION, user=officer, name=officer.name)
    return meeting


def arrange_next(sheet: ProgressSheet, **fields: object) -> Meeting:
    """The appointment that the sheet's meeting made."""
    held = sheet.meetings.get()
    values = {"held": False, "held_on": dt.date(2022, 12, 13), "ends_at": None, **fields}
    held.next_meeting = MeetingFactory(grant=sheet.grant, **values)
    held.save(update_fields=["next_meeting", "updated_at"])
    return held.next_meeting


def close_and_commit(sheet: ProgressSheet, by: User, capture_on_commit: Callable[..., Any]) -> None:
    """Without its pages; what waits for the commit, such as its mails, is done. `capture_on_commit` is pytest-django's."""
    with capture_on_commit(execute=True):
        close_sheet(sheet=sheet, by=by, render_pdf=lambda sheet: b"%PDF-1.7")


def press_close(client: Client, sheet: ProgressSheet) -> Any:
    """Opens the page and presses its button."""
    url = reverse("reports:sheet_close", args=[sheet.pk])
    seen = client.get(url).context["seen"]
    return client.post(url, {"seen": seen})
