import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import User
from core.models import TimestampedModel
from core.months import last_day_of_period, period_label
from grants.models import Grant, Indicator, Purpose, ShortTermOutcome


class ProgressWord(models.TextChoices):
    """The scheme's four words for progress."""

    AHEAD = "ahead", _("計画より進んでいる")
    ON_TRACK = "ontrack", _("計画どおり進んでいる")
    BEHIND = "behind", _("計画より遅れている")
    OTHER = "other", _("その他")


class Presence(models.TextChoices):
    NONE = "none", _("なし")
    IN_PROGRESS = "in_progress", _("作成中")
    PRESENT = "present", _("あり")


class ProgressSheetQuerySet(models.QuerySet["ProgressSheet"]):
    def visible_to(self, user: User) -> "ProgressSheetQuerySet":
        """Work in progress to those who work on it; to the board only what is closed."""
        return self.filter(
            Q(grant__in=Grant.objects.read_whole_by(user))
            | Q(grant__in=Grant.objects.visible_to(user), state=ProgressSheet.State.CLOSED)
        )

    def unfinished(self) -> "ProgressSheetQuerySet":
        return self.exclude(state=ProgressSheet.State.CLOSED)

    def with_names(self) -> "ProgressSheetQuerySet":
        return self.select_related(
            "grant__organisation__legal_form",
            "grant__program__fund__foundation",
            "grant__officer",
            "closed_by",
        )


class ProgressSheet(TimestampedModel):
    """進捗共有シート: one grant's period of one or three calendar months. Moves only through mentoring.workflow."""

    class State(models.TextChoices):
        DRAFT = "draft", _("入力中")
        SUBMITTED = "submitted", _("提出済")
        RETURNED = "returned", _("差し戻し")
        CLOSED = "closed", _("確定")
        REOPENED = "reopened", _("再開")

    grant = models.ForeignKey(Grant, verbose_name=_("助成"), on_delete=models.PROTECT, related_name="sheets")
    month = models.DateField(_("月"), help_text=_("期間のはじめの月の1日"))
    months = models.PositiveSmallIntegerField(_("月の数"), default=1)
    due_on = models.DateField(_("締め切り"))

    remark = models.TextField(_("備考・つぶやき"), blank=True)
    remark_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("備考・つぶやきを書いた人"), on_delete=models.PROTECT,
        null=True, blank=True, editable=False, related_name="+",
    )  # fmt: skip
    remark_at = models.DateTimeField(_("備考・つぶやきを書いた日時"), null=True, blank=True, editable=False)
    plan_snapshot = models.JSONField(
        _("提出したときの計画"), null=True, blank=True, editable=False,
        help_text=_("提出したときに写した計画（grants.plan.Plan）。空は、期間の計画をそのまま使います。"),
    )  # fmt: skip

    next_snapshot = models.JSONField(
        _("確定したときの次回"), null=True, blank=True, editable=False,
        help_text=_("確定したときに写した次回の日（mentoring.arranged.Arranged）。空の入れ物は、決まっていなかったことです。"),
    )  # fmt: skip

    state = models.CharField(
        _("段階"), max_length=10, choices=State.choices, default=State.DRAFT, editable=False
    )
    version = models.PositiveIntegerField(default=0, editable=False)  # raised by every save of its contents
    turn_since = models.DateTimeField(_("いまの番になった日時"), editable=False)
    closed_at = models.DateTimeField(_("確定した日時"), null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("確定した人"), on_delete=models.PROTECT,
        null=True, blank=True, editable=False, related_name="+",
    )  # fmt: skip

    objects = ProgressSheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("進捗共有シート")
        verbose_name_plural = _("進捗共有シート")
        ordering = ["grant", "month"]
        constraints = [
            models.UniqueConstraint(fields=["grant", "month"], name="progresssheet_once_a_period"),
            models.CheckConstraint(condition=Q(month__day=1), name="progresssheet_month_is_first"),
            models.CheckConstraint(condition=Q(months__in=[1, 3]), name="progresssheet_one_or_three_months"),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="progresssheet_closed_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["state", "turn_since"], name="progresssheet_turn")]

    def __str__(self) -> str:
        return f"{self.grant.organisation} {self.label}"

    def get_absolute_url(self) -> str:
        return reverse("mentoring:sheet_detail", args=[self.pk])

    @property
    def label(self) -> str:
        """2022年10月, or 2022年10月〜12月 for a quarter."""
        return period_label(self.month, self.months)

    @property
    def last_day(self) -> datetime.date:
        return last_day_of_period(self.month, self.months)

    @property
    def is_closed(self) -> bool:
        return self.state == self.State.CLOSED


class SheetEvent(models.Model):
    """One move of a sheet: who, when, why. Append-only."""

    sheet = models.ForeignKey(
        ProgressSheet, verbose_name=_("シート"), on_delete=models.PROTECT, related_name="events"
    )
    act = models.CharField(_("こと"), max_length=20)
    from_state = models.CharField(
        _("前の段階"), max_length=10, choices=ProgressSheet.State.choices, blank=True
    )
    to_state = models.CharField(_("次の段階"), max_length=10, choices=ProgressSheet.State.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("した人"), on_delete=models.PROTECT,
        null=True, blank=True, related_name="+",
    )  # fmt: skip
    at = models.DateTimeField(_("日時"))
    reason = models.TextField(_("理由"), blank=True)

    class Meta:
        verbose_name = _("シートの動き")
        verbose_name_plural = _("シートの動き")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.act}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("sheet events are append-only")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("sheet events are append-only")


