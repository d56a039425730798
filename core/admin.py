"""The base of every page in Django admin: an admin works with the rows of the own owners and meets no others.

Every row has an owner (here: a foundation, which this room need not know). `owner_path` leads from a row to it,
and the site says which owners the signed-in admin has. Lists, pages, dropdowns, filters, autocompletes and
inlines are limited by it, and no row may tie rows of two owners together. A dropdown whose rows nobody can
limit is an error.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin
from django.contrib.admin import AdminSite
from django.contrib.admin.utils import get_fields_from_path
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import models
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.fields import FigureField, FigureInput, JapaneseDateField, YenField
from core.search import fold

if TYPE_CHECKING:
    BaseAdmin = admin.ModelAdmin[Any]
    BaseInline = admin.TabularInline[Any, Any]
    BaseForm = forms.ModelForm[Any]
else:
    BaseAdmin, BaseInline, BaseForm = admin.ModelAdmin, admin.TabularInline, forms.ModelForm


LONGEST_QUERY = 200  # a database refuses to look for a whole page of text


class AdminDateField(JapaneseDateField):
    """Reads what people type; shows the way the calendar button writes."""

    def show(self, value: Any) -> str:
        return str(value.isoformat())


FORM_FIELDS: dict[Any, dict[str, Any]] = {
    models.BigIntegerField: {
        "form_class": YenField,
        "widget": FigureInput({"size": 14}, inputmode="numeric"),
    },
    models.DecimalField: {"form_class": FigureField, "widget": FigureInput({"size": 10})},
    models.IntegerField: {"widget": FigureInput({"size": 6}, inputmode="numeric")},
    models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple},
    models.DateField: {"form_class": AdminDateField, "widget": AdminDateWidget},
    models.TextField: {"widget": forms.Textarea({"rows": 3, "cols": 48})},
}


class OwnedForm(BaseForm):
    def clean(self) -> dict[str, Any] | None:
        """What is chosen, the row itself and its parent must all belong to one owner."""
        cleaned = super().clean()
        owners = {owner_of(self.instance)} if self.instance.pk else set()
        chosen: dict[str, set[Any]] = {
            name: {owner_of(row) for row in _rows(value)} for name, value in self.cleaned_data.items()
        }
        owners = set.union(owners, *chosen.values()) - {None}
        if len(owners) > 1:
            raise ValidationError(gettext("ほかの財団のものは、いっしょに選べません。"), code="owners")
        return cleaned


def _rows(value: Any) -> Iterator[models.Model]:
    if isinstance(value, models.Model):
        yield value
    elif isinstance(value, QuerySet):
        yield from value


def owner_of(row: models.Model) -> Any:
    """The primary key of the owner, or None for rows that belong to none alone (a person)."""
    model_admin = admin.site._registry.get(type(row))
    return model_admin.owner_of(row) if isinstance(model_admin, OwnedAdmin) else None


def _admin_of(site: AdminSite, field: Any) -> "OwnedAdmin":
    model_admin = site._registry.get(field.related_model)
    if not isinstance(model_admin, OwnedAdmin):
        raise ImproperlyConfigured(f"nobody limits the choices of {field}: register {field.related_model}")
    return model_admin


class OwnRowsFilter(admin.RelatedOnlyFieldListFilter):
    """Offers what occurs in the own rows, under readable names, in one query."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        related = _admin_of(model_admin.admin_site, field)
        used = model_admin.scope(request, model_admin.model._default_manager.order_by())
        rows = related.choices(request).filter(pk__in=used.values(self.field_path))
        return [(row.pk, related.choice_label(row)) for row in rows]

    def has_output(self) -> bool:
        """Also with a single choice, when a link from another page asked for it."""
        return super().has_output() or self.lookup_val is not None


