"""The logic model. It belongs to grants, but sheets handed in guard it, and only this room knows sheets."""

from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import clock
from core.admin import OwnedAdmin, OwnedForm, OwnedInline
from core.digits import circled
from core.fields import MonthField
from foundations.models import Staff
from grants.admin.links import change_link
from grants.models import (
    Activity,
    ActivityVersion,
    Indicator,
    IndicatorVersion,
    LongTermOutcome,
    LongTermOutcomeVersion,
    PlanRevision,
    ShortTermOutcome,
    ShortTermOutcomeVersion,
    YearTarget,
)
from mentoring.admin import history
from mentoring.admin.history import IdentityForm, VersionForm, VersionFormSet

GRANT = "grant__program__fund__foundation"


class VersionInline(OwnedInline):
    form = VersionForm
    formset = VersionFormSet
    template = "admin/edit_inline/stacked.html"  # a wording is too long for a row
    verbose_name_plural = _("文（月ごと）")


class IdentityAdmin(OwnedAdmin):
    """What stays the same; its wordings are rows below. Lists show the newest wording."""

    owner_path = GRANT
    related = ("grant__program__fund", "grant__organisation")
    version: Any  # the model of its wordings
    text_field = "text"
    of = "outcome"  # the version's way to its identity
    form = IdentityForm
    deletable = True
    fixed_fields: tuple[str, ...] = ("grant",)
    autocomplete_fields: ClassVar[Any] = ("grant",)
    list_display: Any = ("text", "number", "organisation", "retired_from")
    list_filter: ClassVar[Any] = ("grant",)
    search_fields: ClassVar[Any] = ("grant__search_key", "versions__text")
    ordering: ClassVar[Any] = ("grant", "pk")
    fields: ClassVar[Any] = ("grant", "retired_from")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        newest = self.version._default_manager.filter(**{self.of: OuterRef("pk")}).order_by("-valid_from")
        queryset: QuerySet[Any] = (
            super()
            .get_queryset(request)
            .annotate(
                wording=Subquery(newest.values(self.text_field)[:1]),
                newest_position=Subquery(newest.values("position")[:1]),
            )
        )
        return queryset

    def choices(self, request: HttpRequest) -> QuerySet[Any]:
        return self.get_queryset(request).order_by("grant", "newest_position", "pk")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        found, _distinct = super().get_search_results(request, queryset, search_term)
        return found, bool(search_term)  # one identity has several wordings

    def choice_label(self, row: Any) -> str:
        return f"{row.grant.organisation}　{history.wording(row)}"

    @admin.display(description=_("いちばん新しい文"), ordering="wording")
    def text(self, row: Any) -> str:
        return history.wording(row)

    @admin.display(description=_("番号"), ordering="newest_position")
    def number(self, row: Any) -> str:
        return circled(row.newest_position) if row.newest_position else ""

    @admin.display(description=_("団体"), ordering="grant__organisation__kana")
    def organisation(self, row: Any) -> str:
        return str(row.grant.organisation)

    def is_history(self, row: Any) -> bool:
        frozen = history.frozen_until(row.grant_id)
        return frozen is not None and row.versions.filter(valid_from__lte=frozen).exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or not self.is_history(obj))

    def notice_for(self, request: HttpRequest, obj: Any) -> str:
        return history.notice(history.frozen_until(obj.grant_id)) if obj is not None else ""


class LongTermOutcomeVersionInline(VersionInline):
    model = LongTermOutcomeVersion
    fields = ("valid_from", "position", "text", "revision")


@admin.register(LongTermOutcome)
class LongTermOutcomeAdmin(IdentityAdmin):
    version = LongTermOutcomeVersion
    inlines = (LongTermOutcomeVersionInline,)


class ShortTermOutcomeVersionInline(VersionInline):
    model = ShortTermOutcomeVersion
    fields = ("valid_from", "position", "text", "short_text", "leads_to", "revision")


@admin.register(ShortTermOutcome)
class ShortTermOutcomeAdmin(IdentityAdmin):
    version = ShortTermOutcomeVersion
    inlines = (ShortTermOutcomeVersionInline,)


class ActivityVersionInline(VersionInline):
    model = ActivityVersion
    fields = ("valid_from", "position", "text", "period", "produces", "revision")


@admin.register(Activity)
class ActivityAdmin(IdentityAdmin):
    version = ActivityVersion
    of = "activity"
    inlines = (ActivityVersionInline,)


class IndicatorForm(IdentityForm):
    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        grant = self.cleaned_data.get("grant") or getattr(self.instance, "grant", None)
        for name in ("outcome", "output", "replaces"):
            row = self.cleaned_data.get(name)
            if row is not None and grant is not None and row.grant_id != grant.pk:
                self.add_error(name, ValidationError(gettext("同じ助成のものを選んでください。")))
        return cleaned


class IndicatorVersionInline(VersionInline):
    model = IndicatorVersion
    show_change_link = True  # to the yearly targets
    fields = (
        "valid_from", "position", "name", "unit", "baseline", "baseline_state", "target_value", "target_state",
        "due_on", "due_note", "verification", "revision",
    )  # fmt: skip


