from django.db.models import QuerySet

from grantees.models import Invitation, Membership, Organisation


def people_of(organisation: Organisation) -> QuerySet[Membership]:
    return (
        Membership.objects.active()
        .filter(organisation=organisation)
        .select_related("user")
        .order_by("-role", "user__kana", "pk")
    )


def open_invitations(organisation: Organisation) -> QuerySet[Invitation]:
    """Neither used nor revoked; the expired ones too, so that they can be sent again."""
    return Invitation.objects.open().filter(organisation=organisation).select_related("invited_by")
