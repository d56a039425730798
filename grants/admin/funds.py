from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.admin import OwnedAdmin, OwnedInline
from core.money import yen
from grants.models import Fund, LedgerEntry


class LedgerInline(OwnedInline):
    model = LedgerEntry
    extra = 1
    fields = ("on", "kind", "amount_yen", "memo")
    verbose_name_plural = _("出入り（寄付は入り、助成と費用は出になります）")


@admin.register(Fund)
class FundAdmin(OwnedAdmin):
    related = ("foundation",)
    fixed_fields = ("foundation",)
    list_display = ("name", "kind", "started_on", "balance")
    list_filter = ("kind",)
    search_fields = ("search_key",)
    inlines = (LedgerInline,)
    fields = ("foundation", "kind", "name", "kana", "description", "started_on", "balance")
    readonly_fields = ("balance",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        queryset: Any = super().get_queryset(request)
        balanced: QuerySet[Any] = queryset.with_balance()
        return balanced

    @admin.display(description=_("残高"), ordering="balance_yen")
    def balance(self, fund: Any) -> str:
        return yen(getattr(fund, "balance_yen", 0))
