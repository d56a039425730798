"""The budget page, with the numbers of product.md's first grantee."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.months import month_range
from grants.models import Expenditure, Grant, Program, Purpose
from tests.factories import BudgetLineFactory, ExpenditureFactory

SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def in_the_story() -> Any:
    with time_machine.travel("2022-11-08 10:00+09:00", tick=False):
        yield


@pytest.fixture
def budget(grant: Grant) -> None:
    for purpose, item, year, granted, own in (
        (Purpose.DIRECT, "人件費", 2021, 6_000_000, 488_800),
        (Purpose.DIRECT, "人件費", 2022, 5_449_400, 500_000),
        (Purpose.DIRECT, "会場費", 2023, 3_114_772, 0),
        (Purpose.ADMINISTRATIVE, "家賃", 2022, 2_078_692, 0),
        (Purpose.EVALUATION, "評価アドバイザー謝金", 2023, 755_000, 0),
    ):
        BudgetLineFactory(
            grant=grant, purpose=purpose, item=item, fiscal_year=year, granted_yen=granted, own_yen=own
        )


def url_of(grant: Grant) -> str:
    return reverse("grants:budget", args=[grant.pk])


def words_of(response: Any) -> str:
    """The page's text with its tags and white space folded, so that a row reads as a row."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.content.decode()))


def test_a_row_per_purpose_and_their_sum(sign_in: SignIn, officer: User, grant: Grant, budget: None) -> None:
    ExpenditureFactory(grant=grant, month=dt.date(2021, 4, 1), amount_yen=6_356_477)
    ExpenditureFactory(grant=grant, month=dt.date(2022, 10, 1), amount_yen=402_318)
    ExpenditureFactory(
        grant=grant, month=dt.date(2022, 10, 1), purpose=Purpose.ADMINISTRATIVE, amount_yen=1_130_844
    )
    text = words_of(sign_in(officer).get(url_of(grant)))
    assert "直接事業費 14,564,172 988,800 15,552,972 402,318 6,758,795 43.5% 8,794,177 93.6%" in text
    assert "管理的経費 2,078,692 0 2,078,692 1,130,844 1,130,844 54.4% 947,848 100.0%" in text
    assert "事業費 16,642,864 988,800 17,631,664 1,533,162 7,889,639 44.7% 9,742,025 94.4%" in text
    assert "評価関連経費 755,000 0 755,000 未入力 0 0.0% 755,000 100.0%" in text


def test_ceilings_and_own_funds_in_words(sign_in: SignIn, officer: User, grant: Grant, budget: None) -> None:
    text = words_of(sign_in(officer).get(url_of(grant)))
    assert "管理的経費は、事業費の助成額の 12.5%（上限 15%、2,496,429円まで）" in text
    assert "評価関連経費は、事業費の助成額の 4.5%（上限 5%、832,143円まで）" in text
    assert "自己資金は、事業費の 5.6%。めやすの 20%より少なめです。このままでも進められます。" in text


def test_an_exemption_is_said_with_its_note(
    sign_in: SignIn, officer: User, grant: Grant, budget: None
) -> None:
    grant.own_funds_note = "2021年3月の選考会で了解"
    grant.save()
    text = words_of(sign_in(officer).get(url_of(grant)))
    assert "この助成では了解ずみです。2021年3月の選考会で了解" in text
    assert "このままでも進められます" not in text


def test_a_broken_ceiling_names_the_yen_over(
    sign_in: SignIn, officer: User, grant: Grant, budget: None
) -> None:
    Program.objects.update(administrative_ceiling=10)
    text = words_of(sign_in(officer).get(url_of(grant)))
    assert "管理的経費が、上限を 414,406円こえています。" in text  # 2,078,692 − floor(1,664,286.4)


def test_overspending_is_capped_and_the_yen_stand_beside(
    sign_in: SignIn, officer: User, grant: Grant, budget: None
) -> None:
    ExpenditureFactory(
        grant=grant, month=dt.date(2022, 10, 1), purpose=Purpose.ADMINISTRATIVE, amount_yen=2_114_407
    )
    text = words_of(sign_in(officer).get(url_of(grant)))
    assert "2,114,407 2,114,407 100.0% -35,715 計画をこえています 100.0%" in text


def test_month_is_chosen(sign_in: SignIn, officer: User, grant: Grant, budget: None) -> None:
    ExpenditureFactory(grant=grant, month=dt.date(2022, 3, 1), amount_yen=300_000)
    ExpenditureFactory(grant=grant, month=dt.date(2022, 4, 1), amount_yen=70_000)
    text = words_of(sign_in(officer).get(url_of(grant), {"month": "2022-03"}))
    assert "2022年3月まで（12か月め／34か月）" in text
    assert "直接事業費 14,564,172 988,800 15,552,972 300,000 300,000" in text
    assert "2021年度 円 4月から2022年3月まで" in text
    assert "70,000" not in text


