"""The page of the logic model, and the story of one of its links."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from grants.models import Grant, PlanProposal
from mentoring.models import OutcomeReview
from tests.factories import (
    FigureFactory,
    OutcomeReviewFactory,
    OutputVersionFactory,
    PlanProposalFactory,
    PlanRows,
    SheetFactory,
    moment,
)

SignIn = Callable[[User], Client]
Word = OutcomeReview.Word


@pytest.fixture(autouse=True)
def november() -> Any:
    with time_machine.travel(moment(2022, 11, 6), tick=False):
        yield


def month(number: int) -> dt.date:
    return dt.date(2022, number, 1)


@pytest.fixture
def told(plan: PlanRows) -> PlanRows:
    """June and July are closed, August is submitted, September still a draft; three a month. In June ①-1 → ① was まだ."""
    for number, state in ((6, {"closed": True}), (7, {"closed": True}), (8, {"state": "submitted"}), (9, {})):
        sheet = SheetFactory(grant=plan.grant, month=month(number), **state)
        FigureFactory(sheet=sheet, indicator=plan.indicators["sum"], value=3)
    for number, word, outputs in ((6, Word.NOT_YET, [plan.outputs[0]]), (7, Word.SEEN, [])):
        OutcomeReviewFactory(
            sheet=plan.grant.sheets.get(month=month(number)),
            outcome=plan.outcomes[0],
            word=word,
            outputs=outputs,
            sentence=f"{number}月に話したこと",
        )
    return plan


def url(plan: PlanRows, query: str = "") -> str:
    return f"/grants/{plan.grant.pk}/model/{query}"


def link_url(plan: PlanRows, query: str = "") -> str:
    return f"/grants/{plan.grant.pk}/model/links/{plan.outputs[0].pk}/{plan.outcomes[0].pk}/{query}"


def chosen(html: str) -> str:
    found = re.search(r'<output for="month-slider"[^>]*>([^<]+)<', html)
    assert found is not None
    return found[1]


def test_opens_on_the_latest_month_that_was_handed_over(
    told: PlanRows, sign_in: SignIn, officer: User
) -> None:
    html = sign_in(officer).get(url(told)).content.decode()
    assert chosen(html) == "2022年8月"
    assert "9／" in html, "three times three"
    assert 'class="model"' in html
    assert "文字で読む" in html


def test_any_past_month_can_be_chosen(told: PlanRows, sign_in: SignIn, officer: User) -> None:
    client = sign_in(officer)
    assert chosen(client.get(url(told, "?m=2022-06")).content.decode()) == "2022年6月"
    response = client.get(url(told, "?n=2"))
    assert response["Location"] == url(told, "?m=2022-07")
    for nonsense in ("?m=abc", "?n=99", "?n=-1", "?m="):
        assert chosen(client.get(url(told, nonsense)).content.decode()) == "2022年8月"
    assert chosen(client.get(url(told, "?m=2031-01")).content.decode()) == "2022年9月"


def test_the_slider_stays_at_the_top(told: PlanRows, sign_in: SignIn, officer: User) -> None:
    """Without an address of its own the form keeps the #box one looked at, and the next month opens down there."""
    html = sign_in(officer).get(url(told)).content.decode()
    assert f'method="get" action="{url(told)}" data-month-slider' in html


def test_a_past_month_shows_the_plan_of_that_month(told: PlanRows, sign_in: SignIn, officer: User) -> None:
    OutputVersionFactory(output=told.outputs[0], valid_from=month(8), text="新しいことば")
    client = sign_in(officer)
    assert "新しいことば" not in client.get(url(told, "?m=2022-07")).content.decode()
    assert "新しいことば" in client.get(url(told, "?m=2022-08")).content.decode()


def test_the_board_sees_closed_months_only(told: PlanRows, sign_in: SignIn, board: User) -> None:
    html = sign_in(board).get(url(told)).content.decode()
    assert chosen(html) == "2022年7月"
    assert "2022年8月" not in html
    assert chosen(sign_in(board).get(url(told, "?m=2022-09")).content.decode()) == "2022年7月"
    story = sign_in(board).get(link_url(told, "?m=2022-09")).content.decode()
    assert "2022年8月" not in story


def test_without_a_sheet_the_plan_alone_is_drawn(plan: PlanRows, sign_in: SignIn, board: User) -> None:
    html = sign_in(board).get(url(plan)).content.decode()
    assert "シートのない月の計画" in html
    assert "居場所が開かれている" in html


