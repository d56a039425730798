"""What is internal to the foundation is on no page that anybody else can open."""

import datetime as dt
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from accounts.models import User
from foundations.models import Foundation
from mentoring.models import FieldNote, ProgressSheet
from tests.factories import (
    ActionItemFactory,
    FieldNoteFactory,
    InterventionFactory,
    PlanRows,
    SheetDocumentFactory,
    SheetFactory,
)
from tests.mentoring.browsing import fields_of
from tests.mentoring.months import make_ready_sheet
from tests.mentoring.saving import body_of, post_json
from tests.test_tenants import words_of

SignIn = Callable[[User], Client]
INTERNAL = "内部だけの合言葉ひみつ"
SHARED = "みんなに見えるつぶやき"
OUTSIDE = ["representative", "member", "adviser", "accountant", "board", "other_grantee", "stranger"]
SKIPPED = ("admin/", "accounts/", "static/")  # the admin opens to admins only; allauth knows no notes
EMPTY = re.compile(r"/sheets/(?![1-4]/)")  # months that the calendar opened on the way; nobody wrote there
PACKED = ("/pdf/", ".pdf", "/excel/", ".xlsx")  # no words to read here: the tests of these files unpack them


@pytest.fixture
def sheets(plan: PlanRows, officer: User) -> list[ProgressSheet]:
    """One month under way and one closed, each with a shared and an internal note."""
    made = [
        make_ready_sheet(plan, officer),
        SheetFactory(grant=plan.grant, month=dt.date(2022, 9, 1), closed=True),
    ]
    for sheet in made:
        FieldNoteFactory(grant=plan.grant, sheet=sheet, author=officer, text=SHARED)
        for text in (INTERNAL, f"もうひとつの{INTERNAL}"):
            FieldNoteFactory(
                grant=plan.grant,
                sheet=sheet,
                author=officer,
                text=text,
                visibility=FieldNote.Visibility.INTERNAL,
            )
        ActionItemFactory(sheet=sheet)
    FieldNoteFactory(grant=plan.grant, text=INTERNAL, visibility=FieldNote.Visibility.INTERNAL)
    InterventionFactory(grant=plan.grant)
    SheetDocumentFactory(sheet=made[1])
    return made


def addresses(resolver: URLResolver | None = None, prefix: str = "") -> list[str]:
    """Every address of ours, with 1 to 4 for its id."""
    found = []
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if route.startswith(SKIPPED):
            continue
        if isinstance(pattern, URLResolver):
            found += addresses(pattern, route)
        elif isinstance(pattern, URLPattern) and "<" not in route.replace("<int:pk>", ""):
            found += [f"/{route.replace('<int:pk>', str(pk))}" for pk in range(1, 5 if "<" in route else 2)]
    return found


def links_in(page: str) -> set[str]:
    return {unescape(link).split("#")[0] for link in re.findall(r'href="(/[^"]*)"', page)}


def is_readable(link: str) -> bool:
    path = link.split("?")[0]
    return not (path.lstrip("/").startswith(SKIPPED) or path.endswith(PACKED) or EMPTY.match(path))


def everything_readable(client: Client) -> dict[str, str]:
    """What this person can open: all addresses by their pattern, and every link on the way, twice removed."""
    seen: dict[str, str] = {}
    waiting = {address for address in addresses() if is_readable(address)}
    for _round in range(3):
        for address in sorted(waiting - set(seen)):
            response = client.get(address)
            body = b"".join(response) if response.streaming else response.content
            seen[address] = body.decode(errors="replace") if response.status_code != 404 else ""
        waiting = {link for page in seen.values() for link in links_in(page) if is_readable(link)}
    return seen


@pytest.mark.every_page
@pytest.mark.parametrize("who", OUTSIDE)
def test_nobody_outside_reads_internal_notes(
    sheets: list[ProgressSheet], sign_in: SignIn, request: pytest.FixtureRequest, who: str
) -> None:
    pages = everything_readable(sign_in(request.getfixturevalue(who)))
    assert len(pages) > 30
    leaks = [address for address, page in pages.items() if "合言葉ひみつ" in page]
    assert leaks == []


def test_nor_in_a_file_that_is_made_for_them(
    sheets: list[ProgressSheet], sign_in: SignIn, representative: User
) -> None:
    client, grant, pk = sign_in(representative), sheets[0].grant_id, sheets[0].pk
    draft = SheetFactory(grant_id=grant, month=dt.date(2022, 8, 1))
    files = [
        f"/sheets/{pk}/pdf/",
        f"/sheets/{draft.pk}/excel/",
        f"/grants/{grant}/model.pdf",
        f"/grants/{grant}/plan/export.xlsx",
    ]
    for address in files:
        response = client.get(address)
        assert response.status_code == 200, address
        assert "合言葉" not in words_of(response), address


