"""The page was open so long that the sign-in ran out: what was typed comes back after signing in again."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from mentoring.models import Figure, OutcomeChange, ProgressSheet
from mentoring.views.held import HELD
from tests.factories import PASSWORD, PlanRows, SheetFactory
from tests.mentoring.entry import change, fields_of, figure, open_entry, save

SignIn = Callable[[User], Client]
ENTRY = "/sheets/{}/entry/"


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
