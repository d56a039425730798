from typing import Any, cast

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.admin import OwnedAdmin, OwnedInline
from foundations.models import Staff
from grantees.models import Membership


class HatInline(OwnedInline):
    """What the person does in the admin's own foundation; hats elsewhere are nobody's business here."""

    addable = changeable = deletable = False
    owner_path = ""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        owners = cast(Any, self.admin_site).owners_of(request)
        rows = super().get_queryset(request).order_by("starts_on", "pk")
        return rows if owners is None else rows.filter(**{f"{self.owner_path}__in": owners})


class StaffHatInline(HatInline):
    model = Staff
    owner_path = "foundation"
    related = ("foundation",)
    fields = ("foundation", "role", "title", "starts_on", "ends_on")
    verbose_name_plural = _("財団での役割")


class MembershipHatInline(HatInline):
    model = Membership
    owner_path = "organisation__foundation"
    related = ("organisation",)
    fields = ("organisation", "role", "title", "starts_on", "ends_on")
    verbose_name_plural = _("団体での役割")


@admin.register(User)
class UserAdmin(OwnedAdmin):
    owner_path = ""
    addable = False  # people come by invitation
    list_display = ("name", "kana", "email", "is_active", "last_login")
    list_filter = ("is_active",)
    search_fields = ("search_key",)
    fields = ("name", "kana", "email", "language", "is_active", "date_joined", "last_login")
    readonly_fields = ("email", "language", "date_joined", "last_login")
    inlines = (StaffHatInline, MembershipHatInline)

    def scope(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The people with a hat, also a former one, in the admin's foundations or their organisations."""
        owners = cast(Any, self.admin_site).owners_of(request)
        if owners is None:
            return queryset
        return queryset.filter(
            Q(pk__in=Staff.objects.filter(foundation__in=owners).values("user"))
            | Q(pk__in=Membership.objects.filter(organisation__foundation__in=owners).values("user"))
        )

    def lookup_allowed(self, lookup: str, value: str, request: Any = None) -> bool:
        """Nobody guesses a stored password letter by letter in the address of the list."""
        return not lookup.startswith("password") and super().lookup_allowed(lookup, value, request)

    def choice_label(self, row: Any) -> str:
        return f"{row.name}（{row.email}）"

    def belongs_elsewhere(self, request: HttpRequest, user: User) -> bool:
        owners = cast(Any, self.admin_site).owners_of(request)
        if owners is None:
            return False
        return (
            user.is_superuser
            or Staff.objects.filter(user=user).exclude(foundation__in=owners).exists()
            or Membership.objects.filter(user=user).exclude(organisation__foundation__in=owners).exists()
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A person of several foundations is nobody's alone: no admin renames them or shuts them out."""
        fields = super().get_readonly_fields(request, obj)
        if obj is not None and self.belongs_elsewhere(request, obj):
            return (*fields, "name", "kana", "is_active")
        if obj is not None and obj.pk == request.user.pk:
            return (*fields, "is_active")
        return fields

    def notice_for(self, request: HttpRequest, obj: Any) -> str:
        if obj is not None and self.belongs_elsewhere(request, obj):
            return gettext(
                "この方は、ほかの財団でも役割をお持ちです。お名前や「有効」はここからは変えられません。"
                "この財団での役割を終えるには、「財団の人」か「団体」で「おわり」の日を入れてください。"
            )
        return gettext(
            "使わなくなった人は、消さずに「有効」を外します。サインインに使うメールアドレスは、ここでは変えられません。"
        )
