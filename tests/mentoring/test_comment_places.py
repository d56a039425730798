"""Where questions stand: beside their rows on the sheet's page and the entry page, and at the opening of the meeting."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from mentoring.models import OutcomeChange, ProgressSheet, RowComment
from mentoring.models.meetings import Side
from reports.pdf.sheet import render_sheet_html
from tests.factories import PlanRows, RowCommentFactory, SheetFactory, moment
from tests.mentoring.browsing import fields_of
from tests.mentoring.entry import change, figure, open_entry
from tests.mentoring.months import make_ready_sheet

SignIn = Callable[[User], Client]
WORDS = "延期した2回は、どの施設の予定ですか。"


@pytest.fixture
def sheet(plan: PlanRows) -> ProgressSheet:
    return SheetFactory(grant=plan.grant)


@pytest.fixture
def question(sheet: ProgressSheet, plan: PlanRows, officer: User) -> RowComment:
    return RowCommentFactory(sheet=sheet, author=officer, indicator=plan.indicators["sum"], text=WORDS)


def page(client: Client, sheet: ProgressSheet, part: str = "") -> str:
    response = client.get(f"/sheets/{sheet.pk}/{part}")
    assert response.status_code == 200
    return response.content.decode()


# --- the sheet's page ---


def test_each_thread_stands_under_its_row(
    sign_in: SignIn, sheet: ProgressSheet, plan: PlanRows, officer: User, question: RowComment
) -> None:
    on = {
        "あ質問": {"outcome": plan.outcomes[0]},
        "い質問": {"indicator": plan.indicators["ratio"]},
        "う質問": {"output": plan.outputs[0]},
        "え質問": {"purpose": "administrative"},
        "お質問": {},
    }
    for text, row in reversed(on.items()):
        RowCommentFactory(sheet=sheet, author=officer, text=text, **row)
    html = page(sign_in(officer), sheet)
    places = [html.index(text) for text in (*list(on)[:3], WORDS, *list(on)[3:])]
    assert places == sorted(places)
    assert f'id="row-{question.row_key}"' in html


def test_says_who_is_waited_for(
    sign_in: SignIn, sheet: ProgressSheet, question: RowComment, officer: User, member: User, adviser: User
) -> None:
    assert "返事をお待ちしています" in page(sign_in(member), sheet)
    for person in (officer, adviser):
        html = page(sign_in(person), sheet)
        assert "あおぞらの会の返事待ち" in html
        assert "返事をお待ちしています" not in html
    RowCommentFactory(question=question, author=member, side=Side.GRANTEE, text="2施設です。")
    html = page(sign_in(officer), sheet)
    assert "の返事待ち" not in html
    assert html.index(WORDS) < html.index("2施設です。")
    assert "空野 みおさん（あおぞらの会）　11月2日" in html


def test_buttons_are_for_the_two_sides(
    sign_in: SignIn, sheet: ProgressSheet, question: RowComment, officer: User, member: User, admin: User,
    adviser: User, accountant: User,
) -> None:  # fmt: skip
    ask, answer, settle, touch = (
        f"/sheets/{sheet.pk}/comments/new/", f"/comments/{question.pk}/reply/", f"/comments/{question.pk}/settle/",
        f"/comments/{question.pk}/edit/",
    )  # fmt: skip
    shown = {
        person: [link in page(sign_in(person), sheet) for link in (ask, answer, settle, touch)]
        for person in (officer, member, admin, adviser, accountant)
    }
    nothing = [False] * 4
    assert shown == {
        officer: [True] * 4,
        member: [True, True, False, False],
        admin: nothing,
        adviser: nothing,
        accountant: nothing,
    }


def test_a_closed_month_shows_them_to_be_read(
    sign_in: SignIn, sheet: ProgressSheet, question: RowComment, officer: User, member: User, board: User
) -> None:
    ProgressSheet.objects.filter(pk=sheet.pk).update(
        state="closed", closed_at=moment(2022, 11, 20), closed_by=officer
    )
    for person in (officer, member):
        html = page(sign_in(person), sheet)
        assert WORDS in html
        assert "/comments/" not in html
    html = page(sign_in(board), sheet)
    assert WORDS not in html
    assert "質問" not in html


def test_not_on_paper(sheet: ProgressSheet, question: RowComment) -> None:
    sheet = ProgressSheet.objects.with_names().get(pk=sheet.pk)
    html = render_sheet_html(sheet)
    assert "居場所を開いた回数" in html
    assert WORDS not in html


def test_a_question_stays_when_its_row_has_left_the_plan(
    sign_in: SignIn, sheet: ProgressSheet, plan: PlanRows, question: RowComment, officer: User
) -> None:
    plan.indicators["sum"].versions.update(valid_from=sheet.month.replace(month=12))
    html = page(sign_in(officer), sheet)
    assert html.index("シート全体への質問") < html.index("いまの計画にない行") < html.index(WORDS)
    assert sign_in(officer).get(f"/comments/{question.pk}/reply/").status_code == 200


# --- the entry page ---


def test_the_thread_is_there_while_one_writes(
    sign_in: SignIn, sheet: ProgressSheet, question: RowComment, member: User
) -> None:
    html = page(sign_in(member), sheet, "entry/")
    assert WORDS in html
    assert f'name="answer" value="{question.pk}"' in html
    assert html.count("<form") == html.count("</form>")
    main = html[html.index("<main") : html.index("</main>")]
    assert main.count("<form") == 1


def test_going_to_ask_saves_what_was_typed_and_comes_back(
    sign_in: SignIn, sheet: ProgressSheet, plan: PlanRows, member: User
) -> None:
    client, key = sign_in(member), f"indicator-{plan.indicators['sum'].pk}"
    fields = {**open_entry(client, sheet), change(plan): "友だちを連れてきた。", "ask": key}
    response = client.post(f"/sheets/{sheet.pk}/entry/question/", fields)
    assert OutcomeChange.objects.get().text == "友だちを連れてきた。"
    onward = client.get(response["Location"])
    assert onward.status_code == 200
    assert "居場所を開いた回数" in onward.content.decode()
    back = client.post(response["Location"], {**fields_of(onward), "text": "数え方はこれでよいですか。"})
    assert back["Location"] == f"/sheets/{sheet.pk}/entry/#row-{key}"


def test_going_to_answer_saves_too(
    sign_in: SignIn, sheet: ProgressSheet, plan: PlanRows, question: RowComment, member: User
) -> None:
    client = sign_in(member)
    fields = {**open_entry(client, sheet), change(plan): "変わらない", "answer": str(question.pk)}
    response = client.post(f"/sheets/{sheet.pk}/entry/question/", fields)
    assert OutcomeChange.objects.get().text == "変わらない"
    assert response["Location"].startswith(f"/comments/{question.pk}/reply/?next=")
    assert WORDS in client.get(response["Location"]).content.decode()


def test_what_cannot_be_saved_stays_on_the_page(
    sign_in: SignIn, sheet: ProgressSheet, plan: PlanRows, member: User
) -> None:
    client = sign_in(member)
    fields = {
        **open_entry(client, sheet),
        figure(plan, "sum"): "８回くらい",
        change(plan): "変わらない",
        "ask": "sheet",
    }
    response = client.post(f"/sheets/{sheet.pk}/entry/question/", fields)
    assert response.status_code == 422
    html = response.content.decode()
    assert "先のページへ進めます" in html
    assert 'value="８回くらい"' in html
    assert OutcomeChange.objects.get().text == "変わらない"


@pytest.mark.parametrize("pressed", [{}, {"ask": "nothing-1"}, {"answer": "x"}, {"answer": "9" * 30}])
def test_a_button_that_is_not_ours_loses_nothing(
    sign_in: SignIn, sheet: ProgressSheet, plan: PlanRows, member: User, pressed: dict[str, str]
) -> None:
    client = sign_in(member)
    fields = {**open_entry(client, sheet), change(plan): "変わらない", **pressed}
    response = client.post(f"/sheets/{sheet.pk}/entry/question/", fields, follow=True)
    assert response.status_code == 200
    assert OutcomeChange.objects.get().text == "変わらない"


def test_handed_in_meanwhile_gives_the_month_back(
    sign_in: SignIn, sheet: ProgressSheet, plan: PlanRows, member: User
) -> None:
    client = sign_in(member)
    fields = {**open_entry(client, sheet), change(plan): "おそい", "ask": "sheet"}
    ProgressSheet.objects.filter(pk=sheet.pk).update(state="submitted")
    response = client.post(f"/sheets/{sheet.pk}/entry/question/", fields)
    assert response.status_code == 409
    assert "おそい</textarea>" in response.content.decode()


def test_enter_in_a_field_saves_and_leads_nowhere(
    sign_in: SignIn, sheet: ProgressSheet, member: User
) -> None:
    """Of a form's buttons the browser presses the first one."""
    html = page(sign_in(member), sheet, "entry/")
    form = html[html.index('action="/sheets/') :]
    button = form[form.index("<button") :]
    assert "formaction" not in button[: button.index(">")]


