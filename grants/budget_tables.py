"""The tables of the budget page below its first one: items by fiscal year, spending by month. Whole yen."""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby

from core import clock
from core.months import add_months, first_of_month, fiscal_year
from grants.budget import PROJECT_COST
from grants.models import BudgetLine, Expenditure, Grant, Purpose


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item 費目. `by_year`: each fiscal year of the table with its plan, None where it has no line."""

    item: str
    by_year: tuple[tuple[int, int | None], ...]
    granted: int
    own: int

    @property
    def plan(self) -> int:
        return self.granted + self.own


@dataclass(frozen=True, slots=True)
class ItemGroup:
    label: str
    rows: tuple[ItemRow, ...]
    total: ItemRow


@dataclass(frozen=True, slots=True)
class ItemTable:
    fiscal_years: tuple[int, ...]
    groups: tuple[ItemGroup, ...]


def item_table(grant: Grant) -> ItemTable:
    """Every planned item, under its purpose. One query."""
    lines = list(BudgetLine.objects.filter(grant=grant).order_by("position", "pk"))
    years = tuple(sorted({line.fiscal_year for line in lines}))
    groups = []
    for purpose in Purpose:
        of_purpose = [line for line in lines if line.purpose == purpose]
        if of_purpose:
            by_item: dict[str, list[BudgetLine]] = defaultdict(list)
            for line in of_purpose:
                by_item[line.item].append(line)
            rows = tuple(_item_row(item, own_lines, years) for item, own_lines in by_item.items())
            total = _item_row(str(purpose.label), of_purpose, years)
            groups.append(ItemGroup(label=str(purpose.label), rows=rows, total=total))
    return ItemTable(years, tuple(groups))


def _item_row(item: str, lines: list[BudgetLine], years: tuple[int, ...]) -> ItemRow:
    plans: dict[int, int] = defaultdict(int)
    for line in lines:
        plans[line.fiscal_year] += line.granted_yen + line.own_yen
    return ItemRow(
        item=item,
        by_year=tuple((year, plans.get(year)) for year in years),
        granted=sum(line.granted_yen for line in lines),
        own=sum(line.own_yen for line in lines),
    )


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One period's spending; None where nobody entered an amount. `total` is the project cost up to here."""

    month: datetime.date
    direct: int | None
    administrative: int | None
    evaluation: int | None
    total: int

    @property
    def fiscal_year(self) -> int:
        return fiscal_year(self.month)

    @property
    def project_cost(self) -> int | None:
        known = [amount for amount in (self.direct, self.administrative) if amount is not None]
        return sum(known) if known else None


def monthly_spending(grant: Grant, months: list[datetime.date]) -> list[MonthRow]:
    """One row for each of the periods that begin in `months`. One query."""
    spent = {
        month: {row.purpose: row.amount_yen for row in rows}
        for month, rows in groupby(
            Expenditure.objects.filter(grant=grant, month__in=months).order_by("month"),
            key=lambda row: row.month,
        )
    }
    rows, total = [], 0
    for month in months:
        amounts = spent.get(month, {})
        total += sum(amounts.get(purpose) or 0 for purpose in PROJECT_COST)
        rows.append(
            MonthRow(
                month=month,
                direct=amounts.get(Purpose.DIRECT),
                administrative=amounts.get(Purpose.ADMINISTRATIVE),
                evaluation=amounts.get(Purpose.EVALUATION),
                total=total,
            )
        )
    return rows


def budget_months(grant: Grant) -> list[datetime.date]:
    """The first months of the periods that have begun, oldest first; the first period when none has."""
    step = grant.program.period_months or 1
    month, last = first_of_month(grant.starts_on), min(clock.today(), grant.ends_on)
    months = [month]
    while add_months(months[-1], step) <= last:
        months.append(add_months(months[-1], step))
    return months


def latest_month_with_spending(grant: Grant, months: list[datetime.date]) -> datetime.date:
    """Where the budget page opens; the latest period when nobody has entered an amount yet."""
    entered = Expenditure.objects.filter(grant=grant, month__in=months, amount_yen__isnull=False)
    return entered.order_by("-month").values_list("month", flat=True).first() or months[-1]