def test_without_a_plan_the_page_says_how_one_comes_in(
    grant: Grant, sign_in: SignIn, officer: User, representative: User, board: User
) -> None:
    as_table, by_hand = f"/grants/{grant.pk}/plan/import/", f"/grants/{grant.pk}/proposals/new/"
    for user, ways in ((officer, [as_table, by_hand]), (representative, [by_hand]), (board, [])):
        client = sign_in(user)
        html = client.get(f"/grants/{grant.pk}/model/").content.decode()
        assert "計画はまだ入っていません" in html
        assert [way for way in (as_table, by_hand) if way in html] == ways
        assert html.count("btn-primary") == min(len(ways), 1), "one thing is next"
    assert sign_in(officer).get(as_table).status_code == 200
    started = sign_in(representative).post(by_hand)
    proposal = PlanProposal.objects.get(grant=grant)
    assert started.url == f"/proposals/{proposal.pk}/edit/"
    editor = sign_in(representative).get(started.url).content.decode()
    assert "計画の案を書く" in editor
    assert "めざすこと（中長期アウトカム）から順に" in editor
    html = sign_in(officer).get(f"/grants/{grant.pk}/model/").content.decode()
    assert "進んでいる案を見る" in html
    assert f'href="{proposal.get_absolute_url()}"' in html
    assert by_hand not in html


def test_a_change_under_way_is_told_to_both_sides(
    told: PlanRows, sign_in: SignIn, officer: User, representative: User, board: User
) -> None:
    words = "2022年11月からの見直しの案"
    assert words not in sign_in(officer).get(url(told)).content.decode()
    proposal = PlanProposalFactory(grant=told.grant)
    for user, is_told in ((officer, True), (representative, True), (board, False)):
        html = sign_in(user).get(url(told)).content.decode()
        assert (words in html, proposal.get_absolute_url() in html) == (is_told, is_told)
    PlanProposal.objects.update(state="agreed", decided_at=moment(2022, 11, 6))
    assert words not in sign_in(officer).get(url(told)).content.decode()


def test_old_links_lead_the_officer_to_the_meeting(
    told: PlanRows, sign_in: SignIn, officer: User, representative: User
) -> None:
    html = sign_in(officer).get(url(told)).content.decode()
    august = told.grant.sheets.get(month=month(8))
    assert f'href="/sheets/{august.pk}/meeting/"' in html
    assert "つぎに話したいつながり" in html
    html = sign_in(representative).get(url(told)).content.decode()
    assert "つぎに話したいつながり" in html
    assert "/meeting/" not in html
    assert 'href="#h-stale"' in html


def test_a_link_tells_its_story_by_month(told: PlanRows, sign_in: SignIn, officer: User) -> None:
    html = sign_in(officer).get(link_url(told)).content.decode()
    assert html.index("2022年8月") < html.index("2022年7月") < html.index("2022年6月")
    assert "6月に話したこと" in html
    assert "アウトカムについての話。このアウトプットの名前は出ていません" in html
    assert "（累計9回）" in html
    assert "この月の話は、まだありません" in html


def test_the_story_of_an_old_link_leads_the_officer_to_the_meeting(
    told: PlanRows, sign_in: SignIn, officer: User, representative: User
) -> None:
    meeting = f"/sheets/{told.grant.sheets.get(month=month(8)).pk}/meeting/"
    told.grant.sheets.filter(month=month(9)).update(state="submitted")
    assert meeting not in sign_in(officer).get(link_url(told, "?m=2022-08")).content.decode(), "June: not old"
    assert meeting in sign_in(officer).get(link_url(told, "?m=2022-09")).content.decode()
    assert meeting not in sign_in(representative).get(link_url(told, "?m=2022-09")).content.decode()


def test_a_link_that_is_not_in_the_plan_is_not_found(told: PlanRows, sign_in: SignIn, officer: User) -> None:
    address = f"/grants/{told.grant.pk}/model/links/{told.outputs[0].pk}/{told.outcomes[1].pk}/"
    assert sign_in(officer).get(address).status_code == 404


@pytest.mark.parametrize("more", [0, 3])
def test_queries_do_not_grow(
    told: PlanRows, sign_in: SignIn, officer: User, more: int, django_assert_num_queries: Any
) -> None:
    for number in range(1, more + 1):
        SheetFactory(grant=told.grant, month=month(number), closed=True)
    client = sign_in(officer)
    client.get(url(told))
    with django_assert_num_queries(15):
        client.get(url(told))
    with django_assert_num_queries(15):
        client.get(link_url(told))
