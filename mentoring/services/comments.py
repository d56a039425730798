"""Asking beside a row and answering there. Everything under the lock of the sheet: what is written lies before its
closing, and two answers at once stand one below the other."""

from collections.abc import Collection
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.services import record_act
from core import clock
from mentoring.models import Mention, ProgressSheet, RowComment
from mentoring.models.meetings import Side
from mentoring.threads import Row, may_be_corrected
from mentoring.workflow import COMMENTS_OPEN, WrongState, locked


class TooLate(Exception):
    """The time for corrections is over, somebody has written below, or it was taken back."""


@transaction.atomic
def ask_on_row(
    *, sheet: ProgressSheet, row: Row, text: str, people: Collection[int] = (), side: Side, by: User
) -> RowComment:
    """`people`: who is to be told by mail. Pressed twice it stays one question. Raises WrongState."""
    open_sheet = _open(sheet)
    comment = RowComment(sheet=open_sheet, author=by, side=side, text=text, **row.fields)
    if (earlier := _same_question(comment)) is not None:
        return earlier
    return _add(comment, "comment.ask", people, by)


@transaction.atomic
def answer_comment(
    *,
    question: RowComment,
    text: str,
    asks: bool = False,
    people: Collection[int] = (),
    side: Side,
    by: User,
) -> RowComment:
    """`asks`: this one waits for an answer in its turn. Pressed twice it stays one answer. Raises WrongState."""
    sheet = _open(question.sheet)
    root = question.question_id or question.pk
    last = RowComment.objects.filter(question=root).last()
    if last is not None and (last.author_id, last.text, last.asks, last.withdrawn_at) == (
        by.pk,
        text,
        asks,
        None,
    ):
        return last
    comment = RowComment(sheet=sheet, question_id=root, author=by, side=side, text=text, asks=asks)
    return _add(comment, "comment.answer", people, by)


@transaction.atomic
def correct_comment(*, comment: RowComment, text: str, by: User) -> RowComment:
    """By its author, within a short time; the earlier words stay in the history. Raises TooLate, WrongState."""
    row = _current(comment)
    if row.text == text and row.withdrawn_at is None:
        return row
    thread = RowComment.objects.filter(question=row.question_id or row.pk)
    if not may_be_corrected(row, thread):
        raise TooLate
    return _mark(row, "comment.correct", by, text=text, corrected_at=clock.now())


@transaction.atomic
def withdraw_comment(*, comment: RowComment, by: User) -> RowComment:
    """Its words are shown to nobody any more; that there were some is. Raises WrongState."""
    row = _current(comment)
    return row if row.withdrawn_at else _mark(row, "comment.withdraw", by, withdrawn_at=clock.now())


@transaction.atomic
def settle_comment(*, comment: RowComment, by: User) -> RowComment:
    """済み: it was talked about, so no answer needs to be written. The first person and day stay. Raises WrongState."""
    row = _current(comment)
    if not row.asks or row.settled_at or row.withdrawn_at:
        return row
    return _mark(row, "comment.settle", by, settled_at=clock.now(), settled_by=by)


@transaction.atomic
def unsettle_comment(*, comment: RowComment, by: User) -> RowComment:
    """Raises WrongState."""
    row = _current(comment)
    return _mark(row, "comment.unsettle", by, settled_at=None, settled_by=None) if row.settled_at else row


def _open(sheet: ProgressSheet) -> ProgressSheet:
    row = locked(sheet)
    if row.state not in COMMENTS_OPEN:
        raise WrongState(row, "comment")
    return row


def _current(comment: RowComment) -> RowComment:
    _open(comment.sheet)
    return RowComment.objects.select_related("sheet__grant__program__fund").get(pk=comment.pk)


def _same_question(comment: RowComment) -> RowComment | None:
    """Asked already in these words, beside this row, and nothing has come of it; afterwards they are a new question."""
    same = ("sheet_id", "author_id", "text", "indicator_id", "outcome_id", "output_id", "purpose")
    asked = RowComment.objects.filter(
        question=None,
        withdrawn_at=None,
        settled_at=None,
        replies=None,
        **{n: getattr(comment, n) for n in same},
    )
    return asked.last()


def _add(comment: RowComment, verb: str, people: Collection[int], by: User) -> RowComment:
    now = clock.now()
    comment.created_at = now
    comment._history_user, comment._history_date = by, now  # type: ignore[attr-defined]
    comment.save()
    Mention.objects.bulk_create(
        Mention(comment=comment, person_id=person) for person in sorted(set(people) - {by.pk})
    )
    _record(verb, comment, by)
    return comment


def _mark(comment: RowComment, verb: str, by: User, **values: Any) -> RowComment:
    for name, value in values.items():
        setattr(comment, name, value)
    comment._history_user, comment._history_date = by, clock.now()  # type: ignore[attr-defined]
    comment.save(update_fields=list(values))
    _record(verb, comment, by)
    return comment


def _record(verb: str, comment: RowComment, by: User) -> None:
    foundation_id = comment.sheet.grant.program.fund.foundation_id
    record_act(verb=verb, subject=comment, by=by, foundation_id=foundation_id)
