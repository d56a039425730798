from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import User
from core import clock
from core.models import TimestampedModel
from grants.models import Grant, Output, ShortTermOutcome
from mentoring.models.sheets import ProgressSheet


class Side(models.TextChoices):
    GRANTEE = "grantee", _("実行団体")
    FOUNDATION = "foundation", _("財団")

    @property
    def other(self) -> "Side":
        return Side.FOUNDATION if self == Side.GRANTEE else Side.GRANTEE


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: User) -> "MeetingQuerySet":
        """Everybody who works on the grant; the board reads of a meeting in the closed sheet."""
        return self.filter(grant__in=Grant.objects.read_whole_by(user))


class Meeting(TimestampedModel):
    """月次面談. One meeting may serve the sheets of two months, and a month may have several meetings.

    A meeting whose day lies ahead is an appointment; `held` says that it took place.
    """

    class Form(models.TextChoices):
        IN_PERSON = "in_person", _("対面")
        VISIT = "visit", _("訪問")
        ONLINE = "online", _("オンライン")
        PHONE = "phone", _("電話")

    grant = models.ForeignKey(
        Grant, verbose_name=_("助成"), on_delete=models.PROTECT, related_name="meetings"
    )
    sheets = models.ManyToManyField(
        ProgressSheet, verbose_name=_("シート"), blank=True, related_name="meetings"
    )

    held_on = models.DateField(_("年月日"))
    starts_at = models.TimeField(_("はじまり"), null=True, blank=True)
    ends_at = models.TimeField(_("おわり"), null=True, blank=True)
    place = models.CharField(_("場所"), max_length=120, blank=True)
    form = models.CharField(_("形式"), max_length=12, choices=Form.choices, default=Form.IN_PERSON)
    held = models.BooleanField(_("行った"), default=False)

    next_meeting = models.OneToOneField(
        "self",
        verbose_name=_("次回"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="previous_meeting",
    )

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("月次面談")
        verbose_name_plural = _("月次面談")
        ordering = ["held_on", "starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(starts_at__isnull=False, ends_at__gte=F("starts_at")),
                name="meeting_ends_after_start",
                violation_error_message=_("おわりの時刻は、はじまりより後にしてください。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.grant.organisation} {self.held_on}"


class TalkPart(models.Model):
    """One part of the talk about a month: its place when somebody changed the order, and how long it was on stage.

    A help for those who hold the meeting; in no document and on no page of the grantee's.
    """

    MOST_SECONDS = 24 * 60 * 60

    sheet = models.ForeignKey(
        ProgressSheet, verbose_name=_("シート"), on_delete=models.CASCADE, related_name="talk_parts"
    )
    key = models.CharField(_("部分"), max_length=40)  # its anchor on the page (mentoring.agenda)
    position = models.PositiveSmallIntegerField(_("順番"), null=True, blank=True)  # None: as it comes
    seconds = models.PositiveIntegerField(_("話した秒数"), default=0)
    measured_at = models.DateTimeField(_("さいごに測った日時"), null=True, blank=True)

    class Meta:
        verbose_name = _("面談の部分")
        verbose_name_plural = _("面談の部分")
        ordering = ["sheet", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "key"], name="talkpart_once_a_sheet"),
            models.CheckConstraint(condition=~Q(key=""), name="talkpart_has_a_key"),
            models.CheckConstraint(condition=Q(seconds__lte=24 * 60 * 60), name="talkpart_within_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.key}"


class Attendee(models.Model):
    """Somebody who was there: a person of either side by choice, or a guest by name."""

    meeting = models.ForeignKey(
        Meeting, verbose_name=_("面談"), on_delete=models.CASCADE, related_name="attendees"
    )
    side = models.CharField(_("側"), max_length=12, choices=Side.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    name = models.CharField(
        _("名前"), max_length=80, help_text=_("面談のときの名前と肩書きをそのまま残します。")
    )
    title = models.CharField(_("肩書き"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("出席者")
        verbose_name_plural = _("出席者")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "side", "user"],
                condition=Q(user__isnull=False),
                name="attendee_once_a_side",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="attendee_is_named"),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.title}）" if self.title else self.name


class OutcomeReview(TimestampedModel):
    """アウトカムとのつながり: what this month's outputs did for one outcome, in a word and a sentence.

    `outputs` are the ones it speaks of; an edge is as old as the last review that named it.
    """

    class Word(models.TextChoices):
        SEEN = "seen", _("見えた")
        NOT_YET = "notyet", _("まだ")
        COUNTER = "counter", _("逆の兆し")
        UNKNOWN = "unknown", _("分からない")
        UNSPOKEN = "unspoken", _("今月は話していない")

    sheet = models.ForeignKey(
        ProgressSheet, verbose_name=_("シート"), on_delete=models.PROTECT, related_name="outcome_reviews"
    )
    outcome = models.ForeignKey(
        ShortTermOutcome, verbose_name=_("短期アウトカム"), on_delete=models.PROTECT, related_name="reviews"
    )
    word = models.CharField(_("つながり"), max_length=12, choices=Word.choices)
    sentence = models.TextField(_("どんなことから、そう思いましたか"), blank=True)
    outputs = models.ManyToManyField(
        Output, verbose_name=_("話したアウトプット"), blank=True, related_name="reviews"
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("アウトカムとのつながり")
        verbose_name_plural = _("アウトカムとのつながり")
        constraints = [
            models.UniqueConstraint(fields=["sheet", "outcome"], name="outcomereview_once_a_sheet"),
        ]

    def __str__(self) -> str:
        return f"{self.get_word_display()} {self.sentence[:40]}"


class ActionItemQuerySet(models.QuerySet["ActionItem"]):
    def visible_to(self, user: User) -> "ActionItemQuerySet":
        return self.filter(grant__in=Grant.objects.read_whole_by(user))

    def open(self) -> "ActionItemQuerySet":
        return self.filter(done_on__isnull=True)


class ActionItem(TimestampedModel):
    """宿題: who does what by when. Given in one sheet's meeting; opens the next one until it is done."""

    grant = models.ForeignKey(
        Grant, verbose_name=_("助成"), on_delete=models.PROTECT, related_name="action_items"
    )
    sheet = models.ForeignKey(
        ProgressSheet, verbose_name=_("出たシート"), on_delete=models.PROTECT, related_name="action_items"
    )
    text = models.CharField(_("宿題"), max_length=300)
    side = models.CharField(_("だれが"), max_length=12, choices=Side.choices)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("担当"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    due_on = models.DateField(_("いつまでに"), null=True, blank=True)
    done_on = models.DateField(_("済んだ日"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("済みにした人"), on_delete=models.PROTECT,
        null=True, blank=True, related_name="+",
    )  # fmt: skip

    objects = ActionItemQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("宿題")
        verbose_name_plural = _("宿題")
        ordering = [F("due_on").asc(nulls_last=True), "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(done_on__isnull=True, done_by__isnull=True)
                    | Q(done_on__isnull=False, done_by__isnull=False)
                ),
                name="actionitem_done_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="actionitem_says_what"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_late(self) -> bool:
        return self.done_on is None and self.due_on is not None and self.due_on < clock.today()


class FieldNoteQuerySet(models.QuerySet["FieldNote"]):
    def visible_to(self, user: User) -> "FieldNoteQuerySet":
        """Shared notes to everybody who works on the grant; internal ones to the foundation's inside only."""
        return self.filter(
            Q(visibility=FieldNote.Visibility.SHARED, grant__in=Grant.objects.read_whole_by(user))
            | Q(grant__in=Grant.objects.read_inside_by(user))
        )

    def shared(self) -> "FieldNoteQuerySet":
        return self.filter(visibility=FieldNote.Visibility.SHARED)

    def internal(self) -> "FieldNoteQuerySet":
        return self.filter(visibility=FieldNote.Visibility.INTERNAL)


class FieldNote(TimestampedModel):
    """つぶやき: a casual remark worth keeping. An internal one never leaves the foundation's inside."""

    class Visibility(models.TextChoices):
        SHARED = "shared", _("共有")
        INTERNAL = "internal", _("財団の中だけ")

    grant = models.ForeignKey(
        Grant, verbose_name=_("助成"), on_delete=models.PROTECT, related_name="field_notes"
    )
    sheet = models.ForeignKey(
        ProgressSheet,
        verbose_name=_("シート"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="field_notes",
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("書いた人"), on_delete=models.PROTECT, related_name="+"
    )
    text = models.TextField(_("つぶやき"))
    visibility = models.CharField(_("見える範囲"), max_length=10, choices=Visibility.choices)

    objects = FieldNoteQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("つぶやき")
        verbose_name_plural = _("つぶやき")
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="fieldnote_says_something"),
        ]

    def __str__(self) -> str:
        return self.text[:40]
