import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import User
from core.dates import date_label
from core.models import TimestampedModel
from core.search import fold
from foundations.models import Foundation, Staff
from grantees.models import Organisation
from grants.models.funds import Fund


class ProgramQuerySet(models.QuerySet["Program"]):
    def read_whole_by(self, user: User) -> "ProgramQuerySet":
        """All its grantees beside each other: the foundation's inside and its board. A grantee sees its own grant only."""
        roles = (*Staff.INSIDE, Staff.Role.BOARD)
        return self.filter(fund__foundation__in=Foundation.objects.with_staff(user, *roles))

    def managed_by(self, user: User) -> "ProgramQuerySet":
        return self.filter(fund__foundation__in=Foundation.objects.with_staff(user, Staff.Role.OFFICER))


class Program(TimestampedModel):
    """A call for projects on one fund: its theme, its period, the rhythm of its sheets and its ceilings."""

    class Rhythm(models.TextChoices):
        MONTHLY = "monthly", _("毎月")
        QUARTERLY = "quarterly", _("3か月ごと")
        NONE = "none", _("なし（最後の報告だけ）")

    fund = models.ForeignKey(Fund, verbose_name=_("基金"), on_delete=models.PROTECT, related_name="programs")
    name = models.CharField(_("事業名"), max_length=200)
    short_name = models.CharField(_("略称"), max_length=60, blank=True)

    theme = models.TextField(_("テーマ"), blank=True)
    issue = models.TextField(_("取り組む課題"), blank=True)
    target_group = models.TextField(_("対象"), blank=True)
    total_yen = models.BigIntegerField(_("助成総額（円）"), default=0)
    starts_on = models.DateField(_("はじまり"))
    ends_on = models.DateField(_("おわり"))

    rhythm = models.CharField(
        _("シートの間隔"), max_length=10, choices=Rhythm.choices, default=Rhythm.MONTHLY
    )
    due_day = models.PositiveSmallIntegerField(
        _("締め切りの日"),
        default=10,
        help_text=_("シートの期間の翌月の、この日までに出していただきます（1〜28）。"),
    )
    is_emergency = models.BooleanField(_("緊急枠"), default=False)
    administrative_ceiling = models.DecimalField(
        _("管理的経費の上限（%）"), max_digits=4, decimal_places=1, default=15,
        help_text=_("事業費の助成額に対する割合。ふつうは15、緊急枠は20。"),
    )  # fmt: skip
    evaluation_ceiling = models.DecimalField(
        _("評価関連経費の上限（%）"), max_digits=4, decimal_places=1, default=5
    )
    own_funds_floor = models.DecimalField(
        _("自己資金のめやす（%）"), max_digits=4, decimal_places=1, default=20,
        help_text=_("下回るとお知らせします。止めはしません。"),
    )  # fmt: skip
    search_key = models.CharField(max_length=500, editable=False, db_index=True, default="")

    objects = ProgramQuerySet.as_manager()

    class Meta:
        verbose_name = _("助成事業")
        verbose_name_plural = _("助成事業")
        ordering = ["-starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="program_ends_after_start",
                violation_error_message=_("おわりの日は、はじまりの日より後にしてください。"),
            ),
            models.CheckConstraint(
                condition=Q(due_day__gte=1, due_day__lte=28),
                name="program_due_day_1_to_28",
                violation_error_message=_("締め切りの日は1から28のあいだにしてください。"),
            ),
            models.CheckConstraint(condition=Q(total_yen__gte=0), name="program_total_not_negative"),
            models.CheckConstraint(
                condition=Q(
                    administrative_ceiling__gte=0, administrative_ceiling__lte=100,
                    evaluation_ceiling__gte=0, evaluation_ceiling__lte=100,
                    own_funds_floor__gte=0, own_funds_floor__lte=100,
                ),
                name="program_ceilings_are_percentages",
                violation_error_message=_("割合は0から100のあいだにしてください。"),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.short_name or self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_key = fold(f"{self.name} {self.short_name}")
        super().save(*args, **kwargs)

    @property
    def period_months(self) -> int | None:
        """Calendar months in one sheet's period; None when the program has no sheets."""
        return {self.Rhythm.MONTHLY: 1, self.Rhythm.QUARTERLY: 3}.get(self.Rhythm(self.rhythm))


class ProgramApproach(models.Model):
    program = models.ForeignKey(
        Program, verbose_name=_("助成事業"), on_delete=models.CASCADE, related_name="approaches"
    )
    position = models.PositiveSmallIntegerField(_("並び順"), default=1)
    text = models.CharField(_("アプローチ"), max_length=200)

    class Meta:
        verbose_name = _("アプローチ")
        verbose_name_plural = _("アプローチ")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.text


class GrantQuerySet(models.QuerySet["Grant"]):
    def visible_to(self, user: User) -> "GrantQuerySet":
        """The one rule of who sees a grant (docs/decisions/0004): inside staff and the board see their foundation's,
        invited readers the chosen ones, grantees their own."""
        return self.filter(
            _in_foundation_of(user, *Staff.INSIDE, Staff.Role.BOARD)
            | _chosen_for(user, *Staff.INVITED)
            | _carried_by(user)
        )

    def read_inside_by(self, user: User) -> "GrantQuerySet":
        """Where this person may read what is internal to the foundation."""
        return self.filter(_in_foundation_of(user, *Staff.INSIDE))

    def managed_by(self, user: User) -> "GrantQuerySet":
        return self.filter(_in_foundation_of(user, Staff.Role.OFFICER))

    def entered_by(self, user: User) -> "GrantQuerySet":
        return self.filter(_carried_by(user))

    def read_whole_by(self, user: User) -> "GrantQuerySet":
        """Where this person reads work in progress too: everybody who sees the grant, but the board."""
        return self.filter(
            _in_foundation_of(user, *Staff.INSIDE) | _chosen_for(user, *Staff.INVITED) | _carried_by(user)
        )

    def budget_read_by(self, user: User) -> "GrantQuerySet":
        """Where this person reads the budget page; of the invited readers, the accountant."""
        return self.filter(
            _in_foundation_of(user, *Staff.INSIDE)
            | _chosen_for(user, Staff.Role.ACCOUNTANT)
            | _carried_by(user)
        )

    def active_on(self, day: datetime.date) -> "GrantQuerySet":
        return self.filter(starts_on__lte=day, ends_on__gte=day)

    def with_names(self) -> "GrantQuerySet":
        return self.select_related("organisation__legal_form", "program__fund__foundation", "officer")


def _in_foundation_of(user: User, *roles: str) -> Q:
    return Q(program__fund__foundation__in=Foundation.objects.with_staff(user, *roles))


def _chosen_for(user: User, *roles: str) -> Q:
    staff = Staff.objects.active().holding(*roles).filter(user=user)
    return Q(pk__in=GrantReader.objects.filter(staff__in=staff).values("grant"))


def _carried_by(user: User) -> Q:
    return Q(organisation__in=Organisation.objects.with_member(user))


class Grant(TimestampedModel):
    """One grantee's project in one program."""

    program = models.ForeignKey(
        Program, verbose_name=_("助成事業"), on_delete=models.PROTECT, related_name="grants"
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("実行団体"), on_delete=models.PROTECT, related_name="grants"
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("担当プログラム・オフィサー"),
        on_delete=models.PROTECT,
        related_name="grants_in_charge",
    )

    title = models.CharField(_("事業名"), max_length=200)
    subtitle = models.CharField(_("副題"), max_length=200, blank=True)
    summary = models.TextField(_("概要"), blank=True)
    own_funds_note = models.CharField(
        _("自己資金についての了解"), max_length=200, blank=True,
        help_text=_("めやすを下回ることを財団が了解しているときに書きます。"),
    )  # fmt: skip

    contract_date = models.DateField(_("契約日"), null=True, blank=True)
    starts_on = models.DateField(_("はじまり"))
    ends_on = models.DateField(_("おわり"))
    search_key = models.CharField(max_length=500, editable=False, db_index=True, default="")

    objects = GrantQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["search_key"])

    class Meta:
        verbose_name = _("助成")
        verbose_name_plural = _("助成")
        ordering = ["program", "organisation"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="grant_ends_after_start",
                violation_error_message=_("おわりの日は、はじまりの日より後にしてください。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}　{self.title}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_key = fold(
            f"{self.organisation.name} {self.organisation.kana} {self.title} {self.subtitle}"
        )
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("grants:detail", args=[self.pk])

    def clean(self) -> None:
        """A mistyped year would open a sheet for every month since then, and sheets are never deleted."""
        super().clean()
        if self.program_id is None or self.starts_on is None or self.ends_on is None:
            return
        errors = {}
        if self.starts_on < self.program.starts_on:
            errors["starts_on"] = _("助成事業のはじまり（%(day)s）より前です。日付をたしかめてください。") % {
                "day": date_label(self.program.starts_on)
            }
        if self.ends_on > self.program.ends_on:
            errors["ends_on"] = _("助成事業のおわり（%(day)s）より後です。日付をたしかめてください。") % {
                "day": date_label(self.program.ends_on)
            }
        if errors:
            raise ValidationError(errors)

    @property
    def foundation(self) -> Foundation:
        """Reads `program.fund.foundation`: select it beforehand (`with_names`)."""
        return self.program.fund.foundation

    def is_managed_by(self, user: User) -> bool:
        return Grant.objects.managed_by(user).filter(pk=self.pk).exists()

    def is_entered_by(self, user: User) -> bool:
        return Grant.objects.entered_by(user).filter(pk=self.pk).exists()

    def is_read_inside_by(self, user: User) -> bool:
        return Grant.objects.read_inside_by(user).filter(pk=self.pk).exists()


class GrantReader(models.Model):
    """An adviser or accountant whom the foundation let read this grant."""

    grant = models.ForeignKey(Grant, verbose_name=_("助成"), on_delete=models.CASCADE, related_name="readers")
    staff = models.ForeignKey(
        Staff, verbose_name=_("読む人"), on_delete=models.PROTECT, related_name="grants_read"
    )

    class Meta:
        verbose_name = _("この助成を読める人")
        verbose_name_plural = _("この助成を読める人")
        constraints = [
            models.UniqueConstraint(fields=["grant", "staff"], name="grantreader_once"),
        ]

    def __str__(self) -> str:
        return str(self.staff)
