"""The meeting as one page for a shared screen: an agenda, and one part of it on stage at a time."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from grants.models import Grant, Purpose
from mentoring.models import OutcomeReview, ProgressSheet
from mentoring.models.meetings import Side
from tests.factories import (
    ActionItemFactory,
    AttendeeFactory,
    CostReviewFactory,
    FieldNoteFactory,
    InterventionFactory,
    MeetingFactory,
    OutcomeReviewFactory,
    PlanRows,
    SheetFactory,
)

pytestmark = pytest.mark.usefixtures("in_november")

SignIn = Callable[[User], Client]


@pytest.fixture
def sheet(plan: PlanRows) -> ProgressSheet:
    return SheetFactory(grant=plan.grant, state=ProgressSheet.State.SUBMITTED)


@pytest.fixture
def client(officer: User, sign_in: SignIn) -> Client:
    return sign_in(officer)


def page_of(client: Client, sheet: ProgressSheet) -> str:
    response = client.get(reverse("mentoring:meeting_edit", args=[sheet.pk]))
    assert response.status_code == 200
    return response.content.decode()


def parts_of(page: str) -> list[str]:
    return re.findall(r'<section class="part[^"]*" id="([^"]+)"', page)


def opening_of(page: str) -> list[str]:
    return re.findall(r'<section class="part opens" id="([^"]+)"', page)


def spoken_of(plan: PlanRows, month: dt.date, outcome: int, *outputs: int) -> OutcomeReview:
    review: OutcomeReview = OutcomeReviewFactory(
        sheet=SheetFactory(grant=plan.grant, month=month),
        outcome=plan.outcomes[outcome],
        outputs=[plan.outputs[number] for number in outputs],
    )
    return review


def test_the_parts_stand_in_the_order_of_the_talk(
    client: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    first, second = (f"outcome-{outcome.pk}" for outcome in plan.outcomes)
    page = page_of(client, sheet)
    order = ["ticks", first, second, "costs", "support", "notes", "homework", "facts", "end"]
    assert parts_of(page) == order
    for agenda in re.findall(r'<nav class="[^"]*agenda-list".*?</nav>', page, flags=re.S):
        assert re.findall(r'href="#([^"]+)"', agenda) == order


def test_opens_on_the_outcome_whose_link_is_oldest(
    client: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    spoken_of(plan, dt.date(2022, 9, 1), 0, 0, 1, 2)
    spoken_of(plan, dt.date(2022, 7, 1), 1, 2)
    assert opening_of(page_of(client, sheet)) == [f"outcome-{plan.outcomes[1].pk}"]


def test_opens_on_the_first_outcome_while_no_link_is_old(
    client: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    assert opening_of(page_of(client, sheet)) == [f"outcome-{plan.outcomes[0].pk}"]


def test_opened_again_it_goes_on_with_what_nobody_spoke_of_yet(
    client: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    OutcomeReviewFactory(sheet=sheet, outcome=plan.outcomes[0])
    assert opening_of(page_of(client, sheet)) == [f"outcome-{plan.outcomes[1].pk}"]
    OutcomeReviewFactory(sheet=sheet, outcome=plan.outcomes[1])
    assert opening_of(page_of(client, sheet)) == [f"outcome-{plan.outcomes[0].pk}"]


def test_without_an_outcome_it_opens_on_the_homework(client: Client, grant: Grant) -> None:
    bare = SheetFactory(grant=grant, state=ProgressSheet.State.SUBMITTED)
    assert opening_of(page_of(client, bare)) == ["ticks"]


def test_one_link_that_nobody_named_makes_the_outcome_old(
    client: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    """Spoken of last month, but not of its second output."""
    spoken_of(plan, dt.date(2022, 5, 1), 0, 0, 1, 2)
    spoken_of(plan, dt.date(2022, 9, 1), 0, 0, 2)
    page = page_of(client, sheet)
    assert page.count("つながり 5か月 未確認") == 3
    labels = re.findall(r'class="form-check-label" for="[^"]+outputs_\d">([^<]+)<', page)
    texts = {label.split("（")[0]: label for label in labels}
    assert "（9月 見えた）" in next(text for name, text in texts.items() if "①-1" in name)
    assert "（5か月 未確認）" in next(text for name, text in texts.items() if "①-2" in name)


def test_today_not_spoken_of_is_no_talk_about_a_link(
    client: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    spoken_of(plan, dt.date(2022, 6, 1), 0, 0, 1, 2)
    OutcomeReviewFactory(sheet=sheet, outcome=plan.outcomes[0], word=OutcomeReview.Word.UNSPOKEN)
    assert "つながり 4か月 未確認" in page_of(client, sheet)


def test_what_is_done_is_marked(client: Client, sheet: ProgressSheet, plan: PlanRows, officer: User) -> None:
    assert done_of(page_of(client, sheet)) == []
    earlier = SheetFactory(grant=plan.grant, month=dt.date(2022, 9, 1))
    ActionItemFactory(sheet=earlier, done_on=dt.date(2022, 10, 1), done_by=officer)
    for purpose in (Purpose.DIRECT, Purpose.ADMINISTRATIVE):
        CostReviewFactory(sheet=sheet, purpose=purpose)
    OutcomeReviewFactory(sheet=sheet, outcome=plan.outcomes[1])
    InterventionFactory(grant=plan.grant, on=dt.date(2022, 10, 12))
    FieldNoteFactory(grant=plan.grant, sheet=sheet, author=officer)
    ActionItemFactory(sheet=sheet)
    meeting = MeetingFactory(grant=plan.grant, sheets=[sheet])
    AttendeeFactory(meeting=meeting, side=Side.GRANTEE)
    assert "facts" not in done_of(page_of(client, sheet))
    AttendeeFactory(meeting=meeting, side=Side.FOUNDATION, user=officer, name=officer.name)
    done = {"ticks", f"outcome-{plan.outcomes[1].pk}", "costs", "support", "notes", "homework", "facts"}
    assert set(done_of(page_of(client, sheet))) == done


def done_of(page: str) -> list[str]:
    agenda = re.findall(r'<nav class="agenda-list".*?</nav>', page, flags=re.S)[0]
    return re.findall(r'<li class="done"[^>]*>\s*<a href="#([^"]+)"', agenda)


def test_going_on_saves_and_comes_back_at_the_neighbour(
    client: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    page = page_of(client, sheet)
    here = reverse("mentoring:meeting_edit", args=[sheet.pk])
    buttons = re.findall(r'<section class="part.*?</section>', page, flags=re.S)
    going = [re.findall(rf'formaction="{here}#([^"]+)"', part.rsplit("stage-next", 1)[1]) for part in buttons]
    order = parts_of(page)
    assert going[0] == [order[1]]
    assert going[3] == [order[2], order[4]]
    assert going[-1] == [order[-2]]
    assert "次へ　<span data-name>② " in buttons[1]


def test_an_output_of_two_outcomes_is_asked_about_once_and_says_where(
    client: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    page = page_of(client, sheet)
    assert page.count(f'name="word-{plan.indicators["sum"].pk}"') == 1
    both = "①で選びます"
    assert page.count(both) == len(
        re.findall(both, page[page.index(f'id="outcome-{plan.outcomes[1].pk}"') :])
    )
