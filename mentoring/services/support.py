"""Writing down a support. What a closed month's PDF shows is not changed behind its back."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.services import record_act
from core import clock
from grants.models import Grant
from mentoring.models import Intervention, ProgressSheet, SupportMenuItem


class MonthClosed(Exception):
    """The day lies in a closed month: reopen `sheet` first."""

    def __init__(self, sheet: ProgressSheet) -> None:
        self.sheet = sheet
        super().__init__(f"{sheet.month} is closed")


@dataclass(frozen=True, slots=True)
class SupportContent:
    item: SupportMenuItem
    on: datetime.date
    method: str
    given_by: User
    with_whom: str
    minutes: int | None
    content: str
    result: str
    reach: str


@transaction.atomic
def add_support(*, grant: Grant, content: SupportContent, by: User) -> Intervention:
    """Raises MonthClosed."""
    _refuse_closed(grant.pk, {content.on})
    values = {name: getattr(content, name) for name in content.__slots__}
    if there := Intervention.objects.filter(grant=grant, **values).first():
        return there  # pressed twice
    support = Intervention(grant=grant, **values)
    _save(support, by)
    _record("support.add", support, by)
    return support


@transaction.atomic
def edit_support(*, support: Intervention, content: SupportContent, by: User) -> Intervention:
    """Raises MonthClosed when the old or the new day lies in a closed month."""
    row = Intervention.objects.select_for_update().get(pk=support.pk)
    _refuse_closed(row.grant_id, {row.on, content.on})
    changed = [name for name in content.__slots__ if getattr(row, name) != getattr(content, name)]
    if not changed:
        return row
    for name in changed:
        setattr(row, name, getattr(content, name))
    _save(row, by, changed)
    _record("support.edit", row, by, fields=changed)
    return row


def closed_sheet_of(grant_id: int, day: datetime.date) -> ProgressSheet | None:
    """The closed sheet whose period holds the day."""
    latest = ProgressSheet.objects.filter(grant=grant_id, month__lte=day).order_by("-month").first()
    return latest if latest is not None and latest.is_closed and day <= latest.last_day else None


def _refuse_closed(grant_id: int, days: set[datetime.date]) -> None:
    """Locks the months first: one that closes right now is waited for."""
    months = ProgressSheet.objects.filter(grant=grant_id, month__lte=max(days)).order_by("pk")
    list(
        months.select_for_update()
        .filter(month__gt=min(days) - datetime.timedelta(days=100))
        .values_list("pk")
    )
    for day in days:
        if (sheet := closed_sheet_of(grant_id, day)) is not None:
            raise MonthClosed(sheet)


def _save(support: Intervention, by: User, fields: list[str] | None = None) -> None:
    support._history_user, support._history_date = by, clock.now()  # type: ignore[attr-defined]
    support.save(update_fields=[*fields, "updated_at"] if fields else None)


def _record(verb: str, support: Intervention, by: User, **details: Any) -> None:
    record_act(
        verb=verb,
        subject=support,
        by=by,
        foundation_id=support.grant.program.fund.foundation_id,
        **details,
    )
