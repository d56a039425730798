import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from foundations.models import Foundation
from grantees.models import Invitation, Membership, Organisation
from tests.factories import InvitationFactory, UserFactory

SignIn = Callable[[User], Client]
TOKEN = "the-token-of-the-letter"
URL = f"/invitations/{TOKEN}/"
JOIN = f"/invitations/{TOKEN}/join/"
PASSWORD = "rakuda-no-mizuumi-21"
NEW = {"name": "新田 花", "kana": "にった はな", "password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture
def letter(foundation: Foundation, organisation: Organisation, admin: User) -> Invitation:
    return InvitationFactory(
        token=TOKEN,
        foundation=foundation,
        organisation=organisation,
        invited_by=admin,
        email="new@example.test",
        role="representative",
        name="新田 はな",
    )


def test_open_letter_says_where_and_asks_name_and_password(letter: Invitation, client: Client) -> None:
    response = client.get(URL)
    assert response.status_code == 200
    assert "no-cache" in response["Cache-Control"]
    page = response.content.decode()
    for words in ("ちばのWAからのご招待", "あおぞらの会", "団体の代表", "new@example.test", "新田 はな"):
        assert words in page


def test_new_person_is_signed_in_and_wears_the_hat(letter: Invitation, client: Client) -> None:
    response = client.post(URL, NEW)
    assert response.status_code == 302
    assert response["Location"] == "/"
    user = User.objects.get(email="new@example.test")
    assert user.kana == "にった はな"
    membership = Membership.objects.get(user=user)
    assert client.session["_auth_user_id"] == str(user.pk)
    assert client.session["hat"] == f"organisation-{membership.pk}"


def test_who_reads_the_letter_in_english_gets_mails_in_english(letter: Invitation, client: Client) -> None:
    client.post(URL, NEW, headers={"accept-language": "en"})
    assert User.objects.get(email="new@example.test").language == "en"


def test_all_errors_at_once_and_what_was_typed_is_kept(letter: Invitation, client: Client) -> None:
    response = client.post(URL, {"name": "", "kana": "にった", "password1": "123", "password2": "456"})
    assert response.status_code == 422
    form = response.context["form"]
    assert set(form.errors) == {"name", "password1", "password2"}
    assert len(form.errors["password1"]) >= 2
    page = response.content.decode()
    assert "にった" in page
    assert 'value="123"' not in page
    assert not User.objects.filter(email="new@example.test").exists()


def test_password_like_the_name_or_address_is_refused(letter: Invitation, client: Client) -> None:
    response = client.post(URL, {**NEW, "password1": "new@example.test", "password2": "new@example.test"})
    assert response.status_code == 422
    assert "password1" in response.context["form"].errors


def test_address_of_the_letter_counts_not_a_posted_one(letter: Invitation, client: Client) -> None:
    client.post(URL, {**NEW, "email": "evil@example.test"})
    assert User.objects.filter(email="new@example.test").exists()
    assert not User.objects.filter(email="evil@example.test").exists()


def test_existing_account_is_asked_to_sign_in(letter: Invitation, client: Client) -> None:
    UserFactory(email="NEW@example.test")
    page = client.get(URL).content.decode()
    assert f'href="/accounts/login/?next={URL}"' in page
    assert 'name="password1"' not in page
    response = client.post(URL, NEW)
    assert response.status_code == 200, "posting past the page changes nothing"
    assert not Membership.objects.filter(organisation=letter.organisation).exists()


def test_deactivated_account_is_told_whom_to_ask(letter: Invitation, client: Client, admin: User) -> None:
    UserFactory(email="new@example.test", is_active=False)
    page = client.get(URL).content.decode()
    assert "いま使えないようになっています" in page
    assert admin.email in page


def test_existing_account_joins(letter: Invitation, sign_in: SignIn) -> None:
    person = UserFactory(email="new@example.test")
    client = sign_in(person)
    assert JOIN in client.get(URL).content.decode()
    response = client.post(JOIN)
    assert response.status_code == 302
    membership = Membership.objects.get(user=person)
    assert client.session["hat"] == f"organisation-{membership.pk}"
    letter.refresh_from_db()
    assert letter.accepted_by == person


def test_signed_in_as_somebody_else(letter: Invitation, sign_in: SignIn, officer: User) -> None:
    client = sign_in(officer)
    response = client.get(URL)
    assert response.status_code == 403
    page = response.content.decode()
    assert "小野 彩さんとしてサインインしています" in page
    assert "new@example.test" in page
    assert client.post(JOIN).status_code == 403
    assert not Membership.objects.filter(user=officer).exists()


def test_join_needs_sign_in_post_and_a_letter(letter: Invitation, client: Client, sign_in: SignIn) -> None:
    assert client.post(JOIN)["Location"].startswith("/accounts/login/")
    person = sign_in(UserFactory(email="new@example.test"))
    assert person.get(JOIN).status_code == 405
    assert person.post("/invitations/unknown/join/").status_code == 404


def test_each_closed_letter_has_its_own_page(letter: Invitation, client: Client, admin: User) -> None:
    letter.expires_at = timezone.now() - dt.timedelta(minutes=1)
    letter.save()
    expired = client.get(URL)
    assert expired.status_code == 410
    assert "期限が過ぎています" in expired.content.decode()
    assert admin.email in expired.content.decode()
    assert client.post(URL, NEW).status_code == 410

    letter.revoked_at = timezone.now()
    letter.save()
    revoked = client.get(URL)
    assert revoked.status_code == 410
    assert "取り消されています" in revoked.content.decode()

    letter.revoked_at = None
    letter.accepted_at, letter.accepted_by = timezone.now(), admin
    letter.save()
    used = client.get(URL)
    assert used.status_code == 410
    assert "もう受けていただいています" in used.content.decode()


def test_second_click_of_the_new_person(letter: Invitation, client: Client) -> None:
    client.post(URL, NEW)
    response = client.get(URL)
    assert response.status_code == 410
    assert "ホームへ進む" in response.content.decode()


@pytest.mark.django_db
def test_unknown_letter(client: Client) -> None:
    response = client.get("/invitations/no-such-letter/")
    assert response.status_code == 404
    assert "この招待が見つかりませんでした" in response.content.decode()
    assert client.post("/invitations/no-such-letter/", NEW).status_code == 404


def test_join_after_revocation_says_so(letter: Invitation, sign_in: SignIn) -> None:
    client = sign_in(UserFactory(email="new@example.test"))
    letter.revoked_at = timezone.now()
    letter.save()
    assert client.post(JOIN).status_code == 410


def test_url_names(letter: Invitation) -> None:
    assert reverse("grantees:invitation_accept", args=[TOKEN]) == URL
    assert reverse("grantees:invitation_join", args=[TOKEN]) == JOIN
