"""Support given: read by everybody who works on the grant, written by its officers."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from core.access import UserRequest, takes
from core.doubtful import doubtful_fields, were_shown
from core.redirects import wanted_next
from grants.access import grant_to_manage, grant_to_read_whole
from grants.models import Grant
from mentoring.access import support_to_manage
from mentoring.forms.support import SupportForm, closed_words
from mentoring.models import Intervention, ProgressSheet
from mentoring.services.support import MonthClosed, add_support, closed_sheet_of, edit_support
from mentoring.support_record import support_record


@require_GET
@takes(grant_to_read_whole)
def support_list(request: UserRequest, grant: Grant) -> HttpResponse:
    context = {
        "grant": grant,
        "record": support_record(grant, request.GET.get("year", "")),
        "may_write": grant.is_managed_by(request.user),
    }
    return render(request, "mentoring/support_list.html", context)


@require_http_methods(["GET", "POST"])
@takes(grant_to_manage)
def support_new(request: UserRequest, grant: Grant) -> HttpResponse:
    form = SupportForm(
        request.POST or None, grant=grant, by=request.user, sheet=_sheet_asked_from(request, grant)
    )
    if request.method == "POST" and form.is_valid():
        try:
            support = add_support(grant=grant, content=form.support_content(), by=request.user)
        except MonthClosed as error:
            form.add_error("on", closed_words(error.sheet.label))
        else:
            messages.success(request, gettext("支援を残しました。"))
            return redirect(_onward(request, form, support))
    return _show_form(request, grant, form)


@require_http_methods(["GET", "POST"])
@takes(support_to_manage)
def support_edit(request: UserRequest, support: Intervention) -> HttpResponse:
    grant = support.grant
    closed = closed_sheet_of(grant.pk, support.on)
    form = SupportForm(request.POST or None, grant=grant, by=request.user, support=support)
    if request.method == "POST" and closed is None and form.is_valid():
        try:
            edit_support(support=support, content=form.support_content(), by=request.user)
        except MonthClosed as error:
            form.add_error("on", closed_words(error.sheet.label))
        else:
            messages.success(request, gettext("支援をなおしました。"))
            return redirect(_onward(request, form, support))
    return _show_form(request, grant, form, support=support, closed=closed)


def _onward(request: UserRequest, form: SupportForm, support: Intervention) -> str:
    """Back; or to the page of the support, when there is a doubt about a text that was not shown yet."""
    if were_shown(doubtful_fields(form), request.POST):
        return _back(request, form.grant)
    query = urlencode({"next": wanted_next(request)}) if wanted_next(request) else ""
    return f"{reverse('mentoring:support_edit', args=[support.pk])}?{query}".removesuffix("?")


def _sheet_asked_from(request: UserRequest, grant: Grant) -> ProgressSheet | None:
    pk = request.GET.get("sheet", "")
    return grant.sheets.filter(pk=pk).first() if pk.isascii() and pk.isdigit() and len(pk) < 16 else None


def _back(request: UserRequest, grant: Grant) -> str:
    return wanted_next(request) or reverse("mentoring:support_list", args=[grant.pk])


def _show_form(
    request: UserRequest,
    grant: Grant,
    form: SupportForm,
    *,
    support: Intervention | None = None,
    closed: ProgressSheet | None = None,
) -> HttpResponse:
    context = {
        "grant": grant,
        "form": form,
        "support": support,
        "closed": closed,
        "closed_words": closed_words(closed.label) if closed else "",
        "doubtful": doubtful_fields(form),
        "next": wanted_next(request),
        "back": _back(request, grant),
    }
    status = 200 if request.method == "GET" else 409 if closed else 422
    return render(request, "mentoring/support_form.html", context, status=status)
