"""Plan and spending per purpose, and what the ceilings say. Whole yen; totals are computed, never stored."""

import datetime
import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext

from core.money import execution_rate, percent_of, remaining, support_rate
from grants.models import BudgetLine, Expenditure, Grant, Program, Purpose


@dataclass(frozen=True, slots=True)
class PurposeBudget:
    """One row of 予算執行状況. `period` None: nobody entered this period's spending yet."""

    purpose: str
    label: str
    granted: int
    own: int
    period: int | None
    total: int

    @property
    def plan(self) -> int:
        return self.granted + self.own

    @property
    def rate(self) -> Decimal | None:
        """執行率 in percent, one decimal, capped at 100.0; None without a plan."""
        return execution_rate(self.total, self.plan)

    @property
    def remaining(self) -> int:
        return remaining(self.total, self.plan)

    @property
    def support_rate(self) -> Decimal | None:
        return support_rate(self.granted, self.own)


PROJECT_COST = (Purpose.DIRECT, Purpose.ADMINISTRATIVE)  # 事業費


def purpose_budgets(
    grant: Grant, month: datetime.date, within: int | None = None
) -> dict[str, PurposeBudget]:
    """By purpose, spending up to and with the period that begins in `month`. Two queries.

    `within` a fiscal year: only that year's plan and spending.
    """
    lines = BudgetLine.objects.filter(grant=grant)
    spending = Expenditure.objects.filter(grant=grant, month__lte=month)
    if within is not None:
        lines = lines.filter(fiscal_year=within)
        spending = spending.filter(month__gte=datetime.date(within, 4, 1))
    planned = {
        row["purpose"]: row
        for row in lines.order_by().values("purpose").annotate(granted=Sum("granted_yen"), own=Sum("own_yen"))
    }
    spent = {
        row["purpose"]: row
        for row in spending.order_by()
        .values("purpose")
        .annotate(total=Sum("amount_yen"), period=Sum("amount_yen", filter=Q(month=month)))
    }
    return {
        purpose.value: PurposeBudget(
            purpose=purpose.value,
            label=str(purpose.label),
            granted=planned.get(purpose, {}).get("granted") or 0,
            own=planned.get(purpose, {}).get("own") or 0,
            period=spent.get(purpose, {}).get("period"),
            total=spent.get(purpose, {}).get("total") or 0,
        )
        for purpose in Purpose
    }


def project_cost(budgets: dict[str, PurposeBudget]) -> PurposeBudget:
    """事業費: direct and administrative together."""
    parts = [budgets[purpose] for purpose in PROJECT_COST]
    periods = [part.period for part in parts if part.period is not None]
    return PurposeBudget(
        purpose="project",
        label=gettext("事業費"),
        granted=sum(part.granted for part in parts),
        own=sum(part.own for part in parts),
        period=sum(periods) if periods else None,
        total=sum(part.total for part in parts),
    )


@dataclass(frozen=True, slots=True)
class Ceiling:
    """What one ceiling of the program says of a plan. `over` is the yen above it, 0 when it is kept."""

    purpose: str
    label: str
    percent: Decimal | None  # None: there is no granted project cost to compare with
    ceiling: Decimal  # percent of the granted part of the project cost
    allowed: int  # yen
    over: int  # yen


def ceilings(program: Program, budgets: dict[str, PurposeBudget]) -> list[Ceiling]:
    """管理的経費 and 評価関連経費 against the program's ceilings, on the granted part of 事業費 (product.md, Money)."""
    base = project_cost(budgets).granted
    return [
        _ceiling(budgets[Purpose.ADMINISTRATIVE], base, program.administrative_ceiling),
        _ceiling(budgets[Purpose.EVALUATION], base, program.evaluation_ceiling),
    ]


def _ceiling(budget: PurposeBudget, base: int, ceiling: Decimal) -> Ceiling:
    allowed = math.floor(Fraction(base) * Fraction(ceiling) / 100)  # yen
    return Ceiling(
        purpose=budget.purpose,
        label=budget.label,
        percent=percent_of(budget.granted, base),
        ceiling=ceiling,
        allowed=allowed,
        over=max(budget.granted - allowed, 0),
    )


def budgets_by_grant(grants: QuerySet[Grant]) -> dict[int, dict[str, PurposeBudget]]:
    """The plans alone, of many grants in one query; a grant without a budget is not among them."""
    plans: dict[int, dict[str, PurposeBudget]] = {}
    rows = (
        BudgetLine.objects.filter(grant__in=grants)
        .order_by()
        .values("grant", "purpose")
        .annotate(granted=Sum("granted_yen"), own=Sum("own_yen"))
    )
    for row in rows:
        budgets = plans.setdefault(row["grant"], {purpose.value: _unspent(purpose) for purpose in Purpose})
        budgets[row["purpose"]] = _unspent(Purpose(row["purpose"]), row["granted"], row["own"])
    return plans


def _unspent(purpose: Purpose, granted: int = 0, own: int = 0) -> PurposeBudget:
    return PurposeBudget(purpose.value, str(purpose.label), granted, own, period=None, total=0)


def own_funds_percent(budgets: dict[str, PurposeBudget]) -> Decimal | None:
    """自己資金 as a share of 事業費, in percent; below the program's floor it is told, never blocked."""
    cost = project_cost(budgets)
    return percent_of(cost.own, cost.plan)
