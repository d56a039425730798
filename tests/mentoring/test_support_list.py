"""The support received, a fiscal year at a time."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from grants.models import Grant
from mentoring.models import Intervention, SupportMenuItem
from mentoring.support_record import CategoryTotal, support_record
from tests.factories import InterventionFactory, SupportCategoryFactory, SupportMenuItemFactory

SignIn = Callable[[User], Client]


def url(grant: Grant) -> str:
    return reverse("mentoring:support_list", args=[grant.pk])


@pytest.fixture
def item(grant: Grant) -> SupportMenuItem:
    category = SupportCategoryFactory(foundation=grant.foundation, name="会計・精算", position=1)
    return SupportMenuItemFactory(foundation=grant.foundation, category=category, name="会計の相談")


@pytest.mark.parametrize("who", ["officer", "admin", "adviser", "accountant", "representative", "member"])
def test_works(
    grant: Grant, item: SupportMenuItem, sign_in: SignIn, request: pytest.FixtureRequest, who: str
) -> None:
    InterventionFactory(grant=grant, item=item, minutes=90, content="帳簿をいっしょに見ました。")
    response = sign_in(request.getfixturevalue(who)).get(url(grant))
    assert response.status_code == 200
    page = response.content.decode()
    assert "帳簿をいっしょに見ました。" in page
    assert "2022年10月" in page
    assert ("支援を書く" in page) is (who == "officer")
    assert ("なおす" in page) is (who == "officer")


@pytest.mark.parametrize(
    ("who", "status"),
    [("board", 403), ("other_grantee", 404), ("stranger", 404), ("stranger_admin", 404)],
)
def test_who_is_not_let_in(
    grant: Grant, sign_in: SignIn, request: pytest.FixtureRequest, who: str, status: int
) -> None:
    assert sign_in(request.getfixturevalue(who)).get(url(grant)).status_code == status


def test_rejects_post(grant: Grant, sign_in: SignIn, officer: User) -> None:
    assert sign_in(officer).post(url(grant)).status_code == 405


def test_empty_says_what_to_do_next(
    grant: Grant, sign_in: SignIn, officer: User, representative: User
) -> None:
    page = sign_in(officer).get(url(grant)).content.decode()
    assert "電話1本でも、団体にとっては支援です。日付・やり方・内容の3つだけで残せます。" in page
    assert "はじめの支援を書く" in page
    page = sign_in(representative).get(url(grant)).content.decode()
    assert "ほしい支援があれば、次の面談で話してください。" in page
    assert "支援を書く" not in page


def test_totals_per_category_in_the_order_of_the_list(grant: Grant, item: SupportMenuItem) -> None:
    later = SupportCategoryFactory(foundation=grant.foundation, name="広報・発信", position=2)
    website = SupportMenuItemFactory(foundation=grant.foundation, category=later)
    for made, minutes in ((website, 30), (item, 90), (item, None), (item, 45)):
        InterventionFactory(grant=grant, item=made, minutes=minutes)
    record = support_record(grant)
    assert record.categories == [
        CategoryTotal("会計・精算", times=3, minutes=135, untimed=1),
        CategoryTotal("広報・発信", times=1, minutes=30, untimed=0),
    ]
    assert (record.times, record.minutes) == (4, 165)


def test_a_fiscal_year_at_a_time(grant: Grant, item: SupportMenuItem, sign_in: SignIn, officer: User) -> None:
    for day in (dt.date(2022, 3, 31), dt.date(2022, 4, 1), dt.date(2023, 3, 31), dt.date(2023, 4, 1)):
        InterventionFactory(grant=grant, item=item, on=day, content=f"{day:%Y-%m-%d}のこと")
    client = sign_in(officer)
    page = client.get(url(grant)).content.decode()  # the latest when none is named
    assert "2023-04-01のこと" in page
    assert "2023-03-31のこと" not in page
    page = client.get(url(grant), {"year": "2022"}).content.decode()
    assert "2022-04-01のこと" in page
    assert "2023-03-31のこと" in page
    assert "2022-03-31のこと" not in page
    assert client.get(url(grant), {"year": "1<x"}).status_code == 200


def test_another_grants_support_is_not_shown(
    grant: Grant, other_grant: Grant, sign_in: SignIn, officer: User
) -> None:
    InterventionFactory(grant=other_grant, content="となりの会への支援")
    assert "となりの会への支援" not in sign_in(officer).get(url(grant)).content.decode()


def test_queries_do_not_grow(
    grant: Grant,
    item: SupportMenuItem,
    sign_in: SignIn,
    representative: User,
    django_assert_num_queries: Callable[..., Any],
) -> None:
    client = sign_in(representative)
    InterventionFactory(grant=grant, item=item)
    client.get(url(grant))
    with django_assert_num_queries(QUERIES):
        client.get(url(grant))
    for number in range(3):
        other = SupportMenuItemFactory(foundation=grant.foundation)
        InterventionFactory(grant=grant, item=other, on=dt.date(2022, 11, number + 1))
    with django_assert_num_queries(QUERIES):
        client.get(url(grant))
    assert Intervention.objects.count() == 4


QUERIES = 8
