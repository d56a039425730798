"""A meeting as a file for one's own calendar."""

from io import BytesIO

from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from core.access import UserRequest, takes
from core.files import serve_private
from mentoring.access import meeting_to_attend
from mentoring.calendars import meeting_file
from mentoring.models import Meeting


@require_safe
@takes(meeting_to_attend)
def meeting_calendar(request: UserRequest, meeting: Meeting) -> HttpResponseBase:
    file = meeting_file(meeting)
    return serve_private(
        BytesIO(file.text.encode()),
        filename=file.name,
        content_type=f"text/calendar; charset=utf-8; method={file.method}",
        download=True,
    )
