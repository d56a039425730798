"""Saving cells of a sheet as they are typed (static/js/saving.js asks)."""

from django.http import JsonResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from core import clock
from core.access import UserRequest, takes
from core.autosave import NotASave, Sent, autosaves, refusal
from core.dates import time_label
from mentoring.access import SheetDoor, sheet_to_enter, sheet_to_write
from mentoring.forms.cell_fields import shown
from mentoring.forms.entry import EntryForm, stored_wire
from mentoring.forms.sent_cells import read_cells
from mentoring.models import ProgressSheet
from mentoring.reading import read_sheet
from mentoring.services.cells import NotOpen, save_cells
from mentoring.views.halves import let_go_of_saved_halves
from mentoring.views.held import let_go_of_held


@require_POST
@autosaves
@takes(sheet_to_write)
def sheet_cells(request: UserRequest, door: SheetDoor, sent: dict[str, Sent]) -> JsonResponse:
    try:
        cells = read_cells(sent)
    except NotASave:
        return refusal("not_a_save", 400)
    try:
        saved = save_cells(
            door=door,
            seen={cell: one.seen for cell, one in cells.items()},
            read=lambda standing: cells[standing.cell].read(standing),
            by=request.user,
        )
    except NotOpen:
        return _not_open(request, door.pk)
    let_go_of_held(request, door.pk)
    let_go_of_saved_halves(request, door.pk, saved.cells)
    answers = {
        one.standing.cell.key: cells[one.standing.cell].answer(one, request.user) for one in saved.cells
    }
    return JsonResponse(
        {
            "saved_at": time_label(clock.now().time()),
            "version": saved.version,
            "cells": answers,
            "renamed": {},
        }
    )


@require_safe
@takes(sheet_to_enter)
def sheet_cells_now(request: UserRequest, sheet: ProgressSheet) -> JsonResponse:
    """Every cell as it stands, for a page that has noticed that others are writing too."""
    form = EntryForm(reading=read_sheet(sheet))
    cells = {}
    for cell in form.cells:
        wire = stored_wire(form.reading, cell)
        fields = [form.fields[name] for name in cell.names]
        cells[cell.key] = {
            "stored": wire,
            "shown": [shown(field, text) for field, text in zip(fields, wire, strict=True)],
        }
    return JsonResponse({"version": sheet.version, "cells": cells})


def _not_open(request: UserRequest, pk: int) -> JsonResponse:
    """The sheet has moved on; or it is none of this person's business, which raises."""
    sheet = sheet_to_enter(request.user, pk)
    words = gettext(
        "ほかの人がこのシートを進めました。いまは「%(state)s」です。入力はこの画面に残っています。必要なところを写してお使いください。"
    )
    return refusal("moved_on", 409, words % {"state": sheet.get_state_display()}, state=sheet.state)
