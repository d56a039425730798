import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.months import month_range
from foundations.models import Foundation
from grants.models import Grant, PlanProposal, Program
from mentoring.models import OutcomeReview, ProgressSheet
from mentoring.models.meetings import Side
from tests.factories import (
    ActionItemFactory,
    FigureFactory,
    GrantFactory,
    MeetingFactory,
    OutcomeReviewFactory,
    PlanProposalFactory,
    PlanRows,
    SheetEventFactory,
    SheetFactory,
    StaffFactory,
    UserFactory,
    make_plan,
    moment,
)

SignIn = Callable[[User], Client]
State = ProgressSheet.State
OCTOBER = dt.date(2022, 10, 1)


@pytest.fixture(autouse=True)
def in_the_story() -> Any:
    with time_machine.travel("2022-11-08 10:00+09:00", tick=False):
        yield


def close_months_until(grant: Grant, month: dt.date) -> None:
    for closed in month_range(grant.starts_on, month):
        SheetFactory(grant=grant, month=closed, closed=True)


@pytest.fixture
def submitted(grant: Grant, plan: PlanRows) -> ProgressSheet:
    close_months_until(grant, dt.date(2022, 9, 1))
    return SheetFactory(grant=grant, month=OCTOBER, state=State.SUBMITTED, turn_since=moment(2022, 11, 4))


def home_of(client: Client, **query: str) -> Any:
    return client.get(reverse("reports:home"), query)


def row_of(response: Any, grant: Grant) -> Any:
    return next(row for row in response.context["rows"] if row.sheet.grant_id == grant.pk)


def test_a_sheet_that_arrived_is_my_turn(sign_in: SignIn, officer: User, submitted: ProgressSheet) -> None:
    response = home_of(sign_in(officer))
    text = response.content.decode()
    assert "あなたの番が1件あります" in text
    assert "11月4日に届きました（4日前）" in text
    row = row_of(response, submitted.grant)
    assert row.is_mine
    assert row.action.label == "10月のシートを読む"
    assert row.action.url == submitted.get_absolute_url()


def test_rejects_post(sign_in: SignIn, officer: User) -> None:
    assert sign_in(officer).post(reverse("reports:home")).status_code == 405


def test_the_oldest_unfinished_sheet_stands_for_its_grant(
    sign_in: SignIn, officer: User, submitted: ProgressSheet
) -> None:
    home_of(sign_in(officer))
    assert ProgressSheet.objects.filter(grant=submitted.grant, month=dt.date(2022, 11, 1)).exists()  # opened
    rows = home_of(sign_in(officer)).context["rows"]
    assert [row.sheet for row in rows] == [submitted]


def test_opening_on_visit_happens_once(sign_in: SignIn, officer: User, grant: Grant) -> None:
    home_of(sign_in(officer))
    assert ProgressSheet.objects.filter(grant=grant).count() == 20  # 2021-04 to 2022-11
    home_of(sign_in(officer))
    assert ProgressSheet.objects.filter(grant=grant).count() == 20


def test_mine_first_then_who_waits_longest(
    sign_in: SignIn, officer: User, program: Program, submitted: ProgressSheet
) -> None:
    earlier = GrantFactory(program=program, officer=officer)
    returned = SheetFactory(
        grant=earlier, month=dt.date(2021, 4, 1), state=State.RETURNED, turn_since=moment(2022, 9, 1)
    )
    longest = GrantFactory(program=program, officer=officer)
    oldest = SheetFactory(
        grant=longest, month=dt.date(2021, 4, 1), state=State.SUBMITTED, turn_since=moment(2022, 10, 1)
    )
    rows = home_of(sign_in(officer)).context["rows"]
    assert [row.sheet for row in rows] == [oldest, submitted, returned]


def test_a_returned_sheet_tells_its_reason_and_is_the_grantee_s_turn(
    sign_in: SignIn, officer: User, grant: Grant
) -> None:
    sheet = SheetFactory(
        grant=grant, month=dt.date(2021, 4, 1), state=State.RETURNED, turn_since=moment(2022, 11, 7)
    )
    SheetEventFactory(
        sheet=sheet, act="return", to_state=State.RETURNED, reason="古い理由", at=moment(2022, 10, 1)
    )
    SheetEventFactory(
        sheet=sheet, act="return", to_state=State.RETURNED, reason="人数の数え方をそろえたい", at=moment(2022, 11, 7)
    )  # fmt: skip
    response = home_of(sign_in(officer))
    row = row_of(response, grant)
    assert row.since == "11月7日「人数の数え方をそろえたい」"
    assert row.turn == "あおぞらの会の番"
    assert row.action is None
    assert "いま、あなたの番はありません" in response.content.decode()


