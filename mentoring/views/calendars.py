"""A meeting as a file for one's own calendar, and a new date told to those who know the old one."""

from io import BytesIO

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from core.access import UserRequest, takes
from core.files import serve_private
from core.redirects import wanted_next
from mentoring.access import meeting_to_attend, meeting_to_manage
from mentoring.calendars import meeting_file
from mentoring.models import Meeting
from mentoring.services.mails import tell_moved_meeting


@require_safe
@takes(meeting_to_attend)
def meeting_calendar(request: UserRequest, meeting: Meeting) -> HttpResponseBase:
    file = meeting_file(meeting, meeting.grant)
    return serve_private(
        BytesIO(file.text.encode()),
        filename=file.name,
        content_type=f"text/calendar; charset=utf-8; method={file.method}",
        download=True,
    )


@require_POST
@takes(meeting_to_manage)
def meeting_tell(request: UserRequest, meeting: Meeting) -> HttpResponse:
    mails = tell_moved_meeting(meeting=meeting, by=request.user)
    if mails:
        text = ngettext(
            "次回の日を%(count)d人に知らせました。", "次回の日を%(count)d人に知らせました。", len(mails)
        )
        messages.success(request, text % {"count": len(mails)})
    else:
        messages.info(request, gettext("この日は、もう知らせてあります。"))
    return redirect(wanted_next(request) or meeting.grant)
