"""The page was open so long that the sign-in ran out: what was typed comes back after signing in again."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from core import clock
from mentoring.models import FieldNote, Figure, OutcomeChange, ProgressSheet
from mentoring.views.held import HELD, HELD_MEETING
from tests.factories import PASSWORD, PlanRows, SheetFactory
from tests.mentoring.browsing import fields_of as meeting_fields
from tests.mentoring.entry import change, fields_of, figure, open_entry, save

SignIn = Callable[[User], Client]
ENTRY = "/sheets/{}/entry/"
MEETING = "/sheets/{}/meeting/"


@pytest.fixture
def sheet(plan: PlanRows) -> ProgressSheet:
    return SheetFactory(grant=plan.grant)


@pytest.mark.parametrize("address", ["entry", "submit"])
def test_what_was_typed_comes_back(
    sign_in: SignIn, sheet: ProgressSheet, plan: PlanRows, representative: User, address: str
) -> None:
    fields = {
        **open_entry(sign_in(representative), sheet),
        change(plan): "長い文",
        figure(plan, "sum"): "１２人くらい",
    }
    client = Client()  # the session is gone
    response = client.post(f"/sheets/{sheet.pk}/{address}/", fields)
    entry = ENTRY.format(sheet.pk)
    assert response["Location"] == f"/accounts/login/?next={entry}"
    assert not OutcomeChange.objects.exists()
    response = client.post(
        f"/accounts/login/?next={entry}", {"login": representative.email, "password": PASSWORD}
    )
    assert response["Location"] == entry
    response = client.get(entry)
    assert response.status_code == 200
    html = response.content.decode()
    assert "まだ保存していません" in html
    again = fields_of(response)
    assert (again[change(plan)], again[figure(plan, "sum")]) == ("長い文", "１２人くらい")
    assert save(client, sheet, {**again, figure(plan, "sum"): "12"}).status_code == 302
    assert OutcomeChange.objects.get().text == "長い文"
    assert Figure.objects.get().value == 12
    assert HELD not in client.session
    assert "まだ保存していません" not in client.get(entry).content.decode()


def test_somebody_without_a_right_to_the_sheet_does_not_see_it(
    sign_in: SignIn, sheet: ProgressSheet, plan: PlanRows, representative: User, other_grantee: User
) -> None:
    fields = {**open_entry(sign_in(representative), sheet), change(plan): "長い文"}
    client = Client()
    client.post(ENTRY.format(sheet.pk), fields)
    client.force_login(other_grantee)
    assert client.get(ENTRY.format(sheet.pk)).status_code == 404


def test_only_pages_of_ours_are_kept(sheet: ProgressSheet, plan: PlanRows) -> None:
    client = Client()
    for seen in ("", "made-up"):
        client.post(ENTRY.format(sheet.pk), {"seen": seen, change(plan): "x" * 1000})
    assert HELD not in client.session


def test_a_signature_of_another_sheet_is_not_kept(
    sign_in: SignIn, sheet: ProgressSheet, plan: PlanRows, representative: User
) -> None:
    other = SheetFactory(grant=plan.grant, month=sheet.month.replace(month=9))
    fields = open_entry(sign_in(representative), other)
    client = Client()
    client.post(ENTRY.format(sheet.pk), fields)
    assert HELD not in client.session


def test_reading_asks_for_sign_in_like_every_page(sheet: ProgressSheet) -> None:
    entry = ENTRY.format(sheet.pk)
    assert Client().get(entry)["Location"] == f"/accounts/login/?next={entry}"


def test_what_was_typed_is_given_back_when_the_sheet_was_handed_in_meanwhile(
    sign_in: SignIn, sheet: ProgressSheet, plan: PlanRows, representative: User
) -> None:
    fields = {**open_entry(sign_in(representative), sheet), change(plan): "長い文"}
    client = Client()
    client.post(ENTRY.format(sheet.pk), fields)
    ProgressSheet.objects.update(state=ProgressSheet.State.SUBMITTED)
    client.force_login(representative)
    response = client.get(ENTRY.format(sheet.pk))
    assert (response.status_code, "長い文" in response.content.decode()) == (409, True)


@pytest.mark.parametrize("address", ["", "check/", "support/", "rows/", "aside/"])
def test_a_meeting_comes_back_too(sign_in: SignIn, sheet: ProgressSheet, officer: User, address: str) -> None:
    page = MEETING.format(sheet.pk)
    fields = {**meeting_fields(sign_in(officer).get(page)), "note-shared": "長い話"}
    client = Client()
    assert client.post(page + address, fields)["Location"] == f"/accounts/login/?next={page}"
    client.force_login(officer)
    response = client.get(page)
    assert "まだ保存していません" in response.content.decode()
    again = meeting_fields(response)
    assert again["note-shared"] == ["長い話"]
    assert client.post(page, again).status_code == 302
    assert FieldNote.objects.get().text == "長い話"
    assert "まだ保存していません" not in client.get(page).content.decode()


def test_a_meeting_is_given_back_when_its_month_was_closed_meanwhile(
    sign_in: SignIn, sheet: ProgressSheet, officer: User
) -> None:
    page = MEETING.format(sheet.pk)
    fields = {**meeting_fields(sign_in(officer).get(page)), "note-shared": "長い話"}
    client = Client()
    client.post(page, fields)
    ProgressSheet.objects.update(state=ProgressSheet.State.CLOSED, closed_at=clock.now(), closed_by=officer)
    client.force_login(officer)
    response = client.get(page)
    assert (response.status_code, "長い話" in response.content.decode()) == (409, True)


def test_a_meeting_is_kept_for_its_own_sheet_only(
    sign_in: SignIn, sheet: ProgressSheet, officer: User, representative: User
) -> None:
    page = MEETING.format(sheet.pk)
    fields = {**meeting_fields(sign_in(officer).get(page)), "note-shared": "長い話"}
    client = Client()
    for seen in ("", "made-up"):
        client.post(page, {**fields, "seen": seen})
    client.post(MEETING.format(sheet.pk + 1), fields)
    assert HELD_MEETING not in client.session
    client.post(page, fields)
    client.force_login(representative)
    assert client.get(page).status_code == 403
