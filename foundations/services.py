"""Opening a foundation, and the beginning and end of hats in it."""

import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from accounts.services import record_act
from core import clock
from foundations.models import Foundation, Staff


@transaction.atomic
def open_foundation(*, name: str, short_name: str, by: User | None, **profile: Any) -> Foundation:
    """Without master lists: those belong to higher rooms (mentoring.services.master_lists)."""
    foundation = Foundation.objects.create(name=name, short_name=short_name, **profile)
    record_act(verb="foundation.opened", subject=foundation, by=by, foundation_id=foundation.pk)
    return foundation


@transaction.atomic
def start_staff_hat(
    *,
    foundation: Foundation,
    user: User,
    role: str,
    by: User | None,
    title: str = "",
    starts_on: datetime.date | None = None,
) -> Staff:
    """Raises IntegrityError when the person already holds this role without an end."""
    staff = Staff.objects.create(
        foundation=foundation, user=user, role=role, title=title, starts_on=starts_on or clock.today()
    )
    sync_is_staff(user)
    record_act(verb="staff.started", subject=staff, by=by, foundation_id=foundation.pk, role=str(role))
    return staff


@transaction.atomic
def end_staff_hat(
    *, staff: Staff, by: User | None, last_day: datetime.date | None = None, reason: str = ""
) -> Staff:
    """The hat is worn to the end of `last_day` (today when None)."""
    staff.ends_on = last_day or clock.today()
    staff.save(update_fields=["ends_on", "updated_at"])
    sync_is_staff(staff.user)
    record_act(
        verb="staff.ended",
        subject=staff,
        by=by,
        foundation_id=staff.foundation_id,
        reason=reason,
        ends_on=staff.ends_on.isoformat(),
    )
    return staff


def sync_is_staff(user: User) -> None:
    """Keeps the column true while an admin's term runs or is to come. Access asks the term itself as well."""
    today = clock.today()
    user.is_staff = (
        user.is_superuser
        or Staff.objects.holding(Staff.Role.ADMIN)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today), user=user)
        .exists()
    )
    user.save(update_fields=["is_staff"])
