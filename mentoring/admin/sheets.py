"""The months, to be read: sheets, figures, moves, meetings and documents change in their own pages only."""

from typing import Any

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.admin import OwnedInline, ReadOnlyAdmin
from core.months import month_label
from mentoring.models import Attendee, Figure, Meeting, ProgressSheet, SheetDocument, SheetEvent

GRANT = "grant__program__fund__foundation"
ELSEWHERE = _("ここでは読むだけです。入力と面談は、シートのページで行います。")


class SheetEventInline(OwnedInline):
    model = SheetEvent
    related = ("by",)
    addable = changeable = deletable = False
    fields = ("at", "from_state", "to_state", "by", "reason")


@admin.register(ProgressSheet)
class ProgressSheetAdmin(ReadOnlyAdmin):
    owner_path = GRANT
    related = ("grant__program__fund", "grant__organisation", "closed_by")
    notice = ELSEWHERE
    list_display = ("grant", "period", "state", "due_on", "turn_since", "closed_at", "closed_by")
    list_filter = ("state", "grant")
    search_fields = ("grant__search_key",)
    date_hierarchy = "month"
    inlines = (SheetEventInline,)
    fields = ("grant", "period", "due_on", "state", "turn_since", "remark", "closed_at", "closed_by", "page")

    @admin.display(description=_("期間"), ordering="month")
    def period(self, sheet: ProgressSheet) -> str:
        return sheet.label

    @admin.display(description=_("シート"))
    def page(self, sheet: ProgressSheet) -> str:
        return format_html('<a href="{}">{}</a>', sheet.get_absolute_url(), gettext("シートのページを開く"))


@admin.register(Figure)
class FigureAdmin(ReadOnlyAdmin):
    owner_path = f"sheet__{GRANT}"
    related = ("sheet__grant__program__fund", "sheet__grant__organisation", "indicator")
    notice = ELSEWHERE
    list_display = ("sheet", "indicator", "value", "numerator", "denominator", "step", "presence", "progress")
    list_filter = ("indicator__method", "sheet__grant")
    search_fields = ("sheet__grant__search_key", "note", "sentence")
    date_hierarchy = "sheet__month"
    fields = (
        "sheet", "indicator", "value", "numerator", "denominator", "step", "sentence", "presence", "note",
        "progress", "created_at", "updated_at",
    )  # fmt: skip


@admin.register(SheetEvent)
class SheetEventAdmin(ReadOnlyAdmin):
    owner_path = f"sheet__{GRANT}"
    related = ("sheet__grant__program__fund", "sheet__grant__organisation", "by")
    notice = ELSEWHERE
    list_display = ("at", "sheet", "from_state", "to_state", "by", "reason")
    list_filter = ("to_state", "sheet__grant")
    search_fields = ("sheet__grant__search_key", "reason")
    date_hierarchy = "at"
    fields = ("sheet", "at", "from_state", "to_state", "by", "reason")


class AttendeeInline(OwnedInline):
    model = Attendee
    addable = changeable = deletable = False
    fields = ("side", "name", "title")


@admin.register(Meeting)
class MeetingAdmin(ReadOnlyAdmin):
    owner_path = GRANT
    related = ("grant__program__fund", "grant__organisation")
    notice = ELSEWHERE
    list_display = ("held_on", "grant", "form", "place", "held")
    list_filter = ("form", "held", "grant")
    search_fields = ("grant__search_key", "place")
    date_hierarchy = "held_on"
    inlines = (AttendeeInline,)
    fields = ("grant", "months", "held_on", "starts_at", "ends_at", "place", "form", "held")

    @admin.display(description=_("シート"))
    def months(self, meeting: Any) -> str:
        return "、".join(month_label(sheet.month) for sheet in meeting.sheets.all())


@admin.register(SheetDocument)
class SheetDocumentAdmin(ReadOnlyAdmin):
    owner_path = f"sheet__{GRANT}"
    related = ("sheet__grant__program__fund", "sheet__grant__organisation", "created_by")
    notice = _("確定したときに作られたPDFです。変わることも、消えることもありません。")
    list_display = ("sheet", "edition", "created_at", "created_by")
    list_filter = ("sheet__grant",)
    search_fields = ("sheet__grant__search_key",)
    date_hierarchy = "created_at"
    fields = ("sheet", "edition", "created_at", "created_by", "sha256", "page")

    @admin.display(description=_("PDF"))
    def page(self, document: Any) -> str:
        url = reverse("reports:document", args=[document.pk])
        return format_html('<a href="{}">{}</a>', url, gettext("PDFを開く"))