def test_a_draft_tells_how_far_it_is(sign_in: SignIn, officer: User, grant: Grant, plan: PlanRows) -> None:
    close_months_until(grant, dt.date(2022, 9, 1))
    sheet = SheetFactory(grant=grant, month=OCTOBER)
    FigureFactory(sheet=sheet, indicator=plan.indicators["sum"], value=0)
    FigureFactory(sheet=sheet, indicator=plan.indicators["latest"], value=None, note="まだ")
    row = row_of(home_of(sign_in(officer)), grant)
    assert row.since == "11月10日まで（あと2日）　指標6件のうち1件"


def test_after_the_meeting_closing_waits(
    sign_in: SignIn, officer: User, submitted: ProgressSheet, plan: PlanRows
) -> None:
    MeetingFactory(grant=submitted.grant, held_on=dt.date(2022, 11, 7), sheets=[submitted])
    OutcomeReviewFactory(sheet=submitted, outcome=plan.outcomes[0])
    row = row_of(home_of(sign_in(officer)), submitted.grant)
    assert row.since == "11月7日の面談のあと、確定を待っています"
    assert row.action.label == "②のつながりを書く"
    assert "10月のひとことがまだです" in home_of(sign_in(officer)).content.decode()
    OutcomeReviewFactory(sheet=submitted, outcome=plan.outcomes[1], word=OutcomeReview.Word.UNSPOKEN)
    assert row_of(home_of(sign_in(officer)), submitted.grant).action.label == "10月の確定へ進む"


def test_a_meeting_whose_day_has_come_wants_to_be_recorded(
    sign_in: SignIn, officer: User, submitted: ProgressSheet
) -> None:
    MeetingFactory(grant=submitted.grant, held=False, held_on=dt.date(2022, 11, 8), sheets=[submitted])
    row = row_of(home_of(sign_in(officer)), submitted.grant)
    assert row.action.label == "10月の面談を記録する"
    assert row.action.url == reverse("mentoring:meeting_edit", args=[submitted.pk])


def test_links_tell_the_last_word_or_how_long_nobody_spoke(
    sign_in: SignIn, officer: User, submitted: ProgressSheet, plan: PlanRows
) -> None:
    of = {sheet.month: sheet for sheet in submitted.grant.sheets.all()}
    first, second = plan.outcomes
    OutcomeReviewFactory(sheet=of[dt.date(2022, 9, 1)], outcome=first, word="counter")
    OutcomeReviewFactory(sheet=of[dt.date(2022, 6, 1)], outcome=second, word="seen")
    OutcomeReviewFactory(sheet=of[dt.date(2022, 9, 1)], outcome=second, word="unspoken")
    links = row_of(home_of(sign_in(officer)), submitted.grant).links
    assert [(link.label, link.word, link.stale_months) for link in links] == [
        ("①", "counter", 0),
        ("②", "seen", 4),
    ]
    text = home_of(sign_in(officer)).content.decode()
    assert "逆の兆し 9月" in text
    assert "4か月 未確認" in text


def test_colleagues_grants_are_one_link_away(
    sign_in: SignIn, officer: User, foundation: Foundation, program: Program, submitted: ProgressSheet
) -> None:
    colleague = StaffFactory(foundation=foundation, user=UserFactory(name="森 同僚")).user
    theirs = GrantFactory(program=program, officer=colleague, title="同僚の担当する事業")
    SheetFactory(grant=theirs, month=dt.date(2021, 4, 1), state=State.SUBMITTED)
    own = home_of(sign_in(officer))
    assert "同僚の担当する事業" not in own.content.decode()
    assert "ほかの担当者の助成も見る（1件）" in own.content.decode()
    everybody = home_of(sign_in(officer), whose="all")
    row = row_of(everybody, theirs)
    assert row.turn == "森 同僚さんの番"
    assert not row.is_mine
    assert everybody.context["mine"] == 1


def test_another_foundation_is_not_there(
    sign_in: SignIn, officer: User, submitted: ProgressSheet, stranger_grant: Grant
) -> None:
    SheetFactory(grant=stranger_grant, state=State.SUBMITTED)
    assert "よその土地の事業" not in home_of(sign_in(officer), whose="all").content.decode()


