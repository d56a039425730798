"""Names in a sheet: asked about beside the field, saved as typed, and one more press submits. Nothing else is kept."""

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from accounts.models import JournalEntry, User
from mentoring.models import Figure, OutcomeChange, ProgressSheet
from tests.factories import OutcomeChangeFactory, PlanRows, SheetFactory
from tests.mentoring.entry import change, fields_of, figure, full_month, open_entry, plan_money, save, submit
from tests.mentoring.saving import save_cell

SignIn = Callable[[User], Client]
NAMED = "やまださんから電話が来た。"


@pytest.fixture
def sheet(plan: PlanRows) -> ProgressSheet:
    plan_money(plan)
    return SheetFactory(grant=plan.grant)


@pytest.fixture
def client(sign_in: SignIn, representative: User) -> Client:
    return sign_in(representative)


def state_of(sheet: ProgressSheet) -> str:
    return ProgressSheet.objects.get(pk=sheet.pk).state


def test_saving_keeps_the_text_and_asks(client: Client, sheet: ProgressSheet, plan: PlanRows) -> None:
    typed = {
        change(plan): NAMED,
        figure(plan, "sum", "note"): "連絡先090-1234-5678",
        figure(plan, "state", "sentence"): "若葉学園の17歳が来た",
        "cost-direct-consultation": "yuki@example.comに送る",
        "remark-remark": "西船4丁目12番3号",
    }
    response = save(client, sheet, {**open_entry(client, sheet), **typed})
    assert response.status_code == 302
    html = client.get(response["Location"]).content.decode()
    assert OutcomeChange.objects.get().text == NAMED
    assert Figure.objects.get(indicator=plan.indicators["sum"]).note == "連絡先090-1234-5678"
    for words in (
        "<b>たしかめてください</b>「やまださん」は人の名前のように読めます。書き直すか、このままでも保存できます。",
        "「090-1234-5678」は電話番号のように読めます。",
        "「若葉学園の17歳」は、年齢と施設の名前から、本人と分かるかもしれません。",
        "「yuki@example.com」はメールアドレスのように読めます。",
        "「西船4丁目12番3号」は住所のように読めます。",
    ):
        assert words in html
    assert f'id="id_{change(plan)}_doubt"' in html
    assert f'aria-describedby="id_{change(plan)}_doubt"' in html
    assert f'<a href="#id_{change(plan)}">' in html
    assert "本人や連絡先が分かるように読めるところが、5か所あります。" in html
    assert "若者の名前や、本人と分かることは書かないでください。" in html


