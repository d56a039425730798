"""Two officers at one meeting at the same moment, on two real connections: PostgreSQL only."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User
from mentoring.models import ActionItem, Meeting, OutcomeReview, ProgressSheet
from mentoring.services.closing import close_sheet
from tests.factories import (
    FoundationFactory,
    GrantFactory,
    OutcomeReviewFactory,
    PlanRows,
    SheetFactory,
    StaffFactory,
    make_plan,
)
from tests.mentoring.months import make_ready_sheet
from tests.mentoring.saving import body_of, post_json
from tests.mentoring.test_sheet_races import at_once

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs row locks"),
]
Cells = dict[str, tuple[Any, Any]]


@pytest.fixture
def plan(transactional_db: None) -> PlanRows:
    return make_plan(GrantFactory(program__fund__foundation=FoundationFactory()))


@pytest.fixture
def sheet(plan: PlanRows) -> ProgressSheet:
    return SheetFactory(grant=plan.grant, state=ProgressSheet.State.SUBMITTED)


@pytest.fixture
def officers(plan: PlanRows) -> list[User]:
    return [StaffFactory(foundation=plan.grant.foundation).user for _person in range(2)]


def both_send(officers: list[User], sheet: ProgressSheet, *cells: Cells) -> list[dict[str, Any]]:
    def sends(user: User, what: Cells) -> Callable[[], Any]:
        client = Client()
        client.force_login(user)

        def act() -> Any:
            return post_json(client, sheet, body_of(user, what), "meeting/cells/")

        return act

    responses = at_once(*(sends(user, what) for user, what in zip(officers, cells, strict=True)))
    assert [response.status_code for response in responses] == [200, 200]
    return [response.json() for response in responses]


def test_one_sentence_of_two_people(officers: list[User], sheet: ProgressSheet, plan: PlanRows) -> None:
    OutcomeReviewFactory(sheet=sheet, outcome=plan.outcomes[0], word="seen", sentence="もとの文")
    key, seen = f"outcome-{plan.outcomes[0].pk}", ["seen", "もとの文", ""]
    answers = both_send(
        officers,
        sheet,
        {key: (["seen", "ひとりめの文", ""], seen)},
        {key: (["seen", "ふたりめの文", ""], seen)},
    )
    assert sorted(answer["cells"][key]["state"] for answer in answers) == ["conflict", "saved"]
    told = next(a["cells"][key] for a in answers if a["cells"][key]["state"] == "conflict")
    stands = OutcomeReview.objects.get().sentence
    assert told["theirs"] == stands
    assert {stands} < {"ひとりめの文", "ふたりめの文"}


def test_two_cells_of_two_people(officers: list[User], sheet: ProgressSheet, plan: PlanRows) -> None:
    nothing = ["", "", ""]
    keys = [f"outcome-{outcome.pk}" for outcome in plan.outcomes]
    answers = both_send(officers, sheet, *({key: (["seen", "文", ""], nothing)} for key in keys))
    assert [a["cells"][key]["state"] for a, key in zip(answers, keys, strict=True)] == ["saved", "saved"]
    assert OutcomeReview.objects.count() == 2
    sheet.refresh_from_db()
    assert sheet.version == 2


def test_one_new_row_in_each_of_two_pages(officers: list[User], sheet: ProgressSheet) -> None:
    row, nothing = "homework-new0", [""] * 4
    answers = both_send(
        officers,
        sheet,
        {row: (["ひとつめ", "grantee", "", ""], nothing)},
        {row: (["ふたつめ", "foundation", "", ""], nothing)},
    )
    made = {f"homework-{item.pk}" for item in ActionItem.objects.all()}
    assert {answer["renamed"][row] for answer in answers} == made
    assert len(made) == 2


def test_the_first_meeting_is_made_once(officers: list[User], sheet: ProgressSheet) -> None:
    blank = ["", "", "", "", "in_person", "", "", "", "", ""]
    answers = both_send(
        officers,
        sheet,
        {"meeting": (["2022-11-15", "", "", "駅前", *blank[4:]], blank)},
        {"meeting": (["2022-11-15", "10:00", *blank[2:]], blank)},
    )
    meeting = Meeting.objects.get()
    assert {answer["meeting"] for answer in answers} == {meeting.pk}
    assert (str(meeting.starts_at), meeting.place) == ("10:00:00", "駅前")


def test_a_month_closes_while_its_meeting_is_put_right_from_the_other(
    plan: PlanRows, officers: list[User], sheet: ProgressSheet
) -> None:
    """Whoever comes first: what the paper says of the meeting is what stands."""
    officer, other = officers
    september = make_ready_sheet(plan, officer, month=dt.date(2022, 9, 1))
    meeting = september.meetings.get()
    meeting.sheets.add(sheet)
    client = Client()
    client.force_login(other)
    seen = client.get(f"/sheets/{sheet.pk}/meeting/now/").json()["cells"]["meeting"]["stored"]
    typed = [*seen[:3], "駅前", *seen[4:]]

    def close() -> Any:
        return close_sheet(
            sheet=september, by=officer, render_pdf=lambda month: month.meetings.get().place.encode()
        )

    def save() -> Any:
        return post_json(client, sheet, body_of(other, {"meeting": (typed, seen)}), "meeting/cells/")

    document, response = at_once(close, save)
    assert response.status_code == 200
    with document.file.open() as paper:
        printed = paper.read().decode()
    meeting.refresh_from_db()
    assert meeting.place == printed
    state = response.json()["cells"]["meeting"]["state"]
    assert (state, printed) in [("saved", "駅前"), ("wrong", seen[3])]
