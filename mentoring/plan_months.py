"""From which month a plan may still change: what was handed over keeps the plan it was written against."""

import datetime

from core.months import add_months, first_of_month
from grants.models import Grant
from mentoring.models import ProgressSheet


def first_open_month(grant: Grant) -> datetime.date:
    """The first month no sheet that was handed over stands on; without one, the month the grant begins."""
    handed_over = (
        ProgressSheet.objects.filter(grant=grant)
        .exclude(state=ProgressSheet.State.DRAFT)
        .order_by("-month")
        .first()
    )
    if handed_over is None:
        return first_of_month(grant.starts_on)
    return add_months(handed_over.month, handed_over.months)


def hold_open_months(grant: Grant) -> None:
    """Until the transaction ends no further sheet is handed over. Goes before the lock of the grant: who writes into a
    sheet holds its row first and touches the grant's after it."""
    drafts = ProgressSheet.objects.select_for_update(of=("self",)).filter(
        grant=grant, state=ProgressSheet.State.DRAFT
    )
    list(drafts.order_by("pk"))
