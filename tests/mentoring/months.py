"""A month that lacks nothing for its closing; a test takes away what it asks about."""

from accounts.models import User
from grants.models import Purpose
from mentoring.models import CostReview, Meeting, OutcomeReview, ProgressSheet
from mentoring.models.meetings import Side
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
