from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from core.admin import OwnedAdmin, OwnedForm, OwnedInline
from grantees.models import ConsortiumMember, LegalForm, Membership, Organisation


@admin.register(LegalForm)
class LegalFormAdmin(OwnedAdmin):
    deletable = True
    fixed_fields = ("foundation",)
    list_display = ("name", "placement", "position")
    list_editable = ("position",)
    search_fields = ("name",)
    fields = ("foundation", "name", "placement", "position")


class ConsortiumMemberInline(OwnedInline):
    model = ConsortiumMember
    related = ("organisation",)
    fk_name = "consortium"
    autocomplete_fields = ("organisation",)
    fields = ("organisation", "name", "part", "is_lead")


class MembershipForm(OwnedForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Whose membership it is stays: another person is another row."""
        super().__init__(*args, **kwargs)
        if self.instance.pk and "user" in self.fields:
            self.fields["user"].disabled = True


class MembershipInline(OwnedInline):
    model = Membership
    form = MembershipForm
    related = ("user", "organisation")
    deletable = False
    autocomplete_fields = ("user",)
    fields = ("user", "role", "title", "starts_on", "ends_on")
    verbose_name_plural = _("団体の人（はじめての方は「招待」からお招きください）")


@admin.register(Organisation)
class OrganisationAdmin(OwnedAdmin):
    related = ("foundation", "legal_form")
    fixed_fields = ("foundation",)
    list_display = ("name", "legal_form", "kana", "city", "is_consortium")
    list_filter = ("is_consortium", "legal_form", "city")
    search_fields = ("search_key",)
    inlines = (ConsortiumMemberInline, MembershipInline)
    fieldsets = (
        (None, {"fields": ("foundation", "legal_form", "name", "kana", "city", "is_consortium")}),
        (_("紹介"), {"fields": ("description", "website")}),
    )

    def get_inlines(self, request: Any, obj: Any) -> Any:
        """The members of a consortium only where there is one."""
        return self.inlines if obj is None or obj.is_consortium else (MembershipInline,)
