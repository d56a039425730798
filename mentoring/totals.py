"""Running totals 累計, computed when read and stored nowhere: one SQL query for all methods (product.md, Figures).

Blank is never zero: a month without an entry adds nothing, and the total says that months are missing.
Totals run from the grant's first sheet and never restart with the fiscal year.
"""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import (
    Aggregate,
    BigIntegerField,
    Case,
    Count,
    DateField,
    DecimalField,
    F,
    IntegerField,
    OrderBy,
    Q,
    QuerySet,
    Sum,
    When,
    Window,
)
from django.db.models.functions import FirstValue, RowNumber

from core.months import fiscal_year
from core.prepared import Given, Prepared
from grants.models import Indicator
from grants.plan import IndicatorPlan
from mentoring.models import Figure, ProgressSheet

Method = Indicator.Method

ENTERED = (
    Q(value__isnull=False) | Q(denominator__isnull=False) | ~Q(presence="") | ~Q(step="") | ~Q(sentence="")
)
NUMBER: DecimalField = DecimalField(max_digits=24, decimal_places=2)  # type: ignore[type-arg]


@dataclass(frozen=True, slots=True)
class Total:
    """One indicator's running total. None everywhere means that nobody ever entered anything."""

    value: Decimal | None = None  # in the indicator's unit; a ratio in percent, unrounded
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    step: str = ""
    sentence: str = ""
    presence: str = ""
    as_of: datetime.date | None = None  # the latest period with an entry
    gaps: int = 0  # earlier periods that owed a figure and have none
    year_value: Decimal | None = None  # what this fiscal year (April to March) came to, for yearly targets
    progress: str = ""  # the word both sides agreed on last

    def achievement(self, plan: IndicatorPlan) -> Decimal | None:
        """Percent of the way from baseline to target, one decimal; None without a numeric target.

        A target below the baseline works too: both distances are negative then.
        """
        if self.value is None or plan.target_value is None or plan.target_value == plan.baseline:
            return None
        way = (self.value - plan.baseline) / (plan.target_value - plan.baseline) * 100
        return way.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def _over(expression: Aggregate | FirstValue | RowNumber, *order: OrderBy) -> Window:
    """`expression` over all figures of the same indicator."""
    return Window(expression, partition_by=[F("indicator")], order_by=list(order) or None)


LATEST_FIRST = F("sheet__month").desc()


COLUMNS = (
    "indicator_id", "is_entry", "month", "value", "numerator", "denominator", "step", "sentence", "presence",
    "value_sum", "year_sum", "numerator_sum", "denominator_sum", "entries_before", "last_progress",
)  # fmt: skip


def _figures(
    up_to: datetime.date | Given, year_began: datetime.date | Given, **of: Any
) -> "QuerySet[Figure, tuple[Any, ...]]":
    """A row for each indicator that a lookup of its figures chooses: its latest entry up to `up_to`, and beside it what
    all its figures come to.

    合計・新規の実人数: `value_sum`; of this fiscal year `year_sum`. 割合: `numerator_sum`, `denominator_sum`, or the latest
    pair. 最新値・状態・有無: the row's own fields. Blank is NULL and adds nothing.
    """
    is_entered = Case(When(ENTERED, then=1), default=0, output_field=IntegerField())
    has_progress = Case(When(progress="", then=0), default=1, output_field=IntegerField())
    this_year = Case(When(sheet__month__gte=year_began, then=F("value")))
    earlier = Case(When(ENTERED, sheet__month__lt=up_to, then=1))
    return (
        Figure.objects.filter(sheet__month__lte=up_to, **of)
        .order_by()
        .annotate(
            place=_over(RowNumber(), is_entered.desc(), LATEST_FIRST),
            is_entry=is_entered,
            month=F("sheet__month"),
            value_sum=_over(Sum("value", output_field=NUMBER)),
            year_sum=_over(Sum(this_year, output_field=NUMBER)),
            numerator_sum=_over(Sum("numerator", output_field=NUMBER)),
            denominator_sum=_over(Sum("denominator", output_field=NUMBER)),
            entries_before=_over(Count(earlier)),
            last_progress=_over(FirstValue("progress"), has_progress.desc(), LATEST_FIRST),
        )
        .filter(place=1)
        .values_list(*COLUMNS)
    )


