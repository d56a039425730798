"""確定する: a list of what is missing, or one button that makes a document."""

from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from accounts.models import User
from mentoring.models import FieldNote, OutcomeReview, ProgressSheet, SheetDocument
from mentoring.workflow import move_sheet
from tests.factories import FieldNoteFactory, PlanRows, RowCommentFactory, SheetFactory
from tests.mentoring.months import make_ready_sheet
from tests.reports.papers import add_indicators, words_of

SignIn = Callable[[User], Client]


@pytest.fixture
def ready(plan: PlanRows, officer: User) -> ProgressSheet:
    return make_ready_sheet(plan, officer)


def url(sheet: ProgressSheet) -> str:
    return reverse("reports:sheet_close", args=[sheet.pk])


def test_a_ready_month_shows_its_talk_and_one_button(
    ready: ProgressSheet, sign_in: SignIn, officer: User
) -> None:
    response = sign_in(officer).get(url(ready))
    page = response.content.decode()
    assert response.status_code == 200
    assert page.count("見えた") == 2
    assert "確定する</button>" in page
    assert reverse("reports:sheet_pdf", args=[ready.pk]) in page
    assert "未入力の指標が6件あります" in page  # a caution, no block


def test_a_question_without_an_answer_is_a_caution_and_no_block(
    ready: ProgressSheet, sign_in: SignIn, officer: User
) -> None:
    client = sign_in(officer)
    assert "返事のない行の質問" not in client.get(url(ready)).content.decode()
    RowCommentFactory(sheet=ready, author=officer)
    page = client.get(url(ready)).content.decode()
    assert "返事のない行の質問が1件あります" in page
    assert "確定する</button>" in page


def test_closing_stores_the_pdf_and_leads_to_the_sheet(
    ready: ProgressSheet, sign_in: SignIn, officer: User, board: User
) -> None:
    client = sign_in(officer)
    response = client.post(url(ready))
    assert (response.status_code, response["Location"]) == (302, ready.get_absolute_url())
    document = SheetDocument.objects.get(sheet=ready)
    assert [str(message) for message in get_messages(response.wsgi_request)] == [
        "2022年10月を確定し、PDFを保存しました。役員の皆さんも読めます。"
    ]
    assert document.get_absolute_url() in client.get(response["Location"]).content.decode()
    ready.refresh_from_db()
    assert (ready.state, ready.closed_by) == (ProgressSheet.State.CLOSED, officer)
    words = words_of(b"".join(sign_in(board).get(document.get_absolute_url()).streaming_content))  # type: ignore[attr-defined]
    assert "小野彩が確定しました" in words
    assert "下書き" not in words


def test_closing_again_after_reopening_makes_a_second_edition(
    ready: ProgressSheet, sign_in: SignIn, officer: User
) -> None:
    client = sign_in(officer)
    client.post(url(ready))
    first = SheetDocument.objects.get(sheet=ready)
    kept = first.file.read()
    move_sheet(sheet=ready, act="reopen", by=officer, reason="数のまちがい")
    client.post(url(ready))
    second = SheetDocument.objects.get(sheet=ready, edition=2)
    first = SheetDocument.objects.get(pk=first.pk)
    assert first.file.read() == kept
    assert "確定しなおした第2版です" in words_of(second.file.read())
    assert "第2版" not in words_of(kept)


def test_what_is_missing_is_listed_with_links(
    ready: ProgressSheet, plan: PlanRows, sign_in: SignIn, officer: User
) -> None:
    OutcomeReview.objects.get(sheet=ready, outcome=plan.outcomes[1]).delete()
    client = sign_in(officer)
    for response, status in ((client.get(url(ready)), 200), (client.post(url(ready)), 422)):
        page = response.content.decode()
        assert response.status_code == status
        assert "あと1か所で、確定できます" in page
        place = f"{reverse('mentoring:meeting_edit', args=[ready.pk])}#outcome-{plan.outcomes[1].pk}"
        assert f'<a href="{place}">②のつながりを選んでください' in page
        assert "確定する</button>" not in page
    ready.refresh_from_db()
    assert ready.state == ProgressSheet.State.SUBMITTED
    assert not SheetDocument.objects.exists()


