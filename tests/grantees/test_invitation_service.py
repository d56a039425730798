import datetime as dt
import re
import threading
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection, connections
from django.utils import timezone

from accounts.models import JournalEntry, User
from foundations.models import Foundation, Staff
from grantees.models import Invitation, Membership, Organisation
from grantees.services.invitations import (
    AccountExists,
    InvitationClosed,
    Status,
    WrongPerson,
    accept_as_new_person,
    accept_invitation,
    find_invitation,
    invite,
    resend_invitation,
    revoke_invitation,
    status_of,
)
from tests.factories import InvitationFactory, MembershipFactory, UserFactory

PASSWORD = "rakuda-no-mizuumi-21"


def link_in(message: Any) -> str:
    return re.search(r"/invitations/([\w-]+)/", message.body)[1]  # type: ignore[index]


@pytest.fixture
def letter(foundation: Foundation, admin: User) -> Invitation:
    return InvitationFactory(
        foundation=foundation, invited_by=admin, email="new@example.test", role=Staff.Role.OFFICER
    )


def test_invite_writes_after_the_commit(
    foundation: Foundation, admin: User, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        invitation = invite(
            foundation=foundation, email=" Hana@Example.test ", role="officer", name="花", by=admin
        )
        assert mail.outbox == []
    [message] = mail.outbox
    assert message.to == ["hana@example.test"]
    assert message.subject == "ちばのWAから「伴走」へのご招待です"
    assert "花さん" in message.body
    assert "ちばのＷＡ基金" in message.body
    assert "プログラム・オフィサー" in message.body
    last_day = timezone.localtime() + dt.timedelta(days=7)
    assert f"{last_day.month}月{last_day.day}日" in message.body
    assert find_invitation(link_in(message)) == invitation


def test_only_the_hash_is_kept(
    foundation: Foundation, admin: User, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        invitation = invite(foundation=foundation, email="a@example.test", role="board", by=admin)
    token = link_in(mail.outbox[0])
    assert len(token) >= 40
    row = Invitation.objects.filter(pk=invitation.pk).values().get()
    assert token not in str(row)
    assert token not in str(list(JournalEntry.objects.values()))


def test_inviting_again_kills_the_first_link(foundation: Foundation, admin: User) -> None:
    first = invite(foundation=foundation, email="a@example.test", role="board", by=admin)
    second = invite(foundation=foundation, email="A@example.test", role="board", by=admin)
    first.refresh_from_db()
    assert status_of(first) == Status.REVOKED
    assert status_of(second) == Status.OPEN


def test_organisation_of_another_foundation_is_refused(
    other_foundation: Foundation, organisation: Organisation, admin: User
) -> None:
    with pytest.raises(ValueError, match="another foundation"):
        invite(
            foundation=other_foundation,
            organisation=organisation,
            email="a@example.test",
            role="member",
            by=admin,
        )
    assert not Invitation.objects.exists()


def test_new_person_gets_account_hat_and_journal(letter: Invitation) -> None:
    user, hat = accept_as_new_person(invitation=letter, name="新田 花", password=PASSWORD)
    assert user.email == "new@example.test"
    assert user.check_password(PASSWORD)
    assert isinstance(hat, Staff)
    assert (hat.foundation, hat.role) == (letter.foundation, Staff.Role.OFFICER)
    assert not user.is_staff
    letter.refresh_from_db()
    assert status_of(letter) == Status.USED
    assert letter.accepted_by == user
    assert set(JournalEntry.objects.values_list("verb", flat=True)) == {
        "account.opened",
        "staff.started",
        "invitation.accepted",
    }
    assert set(JournalEntry.objects.values_list("foundation_id", flat=True)) == {letter.foundation_id}


def test_address_of_the_account_counts_as_proven(letter: Invitation) -> None:
    from allauth.account.models import EmailAddress

    user, _hat = accept_as_new_person(invitation=letter, name="新田 花", password=PASSWORD)
    assert EmailAddress.objects.get(user=user).verified


def test_admin_letter_opens_the_admin(letter: Invitation) -> None:
    letter.role = Staff.Role.ADMIN
    letter.save()
    user, _hat = accept_as_new_person(invitation=letter, name="新田 花", password=PASSWORD)
    assert user.is_staff


def test_into_an_organisation(foundation: Foundation, organisation: Organisation, admin: User) -> None:
    person = UserFactory(email="p@example.test")
    letter = InvitationFactory(
        foundation=foundation, organisation=organisation, role="representative", email="P@example.test"
    )
    hat = accept_invitation(invitation=letter, by=person)
    assert isinstance(hat, Membership)
    assert (hat.organisation, hat.role) == (organisation, Membership.Role.REPRESENTATIVE)


def test_member_invited_as_representative_changes_role(
    foundation: Foundation, organisation: Organisation, member: User
) -> None:
    letter = InvitationFactory(
        foundation=foundation, organisation=organisation, role="representative", email=member.email
    )
    accept_invitation(invitation=letter, by=member)
    membership = Membership.objects.get(user=member, organisation=organisation)
    assert membership.role == Membership.Role.REPRESENTATIVE


def test_former_member_comes_back(foundation: Foundation, organisation: Organisation) -> None:
    person = MembershipFactory(organisation=organisation, ends_on=dt.date(2021, 1, 1)).user
    letter = InvitationFactory(
        foundation=foundation, organisation=organisation, role="member", email=person.email
    )
    accept_invitation(invitation=letter, by=person)
    assert Membership.objects.filter(user=person, organisation=organisation).count() == 2


def test_hat_held_already_is_not_doubled(foundation: Foundation, officer: User) -> None:
    letter = InvitationFactory(foundation=foundation, role="officer", email=officer.email)
    accept_invitation(invitation=letter, by=officer)
    assert Staff.objects.filter(user=officer).count() == 1


def test_accepted_once(letter: Invitation) -> None:
    user, _hat = accept_as_new_person(invitation=letter, name="新田 花", password=PASSWORD)
    with pytest.raises(InvitationClosed) as caught:
        accept_invitation(invitation=letter, by=user)
    assert caught.value.status == Status.USED
    assert Staff.objects.filter(user=user).count() == 1


def test_expired_after_seven_days(foundation: Foundation, admin: User) -> None:
    with time_machine.travel(dt.datetime(2023, 6, 1, 12, tzinfo=dt.UTC), tick=False):
        letter = invite(foundation=foundation, email="a@example.test", role="officer", by=admin)
    with time_machine.travel(dt.datetime(2023, 6, 8, 11, 59, tzinfo=dt.UTC), tick=False):
        assert status_of(letter) == Status.OPEN
    with time_machine.travel(dt.datetime(2023, 6, 8, 12, 0, tzinfo=dt.UTC), tick=False):
        assert status_of(letter) == Status.EXPIRED
        with pytest.raises(InvitationClosed) as caught:
            accept_as_new_person(invitation=letter, name="遅井 人", password=PASSWORD)
    assert caught.value.status == Status.EXPIRED
    assert not User.objects.filter(email="a@example.test").exists()


def test_resending_gives_a_new_link_and_kills_the_old(
    letter: Invitation, admin: User, django_capture_on_commit_callbacks: Any
) -> None:
    old = letter.token_hash
    letter.expires_at = timezone.now() - dt.timedelta(days=1)
    letter.save()
    with django_capture_on_commit_callbacks(execute=True):
        resent = resend_invitation(invitation=letter, by=admin)
    assert status_of(resent) == Status.OPEN
    assert resent.token_hash != old
    assert find_invitation(link_in(mail.outbox[0])) == letter


def test_revoked_opens_nothing_and_is_not_resent(letter: Invitation, admin: User) -> None:
    revoke_invitation(invitation=letter, by=admin)
    revoke_invitation(invitation=letter, by=admin)
    for act in (
        lambda: accept_as_new_person(invitation=letter, name="x", password=PASSWORD),
        lambda: resend_invitation(invitation=letter, by=admin),
    ):
        with pytest.raises(InvitationClosed) as caught:
            act()
        assert caught.value.status == Status.REVOKED
    assert JournalEntry.objects.filter(verb="invitation.revoked").count() == 1


def test_used_is_not_revoked(letter: Invitation, admin: User) -> None:
    accept_as_new_person(invitation=letter, name="新田 花", password=PASSWORD)
    with pytest.raises(InvitationClosed):
        revoke_invitation(invitation=letter, by=admin)
    letter.refresh_from_db()
    assert letter.revoked_at is None


def test_wrong_account(letter: Invitation, member: User) -> None:
    with pytest.raises(WrongPerson):
        accept_invitation(invitation=letter, by=member)
    letter.refresh_from_db()
    assert status_of(letter) == Status.OPEN


def test_existing_account_is_not_taken_over(letter: Invitation) -> None:
    person = UserFactory(email="new@example.test")
    with pytest.raises(AccountExists):
        accept_as_new_person(invitation=letter, name="別人", password="another-password-99")
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_are_one_acceptance() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("select_for_update does nothing on SQLite")
    person = UserFactory(email="quick@example.test")
    letter = InvitationFactory(email=person.email)
    start = threading.Barrier(2)
    outcomes: list[str] = []

    def click() -> None:
        start.wait()
        try:
            accept_invitation(invitation=letter, by=person)
            outcomes.append("accepted")
        except InvitationClosed as closed:
            outcomes.append(str(closed.status))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["accepted", "used"]
    assert Staff.objects.filter(user=person).count() == 1