def test_none_is_in_the_page_that_may_be_on_a_shared_screen(
    sheets: list[ProgressSheet], sign_in: SignIn, officer: User
) -> None:
    """Neither closed nor asked for, and in nothing that the page's scripts ask for."""
    client, pk = sign_in(officer), sheets[0].pk
    for address in ("meeting/", "meeting/now/", "internal/"):
        page = client.get(f"/sheets/{pk}/{address}")
        assert page.status_code == 200
        assert "合言葉ひみつ" not in page.content.decode()
    data = fields_of(client.get(f"/sheets/{pk}/meeting/")) | {"meeting-held_on": "読めない日"}
    wrong = client.post(f"/sheets/{pk}/meeting/", data)
    assert wrong.status_code == 422
    assert "合言葉ひみつ" not in wrong.content.decode()
    cells = {"note-shared": ("メモ", SHARED), "note-internal": ("のぞく", "")}
    answer = post_json(client, sheets[0], body_of(officer, cells), "meeting/cells/")
    assert answer.json()["cells"]["note-internal"]["state"] == "gone"
    assert "合言葉ひみつ" not in answer.content.decode()


@pytest.mark.parametrize("query", ["", "?pane"])
def test_two_steps_open_them(sheets: list[ProgressSheet], sign_in: SignIn, officer: User, query: str) -> None:
    client, address = sign_in(officer), f"/sheets/{sheets[0].pk}/internal/open/{query}"
    assert client.get(address).status_code == 405
    slip = client.post(address)
    assert slip.status_code == 422
    assert "画面を見せていないことをたしかめて、印を付けてください。" in slip.content.decode()
    assert "合言葉ひみつ" not in slip.content.decode()
    opened = client.post(address, {"alone": "on"})
    assert opened.status_code == 200
    assert opened.content.decode().count("合言葉ひみつ") >= 2
    assert (
        "実行団体・役員・評価アドバイザー・経理には見えません。PDFにも入りません。" in opened.content.decode()
    )
    assert "no-store" in opened["Cache-Control"]


def test_going_there_saves_the_meeting_first(
    sheets: list[ProgressSheet], sign_in: SignIn, officer: User
) -> None:
    client, pk = sign_in(officer), sheets[0].pk
    data = fields_of(client.get(f"/sheets/{pk}/meeting/")) | {"cost-direct-consultation": "途中のことば"}
    response = client.post(f"/sheets/{pk}/meeting/aside/", data)
    assert response["Location"] == f"/sheets/{pk}/internal/"
    assert sheets[0].cost_reviews.get(purpose="direct").consultation == "途中のことば"


def test_what_is_written_there_is_saved_and_closed_again(
    plan: PlanRows, sign_in: SignIn, officer: User
) -> None:
    sheet, client = make_ready_sheet(plan, officer), sign_in(officer)
    opened = client.post(f"/sheets/{sheet.pk}/internal/open/", {"alone": "on"})
    save = f"/sheets/{sheet.pk}/internal/save/"
    response = client.post(save, fields_of(opened) | {"note-internal": INTERNAL}, follow=True)
    assert response.redirect_chain == [(f"/sheets/{sheet.pk}/meeting/", 302)]
    page = response.content.decode()
    assert "内部メモを保存して、閉じました。" in page
    assert INTERNAL not in page
    note = FieldNote.objects.get()
    assert (note.text, note.visibility, note.author) == (INTERNAL, "internal", officer)
    assert note.sheet == sheet

    again = fields_of(client.post(f"/sheets/{sheet.pk}/internal/open/", {"alone": "on"}))
    assert again["note-internal"] == [INTERNAL]
    client.post(save, again | {"note-internal": ""})
    assert not FieldNote.objects.exists()


def test_two_screens_of_one_person(plan: PlanRows, sign_in: SignIn, officer: User) -> None:
    sheet, client = make_ready_sheet(plan, officer), sign_in(officer)
    opened = fields_of(client.post(f"/sheets/{sheet.pk}/internal/open/", {"alone": "on"}))
    FieldNoteFactory(
        grant=plan.grant, sheet=sheet, author=officer, visibility="internal", text="ほかの画面の文"
    )
    save = f"/sheets/{sheet.pk}/internal/save/"
    response = client.post(save, opened | {"note-internal": "この画面の文"})
    assert response.status_code == 422
    assert "ほかの画面の文" in response.content.decode()
    assert "この画面の文" in response.content.decode()
    chosen = fields_of(response) | {"choose-note-internal": "mine"}
    assert client.post(save, chosen).status_code == 302
    assert FieldNote.objects.get().text == "この画面の文"


