"""Outputs, and the edges that say which outcome they serve and why."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.admin import OwnedInline
from grants.admin.links import change_link
from grants.models import Contribution, Output, OutputVersion, ShortTermOutcomeVersion
from mentoring.admin.history import BaseFormSet, stay_within
from mentoring.admin.plan import GRANT, IdentityAdmin, VersionAdmin, VersionInline


class OutputVersionInline(VersionInline):
    model = OutputVersion
    show_change_link = True  # to the edges
    fields = ("valid_from", "position", "text", "short_text", "revision")
    verbose_name_plural = _("文（月ごと。「変更」を開くと、短期アウトカムとのつながりを書けます）")


@admin.register(Output)
class OutputAdmin(IdentityAdmin):
    version = OutputVersion
    of = "output"
    inlines = (OutputVersionInline,)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        super().save_related(request, form, formsets, change)
        for version in form.instance.versions.filter(contributions__isnull=True):
            if not _carry_edges(version):
                words = gettext("「%(text)s」は、まだどの短期アウトカムにもつながっていません。")
                self.message_user(request, words % {"text": version.text}, messages.WARNING)


def _carry_edges(version: OutputVersion) -> bool:
    """A new wording serves what the one before served, until somebody changes it. False when there was none."""
    before = version.output.versions.filter(valid_from__lt=version.valid_from).last()
    edges = list(before.contributions.all()) if before is not None else []
    Contribution.objects.bulk_create(
        Contribution(version=version, outcome_id=e.outcome_id, is_first=e.is_first, reason=e.reason)
        for e in edges
    )
    return bool(edges)


class ContributionFormSet(BaseFormSet):
    def add_fields(self, form: Any, index: Any) -> None:
        super().add_fields(form, index)
        stay_within(form, self.instance.output.grant_id if self.instance.output_id else None)

    def clean(self) -> None:
        """An output stands under the outcome it serves first."""
        super().clean()
        if any(self.errors):
            return
        kept = [
            form.cleaned_data for form in self.forms if form.cleaned_data and form not in self.deleted_forms
        ]
        if sum(bool(row.get("is_first")) for row in kept) != 1:
            raise ValidationError(gettext("「おもな役立ち先」を1つ選んでください。"), code="first")


class ContributionInline(OwnedInline):
    model = Contribution
    formset = ContributionFormSet
    extra = 1
    readonly_fields = ("served",)
    verbose_name_plural = _("短期アウトカムとのつながり")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        may_change = self.has_change_permission(request, obj)
        return ("outcome" if may_change else "served", "is_first", "reason")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        newest = ShortTermOutcomeVersion.objects.filter(outcome=OuterRef("outcome")).order_by("-valid_from")
        edges: QuerySet[Any] = (
            super().get_queryset(request).annotate(wording=Subquery(newest.values("text")[:1]))
        )
        return edges

    @admin.display(description=_("短期アウトカム"))
    def served(self, edge: Any) -> str:
        return str(edge.wording)


@admin.register(OutputVersion)
class OutputVersionAdmin(VersionAdmin):
    owner_path = f"output__{GRANT}"
    related = ("output__grant__program__fund", "output__grant__organisation")
    of = "output"
    readonly_fields = ("of_output",)
    list_display = ("text", "valid_from", "position", "organisation")
    list_filter = ("output__grant",)
    search_fields = ("output__grant__search_key", "text")
    date_hierarchy = "valid_from"
    inlines = (ContributionInline,)
    fields = ("of_output", "valid_from", "position", "text", "short_text", "revision")

    @admin.display(description=_("アウトプット"))
    def of_output(self, version: Any) -> str:
        return change_link(version.output, gettext("このアウトプットのすべての文を見る"))

    @admin.display(description=_("団体"))
    def organisation(self, version: Any) -> str:
        return str(version.output.grant.organisation)
