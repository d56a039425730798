from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from core.admin import OwnedAdmin, ReadOnlyAdmin
from mentoring.models import Intervention, SupportCategory, SupportMenuItem


@admin.register(SupportCategory)
class SupportCategoryAdmin(OwnedAdmin):
    deletable = True
    fixed_fields = ("foundation",)
    list_display = ("name", "position")
    list_editable = ("position",)
    search_fields = ("name",)
    fields = ("foundation", "name", "position")


@admin.register(SupportMenuItem)
class SupportMenuItemAdmin(OwnedAdmin):
    related = ("foundation", "category")
    deletable = True
    fixed_fields = ("foundation",)
    list_display = ("name", "pillar", "category", "is_offered", "position")
    list_editable = ("is_offered", "position")
    list_filter = ("pillar", "category", "is_offered")
    search_fields = ("search_key",)
    fields = ("foundation", "pillar", "category", "name", "description", "is_offered", "position")


@admin.register(Intervention)
class InterventionAdmin(ReadOnlyAdmin):
    owner_path = "grant__program__fund__foundation"
    related = ("grant__program__fund", "grant__organisation", "item__category", "given_by")
    notice = _("ここでは読むだけです。支援は、助成のページとシートで記録します。")
    list_display = ("on", "grant", "item", "method", "given_by", "minutes", "reach")
    list_filter = ("method", "reach", "item__category", "given_by")
    search_fields = ("grant__search_key", "item__search_key", "content")
    date_hierarchy = "on"
    fields = (
        "grant",
        "item",
        "on",
        "method",
        "given_by",
        "with_whom",
        "minutes",
        "content",
        "result",
        "reach",
    )
