from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import JournalEntry
from accounts.verbs import verb_label
from core.admin import ReadOnlyAdmin


class VerbFilter(admin.SimpleListFilter):
    title = _("こと")
    parameter_name = "verb"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        verbs = model_admin.get_queryset(request).order_by("verb").values_list("verb", flat=True).distinct()
        return [(verb, verb_label(verb)) for verb in verbs]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(verb=self.value()) if self.value() else queryset


@admin.register(JournalEntry)
class JournalEntryAdmin(ReadOnlyAdmin):
    """Everything that was done in the own foundation: who, when, why."""

    owner_path = "foundation_id"
    related = ("actor",)
    notice = _("記録は書き足されるだけで、直したり消したりはできません。")
    list_display = ("at", "who", "what", "subject_label", "reason")
    list_filter = (VerbFilter,)
    search_fields = ("subject_label", "reason", "actor__search_key")
    date_hierarchy = "at"
    fields = ("at", "who", "what", "subject_label", "reason", "details")

    @admin.display(description=_("した人"), ordering="actor")
    def who(self, entry: JournalEntry) -> str:
        return str(entry.actor or _("自動"))

    @admin.display(description=_("こと"), ordering="verb")
    def what(self, entry: JournalEntry) -> str:
        return verb_label(entry.verb)
