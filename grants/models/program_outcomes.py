"""What a whole program is for: its outcomes, and figures that add up chosen indicators of its grantees."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grants.models.logic import Indicator
from grants.models.programs import Program


class ProgramOutcome(models.Model):
    program = models.ForeignKey(
        Program, verbose_name=_("助成事業"), on_delete=models.CASCADE, related_name="outcomes"
    )
    position = models.PositiveSmallIntegerField(_("番号"), default=1, help_text=_("①②③の数"))
    text = models.TextField(_("文"))

    class Meta:
        verbose_name = _("助成事業のアウトカム")
        verbose_name_plural = _("助成事業のアウトカム")
        ordering = ["program", "position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(position__gte=1), name="programoutcome_numbered_from_1"),
            models.CheckConstraint(condition=~Q(text=""), name="programoutcome_says_something"),
        ]

    def __str__(self) -> str:
        return self.text


class ProgramIndicator(models.Model):
    """Adds up the running totals of its parts; all are counts in one unit."""

    ADDABLE = (Indicator.Method.SUM, Indicator.Method.NEW_UNIQUE, Indicator.Method.LATEST)

    outcome = models.ForeignKey(
        ProgramOutcome,
        verbose_name=_("助成事業のアウトカム"),
        on_delete=models.CASCADE,
        related_name="indicators",
    )
    position = models.PositiveSmallIntegerField(_("並び順"), default=1)
    name = models.CharField(_("指標"), max_length=200)
    unit = models.CharField(_("単位"), max_length=10, help_text=_("足し合わせる団体の指標と同じ単位"))
    target_value = models.DecimalField(_("目標値"), max_digits=15, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = _("助成事業の指標")
        verbose_name_plural = _("助成事業の指標")
        ordering = ["outcome", "position", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(unit=""), name="programindicator_has_a_unit"),
        ]

    def __str__(self) -> str:
        return self.name


class ProgramIndicatorPart(models.Model):
    """A grantee's indicator that counts into a program's."""

    whole = models.ForeignKey(ProgramIndicator, on_delete=models.CASCADE, related_name="part_rows")
    indicator = models.ForeignKey(
        Indicator, verbose_name=_("団体の指標"), on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("足し合わせる指標")
        verbose_name_plural = _("足し合わせる指標")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["whole", "indicator"], name="programindicatorpart_once"),
        ]

    def __str__(self) -> str:
        return f"{self.whole_id} ← {self.indicator_id}"