def test_submitting_asks_once_and_one_more_press_submits(
    client: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    first = submit(client, sheet, {**open_entry(client, sheet), **full_month(plan), change(plan): NAMED})
    assert first.status_code == 422
    html = first.content.decode()
    assert "まだ提出していません。入力は保存しました。" in html
    assert "「やまださん」は人の名前のように読めます。" in html
    assert "このまま提出する</button>" in html
    assert state_of(sheet) == "draft"
    assert OutcomeChange.objects.get(outcome=plan.outcomes[0]).text == NAMED

    second = submit(client, sheet, fields_of(first))
    assert second.status_code == 302
    assert state_of(sheet) == "submitted"
    assert OutcomeChange.objects.get(outcome=plan.outcomes[0]).text == NAMED


def test_asked_while_saving_is_not_asked_again(client: Client, sheet: ProgressSheet, plan: PlanRows) -> None:
    save(client, sheet, {**open_entry(client, sheet), **full_month(plan), change(plan): NAMED})
    assert submit(client, sheet, open_entry(client, sheet)).status_code == 302


def test_a_further_name_is_asked_about(client: Client, sheet: ProgressSheet, plan: PlanRows) -> None:
    save(client, sheet, {**open_entry(client, sheet), **full_month(plan), change(plan): NAMED})
    response = submit(client, sheet, {**open_entry(client, sheet), "remark-remark": "ゆいちゃんの誕生日"})
    assert response.status_code == 422
    assert "「ゆいちゃん」は人の名前のように読めます。" in response.content.decode()
    assert state_of(sheet) == "draft"


def test_written_anew_it_goes_at_once(client: Client, sheet: ProgressSheet, plan: PlanRows) -> None:
    first = submit(client, sheet, {**open_entry(client, sheet), **full_month(plan), change(plan): NAMED})
    again = submit(client, sheet, {**fields_of(first), change(plan): "退所した人から電話が来た。"})
    assert again.status_code == 302
    assert OutcomeChange.objects.get(outcome=plan.outcomes[0]).text == "退所した人から電話が来た。"


def test_blanks_and_doubts_are_asked_together(client: Client, sheet: ProgressSheet, plan: PlanRows) -> None:
    fields = {**full_month(plan), change(plan): NAMED, figure(plan, "latest"): ""}
    first = submit(client, sheet, {**open_entry(client, sheet), **fields})
    html = first.content.decode()
    assert "未入力が、あと1か所あります。" in html
    assert "このまま提出する</button>" in html
    assert submit(client, sheet, {**fields_of(first), "accept_blanks": "1"}).status_code == 302


def test_the_decision_is_not_stored(client: Client, sheet: ProgressSheet, plan: PlanRows) -> None:
    session = {key: value for key, value in client.session.items() if key != "_messages"}
    first = submit(client, sheet, {**open_entry(client, sheet), **full_month(plan), change(plan): NAMED})
    submit(client, sheet, fields_of(first))
    assert {key: value for key, value in client.session.items() if key != "_messages"} == session
    assert "やまださん" not in str(list(JournalEntry.objects.values()))
    sheet.refresh_from_db()
    assert sheet.events.get().reason == ""
    row = OutcomeChange.objects.filter(outcome=plan.outcomes[0]).values().get()
    assert [name for name, value in row.items() if "やまだ" in str(value)] == ["text"]


def test_an_expired_session_keeps_the_text_but_not_the_decision(
    client: Client, sheet: ProgressSheet, plan: PlanRows, representative: User
) -> None:
    save(client, sheet, {**open_entry(client, sheet), **full_month(plan), change(plan): NAMED})
    fields = open_entry(client, sheet)
    assert fields["shown_doubts"] == "やまださん"
    signed_out = Client()
    submit(signed_out, sheet, fields)
    (held,) = [value for value in signed_out.session.values() if isinstance(value, dict) and "typed" in value]
    assert "shown_doubts" not in held["typed"]


def test_without_a_doubt_nothing_is_said(client: Client, sheet: ProgressSheet, plan: PlanRows) -> None:
    OutcomeChangeFactory(
        sheet=sheet, outcome=plan.outcomes[0], text="担い手の皆さんと、あおぞらの会さんの畑へ。"
    )
    html = client.get(f"/sheets/{sheet.pk}/entry/").content.decode()
    said = re.sub(
        r"<template.*?</template>", "", html, flags=re.S
    )  # what scripts may say one day is said to nobody yet
    assert "field-doubt" not in said
    assert "shown_doubts" not in html
    assert "このまま提出する" not in html


# --- the reasons of a return and a reopening -----------------------------------------------------------------------


def test_a_reason_with_a_name_is_asked_about_before_it_is_mailed(
    sign_in: SignIn, officer: User, plan: PlanRows, mailoutbox: list[object]
) -> None:
    sheet = SheetFactory(grant=plan.grant, state="submitted")
    client, url = sign_in(officer), f"/sheets/{sheet.pk}/return/"
    first = client.post(url, {"reason": "やまださんの名前を消してください。"})
    assert first.status_code == 422
    html = first.content.decode()
    assert "「やまださん」は人の名前のように読めます。" in html
    assert "このまま差し戻す</button>" in html
    assert "やまださんの名前を消してください。</textarea>" in html
    assert state_of(sheet) == "submitted"
    second = client.post(url, {"reason": "やまださんの名前を消してください。", "shown_doubts": "やまださん"})
    assert second.status_code == 302
    assert state_of(sheet) == "returned"
    assert sheet.events.get().reason == "やまださんの名前を消してください。"


# --- counts that are none ------------------------------------------------------------------------------------------


ODD = "でよろしいですか。ふつうは小数にならない数です。このままでも保存できます。"


@pytest.mark.parametrize(
    ("method", "unit", "typed", "said"),
    [
        ("sum", "回", "3.5", "3.5回"),
        ("sum", "件", "３．５", "3.5件"),
        ("new_unique", "人", "３．５人", "3.5人"),
        ("latest", "のべ人数", "1,234.25", "1,234.25のべ人数"),
        ("latest", "人（大人）", "-0.5", "-0.5人（大人）"),
        ("sum", "件", "3.0", ""),
        ("sum", "件", "４", ""),
        ("latest", "％", "3.5", ""),
        ("latest", "点", "3.5", ""),
        ("sum", "時間", "3.5", ""),
        ("sum", "", "3.5", ""),
    ],
)
def test_a_count_with_a_decimal_is_saved_and_asked_about(
    client: Client,
    sheet: ProgressSheet,
    plan: PlanRows,
    representative: User,
    method: str,
    unit: str,
    typed: str,
    said: str,
) -> None:
    plan.indicators[method].versions.update(unit=unit)
    name = figure(plan, method)
    response = save(client, sheet, {**open_entry(client, sheet), name: typed})
    assert response.status_code == 302
    stands = Figure.objects.get().value
    assert stands is not None
    html = client.get(response["Location"]).content.decode()
    assert (f"</b>{said}{ODD}" in html) is bool(said)
    assert (ODD in html) is bool(said)
    # and as it is typed
    wire = f"{stands.normalize():f}"
    save_cell(client, representative, sheet, name, "", wire)
    answer = save_cell(client, representative, sheet, name, typed)
    assert answer["state"] == "saved"
    assert [doubt["text"].startswith(said + ODD) for doubt in answer["doubts"] if ODD in doubt["text"]] == (
        [True] if said else []
    )


def test_both_numbers_of_a_ratio_are_asked_about_at_once(
    client: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    plan.indicators["ratio"].versions.update(unit="人")
    numerator, denominator = (figure(plan, "ratio", part) for part in ("numerator", "denominator"))
    save(client, sheet, {**open_entry(client, sheet), numerator: "9.5", denominator: "8.5"})
    html = client.get(f"/sheets/{sheet.pk}/entry/").content.decode()
    assert f"9.5人、8.5人{ODD}あてはまる数が全体の数より大きくなっています。" in html


def test_what_is_odd_is_looked_at_once_before_one_submits(
    client: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    name = figure(plan, "sum")
    plan.indicators["sum"].versions.update(unit="件")
    response = submit(client, sheet, {**open_entry(client, sheet), **full_month(plan), name: "３．５件"})
    assert response.status_code == 422
    html = response.content.decode()
    assert "まだ提出していません。入力は保存しました。" in html
    assert f"3.5件{ODD}</li>" in html
    assert "このまま提出する" in html
    again = fields_of(response)
    other = submit(client, sheet, {**again, name: "4.5"})  # another number than was looked at
    assert (other.status_code, state_of(sheet)) == (422, "draft")
    assert submit(client, sheet, fields_of(other)).status_code == 302
    assert state_of(sheet) == "submitted"
    assert Figure.objects.get(indicator=plan.indicators["sum"]).value == Decimal("4.5")


def test_who_saw_it_beside_the_field_submits_at_once(
    client: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    plan.indicators["sum"].versions.update(unit="件")
    fields = {**open_entry(client, sheet), **full_month(plan), figure(plan, "sum"): "3.5"}
    save(client, sheet, fields)
    assert submit(client, sheet, open_entry(client, sheet)).status_code == 302
    assert state_of(sheet) == "submitted"
