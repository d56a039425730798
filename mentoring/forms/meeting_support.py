"""The support part of a meeting's page: the few fields of forms.support that are asked for while one talks.

Nothing of it is a cell: a support is written down by the button of the page, or by any other that sends the page, and
by none while nobody began it.
"""

from collections.abc import Iterator
from typing import Any

from django.http import QueryDict

from core import clock
from mentoring.forms.meeting_page import Problem
from mentoring.forms.support import SupportForm
from mentoring.meeting_reading import MeetingReading

PREFIX = "support"
BEGUN_BY = ("item", "method", "content", "minutes")  # the day stands there beforehand


def support_on_page(page: MeetingReading, data: QueryDict | None = None) -> SupportForm:
    """Bound as soon as something was typed in it."""
    sheet = page.sheet
    asked: dict[str, Any] = {
        "grant": sheet.grant,
        "by": page.by,
        "sheet": sheet,
        "prefix": PREFIX,
        "short": True,
    }
    typed = {name: data.get(f"{PREFIX}-{name}", "").strip() if data else "" for name in ("on", *BEGUN_BY)}
    if any(typed[name] for name in BEGUN_BY):
        return SupportForm(data, **asked)
    form = SupportForm(**asked)
    form.initial["on"] = typed["on"] or _usual_day(page)
    return form


def _usual_day(page: MeetingReading) -> Any:
    """The day of the meeting, once it has come; without one it is the writer's to say when the month is over."""
    meeting, today = page.meeting, clock.today()
    if meeting is not None and meeting.held_on <= today:
        return meeting.held_on
    return today if today <= page.sheet.last_day else None


def support_problems(form: SupportForm) -> Iterator[Problem]:
    for bound in form:
        for error in bound.errors:
            yield Problem(bound.id_for_label, str(bound.label), str(error))
