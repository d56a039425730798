"""Sheets open by themselves with their month."""

import datetime

from django.db import transaction
from django.db.models import QuerySet

from core import clock
from core.months import add_months, first_of_month
from grants.models import Grant, Program
from mentoring.models import ProgressSheet, SheetEvent


def periods_begun(grant: Grant, day: datetime.date) -> list[datetime.date]:
    """The first months of all periods of this grant that have begun by the day; none when the program has no sheets."""
    step = grant.program.period_months
    if step is None:
        return []
    month, last = first_of_month(grant.starts_on), min(day, grant.ends_on)
    periods = []
    while month <= last:
        periods.append(month)
        month = add_months(month, step)
    return periods


def due_day(program: Program, month: datetime.date, months: int) -> datetime.date:
    """The program's day in the month after the period."""
    return add_months(month, months).replace(day=program.due_day)


def open_due_sheets(*, grants: QuerySet[Grant], day: datetime.date | None = None) -> list[ProgressSheet]:
    """Opens what has begun by the day (today when None) and is not there yet. Running it again opens nothing.

    Two at once do not collide: the second one's rows are ignored by the constraint on grant and month.
    Nothing is locked while nothing is due, so a page may call it on every visit.
    """
    day = day or clock.today()
    grants = grants.select_related("program").filter(starts_on__lte=day)
    there = {
        (grant, add_months(month, count))
        for grant, month, months in ProgressSheet.objects.filter(grant__in=grants).values_list(
            "grant_id", "month", "months"
        )
        for count in range(months)
    }
    missing = [
        ProgressSheet(
            grant=grant,
            month=month,
            months=grant.program.period_months or 1,
            due_on=due_day(grant.program, month, grant.program.period_months or 1),
            turn_since=clock.now(),
        )
        for grant in grants
        for month in periods_begun(grant, day)
        if (grant.pk, month)
        not in there  # a month belongs to one sheet, also when the rhythm changed meanwhile
    ]
    return _open(missing) if missing else []


@transaction.atomic
def _open(missing: list[ProgressSheet]) -> list[ProgressSheet]:
    ProgressSheet.objects.bulk_create(missing, ignore_conflicts=True)
    opened = list(
        ProgressSheet.objects.filter(
            grant__in={sheet.grant_id for sheet in missing},
            month__in={sheet.month for sheet in missing},
            events=None,
        )
    )
    SheetEvent.objects.bulk_create(
        SheetEvent(sheet=sheet, act="open", to_state=sheet.state, at=sheet.turn_since) for sheet in opened
    )
    return opened
