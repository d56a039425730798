"""A letter that opens one hat, once. The token stands in the mail and nowhere else; the row keeps its hash."""

import datetime
import secrets
from enum import StrEnum
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.services import open_account, record_act
from core import clock
from core.mail import send_mail_template
from foundations.models import Foundation, Staff
from foundations.services import start_staff_hat
from grantees.models import Invitation, Membership, Organisation
from grantees.services.memberships import start_membership


class Status(StrEnum):
    OPEN = "open"
    USED = "used"
    REVOKED = "revoked"
    EXPIRED = "expired"


class InvitationClosed(Exception):
    """The letter opens nothing any more. `status` says why."""

    def __init__(self, status: Status) -> None:
        super().__init__(status)
        self.status = status


class WrongPerson(Exception):
    """The letter was sent to another address than that of the account at hand."""


class AccountExists(Exception):
    """The address has an account already: its owner has to sign in."""


def status_of(invitation: Invitation) -> Status:
    if invitation.accepted_at is not None:
        return Status.USED
    if invitation.revoked_at is not None:
        return Status.REVOKED
    return Status.EXPIRED if invitation.expires_at <= clock.now() else Status.OPEN


def find_invitation(token: str) -> Invitation | None:
    return (
        Invitation.objects.select_related("foundation", "organisation", "invited_by", "accepted_by")
        .filter(token_hash=_hash(token))
        .first()
    )


def place_of(invitation: Invitation) -> str:
    """Where the letter leads: the organisation's name, or the foundation's."""
    return (invitation.organisation or invitation.foundation).name


@transaction.atomic
def invite(
    *,
    foundation: Foundation,
    email: str,
    role: str,
    by: User,
    organisation: Organisation | None = None,
    name: str = "",
    title: str = "",
) -> Invitation:
    """Sends the letter after the commit. An earlier unused one for the same hat is revoked."""
    if organisation is not None and organisation.foundation_id != foundation.pk:
        raise ValueError("the organisation belongs to another foundation")
    email = email.strip().lower()
    earlier = Invitation.objects.open().filter(
        foundation=foundation, organisation=organisation, email__iexact=email, role=role
    )
    for invitation in earlier:
        revoke_invitation(invitation=invitation, by=by)
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        foundation=foundation,
        organisation=organisation,
        email=email,
        name=name.strip(),
        role=role,
        title=title.strip(),
        token_hash=_hash(token),
        expires_at=_end_of_validity(),
        invited_by=by,
    )
    _write(invitation, token)
    _record("invitation.sent", invitation, by)
    return invitation


@transaction.atomic
def resend_invitation(*, invitation: Invitation, by: User) -> Invitation:
    """A new link for seven days; the old one is dead. Raises InvitationClosed when used or revoked."""
    invitation = _locked(invitation)
    status = status_of(invitation)
    if status not in (Status.OPEN, Status.EXPIRED):
        raise InvitationClosed(status)
    token = secrets.token_urlsafe(32)
    invitation.token_hash = _hash(token)
    invitation.expires_at = _end_of_validity()
    invitation.save(update_fields=["token_hash", "expires_at", "updated_at"])
    _write(invitation, token)
    _record("invitation.resent", invitation, by)
    return invitation


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, by: User) -> Invitation:
    """Raises InvitationClosed when it was used before; revoking twice is once."""
    invitation = _locked(invitation)
    if invitation.accepted_at is not None:
        raise InvitationClosed(Status.USED)
    if invitation.revoked_at is None:
        invitation.revoked_at = clock.now()
        invitation.save(update_fields=["revoked_at", "updated_at"])
        _record("invitation.revoked", invitation, by)
    return invitation


@transaction.atomic
def accept_invitation(*, invitation: Invitation, by: User) -> Staff | Membership:
    """Raises InvitationClosed or WrongPerson."""
    return _accept(_locked(invitation), by)


def _accept(invitation: Invitation, by: User) -> Staff | Membership:
    _refuse_closed(invitation)
    if by.email.lower() != invitation.email.lower():
        raise WrongPerson
    hat = _put_on(invitation, by)
    invitation.accepted_at = clock.now()
    invitation.accepted_by = by
    invitation.save(update_fields=["accepted_at", "accepted_by", "updated_at"])
    _record("invitation.accepted", invitation, by)
    return hat


@transaction.atomic
def accept_as_new_person(
    *,
    invitation: Invitation,
    name: str,
    password: str,
    kana: str = "",
    language: str = User.Language.JAPANESE,
) -> tuple[User, Staff | Membership]:
    """Opens the account of the invited address and accepts. Raises InvitationClosed or AccountExists."""
    invitation = _locked(invitation)
    _refuse_closed(invitation)
    if User.objects.filter(email__iexact=invitation.email).exists():
        raise AccountExists
    user = open_account(
        email=invitation.email,
        name=name,
        kana=kana,
        password=password,
        language=language,
        by=None,
        foundation_id=invitation.foundation_id,
    )
    return user, _accept(invitation, user)


def _refuse_closed(invitation: Invitation) -> None:
    status = status_of(invitation)
    if status != Status.OPEN:
        raise InvitationClosed(status)


def _put_on(invitation: Invitation, user: User) -> Staff | Membership:
    if invitation.organisation is not None:
        return start_membership(
            organisation=invitation.organisation,
            user=user,
            role=invitation.role,
            title=invitation.title,
            by=user,
        )
    hat = Staff.objects.filter(
        foundation=invitation.foundation, user=user, role=invitation.role, ends_on__isnull=True
    ).first()
    return hat or start_staff_hat(
        foundation=invitation.foundation,
        user=user,
        role=invitation.role,
        title=invitation.title,
        by=user,
    )


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _end_of_validity() -> datetime.datetime:
    return clock.now() + datetime.timedelta(days=Invitation.VALID_DAYS)


def _locked(invitation: Invitation) -> Invitation:
    """The row as it is now, held until the end of the transaction: a link clicked twice is accepted once."""
    return (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("foundation", "organisation", "invited_by")
        .get(pk=invitation.pk)
    )


def _write(invitation: Invitation, token: str) -> None:
    send_mail_template(
        "invitation",
        invitation.email,
        {
            "invitation": invitation,
            "place": place_of(invitation),
            "link": f"{settings.SITE_URL}/invitations/{token}/",
            "last_day": timezone.localtime(invitation.expires_at).date(),
        },
    )


def _record(verb: str, invitation: Invitation, by: User) -> None:
    record_act(
        verb=verb,
        subject=invitation,
        by=by,
        foundation_id=invitation.foundation_id,
        role=str(invitation.role),
        organisation=invitation.organisation_id,
    )
