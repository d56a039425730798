import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core import clock
from foundations.models import Foundation
from grantees.models import Invitation, Membership, Organisation
from tests.factories import InvitationFactory, MembershipFactory

SignIn = Callable[[User], Client]
SOMEBODY = {"name": "西 実", "email": "nishi@example.test", "role": "member", "title": "相談員"}


@pytest.fixture
def url(organisation: Organisation) -> str:
    return reverse("grantees:people", args=[organisation.pk])


@pytest.fixture
def letter(foundation: Foundation, organisation: Organisation) -> Invitation:
    return InvitationFactory(
        foundation=foundation, organisation=organisation, role="member", email="w@example.test"
    )


def membership_of(user: User) -> Membership:
    return Membership.objects.get(user=user)


def test_representative_sees_people_and_letters(
    url: str, representative: User, member: User, letter: Invitation, sign_in: SignIn
) -> None:
    page = sign_in(representative).get(url).content.decode()
    assert "空野 みお" in page
    assert letter.email in page
    assert "仲間を招く" in page


def test_member_sees_people_but_changes_nothing(
    url: str, member: User, representative: User, letter: Invitation, sign_in: SignIn
) -> None:
    client = sign_in(member)
    page = client.get(url).content.decode()
    assert "青木 空" in page
    assert letter.email not in page
    assert "仲間を招く" not in page
    assert client.post(f"{url}invite/", SOMEBODY).status_code == 403
    assert client.post(reverse("grantees:invitation_revoke", args=[letter.pk])).status_code == 403
    assert client.post(reverse("grantees:invitation_resend", args=[letter.pk])).status_code == 403
    end = reverse("grantees:membership_end", args=[membership_of(representative).pk])
    assert client.post(end).status_code == 403


def test_strangers_find_nothing(
    url: str,
    letter: Invitation,
    member: User,
    stranger: User,
    other_grantee: User,
    board: User,
    sign_in: SignIn,
) -> None:
    for user in (stranger, other_grantee, board):
        client = sign_in(user)
        assert client.get(url).status_code == 404
        assert client.post(f"{url}invite/", SOMEBODY).status_code == 404
        assert client.post(reverse("grantees:invitation_revoke", args=[letter.pk])).status_code == 404
        end = reverse("grantees:membership_end", args=[membership_of(member).pk])
        assert client.post(end).status_code == 404
    assert not Invitation.objects.filter(email=SOMEBODY["email"]).exists()


def test_invite(
    url: str, representative: User, sign_in: SignIn, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        response = sign_in(representative).post(f"{url}invite/", SOMEBODY)
    assert response.status_code == 302
    invitation = Invitation.objects.get()
    assert invitation.organisation == membership_of(representative).organisation
    assert (invitation.role, invitation.title, invitation.invited_by) == ("member", "相談員", representative)
    assert mail.outbox[0].to == ["nishi@example.test"]


def test_officer_of_the_foundation_may_invite(
    url: str, officer: User, organisation: Organisation, sign_in: SignIn
) -> None:
    assert sign_in(officer).post(f"{url}invite/", SOMEBODY).status_code == 302
    assert Invitation.objects.get().organisation == organisation


def test_no_way_into_the_foundation_from_here(url: str, representative: User, sign_in: SignIn) -> None:
    response = sign_in(representative).post(f"{url}invite/", {**SOMEBODY, "role": "admin"})
    assert response.status_code == 422
    assert not Invitation.objects.exists()


def test_bad_input_keeps_what_was_typed(url: str, representative: User, sign_in: SignIn) -> None:
    response = sign_in(representative).post(f"{url}invite/", {**SOMEBODY, "name": "", "email": "nishi@"})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"name", "email"}
    assert "nishi@" in response.content.decode()


def test_somebody_who_belongs_already(url: str, representative: User, member: User, sign_in: SignIn) -> None:
    response = sign_in(representative).post(f"{url}invite/", {**SOMEBODY, "email": member.email.upper()})
    assert response.status_code == 422
    assert "すでに団体の一員です" in response.content.decode()


def test_revoke_and_resend(letter: Invitation, representative: User, sign_in: SignIn) -> None:
    client = sign_in(representative)
    old = letter.token_hash
    assert client.post(reverse("grantees:invitation_resend", args=[letter.pk])).status_code == 302
    letter.refresh_from_db()
    assert letter.token_hash != old
    assert client.post(reverse("grantees:invitation_revoke", args=[letter.pk])).status_code == 302
    letter.refresh_from_db()
    assert letter.revoked_at is not None
    client.post(reverse("grantees:invitation_resend", args=[letter.pk]))
    letter.refresh_from_db()
    assert letter.revoked_at is not None


def test_letters_into_the_foundation_are_not_handled_here(
    foundation: Foundation, officer: User, sign_in: SignIn
) -> None:
    letter = InvitationFactory(foundation=foundation)
    response = sign_in(officer).post(reverse("grantees:invitation_revoke", args=[letter.pk]))
    assert response.status_code == 404


def test_used_letter_is_not_revoked(letter: Invitation, representative: User, sign_in: SignIn) -> None:
    letter.accepted_at, letter.accepted_by = timezone.now(), representative
    letter.save()
    sign_in(representative).post(reverse("grantees:invitation_revoke", args=[letter.pk]))
    letter.refresh_from_db()
    assert letter.revoked_at is None


def test_end_a_membership(representative: User, member: User, sign_in: SignIn) -> None:
    end = reverse("grantees:membership_end", args=[membership_of(member).pk])
    assert sign_in(representative).post(end).status_code == 302
    assert membership_of(member).ends_on == clock.today()


def test_nobody_ends_their_own(representative: User, sign_in: SignIn) -> None:
    end = reverse("grantees:membership_end", args=[membership_of(representative).pk])
    assert sign_in(representative).post(end).status_code == 403
    assert membership_of(representative).ends_on is None


def test_former_members_are_not_listed(
    url: str, representative: User, organisation: Organisation, sign_in: SignIn
) -> None:
    MembershipFactory(organisation=organisation, user__name="去年 居太", ends_on=dt.date(2021, 1, 1))
    assert "去年 居太" not in sign_in(representative).get(url).content.decode()


def test_rejects_get(url: str, letter: Invitation, representative: User, sign_in: SignIn) -> None:
    client = sign_in(representative)
    for path in (
        f"{url}invite/",
        reverse("grantees:invitation_revoke", args=[letter.pk]),
        reverse("grantees:invitation_resend", args=[letter.pk]),
        reverse("grantees:membership_end", args=[membership_of(representative).pk]),
    ):
        assert client.get(path).status_code == 405
    assert client.post(url).status_code == 405


def test_queries_do_not_grow_with_people(
    url: str,
    representative: User,
    organisation: Organisation,
    foundation: Foundation,
    sign_in: SignIn,
    django_assert_num_queries: Any,
) -> None:
    client = sign_in(representative)
    for _ in range(2):
        with django_assert_num_queries(7):
            client.get(url)
        for _ in range(2):
            MembershipFactory(organisation=organisation)
        InvitationFactory(foundation=foundation, organisation=organisation, role="member")
