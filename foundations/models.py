"""The foundation and the people who work for it. Every row above has one owning foundation."""

import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import clock
from core.models import TimestampedModel
from core.search import fold


class FoundationQuerySet(models.QuerySet["Foundation"]):
    def with_staff(self, user: User, *roles: str) -> "FoundationQuerySet":
        """The foundations in which this person holds one of the roles today (any role when none is named)."""
        return self.filter(
            pk__in=Staff.objects.active().holding(*roles).filter(user=user).values("foundation")
        )


class Foundation(TimestampedModel):
    name = models.CharField(_("名称"), max_length=120)
    short_name = models.CharField(_("略称"), max_length=40, help_text=_("書類の「○○出席者」などに使います。"))
    kana = models.CharField(_("ふりがな"), max_length=200, blank=True)

    profile = models.TextField(_("紹介"), blank=True)
    vision = models.TextField(_("ビジョン"), blank=True)
    mission = models.TextField(_("ミッション"), blank=True)
    prefecture = models.CharField(_("都道府県"), max_length=20, blank=True)
    address = models.CharField(_("所在地"), max_length=200, blank=True)
    website = models.URLField(_("ウェブサイト"), blank=True)
    founded_on = models.DateField(_("設立日"), null=True, blank=True)
    certified_on = models.DateField(_("公益認定日"), null=True, blank=True)

    councillors = models.PositiveSmallIntegerField(_("評議員の数"), default=0)
    directors = models.PositiveSmallIntegerField(_("理事の数"), default=0)
    auditors = models.PositiveSmallIntegerField(_("監事の数"), default=0)
    advisers = models.PositiveSmallIntegerField(_("顧問の数"), default=0)
    full_time_staff = models.PositiveSmallIntegerField(_("常勤職員の数"), default=0)
    part_time_staff = models.PositiveSmallIntegerField(_("非常勤・パート職員の数"), default=0)
    granted_total_yen = models.BigIntegerField(_("これまでの助成総額（円）"), default=0)
    granted_count = models.PositiveIntegerField(_("これまでの助成件数"), default=0)
    granted_as_of = models.DateField(_("助成総額の時点"), null=True, blank=True)

    is_demo = models.BooleanField(
        _("デモデータ"), default=False, help_text=_("画面と書類に「デモデータ」と表示します。")
    )
    search_key = models.CharField(max_length=500, editable=False, db_index=True, default="")

    objects = FoundationQuerySet.as_manager()

    class Meta:
        verbose_name = _("財団")
        verbose_name_plural = _("財団")
        ordering = ["kana", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["name"], name="foundation_name_unique"),
            models.CheckConstraint(
                condition=Q(granted_total_yen__gte=0), name="foundation_granted_total_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_key = fold(f"{self.name} {self.short_name} {self.kana}")
        super().save(*args, **kwargs)


class FoundationHistoryEntry(models.Model):
    foundation = models.ForeignKey(
        Foundation, verbose_name=_("財団"), on_delete=models.CASCADE, related_name="history_entries"
    )
    year = models.PositiveSmallIntegerField(_("年"))
    month = models.PositiveSmallIntegerField(_("月"), null=True, blank=True)
    text = models.CharField(_("できごと"), max_length=300)

    class Meta:
        verbose_name = _("沿革")
        verbose_name_plural = _("沿革")
        ordering = ["year", F("month").asc(nulls_first=True), "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(month__isnull=True) | Q(month__gte=1, month__lte=12),
                name="foundationhistoryentry_month_1_to_12",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.text}"


class StaffQuerySet(models.QuerySet["Staff"]):
    def active(self, on: datetime.date | None = None) -> "StaffQuerySet":
        """Whose term includes the day (today when None) and whose account is not switched off."""
        on = on or clock.today()
        return self.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=on), starts_on__lte=on, user__is_active=True
        )

    def holding(self, *roles: str) -> "StaffQuerySet":
        return self.filter(role__in=roles) if roles else self


class Staff(TimestampedModel):
    """A person's hat in a foundation: one role, for a time. One person may hold several."""

    class Role(models.TextChoices):
        ADMIN = "admin", _("管理者")
        OFFICER = "officer", _("プログラム・オフィサー")
        ACCOUNTANT = "accountant", _("経理")
        BOARD = "board", _("役員・選考委員")
        ADVISER = "adviser", _("評価アドバイザー")

    INSIDE: ClassVar[tuple[str, ...]] = (Role.ADMIN, Role.OFFICER)  # read what is internal to the foundation
    INVITED: ClassVar[tuple[str, ...]] = (Role.ACCOUNTANT, Role.ADVISER)  # read chosen grants only

    foundation = models.ForeignKey(
        Foundation, verbose_name=_("財団"), on_delete=models.PROTECT, related_name="staff"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("人"), on_delete=models.PROTECT, related_name="staff_hats"
    )
    role = models.CharField(_("役割"), max_length=20, choices=Role.choices)
    title = models.CharField(
        _("肩書き"), max_length=60, blank=True, help_text=_("例: 事務局長、理事、評議員、監事、選考委員")
    )
    starts_on = models.DateField(_("はじまり"), default=clock.today)
    ends_on = models.DateField(
        _("おわり"), null=True, blank=True, help_text=_("空は、続いていることを表します。")
    )

    objects = StaffQuerySet.as_manager()

    class Meta:
        verbose_name = _("財団の人")
        verbose_name_plural = _("財団の人")
        ordering = ["foundation", "role", "user"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="staff_ends_after_start",
                violation_error_message=_("おわりの日は、はじまりの日より後にしてください。"),
            ),
            models.UniqueConstraint(
                fields=["foundation", "user", "role"],
                condition=Q(ends_on__isnull=True),
                name="staff_one_open_hat_per_role",
                violation_error_message=_("この人は、同じ役割をすでに持っています。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}（{self.foundation.short_name} {self.get_role_display()}）"