class Figure(TimestampedModel):
    """What one indicator came to in one sheet. Which fields speak depends on its method; None is not entered, 0 is zero.

    sum, new_unique, latest: `value`. ratio: `numerator` and `denominator`. state: `step` and `sentence`.
    presence: `presence`. `progress` is the word both sides agree on in the meeting.
    """

    sheet = models.ForeignKey(
        ProgressSheet, verbose_name=_("シート"), on_delete=models.PROTECT, related_name="figures"
    )
    indicator = models.ForeignKey(
        Indicator, verbose_name=_("指標"), on_delete=models.PROTECT, related_name="figures"
    )

    value = models.DecimalField(_("数"), max_digits=15, decimal_places=2, null=True, blank=True)
    numerator = models.DecimalField(_("分子"), max_digits=15, decimal_places=2, null=True, blank=True)
    denominator = models.DecimalField(_("分母"), max_digits=15, decimal_places=2, null=True, blank=True)
    step = models.CharField(_("進み具合（団体）"), max_length=10, choices=ProgressWord.choices, blank=True)
    sentence = models.TextField(_("状態"), blank=True)
    presence = models.CharField(_("有無"), max_length=12, choices=Presence.choices, blank=True)
    note = models.TextField(_("備考"), blank=True)
    progress = models.CharField(
        _("進み具合（面談）"), max_length=10, choices=ProgressWord.choices, blank=True
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("数")
        verbose_name_plural = _("数")
        ordering = ["sheet", "indicator"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "indicator"], name="figure_once_a_sheet"),
            models.CheckConstraint(
                condition=(
                    Q(numerator__isnull=True, denominator__isnull=True)
                    | Q(numerator__isnull=False, denominator__isnull=False)
                ),
                name="figure_ratio_has_both_parts",
                violation_error_message=_("割合は、分子と分母の両方を入れてください。"),
            ),
            models.CheckConstraint(
                condition=Q(denominator__isnull=True) | Q(denominator__gte=0, numerator__gte=0),
                name="figure_ratio_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.indicator_id}"

    @property
    def is_entered(self) -> bool:
        return bool(
            self.value is not None
            or self.denominator is not None
            or self.presence
            or self.step
            or self.sentence
        )


class OutcomeChange(TimestampedModel):
    """The grantee's sentence: what changed in this period towards this outcome. Blank is not written yet."""

    sheet = models.ForeignKey(
        ProgressSheet, verbose_name=_("シート"), on_delete=models.PROTECT, related_name="outcome_changes"
    )
    outcome = models.ForeignKey(
        ShortTermOutcome, verbose_name=_("短期アウトカム"), on_delete=models.PROTECT, related_name="changes"
    )
    text = models.TextField(_("変わったこと"), blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("変わったこと")
        verbose_name_plural = _("変わったこと")
        constraints = [
            models.UniqueConstraint(fields=["sheet", "outcome"], name="outcomechange_once_a_sheet"),
        ]

    def __str__(self) -> str:
        return self.text[:40]


class CostReview(TimestampedModel):
    """How one cost purpose stands, in a word and a sentence, beside its figures."""

    class Status(models.TextChoices):
        FINE = "fine", _("順調")
        SLOW = "slow", _("遅れ気味")
        OVERSPENDING = "overspending", _("使い過ぎに注意")
        CHANGE = "change", _("計画変更を相談したい")

    PURPOSES = (Purpose.ADMINISTRATIVE, Purpose.DIRECT)  # in the order of the paper

    sheet = models.ForeignKey(
        ProgressSheet, verbose_name=_("シート"), on_delete=models.PROTECT, related_name="cost_reviews"
    )
    purpose = models.CharField(_("目的"), max_length=20, choices=Purpose.choices)
    status = models.CharField(_("ようす"), max_length=20, choices=Status.choices, blank=True)
    consultation = models.TextField(_("確認・相談など"), blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("予算のようす")
        verbose_name_plural = _("予算のようす")
        constraints = [
            models.UniqueConstraint(fields=["sheet", "purpose"], name="costreview_once_a_sheet"),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.get_status_display()}"


class SheetDocumentQuerySet(models.QuerySet["SheetDocument"]):
    def visible_to(self, user: User) -> "SheetDocumentQuerySet":
        """What was published stays readable to everybody who sees the grant, also after a reopening."""
        return self.filter(sheet__grant__in=Grant.objects.visible_to(user))


class SheetDocument(models.Model):
    """The PDF of one closing, byte for byte. A later closing adds an edition and keeps this one."""

    sheet = models.ForeignKey(
        ProgressSheet, verbose_name=_("シート"), on_delete=models.PROTECT, related_name="documents"
    )
    edition = models.PositiveSmallIntegerField(_("版"), default=1)
    file = models.FileField(_("ファイル"), max_length=200)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    created_at = models.DateTimeField(_("作成日時"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("確定した人"), on_delete=models.PROTECT, related_name="+"
    )

    objects = SheetDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("月次面談のPDF")
        verbose_name_plural = _("月次面談のPDF")
        ordering = ["sheet", "edition"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "edition"], name="sheetdocument_edition_once"),
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id} v{self.edition}"

    def get_absolute_url(self) -> str:
        return reverse("reports:document", args=[self.pk])
