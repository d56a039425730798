from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.models import JournalEntry
from core.admin import ReadOnlyAdmin


@admin.register(JournalEntry)
class JournalEntryAdmin(ReadOnlyAdmin):
    """Everything that was done in the own foundation: who, when, why."""

    owner_path = "foundation_id"
    related = ("actor",)
    notice = _("記録は書き足されるだけで、直したり消したりはできません。")
    list_display = ("at", "actor", "verb", "subject_label", "reason")
    list_filter = ("verb",)
    search_fields = ("subject_label", "reason", "actor__search_key")
    date_hierarchy = "at"
    fields = ("at", "actor", "verb", "subject_label", "reason", "details")
