"""What a period cost, per purpose."""

import datetime

from django.db import transaction

from accounts.models import User
from core import clock
from grants.models import Expenditure, Grant


@transaction.atomic
def record_spending(
    *,
    grant: Grant,
    month: datetime.date,
    purpose: str,
    amount_yen: int | None,
    by: User,
    reason: str = "",
) -> Expenditure:
    """One purpose in the period that begins in `month`; None takes the amount back to 未入力.

    The same amount again writes nothing. `reason` stands in the row's history. The caller holds the lock of the
    sheet or budget it belongs to and writes the journal line.
    """
    row = Expenditure.objects.filter(grant=grant, month=month, purpose=purpose).first()
    row = row or Expenditure(grant=grant, month=month, purpose=purpose)
    return write_spending(row=row, amount_yen=amount_yen, by=by, reason=reason)


def write_spending(*, row: Expenditure, amount_yen: int | None, by: User, reason: str = "") -> Expenditure:
    """The same for a row that was read, or made, under that lock."""
    if row.pk is not None and row.amount_yen == amount_yen:
        return row
    row.amount_yen = amount_yen
    row._history_user, row._history_date, row._change_reason = by, clock.now(), reason  # type: ignore[attr-defined]
    row.save()
    return row
