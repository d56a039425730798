import datetime

from django.db import transaction

from accounts.models import User
from accounts.services import record_act
from core import clock
from grantees.models import Membership, Organisation


@transaction.atomic
def start_membership(
    *, organisation: Organisation, user: User, role: str, by: User, title: str = ""
) -> Membership:
    """Somebody who belongs already changes the role instead: one person, one hat in an organisation."""
    open_ones = Membership.objects.select_for_update().filter(ends_on__isnull=True)
    membership = open_ones.filter(organisation=organisation, user=user).first()
    if membership is None:
        membership = Membership.objects.create(
            organisation=organisation, user=user, role=role, title=title, starts_on=clock.today()
        )
        verb = "membership.started"
    else:
        membership.role, membership.title = role, title or membership.title
        membership.starts_on = min(membership.starts_on, clock.today())
        membership.save(update_fields=["role", "title", "starts_on", "updated_at"])
        verb = "membership.changed"
    record_act(verb=verb, subject=membership, by=by, foundation_id=organisation.foundation_id, role=str(role))
    return membership


@transaction.atomic
def end_membership(
    *, membership: Membership, by: User, last_day: datetime.date | None = None, reason: str = ""
) -> Membership:
    """The hat is worn to the end of `last_day` (today when None). What the person did stays."""
    membership.ends_on = last_day or clock.today()
    membership.save(update_fields=["ends_on", "updated_at"])
    record_act(
        verb="membership.ended",
        subject=membership,
        by=by,
        foundation_id=membership.organisation.foundation_id,
        reason=reason,
        ends_on=membership.ends_on.isoformat(),
    )
    return membership
