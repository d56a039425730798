from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import clock
from core.access import UserRequest, signed_in, takes
from core.months import first_of_month
from core.search import fold
from grants.access import grant_to_view
from grants.budget import project_cost, purpose_budgets
from grants.models import Grant, Purpose
from grants.plan_reading import plan_in_force
from grants.selectors import consortium_members, grants_found, outline, plan_revisions

PAGE_SIZE = 20
LONGEST_QUERY = 200  # a database refuses to look for a whole page of text


@require_safe
@signed_in
def grant_list(request: UserRequest) -> HttpResponse:
    """Every grant the person may see; `?q=` folds width, case and kana."""
    words = request.GET.get("q", "")[:LONGEST_QUERY]
    grants = grants_found(Grant.objects.visible_to(request.user), fold(words))
    page = Paginator(grants, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "grants/grant_list.html", {"page": page, "q": words})


@require_safe
@takes(grant_to_view)
def grant_detail(request: UserRequest, grant: Grant) -> HttpResponse:
    """The plan shown is the one in force now; before and after the grant, its first and its last."""
    month = first_of_month(min(max(clock.today(), grant.starts_on), grant.ends_on))
    budgets = purpose_budgets(grant, month)
    context = {
        "grant": grant,
        "members": consortium_members(grant.organisation),
        "budgets": [budgets[Purpose.DIRECT], budgets[Purpose.ADMINISTRATIVE]],
        "project_cost": project_cost(budgets),
        "evaluation": budgets[Purpose.EVALUATION],
        "outline": outline(plan_in_force(grant, month)),
        "revisions": plan_revisions(grant, until=month),
        "may_manage": grant.is_managed_by(request.user),
    }
    return render(request, "grants/grant_detail.html", context)
