from django.urls import path

from mentoring.views import (
    attachment_files,
    attachments,
    calendars,
    cells,
    entry,
    homework,
    meetings,
    model,
    moves,
    sheets,
    support,
)

app_name = "mentoring"

urlpatterns = [
    path("grants/<int:pk>/model/", model.model_detail, name="model"),
    path(
        "grants/<int:pk>/model/links/<int:output>/<int:outcome>/",
        model.model_link,
        name="model_link",
    ),
    path("grants/<int:pk>/sheets/", sheets.sheet_list, name="sheet_list"),
    path("sheets/<int:pk>/", sheets.sheet_detail, name="sheet_detail"),
    path("sheets/<int:pk>/entry/", entry.sheet_entry, name="sheet_entry"),
    path("sheets/<int:pk>/cells/", cells.sheet_cells, name="sheet_cells"),
    path("sheets/<int:pk>/cells/now/", cells.sheet_cells_now, name="sheet_cells_now"),
    path("sheets/<int:pk>/submit/", entry.sheet_submit, name="sheet_submit"),
    path("sheets/<int:pk>/entry/files/", entry.sheet_entry_files, name="sheet_entry_files"),
    path("sheets/<int:pk>/files/", attachments.sheet_files, name="sheet_files"),
    path("sheets/<int:pk>/files/add/", attachments.sheet_files_add, name="sheet_files_add"),
    path("files/<int:pk>/", attachment_files.attachment, name="attachment"),
    path("files/<int:pk>/thumbnail/", attachment_files.attachment_thumbnail, name="attachment_thumbnail"),
    path("files/<int:pk>/edit/", attachments.attachment_edit, name="attachment_edit"),
    path("files/<int:pk>/remove/", attachments.attachment_remove, name="attachment_remove"),
    path("files/<int:pk>/restore/", attachments.attachment_restore, name="attachment_restore"),
    path("sheets/<int:pk>/return/", moves.sheet_return, name="sheet_return"),
    path("sheets/<int:pk>/reopen/", moves.sheet_reopen, name="sheet_reopen"),
    path("sheets/<int:pk>/meeting/", meetings.meeting_edit, name="meeting_edit"),
    path("sheets/<int:pk>/meeting/check/", meetings.meeting_check, name="meeting_check"),
    path("sheets/<int:pk>/meeting/support/", meetings.meeting_support, name="meeting_support"),
    path("sheets/<int:pk>/meeting/rows/", meetings.meeting_rows, name="meeting_rows"),
    path("meetings/<int:pk>/calendar.ics", calendars.meeting_calendar, name="meeting_calendar"),
    path("grants/<int:pk>/support/", support.support_list, name="support_list"),
    path("grants/<int:pk>/support/new/", support.support_new, name="support_new"),
    path("support/<int:pk>/edit/", support.support_edit, name="support_edit"),
    path("homework/<int:pk>/done/", homework.homework_done, name="homework_done"),
    path("homework/<int:pk>/undone/", homework.homework_undone, name="homework_undone"),
]
