from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import User
from core import clock
from core.models import TimestampedModel
from core.search import fold
from foundations.models import Foundation
from grants.models import Grant


class SupportCategory(models.Model):
    """A row of the foundation's master list of support categories."""

    foundation = models.ForeignKey(
        Foundation, verbose_name=_("財団"), on_delete=models.CASCADE, related_name="support_categories"
    )
    name = models.CharField(_("分類"), max_length=40)
    position = models.PositiveSmallIntegerField(_("並び順"), default=0)

    class Meta:
        verbose_name = _("支援の分類")
        verbose_name_plural = _("支援の分類")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["foundation", "name"], name="supportcategory_name_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class SupportMenuItem(TimestampedModel):
    """支援メニュー: something the foundation offers, under one of the three pillars."""

    class Pillar(models.TextChoices):
        LEARNING = "learning", _("学び合い・共有の場")
        CAPACITY = "capacity", _("組織基盤強化")
        MENU = "menu", _("支援メニューの提供")

    foundation = models.ForeignKey(
        Foundation, verbose_name=_("財団"), on_delete=models.CASCADE, related_name="support_menu"
    )
    pillar = models.CharField(_("3本柱"), max_length=10, choices=Pillar.choices, default=Pillar.MENU)
    category = models.ForeignKey(
        SupportCategory, verbose_name=_("分類"), on_delete=models.PROTECT, related_name="menu_items"
    )
    name = models.CharField(_("支援メニュー"), max_length=80)
    description = models.TextField(_("説明"), blank=True)
    is_offered = models.BooleanField(_("いま提供している"), default=True)
    position = models.PositiveSmallIntegerField(_("並び順"), default=0)
    search_key = models.CharField(max_length=300, editable=False, default="")

    class Meta:
        verbose_name = _("支援メニュー")
        verbose_name_plural = _("支援メニュー")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["foundation", "name"], name="supportmenuitem_name_unique"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_key = fold(f"{self.name} {self.category.name}")
        super().save(*args, **kwargs)


class InterventionQuerySet(models.QuerySet["Intervention"]):
    def visible_to(self, user: User) -> "InterventionQuerySet":
        return self.filter(grant__in=Grant.objects.read_whole_by(user))

    def with_names(self) -> "InterventionQuerySet":
        return self.select_related("item__category", "given_by")


class Intervention(TimestampedModel):
    """支援: one time the foundation helped. Shared with the grantee; printed in the sheet of its month."""

    class Method(models.TextChoices):
        MEETING = "meeting", _("面談")
        VISIT = "visit", _("訪問・同席")
        PHONE = "phone", _("電話")
        MAIL = "mail", _("メール・チャット")
        TRAINING = "training", _("集合研修")
        DOCUMENT = "document", _("資料作成")
        INTRODUCTION = "introduction", _("同行・紹介")

    class Reach(models.TextChoices):
        NOT_STARTED = "not_started", _("未着手")
        UNDER_WAY = "under_way", _("途上")
        MOSTLY = "mostly", _("概ね達成")
        REACHED = "reached", _("達成")

    grant = models.ForeignKey(
        Grant, verbose_name=_("助成"), on_delete=models.PROTECT, related_name="interventions"
    )
    item = models.ForeignKey(
        SupportMenuItem,
        verbose_name=_("支援メニュー"),
        on_delete=models.PROTECT,
        related_name="interventions",
    )
    on = models.DateField(_("日付"), default=clock.today)
    method = models.CharField(_("やり方"), max_length=12, choices=Method.choices)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("だれが"), on_delete=models.PROTECT, related_name="+"
    )
    with_whom = models.CharField(_("いっしょに関わった人"), max_length=120, blank=True)
    minutes = models.PositiveIntegerField(_("かかった時間（分）"), null=True, blank=True)

    content = models.TextField(_("内容"))
    result = models.TextField(_("そこで分かったこと・結果"), blank=True)
    reach = models.CharField(_("到達度"), max_length=12, choices=Reach.choices, default=Reach.UNDER_WAY)

    objects = InterventionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("支援")
        verbose_name_plural = _("支援")
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(content=""), name="intervention_says_what"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.item}"

    def get_absolute_url(self) -> str:
        return reverse("mentoring:support_edit", args=[self.pk])