def test_a_name_is_asked_about_before_it_closes(plan: PlanRows, sign_in: SignIn, officer: User) -> None:
    sheet, client = make_ready_sheet(plan, officer), sign_in(officer)
    opened = client.post(f"/sheets/{sheet.pk}/internal/open/", {"alone": "on"})
    save = f"/sheets/{sheet.pk}/internal/save/"
    response = client.post(save, fields_of(opened) | {"note-internal": "ゆいちゃんのこと"})
    assert response.status_code == 200
    assert "「ゆいちゃん」は人の名前のように読めます。" in response.content.decode()
    assert FieldNote.objects.get().text == "ゆいちゃんのこと"
    assert client.post(save, fields_of(response)).status_code == 302


def test_nobody_else_opens_them(
    sheets: list[ProgressSheet], sign_in: SignIn, request: pytest.FixtureRequest
) -> None:
    for who in [*OUTSIDE, "admin"]:
        client = sign_in(request.getfixturevalue(who))
        response = client.post(f"/sheets/{sheets[0].pk}/internal/open/", {"alone": "on"})
        assert response.status_code in (403, 404), who
        assert "合言葉ひみつ" not in response.content.decode()


def test_what_was_written_signed_out_comes_back_behind_the_question(
    plan: PlanRows, sign_in: SignIn, officer: User
) -> None:
    sheet = make_ready_sheet(plan, officer)
    opened = fields_of(sign_in(officer).post(f"/sheets/{sheet.pk}/internal/open/", {"alone": "on"}))
    typed, client = opened | {"note-internal": INTERNAL}, Client()
    response = client.post(f"/sheets/{sheet.pk}/internal/save/", typed)
    assert response["Location"] == f"/accounts/login/?next=/sheets/{sheet.pk}/internal/"
    client.force_login(officer)
    assert INTERNAL not in client.get(f"/sheets/{sheet.pk}/internal/").content.decode()
    back = client.post(f"/sheets/{sheet.pk}/internal/open/", {"alone": "on"})
    assert "まだ保存していません。" in back.content.decode()
    assert client.post(f"/sheets/{sheet.pk}/internal/save/", fields_of(back)).status_code == 302
    assert FieldNote.objects.get().text == INTERNAL


def test_the_pane_saves_itself(plan: PlanRows, sign_in: SignIn, officer: User) -> None:
    sheet, client = make_ready_sheet(plan, officer), sign_in(officer)

    def send(typed: str, seen: str) -> dict[str, Any]:
        response = post_json(
            client, sheet, body_of(officer, {"note-internal": (typed, seen)}), "internal/cells/"
        )
        assert response.status_code == 200
        answer: dict[str, Any] = response.json()["cells"]["note-internal"]
        return answer

    assert send("ゆいちゃん", "")["doubts"][0]["text"] == "「ゆいちゃん」は人の名前のように読めます。"
    assert FieldNote.objects.get().visibility == "internal"
    assert send("ゆいちゃん", "")["state"] == "same"
    conflict = send("べつの文", "")
    assert (conflict["state"], conflict["theirs"]) == ("conflict", "ゆいちゃん")
    assert send("べつの文", "ゆいちゃん")["state"] == "saved"
    assert send("あ" * 4001, "べつの文")["state"] == "wrong"
    assert FieldNote.objects.get().text == "べつの文"
    body = body_of(officer, {"note-shared": ("a", "")})
    assert post_json(client, sheet, body, "internal/cells/").status_code == 400


def test_a_closed_month_takes_no_more(sheets: list[ProgressSheet], sign_in: SignIn, officer: User) -> None:
    client, closed = sign_in(officer), sheets[1]
    opened = client.post(f"/sheets/{closed.pk}/internal/open/", {"alone": "on"})
    response = client.post(
        f"/sheets/{closed.pk}/internal/save/", fields_of(opened) | {"note-internal": "あとから"}
    )
    assert response.status_code == 409
    assert "あとから" in response.content.decode()
    body = body_of(officer, {"note-internal": ("あとから", INTERNAL)})
    assert post_json(client, closed, body, "internal/cells/").status_code == 409
    assert not FieldNote.objects.filter(text="あとから").exists()


def test_the_queryset_keeps_them_inside(
    sheets: list[ProgressSheet],
    foundation: Foundation,
    request: pytest.FixtureRequest,
) -> None:
    for who in OUTSIDE:
        visible = FieldNote.objects.visible_to(request.getfixturevalue(who))
        assert not visible.internal().exists(), who
    for who in ("officer", "admin"):
        assert FieldNote.objects.visible_to(request.getfixturevalue(who)).internal().count() == 5
