from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.models import TimestampedModel
from grants.models import Grant
from mentoring.models.meetings import Meeting, Side
from mentoring.models.sheets import ProgressSheet, SheetDocument


class SheetMailQuerySet(models.QuerySet["SheetMail"]):
    def visible_to(self, user: User) -> "SheetMailQuerySet":
        return self.filter(sheet__grant__in=Grant.objects.read_whole_by(user))

    def waiting(self) -> "SheetMailQuerySet":
        """Not gone yet; nobody writes to an account that was switched off meanwhile."""
        return self.filter(sent_at__isnull=True, person__is_active=True)


class SheetMail(TimestampedModel):
    """What one person was told at the end of a meeting, word for word: waiting until it has gone, then a record.

    Written in the transaction of the closing, sent after its commit: a mail server that is down undoes no closing.
    """

    sheet = models.ForeignKey(
        ProgressSheet, verbose_name=_("シート"), on_delete=models.PROTECT, related_name="mails"
    )
    document = models.ForeignKey(
        SheetDocument, verbose_name=_("PDF"), on_delete=models.PROTECT, null=True, blank=True,
        related_name="mails", help_text=_("空は、確定ではなく、次回の日が変わったことのお知らせです。"),
    )  # fmt: skip
    meeting = models.ForeignKey(
        Meeting,
        verbose_name=_("次回"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="mails",
    )
    told = models.CharField(
        _("知らせた次回"), max_length=200, blank=True, editable=False
    )  # mentoring.calendars.as_told, to be compared

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("宛先"), on_delete=models.PROTECT, related_name="+"
    )
    side = models.CharField(_("側"), max_length=12, choices=Side.choices)
    email = models.EmailField(_("メールアドレス"))
    subject = models.CharField(_("件名"), max_length=300)
    body = models.TextField(_("本文"))
    calendars = models.JSONField(
        _("カレンダーのファイル"), default=list, blank=True
    )  # CalendarFile, as dicts

    taken_at = models.DateTimeField(_("送りはじめた日時"), null=True, blank=True)
    sent_at = models.DateTimeField(_("送った日時"), null=True, blank=True)
    error = models.CharField(_("送れなかったわけ"), max_length=300, blank=True)

    objects = SheetMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("面談のメール")
        verbose_name_plural = _("面談のメール")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "person"],
                condition=Q(document__isnull=False),
                name="sheetmail_once_a_closing",
            ),
        ]
        indexes = [
            models.Index(fields=["created_at"], condition=Q(sent_at__isnull=True), name="sheetmail_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.person}"