def test_meetings_by_day_and_those_without_one(
    sign_in: SignIn, officer: User, submitted: ProgressSheet
) -> None:
    text = home_of(sign_in(officer)).content.decode()
    assert "日を決める" in text
    MeetingFactory(grant=submitted.grant, held=False, held_on=dt.date(2022, 11, 17), sheets=[submitted])
    response = home_of(sign_in(officer))
    assert "つぎの面談は2022年11月17日（木）、あおぞらの会です。" in response.content.decode()
    assert "10月ぶん" in response.content.decode()
    assert "日を決める" not in response.content.decode()


def test_homework_has_the_own_side_first_and_only_it_can_be_ticked(
    sign_in: SignIn, officer: User, submitted: ProgressSheet
) -> None:
    theirs = ActionItemFactory(sheet=submitted, text="会議録を送る", due_on=dt.date(2022, 11, 1))
    own = ActionItemFactory(
        sheet=submitted, text="ひな形を送る", side=Side.FOUNDATION, due_on=dt.date(2022, 12, 1)
    )
    ActionItemFactory(
        sheet=submitted,
        text="済んだこと",
        side=Side.FOUNDATION,
        done_on=dt.date(2022, 11, 1),
        done_by=officer,
    )
    response = home_of(sign_in(officer))
    assert [item.text for item in response.context["homework"]] == ["ひな形を送る", "会議録を送る"]
    text = response.content.decode()
    assert reverse("mentoring:homework_done", args=[own.pk]) in text
    assert reverse("mentoring:homework_done", args=[theirs.pk]) not in text
    assert "済んだこと" not in text


def test_ticking_comes_back_home(sign_in: SignIn, officer: User, submitted: ProgressSheet) -> None:
    item = ActionItemFactory(sheet=submitted, side=Side.FOUNDATION)
    client = sign_in(officer)
    response = client.post(reverse("mentoring:homework_done", args=[item.pk]), {"next": "/"})
    assert response.url == "/"  # type: ignore[attr-defined]
    item.refresh_from_db()
    assert item.done_on == dt.date(2022, 11, 8)


def test_nothing_in_charge_says_what_to_do(
    sign_in: SignIn, foundation: Foundation, submitted: ProgressSheet
) -> None:
    newcomer = StaffFactory(foundation=foundation).user
    text = home_of(sign_in(newcomer)).content.decode()
    assert "あなたが担当する助成で、待っているシートはありません" in text
    assert "財団のすべての助成を見る" in text


def test_an_empty_foundation_says_what_comes(sign_in: SignIn, officer: User) -> None:
    assert "待っているシートはありません" in home_of(sign_in(officer)).content.decode()


def test_a_change_of_the_plan_waits_for_ones_own_yes(
    sign_in: SignIn, officer: User, submitted: ProgressSheet
) -> None:
    words, client = "合意をお待ちしている、計画の見直し", sign_in(officer)
    proposal = PlanProposalFactory(grant=submitted.grant, state="draft")
    assert words not in home_of(client).content.decode()
    PlanProposal.objects.update(state="open", version=1)
    proposal.agreements.create(
        side=Side.GRANTEE,
        person=proposal.author,
        recorded_by=proposal.author,
        at=moment(2022, 11, 7),
        version=1,
    )
    for version in (0, 1):
        html = home_of(client).content.decode()
        assert words in html
        assert f'href="{proposal.get_absolute_url()}">2022年11月からの見直しの案' in html
        assert "あおぞらの会" in html
        proposal.agreements.create(
            side=Side.FOUNDATION,
            person=proposal.author,
            recorded_by=proposal.author,
            at=moment(2022, 11, 7),
            version=version,
        )
    assert words not in home_of(client).content.decode(), (
        "what is said to an earlier text does not count, to this it does"
    )


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow(
    sign_in: SignIn, officer: User, program: Program, count: int, django_assert_num_queries: Any
) -> None:
    for grant in GrantFactory.create_batch(count, program=program, officer=officer):
        rows = make_plan(grant)
        sheets = [
            SheetFactory(grant=grant, month=m) for m in month_range(grant.starts_on, dt.date(2022, 11, 1))
        ]
        OutcomeReviewFactory(sheet=sheets[0], outcome=rows.outcomes[0])
        MeetingFactory(grant=grant, held=False, held_on=dt.date(2022, 11, 17), sheets=sheets[:2])
        ActionItemFactory(sheet=sheets[0], side=Side.FOUNDATION)
    client = sign_in(officer)
    with django_assert_num_queries(17):
        home_of(client)
