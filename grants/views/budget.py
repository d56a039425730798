import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.access import UserRequest, takes
from core.months import (
    add_months,
    fiscal_year,
    months_between,
    parse_month,
    period_label,
    short_month_label,
)
from grants.access import grant_to_read_budget
from grants.budget import ceilings, own_funds_percent, project_cost, purpose_budgets
from grants.budget_tables import budget_months, item_table, latest_month_with_spending, monthly_spending
from grants.models import Grant, Purpose


@require_safe
@takes(grant_to_read_budget)
def budget_detail(request: UserRequest, grant: Grant) -> HttpResponse:
    """`?month=2023-10` reads the budget as it stood with that month; anything else opens the latest month."""
    months = budget_months(grant)
    month = _month_asked_for(request.GET.get("month", ""), months)
    month = month or latest_month_with_spending(grant, months)
    step = grant.program.period_months or 1
    budgets = purpose_budgets(grant, month)
    year = fiscal_year(month)
    of_year = purpose_budgets(grant, month, within=year)
    own_percent = own_funds_percent(budgets)
    context = {
        "grant": grant,
        "month": month,
        "months": months[::-1],
        "period": short_month_label(month) if step == 1 else period_label(month, step),
        "until": add_months(month, step - 1),
        "month_number": months_between(grant.starts_on, month) + step,
        "months_in_all": months_between(grant.starts_on, grant.ends_on) + 1,
        "rows": [budgets[Purpose.DIRECT], budgets[Purpose.ADMINISTRATIVE]],
        "project_cost": project_cost(budgets),
        "evaluation": budgets[Purpose.EVALUATION],
        "ceilings": ceilings(grant.program, budgets),
        "own_percent": own_percent,
        "own_is_low": own_percent is not None and own_percent < grant.program.own_funds_floor,
        "fiscal_year": year,
        "year_rows": [
            of_year[Purpose.DIRECT],
            of_year[Purpose.ADMINISTRATIVE],
            project_cost(of_year),
            of_year[Purpose.EVALUATION],
        ],
        "items": item_table(grant),
        "spending": monthly_spending(grant, [m for m in months if m <= month])[::-1],
    }
    return render(request, "grants/budget_detail.html", context)


def _month_asked_for(text: str, months: list[datetime.date]) -> datetime.date | None:
    try:
        month = parse_month(text)
    except ValueError:
        return None
    return month if month in months else None