# Every page with a total asks this (core.prepared).
FIGURES_OF_GRANT = Prepared(
    lambda: _figures(
        Given("up_to", DateField()),
        Given("year_began", DateField()),
        indicator__grant=Given("grant", BigIntegerField()),
    )
)


def _year_began(month: datetime.date) -> datetime.date:
    return datetime.date(fiscal_year(month), 4, 1)


def running_totals(
    grant_id: int,
    indicators: Iterable[IndicatorPlan],
    up_to: datetime.date,
    *,
    periods: Collection[datetime.date] | None = None,
) -> dict[int, Total]:
    """Totals of the grant's `indicators` by their id, up to and with the period that begins in the month `up_to`.

    Two queries; one when the caller knows the first months of the grant's sheets, its `periods`.
    """
    if periods is None:
        periods = list(ProgressSheet.objects.filter(grant=grant_id).values_list("month", flat=True))
    earlier = [month for month in periods if month < up_to]
    found = _by_indicator(FIGURES_OF_GRANT.rows(grant=grant_id, up_to=up_to, year_began=_year_began(up_to)))
    return {
        plan.id: _total(plan, found.get(plan.id), owed=sum(month >= plan.since for month in earlier))
        for plan in indicators
    }


def totals_across_grants(indicators: Iterable[IndicatorPlan], up_to: datetime.date) -> dict[int, Total]:
    """Totals of several grants' indicators by their id, without the gaps in them. One query."""
    plans = {plan.id: plan for plan in indicators}
    found = _by_indicator(_figures(up_to, _year_began(up_to), indicator__in=list(plans)))
    return {pk: _total(plan, found.get(pk), owed=0) for pk, plan in plans.items()}


def _by_indicator(rows: Iterable[Iterable[Any]]) -> dict[int, dict[str, Any]]:
    named = (dict(zip(COLUMNS, row, strict=True)) for row in rows)
    return {row["indicator_id"]: row for row in named}


def _total(plan: IndicatorPlan, row: dict[str, Any] | None, *, owed: int) -> Total:
    """`owed`: how many earlier periods asked for a figure."""
    if row is None:
        return Total(gaps=owed)
    gaps = max(owed - row["entries_before"], 0)
    if not row["is_entry"]:  # rows there are, but nobody entered anything in them
        return Total(gaps=gaps, progress=row["last_progress"])
    adds_up = plan.method in (Method.SUM, Method.NEW_UNIQUE)
    is_ratio, is_said = plan.method == Method.RATIO, plan.method in (Method.STATE, Method.PRESENCE)
    kind = "_sum" if plan.ratio_is_pooled else ""
    numerator = row[f"numerator{kind}"] if is_ratio else None
    denominator = row[f"denominator{kind}"] if is_ratio else None
    counted = row["value_sum"] if adds_up else row["value"] if plan.method == Method.LATEST else None
    return Total(
        value=_value(plan, counted, numerator, denominator),
        numerator=numerator,
        denominator=denominator,
        step=row["step"] if is_said else "",
        sentence=row["sentence"] if is_said else "",
        presence=row["presence"] if is_said else "",
        as_of=row["month"],
        gaps=gaps,
        year_value=row["year_sum"] if adds_up else counted,
        progress=row["last_progress"],
    )


def _value(
    plan: IndicatorPlan, value: Decimal | None, numerator: Decimal | None, denominator: Decimal | None
) -> Decimal | None:
    """A sum stands on the baseline of the month's plan; a ratio of nobody asked is no ratio."""
    if plan.method == Method.RATIO:
        return percent_of_pair(numerator, denominator)
    if value is None:
        return None
    return value if plan.method == Method.LATEST else plan.baseline + value


def percent_of_pair(numerator: Decimal | None, denominator: Decimal | None) -> Decimal | None:
    """Unrounded percent; None when nobody was asked."""
    if numerator is None or not denominator:
        return None
    return numerator * 100 / denominator
