from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from grants.models import Grant, Program, Purpose
from tests.factories import BudgetLineFactory, GrantFactory, OrganisationFactory

SignIn = Callable[[User], Client]
URL = "/grants/"


def test_lists_the_foundation_s_grants_with_their_amounts(
    sign_in: SignIn, officer: User, grant: Grant, other_grant: Grant
) -> None:
    BudgetLineFactory(grant=grant, purpose=Purpose.DIRECT, granted_yen=14_564_172, own_yen=988_800)
    BudgetLineFactory(grant=grant, purpose=Purpose.ADMINISTRATIVE, granted_yen=2_078_692, own_yen=0)
    BudgetLineFactory(grant=grant, purpose=Purpose.EVALUATION, granted_yen=755_000, own_yen=0)
    text = sign_in(officer).get(URL).content.decode()
    assert "あおぞらの会" in text
    assert "となりの会" in text
    assert "16,642,864円" in text
    assert "988,800円" in text
    assert "755,000円" in text


def test_a_grant_without_a_budget_shows_no_amount(sign_in: SignIn, officer: User, grant: Grant) -> None:
    text = sign_in(officer).get(URL).content.decode()
    assert grant.title in text
    assert ">0円<" not in text


def test_rejects_post(sign_in: SignIn, officer: User) -> None:
    assert sign_in(officer).post(URL).status_code == 405


def test_another_foundation_s_grants_are_not_there(
    sign_in: SignIn, stranger: User, stranger_grant: Grant, grant: Grant
) -> None:
    text = sign_in(stranger).get(URL).content.decode()
    assert "よその土地の事業" in text
    assert grant.title not in text


def test_a_reader_sees_the_chosen_ones_only(
    sign_in: SignIn, adviser: User, grant: Grant, other_grant: Grant
) -> None:
    text = sign_in(adviser).get(URL).content.decode()
    assert "あおぞらの会" in text
    assert "となりの会" not in text


@pytest.mark.parametrize("words", ["ちばのWA", "ちばのｗａ", "チバノＷＡ", "地域 づくり"])
def test_search_folds_width_case_and_kana(
    sign_in: SignIn, officer: User, program: Program, grant: Grant, words: str
) -> None:
    GrantFactory(
        program=program,
        officer=officer,
        title="地域づくり事業",
        organisation=OrganisationFactory(foundation=program.fund.foundation, name="ちばのＷＡ学び舎"),
    )
    text = sign_in(officer).get(URL, {"q": words}).content.decode()
    assert "ちばのＷＡ学び舎" in text
    assert "あおぞらの会" not in text


def test_nothing_found_says_what_to_do(sign_in: SignIn, officer: User, grant: Grant) -> None:
    response = sign_in(officer).get(URL, {"q": "ありえない名前"})
    assert response.status_code == 200
    assert "見つかりませんでした" in response.content.decode()


def test_pages(sign_in: SignIn, officer: User, program: Program) -> None:
    GrantFactory.create_batch(21, program=program, officer=officer)
    assert "2ページのうち1ページ目" in sign_in(officer).get(URL).content.decode()
    second = sign_in(officer).get(URL, {"page": 2})
    assert len(second.context["page"].object_list) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow(
    sign_in: SignIn, officer: User, program: Program, count: int, django_assert_num_queries: Any
) -> None:
    GrantFactory.create_batch(count, program=program, officer=officer)
    client = sign_in(officer)
    with django_assert_num_queries(5):  # session, user, count, rows, hats
        client.get(reverse("grants:list"))


def test_a_whole_page_of_text_finds_nothing_and_breaks_nothing(sign_in: SignIn, officer: User) -> None:
    assert sign_in(officer).get(URL, {"q": "あ" * 60_000}).status_code == 200
