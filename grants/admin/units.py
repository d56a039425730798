from django.contrib import admin

from core.admin import OwnedAdmin
from grants.models import IndicatorUnit


@admin.register(IndicatorUnit)
class IndicatorUnitAdmin(OwnedAdmin):
    deletable = True
    fixed_fields = ("foundation",)
    list_display = ("name", "position")
    list_editable = ("position",)
    search_fields = ("name",)
    fields = ("foundation", "name", "position")
