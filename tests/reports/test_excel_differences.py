"""The page between upload and sheet: cell by cell, every problem named by its cell, and only what is ticked is taken."""

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from openpyxl.worksheet.formula import ArrayFormula

from accounts.models import JournalEntry, User
from grants.models import Expenditure, IndicatorVersion, Purpose
from mentoring.models import ActionItem, CostReview, Figure, OutcomeChange, ProgressSheet
from tests.factories import (
    ActionItemFactory,
    CostReviewFactory,
    ExpenditureFactory,
    FigureFactory,
    OutcomeChangeFactory,
    PlanRows,
    SheetFactory,
)
from tests.mentoring.entry import figure, grow_plan, open_entry, plan_money, save
from tests.reports.books import (
    Filled,
    confirm,
    download,
    figure_key,
    filled,
    offered,
    pending_of,
    ticked,
    upload,
)
from tests.reports.papers import SEPTEMBER

SignIn = Callable[[User], Client]


@pytest.fixture
def sheet(plan: PlanRows) -> ProgressSheet:
    return SheetFactory(grant=plan.grant)


@pytest.fixture
def client(sign_in: SignIn, representative: User) -> Client:
    return sign_in(representative)


@pytest.fixture
def colleague(sign_in: SignIn, member: User) -> Client:
    return sign_in(member)


def value(plan: PlanRows, method: str) -> Any:
    found = Figure.objects.filter(indicator=plan.indicators[method]).first()
    return found.value if found else None


def bring(client: Client, sheet: ProgressSheet, fill: Callable[[Filled], Any]) -> HttpResponse:
    response = upload(client, sheet, filled(download(client, sheet), fill))
    assert response.status_code == 200
    return response


def words_of(response: HttpResponse) -> str:
    return response.content.decode()


# --- taking over ---


def test_a_whole_month(client: Client, sheet: ProgressSheet, plan: PlanRows, representative: User) -> None:
    plan_money(plan)
    homework = ActionItemFactory(sheet=SheetFactory(grant=plan.grant, month=SEPTEMBER), text="当番表をつくる")

    def fill(it: Filled) -> None:
        it.put(f"change-{plan.outcomes[0].pk}", "note", "顔なじみの若者が増えました。")
        it.put(figure_key(plan, "sum"), "now", "６回")
        it.put(figure_key(plan, "sum"), "note", "3施設で\n2回ずつ。")
        it.put(figure_key(plan, "new_unique"), "now", 2)
        it.put(figure_key(plan, "latest"), "now", 11)
        it.put(figure_key(plan, "ratio"), "now", 5)
        it.put(figure_key(plan, "ratio"), "whole", "８人")
        it.put(figure_key(plan, "state"), "now", "計画どおり進んでいる")
        it.put(f"{figure_key(plan, 'state')}-state", "note", "自分から話す人が出てきた。")
        it.put(figure_key(plan, "presence"), "now", "作成中")
        it.put("spent-direct", "now", "￥４０２，３１８円")
        it.put("spent-administrative", "now", 0)
        it.put("cost-direct", "now", "遅れ気味")
        it.put("cost-direct", "note", "講師の日程が動いた。")
        it.put(f"homework-{homework.pk}", "now", "済")
        it.put("remark", "note", "笑い声が増えた。")

    response = bring(client, sheet, fill)
    html = words_of(response)
    assert not Figure.objects.exists()  # looking changes nothing
    assert len(offered(response)) == len(ticked(response)) == 15
    assert "①-1 居場所を開いた回数 10月の数（回）" in html
    assert f"Excelの {Filled(download(client, sheet)).at(figure_key(plan, 'sum'), 'now')}" in html
    assert "402,318" in html
    assert "5／8" in html
    done = confirm(client, sheet, response)
    assert (done.status_code, done["Location"]) == (302, f"/sheets/{sheet.pk}/entry/")
    assert value(plan, "sum") == 6
    assert value(plan, "latest") == 11
    ratio = Figure.objects.get(indicator=plan.indicators["ratio"])
    assert (ratio.numerator, ratio.denominator) == (5, 8)
    state = Figure.objects.get(indicator=plan.indicators["state"])
    assert (state.step, state.sentence) == ("ontrack", "自分から話す人が出てきた。")
    assert Figure.objects.get(indicator=plan.indicators["presence"]).presence == "in_progress"
    assert Figure.objects.get(indicator=plan.indicators["sum"]).note == "3施設で\n2回ずつ。"
    assert OutcomeChange.objects.get().text == "顔なじみの若者が増えました。"
    spent = dict(Expenditure.objects.values_list("purpose", "amount_yen"))
    assert spent == {"direct": 402_318, "administrative": 0}
    review = CostReview.objects.get(purpose=Purpose.DIRECT)
    assert (review.status, review.consultation) == ("slow", "講師の日程が動いた。")
    homework.refresh_from_db()
    assert homework.done_by == representative
    sheet.refresh_from_db()
    assert (sheet.remark, sheet.version) == ("笑い声が増えた。", 1)
    assert JournalEntry.objects.get(verb="sheet.save").actor == representative
    assert "Excelから15か所を取り込みました。" in words_of(client.get(f"/sheets/{sheet.pk}/entry/"))


