from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.models import TimestampedModel
from grants.models.programs import Grant


class Purpose(models.TextChoices):
    """What money is for. Direct and administrative costs make up the project cost 事業費; evaluation stands apart."""

    DIRECT = "direct", _("直接事業費")
    ADMINISTRATIVE = "administrative", _("管理的経費")
    EVALUATION = "evaluation", _("評価関連経費")


class BudgetLine(TimestampedModel):
    """One planned item of one fiscal year (April to March), in whole yen. Revisions come with their own issue."""

    grant = models.ForeignKey(
        Grant, verbose_name=_("助成"), on_delete=models.CASCADE, related_name="budget_lines"
    )
    purpose = models.CharField(_("目的"), max_length=20, choices=Purpose.choices)
    item = models.CharField(_("費目"), max_length=80)
    fiscal_year = models.PositiveSmallIntegerField(_("年度"))
    granted_yen = models.BigIntegerField(_("助成金（円）"), default=0)
    own_yen = models.BigIntegerField(_("自己資金（円）"), default=0)
    position = models.PositiveSmallIntegerField(_("並び順"), default=0)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("予算の行")
        verbose_name_plural = _("予算の行")
        ordering = ["fiscal_year", "purpose", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["grant", "purpose", "item", "fiscal_year"], name="budgetline_item_once_a_year"
            ),
            models.CheckConstraint(
                condition=Q(granted_yen__gte=0, own_yen__gte=0),
                name="budgetline_amounts_not_negative",
                violation_error_message=_("金額は0円以上にしてください。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.item}"


class Expenditure(TimestampedModel):
    """What one purpose cost in one sheet's period, in whole yen. None: nobody entered it. A refund may be negative."""

    grant = models.ForeignKey(
        Grant, verbose_name=_("助成"), on_delete=models.PROTECT, related_name="expenditures"
    )
    month = models.DateField(_("月"), help_text=_("期間のはじめの月の1日"))
    purpose = models.CharField(_("目的"), max_length=20, choices=Purpose.choices)
    amount_yen = models.BigIntegerField(_("支出（円）"), null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("支出")
        verbose_name_plural = _("支出")
        ordering = ["month", "purpose"]
        constraints = [
            models.UniqueConstraint(fields=["grant", "month", "purpose"], name="expenditure_once_a_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="expenditure_month_is_first"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.get_purpose_display()}"