@pytest.mark.parametrize("state", [ProgressSheet.State.DRAFT, ProgressSheet.State.RETURNED])
def test_a_sheet_with_the_grantee_is_told_kindly(
    state: str, plan: PlanRows, sign_in: SignIn, officer: User
) -> None:
    sheet = make_ready_sheet(plan, officer, state=state)
    client = sign_in(officer)
    for response, status in ((client.get(url(sheet)), 200), (client.post(url(sheet)), 409)):
        assert response.status_code == status
        assert "いまは、あおぞらの会の番です" in response.content.decode()
    sheet.refresh_from_db()
    assert sheet.state == state


def test_somebody_else_was_faster(ready: ProgressSheet, sign_in: SignIn, officer: User) -> None:
    client = sign_in(officer)
    client.post(url(ready))
    response = client.post(url(ready))
    assert response.status_code == 409
    assert "もう確定しています" in response.content.decode()
    assert SheetDocument.objects.filter(sheet=ready).count() == 1


def test_when_the_pdf_fails_nothing_is_closed(ready: ProgressSheet, sign_in: SignIn, officer: User) -> None:
    client = sign_in(officer)
    client.raise_request_exception = False
    with mock.patch("reports.views.closing.render_sheet_pdf", side_effect=RuntimeError("no ink")):
        assert client.post(url(ready)).status_code == 500
    ready.refresh_from_db()
    assert ready.state == ProgressSheet.State.SUBMITTED
    assert not SheetDocument.objects.exists()


def test_internal_notes_are_not_in_what_is_stored(
    ready: ProgressSheet, sign_in: SignIn, officer: User
) -> None:
    FieldNoteFactory(
        grant=ready.grant,
        sheet=ready,
        author=officer,
        text="うちわのはなし",
        visibility=FieldNote.Visibility.INTERNAL,
    )
    FieldNoteFactory(grant=ready.grant, sheet=ready, author=officer, text="みなさんへのはなし")
    sign_in(officer).post(url(ready))
    words = words_of(SheetDocument.objects.get(sheet=ready).file.read())
    assert "みなさんへのはなし" in words
    assert "うちわのはなし" not in words


@pytest.mark.parametrize("who", ["admin", "adviser", "accountant", "representative", "member"])
def test_reader_gets_403(
    who: str, ready: ProgressSheet, sign_in: SignIn, request: pytest.FixtureRequest
) -> None:
    client = sign_in(request.getfixturevalue(who))
    assert client.get(url(ready)).status_code == 403
    assert client.post(url(ready)).status_code == 403
    ready.refresh_from_db()
    assert ready.state == ProgressSheet.State.SUBMITTED


@pytest.mark.parametrize("who", ["board", "other_grantee", "stranger", "stranger_admin"])
def test_stranger_gets_404(
    who: str, ready: ProgressSheet, sign_in: SignIn, request: pytest.FixtureRequest
) -> None:
    assert sign_in(request.getfixturevalue(who)).post(url(ready)).status_code == 404


def test_queries_do_not_grow(
    ready: ProgressSheet, plan: PlanRows, sign_in: SignIn, officer: User, django_assert_num_queries: Any
) -> None:
    SheetFactory(grant=plan.grant, month=ready.month.replace(month=9), closed=True)
    client = sign_in(officer)
    client.get(url(ready))
    with django_assert_num_queries(30):
        client.get(url(ready))
    SheetFactory(grant=plan.grant, month=ready.month.replace(month=8), closed=True)
    FieldNoteFactory(grant=plan.grant, sheet=ready)
    add_indicators(plan, ready, 3)
    with django_assert_num_queries(30):
        client.get(url(ready))