def test_only_what_is_ticked(client: Client, sheet: ProgressSheet, plan: PlanRows) -> None:
    def fill(it: Filled) -> None:
        it.put(figure_key(plan, "sum"), "now", 6)
        it.put(figure_key(plan, "latest"), "now", 11)

    response = bring(client, sheet, fill)
    confirm(client, sheet, response, [figure(plan, "latest")])
    assert (value(plan, "sum"), value(plan, "latest")) == (None, 11)


def test_nothing_ticked_asks_again(client: Client, sheet: ProgressSheet, plan: PlanRows) -> None:
    response = bring(client, sheet, lambda it: it.put(figure_key(plan, "sum"), "now", 6))
    again = confirm(client, sheet, response, [])
    assert again.status_code == 422
    assert "取り込むところに、チェックを入れてください。" in words_of(again)
    assert not Figure.objects.exists()
    assert confirm(client, sheet, again).status_code == 302
    assert value(plan, "sum") == 6


def test_a_page_that_has_grown_too_long_is_answered_with_a_word(
    client: Client, colleague: Client, sheet: ProgressSheet, plan: PlanRows, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What others wrote since goes with it. What was taken over stays, the rest is in the file."""

    def fill(it: Filled) -> None:
        it.put(figure_key(plan, "sum"), "now", 6)
        it.put(figure_key(plan, "latest"), "now", 11)

    response = bring(client, sheet, fill)
    save(colleague, sheet, {**open_entry(colleague, sheet), figure(plan, "sum"): "7"})
    monkeypatch.setattr("reports.views.excel.LONGEST", 10)
    for take in ([], None):
        answer = confirm(client, sheet, response, take)
        assert answer.status_code == 302
        html = words_of(client.get(answer["Location"]))
        assert "一度に取り込める文字の量を超えています。" in html
    assert "Excelから1か所を取り込みました。" in html
    assert (value(plan, "sum"), value(plan, "latest")) == (7, 11)


def test_keys_of_ones_own_making_are_nobodys(client: Client, sheet: ProgressSheet, plan: PlanRows) -> None:
    response = bring(client, sheet, lambda it: it.put(figure_key(plan, "sum"), "now", 6))
    assert confirm(client, sheet, response, [figure(plan, "latest"), "remark-remark"]).status_code == 422
    assert not Figure.objects.exists()


def test_pressed_twice_is_harmless(client: Client, sheet: ProgressSheet, plan: PlanRows) -> None:
    response = bring(client, sheet, lambda it: it.put(figure_key(plan, "sum"), "now", 6))
    assert confirm(client, sheet, response).status_code == 302
    assert confirm(client, sheet, response).status_code == 302
    sheet.refresh_from_db()
    assert sheet.version == 1
    assert Figure.objects.get().history.count() == 1
    page = words_of(client.get(f"/sheets/{sheet.pk}/entry/"))
    assert "もう取り込まれています。変わったところはありませんでした。" in page


def test_the_same_in_other_letters_is_no_difference(
    client: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    FigureFactory(sheet=sheet, indicator=plan.indicators["sum"], value=6, note="一行め\r\n二行め\x0b")
    assert offered(bring(client, sheet, lambda it: it.put(figure_key(plan, "sum"), "now", "６回"))) == []


def test_emptying_is_said_and_waits_for_a_tick(client: Client, sheet: ProgressSheet, plan: PlanRows) -> None:
    FigureFactory(sheet=sheet, indicator=plan.indicators["sum"], value=6)
    ExpenditureFactory(grant=plan.grant, month=sheet.month, amount_yen=500)

    def fill(it: Filled) -> None:
        it.put(figure_key(plan, "sum"), "now", None)
        it.put("spent-direct", "now", "　")

    response = bring(client, sheet, fill)
    assert words_of(response).count("空にする</b>") == 2
    assert len(offered(response)) == 2
    assert ticked(response) == []
    confirm(client, sheet, response, [figure(plan, "sum")])
    assert value(plan, "sum") is None
    assert Expenditure.objects.get().amount_yen == 500


def test_names_and_strange_numbers_wait_for_a_tick(
    client: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    def fill(it: Filled) -> None:
        it.put(figure_key(plan, "sum"), "now", 1_000_000)
        it.put(figure_key(plan, "sum"), "note", "山田さんが来た。")
        it.put("remark", "note", "電話は 090-1234-5678。あおぞらの会さんにも。")
        it.put(figure_key(plan, "latest"), "now", 11)

    response = bring(client, sheet, fill)
    html = words_of(response)
    assert "目標より大きな数です" in html
    assert "「山田さん」は人の名前のように読めます。" in html
    assert "電話番号のように読めます。" in html
    assert "あおぞらの会さん」" not in html
    assert len(offered(response)) == 4
    assert ticked(response) == [figure(plan, "latest")]
    confirm(client, sheet, response, offered(response))
    assert Figure.objects.get(indicator=plan.indicators["sum"]).note == "山田さんが来た。"


def test_texts_that_look_like_formulas_stay_texts(
    client: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    FigureFactory(sheet=sheet, indicator=plan.indicators["sum"], note="=1+1")

    def fill(it: Filled) -> None:
        cell = it.cell(figure_key(plan, "sum"), "note")
        cell.value, cell.data_type = "=1+1", "s"  # as it came, saved again
        cell = it.cell("remark", "note")
        cell.value, cell.data_type = "-気になること", "s"

    response = bring(client, sheet, fill)
    assert offered(response) == ["remark-remark"]
    confirm(client, sheet, response)
    sheet.refresh_from_db()
    assert sheet.remark == "-気になること"


def test_a_text_comes_back_as_a_text_and_never_as_html(client: Client, sheet: ProgressSheet) -> None:
    response = bring(client, sheet, lambda it: it.put("remark", "note", "<script>alert(1)</script>"))
    assert "<script>alert" not in words_of(response)
    assert "&lt;script&gt;" in words_of(response)


# --- problems, each by its cell ---


@pytest.mark.parametrize(
    ("put", "format_", "words"),
    [
        ("=1+1", "", "計算式が入っています。計算した値にしてください。"),
        (ArrayFormula("A1", "=SUM(H5:H6)"), "", "計算式が入っています。"),
        ("#REF!", "", "エラー（#REF!）になっています。"),
        (True, "", "TRUE（真偽の値）になっています。"),
        (dt.date(2022, 1, 2), "m月d日", "日付（1月2日）になっています。「1-2」や「1/2」と打つと、Excelが日付に変えます。"),
        (dt.time(10, 30), "h:mm", "時刻（10:30:00）になっています。"),
        ("１２人くらい", "", "「１２人くらい」を回数として読めませんでした。"),
        ("1e400", "", "読めませんでした"),
        (1.234, "", "小数点以下は2桁までで入れてください。"),
        (10**16, "", "読めませんでした"),
    ],
)  # fmt: skip
def test_what_a_number_cell_cannot_hold(
    client: Client, sheet: ProgressSheet, plan: PlanRows, put: Any, format_: str, words: str
) -> None:
    places = {}

    def fill(it: Filled) -> None:
        places["at"] = it.put(figure_key(plan, "sum"), "now", put, format_)
        it.put(figure_key(plan, "latest"), "now", 11)

    response = bring(client, sheet, fill)
    html = words_of(response)
    assert f"<b>{places['at']}</b>" in html
    assert words in html
    assert "取り込めないところが1か所あります。" in html
    assert offered(response) == [figure(plan, "latest")]  # the rest goes on
    confirm(client, sheet, response)
    assert (value(plan, "sum"), value(plan, "latest")) == (None, 11)


@pytest.mark.parametrize(
    ("put", "format_", "words"),
    [
        ("=A1&B1", "", "計算式が入っています。"),
        (dt.date(2022, 12, 5), "m月d日", "日付（12月5日）になっています。文字として入れなおしてください"),
        (False, "", "FALSE（真偽の値）になっています。"),
        ("#N/A", "", "エラー（#N/A）になっています。"),
        ("あ" * 4001, "", "4000 文字以下"),
    ],
)
def test_what_a_text_cell_cannot_hold(
    client: Client, sheet: ProgressSheet, put: Any, format_: str, words: str
) -> None:
    response = bring(client, sheet, lambda it: it.put("remark", "note", put, format_))
    assert words in words_of(response)
    assert offered(response) == []


def test_a_word_that_is_not_on_the_list(client: Client, sheet: ProgressSheet, plan: PlanRows) -> None:
    homework = ActionItemFactory(sheet=SheetFactory(grant=plan.grant, month=SEPTEMBER))

    def fill(it: Filled) -> None:
        it.put(figure_key(plan, "presence"), "now", "有り")
        it.put("cost-direct", "now", 3)
        it.put(f"homework-{homework.pk}", "now", "やった")

    response = bring(client, sheet, fill)
    html = words_of(response)
    assert "「有り」は一覧にありません。なし、作成中、あり から選んでください。" in html
    assert "「3」は一覧にありません。順調、" in html
    assert "「やった」は一覧にありません。済 から選んでください。" in html
    assert offered(response) == []


def test_words_of_either_language_are_known(client: Client, sheet: ProgressSheet, plan: PlanRows) -> None:
    content = filled(
        download(client, sheet), lambda it: it.put(figure_key(plan, "presence"), "now", "作成中")
    )
    client.cookies["django_language"] = "en"
    response = upload(client, sheet, content)
    assert offered(response) == [figure(plan, "presence", "presence")]


@pytest.mark.parametrize(
    ("put", "format_", "number"),
    [("６", "", "6"), ("1,234", "", "1234"), (54, "0", "54"), (0.54, "0%", "54"), (0.1 + 0.2, "", "0.3"), (0, "", "0"),
     ("▲3", "", "-3"), (12.0, "#,##0", "12")],
)  # fmt: skip
def test_numbers_as_people_and_excel_write_them(
    client: Client, sheet: ProgressSheet, plan: PlanRows, put: Any, format_: str, number: str
) -> None:
    response = bring(client, sheet, lambda it: it.put(figure_key(plan, "sum"), "now", put, format_))
    confirm(client, sheet, response, offered(response))
    assert format(value(plan, "sum").normalize() + 0, "f") == number


def test_half_a_ratio(client: Client, sheet: ProgressSheet, plan: PlanRows) -> None:
    places = {}

    def fill(it: Filled) -> None:
        places["at"] = it.put(figure_key(plan, "ratio"), "now", 5)
        places["whole"] = it.at(figure_key(plan, "ratio"), "whole")

    response = bring(client, sheet, fill)
    html = words_of(response)
    assert f"<b>{places['at']}・{places['whole']}</b>" in html
    assert "全体の数も入れてください。" in html
    assert offered(response) == []


def test_a_ratio_with_one_wrong_part_is_not_taken_by_half(
    client: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    def fill(it: Filled) -> None:
        it.put(figure_key(plan, "ratio"), "now", 5)
        it.put(figure_key(plan, "ratio"), "whole", "=4+4")

    assert offered(bring(client, sheet, fill)) == []


def test_joined_cells(client: Client, sheet: ProgressSheet, plan: PlanRows) -> None:
    FigureFactory(sheet=sheet, indicator=plan.indicators["sum"], value=6)
    places = {}

    def fill(it: Filled) -> None:
        first, last = it.at(figure_key(plan, "sum"), "now"), it.at(figure_key(plan, "sum"), "whole")
        it.page.merge_cells(f"{first}:{last}")
        places["range"] = f"{first}:{last}"

    response = bring(client, sheet, fill)
    assert f"セルが結合されています（{places['range']}）。結合を解いて、入れなおしてください。" in words_of(
        response
    )
    assert offered(response) == []


def test_a_row_taken_out(client: Client, sheet: ProgressSheet, plan: PlanRows) -> None:
    FigureFactory(sheet=sheet, indicator=plan.indicators["sum"], value=6)

    def fill(it: Filled) -> None:
        it.page.delete_rows(it.row(figure_key(plan, "sum")))
        it.put(figure_key(plan, "latest"), "now", 11)

    response = bring(client, sheet, fill)
    assert "①-1 居場所を開いた回数: この行がなくなっています。ここは取り込みません。" in words_of(response)
    assert offered(response) == [figure(plan, "latest")]


def test_a_row_standing_twice(client: Client, sheet: ProgressSheet, plan: PlanRows) -> None:
    rows = {}

    def fill(it: Filled) -> None:
        rows["first"], rows["second"] = it.row(figure_key(plan, "sum")), it.page.max_row + 2
        it.put(figure_key(plan, "sum"), "now", 6)
        it.page.cell(rows["second"], 1).value = figure_key(plan, "sum")
        it.page.cell(rows["second"], 8).value = 7

    response = bring(client, sheet, fill)
    words = f"同じ行が2つ以上あります（{rows['first']}行目、{rows['second']}行目）"
    assert words in words_of(response)
    assert offered(response) == []


def test_a_row_added_by_hand(client: Client, sheet: ProgressSheet) -> None:
    def fill(it: Filled) -> None:
        row = it.page.max_row + 1
        it.page.cell(row, 3).value = "新しい指標"
        it.page.cell(row, 8).value = 12
        it.page.cell(row + 1, 1).value = "figure-999999"
        it.page.cell(row + 1, 12).value = "しらない行の備考"

    html = words_of(bring(client, sheet, fill))
    assert html.count("ダウンロードしたファイルにはない行です。取り込みません。") == 2
    assert "書かれていたもの: 12" in html
    assert "書かれていたもの: しらない行の備考" in html


def test_what_stands_outside_the_yellow_cells_is_told_and_left(
    client: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    places = {}

    def fill(it: Filled) -> None:
        places["target"] = it.put(figure_key(plan, "sum"), "target", "100回")
        places["head"] = it.put("head", "now", "10月の実績")
        places["whole"] = it.put(figure_key(plan, "sum"), "whole", 8)
        places["unit"] = it.put(figure_key(plan, "sum"), "unit", None)

    response = bring(client, sheet, fill)
    html = words_of(response)
    assert "黄色でないところが4か所変わっていました。" in html
    assert f"{places['target']} ①-1 居場所を開いた回数: 「100回」は取り込みません。" in html
    assert f"{places['head']} 見出し: 「10月の実績」は取り込みません。" in html
    assert f"{places['whole']} ①-1 居場所を開いた回数: 「8」は取り込みません。" in html
    assert f"{places['unit']} ①-1 居場所を開いた回数: 消えていますが" in html
    assert offered(response) == []
    assert IndicatorVersion.objects.get(indicator=plan.indicators["sum"]).target_value == 85


# --- others wrote too ---


def test_different_cells_are_put_together(
    client: Client, colleague: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    content = filled(download(client, sheet), lambda it: it.put(figure_key(plan, "sum"), "now", 6))
    save(colleague, sheet, {**open_entry(colleague, sheet), figure(plan, "latest"): "11"})
    response = upload(client, sheet, content)
    html = words_of(response)
    assert "ダウンロードのあとに、このシートは保存されています。" in html
    assert "Excelに書いたところとは重なっていません。" in html
    assert "あとから保存されたほうを残します: ①-2 ボランティア 10月の数（人）" in html
    assert ticked(response) == [figure(plan, "sum")]
    confirm(client, sheet, response)
    assert (value(plan, "sum"), value(plan, "latest")) == (6, 11)


def test_the_same_cell_shows_both_and_asks(
    client: Client, colleague: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    OutcomeChangeFactory(sheet=sheet, outcome=plan.outcomes[0], text="はじめの文")
    key = f"change-{plan.outcomes[0].pk}"

    def fill(it: Filled) -> None:
        it.put(key, "note", "Excelの文")
        it.put(figure_key(plan, "sum"), "now", 6)

    content = filled(download(client, sheet), fill)
    save(colleague, sheet, {**open_entry(colleague, sheet), f"{key}-text": "空野の文"})
    response = upload(client, sheet, content)
    html = words_of(response)
    written = (
        "Excelの文",
        "空野の文",
        "ダウンロードしたとき: はじめの文",
        "ほかの人も書きました",
        "空野 みおさん ",
    )
    for text in written:
        assert text in html
    assert ticked(response) == [figure(plan, "sum")]
    assert confirm(client, sheet, response).status_code == 302
    assert OutcomeChange.objects.get().text == "空野の文"  # not ticked, not taken
    confirm(client, sheet, response, [f"{key}-text"])
    assert OutcomeChange.objects.get().text == "Excelの文"
    assert "空野の文" in [row.text for row in OutcomeChange.history.all()]


def test_many_cells_that_both_wrote(
    client: Client, colleague: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    september = SheetFactory(grant=plan.grant, month=SEPTEMBER)
    item = ActionItemFactory(sheet=september)

    def fill(it: Filled) -> None:
        it.put(figure_key(plan, "sum"), "now", 6)
        it.put(figure_key(plan, "latest"), "now", 11)
        it.put(figure_key(plan, "presence"), "now", "作成中")
        it.put("spent-direct", "now", 500)
        it.put("cost-direct", "now", "順調")
        it.put("remark", "note", "Excelの備考")
        it.put(f"homework-{item.pk}", "now", "済")

    content = filled(download(client, sheet), fill)
    theirs = {
        figure(plan, "sum"): "7", figure(plan, "latest"): "12", figure(plan, "presence", "presence"): "present",
        "spent-direct-amount_yen": "600", "cost-direct-status": "slow", "remark-remark": "空野の備考",
    }  # fmt: skip
    save(colleague, sheet, {**open_entry(colleague, sheet), **theirs})
    response = upload(client, sheet, content)
    assert ticked(response) == [f"homework-{item.pk}-done"]
    assert len(offered(response)) == 7
    assert words_of(response).count("空野 みおさん ") == 6
    confirm(client, sheet, response, offered(response))
    assert (value(plan, "sum"), Expenditure.objects.get().amount_yen) == (6, 500)


def test_what_changes_while_one_looks_asks_again(
    client: Client, colleague: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    def fill(it: Filled) -> None:
        it.put(figure_key(plan, "sum"), "now", 6)
        it.put(figure_key(plan, "latest"), "now", 11)

    response = bring(client, sheet, fill)
    save(colleague, sheet, {**open_entry(colleague, sheet), figure(plan, "sum"): "7"})
    again = confirm(client, sheet, response)
    assert again.status_code == 422
    html = words_of(again)
    assert "確かめているあいだに、ほかの人が同じところに書きました。" in html
    assert "Excelから1か所を取り込みました。" in html
    assert (value(plan, "sum"), value(plan, "latest")) == (7, 11)
    assert offered(again) == [figure(plan, "sum")]
    assert ticked(again) == []
    assert confirm(client, sheet, again, [figure(plan, "sum")]).status_code == 302
    assert value(plan, "sum") == 6


def test_the_sheet_was_handed_over_while_one_looked(
    client: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    response = bring(client, sheet, lambda it: it.put("remark", "note", "消えてはいけない文"))
    ProgressSheet.objects.filter(pk=sheet.pk).update(state="submitted")
    late = confirm(client, sheet, response)
    assert late.status_code == 409
    html = words_of(late)
    assert "このシートは、先に進んでいました" in html
    assert "消えてはいけない文</textarea>" in html
    sheet.refresh_from_db()
    assert sheet.remark == ""


def test_the_plan_was_revised_since(client: Client, sheet: ProgressSheet, plan: PlanRows) -> None:
    places = {}

    def fill(it: Filled) -> None:
        places["at"] = it.put(figure_key(plan, "sum"), "note", "消えた行の備考")
        it.put(figure_key(plan, "latest"), "now", 11)

    content = filled(download(client, sheet), fill)
    plan.indicators["sum"].retired_from = sheet.month
    plan.indicators["sum"].save()
    response = upload(client, sheet, content)
    html = words_of(response)
    assert "ダウンロードのあとに、事業の計画が見直されました。" in html
    assert f"<b>{places['at']}</b>" in html
    assert "計画の見直しで、この行がなくなりました。書かれていたもの: 消えた行の備考" in html
    assert offered(response) == [figure(plan, "latest")]


def test_the_plan_was_revised_while_one_looked(client: Client, sheet: ProgressSheet, plan: PlanRows) -> None:
    def fill(it: Filled) -> None:
        it.put(figure_key(plan, "sum"), "note", "消えた行の備考")
        it.put(figure_key(plan, "latest"), "now", 11)

    response = bring(client, sheet, fill)
    plan.indicators["sum"].retired_from = sheet.month
    plan.indicators["sum"].save()
    late = confirm(client, sheet, response)
    assert late.status_code == 422
    assert "書かれていたもの: 消えた行の備考" in words_of(late)
    assert value(plan, "latest") == 11


def test_a_word_changed_in_the_plan_does_no_harm(
    client: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    content = filled(download(client, sheet), lambda it: it.put(figure_key(plan, "sum"), "now", 6))
    IndicatorVersion.objects.filter(indicator=plan.indicators["sum"]).update(name="居場所をひらいた日")
    response = upload(client, sheet, content)
    assert "事業の計画が見直されました" in words_of(response)
    assert "黄色でないところ" not in words_of(response)
    assert ticked(response) == [figure(plan, "sum")]


def test_homework_given_since_is_left_alone(client: Client, sheet: ProgressSheet, plan: PlanRows) -> None:
    september = SheetFactory(grant=plan.grant, month=SEPTEMBER)
    first = ActionItemFactory(sheet=september)
    content = filled(download(client, sheet), lambda it: it.put(f"homework-{first.pk}", "now", "済"))
    ActionItemFactory(sheet=september, text="あとからの宿題")
    response = upload(client, sheet, content)
    assert ticked(response) == [f"homework-{first.pk}-done"]
    confirm(client, sheet, response)
    assert [item.text for item in ActionItem.objects.open()] == ["あとからの宿題"]


def test_homework_can_be_opened_again(
    client: Client, sheet: ProgressSheet, plan: PlanRows, member: User
) -> None:
    september = SheetFactory(grant=plan.grant, month=SEPTEMBER)
    item = ActionItemFactory(sheet=september, done_on=dt.date(2022, 10, 20), done_by=member)
    response = bring(client, sheet, lambda it: it.put(f"homework-{item.pk}", "now", None))
    assert "空にする" in words_of(response)
    confirm(client, sheet, response, offered(response))
    item.refresh_from_db()
    assert item.done_on is None


def test_a_correction_after_reopening_by_the_officer(sign_in: SignIn, officer: User, plan: PlanRows) -> None:
    sheet = SheetFactory(grant=plan.grant, state="reopened")
    FigureFactory(sheet=sheet, indicator=plan.indicators["sum"], value=5)
    client = sign_in(officer)
    response = bring(client, sheet, lambda it: it.put(figure_key(plan, "sum"), "now", 6))
    confirm(client, sheet, response)
    assert Figure.objects.get().history.first().history_change_reason == "correction"


# --- the page of differences grows old ---


def test_too_old_a_page(client: Client, sheet: ProgressSheet, plan: PlanRows) -> None:
    with time_machine.travel(dt.datetime.now(dt.UTC) - dt.timedelta(hours=13)):
        response = bring(client, sheet, lambda it: it.put(figure_key(plan, "sum"), "now", 6))
    late = client.post(
        f"/sheets/{sheet.pk}/excel/confirm/",
        {"pending": pending_of(response), "take": ticked(response)},
        follow=True,
    )
    assert late.redirect_chain == [(f"/sheets/{sheet.pk}/excel/upload/", 302)]
    assert "確かめる画面が古くなりました。まだ何も取り込んでいません。" in words_of(late)
    assert not Figure.objects.exists()


def test_somebody_elses_page_and_another_sheets(
    client: Client, colleague: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    other = SheetFactory(grant=plan.grant, month=sheet.month.replace(month=11))
    response = bring(client, sheet, lambda it: it.put(figure_key(plan, "sum"), "now", 6))
    data = {"pending": pending_of(response), "take": ticked(response)}
    for person, page in ((colleague, sheet), (client, other)):
        refused = person.post(f"/sheets/{page.pk}/excel/confirm/", data)
        assert refused["Location"] == f"/sheets/{page.pk}/excel/upload/"
    for forged in ("", "x", data["pending"][:-2] + "zz"):
        refused = client.post(f"/sheets/{sheet.pk}/excel/confirm/", {**data, "pending": forged})
        assert refused["Location"] == f"/sheets/{sheet.pk}/excel/upload/"
    assert not Figure.objects.exists()


def test_more_than_a_post_can_carry(
    client: Client, sheet: ProgressSheet, plan: PlanRows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.views.excel.LONGEST", 100)
    content = filled(download(client, sheet), lambda it: it.put(figure_key(plan, "sum"), "now", 6))
    response = upload(client, sheet, content)
    assert response.status_code == 422
    assert "一度に取り込める文字の量を超えています。" in words_of(response)


@pytest.mark.parametrize("more", [0, 2])
def test_queries_of_confirming_do_not_grow_with_the_plan(
    client: Client,
    sheet: ProgressSheet,
    plan: PlanRows,
    more: int,
    django_assert_num_queries: Callable[[int], AbstractContextManager[Any]],
) -> None:
    grow_plan(plan, more)
    CostReviewFactory(sheet=sheet)
    response = bring(client, sheet, lambda it: it.put(figure_key(plan, "sum"), "now", 6))
    with django_assert_num_queries(37):
        assert confirm(client, sheet, response).status_code == 302
