"""The support one grantee received, a fiscal year at a time (April to March)."""

import datetime
from dataclasses import dataclass
from itertools import groupby

from core import clock
from core.months import first_of_month, fiscal_year, fiscal_year_label
from grants.models import Grant
from mentoring.models import Intervention


@dataclass(frozen=True, slots=True)
class MonthOfSupport:
    month: datetime.date
    interventions: list[Intervention]


@dataclass(frozen=True, slots=True)
class CategoryTotal:
    name: str
    times: int
    minutes: int  # of those whose time was written down
    untimed: int  # how many were written down without a time


@dataclass(frozen=True, slots=True)
class SupportRecord:
    year: int
    years: list[int]  # those with support, latest first; the one shown is always among them
    months: list[MonthOfSupport]  # latest first
    categories: list[CategoryTotal]

    @property
    def label(self) -> str:
        return fiscal_year_label(self.year)

    @property
    def year_links(self) -> list[tuple[int, str]]:
        return [(year, fiscal_year_label(year)) for year in self.years]

    @property
    def times(self) -> int:
        return sum(category.times for category in self.categories)

    @property
    def minutes(self) -> int:
        return sum(category.minutes for category in self.categories)


def support_record(grant: Grant, wanted: str = "") -> SupportRecord:
    """`wanted`: a fiscal year as typed in the address; the latest with support when it is none of those. Two queries."""
    days = Intervention.objects.filter(grant=grant).order_by().values_list("on", flat=True).distinct()
    years = sorted({fiscal_year(day) for day in days}, reverse=True)
    named = [year for year in years if str(year) == wanted]
    year = (named or years or [fiscal_year(clock.today())])[0]
    given = list(
        Intervention.objects.filter(
            grant=grant, on__range=(datetime.date(year, 4, 1), datetime.date(year + 1, 3, 31))
        )
        .with_names()
        .order_by("-on", "-pk")
    )
    return SupportRecord(
        year=year,
        years=years or [year],
        months=[
            MonthOfSupport(month, list(group))
            for month, group in groupby(given, key=lambda support: first_of_month(support.on))
        ],
        categories=_totals(given),
    )


def _totals(given: list[Intervention]) -> list[CategoryTotal]:
    """In the order of the foundation's list of categories."""
    by_category = sorted(given, key=lambda s: (s.item.category.position, s.item.category_id))
    totals = []
    for _pk, group in groupby(by_category, key=lambda support: support.item.category_id):
        rows = list(group)
        timed = [support.minutes for support in rows if support.minutes]
        totals.append(
            CategoryTotal(rows[0].item.category.name, len(rows), sum(timed), len(rows) - len(timed))
        )
    return totals
