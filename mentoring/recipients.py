"""Who is told what happened to a sheet."""

from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.models import User
from mentoring.models import ProgressSheet
from mentoring.models.mails import is_of_grantee, is_of_meeting
from mentoring.models.meetings import Side


@dataclass(frozen=True, slots=True)
class Recipient:
    """`side`: whose homework is "ours" to this person."""

    person: User
    side: Side


def people_of_grantee(sheet: ProgressSheet) -> QuerySet[User]:
    return User.objects.filter(is_of_grantee("pk", sheet.pk))


def people_of_meeting(sheet: ProgressSheet) -> QuerySet[User]:
    return User.objects.filter(is_of_meeting("pk", sheet.pk))


def recipients_of(sheet: ProgressSheet) -> list[Recipient]:
    """Both sides, each person once: who wears hats on both is told as the foundation's."""
    foundation = [Recipient(person, Side.FOUNDATION) for person in people_of_meeting(sheet)]
    told = {recipient.person.pk for recipient in foundation}
    grantee = [
        Recipient(person, Side.GRANTEE) for person in people_of_grantee(sheet) if person.pk not in told
    ]
    return grantee + foundation
