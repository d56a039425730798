import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import User
from foundations.models import Staff
from grants.models import Grant, PlanRevision, ShortTermOutcomeVersion
from tests.factories import (
    BudgetLineFactory,
    ConsortiumMemberFactory,
    PlanRevisionFactory,
    PlanRows,
    ShortTermOutcomeVersionFactory,
    StaffFactory,
    make_plan,
)

SignIn = Callable[[User], Client]


def url_of(grant: Grant) -> str:
    return reverse("grants:detail", args=[grant.pk])


@pytest.fixture(autouse=True)
def in_the_story() -> Any:
    with time_machine.travel("2022-11-08 10:00+09:00", tick=False):
        yield


def test_shows_the_facts_and_the_plan(sign_in: SignIn, officer: User, grant: Grant, plan: PlanRows) -> None:
    BudgetLineFactory(grant=grant, granted_yen=14_564_172, own_yen=988_800)
    text = sign_in(officer).get(url_of(grant)).content.decode()
    for words in (
        "あおぞらの会", "こころをつなぐ事業", "2021年4月1日〜2024年1月31日", "小野 彩", "14,564,172", "988,800",
        "若者が孤立せず、地域で自分らしく暮らしている", "若者が安心して過ごせる場所を持っている", "①-1", "②-1",
        "居場所を開いた回数", "目標 85回", "めざす状態「手引きができている」", "週に2回、居場所を開く",
    ):  # fmt: skip
        assert words in text


def test_shows_the_words_that_stand_beside_figures(
    sign_in: SignIn, officer: User, grant: Grant, plan: PlanRows
) -> None:
    plan.indicators["sum"].versions.update(
        target_state="80回以上", baseline_state="まだ開いていない", due_note="終了時"
    )
    plan.activities[0].versions.update(period="毎週土曜")
    text = sign_in(officer).get(url_of(grant)).content.decode()
    for words in ("目標 85回", "「80回以上」", "はじめの状態「まだ開いていない」", "（終了時）", "毎週土曜"):
        assert words in text


def test_an_officer_finds_the_way_in_and_everybody_the_way_out(
    sign_in: SignIn, officer: User, member: User, grant: Grant, plan: PlanRows
) -> None:
    way_in = reverse("reports:plan_import", args=[grant.pk])
    way_out = reverse("reports:plan_export_xlsx", args=[grant.pk])
    for user, finds_way_in in ((officer, True), (member, False)):
        text = sign_in(user).get(url_of(grant)).content.decode()
        assert (way_in in text) is finds_way_in
        assert way_out in text


def test_an_officer_of_a_grant_without_a_plan_is_shown_the_import(
    sign_in: SignIn, officer: User, admin: User, grant: Grant
) -> None:
    way_in = reverse("reports:plan_import", args=[grant.pk])
    assert way_in in sign_in(officer).get(url_of(grant)).content.decode()
    assert way_in not in sign_in(admin).get(url_of(grant)).content.decode()


def test_rejects_post(sign_in: SignIn, officer: User, grant: Grant) -> None:
    assert sign_in(officer).post(url_of(grant)).status_code == 405


def test_stranger_gets_404(sign_in: SignIn, stranger: User, other_grantee: User, grant: Grant) -> None:
    assert sign_in(stranger).get(url_of(grant)).status_code == 404
    assert sign_in(other_grantee).get(url_of(grant)).status_code == 404


def test_consortium_names_its_members(sign_in: SignIn, officer: User, grant: Grant) -> None:
    grant.organisation.is_consortium = True
    grant.organisation.save()
    ConsortiumMemberFactory(consortium=grant.organisation, organisation=None, name="みなとの家", is_lead=True)
    assert "みなとの家（代表）" in sign_in(officer).get(url_of(grant)).content.decode()


def test_a_revision_shows_from_its_month(
    sign_in: SignIn, officer: User, grant: Grant, plan: PlanRows
) -> None:
    revision: PlanRevision = PlanRevisionFactory(
        grant=grant, holds_from=dt.date(2022, 12, 1), reason="参加者が増えたため"
    )
    ShortTermOutcomeVersionFactory(
        outcome=plan.outcomes[0], valid_from=revision.holds_from, revision=revision, text="若者が場をつくる側になっている"
    )  # fmt: skip
    before = sign_in(officer).get(url_of(grant)).content.decode()
    assert "若者が安心して過ごせる場所を持っている" in before
    assert "参加者が増えたため" not in before
    with time_machine.travel("2022-12-08 10:00+09:00", tick=False):
        after = sign_in(officer).get(url_of(grant)).content.decode()
    assert "若者が場をつくる側になっている" in after
    assert "若者が安心して過ごせる場所を持っている" not in after
    assert "参加者が増えたため" in after


def test_the_board_reads_it_without_the_budget_tab(sign_in: SignIn, board: User, grant: Grant) -> None:
    text = sign_in(board).get(url_of(grant)).content.decode()
    assert reverse("grants:budget", args=[grant.pk]) not in text


def test_a_hat_of_another_foundation_promises_no_tab_that_would_refuse(
    sign_in: SignIn, officer: User, stranger_grant: Grant
) -> None:
    """An officer here who sits on the board there wears the officer's hat, and still sees only the board's tabs."""
    StaffFactory(foundation=stranger_grant.foundation, user=officer, role=Staff.Role.BOARD)
    text = sign_in(officer).get(url_of(stranger_grant)).content.decode()
    assert reverse("mentoring:sheet_list", args=[stranger_grant.pk]) in text
    assert reverse("grants:budget", args=[stranger_grant.pk]) not in text
    assert reverse("mentoring:support_list", args=[stranger_grant.pk]) not in text


def test_without_a_plan_it_says_what_to_do(sign_in: SignIn, admin: User, grant: Grant) -> None:
    assert ShortTermOutcomeVersion.objects.count() == 0
    text = sign_in(admin).get(url_of(grant)).content.decode()
    assert "計画はまだ入っていません" in text
    assert "はじめの計画のまま進んでいます" not in text
    assert "予算はまだ入っていません" in text


@pytest.mark.parametrize("plans", [1, 3])
def test_queries_do_not_grow(
    sign_in: SignIn, officer: User, grant: Grant, plans: int, django_assert_num_queries: Any
) -> None:
    for _ in range(plans):
        make_plan(grant)
    client = sign_in(officer)
    with django_assert_num_queries(11):
        client.get(url_of(grant))
