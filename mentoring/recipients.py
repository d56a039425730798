"""Who is told what happened to a sheet."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.models import User
from foundations.models import Staff
from grantees.models import Membership
from grants.models import GrantReader
from mentoring.models import Attendee, ProgressSheet
from mentoring.models.meetings import Side


@dataclass(frozen=True, slots=True)
class Recipient:
    """`side`: whose homework is "ours" to this person."""

    person: User
    side: Side


def people_of_grantee(sheet: ProgressSheet) -> QuerySet[User]:
    members = Membership.objects.active().filter(organisation=sheet.grant.organisation_id)
    return User.objects.filter(pk__in=members.values("user"))


def people_of_meeting(sheet: ProgressSheet) -> QuerySet[User]:
    """The officer in charge and the foundation's people who were there, as long as they may read the sheet whole: with
    a running term as officer or admin, or let read this grant. The board reads the PDF."""
    there = Attendee.objects.filter(
        meeting__sheets=sheet, meeting__held=True, side=Side.FOUNDATION, user__isnull=False
    )
    staff = Staff.objects.active().filter(foundation=sheet.grant.foundation)
    chosen = GrantReader.objects.filter(grant=sheet.grant_id, staff__in=staff)
    return User.objects.filter(
        Q(pk=sheet.grant.officer_id) | Q(pk__in=there.values("user")),
        Q(pk__in=staff.holding(*Staff.INSIDE).values("user")) | Q(pk__in=chosen.values("staff__user")),
    )


def recipients_of(sheet: ProgressSheet) -> list[Recipient]:
    """Both sides, each person once: who wears hats on both is told as the foundation's. Needs the sheet with_names."""
    foundation = [Recipient(person, Side.FOUNDATION) for person in people_of_meeting(sheet)]
    told = {recipient.person.pk for recipient in foundation}
    grantee = [
        Recipient(person, Side.GRANTEE) for person in people_of_grantee(sheet) if person.pk not in told
    ]
    return grantee + foundation
