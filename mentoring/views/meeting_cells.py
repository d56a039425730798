"""The meeting's page saving itself while one talks (static/js/saving.js asks)."""

from html import unescape

from django.http import JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from core import clock
from core.access import UserRequest, takes
from core.autosave import NotASave, Sent, autosaves, refusal
from core.dates import time_label
from mentoring import workflow
from mentoring.access import sheet_to_manage
from mentoring.agenda import agenda_of
from mentoring.forms.meeting_page import MeetingPage
from mentoring.forms.page_cells import page_cells
from mentoring.forms.sent_meeting import SentMeeting
from mentoring.meeting_pieces import pieces_of, read_pieces
from mentoring.meeting_reading import MeetingReading, read_meeting
from mentoring.models import ProgressSheet
from mentoring.services.meetings import SavedMeeting, Sealed, Stale, save_meeting
from mentoring.views.held import HELD_MEETING, let_go_of_held

TRIES = 5  # how often we compare again when others keep saving in between


@require_POST
@autosaves
@takes(sheet_to_manage)
def meeting_cells(request: UserRequest, sheet: ProgressSheet, sent: dict[str, Sent]) -> JsonResponse:
    pieces, wanted = pieces_of(sent.keys()), request.GET.get("meeting", "")
    for _try in range(TRIES):
        reading = read_pieces(sheet, request.user, wanted, pieces)
        try:
            cells = SentMeeting(reading, sent)
            saved = save_meeting(
                sheet=reading.sheet,
                meeting=reading.meeting,
                content=cells.page.content(),
                version=reading.sheet.version,
                by=request.user,
                piece_by_piece=True,
            )
        except NotASave:
            return refusal("not_a_save", 400)
        except (Stale, Sealed):
            sheet = ProgressSheet.objects.with_names().get(pk=sheet.pk)
            continue
        except workflow.WrongState as error:
            return _moved_on(error.sheet)
        let_go_of_held(request, sheet.pk, HELD_MEETING)
        return _answer(request, cells, saved)
    return refusal("busy", 503)


@require_safe
@takes(sheet_to_manage)
def meeting_now(request: UserRequest, sheet: ProgressSheet) -> JsonResponse:
    """All cells as they stand, what of the agenda is done, and the line that says when and where."""
    reading = _read(request, sheet.pk)
    page = MeetingPage(reading)
    texts = page.stored()
    cells = {key: cell.texts(texts) for key, cell in page_cells(page.parts()).items()}
    return JsonResponse(
        {
            "version": reading.sheet.version,
            "cells": {key: {"stored": each, "shown": each} for key, each in cells.items()},
            "agenda": {
                part.key: {"done": part.is_done, "age": part.age_words} for part in agenda_of(reading)
            },
            "head": _head(reading),
        }
    )


def _read(request: UserRequest, pk: int) -> MeetingReading:
    sheet = ProgressSheet.objects.with_names().get(pk=pk)
    return read_meeting(sheet, request.user, request.GET.get("meeting", ""))


def _head(reading: MeetingReading) -> str:
    context = {"meeting": reading.meeting, "sheet": reading.sheet}
    return unescape(render_to_string("mentoring/_meeting_head.html", context)).strip()


def _answer(request: UserRequest, cells: SentMeeting, saved: SavedMeeting) -> JsonResponse:
    """`meeting`: the one whose facts are on the page, which may have been made just now."""
    return JsonResponse(
        {
            "saved_at": time_label(clock.now().time()),
            "version": saved.version,
            "cells": cells.answers(request.user, saved.homework),
            "renamed": cells.renamed(saved.homework),
            "meeting": saved.meeting.pk if saved.meeting else None,
        }
    )


def _moved_on(sheet: ProgressSheet) -> JsonResponse:
    words = gettext(
        "書いているあいだに、%(month)sが確定しました。入力はこの画面に残っています。書き足すときは、シートを「もう一度ひらく」でひらいてから写してください。"
    )
    return refusal("moved_on", 409, words % {"month": sheet.label}, state=sheet.state)