# --- the meeting ---


@pytest.fixture
def ready(plan: PlanRows, officer: User) -> ProgressSheet:
    return make_ready_sheet(plan, officer)


def test_unanswered_questions_open_the_meeting(
    sign_in: SignIn, ready: ProgressSheet, plan: PlanRows, officer: User, member: User
) -> None:
    open_one = RowCommentFactory(sheet=ready, author=officer, indicator=plan.indicators["sum"], text=WORDS)
    answered = RowCommentFactory(sheet=ready, author=officer, text="もう聞いたこと")
    RowCommentFactory(question=answered, author=member, side=Side.GRANTEE, text="もう答えたこと")
    html = page(sign_in(officer), ready, "meeting/")
    assert html.index('href="#ticks"') < html.index('href="#questions"') < html.index('href="#outcome-')
    assert html.index('id="ticks"') < html.index('id="questions"') < html.index('id="outcome-')
    assert "行の質問 1件" in html
    assert WORDS in html
    assert f'name="settle-{open_one.pk}"' in html
    assert "もう聞いたこと" not in html


def test_without_a_question_the_meeting_has_no_such_part(
    sign_in: SignIn, ready: ProgressSheet, officer: User
) -> None:
    assert "行の質問" not in page(sign_in(officer), ready, "meeting/")


