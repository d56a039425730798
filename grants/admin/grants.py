from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.admin import OwnedAdmin, OwnedForm, OwnedInline
from foundations.models import Staff
from grants.admin.links import add_link, list_link
from grants.models import (
    Activity,
    BudgetLine,
    Grant,
    GrantReader,
    Indicator,
    LongTermOutcome,
    Output,
    PlanRevision,
    ShortTermOutcome,
)

PLAN = (LongTermOutcome, ShortTermOutcome, Output, Activity, Indicator, PlanRevision)


class ReaderInline(OwnedInline):
    model = GrantReader
    related = ("staff__user", "staff__foundation")
    fields = ("staff",)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.name == "staff":
            field.queryset = field.queryset.active().holding(*Staff.INVITED)
        return field


class BudgetLineInline(OwnedInline):
    model = BudgetLine
    extra = 1
    fields = ("fiscal_year", "purpose", "item", "granted_yen", "own_yen", "position")


class GrantForm(OwnedForm):
    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        officer = self.cleaned_data.get("officer")
        program = self.cleaned_data.get("program") or (self.instance.program if self.instance.pk else None)
        if officer is not None and program is not None and "officer" in self.changed_data:
            hats = Staff.objects.active().holding(Staff.Role.OFFICER)
            if not hats.filter(user=officer, foundation=program.fund.foundation_id).exists():
                self.add_error(
                    "officer",
                    ValidationError(gettext("この財団のプログラム・オフィサーを選んでください。")),
                )
        return cleaned


@admin.register(Grant)
class GrantAdmin(OwnedAdmin):
    owner_path = "program__fund__foundation"
    related = ("program__fund__foundation", "organisation", "officer")
    # Sheets, spending and access hang on these: a grant made by mistake is deleted while it has no plan.
    fixed_fields = ("program", "organisation")
    deletable = True
    form = GrantForm
    list_display = ("organisation", "title", "program", "officer", "starts_on", "ends_on")
    list_display_links = ("organisation", "title")
    list_filter = ("program", "officer")
    search_fields = ("search_key",)
    date_hierarchy = "starts_on"
    autocomplete_fields = ("program", "organisation")
    inlines = (ReaderInline, BudgetLineInline)
    readonly_fields = ("pages",)
    fieldsets = (
        (None, {"fields": ("program", "organisation", "officer", "pages")}),
        (_("内容"), {"fields": ("title", "subtitle", "summary")}),
        (_("期間"), {"fields": ("contract_date", ("starts_on", "ends_on"))}),
        (_("自己資金"), {"fields": ("own_funds_note",)}),
    )

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.name == "officer":
            field.queryset = self._officers(field.queryset)
        return field

    def _officers(self, people: QuerySet[User]) -> QuerySet[User]:
        """Those at work today, and those who already are in charge of something: a page must still save."""
        officers = Staff.objects.active().holding(Staff.Role.OFFICER).values("user")
        in_charge = Grant.objects.values("officer")
        return people.filter(pk__in=officers) | people.filter(pk__in=in_charge)

    @admin.display(description=_("事業設計図など"))
    def pages(self, grant: Any) -> str:
        if grant.pk is None:
            return gettext("保存すると、ここから事業設計図を書けます。")
        rows = [
            (
                list_link(model, str(model._meta.verbose_name_plural), grant__id__exact=grant.pk),
                add_link(model, gettext("加える"), grant=grant.pk),
            )
            for model in PLAN
        ]
        return format_html(
            '<ul class="plain-links">{}<li><a href="{}">{}</a></li></ul>',
            format_html_join("", "<li>{}　{}</li>", rows),
            reverse("grants:detail", args=[grant.pk]),
            gettext("助成のページを開く"),
        )
