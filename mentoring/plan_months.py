"""From which month a plan may still change: what was handed over keeps the plan it was written against."""

import datetime
from dataclasses import dataclass

from django.db.models import QuerySet, Subquery

from core.months import add_months, first_of_month
from grants.models import Grant
from grants.selectors import newest_wordings
from mentoring.models import ProgressSheet


def first_open_month(grant: Grant) -> datetime.date:
    """The first month no sheet that was handed over stands on; without one, the month the grant begins."""
    handed_over = _handed_over(grant).first()
    if handed_over is None:
        return first_of_month(grant.starts_on)
    return add_months(handed_over.month, handed_over.months)


@dataclass(frozen=True, slots=True)
class OpenFrom:
    """From when a plan may change: after what was handed over, and not before what is agreed on already, for that was
    written on top of the plan as it was then."""

    unsent: datetime.date  # the first month that no sheet bars
    written: datetime.date | None  # the month of the newest wording; None without a plan

    @property
    def first(self) -> datetime.date:
        return max(self.unsent, self.written) if self.written else self.unsent


def open_from(grant: Grant) -> OpenFrom:
    """One query."""
    last = _handed_over(grant).values("month", "months")[:1]
    (row,) = (
        Grant.objects.filter(pk=grant.pk)
        .order_by()
        .values_list(Subquery(last.values("month")), Subquery(last.values("months")), *newest_wordings("pk"))
    )
    month, months, *wordings = row
    return OpenFrom(
        unsent=add_months(month, months) if month else first_of_month(grant.starts_on),
        written=max((wording for wording in wordings if wording), default=None),
    )


def _handed_over(grant: Grant) -> "QuerySet[ProgressSheet]":
    sheets = ProgressSheet.objects.filter(grant=grant).exclude(state=ProgressSheet.State.DRAFT)
    return sheets.order_by("-month")


def hold_open_months(grant: Grant) -> None:
    """Until the transaction ends no further sheet is handed over. Goes before the lock of the grant: who writes into a
    sheet holds its row first and touches the grant's after it."""
    drafts = ProgressSheet.objects.select_for_update(of=("self",)).filter(
        grant=grant, state=ProgressSheet.State.DRAFT
    )
    list(drafts.order_by("pk"))
