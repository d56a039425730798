"""Running totals 累計, computed when read and stored nowhere: one SQL expression per method (product.md, Figures).

Blank is never zero: a month without an entry adds nothing, and the total says that months are missing.
Totals run from the grant's first sheet and never restart with the fiscal year.
"""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Case, Count, DecimalField, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce

from core.months import fiscal_year
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


def _entries(up_to: datetime.date, since: datetime.date | None = None) -> QuerySet[Figure]:
    """The figures of the outer indicator, `up_to` and `since` included."""
    figures = Figure.objects.filter(indicator=OuterRef("pk"), sheet__month__lte=up_to)
    return figures.filter(sheet__month__gte=since) if since else figures


def _sum_of(field: str, up_to: datetime.date, since: datetime.date | None = None) -> Subquery:
    summed = _entries(up_to, since).order_by().values("indicator").annotate(total=Sum(field)).values("total")
    return Subquery(summed, output_field=NUMBER)


def _latest(field: str, up_to: datetime.date) -> Subquery:
    return Subquery(_entries(up_to).filter(ENTERED).order_by("-sheet__month").values(field)[:1])


def value_expression(up_to: datetime.date) -> Case:
    """合計・新規の実人数: the sum. 最新値: the latest entered. (The baseline is added by the plan of the month.)"""
    return Case(
        When(method__in=[Method.SUM, Method.NEW_UNIQUE], then=_sum_of("value", up_to)),
        When(method=Method.LATEST, then=_latest("value", up_to)),
        output_field=NUMBER,
    )


def part_expression(part: str, up_to: datetime.date) -> Case:
    """割合: `part` is numerator or denominator: of the sums, or of the latest pair (per indicator)."""
    return Case(
        When(method=Method.RATIO, ratio_is_pooled=True, then=_sum_of(part, up_to)),
        When(method=Method.RATIO, ratio_is_pooled=False, then=_latest(part, up_to)),
        output_field=NUMBER,
    )


def word_expression(field: str, up_to: datetime.date) -> Case:
    """状態・有無: the latest."""
    return Case(When(method__in=[Method.STATE, Method.PRESENCE], then=_latest(field, up_to)))


def _last_progress(up_to: datetime.date) -> Subquery:
    return Subquery(_entries(up_to).exclude(progress="").order_by("-sheet__month").values("progress")[:1])


def _periods_with_entry(up_to: datetime.date) -> Coalesce:
    counted = (
        _entries(up_to)
        .filter(ENTERED, sheet__month__lt=up_to)
        .order_by()
        .values("indicator")
        .annotate(n=Count("pk"))
    )
    return Coalesce(Subquery(counted.values("n")), 0)


def running_totals(
    grant_id: int,
    indicators: Iterable[IndicatorPlan],
    up_to: datetime.date,
    *,
    periods: Collection[datetime.date] | None = None,
) -> dict[int, Total]:
    """Totals by indicator id, up to and with the period that begins in the month `up_to`.

    Two queries; one when the caller knows the first months of the grant's sheets, its `periods`.
    """
    plans = {plan.id: plan for plan in indicators}
    if periods is None:
        periods = list(ProgressSheet.objects.filter(grant=grant_id).values_list("month", flat=True))
    earlier = [month for month in periods if month < up_to]
    year_began = datetime.date(fiscal_year(up_to), 4, 1)
    rows = Indicator.objects.filter(pk__in=plans).annotate(
        total_value=value_expression(up_to),
        total_numerator=part_expression("numerator", up_to),
        total_denominator=part_expression("denominator", up_to),
        total_step=word_expression("step", up_to),
        total_sentence=word_expression("sentence", up_to),
        total_presence=word_expression("presence", up_to),
        as_of=_latest("sheet__month", up_to),
        last_progress=_last_progress(up_to),
        periods_with_entry=_periods_with_entry(up_to),
        year_value=Case(
            When(method__in=[Method.SUM, Method.NEW_UNIQUE], then=_sum_of("value", up_to, year_began)),
            When(method=Method.LATEST, then=_latest("value", up_to)),
            output_field=NUMBER,
        ),
    )
    totals = {}
    for row in rows.values():
        plan = plans[row["id"]]
        owed = sum(month >= plan.since for month in earlier)
        totals[plan.id] = Total(
            value=_value(plan, row["total_value"], row["total_numerator"], row["total_denominator"]),
            numerator=row["total_numerator"],
            denominator=row["total_denominator"],
            step=row["total_step"] or "",
            sentence=row["total_sentence"] or "",
            presence=row["total_presence"] or "",
            as_of=row["as_of"],
            gaps=max(owed - row["periods_with_entry"], 0),
            year_value=row["year_value"],
            progress=row["last_progress"] or "",
        )
    return totals


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
