"""Telling people by mail of questions and answers that name them: one mail a day each, however often it is run.

That a person gets no second mail on a day is kept by the database (mentionmail_once_a_day), so two runs at once do
not write to anybody twice. A mail counts as sent before it is: a machine that dies in between loses it rather than
sending it twice, and the question still stands on the home.
"""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import translation
from django.utils.translation import gettext

from accounts.models import User
from core import clock
from core.mail import send_mail_template
from mentoring.models import Mention, MentionMail, ProgressSheet, RowComment
from mentoring.models.comments import RowCommentQuerySet
from mentoring.models.meetings import Side
from mentoring.threads import row_label, row_url, side_name


@dataclass(frozen=True, slots=True)
class Told:
    """One piece of a mail."""

    comment: RowComment
    row: str
    by: str
    path: str  # where to answer, or to read


@dataclass(frozen=True, slots=True)
class Sent:
    told: list[User]
    failed: list[tuple[User, OSError]]  # they are told the next time


def send_mentions(*, day: datetime.date | None = None) -> Sent:
    """`day`: today when None."""
    day = day or clock.today()
    sent = Sent([], [])
    waiting = Mention.objects.filter(mail=None).exclude(
        person__in=MentionMail.objects.filter(on=day).values("person")
    )
    for person in User.objects.filter(is_active=True, pk__in=waiting.values("person")).order_by("pk"):
        comments = _claim(person, day)
        if not comments:
            continue
        try:
            _write_to(person, comments)
        except OSError as error:  # the mail server was not there, or did not take it
            MentionMail.objects.filter(person=person, on=day).delete()
            sent.failed.append((person, error))
        else:
            sent.told.append(person)
    return sent


def untold_to(person: User) -> RowCommentQuerySet:
    """What names this person and they may still read, of months that are not closed.

    A question that was answered, settled or taken back before its mail went out is dropped: the mail would ask for
    what nobody needs any more. It is told after all when its answer is taken back. An answer is told unless the
    person has written below it and so must have read it.
    """
    thread = Coalesce(OuterRef("question"), OuterRef("pk"))
    own_words = RowComment.objects.filter(question=thread, author=person, pk__gt=OuterRef("pk"))
    named = Mention.objects.filter(comment=OuterRef("pk"), person=person, mail=None)
    return (
        RowComment.objects.visible_to(person)
        .with_waiting()
        .filter(Q(is_waiting=True) | Q(asks=False, withdrawn_at=None))
        .filter(Exists(named), ~Exists(own_words), sheet__in=ProgressSheet.objects.unfinished())
    )


@transaction.atomic
def _claim(person: User, day: datetime.date) -> list[RowComment]:
    """What today's mail tells; empty when there is nothing, or when another run was first."""
    comments = list(
        untold_to(person)
        .with_row_names()
        .select_related(
            "author", "question", "sheet__grant__organisation", "sheet__grant__program__fund__foundation"
        )
    )
    if not comments:
        return []
    mail, is_ours = MentionMail.objects.get_or_create(person=person, on=day)
    if not is_ours:
        return []
    Mention.objects.filter(person=person, comment__in=[comment.pk for comment in comments]).update(mail=mail)
    return comments


def _write_to(person: User, comments: list[RowComment]) -> None:
    with translation.override(person.language):
        told = [_told(comment) for comment in comments]
    context = {"person": person, "told": told}
    send_mail_template("mentions", person.email, context, language=person.language)


def _told(comment: RowComment) -> Told:
    question = comment.question or comment
    names = {"name": comment.author, "side": side_name(comment.sheet, Side(comment.side))}
    return Told(
        comment=comment,
        row=row_label(comment),
        by=gettext("%(name)sさん（%(side)s）") % names,
        path=row_url(comment.sheet, question.row_key),
    )
