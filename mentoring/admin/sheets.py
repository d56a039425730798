"""The months, to be read: sheets, figures, moves, meetings and documents change in their own pages only."""

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.admin import OwnedInline, ReadOnlyAdmin
from core.figures import format_figure
from core.months import month_label
from grants.models import IndicatorVersion
from mentoring.models import Attendee, Figure, Meeting, ProgressSheet, SheetDocument, SheetEvent, SheetMail

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
    list_display = ("period", "grant", "state", "due_on", "turn_since", "closed_at", "closed_by")
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
    list_display = ("sheet", "name", "entered", "note", "progress")
    list_filter = ("indicator__method", "sheet__grant")
    search_fields = ("sheet__grant__search_key", "note", "sentence")
    date_hierarchy = "sheet__month"
    fields = (
        "sheet", "name", "value", "numerator", "denominator", "step", "sentence", "presence", "note",
        "progress", "created_at", "updated_at",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        newest = IndicatorVersion.objects.filter(indicator=OuterRef("indicator")).order_by("-valid_from")
        figures: QuerySet[Any] = (
            super()
            .get_queryset(request)
            .annotate(
                indicator_name=Subquery(newest.values("name")[:1]),
                unit=Subquery(newest.values("unit")[:1]),
            )
        )
        return figures

    @admin.display(description=_("指標"), ordering="indicator")
    def name(self, figure: Any) -> str:
        return str(figure.indicator_name)

    @admin.display(description=_("入力"))
    def entered(self, figure: Any) -> str:
        """Whatever the method of the indicator speaks in; 未入力 is not 0."""
        if figure.value is not None:
            return f"{format_figure(figure.value)}{figure.unit}"
        if figure.denominator is not None:
            return f"{format_figure(figure.numerator)} / {format_figure(figure.denominator)}"
        words = (figure.get_presence_display(), figure.get_step_display(), figure.sentence)
        return "　".join(filter(None, words)) or gettext("未入力")


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


@admin.register(SheetMail)
class SheetMailAdmin(ReadOnlyAdmin):
    owner_path = f"sheet__{GRANT}"
    related = ("sheet__grant__program__fund", "sheet__grant__organisation", "person")
    notice = _(
        "面談のあとで双方に送ったメールです。送れていないものは、担当者が確定のページから送りなおせます。"
        "その助成を離れた方へのものと、確定しなおす前のものは、もう送りません。"
    )
    list_display = ("created_at", "sheet", "person", "side", "sent_at", "error")
    list_filter = ("side", "sheet__grant")
    search_fields = ("sheet__grant__search_key", "person__search_key")
    date_hierarchy = "created_at"
    fields = ("sheet", "person", "email", "subject", "body", "created_at", "sent_at", "error")
