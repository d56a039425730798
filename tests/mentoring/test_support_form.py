"""Writing a support down, and mending it; a closed month is not changed behind its PDF's back."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import JournalEntry, User
from grants.models import Grant
from mentoring.models import Intervention, ProgressSheet, SupportMenuItem
from mentoring.services.support import MonthClosed, SupportContent, add_support, edit_support
from tests.factories import (
    InterventionFactory,
    SheetFactory,
    StaffFactory,
    SupportCategoryFactory,
    SupportMenuItemFactory,
)
from tests.mentoring.browsing import fields_of

pytestmark = pytest.mark.usefixtures("in_november")

SignIn = Callable[[User], Client]


@pytest.fixture
def item(grant: Grant) -> SupportMenuItem:
    category = SupportCategoryFactory(foundation=grant.foundation, name="会計・精算", position=1)
    return SupportMenuItemFactory(foundation=grant.foundation, category=category, name="会計の相談")


@pytest.fixture
def support(grant: Grant, item: SupportMenuItem) -> Intervention:
    return InterventionFactory(grant=grant, item=item)


@pytest.fixture
def client(officer: User, sign_in: SignIn) -> Client:
    return sign_in(officer)


def new_url(grant: Grant) -> str:
    return reverse("mentoring:support_new", args=[grant.pk])


def three(item: SupportMenuItem, officer: User, **changes: Any) -> dict[str, Any]:
    """What is asked for; the rest of the page is filled in beforehand."""
    return {
        "on": "２０２２年１１月１０日",
        "item": item.pk,
        "method": "phone",
        "content": "電話で帳簿のことを話しました。",
        "given_by": officer.pk,
        "reach": "under_way",
        **changes,
    }


# --- new -----------------------------------------------------------------------------------------------------


def test_three_fields_are_enough(client: Client, grant: Grant, item: SupportMenuItem, officer: User) -> None:
    page = fields_of(client.get(new_url(grant)))
    assert page["on"] == ["2022年11月20日"]
    page |= {"item": [item.pk], "method": ["phone"], "content": ["電話で話しました。"]}
    response = client.post(new_url(grant), page)
    assert response.status_code == 302
    assert response.url == reverse("mentoring:support_list", args=[grant.pk])
    support = Intervention.objects.get()
    assert (support.on, support.given_by, support.minutes) == (dt.date(2022, 11, 20), officer, None)
    assert support.grant == grant
    assert JournalEntry.objects.get().verb == "support.add"
    assert support.history.get().history_user == officer


def test_everything_is_kept(client: Client, grant: Grant, item: SupportMenuItem, officer: User) -> None:
    typed = three(
        item, officer, minutes="９０分", with_whom="税理士", result="手順が決まった", reach="mostly"
    )
    client.post(new_url(grant), typed)
    support = Intervention.objects.get()
    assert (support.on, support.minutes, support.with_whom, support.result, support.reach) == (
        dt.date(2022, 11, 10),
        90,
        "税理士",
        "手順が決まった",
        "mostly",
    )


@pytest.mark.parametrize(
    ("next_url", "expected"),
    [("/sheets/7/meeting/#support", "/sheets/7/meeting/#support"), ("https://evil.example/", None)],
)
def test_returns_to_where_it_was_asked(
    client: Client, grant: Grant, item: SupportMenuItem, officer: User, next_url: str, expected: str | None
) -> None:
    page = client.get(new_url(grant), {"next": next_url})
    assert fields_of(page).get("next") == ([expected] if expected else None)
    response = client.post(new_url(grant), three(item, officer, next=next_url))
    assert response.url == (expected or reverse("mentoring:support_list", args=[grant.pk]))


def test_from_a_month_that_is_over_the_day_is_asked(client: Client, grant: Grant, other_grant: Grant) -> None:
    october, november = (SheetFactory(grant=grant, month=dt.date(2022, month, 1)) for month in (10, 11))
    page = client.get(new_url(grant), {"sheet": october.pk})
    assert fields_of(page)["on"] == [""]
    assert "2022年10月の日付にすると、そのシートに載ります。例: 2022年10月31日" in page.content.decode()
    assert fields_of(client.get(new_url(grant), {"sheet": november.pk}))["on"] == ["2022年11月20日"]
    for elsewhere in (SheetFactory(grant=other_grant).pk, "nonsense", "²"):
        page = client.get(new_url(grant), {"sheet": elsewhere})
        assert fields_of(page)["on"] == ["2022年11月20日"]


def test_everything_wrong_is_told_at_once_and_nothing_typed_is_lost(client: Client, grant: Grant) -> None:
    typed = {"on": "先週の木曜", "minutes": "一時間くらい", "result": "書きかけの結果", "with_whom": "税理士"}
    response = client.post(new_url(grant), typed)
    assert response.status_code == 422
    page = response.content.decode()
    for text in ("「先週の木曜」を日付として読めませんでした", "「一時間くらい」を数として読めませんでした"):
        assert text in page
    assert "7か所を直すと進めます。" in page
    again = fields_of(response)
    assert {name: again[name] for name in typed} == {name: [text] for name, text in typed.items()}
    assert not Intervention.objects.exists()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"on": "2022-11-21"}, "まだ来ていない日です。"),
        ({"minutes": "0"}, "1以上の数を入れてください。"),
        ({"minutes": "1.5"}, "小数点のない数を入れてください。"),
        ({"content": "　 "}, "内容"),
        ({"method": "dance"}, "やり方"),
    ],
)
def test_bad_input(
    client: Client,
    grant: Grant,
    item: SupportMenuItem,
    officer: User,
    changes: dict[str, str],
    message: str,
) -> None:
    response = client.post(new_url(grant), three(item, officer, **changes))
    assert response.status_code == 422
    assert message in response.content.decode()
    assert not Intervention.objects.exists()


def test_the_menu_is_grouped_and_holds_what_is_offered(
    client: Client, grant: Grant, item: SupportMenuItem, stranger_grant: Grant
) -> None:
    SupportMenuItemFactory(
        foundation=grant.foundation, category=item.category, name="やめた支援", is_offered=False
    )
    SupportMenuItemFactory(foundation=stranger_grant.foundation, name="よその支援")
    page = client.get(new_url(grant)).content.decode()
    assert '<optgroup label="会計・精算">' in page
    assert "会計の相談" in page
    assert "やめた支援" not in page
    assert "よその支援" not in page


def test_neither_item_nor_giver_comes_from_elsewhere(
    client: Client, grant: Grant, item: SupportMenuItem, officer: User, stranger: User, stranger_grant: Grant
) -> None:
    elsewhere = SupportMenuItemFactory(foundation=stranger_grant.foundation)
    for changes in ({"item": elsewhere.pk}, {"given_by": stranger.pk}):
        assert client.post(new_url(grant), three(item, officer) | changes).status_code == 422
    assert not Intervention.objects.exists()


# --- edit ----------------------------------------------------------------------------------------------------


def test_mends_what_changed(client: Client, support: Intervention, officer: User) -> None:
    page = fields_of(client.get(support.get_absolute_url()))
    response = client.post(support.get_absolute_url(), page | {"content": ["言い直した内容"]})
    assert response.status_code == 302
    support.refresh_from_db()
    assert support.content == "言い直した内容"
    assert JournalEntry.objects.get().details == {"fields": ["content"]}
    client.post(support.get_absolute_url(), fields_of(client.get(support.get_absolute_url())))
    assert JournalEntry.objects.count() == 1  # nothing changed, nothing recorded


def test_keeps_an_item_that_is_no_longer_offered_and_a_giver_who_left(
    client: Client, support: Intervention
) -> None:
    SupportMenuItem.objects.update(is_offered=False)
    gone = StaffFactory(foundation=support.grant.foundation, ends_on=dt.date(2022, 10, 31)).user
    Intervention.objects.update(given_by=gone)
    page = fields_of(client.get(support.get_absolute_url()))
    assert client.post(support.get_absolute_url(), page).status_code == 302
    support.refresh_from_db()
    assert support.given_by == gone


# --- closed months -------------------------------------------------------------------------------------------


def test_nothing_is_added_to_a_closed_month(
    client: Client, grant: Grant, item: SupportMenuItem, officer: User
) -> None:
    SheetFactory(grant=grant, closed=True)
    response = client.post(new_url(grant), three(item, officer, on="2022-10-31"))
    assert response.status_code == 422
    assert "先に2022年10月のシートを再開してください。" in response.content.decode()
    assert not Intervention.objects.exists()
    assert client.post(new_url(grant), three(item, officer, on="2022-11-01")).status_code == 302


def test_nothing_is_added_to_a_closed_quarter(
    client: Client, grant: Grant, item: SupportMenuItem, officer: User
) -> None:
    SheetFactory(grant=grant, month=dt.date(2022, 7, 1), months=3, closed=True)
    assert client.post(new_url(grant), three(item, officer, on="2022-09-30")).status_code == 422
    assert client.post(new_url(grant), three(item, officer, on="2022-10-01")).status_code == 302


def test_a_closed_months_support_is_read_and_not_mended(client: Client, support: Intervention) -> None:
    page = fields_of(client.get(support.get_absolute_url()))
    sheet = SheetFactory(grant=support.grant, closed=True)
    response = client.get(support.get_absolute_url())
    assert response.status_code == 200
    assert sheet.get_absolute_url() in response.content.decode()
    assert "content" not in fields_of(response)

    response = client.post(support.get_absolute_url(), page | {"content": ["こっそり"]})
    assert response.status_code == 409
    support.refresh_from_db()
    assert support.content == "帳簿の付け方をいっしょに確かめました。"


def test_a_support_is_not_moved_into_a_closed_month(client: Client, support: Intervention) -> None:
    SheetFactory(grant=support.grant, month=dt.date(2022, 9, 1), closed=True)
    page = fields_of(client.get(support.get_absolute_url()))
    assert client.post(support.get_absolute_url(), page | {"on": ["2022-09-15"]}).status_code == 422
    support.refresh_from_db()
    assert support.on == dt.date(2022, 10, 12)


def test_the_service_refuses_by_itself(grant: Grant, support: Intervention, officer: User) -> None:
    """The form asks beforehand; the service asks again under the lock."""
    sheet = SheetFactory(grant=grant, closed=True)
    content = SupportContent(
        item=support.item,
        on=dt.date(2022, 10, 12),
        method="phone",
        given_by=officer,
        with_whom="",
        minutes=None,
        content="こっそり",
        result="",
        reach="reached",
    )
    with pytest.raises(MonthClosed) as refused:
        add_support(grant=grant, content=content, by=officer)
    assert refused.value.sheet == sheet
    with pytest.raises(MonthClosed):
        edit_support(support=support, content=content, by=officer)
    ProgressSheet.objects.update(state="reopened")
    edit_support(support=support, content=content, by=officer)
    support.refresh_from_db()
    assert support.content == "こっそり"


# --- who -----------------------------------------------------------------------------------------------------

OTHERS = [
    ("admin", 403, 403),
    ("adviser", 403, 403),
    ("accountant", 403, 403),
    ("representative", 403, 403),
    ("member", 403, 403),
    ("board", 403, 404),
    ("other_grantee", 404, 404),
    ("stranger", 404, 404),
    ("stranger_admin", 404, 404),
]


@pytest.mark.parametrize(("who", "on_new", "on_edit"), OTHERS)
def test_only_officers_write(
    support: Intervention,
    item: SupportMenuItem,
    officer: User,
    sign_in: SignIn,
    request: pytest.FixtureRequest,
    who: str,
    on_new: int,
    on_edit: int,
) -> None:
    person = sign_in(request.getfixturevalue(who))

    def statuses(url: str) -> set[int]:
        answers: list[HttpResponse] = [person.get(url), person.post(url, three(item, officer))]
        return {answer.status_code for answer in answers}

    assert statuses(new_url(support.grant)) == {on_new}
    assert statuses(support.get_absolute_url()) == {on_edit}
    assert Intervention.objects.count() == 1


def test_pressing_twice_makes_one_support(
    client: Client, grant: Grant, item: SupportMenuItem, officer: User
) -> None:
    fields = {**fields_of(client.get(new_url(grant))), **three(item, officer)}
    assert [client.post(new_url(grant), fields).status_code for _press in range(2)] == [302, 302]
    assert Intervention.objects.count() == 1


def test_what_another_person_mended_is_shown_before_it_gives_way(
    client: Client, support: Intervention
) -> None:
    page = support.get_absolute_url()
    mine, theirs = (
        {**fields_of(client.get(page)), "content": words} for words in ("わたしの文", "ほかの人の文")
    )
    assert client.post(page, theirs).status_code == 302
    response = client.post(page, mine)
    assert response.status_code == 422
    assert "ほかの人の文" in response.content.decode()
    support.refresh_from_db()
    assert support.content == "ほかの人の文"
    assert client.post(page, fields_of(response)).status_code == 302
    support.refresh_from_db()
    assert support.content == "わたしの文"
