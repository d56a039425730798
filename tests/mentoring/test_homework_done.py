from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import JournalEntry, User
from mentoring.models import ActionItem
from tests.factories import ActionItemFactory, SheetFactory

SignIn = Callable[[User], Client]


@pytest.fixture
def item(grant) -> ActionItem:
    """Given in a month that is closed by now: ticking it off still works."""
    return ActionItemFactory(sheet=SheetFactory(grant=grant, closed=True))


def url(item: ActionItem, act: str = "done") -> str:
    return reverse(f"mentoring:homework_{act}", args=[item.pk])


@pytest.mark.parametrize("who", ["officer", "representative", "member"])
def test_both_sides_tick(item: ActionItem, sign_in: SignIn, request: pytest.FixtureRequest, who: str) -> None:
    person = request.getfixturevalue(who)
    response = sign_in(person).post(url(item), {"next": "/grants/"})
    assert response.status_code == 302
    assert response.url == "/grants/"
    item.refresh_from_db()
    assert item.done_by == person
    assert item.done_on is not None
    assert JournalEntry.objects.about(item).get().verb == "homework.ticked"


def test_ticking_twice_keeps_the_first_person(
    item: ActionItem, sign_in: SignIn, officer: User, member: User
) -> None:
    sign_in(member).post(url(item), {"next": "/"})
    sign_in(officer).post(url(item), {"next": "/"})
    item.refresh_from_db()
    assert item.done_by == member
    assert JournalEntry.objects.about(item).count() == 1


def test_unticks(item: ActionItem, sign_in: SignIn, officer: User) -> None:
    sign_in(officer).post(url(item), {"next": "/"})
    sign_in(officer).post(url(item, "undone"), {"next": "/"})
    item.refresh_from_db()
    assert item.done_on is None
    assert item.done_by is None
    assert item.history.count() == 3


@pytest.mark.parametrize("next_url", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_never_leads_out_of_the_house(
    item: ActionItem, sign_in: SignIn, officer: User, next_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mentoring.models.ProgressSheet.get_absolute_url", lambda self: "/sheet/")
    response = sign_in(officer).post(url(item), {"next": next_url})
    assert response.url == "/sheet/"


@pytest.mark.parametrize("act", ["done", "undone"])
def test_rejects_get(item: ActionItem, sign_in: SignIn, officer: User, act: str) -> None:
    assert sign_in(officer).get(url(item, act)).status_code == 405


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("admin", 403),
        ("adviser", 403),
        ("accountant", 403),
        ("board", 404),
        ("other_grantee", 404),
        ("stranger", 404),
        ("stranger_admin", 404),
    ],
)
def test_who_only_reads_does_not_tick(
    item: ActionItem, sign_in: SignIn, request: pytest.FixtureRequest, who: str, status: int
) -> None:
    response = sign_in(request.getfixturevalue(who)).post(url(item))
    assert response.status_code == status
    item.refresh_from_db()
    assert item.done_on is None
