"""A month in a workbook: take it home, fill it in, look at what would change, and take that over."""

from io import BytesIO
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from core.access import UserRequest, takes
from core.files import serve_private
from mentoring.access import may_enter, sheet_to_enter, sheet_to_view
from mentoring.models import ProgressSheet
from mentoring.reading import read_sheet
from mentoring.services.entry import SavedEntry, save_entry
from mentoring.turns import Sides
from mentoring.views.moved import moved_on
from mentoring.views.sheet_head import sheet_head
from mentoring.workflow import WrongState
from reports.exports.belonging import check_belongs
from reports.exports.claims import Claim, Claims, claims_of, in_order_of_the_page
from reports.exports.differences import (
    LONGEST,
    Comparison,
    Expired,
    compare,
    kept_labels,
    read_pending,
    sign_pending,
    with_writers,
)
from reports.exports.layout import lay_out
from reports.exports.package import NotTaken
from reports.exports.reading import FilledBook, read_workbook
from reports.exports.workbook import CONTENT_TYPE, render_workbook, workbook_filename
from reports.forms import WorkbookForm


@require_safe
@takes(sheet_to_view)
def sheet_excel(request: UserRequest, sheet: ProgressSheet) -> HttpResponseBase:
    """To fill in for who may enter the sheet now; for everybody else who reads it, a copy that no upload takes."""
    to_enter = may_enter(request.user, sheet)
    content = render_workbook(lay_out(read_sheet(sheet)), to_enter=to_enter)
    return serve_private(
        BytesIO(content),
        filename=workbook_filename(sheet, to_enter=to_enter),
        content_type=CONTENT_TYPE,
        download=True,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@takes(sheet_to_enter)
def excel_upload(request: UserRequest, sheet: ProgressSheet) -> HttpResponse:
    """Reads the file and shows what it would change. Nothing is written, and the file is not kept."""
    if not may_enter(request.user, sheet):
        return _moved_on_before(request, sheet)
    if request.method != "POST":
        return _upload_page(request, sheet, WorkbookForm(), status=200)
    form = WorkbookForm(request.POST, request.FILES)
    if not form.is_valid():
        return _upload_page(request, sheet, form, status=422)
    upload: UploadedFile = form.cleaned_data["file"]
    try:
        book = read_workbook(upload, upload.size or 0)
        check_belongs(book.passport, sheet, request.user)
        return _first_look(request, sheet, book)
    except NotTaken as refused:
        form.add_error("file", refused.message)
        return _upload_page(request, sheet, form, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@takes(sheet_to_enter)
def excel_confirm(request: UserRequest, sheet: ProgressSheet) -> HttpResponse:
    """Takes over what was ticked, and nothing else. Pressed twice it finds everything done."""
    if request.method != "POST":  # somebody who signed in again, or reloaded the address
        return redirect("reports:excel_upload", sheet.pk)
    try:
        pending = read_pending(request.POST.get("pending", ""), sheet, request.user)
    except Expired:
        messages.warning(
            request,
            gettext(
                "確かめる画面が古くなりました。まだ何も取り込んでいません。もう一度、ファイルを選んでください。"
            ),
        )
        return redirect("reports:excel_upload", sheet.pk)
    wanted = set(request.POST.getlist("take"))
    taken = [claim for claim in pending if claim.key in wanted]
    try:
        if not taken:
            comparison = compare(read_sheet(sheet), pending)
            return _differences_page(request, sheet, comparison, status=422, none_taken=True)
        return _take_over(request, sheet, taken)
    except NotTaken as refused:  # what others wrote since has made the page too long; the file has it all
        messages.error(request, refused.message)
        return redirect("reports:excel_upload", sheet.pk)


def _take_over(request: UserRequest, sheet: ProgressSheet, taken: list[Claim]) -> HttpResponse:
    comparison = compare(read_sheet(sheet), taken)
    by_key = comparison.form.by_key
    try:
        saved = save_entry(
            sheet=sheet,
            cells=[by_key[claim.key] for claim in taken if claim.key in by_key],
            typed=comparison.typed,
            seen={claim.key: claim.shown or claim.before for claim in taken},
            by=request.user,
        )
    except WrongState:
        return moved_on(request, sheet, comparison.form)
    _say_taken(request, saved)
    if not saved.conflicts and not comparison.problems:
        return redirect("mentoring:sheet_entry", sheet.pk)
    fresh = ProgressSheet.objects.with_names().get(pk=sheet.pk)
    again = compare(read_sheet(fresh), [claim for claim in taken if claim.key in saved.conflicts])
    return _differences_page(
        request, fresh, again, Claims(problems=comparison.problems), status=422, is_again=True
    )


def _say_taken(request: UserRequest, saved: SavedEntry) -> None:
    if count := len(saved.written):
        text = ngettext(
            "Excelから%(count)dか所を取り込みました。", "Excelから%(count)dか所を取り込みました。", count
        )
        messages.success(request, text % {"count": count})
    elif not saved.conflicts:
        messages.info(request, gettext("もう取り込まれています。変わったところはありませんでした。"))


# --- pages ----------------------------------------------------------------------------------------------


def _moved_on_before(request: UserRequest, sheet: ProgressSheet) -> HttpResponse:
    text = gettext(
        "このシートはいま「%(state)s」なので、Excelからは取り込めません。何も変わっていません。ファイルはお手元に残っています。"
    )
    messages.info(request, text % {"state": sheet.get_state_display()})
    return redirect(sheet)


def _upload_page(
    request: UserRequest, sheet: ProgressSheet, form: WorkbookForm, *, status: int
) -> HttpResponse:
    context = {**sheet_head(sheet, Sides.of(request.user, sheet.grant)), "form": form}
    return render(request, "reports/excel_upload.html", context, status=status)


def _first_look(request: UserRequest, sheet: ProgressSheet, book: FilledBook) -> HttpResponse:
    layout = lay_out(read_sheet(sheet))
    claims = claims_of(book, layout)
    comparison = compare(layout.reading, claims.claims)
    return _differences_page(
        request,
        sheet,
        comparison,
        claims,
        status=200,
        is_stale=book.passport.version != sheet.version,
        kept=kept_labels(layout.reading, claims.untouched),
    )


def _differences_page(
    request: UserRequest,
    sheet: ProgressSheet,
    comparison: Comparison,
    claims: Claims | None = None,
    *,
    status: int,
    **said: Any,
) -> HttpResponse:
    claims, comparison = claims or Claims(), with_writers(comparison, sheet, request.user)
    pending = sign_pending(comparison.differences, sheet, request.user)
    if len(pending) > LONGEST:
        raise NotTaken(
            "too_long",
            gettext("一度に取り込める文字の量を超えています。いくつかに分けて取り込んでください。"),
        )
    context = {
        **sheet_head(sheet, Sides.of(request.user, sheet.grant)),
        "comparison": comparison,
        "problems": in_order_of_the_page([*claims.problems, *comparison.problems]),
        "claims": claims,
        "pending": pending,
        **said,
    }
    return render(request, "reports/excel_differences.html", context, status=status)
