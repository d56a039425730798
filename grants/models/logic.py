"""The logic model: identities that figures and reviews belong to, and dated versions of their wording.

A version holds from its month until the next version of the same identity; an identity is gone from
`retired_from` on (None: still there). So a past month always shows the plan that held then.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from foundations.models import Foundation
from grants.models.programs import Grant


class PlanRevision(models.Model):
    """Why the plan changed: holds from a month, approved by somebody. The first plan has none."""

    class Kind(models.TextChoices):
        CONTENT = "content", _("内容")
        WORDING = "wording", _("表現")
        INDICATOR = "indicator", _("指標")
        TARGET = "target", _("目標値")

    grant = models.ForeignKey(
        Grant, verbose_name=_("助成"), on_delete=models.PROTECT, related_name="plan_revisions"
    )
    holds_from = models.DateField(_("この月から"))
    kind = models.CharField(_("種類"), max_length=20, choices=Kind.choices)
    reason = models.TextField(_("理由"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("承認した人"), on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(_("承認した日時"))

    class Meta:
        verbose_name = _("計画の見直し")
        verbose_name_plural = _("計画の見直し")
        ordering = ["holds_from", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(holds_from__day=1), name="planrevision_month_is_first"),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="planrevision_has_a_reason",
                violation_error_message=_("見直しの理由を書いてください。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holds_from:%Y-%m} {self.get_kind_display()}"


class Identity(models.Model):
    """What stays the same while its wording changes."""

    grant = models.ForeignKey(Grant, verbose_name=_("助成"), on_delete=models.CASCADE)
    retired_from = models.DateField(
        _("この月からなくなる"), null=True, blank=True, help_text=_("空は、続いていることを表します。")
    )

    class Meta:
        abstract = True
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(retired_from__isnull=True) | Q(retired_from__day=1),
                name="%(class)s_retires_on_first",
            ),
        ]


class Version(models.Model):
    """One wording of one identity, holding from a month (its first day)."""

    valid_from = models.DateField(_("この月から"))
    revision = models.ForeignKey(
        PlanRevision,
        verbose_name=_("見直し"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        abstract = True
        ordering = ["valid_from"]
        constraints = [
            models.CheckConstraint(condition=Q(valid_from__day=1), name="%(class)s_from_first"),
        ]


class LongTermOutcome(Identity):
    """中長期アウトカム"""

    class Meta(Identity.Meta):
        verbose_name = _("中長期アウトカム")
        verbose_name_plural = _("中長期アウトカム")

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class LongTermOutcomeVersion(Version):
    outcome = models.ForeignKey(LongTermOutcome, on_delete=models.CASCADE, related_name="versions")
    position = models.PositiveSmallIntegerField(_("番号"), default=1)
    text = models.TextField(_("文"))

    class Meta(Version.Meta):
        verbose_name = _("中長期アウトカムの文")
        verbose_name_plural = _("中長期アウトカムの文")
        constraints = [
            *Version.Meta.constraints,
            models.UniqueConstraint(
                fields=["outcome", "valid_from"], name="longtermoutcomeversion_once_a_month"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class ShortTermOutcome(Identity):
    """短期アウトカム"""

    class Meta(Identity.Meta):
        verbose_name = _("短期アウトカム")
        verbose_name_plural = _("短期アウトカム")

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class ShortTermOutcomeVersion(Version):
    outcome = models.ForeignKey(ShortTermOutcome, on_delete=models.CASCADE, related_name="versions")
    position = models.PositiveSmallIntegerField(_("番号"), default=1, help_text=_("①②③の数"))
    text = models.TextField(_("文"))
    short_text = models.CharField(_("短い言い方"), max_length=60, blank=True)
    leads_to = models.ManyToManyField(
        LongTermOutcome, verbose_name=_("つながる中長期アウトカム"), blank=True, related_name="+"
    )

    class Meta(Version.Meta):
        verbose_name = _("短期アウトカムの文")
        verbose_name_plural = _("短期アウトカムの文")
        constraints = [
            *Version.Meta.constraints,
            models.UniqueConstraint(
                fields=["outcome", "valid_from"], name="shorttermoutcomeversion_once_a_month"
            ),
            models.CheckConstraint(
                condition=Q(position__gte=1), name="shorttermoutcomeversion_numbered_from_1"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Output(Identity):
    """アウトプット"""

    class Meta(Identity.Meta):
        verbose_name = _("アウトプット")
        verbose_name_plural = _("アウトプット")

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class OutputVersion(Version):
    output = models.ForeignKey(Output, on_delete=models.CASCADE, related_name="versions")
    position = models.PositiveSmallIntegerField(_("番号"), default=1, help_text=_("①-1 の後ろの数"))
    text = models.TextField(_("文"))
    short_text = models.CharField(_("短い言い方"), max_length=60, blank=True)

    class Meta(Version.Meta):
        verbose_name = _("アウトプットの文")
        verbose_name_plural = _("アウトプットの文")
        constraints = [
            *Version.Meta.constraints,
            models.UniqueConstraint(fields=["output", "valid_from"], name="outputversion_once_a_month"),
            models.CheckConstraint(condition=Q(position__gte=1), name="outputversion_numbered_from_1"),
        ]

    def __str__(self) -> str:
        return self.text


class Contribution(models.Model):
    """An edge: the output serves the outcome, and why we think so. It belongs to one version of the output."""

    version = models.ForeignKey(
        OutputVersion,
        verbose_name=_("アウトプットの文"),
        on_delete=models.CASCADE,
        related_name="contributions",
    )
    outcome = models.ForeignKey(
        ShortTermOutcome,
        verbose_name=_("短期アウトカム"),
        on_delete=models.PROTECT,
        related_name="contributions",
    )
    is_first = models.BooleanField(_("おもな役立ち先"), default=False)
    reason = models.TextField(_("つながると考える理由"))

    class Meta:
        verbose_name = _("つながり")
        verbose_name_plural = _("つながり")
        ordering = ["-is_first", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "outcome"], name="contribution_once"),
            models.UniqueConstraint(
                fields=["version"],
                condition=Q(is_first=True),
                name="contribution_one_first",
                violation_error_message=_("おもな役立ち先は1つだけです。"),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="contribution_has_a_reason",
                violation_error_message=_("つながると考える理由を書いてください。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} → {self.outcome_id}"


class Activity(Identity):
    """活動: done to produce outputs."""

    class Meta(Identity.Meta):
        verbose_name = _("活動")
        verbose_name_plural = _("活動")

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class ActivityVersion(Version):
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="versions")
    position = models.PositiveSmallIntegerField(_("番号"), default=1)
    text = models.TextField(_("文"))
    period = models.CharField(
        _("時期"), max_length=200, blank=True, help_text=_("例 2022年4月〜、毎月第2土曜")
    )
    produces = models.ManyToManyField(
        Output, verbose_name=_("うみだすアウトプット"), blank=True, related_name="+"
    )

    class Meta(Version.Meta):
        verbose_name = _("活動の文")
        verbose_name_plural = _("活動の文")
        constraints = [
            *Version.Meta.constraints,
            models.UniqueConstraint(fields=["activity", "valid_from"], name="activityversion_once_a_month"),
        ]

    def __str__(self) -> str:
        return self.text


class IndicatorUnit(models.Model):
    """A row of the foundation's master list of units (人, 回, か所 …)."""

    foundation = models.ForeignKey(
        Foundation, verbose_name=_("財団"), on_delete=models.CASCADE, related_name="indicator_units"
    )
    name = models.CharField(_("単位"), max_length=10)
    position = models.PositiveSmallIntegerField(_("並び順"), default=0)

    class Meta:
        verbose_name = _("指標の単位")
        verbose_name_plural = _("指標の単位")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["foundation", "name"], name="indicatorunit_name_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class Indicator(Identity):
    """指標 of one outcome or one output. Another method of counting is another indicator, so it stands here."""

    class Method(models.TextChoices):
        SUM = "sum", _("合計")
        NEW_UNIQUE = "new_unique", _("新規の実人数")
        LATEST = "latest", _("最新値")
        RATIO = "ratio", _("割合")
        STATE = "state", _("状態")
        PRESENCE = "presence", _("有無")

    outcome = models.ForeignKey(
        ShortTermOutcome,
        verbose_name=_("短期アウトカム"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="indicators",
    )
    output = models.ForeignKey(
        Output,
        verbose_name=_("アウトプット"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="indicators",
    )
    method = models.CharField(_("数え方"), max_length=12, choices=Method.choices)
    ratio_is_pooled = models.BooleanField(
        _("割合の累計は、累計どうしの割合"),
        default=True,
        help_text=_("オフにすると、直近の割合をそのまま使います。"),
    )
    replaces = models.ForeignKey(
        "self",
        verbose_name=_("置きかえた指標"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
    )

    class Meta(Identity.Meta):
        verbose_name = _("指標")
        verbose_name_plural = _("指標")
        constraints = [
            *Identity.Meta.constraints,
            models.CheckConstraint(
                condition=(
                    Q(outcome__isnull=False, output__isnull=True)
                    | Q(outcome__isnull=True, output__isnull=False)
                ),
                name="indicator_of_outcome_or_output",
                violation_error_message=_("短期アウトカムかアウトプットの、どちらか1つを選んでください。"),
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(replaces=F("id")), name="indicator_replaces_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class IndicatorVersion(Version):
    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="versions")
    position = models.PositiveSmallIntegerField(_("並び順"), default=1)
    name = models.CharField(_("指標"), max_length=300)
    unit = models.CharField(
        _("単位"),
        max_length=10,
        blank=True,
        help_text=_("割合では、分子と分母の単位（人など）。%は自動で付きます。"),
    )

    baseline = models.DecimalField(
        _("はじめの値"), max_digits=15, decimal_places=2, default=0,
        help_text=_("割合では、はじめの割合（%）。"),
    )  # fmt: skip
    baseline_state = models.CharField(_("はじめの状態"), max_length=1000, blank=True)
    target_value = models.DecimalField(
        _("目標値"), max_digits=15, decimal_places=2, null=True, blank=True,
        help_text=_("割合では%。有無と状態では空にします。"),
    )  # fmt: skip
    target_state = models.CharField(_("目標状態"), max_length=1000, blank=True)
    due_on = models.DateField(_("いつまでに"), null=True, blank=True)
    due_note = models.CharField(
        _("達成時期の言葉"), max_length=200, blank=True, help_text=_("日付では言えないとき。例 事業終了時")
    )
    verification = models.CharField(_("何で確かめるか"), max_length=500, blank=True)

    class Meta(Version.Meta):
        verbose_name = _("指標の文と目標")
        verbose_name_plural = _("指標の文と目標")
        constraints = [
            *Version.Meta.constraints,
            models.UniqueConstraint(fields=["indicator", "valid_from"], name="indicatorversion_once_a_month"),
        ]

    def __str__(self) -> str:
        return self.name


class YearTarget(models.Model):
    """A fiscal year's target of an indicator that has yearly ones; the year's total is shown beside it."""

    version = models.ForeignKey(IndicatorVersion, on_delete=models.CASCADE, related_name="year_targets")
    fiscal_year = models.PositiveSmallIntegerField(_("年度"))
    target_value = models.DecimalField(_("年度の目標値"), max_digits=15, decimal_places=2)

    class Meta:
        verbose_name = _("年度の目標")
        verbose_name_plural = _("年度の目標")
        ordering = ["fiscal_year"]
        constraints = [
            models.UniqueConstraint(fields=["version", "fiscal_year"], name="yeartarget_once_a_year"),
        ]

    def __str__(self) -> str:
        return f"{self.fiscal_year}: {self.target_value}"
