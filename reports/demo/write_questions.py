"""Writes what was asked beside the rows. Whoever was asked and has not answered yet is still to be told by mail."""

import datetime as dt
from typing import Any

from django.utils import timezone

from mentoring.mentions import people_to_tell, told_by_default
from mentoring.models import Mention, ProgressSheet, RowComment
from mentoring.models.meetings import Side
from reports.demo.people import MEMBER_HATS
from reports.demo.rows import GrantRows, Rows, make, make_with_history
from reports.demo.shapes import Question, Words, month
from reports.demo.stories.questions import QUESTIONS

GRANTEES = {hat.person for hat in MEMBER_HATS}


def write_questions(rows: Rows, made: GrantRows, sheets: dict[dt.date, ProgressSheet]) -> None:
    for question in QUESTIONS.get(made.spec.key, ()):
        first, *answers = question.said
        asked = _comment(rows, sheets[month(question.month)], first)
        for name, value in _row(made, question.row).items():
            setattr(asked, name, value)
        if question.settled:
            asked.settled_at, asked.settled_by = _moment(question.settled), made.grant.officer
        (root,) = make_with_history(RowComment, [(asked, asked.created_at, asked.author)])
        below = [_comment(rows, root.sheet, words, question=root) for words in answers]
        make_with_history(RowComment, [(comment, comment.created_at, comment.author) for comment in below])
        if _waits(question):
            people = people_to_tell(root.sheet, root.author_id, Side(root.side))
            told = told_by_default(root.sheet, people, Side(root.side))
            make(Mention, [Mention(comment=root, person_id=pk) for pk in told])


def _comment(
    rows: Rows, sheet: ProgressSheet, words: Words, question: RowComment | None = None
) -> RowComment:
    return RowComment(
        sheet=sheet,
        question=question,
        author=rows.users[words.who],
        side=Side.GRANTEE if words.who in GRANTEES else Side.FOUNDATION,
        text=words.text,
        asks=question is None,
        created_at=_moment(words.at),
    )


def _row(made: GrantRows, key: str) -> dict[str, Any]:
    """Which of the comment's fields say the row."""
    if key.startswith("cost "):
        return {"purpose": key.removeprefix("cost ")}
    kinds: dict[str, dict[str, Any]] = {
        "outcome": dict(made.outcomes),
        "output": dict(made.outputs),
        "indicator": dict(made.indicators),
    }
    return {kind: there[key] for kind, there in kinds.items() if key in there}


def _waits(question: Question) -> bool:
    return len(question.said) == 1 and not question.settled


def _moment(at: str) -> dt.datetime:
    return timezone.make_aware(dt.datetime.fromisoformat(at))
