"""Asking beside a row: what is written, what is derived from it, and what never happens to it."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction

from accounts.models import JournalEntry, User
from mentoring.models import Mention, ProgressSheet, RowComment
from mentoring.models.meetings import Side
from mentoring.services.comments import (
    TooLate,
    answer_comment,
    ask_on_row,
    correct_comment,
    settle_comment,
    unsettle_comment,
    withdraw_comment,
)
from mentoring.threads import Row, row_label
from mentoring.workflow import WrongState
from tests.factories import PlanRows, RowCommentFactory, SheetFactory, moment

WHOLE = Row("sheet", "シート全体")


@pytest.fixture
def sheet(plan: PlanRows) -> ProgressSheet:
    return SheetFactory(grant=plan.grant, state=ProgressSheet.State.SUBMITTED)


@pytest.fixture
def question(sheet: ProgressSheet, officer: User) -> RowComment:
    return RowCommentFactory(sheet=sheet, author=officer)


def waiting() -> set[int]:
    return set(RowComment.objects.waiting().values_list("pk", flat=True))


def test_asks_beside_a_row(sheet: ProgressSheet, plan: PlanRows, officer: User, member: User) -> None:
    row = Row(f"indicator-{plan.indicators['sum'].pk}", "①-1 居場所を開いた回数")
    made = ask_on_row(
        sheet=sheet,
        row=row,
        text="延期した回は?",
        people=[member.pk, officer.pk],
        side=Side.FOUNDATION,
        by=officer,
    )
    comment = RowComment.objects.get()
    assert comment == made
    assert (comment.indicator_id, comment.row_key) == (plan.indicators["sum"].pk, row.key)
    assert (comment.text, comment.author, comment.side, comment.asks) == (
        "延期した回は?", officer, "foundation", True,
    )  # fmt: skip
    assert waiting() == {comment.pk}
    assert [mention.person for mention in Mention.objects.all()] == [member]  # nobody tells themselves
    entry = JournalEntry.objects.get(verb="comment.ask")
    assert (entry.actor, entry.foundation_id) == (officer, plan.grant.foundation.pk)
    assert "延期" not in entry.subject_label


def test_a_question_waits_until_the_other_side_answers(
    question: RowComment, officer: User, member: User, representative: User
) -> None:
    answer_comment(question=question, text="11月の分です", side=Side.FOUNDATION, by=officer)
    assert waiting() == {question.pk}
    answer = answer_comment(question=question, text="2施設です", side=Side.GRANTEE, by=member)
    assert waiting() == set()
    withdraw_comment(comment=answer, by=member)
    assert waiting() == {question.pk}
    answer_comment(question=answer, text="3施設でした", side=Side.GRANTEE, by=representative)
    assert waiting() == set()
    assert set(RowComment.objects.exclude(question=None).values_list("question", flat=True)) == {question.pk}


def test_an_answer_may_ask_in_its_turn(question: RowComment, officer: User, member: User) -> None:
    back = answer_comment(
        question=question, text="どちらの数え方で?", asks=True, side=Side.GRANTEE, by=member
    )
    assert waiting() == {back.pk}
    answer_comment(question=question, text="のべ人数で", side=Side.FOUNDATION, by=officer)
    assert waiting() == set()


def test_an_answer_to_one_question_answers_no_other(
    sheet: ProgressSheet, question: RowComment, officer: User, member: User
) -> None:
    other = RowCommentFactory(sheet=sheet, author=officer, text="もうひとつ")
    answer_comment(question=question, text="はい", side=Side.GRANTEE, by=member)
    assert waiting() == {other.pk}


def test_settled_needs_no_answer_and_can_be_taken_back(
    question: RowComment, officer: User, member: User
) -> None:
    with time_machine.travel("2022-11-15 10:00+09:00", tick=False):
        settle_comment(comment=question, by=officer)
    settle_comment(comment=question, by=member)  # the first one stays
    row = RowComment.objects.get()
    assert (row.settled_by, row.settled_at) == (officer, moment(2022, 11, 15))
    assert waiting() == set()
    unsettle_comment(comment=question, by=officer)
    row.refresh_from_db()
    assert (row.settled_by, row.settled_at) == (None, None)
    assert waiting() == {question.pk}
    verbs = JournalEntry.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["comment.settle", "comment.unsettle"]


def test_what_was_taken_back_waits_for_nothing_and_stays(question: RowComment, officer: User) -> None:
    withdraw_comment(comment=question, by=officer)
    first = RowComment.objects.get().withdrawn_at
    assert first is not None
    assert waiting() == set()
    withdraw_comment(comment=question, by=officer)
    assert RowComment.objects.get().withdrawn_at == first
    with pytest.raises(TypeError):
        question.delete()
    with pytest.raises(TypeError):
        RowComment.objects.all().delete()


def test_its_author_corrects_it_within_a_short_time(question: RowComment, officer: User) -> None:
    with time_machine.travel(question.created_at + dt.timedelta(minutes=14), tick=False):
        correct_comment(comment=question, text="3回は、どの施設ですか。", by=officer)
    row = RowComment.objects.get()
    assert (row.text, row.corrected_at is not None) == ("3回は、どの施設ですか。", True)
    assert set(row.history.values_list("text", flat=True)) == {"2回は、どの施設の予定ですか。", row.text}
    with time_machine.travel(question.created_at + dt.timedelta(minutes=15), tick=False):
        correct_comment(comment=question, text=row.text, by=officer)  # nothing to correct
        with pytest.raises(TooLate):
            correct_comment(comment=question, text="あとから", by=officer)
    row.refresh_from_db()
    assert row.text == "3回は、どの施設ですか。"


def test_nothing_changes_under_an_answer(question: RowComment, officer: User, member: User) -> None:
    with time_machine.travel(question.created_at + dt.timedelta(minutes=1), tick=False):
        answer = answer_comment(question=question, text="2施設です", side=Side.GRANTEE, by=member)
        with pytest.raises(TooLate):
            correct_comment(comment=question, text="3回は?", by=officer)
        correct_comment(comment=answer, text="3施設です", by=member)
        withdraw_comment(comment=answer, by=member)
        with pytest.raises(TooLate):
            correct_comment(comment=answer, text="やはり", by=member)


def test_pressed_twice_it_stays_one(
    sheet: ProgressSheet, question: RowComment, officer: User, member: User
) -> None:
    def ask(row: Row = WHOLE) -> RowComment:
        return ask_on_row(
            sheet=sheet, row=row, text="同じ文", people=[member.pk], side=Side.FOUNDATION, by=officer
        )

    def answer() -> RowComment:
        return answer_comment(
            question=question, text="はい", people=[officer.pk], side=Side.GRANTEE, by=member
        )

    assert ask() == ask()
    assert ask(Row("cost-direct", "直接事業費")) != ask()  # another row is another question
    assert answer() == answer()
    assert Mention.objects.count() == 3
    first = ask()
    answer_comment(question=first, text="答えました", side=Side.GRANTEE, by=member)
    assert ask() != first  # asked again after an answer


@pytest.mark.parametrize("act", ["ask", "answer", "correct", "withdraw", "settle", "unsettle"])
def test_a_closed_month_takes_nothing(
    sheet: ProgressSheet, question: RowComment, officer: User, act: str
) -> None:
    ProgressSheet.objects.filter(pk=sheet.pk).update(
        state="closed", closed_at=moment(2022, 11, 20), closed_by=officer
    )
    before = list(RowComment.objects.values())
    acts: dict[str, Any] = {
        "ask": lambda: ask_on_row(sheet=sheet, row=WHOLE, text="おそい", side=Side.FOUNDATION, by=officer),
        "answer": lambda: answer_comment(question=question, text="おそい", side=Side.GRANTEE, by=officer),
        "correct": lambda: correct_comment(comment=question, text="おそい", by=officer),
        "withdraw": lambda: withdraw_comment(comment=question, by=officer),
        "settle": lambda: settle_comment(comment=question, by=officer),
        "unsettle": lambda: unsettle_comment(comment=question, by=officer),
    }
    with pytest.raises(WrongState):
        acts[act]()
    assert list(RowComment.objects.values()) == before
    assert not JournalEntry.objects.exists()


def test_other_fields_do_not_change(question: RowComment, member: User) -> None:
    question.author = member
    for fields in (None, ["author"], ["text", "side"]):
        with pytest.raises(TypeError):
            question.save(update_fields=fields)


@pytest.mark.parametrize(
    ("broken", "constraint"),
    [
        ({"text": ""}, "rowcomment_says_something"),
        ({"asks": False}, "rowcomment_question_asks"),
        ({"settled_at": moment(2022, 11, 2)}, "rowcomment_settled_by_somebody"),
        ({"purpose": "direct", "on": "indicator"}, "rowcomment_on_one_row"),
        ({"on": "indicator outcome"}, "rowcomment_on_one_row"),
        ({"on": "output outcome"}, "rowcomment_on_one_row"),
        ({"purpose": "direct", "on": "question"}, "rowcomment_answer_has_its_question_s_row"),
    ],
)
def test_the_database_refuses(
    plan: PlanRows, sheet: ProgressSheet, question: RowComment, broken: dict[str, Any], constraint: str
) -> None:
    on = {
        "indicator": plan.indicators["sum"],
        "outcome": plan.outcomes[0],
        "output": plan.outputs[0],
        "question": question,
    }
    given = {name: on[name] for name in broken.pop("on", "").split()}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        RowCommentFactory(sheet=sheet, **given, **broken)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("indicator", "居場所を開いた回数"),
        ("outcome", "① "),
        ("output", ""),
        ("purpose", "直接事業費"),
        ("whole", "シート全体"),
    ],
)
def test_the_row_has_a_name_in_lists(plan: PlanRows, sheet: ProgressSheet, kind: str, name: str) -> None:
    fields: dict[str, Any] = {
        "indicator": {"indicator": plan.indicators["sum"]},
        "outcome": {"outcome": plan.outcomes[0]},
        "output": {"output": plan.outputs[0]},
        "purpose": {"purpose": "direct"},
        "whole": {},
    }[kind]
    question = RowCommentFactory(sheet=sheet, **fields)
    RowCommentFactory(question=question, side=Side.GRANTEE, text="返事")
    labels = {row_label(c) for c in RowComment.objects.with_row_names().select_related("question")}
    (label,) = labels  # an answer is called by the row of its question
    assert label.startswith(name)
    if kind in ("outcome", "output"):
        version = fields[kind].versions.get()
        assert label.endswith(version.short_text or version.text)
