from typing import Any

from django.db import models
from django.db.models import Case, F, Q, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from core.models import TimestampedModel
from core.search import fold
from foundations.models import Foundation


class FundQuerySet(models.QuerySet["Fund"]):
    def with_balance(self) -> "FundQuerySet":
        """Annotates `balance_yen`: what came in less what went out. Never stored."""
        signed = Case(
            When(ledger_entries__kind__in=LedgerEntry.INCOMING, then=F("ledger_entries__amount_yen")),
            default=-F("ledger_entries__amount_yen"),
            output_field=models.BigIntegerField(),
        )
        return self.annotate(
            balance_yen=Coalesce(Sum(signed), Value(0), output_field=models.BigIntegerField())
        )


class Fund(TimestampedModel):
    class Kind(models.TextChoices):
        THEME = "theme", _("テーマ・地域型基金")
        NAMED = "named", _("冠基金")
        DESIGNATED = "designated", _("事業指定助成")
        MEDIATION = "mediation", _("資源仲介")
        DORMANT = "dormant", _("休眠預金")

    foundation = models.ForeignKey(
        Foundation, verbose_name=_("財団"), on_delete=models.PROTECT, related_name="funds"
    )
    kind = models.CharField(_("種類"), max_length=20, choices=Kind.choices)
    name = models.CharField(_("基金名"), max_length=120)
    kana = models.CharField(_("ふりがな"), max_length=200, blank=True)
    description = models.TextField(_("説明"), blank=True)
    started_on = models.DateField(_("開始日"), null=True, blank=True)
    search_key = models.CharField(max_length=500, editable=False, db_index=True, default="")

    objects = FundQuerySet.as_manager()

    class Meta:
        verbose_name = _("基金")
        verbose_name_plural = _("基金")
        ordering = ["foundation", "name"]
        constraints = [
            models.UniqueConstraint(fields=["foundation", "name"], name="fund_name_unique"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_key = fold(f"{self.name} {self.kana}")
        super().save(*args, **kwargs)


class LedgerEntry(models.Model):
    """One line of a fund's ledger. The kind says the direction; the amount is always positive, in yen."""

    class Kind(models.TextChoices):
        INDIVIDUAL = "individual", _("個人からの寄付")
        COMPANY = "company", _("企業からの寄付")
        BEQUEST = "bequest", _("遺贈")
        PRODUCT = "product", _("寄付付き商品")
        EVENT = "event", _("チャリティイベント")
        PUBLIC = "public", _("助成金・交付金の受け入れ")
        GRANT = "grant", _("助成")
        COST = "cost", _("費用")

    INCOMING = (Kind.INDIVIDUAL, Kind.COMPANY, Kind.BEQUEST, Kind.PRODUCT, Kind.EVENT, Kind.PUBLIC)

    fund = models.ForeignKey(
        Fund, verbose_name=_("基金"), on_delete=models.CASCADE, related_name="ledger_entries"
    )
    on = models.DateField(_("日付"))
    kind = models.CharField(_("種類"), max_length=20, choices=Kind.choices)
    amount_yen = models.BigIntegerField(_("金額（円）"))
    memo = models.CharField(_("摘要"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("基金の出入り")
        verbose_name_plural = _("基金の出入り")
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_yen__gt=0),
                name="ledgerentry_amount_positive",
                violation_error_message=_("金額は1円以上にしてください。出入りの向きは種類で決まります。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.get_kind_display()}"
