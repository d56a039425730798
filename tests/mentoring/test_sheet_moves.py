"""差し戻し and 再開: a reason, an event on the page, a mail to the other side."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import JournalEntry, User
from mentoring.models import ProgressSheet
from tests.factories import PlanRows, SheetFactory
from tests.mentoring.entry import full_month, open_entry, submit

SignIn = Callable[[User], Client]
Commit = Callable[..., Any]


@pytest.fixture
def submitted(plan: PlanRows) -> ProgressSheet:
    return SheetFactory(grant=plan.grant, state="submitted")


@pytest.fixture
def closed(plan: PlanRows) -> ProgressSheet:
    return SheetFactory(grant=plan.grant, closed=True)


def test_return_works(
    sign_in: SignIn,
    plan: PlanRows,
    officer: User,
    representative: User,
    member: User,
    mailoutbox: list[Any],
    django_capture_on_commit_callbacks: Commit,
) -> None:
    sheet = SheetFactory(grant=plan.grant)
    submit(sign_in(representative), sheet, {**open_entry(sign_in(representative), sheet), **full_month(plan)})
    with django_capture_on_commit_callbacks(execute=True):
        response = sign_in(officer).post(
            f"/sheets/{sheet.pk}/return/", {"reason": "②のひとことを、もう少し詳しく教えてください。"}
        )
    assert response["Location"] == f"/sheets/{sheet.pk}/"
    sheet.refresh_from_db()
    assert (sheet.state, sheet.plan_snapshot) == ("returned", None)
    event = sheet.events.get(act="return")
    assert (event.by, event.reason) == (officer, "②のひとことを、もう少し詳しく教えてください。")
    assert JournalEntry.objects.get(verb="sheet.return").reason == event.reason
    assert sorted(mail.to[0] for mail in mailoutbox) == sorted([representative.email, member.email])
    assert event.reason in mailoutbox[0].body
    html = sign_in(representative).get(f"/sheets/{sheet.pk}/").content.decode()
    assert event.reason in html
    assert "あなたの番" in html


def test_reopen_works(
    sign_in: SignIn,
    closed: ProgressSheet,
    officer: User,
    representative: User,
    mailoutbox: list[Any],
    django_capture_on_commit_callbacks: Commit,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        sign_in(officer).post(
            f"/sheets/{closed.pk}/reopen/", {"reason": "9月の数に数えまちがいがありました。"}
        )
    closed.refresh_from_db()
    assert closed.state == "reopened"
    assert closed.events.get().reason == "9月の数に数えまちがいがありました。"
    assert [mail.to for mail in mailoutbox] == [[representative.email]]


@pytest.mark.parametrize(("act", "kind"), [("return", "submitted"), ("reopen", "closed")])
@pytest.mark.parametrize("reason", ["", "  　"])
def test_a_reason_is_asked_for(
    request: pytest.FixtureRequest, sign_in: SignIn, officer: User, act: str, kind: str, reason: str
) -> None:
    sheet: ProgressSheet = request.getfixturevalue(kind)
    response = sign_in(officer).post(f"/sheets/{sheet.pk}/{act}/", {"reason": reason})
    assert response.status_code == 422
    html = response.content.decode()
    assert "理由を書いてください" in html
    assert f'aria-describedby="{act}_reason_helptext {act}_reason_error"' in html
    sheet.refresh_from_db()
    assert sheet.state == kind
    assert not sheet.events.exists()


@pytest.mark.parametrize(("act", "kind"), [("return", "submitted"), ("reopen", "closed")])
def test_rejects_get(
    request: pytest.FixtureRequest, sign_in: SignIn, officer: User, act: str, kind: str
) -> None:
    sheet: ProgressSheet = request.getfixturevalue(kind)
    assert sign_in(officer).get(f"/sheets/{sheet.pk}/{act}/").status_code == 405


@pytest.mark.parametrize(
    ("who", "act", "kind", "status"),
    [
        ("stranger", "return", "submitted", 404),
        ("other_grantee", "return", "submitted", 404),
        ("board", "return", "submitted", 404),
        ("representative", "return", "submitted", 403),
        ("admin", "return", "submitted", 403),
        ("adviser", "return", "submitted", 403),
        ("stranger", "reopen", "closed", 404),
        ("board", "reopen", "closed", 403),
        ("representative", "reopen", "closed", 403),
        ("accountant", "reopen", "closed", 403),
    ],
)
def test_only_officers_move_it(
    request: pytest.FixtureRequest, sign_in: SignIn, who: str, act: str, kind: str, status: int
) -> None:
    sheet: ProgressSheet = request.getfixturevalue(kind)
    client = sign_in(request.getfixturevalue(who))
    assert client.post(f"/sheets/{sheet.pk}/{act}/", {"reason": "x"}).status_code == status
    sheet.refresh_from_db()
    assert sheet.state == kind


def test_a_sheet_that_moved_on_gives_the_reason_back(sign_in: SignIn, plan: PlanRows, officer: User) -> None:
    sheet = SheetFactory(grant=plan.grant, state="returned")
    response = sign_in(officer).post(f"/sheets/{sheet.pk}/return/", {"reason": "もう一度見てください"})
    assert response.status_code == 409
    assert "もう一度見てください" in response.content.decode()
    assert not sheet.events.exists()


def test_each_mail_speaks_the_language_of_its_reader(
    sign_in: SignIn,
    submitted: ProgressSheet,
    officer: User,
    representative: User,
    member: User,
    mailoutbox: list[Any],
    django_capture_on_commit_callbacks: Commit,
) -> None:
    User.objects.filter(pk=member.pk).update(language="en")
    with django_capture_on_commit_callbacks(execute=True):
        sign_in(officer).post(f"/sheets/{submitted.pk}/return/", {"reason": "数え方をそろえたい"})
    subjects = {mail.to[0]: mail.subject for mail in mailoutbox}
    assert subjects[representative.email] == "2022年10月のシートについて、おたずねがあります"
    assert "October 2022" in subjects[member.email]
