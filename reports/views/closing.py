"""The page before 確定する: what is missing, or one button."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from core.access import UserRequest, takes
from mentoring.access import sheet_to_manage
from mentoring.closing import cautions_for_closing, missing_for_closing
from mentoring.models import ProgressSheet, RowComment
from mentoring.reading import read_sheet
from mentoring.services.closing import NotReady, close_sheet
from mentoring.turns import Sides
from mentoring.views.sheet_head import sheet_head
from mentoring.workflow import WrongState, may
from reports.pdf.sheet import render_sheet_pdf


@require_http_methods(["GET", "HEAD", "POST"])
@takes(sheet_to_manage)
def sheet_close(request: UserRequest, sheet: ProgressSheet) -> HttpResponse:
    if request.method != "POST":
        return render(request, "reports/sheet_close.html", _closing_page(request, sheet))
    try:
        close_sheet(sheet=sheet, by=request.user, render_pdf=render_sheet_pdf)
    except (NotReady, WrongState) as error:
        sheet = ProgressSheet.objects.with_names().get(pk=sheet.pk)
        context = _closing_page(request, sheet) | {"refused": True}
        return render(
            request, "reports/sheet_close.html", context, status=422 if isinstance(error, NotReady) else 409
        )
    messages.success(
        request,
        gettext("%(month)sを確定し、PDFを保存しました。役員の皆さんも読めます。") % {"month": sheet.label},
    )
    return redirect(sheet)


def _closing_page(request: UserRequest, sheet: ProgressSheet) -> dict[str, Any]:
    """`may_close` False: the sheet is with the grantee, or closed already."""
    reading = read_sheet(sheet)
    return {
        **sheet_head(sheet, Sides.of(request.user, sheet.grant)),
        "reading": reading,
        "may_close": may("close", sheet),
        "missing": missing_for_closing(reading),
        "cautions": cautions_for_closing(reading, RowComment.objects.waiting().filter(sheet=sheet).count()),
        "document": sheet.documents.last() if sheet.is_closed else None,
    }
