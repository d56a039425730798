from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.models import TimestampedModel
from foundations.models import Staff
from grantees.models import Membership
from grants.models import Grant, GrantReader
from mentoring.models.meetings import Attendee, Meeting, Side
from mentoring.models.sheets import ProgressSheet, SheetDocument


def is_of_grantee(person: str, sheet: Any) -> Q:
    """`person` names the column of the row asked about; `sheet` is one for all, or a column of the row too."""
    members = Membership.objects.active().filter(organisation__grants__sheets=sheet)
    return Q(Exists(members.filter(user=OuterRef(person))))


def is_of_meeting(person: str, sheet: Any) -> Q:
    """The officer in charge and the foundation's people who were there, as long as they may read the sheet whole: with
    a running term as officer or admin, or let read this grant. The board reads the PDF."""
    user = OuterRef(person)
    in_charge = Grant.objects.filter(sheets=sheet, officer=user)
    there = Attendee.objects.filter(
        meeting__sheets=sheet, meeting__held=True, side=Side.FOUNDATION, user=user
    )
    inside = Staff.objects.active().holding(*Staff.INSIDE)
    chosen = GrantReader.objects.filter(
        grant__sheets=sheet,
        staff__in=Staff.objects.active(),
        staff__foundation=F("grant__program__fund__foundation"),
    )
    return Q(Exists(in_charge) | Exists(there)) & Q(
        Exists(inside.filter(foundation__funds__programs__grants__sheets=sheet, user=user))
        | Exists(chosen.filter(staff__user=user))
    )


class SheetMailQuerySet(models.QuerySet["SheetMail"]):
    def visible_to(self, user: User) -> "SheetMailQuerySet":
        return self.filter(sheet__grant__in=Grant.objects.read_whole_by(user))

    def with_standing(self) -> "SheetMailQuerySet":
        """Each with `still_told`: its person would be told of this month today, too."""
        return self.annotate(still_told=self._still_told())

    def waiting(self) -> "SheetMailQuerySet":
        """Not gone yet, and still to go: not to who left meanwhile, and nothing that was told anew since."""
        return self.filter(self._still_told(), ~self._told_anew(), sent_at__isnull=True)

    @staticmethod
    def _still_told() -> Q:
        sheet = OuterRef("sheet")
        return is_of_grantee("person", sheet) | is_of_meeting("person", sheet)

    @staticmethod
    def _told_anew() -> Q:
        """A later edition of the document is there; a date that moved stands in any later mail."""
        edition = SheetDocument.objects.filter(
            sheet=OuterRef("sheet"), edition__gt=OuterRef("document__edition")
        )
        mail = SheetMail.objects.filter(
            sheet=OuterRef("sheet"), person=OuterRef("person"), pk__gt=OuterRef("pk")
        )
        return Q(Exists(edition)) | Q(Exists(mail), document__isnull=True)


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
