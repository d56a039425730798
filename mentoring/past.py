"""What the earlier periods hold, beside a field: its columns month by month, and a total without this period.

A total has one place in SQL (totals.py). The page needs it once more, without the period being entered, so that
it can follow what is typed; here it comes out of the rows that the columns need anyway, and a test holds it to
what SQL says of the period before.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.months import fiscal_year
from grants.models import Indicator
from grants.plan import IndicatorPlan
from mentoring.models import ProgressSheet
from mentoring.totals import Total, percent_of_pair

Method = Indicator.Method
SHOWN = 12  # periods beside a field, the one being entered included


@dataclass(frozen=True, slots=True)
class Entry:
    """What was entered for one indicator in one period."""

    month: dt.date
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    presence: str


@dataclass(frozen=True, slots=True)
class Past:
    periods: list[dt.date]  # that had a sheet, this one last
    entries: dict[int, list[Entry]]  # by indicator, oldest first, without this period's

    def total_before(self, plan: IndicatorPlan) -> Total:
        """The running total as it stood before this period, of this period's plan. `gaps` is not counted here."""
        entries = self.entries.get(plan.id, [])
        if not entries:
            return Total()
        last = entries[-1]
        summed = plan.ratio_is_pooled if plan.method == Method.RATIO else plan.method != Method.LATEST
        numerator, denominator = last.numerator, last.denominator
        if summed:
            numerator, denominator = (
                _sum([e.numerator for e in entries]),
                _sum([e.denominator for e in entries]),
            )
        value = _sum([e.value for e in entries]) if summed else last.value
        year = [e.value for e in entries if fiscal_year(e.month) == fiscal_year(self.periods[-1])]
        if plan.method == Method.RATIO:
            whole = percent_of_pair(numerator, denominator)
        else:
            whole = plan.baseline + value if summed and value is not None else value
        return Total(
            value=whole,
            numerator=numerator,
            denominator=denominator,
            presence=last.presence,
            as_of=last.month,
            year_value=_sum(year) if summed else last.value,
        )

    def shown(self, plan: IndicatorPlan) -> list[tuple[dt.date, Entry | None]]:
        """The last periods that owed a figure, oldest first, without this one. None where nobody entered it."""
        by_month = {entry.month: entry for entry in self.entries.get(plan.id, [])}
        months = [month for month in self.periods[:-1] if month >= plan.since or month in by_month]
        return [(month, by_month.get(month)) for month in months[1 - SHOWN :]]


def _sum(parts: Sequence[Decimal | None]) -> Decimal | None:
    """As SQL sums: None when there is nothing to add."""
    there = [part for part in parts if part is not None]
    return sum(there, Decimal(0)) if there else None


def read_past(sheet: ProgressSheet) -> Past:
    """One query, however many months and indicators."""
    rows = (
        ProgressSheet.objects.filter(grant=sheet.grant_id, month__lte=sheet.month)
        .order_by("month")
        .values_list(
            "month",
            "figures__indicator",
            "figures__value",
            "figures__numerator",
            "figures__denominator",
            "figures__presence",
            "figures__step",
            "figures__sentence",
        )
    )
    months: dict[dt.date, None] = {}
    entries: dict[int, list[Entry]] = defaultdict(list)
    for month, indicator, value, numerator, denominator, presence, step, sentence in rows:
        months[month] = None
        is_entered = value is not None or denominator is not None or presence or step or sentence
        if indicator is not None and is_entered and month != sheet.month:
            entries[indicator].append(Entry(month, value, numerator, denominator, presence))
    return Past(list(months), dict(entries))
