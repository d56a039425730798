from django.urls import path

from mentoring.views import entry, homework, moves, sheets

app_name = "mentoring"

urlpatterns = [
    path("grants/<int:pk>/sheets/", sheets.sheet_list, name="sheet_list"),
    path("sheets/<int:pk>/", sheets.sheet_detail, name="sheet_detail"),
    path("sheets/<int:pk>/entry/", entry.sheet_entry, name="sheet_entry"),
    path("sheets/<int:pk>/submit/", entry.sheet_submit, name="sheet_submit"),
    path("sheets/<int:pk>/return/", moves.sheet_return, name="sheet_return"),
    path("sheets/<int:pk>/reopen/", moves.sheet_reopen, name="sheet_reopen"),
    path("homework/<int:pk>/done/", homework.homework_done, name="homework_done"),
    path("homework/<int:pk>/undone/", homework.homework_undone, name="homework_undone"),
]
