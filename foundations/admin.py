from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import clock
from core.admin import OwnedAdmin, OwnedForm, OwnedInline
from foundations.models import Foundation, FoundationHistoryEntry, Staff
from foundations.services import sync_is_staff


class HistoryEntryInline(OwnedInline):
    model = FoundationHistoryEntry


@admin.register(Foundation)
class FoundationAdmin(OwnedAdmin):
    owner_path = "pk"
    addable = False  # a foundation is opened with createadmin, so that it has an admin from the first day
    list_display = ("name", "short_name", "prefecture", "staff_count", "is_demo")
    search_fields = ("search_key",)
    inlines = (HistoryEntryInline,)
    fieldsets = (
        (None, {"fields": ("name", "short_name", "kana", "is_demo")}),
        (_("紹介"), {"fields": ("profile", "vision", "mission", "prefecture", "address", "website")}),
        (_("あゆみ"), {"fields": ("founded_on", "certified_on")}),
        (
            _("役員と職員の数"),
            {
                "fields": (
                    ("councillors", "directors", "auditors", "advisers"),
                    ("full_time_staff", "part_time_staff"),
                )
            },
        ),
        (_("これまでの助成"), {"fields": ("granted_total_yen", "granted_count", "granted_as_of")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        today = clock.today()
        at_work = Q(staff__starts_on__lte=today, staff__user__is_active=True) & (
            Q(staff__ends_on__isnull=True) | Q(staff__ends_on__gte=today)
        )
        people = Count("staff__user", filter=at_work, distinct=True)
        queryset: QuerySet[Any] = super().get_queryset(request).annotate(people=people)
        return queryset

    @admin.display(description=_("いまの人数"), ordering="people")
    def staff_count(self, foundation: Any) -> str:
        return gettext("%(count)d人") % {"count": foundation.people}


class TermFilter(admin.SimpleListFilter):
    title = _("任期")
    parameter_name = "term"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("now", _("いま")), ("over", _("終わった")), ("coming", _("これから"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        today = clock.today()
        if self.value() == "now":
            return queryset.filter(
                Q(ends_on__isnull=True) | Q(ends_on__gte=today), starts_on__lte=today, user__is_active=True
            )
        if self.value() == "over":
            return queryset.filter(ends_on__lt=today)
        if self.value() == "coming":
            return queryset.filter(starts_on__gt=today)
        return queryset


class StaffForm(OwnedForm):
    signed_in: Any  # the admin at work

    def clean_ends_on(self) -> Any:
        ends_on = self.cleaned_data["ends_on"]
        mine = self.instance.pk and self.instance.user_id == self.signed_in.pk
        if mine and ends_on and self.instance.role == Staff.Role.ADMIN:
            raise ValidationError(
                gettext("ご自分の管理者の役割は、ほかの管理者に終えてもらってください。"), code="own_hat"
            )
        return ends_on


@admin.register(Staff)
class StaffAdmin(OwnedAdmin):
    related = ("foundation", "user")
    fixed_fields = ("foundation", "user", "role")
    form = StaffForm
    notice = _(
        "役割が変わるときは、いまの役割に「おわり」の日を入れ、新しい役割を足します。過去の記録はそのまま残ります。"
        "はじめての方は「招待」からお招きください。"
    )
    list_display = ("user", "role", "title", "starts_on", "ends_on", "is_current")
    list_filter = (TermFilter, "role")
    search_fields = ("user__search_key", "title")
    fields = ("foundation", "user", "role", "title", "starts_on", "ends_on")
    autocomplete_fields = ("user",)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: type[forms.ModelForm[Any]] = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"signed_in": request.user})

    @admin.display(description=_("いま"), boolean=True)
    def is_current(self, staff: Staff) -> bool:
        today = clock.today()
        in_term = staff.starts_on <= today and (staff.ends_on is None or staff.ends_on >= today)
        return in_term and staff.user.is_active

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        super().save_model(request, obj, form, change)
        sync_is_staff(obj.user)
