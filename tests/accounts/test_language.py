"""A person's language: chosen at the foot of a page, remembered for the mails they get."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User

SignIn = Callable[[User], Client]


def choose(client: Client, language: str) -> str:
    response = client.post("/language/", {"language": language, "next": "/grants/"})
    return response.url  # type: ignore[attr-defined, no-any-return]


def test_a_person_is_remembered_by_their_choice(sign_in: SignIn, member: User, officer: User) -> None:
    assert member.language == "ja"
    assert choose(sign_in(member), "en") == "/grants/"
    member.refresh_from_db()
    officer.refresh_from_db()
    assert (member.language, officer.language) == ("en", "ja")
    choose(sign_in(member), "ja")
    member.refresh_from_db()
    assert member.language == "ja"


@pytest.mark.parametrize("language", ["de", "", "x" * 400])
def test_a_language_nobody_knows_changes_nothing(sign_in: SignIn, member: User, language: str) -> None:
    choose(sign_in(member), language)
    member.refresh_from_db()
    assert member.language == "ja"


def test_reading_the_address_changes_nothing(sign_in: SignIn, member: User) -> None:
    sign_in(member).get("/language/", {"language": "en"})
    member.refresh_from_db()
    assert member.language == "ja"
