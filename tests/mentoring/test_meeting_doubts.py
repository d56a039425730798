"""Names in what is written in a meeting or about a support: asked about, saved as typed, nothing else remembered."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import JournalEntry, User
from mentoring.models import Intervention, ProgressSheet
from tests.factories import (
    FieldNoteFactory,
    InterventionFactory,
    PlanRows,
    SheetFactory,
    SupportMenuItemFactory,
)
from tests.mentoring.browsing import fields_of

pytestmark = pytest.mark.usefixtures("in_november")

SignIn = Callable[[User], Client]
NAMED = "やまださんと話した。"


@pytest.fixture
def sheet(plan: PlanRows) -> ProgressSheet:
    return SheetFactory(grant=plan.grant, state=ProgressSheet.State.SUBMITTED)


@pytest.fixture
def client(officer: User, sign_in: SignIn) -> Client:
    return sign_in(officer)


def url(sheet: ProgressSheet, name: str = "edit") -> str:
    return reverse(f"mentoring:meeting_{name}", args=[sheet.pk])


def typed_into_all(client: Client, sheet: ProgressSheet, plan: PlanRows) -> dict[str, Any]:
    return {
        **fields_of(client.get(url(sheet))),
        f"outcome-{plan.outcomes[0].pk}-word": "seen",
        f"outcome-{plan.outcomes[0].pk}-sentence": NAMED,
        "cost-direct-consultation": "問い合わせはyuki@example.comへ",
        "note-shared": "けんたくんの面接\n090-1234-5678に電話",
        "homework-new0-text": "西船4丁目12番3号を訪ねる",
        "homework-new0-who": "foundation",
        "meeting-held_on": "2022-11-15",
        "meeting-grantee_guests": "山田さん",
    }


def without_patterns(response: HttpResponse) -> str:
    """What the page shows; its <template>s hold what its scripts may say."""
    return re.sub(r"<template.*?</template>", "", response.content.decode(), flags=re.S)


def test_every_text_is_saved_and_asked_about(client: Client, sheet: ProgressSheet, plan: PlanRows) -> None:
    response = client.post(url(sheet), typed_into_all(client, sheet, plan), follow=True)
    html = without_patterns(response)
    assert response.status_code == 200
    for piece, kind in (
        ("やまださん", "人の名前"),
        ("yuki@example.com", "メールアドレス"),
        ("けんたくん", "人の名前"),
        ("090-1234-5678", "電話番号"),
        ("西船4丁目12番3号", "住所"),
    ):
        assert f"「{piece}」は{kind}のように読めます。" in html
    assert html.count('class="field-doubt"') == 4  # the guests are adults, and named
    assert "本人や連絡先が分かるように読めるところが、4か所あります。" in html
    assert 'aria-describedby="id_note-shared_doubt"' in html
    assert sheet.field_notes.get().text == "けんたくんの面接\n090-1234-5678に電話"
    assert sheet.action_items.get().text == "西船4丁目12番3号を訪ねる"


def test_closing_asks_once_and_then_goes_on(client: Client, sheet: ProgressSheet, plan: PlanRows) -> None:
    data = {**fields_of(client.get(url(sheet))), "note-shared": NAMED}
    first = client.post(url(sheet, "check"), data)
    assert first.url == f"{url(sheet)}#end"
    page = client.get(first.url)
    assert "先へ進む前に、書いたことばをたしかめてください。" in page.content.decode()
    assert "このまま確定へ</button>" in page.content.decode()
    assert sheet.field_notes.get().text == NAMED
    second = client.post(url(sheet, "check"), fields_of(page))
    assert second.url == reverse("reports:sheet_close", args=[sheet.pk])


def test_a_further_name_is_asked_about_again(client: Client, sheet: ProgressSheet, plan: PlanRows) -> None:
    client.post(url(sheet), {**fields_of(client.get(url(sheet))), "note-shared": NAMED})
    data = fields_of(client.get(url(sheet))) | {"cost-direct-consultation": "ゆいちゃんのこと"}
    assert client.post(url(sheet, "check"), data).url == f"{url(sheet)}#end"


def test_the_decision_is_not_stored(client: Client, sheet: ProgressSheet, officer: User) -> None:
    FieldNoteFactory(grant=sheet.grant, sheet=sheet, author=officer, visibility="shared", text=NAMED)
    session = dict(client.session)
    data = fields_of(client.get(url(sheet)))
    assert client.post(url(sheet, "check"), data).url == reverse("reports:sheet_close", args=[sheet.pk])
    assert sheet.field_notes.get().text == NAMED
    assert not JournalEntry.objects.exists()
    kept = {key: value for key, value in client.session.items() if not key.startswith("_messages")}
    assert kept == {key: value for key, value in session.items() if not key.startswith("_messages")}
    assert 'class="field-doubt"' in without_patterns(client.get(url(sheet)))


def test_the_grantee_is_no_person(client: Client, sheet: ProgressSheet) -> None:
    client.post(url(sheet), {**fields_of(client.get(url(sheet))), "note-shared": "あおぞらの会さんへ"})
    html = without_patterns(client.get(url(sheet)))
    assert 'class="field-doubt"' not in html
    assert html.count("若者の名前や、本人と分かることは書かないでください。") >= 3


# --- support -------------------------------------------------------------------------------------------------


def support_data(plan: PlanRows, officer: User, **changes: Any) -> dict[str, Any]:
    return {
        "on": "2022-11-10",
        "item": SupportMenuItemFactory(foundation=plan.grant.foundation).pk,
        "method": "phone",
        "content": NAMED,
        "given_by": officer.pk,
        "reach": "under_way",
        **changes,
    }


def test_a_support_is_saved_and_its_page_asks(client: Client, plan: PlanRows, officer: User) -> None:
    new, back = reverse("mentoring:support_new", args=[plan.grant.pk]), f"/grants/{plan.grant.pk}/"
    assert "若者の名前や、本人と分かることは書かないでください。" in client.get(new).content.decode()
    response = client.post(new, support_data(plan, officer, next=back))
    support = Intervention.objects.get()
    assert support.content == NAMED
    page = client.get(response.url)
    assert page.status_code == 200
    html = page.content.decode()
    assert "「やまださん」は人の名前のように読めます。" in html
    assert "支援を残しました。" in html
    again = client.post(response.url, {**fields_of(page), "next": back})
    assert again.url == back
    support.refresh_from_db()
    assert support.content == NAMED
    assert [entry.verb for entry in JournalEntry.objects.all()] == ["support.add"]


def test_a_support_without_a_doubt_leads_back_at_once(client: Client, plan: PlanRows, officer: User) -> None:
    new = reverse("mentoring:support_new", args=[plan.grant.pk])
    response = client.post(
        new, support_data(plan, officer, content="会計の相談", with_whom="税理士の佐藤さん")
    )
    assert response.url == reverse("mentoring:support_list", args=[plan.grant.pk])


def test_a_stored_support_shows_its_doubt_when_opened(client: Client, plan: PlanRows, officer: User) -> None:
    support = InterventionFactory(
        grant=plan.grant, on=dt.date(2022, 11, 1), given_by=officer, result="ゆいちゃんが話せた"
    )
    html = client.get(reverse("mentoring:support_edit", args=[support.pk])).content.decode()
    assert "「ゆいちゃん」は人の名前のように読めます。" in html
