"""The end of the meeting: what is missing, the paper as it will be, one button; and afterwards who was told."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from core.access import UserRequest, takes
from mentoring.access import sheet_to_manage
from mentoring.closing import cautions_for_closing, missing_for_closing
from mentoring.models import Meeting, ProgressSheet, RowComment, SheetMail
from mentoring.models.meetings import Side
from mentoring.printed import marks_of, printed_parts, read_marks
from mentoring.reading import SheetReading, read_sheet
from mentoring.services.closing import ChangedMeanwhile, NotReady, close_sheet
from mentoring.services.mails import deliver
from mentoring.told import moved_meetings
from mentoring.turns import Sides
from mentoring.views.sheet_head import sheet_head
from mentoring.workflow import WrongState, may
from reports.pdf.sheet import render_sheet_on_screen, render_sheet_pdf
from reports.stored import latest_document


@require_http_methods(["GET", "HEAD", "POST"])
@takes(sheet_to_manage)
def sheet_close(request: UserRequest, sheet: ProgressSheet) -> HttpResponse:
    if request.method != "POST":
        return _closing_page(request, sheet)
    seen = read_marks(request.POST.get("seen", ""))
    try:
        close_sheet(sheet=sheet, by=request.user, render_pdf=render_sheet_pdf, seen=seen)
    except NotReady:
        return _closing_page(request, _again(sheet), status=422, refused=True)
    except ChangedMeanwhile as changed:
        return _closing_page(request, _again(sheet), status=409, refused=True, changed=changed.parts)
    except WrongState as wrong:
        if not (wrong.sheet.is_closed and wrong.sheet.closed_by_id == request.user.pk):
            return _closing_page(request, _again(sheet), status=409, refused=True)
        return redirect("reports:sheet_close", sheet.pk)  # the second press of the same button
    messages.success(
        request,
        gettext("%(month)sを確定し、PDFを保存しました。役員の皆さんも読めます。") % {"month": sheet.label},
    )
    return redirect("reports:sheet_close", sheet.pk)


@require_POST
@takes(sheet_to_manage)
def sheet_mails_send(request: UserRequest, sheet: ProgressSheet) -> HttpResponse:
    """Once more, by hand, what has not gone."""
    waiting = SheetMail.objects.filter(sheet=sheet)
    sent = deliver(waiting)
    if sent:
        text = ngettext("メールを%(count)d通、送りました。", "メールを%(count)d通、送りました。", sent)
        messages.success(request, text % {"count": sent})
    if waiting.waiting().exists():
        messages.error(
            request,
            gettext(
                "まだ送れないメールがあります。メールの設定を、財団の管理者にたしかめてもらってください。"
            ),
        )
    return redirect("reports:sheet_close", sheet.pk)


def _again(sheet: ProgressSheet) -> ProgressSheet:
    return ProgressSheet.objects.with_names().get(pk=sheet.pk)


def _closing_page(
    request: UserRequest, sheet: ProgressSheet, *, status: int = 200, **context: Any
) -> HttpResponse:
    """Before the closing while it may be closed; else the closed month with its mails, or whose turn it is."""
    head = sheet_head(sheet, Sides.of(request.user, sheet.grant))
    if sheet.is_closed:
        page, more = "sheet_closed", _closed(sheet)
    elif may("close", sheet):
        page, more = "sheet_close", _before(read_sheet(sheet))
    else:
        page, more = "sheet_close_later", {}
    return render(request, f"reports/{page}.html", {**head, **more, **context}, status=status)


def _before(reading: SheetReading) -> dict[str, Any]:
    unanswered = RowComment.objects.waiting().filter(sheet=reading.sheet).count()
    return {
        "reading": reading,
        "missing": missing_for_closing(reading),
        "unanswered": unanswered,
        "cautions": cautions_for_closing(reading, unanswered),
        "preview": render_sheet_on_screen(reading),
        "seen": marks_of(printed_parts(reading)),
    }


def _closed(sheet: ProgressSheet) -> dict[str, Any]:
    document = latest_document(sheet)
    written = SheetMail.objects.filter(sheet=sheet, document=document).with_standing()
    mails = list(written.select_related("person"))
    upcoming = Meeting.objects.filter(previous_meeting__sheets=sheet, held=False)
    return {
        "document": document,
        "told": [(Side(side).label, [mail for mail in mails if mail.side == side]) for side in Side.values],
        "has_left": any(mail.sent_at is None and not mail.still_told for mail in mails),  # type: ignore[attr-defined]
        "has_unsent": SheetMail.objects.filter(sheet=sheet).waiting().exists(),
        "upcoming": upcoming.order_by("held_on").last(),
        "moved": moved_meetings(upcoming),
    }
