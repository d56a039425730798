"""A plan comes in from a table: choose or paste it, see what was understood, confirm. And goes out again."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.access import UserRequest, View, takes
from core.months import first_of_month
from grants.access import grant_to_manage, grant_to_view
from grants.models import Grant, PlanProposal
from grants.plan import Plan
from grants.plan_import.table import SourceRow
from grants.plan_import.writing import plan_rows
from grants.plan_reading import plan_in_force
from grants.plan_text.doubts import Doubt
from mentoring.services.plan_import import (
    MonthNotOpen,
    NothingToChange,
    PlanRefused,
    compared,
    import_plan,
    open_months,
    period_of,
    seal_of,
)
from mentoring.services.proposals import AlreadyOne
from mentoring.views.held import held_typed, keeping, let_go_of_held
from reports.exports.plan import plan_csv, plan_workbook
from reports.plan_form import PlanMonthForm, PlanSourceForm, posted_rows, posted_text, read_seen, sign_seen
from reports.plan_preview import preview

HELD_PLAN = "held_plan"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _keeps_rows(view: View) -> View:
    """Whoever is signed out by the time they press a button finds their rows again after signing in."""
    return keeping(view, HELD_PLAN, "reports:plan_import", lambda pk, seen: read_seen(pk, seen) is not None)


@require_http_methods(["GET", "POST"])
@takes(grant_to_manage)
def plan_import(request: UserRequest, grant: Grant) -> HttpResponse:
    """The file or the paste; a good one is answered with what was understood of it."""
    held = held_typed(request, grant.pk, HELD_PLAN)
    if request.method == "GET" and held is not None and "new" not in request.GET:
        return _show_held(request, grant, held)
    let_go_of_held(request, grant.pk, HELD_PLAN)
    form = PlanSourceForm(request.POST, request.FILES) if request.method == "POST" else PlanSourceForm()
    if form.is_valid():
        month_form = PlanMonthForm(initial={"month": open_months(grant).default})
        table = form.table
        return _show_rows(request, grant, table.rows, month_form, source=form.source, doubts=table.doubts)
    context = {
        "grant": grant,
        "form": form,
        "months": open_months(grant),
        "live": PlanProposal.objects.live().filter(grant=grant).first(),
    }
    return render(request, "reports/plan_import.html", context, status=422 if form.errors else 200)


def _show_held(request: UserRequest, grant: Grant, held: QueryDict) -> HttpResponse:
    words = gettext("サインインが切れていました。直していた表はここに残っています。まだ取り込んでいません。")
    form, source = PlanMonthForm(held), held.get("source", "")
    return _show_rows(request, grant, posted_rows(held), form, source=source, notice=words)


@_keeps_rows
@require_POST
@takes(grant_to_manage)
def plan_import_check(request: UserRequest, grant: Grant) -> HttpResponse:
    """The rows again, as they were corrected in the page."""
    let_go_of_held(request, grant.pk, HELD_PLAN)
    form = PlanMonthForm(request.POST)
    return _show_rows(request, grant, posted_rows(request.POST), form, source=request.POST.get("source", ""))


@_keeps_rows
@require_POST
@takes(grant_to_manage)
def plan_import_confirm(request: UserRequest, grant: Grant) -> HttpResponse:
    rows, form = posted_rows(request.POST), PlanMonthForm(request.POST)
    source = posted_text(request.POST, "source")[:200]
    if not form.is_valid() or not rows:
        return _show_rows(request, grant, rows, form, source=source, status=422)
    month = form.cleaned_data["month"]
    seen = read_seen(grant.pk, request.POST.get("seen", "")) or ""
    try:
        proposal = import_plan(grant=grant, rows=rows, month=month, by=request.user, source=source, seen=seen)
    except NothingToChange as refused:
        messages.info(request, refused.message)
        return redirect(grant)
    except AlreadyOne as error:
        return _another_proposal(request, grant, rows, form, error.proposal)
    except MonthNotOpen as refused:
        form.add_error("month", refused.message)
        return _show_rows(request, grant, rows, form, source=source, status=422)
    except PlanRefused as refused:
        return _show_rows(request, grant, rows, form, source=source, status=409, notice=refused.message)
    let_go_of_held(request, grant.pk, HELD_PLAN)
    if proposal is not None:
        messages.success(
            request,
            gettext("見直しの案にしました。理由を書いて、提案してください。計画はまだ変わっていません。"),
        )
        return redirect(proposal)
    messages.success(request, gettext("計画を取り込みました。"))
    return redirect(grant)


def _another_proposal(
    request: UserRequest, grant: Grant, rows: Sequence[SourceRow], form: PlanMonthForm, live: PlanProposal
) -> HttpResponse:
    """A second press leads to the proposal the first one made; another's proposal is not written over."""
    target = compared(grant, rows, form.cleaned_data["month"]).target
    if Plan.from_json(live.draft).to_json() == target.to_json():
        let_go_of_held(request, grant.pk, HELD_PLAN)
        return redirect(live)
    words = gettext("見直しの案が、もうひとつ進んでいます。その案が決まるか取り下げられたら、取り込めます。")
    return _show_rows(
        request, grant, rows, form, source=request.POST.get("source", ""), status=409, notice=words, live=live
    )


def _show_rows(
    request: UserRequest,
    grant: Grant,
    rows: Sequence[SourceRow],
    form: PlanMonthForm,
    *,
    source: str,
    status: int = 200,
    notice: str = "",
    doubts: Sequence[Doubt] = (),
    live: PlanProposal | None = None,
) -> HttpResponse:
    """What was understood, compared with the plan of the month asked for."""
    months = open_months(grant)
    month = _month_of(form) or months.default
    comparison = compared(grant, rows, month)
    context: dict[str, Any] = {
        "grant": grant,
        "form": form,
        "months": months,
        "comparison": comparison,
        "preview": preview(comparison, rows),
        "table_doubts": doubts,
        "source": source,
        "seen": sign_seen(grant.pk, seal_of(comparison.plan)),
        "notice": notice,
        "live": live or PlanProposal.objects.live().filter(grant=grant).first(),
    }
    if form.is_bound and form.errors and status == 200:
        status = 422
    return render(request, "reports/plan_preview.html", context, status=status)


def _month_of(form: PlanMonthForm) -> dt.date | None:
    if form.is_bound:
        return form.cleaned_data.get("month") if form.is_valid() else None
    month: dt.date = form.initial["month"]
    return month


# --- out ------------------------------------------------------------------------------------------------------


@require_safe
@takes(grant_to_view)
def plan_export_xlsx(request: UserRequest, grant: Grant) -> HttpResponse:
    return _download(grant, plan_workbook(_rows_today(grant)), XLSX, "xlsx")


@require_safe
@takes(grant_to_view)
def plan_export_csv(request: UserRequest, grant: Grant) -> HttpResponse:
    return _download(grant, plan_csv(_rows_today(grant)), "text/csv; charset=utf-8", "csv")


def _rows_today(grant: Grant) -> list[SourceRow]:
    """Of the plan in force today; before and after the grant of its first and its last, as its page shows it."""
    today = first_of_month(min(max(clock.today(), grant.starts_on), grant.ends_on))
    return plan_rows(plan_in_force(grant, today), period_of(grant))


def _download(grant: Grant, content: bytes, content_type: str, extension: str) -> HttpResponse:
    name = gettext("計画_%(name)s_%(day)s") % {
        "name": grant.organisation.name,
        "day": f"{clock.today():%Y%m%d}",
    }
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.{extension}") or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
