"""Reading sheets: a grant's list, and one sheet in the order of the paper."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.access import UserRequest, takes
from grants.access import grant_to_view
from grants.models import Grant
from mentoring.access import sheet_to_view
from mentoring.corrections import corrections_of
from mentoring.forms.moves import ReopenForm, ReturnForm
from mentoring.links import waiting_links
from mentoring.models import ProgressSheet, SheetDocument
from mentoring.reading import read_sheet
from mentoring.selectors import attachments_of
from mentoring.services.opening import open_due_sheets
from mentoring.threads import threads_of
from mentoring.told import moved_meetings
from mentoring.turns import Sides, due_words, turn_for
from mentoring.views.sheet_head import sheet_head
from mentoring.workflow import ACT_LABELS, MEETING_OPEN, may

PAGE_SIZE = 24


@require_safe
@takes(grant_to_view)
def sheet_list(request: UserRequest, grant: Grant) -> HttpResponse:
    """Newest first. A sheet whose month has begun opens with the first visit, should the timer not have run."""
    open_due_sheets(grants=Grant.objects.filter(pk=grant.pk))
    sheets = (
        ProgressSheet.objects.visible_to(request.user)
        .filter(grant=grant)
        .with_names()
        .prefetch_related("documents")
        .order_by("-month")
    )
    page, sides = (
        Paginator(sheets, PAGE_SIZE).get_page(request.GET.get("page")),
        Sides.of(request.user, grant),
    )
    rows = [
        {
            "sheet": sheet,
            "turn": turn_for(sheet, sides),
            "due": due_words(sheet),
            "may_enter": sides.may_enter(sheet),
        }
        for sheet in page
    ]
    context = {"grant": grant, "page": page, "rows": rows}
    return render(request, "mentoring/sheet_list.html", context)


@require_safe
@takes(sheet_to_view)
def sheet_detail(request: UserRequest, sheet: ProgressSheet) -> HttpResponse:
    return sheet_page(request, sheet)


def sheet_page(
    request: UserRequest, sheet: ProgressSheet, *, status: int = 200, **forms: Any
) -> HttpResponse:
    """`forms` are return_form and reopen_form when they come back with errors."""
    sides, reading = Sides.of(request.user, sheet.grant), read_sheet(sheet)
    reads_whole = Grant.objects.read_whole_by(request.user).filter(pk=sheet.grant_id).exists()
    has_appointment = any(not meeting.held for meeting in reading.meetings)
    was_closed = any(event.act == "close" for event in reading.events)
    is_inside = Grant.objects.read_inside_by(request.user).filter(pk=sheet.grant_id).exists()
    waiting = waiting_links(sheet, reading.plan) if is_inside and not sheet.is_closed else {}
    context = {
        **sheet_head(sheet, sides),
        "reading": reading,
        "links": [(block, waiting.get(block.plan.id, [])) for block in reading.outcomes],
        "acts": [(ACT_LABELS[event.act], event) for event in reversed(reading.events)],
        "documents": SheetDocument.objects.filter(sheet=sheet).order_by("-edition"),
        "corrections": corrections_of(sheet, reading) if was_closed and reads_whole else [],
        "reads_whole": reads_whole,
        "attachments": attachments_of(sheet) if reads_whole else [],
        "threads": threads_of(sheet, reading.plan, sides, request.user) if reads_whole else None,
        "moved": moved_meetings(sheet.meetings.all()) if sides.manages and has_appointment else [],
        "may_enter": sides.may_enter(sheet),
        "may_attach": sides.may_attach(sheet),
        "may_meet": sides.manages and sheet.state in MEETING_OPEN,
        "return_form": ReturnForm() if sides.manages and may("return", sheet) else None,
        "reopen_form": ReopenForm() if sides.manages and may("reopen", sheet) else None,
        **forms,
    }
    return render(request, "mentoring/sheet_detail.html", context, status=status)
