"""The workbook that goes out: in the order of the paper, open only where one types, with nothing that calculates."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

import openpyxl
import pytest
from django.test import Client
from django.utils import translation

from accounts.models import User
from grants.models import Purpose, ShortTermOutcomeVersion
from mentoring.models import ProgressSheet
from mentoring.reading import read_sheet
from reports.exports.layout import lay_out
from reports.exports.passport import Passport
from reports.exports.workbook import lines_of
from reports.pdf.rows import paper_row
from reports.pdf.sheet import render_sheet_html
from tests.factories import (
    ActionItemFactory,
    BudgetLineFactory,
    CostReviewFactory,
    ExpenditureFactory,
    FieldNoteFactory,
    FigureFactory,
    OutcomeChangeFactory,
    PlanRows,
    SheetFactory,
)
from tests.mentoring.entry import grow_plan, plan_money
from tests.reports.books import Filled, content_of, download, figure_key
from tests.reports.papers import SEPTEMBER, fill_month, named

SignIn = Callable[[User], Client]


@pytest.fixture
def sheet(plan: PlanRows) -> ProgressSheet:
    return SheetFactory(grant=plan.grant)


@pytest.fixture
def client(sign_in: SignIn, representative: User) -> Client:
    return sign_in(representative)


def test_a_file_of_its_own_name_that_no_browser_opens(client: Client, sheet: ProgressSheet) -> None:
    response: Any = client.get(f"/sheets/{sheet.pk}/excel/")
    assert response["Content-Type"].endswith("spreadsheetml.sheet")
    assert "あおぞらの会_2022-10_進捗共有シート.xlsx" in unquote(response["Content-Disposition"])
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Cache-Control"] == "private, no-store"
    content_of(response)
    assert client.post(f"/sheets/{sheet.pk}/excel/").status_code == 405


def test_the_order_is_the_papers(client: Client, sheet: ProgressSheet, plan: PlanRows) -> None:
    plan_money(plan)
    september = SheetFactory(grant=plan.grant, month=SEPTEMBER)
    homework = ActionItemFactory(sheet=september, text="当番表をつくる")
    book = Filled(download(client, sheet))
    keys = [book.page.cell(row, 1).value for row in range(4, book.page.max_row + 1)]
    one, two = (outcome.pk for outcome in plan.outcomes)
    a, b, c = (output.pk for output in plan.outputs)
    assert keys == [
        "head", "s1", "long-1", f"outcome-{one}", f"change-{one}", figure_key(plan, "ratio"),
        f"outcome-{two}", f"change-{two}", figure_key(plan, "state"), f"{figure_key(plan, 'state')}-state",
        "s2", f"group-{one}", f"output-{a}", figure_key(plan, "sum"), figure_key(plan, "new_unique"),
        f"output-{b}", figure_key(plan, "latest"), f"group-{two}", f"output-{c}", figure_key(plan, "presence"),
        "s3", "spent-administrative", "cost-administrative", "spent-direct", "cost-direct",
        "s4", f"homework-{homework.pk}", "s5", "remark",
    ]  # fmt: skip
    assert [book.page.cell(4, column).value for column in range(2, 13)] == [
        "番号", "指標", "方法", "目標", "9月", "9月の備考・ひとこと", "10月", "割合の、全体の数", "単位",
        "累計（9月まで）", "10月の備考・ひとこと",
    ]  # fmt: skip


def test_last_month_stands_beside_this_one(client: Client, sheet: ProgressSheet, plan: PlanRows) -> None:
    plan_money(plan)
    before = fill_month(plan, month=SEPTEMBER, closed=False)
    OutcomeChangeFactory(sheet=before, outcome=plan.outcomes[0], text="同席が2施設で続いた。")
    CostReviewFactory(
        sheet=before, purpose=Purpose.DIRECT, status="slow", consultation="講師の日程が動いた。"
    )
    ExpenditureFactory(grant=plan.grant, month=SEPTEMBER, amount_yen=402_318)
    ProgressSheet.objects.filter(pk=before.pk).update(remark="芋煮会がよかった。")
    book = Filled(download(client, sheet))

    def shown(key: str, code: str) -> Any:
        return book.cell(key, code).value

    total = figure_key(plan, "sum")
    assert shown(total, "place") == "①-1"
    assert (shown(total, "last"), shown(total, "last_note")) == ("6回", "2回は夜に開いた。")
    assert (shown(total, "target"), shown(total, "unit")) == ("85回", "回")
    assert shown(figure_key(plan, "ratio"), "last") == "62.5%\n5／8人"
    assert shown(figure_key(plan, "presence"), "last") == "作成中"
    assert shown(figure_key(plan, "state"), "last") == "計画より遅れている"
    assert shown(f"{figure_key(plan, 'state')}-state", "last_note") == "相談の日を決めたところ。"
    assert shown(f"change-{plan.outcomes[0].pk}", "last_note") == "同席が2施設で続いた。"
    assert (shown("spent-direct", "last"), shown("spent-direct", "total")) == ("402,318円", "402,318円")
    assert shown("spent-administrative", "last") == "未入力"
    assert (shown("cost-direct", "last"), shown("cost-direct", "last_note")) == (
        "遅れ気味",
        "講師の日程が動いた。",
    )
    assert shown("remark", "last_note") == "芋煮会がよかった。"


def test_evaluation_is_asked_for_where_it_is_planned(
    client: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    keys = {row[0].value for row in Filled(download(client, sheet)).page.iter_rows()}
    assert "spent-evaluation" not in keys
    BudgetLineFactory(grant=plan.grant, purpose=Purpose.EVALUATION, granted_yen=755_000, own_yen=0)
    book = Filled(download(client, sheet))
    assert book.cell("spent-evaluation", "target").value == "計画 755,000円"


def test_totals_are_those_of_page_and_paper(client: Client, plan: PlanRows) -> None:
    """Up to September, as September's own page and paper say; and with October still blank, as October's page says."""
    fill_month(plan, month=dt.date(2022, 8, 1), sum=Decimal(4))
    september = fill_month(plan, month=SEPTEMBER)
    october = SheetFactory(grant=plan.grant)
    book = Filled(download(client, october))
    html = client.get(f"/sheets/{october.pk}/entry/").content.decode()
    paper = render_sheet_html(named(september))
    then, now = read_sheet(named(september)), read_sheet(named(october))
    for method in ("sum", "new_unique", "latest", "ratio", "presence"):
        pk = plan.indicators[method].pk
        printed = paper_row(then.rows[pk], then.sheet, None)
        shown = book.cell(f"figure-{pk}", "total").value.split("\n")
        assert shown[0] == printed.total
        assert shown[0] == paper_row(now.rows[pk], now.sheet, None).total
        assert printed.total in paper
    assert book.cell(figure_key(plan, "sum"), "total").value == "10回"
    assert '<span data-total="value">10</span><small>回</small>' in html


def test_the_total_says_when_months_are_missing(client: Client, sheet: ProgressSheet, plan: PlanRows) -> None:
    august = SheetFactory(grant=plan.grant, month=dt.date(2022, 8, 1))
    SheetFactory(grant=plan.grant, month=SEPTEMBER)
    FigureFactory(sheet=august, indicator=plan.indicators["sum"], value=4)
    book = Filled(download(client, sheet))
    assert book.cell(figure_key(plan, "sum"), "total").value == "4回\n未入力の月あり（1か月）"
    assert book.cell(figure_key(plan, "latest"), "total").value == "未入力の月あり（2か月）"


def test_only_the_yellow_cells_are_open(client: Client, sheet: ProgressSheet, plan: PlanRows) -> None:
    book = Filled(download(client, sheet))
    page = book.page
    assert page.protection.sheet
    assert not page.protection.password
    opened = {cell.coordinate for row in page.iter_rows() for cell in row if not cell.protection.locked}
    yellow = {
        cell.coordinate for row in page.iter_rows() for cell in row if cell.fill.fgColor.rgb == "00FFF6C4"
    }
    assert opened == yellow
    key = figure_key(plan, "ratio")
    assert {book.at(key, code) for code in ("now", "whole", "note")} <= opened
    assert book.at(figure_key(plan, "sum"), "whole") not in opened
    assert book.at("remark", "note") in opened
    assert page.row_dimensions[1].hidden
    assert page.column_dimensions["A"].hidden
    assert page.freeze_panes == "D5"
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
    assert [(s.title, s.sheet_state) for s in book.book.worksheets] == [
        ("入力", "visible"), ("使い方", "visible"), ("banso", "veryHidden"),
    ]  # fmt: skip
    assert book.book.security.lockStructure


def test_lists_offer_the_words_of_the_screen(client: Client, sheet: ProgressSheet, plan: PlanRows) -> None:
    homework = ActionItemFactory(sheet=SheetFactory(grant=plan.grant, month=SEPTEMBER))
    book = Filled(download(client, sheet))

    def words(key: str) -> str | None:
        at = book.at(key, "now")
        return next(v.formula1 for v in book.page.data_validations.dataValidation if at in v.cells)

    assert words(figure_key(plan, "presence")) == '"なし,作成中,あり"'
    assert (
        words(figure_key(plan, "state"))
        == '"計画より進んでいる,計画どおり進んでいる,計画より遅れている,その他"'
    )
    assert words("cost-direct") == '"順調,遅れ気味,使い過ぎに注意,計画変更を相談したい"'
    assert words(f"homework-{homework.pk}") == '"済"'
    assert words(figure_key(plan, "sum")) is None  # a number is never refused by the workbook
    prompts = [v.prompt for v in book.page.data_validations.dataValidation if v.type is None]
    assert any("「５件」" in prompt for prompt in prompts)
    assert all(len(v.prompt) <= 255 for v in book.page.data_validations.dataValidation)


def test_what_was_entered_already_stands_in_it(client: Client, plan: PlanRows) -> None:
    sheet = fill_month(plan, closed=False)
    ExpenditureFactory(grant=plan.grant, month=sheet.month, amount_yen=1_234_567)
    CostReviewFactory(sheet=sheet, status="slow")
    book = Filled(download(client, sheet))
    assert book.cell(figure_key(plan, "sum"), "now").value == 6
    assert book.cell(figure_key(plan, "sum"), "note").value == "2回は夜に開いた。"
    ratio = figure_key(plan, "ratio")
    assert (book.cell(ratio, "now").value, book.cell(ratio, "whole").value) == (5, 8)
    assert book.cell(figure_key(plan, "presence"), "now").value == "作成中"
    assert book.cell("spent-direct", "now").value == 1_234_567
    assert book.cell("cost-direct", "now").value == "遅れ気味"


@pytest.mark.parametrize(
    "text", ["=1+1", "+81", "-5度", "@SUM(A1)", "#N/A", "'=1", "一行め\r\n二行め", "\x0b=2\x07"]
)
def test_no_text_becomes_a_formula(client: Client, sheet: ProgressSheet, plan: PlanRows, text: str) -> None:
    FigureFactory(sheet=sheet, indicator=plan.indicators["sum"], note=text)
    SheetFactory(grant=plan.grant, month=SEPTEMBER)
    ActionItemFactory(sheet=ProgressSheet.objects.get(month=SEPTEMBER), text=text)
    content = download(client, sheet)
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for page in book.worksheets for row in page.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type in ("f", "e")]
    written = Filled(content).cell(figure_key(plan, "sum"), "note")
    assert written.value == text.replace("\r\n", "\n").strip("\x0b\x07")
    assert written.number_format == "@"
    assert bool(written.quotePrefix) is (written.value[0] in "=+-@")


def test_its_keys_are_signed_and_name_this_sheet(
    client: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    FigureFactory(sheet=sheet, indicator=plan.indicators["sum"], value=5, note="長い備考。" * 3000)
    hidden = Filled(download(client, sheet)).book["banso"]
    texts = [row[0].value for row in hidden.iter_rows()]
    assert texts[0] == "banso:banso"
    passport = Passport.read("".join(text.removeprefix("|") for text in texts[1:]))
    assert passport is not None
    assert (passport.sheet, passport.version) == (sheet.pk, sheet.version)
    assert passport.cells[f"{figure_key(plan, 'sum')}-value"] == ("5",)
    assert passport.cells[f"{figure_key(plan, 'latest')}-value"] == ("",)
    assert Passport.read("".join(texts[1:]) + "x") is None


def test_who_only_reads_gets_a_copy_without_keys(sign_in: SignIn, adviser: User, plan: PlanRows) -> None:
    sheet = fill_month(plan, closed=False)
    response: Any = sign_in(adviser).get(f"/sheets/{sheet.pk}/excel/")
    assert "控え" in unquote(response["Content-Disposition"])
    book = Filled(content_of(response))
    assert book.cell(figure_key(plan, "sum"), "now").value == 6
    assert all(cell.protection.locked for row in book.page.iter_rows() for cell in row)
    assert "読むための控え" in book.page["B3"].value
    assert [row[0].value for row in book.book["banso"].iter_rows()] == ["banso:banso", "|read-only"]


def test_the_board_gets_closed_months_only(sign_in: SignIn, board: User, plan: PlanRows) -> None:
    client = sign_in(board)
    assert client.get(f"/sheets/{SheetFactory(grant=plan.grant).pk}/excel/").status_code == 404
    closed = fill_month(plan, month=SEPTEMBER)
    assert Filled(download(client, closed)).cell(figure_key(plan, "sum"), "now").value == 6


def test_nothing_internal_goes_out(client: Client, sheet: ProgressSheet, officer: User) -> None:
    FieldNoteFactory(
        grant=sheet.grant, sheet=sheet, author=officer, text="財団の中だけ", visibility="internal"
    )
    book = openpyxl.load_workbook(io.BytesIO(download(client, sheet)))
    words = [str(cell.value) for page in book.worksheets for row in page.iter_rows() for cell in row]
    assert not any("財団の中だけ" in word for word in words)


def test_a_quarter_speaks_of_three_months(client: Client, plan: PlanRows) -> None:
    SheetFactory(grant=plan.grant, months=3, month=dt.date(2022, 7, 1))
    sheet = SheetFactory(grant=plan.grant, months=3)
    book = Filled(download(client, sheet))
    assert book.cell("head", "now").value == "10月〜12月"
    assert book.cell("head", "total").value == "累計（9月まで）"


def test_the_first_month_has_nothing_before_it(client: Client, sheet: ProgressSheet, plan: PlanRows) -> None:
    book = Filled(download(client, sheet))
    assert book.cell("head", "last").value == "前の月"
    assert book.cell(figure_key(plan, "sum"), "last").value is None
    assert book.cell(figure_key(plan, "sum"), "total").value is None


def test_a_long_outcome_runs_on_in_a_second_line(
    client: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    version = ShortTermOutcomeVersion.objects.get(outcome=plan.outcomes[0])
    version.text = "若者が" * 60
    version.save()
    book = Filled(download(client, sheet))
    key = f"outcome-{plan.outcomes[0].pk}"
    assert (
        book.cell(key, "place").value
        + book.cell(f"{key}-2", "place").value
        + book.cell(f"{key}-3", "place").value
        == f"①　{'若者が' * 60}"
    )


def test_rows_are_high_enough_and_can_still_grow(
    client: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    assert lines_of("あ" * 40, 24) == 3
    assert lines_of("1234567890", 24) == 1
    assert lines_of("一\n二", 24) == 2
    FigureFactory(sheet=sheet, indicator=plan.indicators["sum"], note="あ" * 200)
    book = Filled(download(client, sheet))
    row = book.row(figure_key(plan, "sum"))
    assert book.page.row_dimensions[row].height > 100
    assert b'customHeight="1"' not in _sheet_xml(download(client, sheet)).split(b'<row r="4"')[1]


def _sheet_xml(content: bytes) -> bytes:
    return zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")


def test_in_english_the_words_are_english_and_the_keys_the_same(sheet: ProgressSheet) -> None:
    japanese = lay_out(read_sheet(named(sheet)))
    with translation.override("en"):
        english = lay_out(read_sheet(named(sheet)))
    assert [line.key for line in english.lines] == [line.key for line in japanese.lines]


@pytest.mark.parametrize("more", [0, 2])
def test_queries_do_not_grow_with_the_plan(
    client: Client,
    sheet: ProgressSheet,
    plan: PlanRows,
    more: int,
    django_assert_num_queries: Callable[[int], AbstractContextManager[Any]],
) -> None:
    grow_plan(plan, more)
    BudgetLineFactory(grant=plan.grant)
    SheetFactory(grant=plan.grant, month=SEPTEMBER)
    with django_assert_num_queries(27):
        content_of(client.get(f"/sheets/{sheet.pk}/excel/"))