class OwnedAdmin(BaseAdmin):
    owner_path = "foundation"  # "pk" for the owner itself, "" when only `scope` can tell
    related: tuple[str, ...] = ()  # what __str__ and the list read of other tables
    fixed_fields: tuple[str, ...] = ()  # chosen once; another choice would be another row
    addable = changeable = True
    deletable = False
    notice: Any = ""  # a sentence above the form, for every row
    add_words: Any = _("%(name)sを加える")

    form = OwnedForm
    formfield_overrides = FORM_FIELDS
    list_per_page = 50
    view_on_site = False
    save_on_top = False
    search_help_text = _("全角・半角、大文字・小文字、ひらがな・カタカナの違いは気にせず探せます。")

    # --- whose rows ------------------------------------------------------------------------------------

    def scope(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        owners = cast(Any, self.admin_site).owners_of(request)
        return queryset if owners is None else queryset.filter(**{f"{self.owner_path}__in": owners})

    def owner_of(self, row: Any) -> Any:
        if not self.owner_path:
            return None
        *steps, last = self.owner_path.split("__")
        for step in steps:
            row = getattr(row, step, None)
            if row is None:
                return None
        return row.pk if last == "pk" else getattr(row, f"{last}_id", None)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return self.scope(request, super().get_queryset(request).select_related(*self.related))

    def choices(self, request: HttpRequest) -> QuerySet[Any]:
        """The rows a dropdown elsewhere may offer."""
        return self.get_queryset(request).order_by(*self.get_ordering(request))

    def choice_label(self, row: Any) -> str:
        return str(row)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        return without_delete_icon(super().formfield_for_dbfield(db_field, request, **kwargs))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return limit(super().formfield_for_foreignkey, self.admin_site, db_field, request, kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return limit(super().formfield_for_manytomany, self.admin_site, db_field, request, kwargs)

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        """Related rows in a filter only as far as they occur in the own rows."""
        entries = [self.owner_path, *super().get_list_filter(request)]
        if not self._is_relation(self.owner_path):
            entries = entries[1:]
        return [(entry, OwnRowsFilter) if self._is_relation(entry) else entry for entry in entries]

    def _is_relation(self, path: Any) -> bool:
        if not isinstance(path, str) or path in ("", "pk"):
            return False
        return bool(get_fields_from_path(self.model, path)[-1].is_relation)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Every word must be found; in a search key after folding, elsewhere as typed."""
        for word in search_term[:LONGEST_QUERY].split():
            found = Q()
            for field in self.get_search_fields(request):
                if field.endswith("search_key"):
                    found |= Q(**{f"{field}__contains": fold(word)})
                else:
                    found |= Q(**{f"{field}__icontains": word})
            queryset = queryset.filter(found)
        return queryset, False

    # --- what may be done -------------------------------------------------------------------------------
    # The site lets admins in and nobody else; which rows they meet is said above.

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.addable and self.admin_site.has_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.changeable and self.admin_site.has_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.deletable and self.admin_site.has_permission(request)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fixed = self.fixed_fields if obj is not None else ()
        return (*super().get_readonly_fields(request, obj), *fixed)

    # --- what is said and written down ------------------------------------------------------------------

    def notice_for(self, request: HttpRequest, obj: Any) -> str:
        return str(self.notice)

    def add_title(self) -> str:
        return str(self.add_words) % {"name": self.opts.verbose_name}

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        changelist = super().get_changelist_instance(request)
        changelist.title = str(self.opts.verbose_name_plural)
        return changelist

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        obj = kwargs.get("obj")
        context["notice"] = self.notice_for(request, obj)
        context["title"] = self.add_title() if obj is None else str(self.opts.verbose_name)
        context["subtitle"] = self.choice_label(obj) if obj is not None else None
        return super().render_change_form(request, context, *args, **kwargs)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        cast(Any, self.admin_site).record(request, "admin.added", obj, self.owner_of(obj), message)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        if message:
            cast(Any, self.admin_site).record(request, "admin.changed", obj, self.owner_of(obj), message)
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Iterable[Any]) -> Any:
        for obj in queryset:
            cast(Any, self.admin_site).record(request, "admin.deleted", obj, self.owner_of(obj), [])
        return super().log_deletions(request, cast(Any, queryset))


class ReadOnlyAdmin(OwnedAdmin):
    """What was done is read here and changed nowhere but in its own page of the product."""

    addable = changeable = False


class OwnedInline(BaseInline):
    """Rows of one parent. They may be touched as far as the parent may."""

    related: tuple[str, ...] = ()
    form = OwnedForm
    formfield_overrides = FORM_FIELDS
    extra = 0
    addable = changeable = deletable = True

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        return without_delete_icon(super().formfield_for_dbfield(db_field, request, **kwargs))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return limit(super().formfield_for_foreignkey, self.admin_site, db_field, request, kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return limit(super().formfield_for_manytomany, self.admin_site, db_field, request, kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related(*self.related)

    def _parent_is_open(self, request: HttpRequest, obj: Any) -> bool:
        parent = self.admin_site._registry[self.parent_model]
        return parent.has_change_permission(request, obj)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any) -> bool:  # type: ignore[override]  # as called
        return self.addable and self._parent_is_open(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.changeable and self._parent_is_open(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.deletable and self._parent_is_open(request, obj)


def limit(make: Any, site: AdminSite, db_field: Any, request: HttpRequest, kwargs: dict[str, Any]) -> Any:
    """The form field for a relation, offering the admin's own rows under their readable names."""
    model_admin = _admin_of(site, db_field)
    rows = kwargs.setdefault("queryset", model_admin.choices(request))
    field = make(db_field, request, **kwargs)
    if field is None:
        return None
    field.label_from_instance = model_admin.choice_label
    if model_admin.owner_path == "pk" and len(owners := rows[:2]) == 1:
        field.empty_label, field.initial = None, owners[0].pk  # most admins have one owner: nothing to choose
    return field


def without_delete_icon(field: Any) -> Any:
    """Deleting belongs to the row's own page, not beside a dropdown."""
    if hasattr(field, "widget") and hasattr(field.widget, "can_delete_related"):
        field.widget.can_delete_related = False
    return field