@pytest.mark.parametrize("month", ["", "きのう", "2022-13", "2019-04", "2030-01"])
def test_a_month_that_is_none_opens_the_latest_with_spending(
    sign_in: SignIn, officer: User, grant: Grant, budget: None, month: str
) -> None:
    ExpenditureFactory(grant=grant, month=dt.date(2022, 8, 1))
    ExpenditureFactory(grant=grant, month=dt.date(2022, 10, 1), amount_yen=None)
    response = sign_in(officer).get(url_of(grant), {"month": month})
    assert response.context["month"] == dt.date(2022, 8, 1)


def test_the_fiscal_year_stands_alone(sign_in: SignIn, officer: User, grant: Grant, budget: None) -> None:
    ExpenditureFactory(grant=grant, month=dt.date(2022, 3, 1), amount_yen=1_000_000)
    ExpenditureFactory(grant=grant, month=dt.date(2022, 4, 1), amount_yen=594_940)
    text = words_of(sign_in(officer).get(url_of(grant)))
    assert "直接事業費 5,949,400 594,940 10.0% 5,354,460" in text


def test_items_by_fiscal_year(sign_in: SignIn, officer: User, grant: Grant, budget: None) -> None:
    text = words_of(sign_in(officer).get(url_of(grant)))
    assert "費目 2021年度 2022年度 2023年度 計 うち助成金 うち自己資金" in text
    assert "人件費 6,488,800 5,949,400 － 12,438,200 11,449,400 988,800" in text
    assert "会場費 － － 3,114,772 3,114,772 3,114,772 0" in text


def test_months_say_what_is_missing(sign_in: SignIn, officer: User, grant: Grant, budget: None) -> None:
    ExpenditureFactory(grant=grant, month=dt.date(2022, 9, 1), amount_yen=0)
    ExpenditureFactory(
        grant=grant, month=dt.date(2022, 9, 1), purpose=Purpose.ADMINISTRATIVE, amount_yen=73_240
    )
    text = words_of(sign_in(officer).get(url_of(grant), {"month": "2022-09"}))
    assert "2022年9月 0 73,240 73,240 73,240 未入力" in text
    assert "2022年8月 未入力 未入力 未入力 0 未入力" in text


def test_without_a_budget_it_says_what_to_do(sign_in: SignIn, officer: User, grant: Grant) -> None:
    assert "予算はまだ入っていません" in sign_in(officer).get(url_of(grant)).content.decode()


def test_quarters(sign_in: SignIn, officer: User, grant: Grant, budget: None) -> None:
    Program.objects.update(rhythm=Program.Rhythm.QUARTERLY)
    ExpenditureFactory(grant=grant, month=dt.date(2022, 7, 1), amount_yen=300_000)
    response = sign_in(officer).get(url_of(grant))
    assert response.context["months"][0] == dt.date(2022, 10, 1)
    assert "2022年7月〜9月" in words_of(response)


def test_who_may_not(
    sign_in: SignIn, board: User, adviser: User, stranger: User, other_grantee: User, grant: Grant
) -> None:
    assert sign_in(board).get(url_of(grant)).status_code == 403
    assert sign_in(adviser).get(url_of(grant)).status_code == 403
    assert sign_in(stranger).get(url_of(grant)).status_code == 404
    assert sign_in(other_grantee).get(url_of(grant)).status_code == 404


def test_who_may(sign_in: SignIn, accountant: User, member: User, admin: User, grant: Grant) -> None:
    for user in (accountant, member, admin):
        assert sign_in(user).get(url_of(grant)).status_code == 200


def test_rejects_post(sign_in: SignIn, officer: User, grant: Grant) -> None:
    assert sign_in(officer).post(url_of(grant)).status_code == 405


@pytest.mark.parametrize("months", [1, 3])
def test_queries_do_not_grow(
    sign_in: SignIn, officer: User, grant: Grant, months: int, budget: None, django_assert_num_queries: Any
) -> None:
    for month in list(month_range(dt.date(2022, 4, 1), dt.date(2022, 6, 1)))[:months]:
        ExpenditureFactory(grant=grant, month=month)
    assert Expenditure.objects.count() == months
    client = sign_in(officer)
    with django_assert_num_queries(12):
        client.get(url_of(grant))
