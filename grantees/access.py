"""Who may see and change the people of an organisation."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import User
from foundations.models import Foundation, Staff
from grantees.models import Invitation, Membership, Organisation
from grantees.services.invitations import find_invitation


def organisation_to_view(user: User, pk: int) -> Organisation:
    return get_object_or_404(
        Organisation.objects.visible_to(user).select_related("foundation", "legal_form"), pk=pk
    )


def may_manage_people(user: User, organisation: Organisation) -> bool:
    """The organisation's representatives, and those who look after it in the foundation."""
    return (
        Organisation.objects.with_member(user, Membership.Role.REPRESENTATIVE)
        .filter(pk=organisation.pk)
        .exists()
        or Foundation.objects.with_staff(user, *Staff.INSIDE).filter(pk=organisation.foundation_id).exists()
    )


def organisation_to_manage(user: User, pk: int) -> Organisation:
    organisation = organisation_to_view(user, pk)
    if not may_manage_people(user, organisation):
        raise PermissionDenied
    return organisation


def invitation_to_manage(user: User, pk: int) -> Invitation:
    """Into an organisation; invitations into the foundation itself are handled in the admin."""
    invitation = get_object_or_404(
        Invitation.objects.filter(organisation__in=Organisation.objects.visible_to(user)).select_related(
            "organisation", "foundation"
        ),
        pk=pk,
    )
    if invitation.organisation is None or not may_manage_people(user, invitation.organisation):
        raise PermissionDenied
    return invitation


def membership_to_manage(user: User, pk: int) -> Membership:
    """Another person's membership: nobody shuts the door behind themselves by mistake."""
    membership = get_object_or_404(
        Membership.objects.active()
        .filter(organisation__in=Organisation.objects.visible_to(user))
        .select_related("organisation", "user"),
        pk=pk,
    )
    if membership.user_id == user.pk or not may_manage_people(user, membership.organisation):
        raise PermissionDenied
    return membership


def invitation_of_letter(user: Any, token: str) -> Invitation | None:
    """Whoever holds the link may open it. None: no such letter; the view has a page for that."""
    return find_invitation(token)


def invitation_to_join(user: User, token: str) -> Invitation:
    """For the person it was sent to, once signed in."""
    invitation = find_invitation(token)
    if invitation is None:
        raise Http404
    if user.email.lower() != invitation.email.lower():
        raise PermissionDenied
    return invitation
