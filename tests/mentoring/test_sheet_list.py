"""A grant's sheets, newest first."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from core.months import add_months
from grants.models import Grant
from mentoring.models import ProgressSheet
from tests.factories import SheetDocumentFactory, SheetFactory, moment

SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def november() -> Any:
    with time_machine.travel(moment(2022, 11, 6), tick=False):
        yield


def test_opens_what_has_begun_and_shows_the_newest_first(
    sign_in: SignIn, grant: Grant, representative: User
) -> None:
    response = sign_in(representative).get(f"/grants/{grant.pk}/sheets/")
    assert ProgressSheet.objects.filter(grant=grant).count() == 20  # 2021-04 to 2022-11
    html = response.content.decode()
    assert (
        html.index("2022年11月のシート") < html.index("2022年10月のシート") < html.index("2022年9月のシート")
    )
    assert "2022年11月10日（木）まで、あと4日" in html
    assert "2022年10月10日の予定でした。ご入力をお待ちしています" in html
    assert "あなたの番" in html
    sign_in(representative).get(f"/grants/{grant.pk}/sheets/")
    assert ProgressSheet.objects.filter(grant=grant).count() == 20


def test_says_whose_turn_it_is_to_the_other_side(sign_in: SignIn, grant: Grant, officer: User) -> None:
    html = sign_in(officer).get(f"/grants/{grant.pk}/sheets/").content.decode()
    assert "あおぞらの会の番" in html
    assert "あなたの番" not in html


def test_links_the_stored_pdfs(sign_in: SignIn, grant: Grant, officer: User) -> None:
    document = SheetDocumentFactory(sheet=SheetFactory(grant=grant, closed=True))
    html = sign_in(officer).get(f"/grants/{grant.pk}/sheets/").content.decode()
    assert document.get_absolute_url() in html


def test_the_board_sees_closed_sheets_only(sign_in: SignIn, grant: Grant, board: User) -> None:
    closed = SheetFactory(grant=grant, closed=True)
    draft = SheetFactory(grant=grant, month=closed.month.replace(month=9))
    html = sign_in(board).get(f"/grants/{grant.pk}/sheets/").content.decode()
    assert closed.get_absolute_url() in html
    assert f'href="{draft.get_absolute_url()}"' not in html
    assert "確定した日" in html
    assert "だれの番" not in html
    assert "締め切り" not in html


@pytest.mark.parametrize("who", ["stranger", "stranger_admin", "other_grantee"])
def test_stranger_gets_404(request: pytest.FixtureRequest, sign_in: SignIn, grant: Grant, who: str) -> None:
    assert sign_in(request.getfixturevalue(who)).get(f"/grants/{grant.pk}/sheets/").status_code == 404
    assert not ProgressSheet.objects.exists()


def test_pages(sign_in: SignIn, grant: Grant, officer: User) -> None:
    with time_machine.travel(moment(2023, 12, 1), tick=False):
        client = sign_in(officer)
        first = client.get(f"/grants/{grant.pk}/sheets/").content.decode()
        second = client.get(f"/grants/{grant.pk}/sheets/?page=2").content.decode()
    assert "2ページのうち1ページ目" in first
    assert "2021年4月のシート" not in first
    assert "2021年4月のシート" in second


@pytest.mark.parametrize("closed", [1, 3])
def test_queries(
    sign_in: SignIn,
    grant: Grant,
    officer: User,
    closed: int,
    django_assert_num_queries: Callable[[int], AbstractContextManager[Any]],
) -> None:
    client = sign_in(officer)
    for index in range(closed):
        sheet = SheetFactory(grant=grant, month=add_months(grant.starts_on, index), closed=True)
        SheetDocumentFactory(sheet=sheet)
    client.get(f"/grants/{grant.pk}/sheets/")
    with django_assert_num_queries(11):
        client.get(f"/grants/{grant.pk}/sheets/")


def test_rejects_post(sign_in: SignIn, grant: Grant, officer: User) -> None:
    assert sign_in(officer).post(f"/grants/{grant.pk}/sheets/").status_code == 405
