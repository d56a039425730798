"""The agenda of a meeting's page: its order for this meeting, and the time each part was on stage."""

import json
from collections.abc import Sequence
from dataclasses import replace

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from core.access import UserRequest, takes
from core.autosave import refusal
from mentoring import workflow
from mentoring.access import sheet_to_manage
from mentoring.agenda import agenda_of, moved
from mentoring.meeting_reading import MeetingReading, read_meeting
from mentoring.models import ProgressSheet
from mentoring.services.talk_parts import add_time, order_parts
from mentoring.views.held import keeps_typed_meeting
from mentoring.views.meetings import save_page

MOST_PARTS = 100
USUAL = "usual"


@require_POST
@keeps_typed_meeting
@takes(sheet_to_manage)
def meeting_order(request: UserRequest, sheet: ProgressSheet) -> HttpResponse:
    """`move`: outcome-12:up, costs:down, or usual. Saves the page as well, unless its script asks, which keeps it."""
    what = request.POST.get("move", "")
    if request.headers.get("accept") != "application/json":
        here = f"{reverse('mentoring:meeting_edit', args=[sheet.pk])}#agenda"
        return save_page(request, sheet, here, then=lambda reading: _move(reading, what))
    try:
        return JsonResponse({"order": _move(read_meeting(sheet, request.user), what)})
    except workflow.WrongState:
        return refusal("moved_on", 409)


def _move(reading: MeetingReading, what: str) -> list[str]:
    """The order there is then."""
    key, _colon, way = what.partition(":")
    if key == USUAL:
        order_parts(sheet=reading.sheet, keys=())
        return [part.key for part in agenda_of(replace(reading, parts={}))]
    before = [part.key for part in agenda_of(reading)]
    after = moved(before, key, up=way == "up") if way in ("up", "down") else before
    if after != before:
        order_parts(sheet=reading.sheet, keys=after)
    return after


@require_POST
@takes(sheet_to_manage)
def meeting_time(request: UserRequest, sheet: ProgressSheet) -> JsonResponse:
    """`spent`: JSON of seconds by part, since the page said so last."""
    try:
        spent = json.loads(request.POST.get("spent", ""))
        pairs: Sequence[tuple[str, object]] = list(spent.items())
    except (ValueError, AttributeError, RecursionError):
        return refusal("not_a_time", 400)
    if len(pairs) > MOST_PARTS or any(type(seconds) is not int for _key, seconds in pairs):
        return refusal("not_a_time", 400)
    return JsonResponse({"seconds": add_time(sheet=sheet, spent=spent)})
