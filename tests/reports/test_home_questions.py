"""Questions on a row, on the homes of both sides: what waits for the reader, and what they wait for."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from core.months import month_range
from grants.models import Grant, Program
from mentoring.models import ProgressSheet, RowComment
from mentoring.models.meetings import Side
from mentoring.services.comments import settle_comment, withdraw_comment
from tests.factories import (
    GrantFactory,
    PlanRows,
    RowCommentFactory,
    SheetFactory,
    StaffFactory,
    make_plan,
    moment,
)

SignIn = Callable[[User], Client]
State = ProgressSheet.State
OCTOBER = dt.date(2022, 10, 1)
WORDS = "延期した2回は、どの施設の予定ですか。"


@pytest.fixture(autouse=True)
def in_the_story() -> Any:
    with time_machine.travel("2022-11-08 10:00+09:00", tick=False):
        yield


@pytest.fixture
def october(grant: Grant, plan: PlanRows) -> ProgressSheet:
    for month in month_range(grant.starts_on, dt.date(2022, 9, 1)):
        SheetFactory(grant=grant, month=month, closed=True)
    return SheetFactory(grant=grant, month=OCTOBER, state=State.SUBMITTED)


@pytest.fixture
def question(october: ProgressSheet, plan: PlanRows, officer: User) -> RowComment:
    return RowCommentFactory(sheet=october, author=officer, indicator=plan.indicators["sum"], text=WORDS)


def home_of(client: Client, query: str = "") -> str:
    response = client.get(f"/{query}")
    assert response.status_code == 200
    return str(response.content.decode())


def questions_of(client: Client, query: str = "") -> tuple[list[str], list[str]]:
    questions = client.get(f"/{query}").context["questions"]
    return (
        [item.comment.text for item in questions.mine],
        [item.comment.text for item in questions.theirs],
    )


def test_the_grantee_is_asked_and_the_officer_waits(
    sign_in: SignIn, question: RowComment, october: ProgressSheet, officer: User, member: User
) -> None:
    assert questions_of(sign_in(member)) == ([WORDS], [])
    assert questions_of(sign_in(officer)) == ([], [WORDS])
    html = home_of(sign_in(member))
    assert f'href="/comments/{question.pk}/reply/?next=/"' in html
    assert f'href="/sheets/{october.pk}/#row-{question.row_key}"' in html
    assert "居場所を開いた回数" in html
    assert "小野 彩さん（ちばのWA）　11月2日" in html
    html = home_of(sign_in(officer))
    assert "あおぞらの会　10月" in html
    assert "11月2日から" in html
    assert f"/comments/{question.pk}/reply/" not in html


def test_the_officer_is_asked_and_the_grantee_waits(
    sign_in: SignIn, october: ProgressSheet, officer: User, member: User, representative: User
) -> None:
    question = RowCommentFactory(sheet=october, author=member, side=Side.GRANTEE, text="数え方はこれで?")
    for person in (member, representative):
        assert questions_of(sign_in(person)) == ([], ["数え方はこれで?"])
    assert questions_of(sign_in(officer)) == (["数え方はこれで?"], [])
    assert "財団からの返事を待っている質問" in home_of(sign_in(member))
    assert f"/comments/{question.pk}/reply/?next=/%3Fwhose%3Dall" in home_of(sign_in(officer), "?whose=all")


def test_an_answer_takes_it_off_both_homes_and_is_told_at_the_sheet(
    sign_in: SignIn, question: RowComment, officer: User, member: User
) -> None:
    assert "行の質問に返事が" not in home_of(sign_in(officer))
    RowCommentFactory(question=question, author=member, side=Side.GRANTEE, text="2施設です。")
    for person in (officer, member):
        assert questions_of(sign_in(person)) == ([], [])
    html = home_of(sign_in(officer))
    assert "行の質問に返事が1件" in html
    assert "返事を待っている質問はありません" in html
    assert WORDS not in home_of(sign_in(member))


def test_an_answer_that_asks_is_called_by_the_row_of_its_question(
    sign_in: SignIn, question: RowComment, october: ProgressSheet, officer: User, member: User
) -> None:
    RowCommentFactory(question=question, author=member, side=Side.GRANTEE, text="どちらの?", asks=True)
    assert questions_of(sign_in(officer)) == (["どちらの?"], [])
    html = home_of(sign_in(officer))
    assert "居場所を開いた回数" in html
    assert f'href="/sheets/{october.pk}/#row-{question.row_key}"' in html


@pytest.mark.parametrize("end", ["settled", "withdrawn", "closed"])
def test_what_waits_for_nothing_is_not_there(
    sign_in: SignIn, question: RowComment, october: ProgressSheet, officer: User, member: User, end: str
) -> None:
    if end == "settled":
        settle_comment(comment=question, by=officer)
    elif end == "withdrawn":
        withdraw_comment(comment=question, by=officer)
    else:
        closing = {"state": State.CLOSED, "closed_at": moment(2022, 11, 7), "closed_by": officer}
        ProgressSheet.objects.filter(pk=october.pk).update(**closing)
    for person in (officer, member):
        assert questions_of(sign_in(person)) == ([], [])


def test_a_colleague_s_questions_stand_with_their_grants(
    sign_in: SignIn, question: RowComment, foundation: Any
) -> None:
    colleague = StaffFactory(foundation=foundation).user
    assert questions_of(sign_in(colleague)) == ([], [])
    assert questions_of(sign_in(colleague), "?whose=all") == ([], [WORDS])


def test_nobody_else_reads_of_it(
    sign_in: SignIn, question: RowComment, board: User, admin: User, adviser: User, accountant: User,
    other_grantee: User, stranger: User,
) -> None:  # fmt: skip
    for person in (board, admin, adviser, accountant, other_grantee, stranger):
        assert WORDS not in home_of(sign_in(person))
        assert WORDS not in home_of(sign_in(person), "?whose=all")


def test_many_are_cut_off_with_a_word(
    sign_in: SignIn, october: ProgressSheet, officer: User, member: User
) -> None:
    for number in range(12):
        RowCommentFactory(sheet=october, author=officer, text=f"{number}番めの質問")
    mine, _theirs = questions_of(sign_in(member))
    assert mine == [f"{number}番めの質問" for number in range(10)]
    assert "このほかに2件" in home_of(sign_in(member))
    assert "このほかに2件" in home_of(sign_in(officer))


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("who", "queries"), [("officer", 15), ("member", 14)])
def test_one_query_however_many(
    sign_in: SignIn, request: pytest.FixtureRequest, program: Program, officer: User, member: User, count: int,
    who: str, queries: int, django_assert_num_queries: Any,
) -> None:  # fmt: skip
    organisation = member.memberships.get().organisation
    for grant in GrantFactory.create_batch(
        count, program=program, officer=officer, organisation=organisation
    ):
        plan = make_plan(grant)
        for month in month_range(grant.starts_on, dt.date(2022, 11, 1)):
            sheet = SheetFactory(grant=grant, month=month)
        for row in ({"indicator": plan.indicators["sum"]}, {"outcome": plan.outcomes[0]}, {}):
            RowCommentFactory(sheet=sheet, author=officer, **row)
        asked = RowCommentFactory(sheet=sheet, author=member, side=Side.GRANTEE, output=plan.outputs[0])
        RowCommentFactory(question=asked, author=officer, asks=True)
    client = sign_in(request.getfixturevalue(who))
    with django_assert_num_queries(queries):
        client.get("/")
