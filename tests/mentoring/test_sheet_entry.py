"""Entering a month: the page, 一時保存, wrong input."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from accounts.models import JournalEntry, User
from grants.models import Expenditure, Grant, Purpose
from mentoring.models import ActionItem, CostReview, Figure, OutcomeChange, ProgressSheet
from tests.factories import (
    ActionItemFactory,
    ExpenditureFactory,
    FigureFactory,
    OutcomeChangeFactory,
    PlanRows,
    SheetFactory,
    make_plan,
)
from tests.mentoring.entry import (
    change,
    fields_of,
    figure,
    full_month,
    grow_plan,
    open_entry,
    plan_money,
    save,
)

SignIn = Callable[[User], Client]


@pytest.fixture
def sheet(plan: PlanRows) -> ProgressSheet:
    return SheetFactory(grant=plan.grant)


@pytest.fixture
def client(sign_in: SignIn, representative: User) -> Client:
    return sign_in(representative)


def entered(sheet: ProgressSheet, plan: PlanRows, method: str) -> Figure:
    return Figure.objects.get(sheet=sheet, indicator=plan.indicators[method])


# --- who may ---


def test_page_shows_last_month_target_and_running_total(
    client: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    september = SheetFactory(grant=plan.grant, month=sheet.month.replace(month=9))
    FigureFactory(sheet=september, indicator=plan.indicators["sum"], value=5, note="台風で1回中止。")
    OutcomeChangeFactory(sheet=september, outcome=plan.outcomes[0], text="同席が2施設で続いた。")
    html = client.get(f"/sheets/{sheet.pk}/entry/").content.decode()
    assert "9月: 台風で1回中止。" in html
    assert "同席が2施設で続いた。" in html
    assert "目標 85回" in html
    assert "10月の数を除いた累計です" in html
    assert "書かないでください" in html


@pytest.mark.parametrize("who", ["stranger", "other_grantee", "board"])
def test_stranger_gets_404(
    request: pytest.FixtureRequest, sign_in: SignIn, sheet: ProgressSheet, who: str
) -> None:
    client = sign_in(request.getfixturevalue(who))
    assert client.get(f"/sheets/{sheet.pk}/entry/").status_code == 404
    assert client.post(f"/sheets/{sheet.pk}/entry/", {"remark-remark": "x"}).status_code == 404


@pytest.mark.parametrize("who", ["adviser", "accountant", "admin"])
def test_reader_gets_403(
    request: pytest.FixtureRequest, sign_in: SignIn, sheet: ProgressSheet, who: str
) -> None:
    client = sign_in(request.getfixturevalue(who))
    assert client.get(f"/sheets/{sheet.pk}/entry/").status_code == 403
    assert client.post(f"/sheets/{sheet.pk}/entry/", {"remark-remark": "x"}).status_code == 403
    sheet.refresh_from_db()
    assert sheet.remark == ""


def test_officer_enters_reopened_sheets_only(sign_in: SignIn, officer: User, plan: PlanRows) -> None:
    client, name = sign_in(officer), figure(plan, "sum")
    draft = SheetFactory(grant=plan.grant)
    assert client.get(f"/sheets/{draft.pk}/entry/").status_code == 302
    assert save(client, draft, {name: "6"}).status_code == 409
    assert not Figure.objects.exists()
    reopened = SheetFactory(grant=plan.grant, month=draft.month.replace(month=9), state="reopened")
    fields = open_entry(client, reopened)
    assert save(client, reopened, {**fields, name: "6"}).status_code == 302
    assert entered(reopened, plan, "sum").value == 6


def test_who_corrected_a_month_goes_on_to_closing_it(
    sign_in: SignIn, officer: User, representative: User, plan: PlanRows
) -> None:
    sheet, name = SheetFactory(grant=plan.grant, state="reopened"), figure(plan, "sum")
    for user, typed, leads_to in ((officer, "6", "close"), (representative, "7", "entry")):
        client = sign_in(user)
        fields = open_entry(client, sheet)
        response = save(client, sheet, {**fields, name: typed, "close": "1"})
        assert response.headers["Location"] == f"/sheets/{sheet.pk}/{leads_to}/"
        assert entered(sheet, plan, "sum").value == int(typed)
        page = client.get(f"/sheets/{sheet.pk}/entry/").content.decode()
        assert ("保存して、確定へ進む" in page) is (leads_to == "close")


def test_the_skip_link_leads_past_the_list_of_parts_to_the_first_fields(
    client: Client, sheet: ProgressSheet
) -> None:
    page = client.get(f"/sheets/{sheet.pk}/entry/").content.decode()
    assert '<a class="skip" href="#s1">' in page
    assert page.index('class="rail"') < page.index('id="s1"') < page.index('name="change-')
    assert '<a class="skip" href="#main">' in client.get("/").content.decode()


def test_neither_put_nor_delete(client: Client, sheet: ProgressSheet) -> None:
    assert client.put(f"/sheets/{sheet.pk}/entry/").status_code == 405
    assert client.delete(f"/sheets/{sheet.pk}/entry/").status_code == 405


# --- saving ---


def test_saves_every_method(
    client: Client, sheet: ProgressSheet, plan: PlanRows, representative: User
) -> None:
    plan_money(plan)
    fields = {**open_entry(client, sheet), **full_month(plan), "remark-remark": "笑い声が増えた。"}
    fields[figure(plan, "sum", "note")] = "3施設で2回ずつ。"
    fields["cost-direct-consultation"] = "講師謝金が動いていない。"
    response = save(client, sheet, fields)
    assert response.status_code == 302
    assert entered(sheet, plan, "sum").value == 6
    assert entered(sheet, plan, "sum").note == "3施設で2回ずつ。"
    assert entered(sheet, plan, "new_unique").value == 2
    assert entered(sheet, plan, "latest").value == 11
    ratio = entered(sheet, plan, "ratio")
    assert (ratio.numerator, ratio.denominator, ratio.value) == (5, 8, None)
    state = entered(sheet, plan, "state")
    assert (state.step, state.sentence) == ("ontrack", "自分から話す人が出てきた。")
    assert entered(sheet, plan, "presence").presence == "in_progress"
    texts = OutcomeChange.objects.filter(sheet=sheet).order_by("outcome_id").values_list("text", flat=True)
    assert list(texts) == ["顔なじみの若者が増えました。", "変わらない"]
    spent = dict(Expenditure.objects.filter(grant=plan.grant).values_list("purpose", "amount_yen"))
    assert spent == {"direct": 402_318, "administrative": 73_240}
    slow = CostReview.objects.get(sheet=sheet, purpose=Purpose.DIRECT)
    assert (slow.status, slow.consultation) == ("slow", "講師謝金が動いていない。")
    sheet.refresh_from_db()
    assert (sheet.remark, sheet.version, sheet.state) == ("笑い声が増えた。", 1, "draft")
    line = JournalEntry.objects.get(verb="sheet.save")
    assert line.actor == representative
    assert figure(plan, "sum") in line.details["cells"]
    assert entered(sheet, plan, "sum").history.get().history_user == representative


def test_half_a_month_is_saved_and_blank_is_not_zero(
    client: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    fields = open_entry(client, sheet)
    save(client, sheet, {**fields, figure(plan, "sum"): "0"})
    assert entered(sheet, plan, "sum").value == 0
    assert not Figure.objects.filter(indicator=plan.indicators["latest"]).exists()
    fields = open_entry(client, sheet)
    assert fields[figure(plan, "sum")] == "0"
    assert fields[figure(plan, "latest")] == ""


def test_a_figure_can_be_taken_back(client: Client, sheet: ProgressSheet, plan: PlanRows) -> None:
    FigureFactory(sheet=sheet, indicator=plan.indicators["sum"], value=6)
    ExpenditureFactory(grant=plan.grant, month=sheet.month, purpose=Purpose.DIRECT, amount_yen=500)
    fields = open_entry(client, sheet)
    assert fields["spent-direct-amount_yen"] == "500"
    save(client, sheet, {**fields, figure(plan, "sum"): "", "spent-direct-amount_yen": "　"})
    assert entered(sheet, plan, "sum").value is None
    assert Expenditure.objects.get().amount_yen is None


def test_what_was_not_changed_is_not_written(client: Client, sheet: ProgressSheet, plan: PlanRows) -> None:
    FigureFactory(sheet=sheet, indicator=plan.indicators["sum"], value=Decimal("6.00"), note="一行め\n二行め")
    fields = open_entry(client, sheet)
    fields[figure(plan, "sum", "note")] = "一行め\r\n二行め"  # as browsers post it
    fields[figure(plan, "sum")] = "６回"
    assert save(client, sheet, fields).status_code == 302
    sheet.refresh_from_db()
    assert sheet.version == 0
    assert entered(sheet, plan, "sum").history.count() == 1
    assert not JournalEntry.objects.filter(verb="sheet.save").exists()


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("１，２３４", "1234"), ("1,234", "1234"), ("12回", "12"), ("▲３", "-3"), ("　７ 回 ", "7"), ("2.5", "2.5"),
        ("０", "0"),
    ],
)  # fmt: skip
def test_reads_what_people_type(
    client: Client, sheet: ProgressSheet, plan: PlanRows, typed: str, value: str
) -> None:
    save(client, sheet, {**open_entry(client, sheet), figure(plan, "sum"): typed})
    assert entered(sheet, plan, "sum").value == Decimal(value)


def test_yen_is_read_in_full_width_too(client: Client, sheet: ProgressSheet) -> None:
    save(client, sheet, {**open_entry(client, sheet), "spent-direct-amount_yen": "￥４０２，３１８円"})
    assert Expenditure.objects.get().amount_yen == 402_318


def test_homework_of_either_side_is_ticked_here(
    client: Client, sheet: ProgressSheet, plan: PlanRows, representative: User
) -> None:
    september = SheetFactory(grant=plan.grant, month=sheet.month.replace(month=9))
    mine = ActionItemFactory(sheet=september, text="当番表をつくる")
    theirs = ActionItemFactory(sheet=september, side="foundation", text="文面を送る")
    fields = open_entry(client, sheet)
    save(client, sheet, {**fields, f"homework-{theirs.pk}-done": "on"})
    theirs.refresh_from_db()
    assert theirs.done_by == representative
    fields = open_entry(client, sheet)
    assert fields[f"homework-{theirs.pk}-done"] == "on"
    del fields[f"homework-{theirs.pk}-done"]
    save(client, sheet, fields)
    assert list(ActionItem.objects.open()) == [mine, theirs]


def test_many_homework_items_are_ticked_at_once(
    client: Client, sheet: ProgressSheet, plan: PlanRows, representative: User
) -> None:
    september = SheetFactory(grant=plan.grant, month=sheet.month.replace(month=9))
    items = [ActionItemFactory(sheet=september) for _ in range(4)]
    ticks = {f"homework-{item.pk}-done": "on" for item in items}
    assert save(client, sheet, {**open_entry(client, sheet), **ticks}).status_code == 302
    assert {item.done_by for item in ActionItem.objects.all()} == {representative}
    assert JournalEntry.objects.filter(verb="homework.ticked").count() == 4


def test_a_quarterly_sheet_speaks_of_three_months(client: Client, grant: Grant, plan: PlanRows) -> None:
    sheet = SheetFactory(grant=grant, months=3)
    html = client.get(f"/sheets/{sheet.pk}/entry/").content.decode()
    assert "2022年10月〜12月の進捗共有シート" in html
    assert "10月〜12月、何が変わりましたか" in html
    assert "累計（12月まで・仮）" in html
    fields = {**open_entry(client, sheet), figure(plan, "sum"): "18", "spent-direct-amount_yen": "900000"}
    save(client, sheet, fields)
    assert entered(sheet, plan, "sum").value == 18
    assert Expenditure.objects.get().month == sheet.month


# --- wrong input ---


def test_all_errors_at_once_and_nothing_typed_is_lost(
    client: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    fields = {
        **open_entry(client, sheet),
        **full_month(plan),
        figure(plan, "sum"): "１２人くらい",
        figure(plan, "ratio", "denominator"): "",
        "spent-direct-amount_yen": "だいたい40万",
        "remark-remark": "これは残る",
    }
    response = save(client, sheet, fields)
    assert response.status_code == 422
    html = response.content.decode()
    assert "「１２人くらい」を回数として読めませんでした。" in html
    assert "全体の数も入れてください。" in html
    assert "「だいたい40万」を金額として読めませんでした。" in html
    assert "保存できなかった入力が3か所あります。" in html
    assert f'href="#id_{figure(plan, "sum")}"' in html
    assert 'value="１２人くらい"' in html
    assert 'value="だいたい40万"' in html
    # everything else was saved
    assert entered(sheet, plan, "latest").value == 11
    assert not Figure.objects.filter(sheet=sheet, indicator=plan.indicators["sum"]).exists()
    assert not Figure.objects.filter(sheet=sheet, indicator=plan.indicators["ratio"]).exists()
    sheet.refresh_from_db()
    assert sheet.remark == "これは残る"
    # and mending the three finishes it
    mended = fields_of(response)
    mended |= {figure(plan, "sum"): "12", figure(plan, "ratio", "denominator"): "8"}
    mended["spent-direct-amount_yen"] = "400,000"
    assert save(client, sheet, mended).status_code == 302
    assert entered(sheet, plan, "sum").value == 12
    assert entered(sheet, plan, "ratio").denominator == 8


def test_errors_stand_at_their_fields(client: Client, sheet: ProgressSheet, plan: PlanRows) -> None:
    name = figure(plan, "sum")
    html = save(client, sheet, {**open_entry(client, sheet), name: "たくさん"}).content.decode()
    field = html[html.index(f'name="{name}"') - 20 :][:600]
    assert 'aria-invalid="true"' in field
    assert f'aria-describedby="id_{name}_error"' in field
    assert f'id="id_{name}_error"' in html


@pytest.mark.parametrize(
    ("part", "whole", "word"),
    [
        ("3", "", "全体の数も入れてください"),
        ("", "8", "あてはまる数も入れてください"),
        ("-1", "8", "0以上の数"),
        ("3", "-8", "0以上の数"),
        ("3", "0", "全体が0のとき"),
        ("半分", "8", "読めませんでした"),
    ],
)
def test_a_ratio_needs_both_parts_and_sense(
    client: Client, sheet: ProgressSheet, plan: PlanRows, part: str, whole: str, word: str
) -> None:
    fields = {
        **open_entry(client, sheet),
        figure(plan, "ratio", "numerator"): part,
        figure(plan, "ratio", "denominator"): whole,
    }
    response = save(client, sheet, fields)
    assert response.status_code == 422
    assert word in response.content.decode()
    assert not Figure.objects.exists()


def test_more_than_the_whole_is_doubted_and_saved(
    client: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    fields = {
        **open_entry(client, sheet),
        figure(plan, "ratio", "numerator"): "9",
        figure(plan, "ratio", "denominator"): "8",
    }
    response = client.post(f"/sheets/{sheet.pk}/entry/", fields, follow=True)
    assert entered(sheet, plan, "ratio").numerator == 9
    assert "全体の数より大きくなっています" in response.content.decode()


@pytest.mark.parametrize(("typed", "is_doubted"), [("1000000", True), ("1", False)])
def test_a_month_beyond_the_whole_target_is_doubted_and_saved(
    client: Client, sheet: ProgressSheet, plan: PlanRows, typed: str, is_doubted: bool
) -> None:
    fields = {**open_entry(client, sheet), figure(plan, "sum"): typed}
    response = client.post(f"/sheets/{sheet.pk}/entry/", fields, follow=True)
    assert entered(sheet, plan, "sum").value == int(typed)
    assert ("目標より大きな数です" in response.content.decode()) is is_doubted


def test_nobody_asked_is_no_percentage(client: Client, sheet: ProgressSheet, plan: PlanRows) -> None:
    fields = {
        **open_entry(client, sheet),
        figure(plan, "ratio", "numerator"): "0",
        figure(plan, "ratio", "denominator"): "0",
    }
    assert save(client, sheet, fields).status_code == 302
    assert entered(sheet, plan, "ratio").denominator == 0


def test_a_forged_choice_is_refused(client: Client, sheet: ProgressSheet, plan: PlanRows) -> None:
    fields = {**open_entry(client, sheet), figure(plan, "presence", "presence"): "maybe"}
    assert save(client, sheet, fields).status_code == 422
    assert not Figure.objects.exists()


def test_another_sheets_fields_are_nobodys(client: Client, sheet: ProgressSheet, other_grant: Grant) -> None:
    foreign = make_plan(other_grant)
    fields = {**open_entry(client, sheet), figure(foreign, "sum"): "99"}
    response = save(client, sheet, fields)
    assert response.status_code == 422
    assert not Figure.objects.exists()


def test_what_was_typed_into_a_row_that_left_the_plan_is_given_back(
    client: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    FigureFactory(sheet=sheet, indicator=plan.indicators["latest"], value=9)
    fields = {
        **open_entry(client, sheet),
        figure(plan, "sum", "note"): "消えた行の備考",
        change(plan): "のこる",
    }
    for method in ("sum", "latest"):
        plan.indicators[method].retired_from = sheet.month
        plan.indicators[method].save()
    response = save(client, sheet, fields)
    assert response.status_code == 422
    html = response.content.decode()
    assert "事業の計画が見直され" in html
    assert html.count('id="homeless-') == 1  # an untouched figure is not asked about
    assert "消えた行の備考</textarea>" in html
    assert OutcomeChange.objects.get().text == "のこる"
    assert save(client, sheet, fields_of(response)).status_code == 302


def test_messages_say_what_happened(client: Client, sheet: ProgressSheet, plan: PlanRows) -> None:
    fields = open_entry(client, sheet)
    response = save(client, sheet, {**fields, change(plan): "少し変わった"})
    assert [str(m) for m in get_messages(response.wsgi_request)] == [
        "保存しました。つづきはいつでも入力できます。"
    ]


# --- queries ---


@pytest.mark.parametrize("more", [0, 2])
def test_queries_do_not_grow_with_the_plan(
    client: Client,
    sheet: ProgressSheet,
    plan: PlanRows,
    more: int,
    django_assert_num_queries: Callable[[int], AbstractContextManager[Any]],
) -> None:
    grow_plan(plan, more)
    address = f"/sheets/{sheet.pk}/entry/"
    fields = open_entry(client, sheet)
    assert sum("-value" in name for name in fields) == 3 + more
    with django_assert_num_queries(30):
        client.get(address)
    with django_assert_num_queries(56):
        assert client.post(address, {**fields, figure(plan, "sum"): "x"}).status_code == 422
