"""Handing a sheet back or opening it again, with a reason."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from core.access import UserRequest, takes
from core.doubtful import know_organisations, were_shown
from mentoring.access import sheet_to_manage
from mentoring.forms.moves import ReasonForm, ReopenForm, ReturnForm
from mentoring.models import ProgressSheet
from mentoring.services.moves import reopen_sheet, return_sheet
from mentoring.views.moved import moved_on
from mentoring.views.sheets import sheet_page
from mentoring.workflow import WrongState


@require_POST
@takes(sheet_to_manage)
def sheet_return(request: UserRequest, sheet: ProgressSheet) -> HttpResponse:
    done = gettext("差し戻しました。%(name)sの皆さんに、理由をメールでお知らせしています。")
    return _move(request, sheet, ReturnForm(request.POST), "return_form", return_sheet, done)


@require_POST
@takes(sheet_to_manage)
def sheet_reopen(request: UserRequest, sheet: ProgressSheet) -> HttpResponse:
    done = gettext("再開しました。なおしたところは、訂正の記録に残ります。")
    return _move(request, sheet, ReopenForm(request.POST), "reopen_form", reopen_sheet, done)


def _move(
    request: UserRequest,
    sheet: ProgressSheet,
    form: ReasonForm,
    form_name: str,
    service: Callable[..., ProgressSheet],
    done: str,
) -> HttpResponse:
    reason = form.data.get("reason", "")
    know_organisations([form], (sheet.grant.organisation.name, sheet.grant.foundation.short_name))
    if not form.is_valid() or not were_shown(form.doubtful(), request.POST):
        return sheet_page(request, sheet, status=422, **{form_name: form})
    try:
        service(sheet=sheet, by=request.user, reason=form.cleaned_data["reason"])
    except WrongState:
        return moved_on(request, sheet, reason=reason)
    messages.success(request, done % {"name": sheet.grant.organisation.name})
    return redirect(sheet)
