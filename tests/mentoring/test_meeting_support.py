"""A support is written down in the meeting itself, with the rest of the page, and whatever was typed stays."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import JournalEntry, User
from grants.models import Grant
from mentoring.models import FieldNote, Intervention, ProgressSheet, SupportMenuItem
from tests.factories import (
    MeetingFactory,
    PlanRows,
    SheetFactory,
    StaffFactory,
    SupportCategoryFactory,
    SupportMenuItemFactory,
)
from tests.mentoring.browsing import fields_of

pytestmark = pytest.mark.usefixtures("in_november")

SignIn = Callable[[User], Client]


@pytest.fixture
def sheet(plan: PlanRows) -> ProgressSheet:
    sheet: ProgressSheet = SheetFactory(grant=plan.grant, state=ProgressSheet.State.SUBMITTED)
    MeetingFactory(grant=plan.grant, sheets=[sheet], held_on=dt.date(2022, 11, 15))
    return sheet


@pytest.fixture
def item(grant: Grant) -> SupportMenuItem:
    category = SupportCategoryFactory(foundation=grant.foundation, name="会計・精算", position=1)
    made: SupportMenuItem = SupportMenuItemFactory(
        foundation=grant.foundation, category=category, name="会計の相談"
    )
    return made


@pytest.fixture
def client(officer: User, sign_in: SignIn) -> Client:
    return sign_in(officer)


def url(sheet: ProgressSheet, name: str = "edit") -> str:
    return reverse(f"mentoring:meeting_{name}", args=[sheet.pk])


def support_of(item: SupportMenuItem, **changes: Any) -> dict[str, Any]:
    typed = {"on": "10/28", "method": "phone", "item": item.pk, "content": "帳簿のことを話しました。"}
    return {f"support-{name}": value for name, value in {**typed, **changes}.items()}


def press(client: Client, sheet: ProgressSheet, typed: dict[str, Any], name: str = "edit") -> HttpResponse:
    return client.post(url(sheet, name), {**fields_of(client.get(url(sheet))), **typed})


def told(client: Client, response: HttpResponse) -> str:
    assert response.status_code == 302, response.content.decode()
    return client.get(response.url.partition("#")[0]).content.decode()  # type: ignore[attr-defined]


# --- works -----------------------------------------------------------------------------------------------------


def test_a_support_is_written_down_with_the_page(
    client: Client, sheet: ProgressSheet, item: SupportMenuItem, officer: User
) -> None:
    typed = support_of(item, minutes="９０") | {"note-shared": "話しながら"}
    page = told(client, press(client, sheet, typed))
    assert "支援を残しました。" in page
    assert "帳簿のことを話しました。" in page  # in the list of the month
    support = Intervention.objects.get()
    assert (support.on, support.method, support.item) == (dt.date(2022, 10, 28), "phone", item)
    assert (support.minutes, support.given_by, support.reach) == (90, officer, "under_way")
    assert (support.with_whom, support.result) == ("", "")
    assert support.history.get().history_user == officer
    assert FieldNote.objects.get().text == "話しながら"
    assert {entry.verb for entry in JournalEntry.objects.all()} == {"meeting.save", "support.add"}
    assert fields_of(client.get(url(sheet)))["support-content"] == [""]  # ready for the next


def test_pressing_twice_makes_one(client: Client, sheet: ProgressSheet, item: SupportMenuItem) -> None:
    fields = {**fields_of(client.get(url(sheet))), **support_of(item)}
    assert [client.post(url(sheet), fields).status_code for _press in range(2)] == [302, 302]
    assert Intervention.objects.count() == 1


def test_nothing_is_asked_of_who_began_nothing(client: Client, sheet: ProgressSheet) -> None:
    changed_day = {"support-on": "2022年11月1日", "support-content": "  "}
    assert "支援を残しました。" not in told(client, press(client, sheet, changed_day))
    assert not Intervention.objects.exists()


@pytest.mark.parametrize("name", ["edit", "aside"])
def test_every_button_that_sends_the_page_writes_it_down(
    client: Client, sheet: ProgressSheet, item: SupportMenuItem, name: str
) -> None:
    assert press(client, sheet, support_of(item), name).status_code == 302
    assert Intervention.objects.count() == 1


def test_the_day_of_the_meeting_belongs_to_the_month_it_lies_in(
    client: Client, sheet: ProgressSheet, item: SupportMenuItem
) -> None:
    fields = fields_of(client.get(url(sheet)))
    assert fields["support-on"] == ["2022年11月15日"]
    typed = {key: value for key, value in support_of(item).items() if key != "support-on"}
    page = told(client, client.post(url(sheet), {**fields, **typed}))
    assert "支援を残しました。2022年11月15日の支援なので、2022年11月のシートに載ります。" in page
    assert Intervention.objects.get().on == dt.date(2022, 11, 15)


@pytest.mark.parametrize(
    ("month", "held_on", "day"),
    [
        (dt.date(2022, 10, 1), dt.date(2022, 11, 22), ""),  # to come; the month is over
        (dt.date(2022, 11, 1), dt.date(2022, 11, 22), "2022年11月20日"),  # today
        (dt.date(2022, 11, 1), None, "2022年11月20日"),
        (dt.date(2022, 9, 1), None, ""),
    ],
)
def test_the_day_that_stands_there_beforehand(
    client: Client, plan: PlanRows, month: dt.date, held_on: dt.date | None, day: str
) -> None:
    sheet = SheetFactory(grant=plan.grant, month=month)
    if held_on:
        MeetingFactory(grant=plan.grant, sheets=[sheet], held_on=held_on, held=False)
    assert fields_of(client.get(url(sheet)))["support-on"] == [day]


# --- details, and doubts -------------------------------------------------------------------------------------------


def test_details_are_written_on_its_own_page(
    client: Client, sheet: ProgressSheet, item: SupportMenuItem
) -> None:
    response = press(client, sheet, support_of(item), "support")
    support = Intervention.objects.get()
    assert response.status_code == 302
    edit = reverse("mentoring:support_edit", args=[support.pk])
    assert response.url == f"{edit}?next=%2Fsheets%2F{sheet.pk}%2Fmeeting%2F%23support"  # type: ignore[attr-defined]
    page = fields_of(client.get(response.url))  # type: ignore[attr-defined]
    assert page["content"] == ["帳簿のことを話しました。"]


def test_what_reads_like_a_name_is_kept_and_shown_once(
    client: Client, sheet: ProgressSheet, item: SupportMenuItem
) -> None:
    response = press(client, sheet, support_of(item, content="けんたくんの書類を見た"))
    support = Intervention.objects.get()
    assert support.content == "けんたくんの書類を見た"
    assert f"/support/{support.pk}/edit/" in response.url  # type: ignore[attr-defined]
    assert "「けんたくん」" in told(client, response)


# --- wrong, and nothing lost ------------------------------------------------------------------------------------------


def test_everything_wrong_is_told_at_once_and_all_that_was_typed_stays(
    client: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    first = f"outcome-{plan.outcomes[0].pk}"
    typed = {
        "support-on": "いつか",
        "support-content": "電話で話した",
        "support-minutes": "1.5",
        f"{first}-sentence": "ことばはまだ",
        "note-shared": "メモ",
    }
    response = press(client, sheet, typed)
    assert response.status_code == 422
    page = response.content.decode()
    anchors = ["support-on", "support-method", "support-item", "support-minutes", f"{first}-word_0"]
    assert all(f'href="#id_{anchor}"' in page for anchor in anchors)
    assert "5か所を直すと保存できます。" in page
    fields = fields_of(response)
    assert {name: fields[name] for name in typed} == {name: [text] for name, text in typed.items()}
    assert not Intervention.objects.exists()
    assert not FieldNote.objects.exists()


def test_a_day_in_a_closed_month_is_refused_with_the_way_out(
    client: Client, sheet: ProgressSheet, item: SupportMenuItem
) -> None:
    SheetFactory(grant=sheet.grant, month=dt.date(2022, 9, 1), closed=True)
    response = press(client, sheet, support_of(item, on="2022-09-30") | {"note-shared": "メモ"})
    assert response.status_code == 422
    assert "先に2022年9月のシートを再開してください。" in response.content.decode()
    again = fields_of(response)
    assert client.post(url(sheet), {**again, "support-on": "2022-10-01"}).status_code == 302
    assert Intervention.objects.get().on == dt.date(2022, 10, 1)
    assert FieldNote.objects.get().text == "メモ"


def test_a_month_that_closed_meanwhile_gives_it_back(
    client: Client, sheet: ProgressSheet, item: SupportMenuItem, officer: User
) -> None:
    fields = {**fields_of(client.get(url(sheet))), **support_of(item, on="2022-11-10")}
    ProgressSheet.objects.filter(pk=sheet.pk).update(
        state="closed", closed_at=sheet.turn_since, closed_by=officer
    )
    response = client.post(url(sheet), fields)
    assert response.status_code == 409
    assert fields_of(response)["support-content"] == ["帳簿のことを話しました。"]
    assert not Intervention.objects.exists()


def test_a_page_of_more_homework_rows_keeps_it(
    client: Client, sheet: ProgressSheet, item: SupportMenuItem
) -> None:
    response = press(client, sheet, support_of(item, on="2022-10-05"), "rows")
    assert fields_of(response)["support-on"] == ["2022-10-05"]
    assert fields_of(response)["support-content"] == ["帳簿のことを話しました。"]
    assert not Intervention.objects.exists()


def test_who_was_signed_out_finds_it_again(
    client: Client, sheet: ProgressSheet, item: SupportMenuItem, officer: User
) -> None:
    fields = {**fields_of(client.get(url(sheet))), **support_of(item)}
    client.logout()
    assert client.post(url(sheet), fields).status_code == 302
    client.force_login(officer)
    page = client.get(url(sheet))
    assert fields_of(page)["support-content"] == ["帳簿のことを話しました。"]
    assert client.post(url(sheet), fields_of(page)).status_code == 302
    assert Intervention.objects.count() == 1


# --- a shared screen -----------------------------------------------------------------------------------------------------


def test_only_what_both_sides_may_see_is_asked_for(
    client: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    StaffFactory(foundation=plan.grant.foundation, user__name="田辺 修")
    fields = fields_of(client.get(url(sheet)))
    asked = {name for name in fields if name.startswith("support-")}
    assert asked == {f"support-{name}" for name in ("on", "method", "item", "content", "minutes")}


def test_the_menu_of_another_foundation_is_refused(client: Client, sheet: ProgressSheet) -> None:
    response = press(client, sheet, support_of(SupportMenuItemFactory()))
    assert response.status_code == 422
    assert not Intervention.objects.exists()
