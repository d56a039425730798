"""Sending what people were written at the end of a meeting: after the commit, each mail once, and again when it failed."""

import datetime
import logging
from collections.abc import Iterable
from email.mime.text import MIMEText

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q

from accounts.models import User
from accounts.services import record_act
from core import clock
from core.mail import send_each
from mentoring import workflow
from mentoring.closing_mail import moved_mails
from mentoring.models import Meeting, ProgressSheet, SheetMail
from mentoring.models.mails import SheetMailQuerySet
from mentoring.told import as_told, has_moved, moved_meetings, with_told

logger = logging.getLogger(__name__)

TAKEN_FOR = datetime.timedelta(minutes=10)  # who took a mail and never reported back has died
RETRIED_FOR = datetime.timedelta(days=3)  # by the timer; a person may try for ever
SETTLED = datetime.timedelta(minutes=15)  # a date that somebody is still typing is not told yet


def post_mails(mails: Iterable[SheetMail]) -> list[SheetMail]:
    """Keeps them in this transaction and sends them after its commit. What goes wrong then is logged and told on pages:
    it never comes back to who closed the month."""
    kept = SheetMail.objects.bulk_create(mails)
    keys = [mail.pk for mail in kept]
    transaction.on_commit(lambda: deliver(SheetMail.objects.filter(pk__in=keys)), robust=True)
    return kept


def deliver(mails: SheetMailQuerySet) -> int:
    """Sends those that have not gone and that nobody is sending right now; how many have gone. Not in a transaction:
    a mail cannot be taken back."""
    waiting = mails.waiting().order_by("pk").values_list("pk", flat=True)
    taken = _with_names([pk for pk in waiting if _take(pk)])
    sent = 0
    for mail, error in zip(taken, send_each(map(_message, taken)), strict=True):
        _report(mail, error)
        sent += not error
    return sent


def _take(pk: int) -> bool:
    """One statement decides who sends it, so that two workers never both do. It asks of columns of the row alone: what
    a join says is not asked again when the row has changed while waiting for it."""
    now = clock.now()
    is_free = Q(taken_at__isnull=True) | Q(taken_at__lt=now - TAKEN_FOR)
    return bool(SheetMail.objects.filter(is_free, pk=pk, sent_at__isnull=True).update(taken_at=now))


def _with_names(keys: list[int]) -> list[SheetMail]:
    named = SheetMail.objects.select_related("sheet__grant__program__fund", "sheet__grant__organisation")
    return list(named.filter(pk__in=keys).order_by("pk"))


def _message(mail: SheetMail) -> EmailMessage:
    message = EmailMessage(
        subject=mail.subject, body=mail.body, to=[mail.email], headers={"Auto-Submitted": "auto-generated"}
    )
    for file in mail.calendars:
        part = MIMEText(file["text"], "calendar", "utf-8")
        part.set_param("method", file["method"])
        part.add_header("Content-Disposition", "attachment", filename=file["name"])
        message.attach(part)
    return message


@transaction.atomic
def _report(mail: SheetMail, error: str) -> None:
    if not error:
        SheetMail.objects.filter(pk=mail.pk).update(sent_at=clock.now(), error="")
        return
    logger.error(
        "mail %s about sheet %s to person %s has not gone: %s", mail.pk, mail.sheet_id, mail.person_id, error
    )
    SheetMail.objects.filter(pk=mail.pk).update(taken_at=None, error=error)
    if not mail.error:  # the journal tells it once, however often it is tried
        record_act(
            verb="sheet.mail_failed",
            subject=mail.sheet,
            by=None,
            foundation_id=mail.sheet.grant.program.fund.foundation_id,
            reason=error,
            person=mail.person_id,
        )


def retry_mails() -> int:
    """For the timer: what has not gone within the last days."""
    return deliver(SheetMail.objects.filter(created_at__gte=clock.machine_now() - RETRIED_FOR))


# --- a next date that changed after it was told -------------------------------------------------------------------


@transaction.atomic
def tell_moved_meeting(*, meeting: Meeting, by: User | None) -> list[SheetMail]:
    """Writes to those who were told of another date; to nobody when they know it, or when it took place.

    `by` None is the timer. The sheet of the earlier mail is the lock: two at once tell it once.
    """
    told = with_told(Meeting.objects.filter(pk=meeting.pk)).prefetch_related("sheets")
    row = told.first()
    if row is None or row.told_in is None:  # type: ignore[attr-defined]
        return []
    sheet = workflow.locked(ProgressSheet(pk=row.told_in))  # type: ignore[attr-defined]
    row = told.all().first()  # asked again, under the lock
    if row is None or not has_moved(row):
        return []
    mails = post_mails(moved_mails(sheet, row))
    record_act(
        verb="meeting.moved_told",
        subject=sheet,
        by=by,
        foundation_id=sheet.grant.program.fund.foundation_id,
        meeting=row.pk,
        now=as_told(row),
    )
    return mails


def tell_settled_dates() -> int:
    """For the timer: how many meetings were told anew."""
    settled = Meeting.objects.filter(updated_at__lt=clock.machine_now() - SETTLED)
    return sum(bool(tell_moved_meeting(meeting=meeting, by=None)) for meeting in moved_meetings(settled))