@admin.register(Indicator)
class IndicatorAdmin(IdentityAdmin):
    version = IndicatorVersion
    text_field = "name"
    of = "indicator"
    form = IndicatorForm
    list_display = ("text", "method", "of_what", "organisation", "retired_from")
    list_filter = ("method", "grant")
    search_fields = ("grant__search_key", "versions__name")
    fields = ("grant", "outcome", "output", "method", "ratio_is_pooled", "replaces", "retired_from")
    inlines = (IndicatorVersionInline,)

    @admin.display(description=_("何の指標か"))
    def of_what(self, row: Any) -> str:
        return gettext("短期アウトカム") if row.outcome_id else gettext("アウトプット")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Once counted, another way of counting is another indicator."""
        fields = super().get_readonly_fields(request, obj)
        if obj is not None and (obj.figures.exists() or self.is_history(obj)):
            return (*fields, "outcome", "output", "method", "ratio_is_pooled", "replaces")
        return fields

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: Any) -> None:
        super().save_formset(request, form, formset, change)
        for version in formset.new_objects:
            _carry_year_targets(version)


def _carry_year_targets(version: Any) -> None:
    """A new wording keeps the yearly targets of the one before, until somebody changes them."""
    before = version.indicator.versions.filter(valid_from__lt=version.valid_from).last()
    if before is None or version.year_targets.exists():
        return
    YearTarget.objects.bulk_create(
        YearTarget(version=version, fiscal_year=row.fiscal_year, target_value=row.target_value)
        for row in before.year_targets.all()
    )


class YearTargetInline(OwnedInline):
    model = YearTarget
    extra = 1
    fields = ("fiscal_year", "target_value")


class VersionAdmin(OwnedAdmin):
    """A wording with rows of its own below it; as a whole read-only once it is history."""

    of: str
    form = VersionForm
    deletable = True
    addable = False  # begun in the page of its identity

    def is_history(self, version: Any) -> bool:
        frozen = history.frozen_until(getattr(version, self.of).grant_id)
        return history.is_frozen(version.valid_from, frozen)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or not self.is_history(obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or not self.is_history(obj))

    def notice_for(self, request: HttpRequest, obj: Any) -> str:
        grant_id = getattr(obj, self.of).grant_id if obj is not None else None
        return history.notice(history.frozen_until(grant_id)) if obj is not None else ""

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form learns how far the past reaches, and offers revisions of its own grant only."""
        form: Any = super().get_form(request, obj, change, **kwargs)
        grant_id = getattr(obj, self.of).grant_id if obj is not None else None

        def init(self: Any, *args: Any, **inner: Any) -> None:
            form.__init__(self, *args, frozen=history.frozen_until(grant_id), **inner)
            history.stay_within(self, grant_id)

        return type(form.__name__, (form,), {"__init__": init})


@admin.register(IndicatorVersion)
class IndicatorVersionAdmin(VersionAdmin):
    owner_path = f"indicator__{GRANT}"
    related = ("indicator__grant__program__fund", "indicator__grant__organisation")
    of = "indicator"
    readonly_fields = ("of_indicator",)
    list_display = ("name", "valid_from", "unit", "baseline", "target_value", "organisation")
    list_filter = ("indicator__grant",)
    search_fields = ("indicator__grant__search_key", "name")
    date_hierarchy = "valid_from"
    inlines = (YearTargetInline,)
    fields = (
        "of_indicator", "valid_from", "position", "name", "unit", "baseline", "baseline_state", "target_value",
        "target_state", "due_on", "due_note", "verification", "revision",
    )  # fmt: skip

    @admin.display(description=_("指標"))
    def of_indicator(self, version: Any) -> str:
        words = gettext("この指標のすべての文と目標を見る（数え方: %(method)s）")
        return change_link(version.indicator, words % {"method": version.indicator.get_method_display()})

    @admin.display(description=_("団体"))
    def organisation(self, version: Any) -> str:
        return str(version.indicator.grant.organisation)


class RevisionForm(OwnedForm):
    holds_from = MonthField(label=_("この月から"), help_text=_("例 2022年10月"))

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        grant, month = self.cleaned_data.get("grant"), self.cleaned_data.get("holds_from")
        if grant is not None:
            try:
                history.refuse_frozen(month, history.frozen_until(grant.pk))
            except ValidationError as error:
                self.add_error("holds_from", error)
        return cleaned


@admin.register(PlanRevision)
class PlanRevisionAdmin(OwnedAdmin):
    owner_path = GRANT
    related = ("grant__program__fund", "grant__organisation", "approved_by")
    changeable = False
    form = RevisionForm
    notice = _("見直しの記録は、あとから直せません。月と理由をたしかめてから保存してください。")
    list_display = ("grant", "holds_from", "kind", "reason", "approved_by")
    list_filter = ("kind", "grant")
    search_fields = ("grant__search_key", "reason")
    date_hierarchy = "holds_from"
    autocomplete_fields = ("grant",)
    fields = ("grant", "holds_from", "kind", "reason", "approved_by")

    def choice_label(self, row: Any) -> str:
        return f"{row.holds_from:%Y-%m} {row.get_kind_display()}: {row.reason[:30]}"

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.name == "approved_by":
            staff = Staff.objects.active().holding(*Staff.INSIDE, Staff.Role.BOARD)
            field.queryset = field.queryset.filter(pk__in=staff.values("user"))
        return field

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        obj.approved_at = clock.now()
        super().save_model(request, obj, form, change)
