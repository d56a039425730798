"""The pages on which a question or an answer is written, and the marks on them."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.test import Client

from accounts.models import User
from grants.models import Grant
from mentoring.models import Mention, ProgressSheet, RowComment
from mentoring.models.meetings import Side
from tests.factories import (
    PASSWORD,
    PlanRows,
    RowCommentFactory,
    SheetFactory,
    StaffFactory,
    UserFactory,
    make_plan,
    moment,
)
from tests.mentoring.browsing import fields_of

SignIn = Callable[[User], Client]
OUTSIDE = [
    ("admin", 403), ("adviser", 403), ("accountant", 403), ("board", 404), ("other_grantee", 404),
    ("stranger", 404), ("stranger_admin", 404),
]  # fmt: skip


@pytest.fixture
def sheet(plan: PlanRows) -> ProgressSheet:
    return SheetFactory(grant=plan.grant, state=ProgressSheet.State.SUBMITTED)


@pytest.fixture
def question(sheet: ProgressSheet, plan: PlanRows, officer: User) -> RowComment:
    return RowCommentFactory(sheet=sheet, author=officer, indicator=plan.indicators["sum"])


def new(sheet: ProgressSheet, row: str, more: str = "") -> str:
    return f"/sheets/{sheet.pk}/comments/new/?row={row}{more}"


def at(comment: RowComment, page: str = "reply") -> str:
    return f"/comments/{comment.pk}/{page}/"


def close(sheet: ProgressSheet, officer: User) -> None:
    ProgressSheet.objects.filter(pk=sheet.pk).update(
        state="closed", closed_at=moment(2022, 11, 20), closed_by=officer
    )


def said(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


# --- asking ---


def test_asks_beside_a_row_and_comes_back_to_it(
    sign_in: SignIn, sheet: ProgressSheet, plan: PlanRows, officer: User, member: User, representative: User
) -> None:
    client, key = sign_in(officer), f"indicator-{plan.indicators['sum'].pk}"
    response = client.get(new(sheet, key))
    html = response.content.decode()
    assert "居場所を開いた回数" in html
    assert "役員には見えず、PDFにも載りません" in html
    fields = fields_of(response)
    assert set(fields["people"]) == {str(member.pk), str(representative.pk)}
    response = client.post(new(sheet, key), {**fields, "text": "延期した回は、\r\nいつですか。"})
    assert response.status_code == 302
    assert response["Location"] == f"/sheets/{sheet.pk}/#row-{key}"
    assert said(response) == ["質問を送りました。あおぞらの会のホームにも出ます。"]
    comment = RowComment.objects.get()
    assert (comment.text, comment.side, comment.author) == (
        "延期した回は、\nいつですか。",
        "foundation",
        officer,
    )
    assert comment.indicator_id == plan.indicators["sum"].pk
    assert {mention.person for mention in comment.mentions.all()} == {member, representative}


@pytest.mark.parametrize("row", ["outcome", "output", "cost", "sheet"])
def test_every_kind_of_row(
    sign_in: SignIn, sheet: ProgressSheet, plan: PlanRows, member: User, row: str
) -> None:
    key = {
        "outcome": f"outcome-{plan.outcomes[0].pk}",
        "output": f"output-{plan.outputs[0].pk}",
        "cost": "cost-administrative",
        "sheet": "sheet",
    }[row]
    client = sign_in(member)
    client.post(
        new(sheet, key), {**fields_of(client.get(new(sheet, key))), "text": "書き方は合っていますか。"}
    )
    comment = RowComment.objects.get()
    assert (comment.row_key, comment.side) == (key, "grantee")
    assert [mention.person for mention in comment.mentions.all()] == [sheet.grant.officer]


def test_nobody_needs_to_be_told(sign_in: SignIn, sheet: ProgressSheet, officer: User, member: User) -> None:
    sign_in(officer).post(new(sheet, "sheet"), {"text": "いそぎません"})
    assert RowComment.objects.count() == 1
    assert not Mention.objects.exists()


def test_only_people_of_the_two_sides_can_be_told(
    sign_in: SignIn, sheet: ProgressSheet, officer: User, member: User, other_grantee: User, board: User
) -> None:
    for person in (other_grantee, board):
        response = sign_in(officer).post(new(sheet, "sheet"), {"text": "だれに", "people": [person.pk]})
        assert response.status_code == 422
    assert not RowComment.objects.exists()


def test_when_the_officer_has_left_the_colleagues_are_told(
    sign_in: SignIn, sheet: ProgressSheet, member: User, grant: Grant
) -> None:
    colleague = StaffFactory(foundation=grant.foundation, user=UserFactory(name="森 同僚")).user
    grant.officer.staff_hats.update(ends_on=dt.date(2021, 1, 1))
    fields = fields_of(sign_in(member).get(new(sheet, "sheet")))
    assert fields["people"] == [str(colleague.pk)]


def test_blank_is_asked_for_and_nothing_is_lost(sign_in: SignIn, sheet: ProgressSheet, officer: User) -> None:
    client = sign_in(officer)
    response = client.post(new(sheet, "sheet"), {"text": "  "})
    assert response.status_code == 422
    assert "何も書かれていません。ひとことで大丈夫です。" in response.content.decode()
    response = client.post(new(sheet, "sheet"), {"text": "長" * 2001})
    assert response.status_code == 422
    assert fields_of(response)["text"] == ["長" * 2001]
    assert not RowComment.objects.exists()


def test_a_name_is_asked_about_once(sign_in: SignIn, sheet: ProgressSheet, officer: User) -> None:
    client = sign_in(officer)
    response = client.post(new(sheet, "sheet"), {"text": "山田さんは来ましたか。あおぞらの会さんへ。"})
    assert response.status_code == 422
    html = response.content.decode()
    assert "「山田さん」は人の名前のように読めます" in html
    assert "「あおぞらの会さん」" not in html
    assert not RowComment.objects.exists()
    assert client.post(new(sheet, "sheet"), fields_of(response)).status_code == 302
    assert RowComment.objects.get().text == "山田さんは来ましたか。あおぞらの会さんへ。"


def test_pressed_twice_it_stays_one_question(sign_in: SignIn, sheet: ProgressSheet, officer: User) -> None:
    client = sign_in(officer)
    fields = {**fields_of(client.get(new(sheet, "sheet"))), "text": "2度"}
    assert [client.post(new(sheet, "sheet"), fields).status_code for _press in range(2)] == [302, 302]
    assert RowComment.objects.count() == 1


def test_leads_back_to_where_it_was_asked_from_and_never_out(
    sign_in: SignIn, sheet: ProgressSheet, officer: User
) -> None:
    client = sign_in(officer)
    entry = quote(f"/sheets/{sheet.pk}/entry/#row-sheet")
    address = new(sheet, "sheet", f"&next={entry}")
    assert f'href="/sheets/{sheet.pk}/entry/#row-sheet"' in client.get(address).content.decode()
    assert client.post(address, {"text": "もどる"})["Location"] == f"/sheets/{sheet.pk}/entry/#row-sheet"
    away = new(sheet, "sheet", "&next=https://evil.example/")
    assert client.post(away, {"text": "そと"})["Location"] == f"/sheets/{sheet.pk}/#row-sheet"


@pytest.mark.parametrize(
    "row", ["", "indicator-9999999", "cost-evaluation", "indicator-x", "figure-1", "sheet-1"]
)
def test_a_row_that_is_not_there(sign_in: SignIn, sheet: ProgressSheet, officer: User, row: str) -> None:
    client = sign_in(officer)
    response = client.get(new(sheet, row))
    assert response["Location"] == sheet.get_absolute_url()
    assert "いまの計画にはありません" in said(response)[0]
    response = client.post(new(sheet, row), {"text": "長く考えた質問"})
    assert response.status_code == 409
    assert "長く考えた質問</textarea>" in response.content.decode()
    assert not RowComment.objects.exists()


def test_a_row_of_another_grant(
    sign_in: SignIn, sheet: ProgressSheet, officer: User, other_grant: Grant
) -> None:
    theirs = make_plan(other_grant).indicators["sum"]
    assert sign_in(officer).post(new(sheet, f"indicator-{theirs.pk}"), {"text": "x"}).status_code == 409
    assert not RowComment.objects.exists()


def test_a_month_closed_meanwhile_gives_the_words_back(
    sign_in: SignIn, sheet: ProgressSheet, question: RowComment, officer: User, member: User
) -> None:
    pages = {new(sheet, "sheet"): officer, at(question): member, at(question, "edit"): officer}
    close(sheet, officer)
    for address, person in pages.items():
        response = sign_in(person).post(address, {"text": "間に合わなかった文"})
        assert response.status_code == 409
        html = response.content.decode()
        assert "2022年10月は確定しました" in html
        assert "間に合わなかった文</textarea>" in html
        assert sign_in(person).get(address)["Location"] == sheet.get_absolute_url()
    assert RowComment.objects.count() == 1


# --- answering ---


def test_answers_from_the_home_and_goes_back_there(
    sign_in: SignIn,
    sheet: ProgressSheet,
    question: RowComment,
    officer: User,
    member: User,
    representative: User,
) -> None:
    client, address = sign_in(member), f"{at(question)}?next=/"
    response = client.get(address)
    assert question.text in response.content.decode()
    fields = fields_of(response)
    assert fields["people"] == [str(officer.pk)]
    response = client.post(address, {**fields, "text": "2施設です。"})
    assert response["Location"] == "/"
    assert said(response) == ["返事を送りました。"]
    answer = question.replies.get()
    assert (answer.text, answer.side, answer.asks, answer.indicator_id) == (
        "2施設です。",
        "grantee",
        False,
        None,
    )
    assert [mention.person for mention in answer.mentions.all()] == [officer]
    assert not RowComment.objects.waiting().exists()


def test_an_answer_tells_whoever_asked(
    sign_in: SignIn, sheet: ProgressSheet, grant: Grant, member: User, representative: User
) -> None:
    colleague = StaffFactory(foundation=grant.foundation).user
    question = RowCommentFactory(sheet=sheet, author=colleague)
    assert fields_of(sign_in(member).get(at(question)))["people"] == [str(colleague.pk)]
    RowCommentFactory(question=question, author=representative, side=Side.GRANTEE)
    assert fields_of(sign_in(colleague).get(at(question)))["people"] == [str(representative.pk)]


def test_an_answer_that_asks_waits_in_its_turn(sign_in: SignIn, question: RowComment, member: User) -> None:
    sign_in(member).post(at(question), {"text": "どちらの数え方ですか。", "asks": "on"})
    assert [comment.text for comment in RowComment.objects.waiting()] == ["どちらの数え方ですか。"]


def test_an_address_of_an_answer_is_that_of_its_thread(
    sign_in: SignIn, question: RowComment, officer: User, member: User
) -> None:
    answer = RowCommentFactory(question=question, author=member, side=Side.GRANTEE, text="2施設です。")
    html = sign_in(officer).get(at(answer)).content.decode()
    assert question.text in html
    sign_in(officer).post(at(answer), {"text": "ありがとうございます。"})
    assert question.replies.count() == 2


# --- marks ---


def test_corrects_within_a_short_time(
    sign_in: SignIn, question: RowComment, officer: User, sheet: ProgressSheet
) -> None:
    client, address = sign_in(officer), at(question, "edit")
    with time_machine.travel(question.created_at + dt.timedelta(minutes=5), tick=False):
        client = sign_in(officer)
        fields = fields_of(client.get(address))
        assert fields["text"] == [question.text]
        assert client.post(address, {**fields, "text": ""}).status_code == 422
        assert client.post(address, {**fields, "text": "山田さんですか"}).status_code == 422
        response = client.post(address, {**fields, "text": "3回は、いつですか。"})
    assert response["Location"] == f"/sheets/{sheet.pk}/#row-{question.row_key}"
    question.refresh_from_db()
    assert question.text == "3回は、いつですか。"
    html = sign_in(officer).get(sheet.get_absolute_url()).content.decode()
    assert "（文をなおしました）" in html


def test_too_late_for_a_correction_gives_the_words_back(
    sign_in: SignIn, question: RowComment, officer: User
) -> None:
    client = sign_in(officer)
    html = client.get(at(question, "edit")).content.decode()
    assert "文はなおせません" in html
    response = client.post(at(question, "edit"), {"text": "おそい文"})
    assert response.status_code == 409
    assert "おそい文</textarea>" in response.content.decode()
    question.refresh_from_db()
    assert question.text != "おそい文"


def test_takes_back(
    sign_in: SignIn, question: RowComment, officer: User, member: User, sheet: ProgressSheet
) -> None:
    response = sign_in(officer).post(at(question, "withdraw"), {"next": "/"})
    assert response["Location"] == "/"
    for person in (officer, member):
        html = sign_in(person).get(sheet.get_absolute_url()).content.decode()
        assert question.text not in html
        assert "に取り下げました" in html
    assert question.text not in sign_in(member).get(at(question)).content.decode()


def test_settles_and_takes_that_back(
    sign_in: SignIn, question: RowComment, officer: User, member: User, sheet: ProgressSheet
) -> None:
    client = sign_in(officer)
    client.post(at(question, "settle"))
    question.refresh_from_db()
    assert question.settled_by == officer
    html = sign_in(member).get(sheet.get_absolute_url()).content.decode()
    assert "に話しました（小野 彩さん）" in html
    client.post(at(question, "unsettle"))
    question.refresh_from_db()
    assert question.settled_by is None


@pytest.mark.parametrize("act", ["withdraw", "settle", "unsettle"])
def test_marks_of_a_closed_month_stay(
    sign_in: SignIn, question: RowComment, officer: User, sheet: ProgressSheet, act: str
) -> None:
    close(sheet, officer)
    before = list(RowComment.objects.values())
    response = sign_in(officer).post(at(question, act))
    assert said(response) == ["2022年10月は確定しました。質問と返事は、このまま残ります。"]
    assert list(RowComment.objects.values()) == before


# --- who ---


@pytest.mark.parametrize(("who", "status"), OUTSIDE)
def test_who_only_reads_or_is_a_stranger(
    sign_in: SignIn,
    request: pytest.FixtureRequest,
    question: RowComment,
    sheet: ProgressSheet,
    who: str,
    status: int,
) -> None:
    client = sign_in(request.getfixturevalue(who))
    before = list(RowComment.objects.values())
    assert client.get(new(sheet, "sheet")).status_code == status
    assert client.post(new(sheet, "sheet"), {"text": "よその人"}).status_code == status
    for page in ("reply", "edit", "withdraw", "settle", "unsettle"):
        assert client.post(at(question, page), {"text": "よその人"}).status_code == status, page
    assert list(RowComment.objects.values()) == before


def test_only_the_author_corrects_and_takes_back(
    sign_in: SignIn, grant: Grant, question: RowComment, member: User, representative: User
) -> None:
    colleague = StaffFactory(foundation=grant.foundation).user
    answer = RowCommentFactory(question=question, author=member, side=Side.GRANTEE)
    for comment, person in ((question, colleague), (question, member), (answer, representative)):
        for page in ("edit", "withdraw"):
            assert sign_in(person).post(at(comment, page), {"text": "x"}).status_code == 403


def test_the_asking_side_and_the_officer_settle(
    sign_in: SignIn,
    sheet: ProgressSheet,
    question: RowComment,
    officer: User,
    member: User,
    representative: User,
) -> None:
    assert sign_in(member).post(at(question, "settle")).status_code == 403
    theirs = RowCommentFactory(sheet=sheet, author=member, side=Side.GRANTEE)
    assert sign_in(representative).post(at(theirs, "settle")).status_code == 302
    assert sign_in(officer).post(at(theirs, "unsettle")).status_code == 302
    theirs.refresh_from_db()
    assert theirs.settled_at is None


@pytest.mark.parametrize("act", ["withdraw", "settle", "unsettle"])
def test_rejects_get(sign_in: SignIn, question: RowComment, officer: User, act: str) -> None:
    assert sign_in(officer).get(at(question, act)).status_code == 405


# --- signed out ---


def sign_in_at(client: Client, address: str, person: User) -> str:
    response = client.post(
        f"/accounts/login/?next={quote(address)}", {"login": person.email, "password": PASSWORD}
    )
    return str(response["Location"])


@pytest.mark.parametrize("act", ["new", "reply"])
def test_signed_out_meanwhile_the_words_come_back(
    sign_in: SignIn, sheet: ProgressSheet, question: RowComment, member: User, act: str
) -> None:
    address = new(sheet, "sheet", "&next=/") if act == "new" else f"{at(question)}?next=/"
    fields = {**fields_of(sign_in(member).get(address)), "text": "夜中に書いた文"}
    client = Client()
    response = client.post(address, fields)
    assert response["Location"] == f"/accounts/login/?next={quote(address)}"
    assert sign_in_at(client, address, member) == address
    response = client.get(address)
    assert response.status_code == 200
    assert "まだ送っていません" in response.content.decode()
    again = fields_of(response)
    assert again["text"] == ["夜中に書いた文"]
    assert client.post(address, again).status_code == 302
    assert RowComment.objects.last().text == "夜中に書いた文"
    assert fields_of(client.get(address))["text"] == [""]


def test_words_without_our_signature_are_not_kept(
    sign_in: SignIn, sheet: ProgressSheet, question: RowComment, member: User
) -> None:
    signed = fields_of(sign_in(member).get(at(question)))["here"]
    client = Client()
    for here in ("", "made-up", signed[0]):  # the last is ours, but of another page
        client.post(new(sheet, "sheet"), {"text": "そとから", "here": here})
    assert list(client.session.keys()) == []


def test_held_words_are_given_back_when_the_month_was_closed(
    sign_in: SignIn, sheet: ProgressSheet, officer: User, member: User
) -> None:
    address = new(sheet, "sheet")
    fields = {**fields_of(sign_in(member).get(address)), "text": "夜中に書いた文"}
    client = Client()
    client.post(address, fields)
    close(sheet, officer)
    client.force_login(member)
    response = client.get(address)
    assert response.status_code == 409
    assert "夜中に書いた文</textarea>" in response.content.decode()


# --- queries ---


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow(
    sign_in: SignIn, sheet: ProgressSheet, question: RowComment, officer: User, member: User, count: int,
    django_assert_num_queries: Any,
) -> None:  # fmt: skip
    for _number in range(count):
        RowCommentFactory(question=question, author=member, side=Side.GRANTEE)
        RowCommentFactory(sheet=sheet, author=officer)
    client = sign_in(officer)
    client.get(at(question))
    with django_assert_num_queries(REPLY_QUERIES):
        client.get(at(question))


REPLY_QUERIES = 14