def test_ticked_in_the_meeting_it_is_settled_and_stays_there(
    sign_in: SignIn, ready: ProgressSheet, officer: User
) -> None:
    question = RowCommentFactory(sheet=ready, author=officer, text=WORDS)
    client, address = sign_in(officer), f"/sheets/{ready.pk}/meeting/"
    fields = fields_of(client.get(address))
    assert client.post(address, {**fields, f"settle-{question.pk}": "on"}).status_code == 302
    question.refresh_from_db()
    assert question.settled_by == officer
    response = client.get(address)
    assert "行の質問 1件" in response.content.decode()
    fields = fields_of(response)
    assert fields.pop(f"settle-{question.pk}") == ["on"]
    client.post(address, fields)
    question.refresh_from_db()
    assert question.settled_at is None


def test_an_answer_that_came_meanwhile_is_no_quarrel(
    sign_in: SignIn, ready: ProgressSheet, officer: User, member: User
) -> None:
    question = RowCommentFactory(sheet=ready, author=officer, text=WORDS)
    client, address = sign_in(officer), f"/sheets/{ready.pk}/meeting/"
    fields = {**fields_of(client.get(address)), f"settle-{question.pk}": "on", "note-shared": "話した"}
    RowCommentFactory(question=question, author=member, side=Side.GRANTEE, text="2施設です。")
    assert client.post(address, fields).status_code == 302
    assert ready.field_notes.get().text == "話した"


def test_writing_the_answer_down_saves_the_meeting_first(
    sign_in: SignIn, ready: ProgressSheet, officer: User
) -> None:
    question = RowCommentFactory(sheet=ready, author=officer, text=WORDS)
    client, address = sign_in(officer), f"/sheets/{ready.pk}/meeting/"
    fields = {**fields_of(client.get(address)), "note-shared": "話した"}
    response = client.post(f"{address}question/", {**fields, "answer": question.pk})
    assert ready.field_notes.get().text == "話した"
    assert (
        response["Location"]
        == f"/comments/{question.pk}/reply/?next=%2Fsheets%2F{ready.pk}%2Fmeeting%2F%23questions"
    )
    assert client.get(response["Location"]).status_code == 200
    response = client.post(f"{address}question/", {**fields_of(client.get(address)), "answer": "x"})
    assert response["Location"] == f"{address}#questions"


# --- queries ---


@pytest.mark.parametrize("count", [1, 3])
def test_threads_cost_one_query_however_many(
    sign_in: SignIn, sheet: ProgressSheet, plan: PlanRows, officer: User, member: User, count: int,
    django_assert_num_queries: Any,
) -> None:  # fmt: skip
    for _number in range(count):
        question = RowCommentFactory(sheet=sheet, author=officer, indicator=plan.indicators["sum"])
        RowCommentFactory(question=question, author=member, side=Side.GRANTEE)
    client = sign_in(officer)
    client.get(sheet.get_absolute_url())
    with django_assert_num_queries(SHEET_QUERIES):
        client.get(sheet.get_absolute_url())


SHEET_QUERIES = 32
