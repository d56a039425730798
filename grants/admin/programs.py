from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.admin import OwnedAdmin, OwnedInline
from core.money import yen
from grants.admin.links import add_link, list_link
from grants.models import Grant, Program, ProgramApproach, ProgramIndicator, ProgramOutcome


class ApproachInline(OwnedInline):
    model = ProgramApproach
    fields = ("position", "text")


class OutcomeInline(OwnedInline):
    model = ProgramOutcome
    fields = ("position", "text")
    show_change_link = True


class ProgramIndicatorInline(OwnedInline):
    model = ProgramIndicator
    fields = ("position", "name", "unit", "target_value")


@admin.register(ProgramOutcome)
class ProgramOutcomeAdmin(OwnedAdmin):
    """Its figures; which grantees' indicators they add up, officers choose on the program's page."""

    owner_path = "program__fund__foundation"
    related = ("program__fund__foundation",)
    deletable = True
    list_display = ("text", "program", "position")
    list_filter = ("program",)
    search_fields = ("text", "program__search_key")
    autocomplete_fields = ("program",)
    fields = ("program", "position", "text")
    inlines = (ProgramIndicatorInline,)


@admin.register(Program)
class ProgramAdmin(OwnedAdmin):
    owner_path = "fund__foundation"
    related = ("fund__foundation",)
    deletable = True  # as long as it has no grants
    list_display = ("name", "fund", "starts_on", "ends_on", "rhythm", "total", "grant_count")
    list_filter = ("rhythm", "fund")
    search_fields = ("search_key",)
    date_hierarchy = "starts_on"
    autocomplete_fields = ("fund",)
    inlines = (ApproachInline, OutcomeInline)
    readonly_fields = ("grants_of_program",)
    fieldsets = (
        (None, {"fields": ("fund", "name", "short_name", "grants_of_program")}),
        (_("内容"), {"fields": ("theme", "issue", "target_group", "total_yen", ("starts_on", "ends_on"))}),
        (_("シート"), {"fields": ("rhythm", "due_day")}),
        (
            _("お金の決まり"),
            {
                "fields": (
                    "is_emergency",
                    ("administrative_ceiling", "evaluation_ceiling", "own_funds_floor"),
                )
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        queryset: QuerySet[Any] = super().get_queryset(request).annotate(grant_total=Count("grants"))
        return queryset

    @admin.display(description=_("助成総額"), ordering="total_yen")
    def total(self, program: Program) -> str:
        return yen(program.total_yen)

    @admin.display(description=_("助成"), ordering="grant_total")
    def grant_count(self, program: Any) -> str:
        words = gettext("%(count)d件") % {"count": program.grant_total}
        return list_link(Grant, words, program__id__exact=program.pk)

    @admin.display(description=_("助成"))
    def grants_of_program(self, program: Any) -> str:
        if program.pk is None:
            return gettext("保存すると、ここから助成を加えられます。")
        words = gettext("%(count)d件の助成を見る") % {"count": program.grant_total}
        return format_html(
            "{}　{}",
            list_link(Grant, words, program__id__exact=program.pk),
            add_link(Grant, gettext("助成を加える"), program=program.pk),
        )
