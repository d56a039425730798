"""先月と同じ: last month's words into an empty field, and back."""

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from mentoring.models import Figure, OutcomeChange, ProgressSheet
from tests.e2e.entering import Desk, desk
from tests.factories import FigureFactory, OutcomeChangeFactory, PlanRows, SheetFactory
from tests.mentoring.entry import change, figure

__all__ = ["desk"]
pytestmark = pytest.mark.django_db(transaction=True)
NOTE, SENTENCE, STATE = "台風で1回中止。", "同席が2施設で続いた。\nつぎは3施設。", "ぽつぽつと話す。"


@pytest.fixture
def sheet(plan: PlanRows) -> ProgressSheet:
    october = SheetFactory(grant=plan.grant)
    september = SheetFactory(grant=plan.grant, month=october.month.replace(month=9))
    FigureFactory(sheet=september, indicator=plan.indicators["sum"], value=5, note=NOTE)
    FigureFactory(sheet=september, indicator=plan.indicators["state"], value=None, sentence=STATE)
    OutcomeChangeFactory(sheet=september, outcome=plan.outcomes[0], text=SENTENCE)
    return october


@pytest.fixture
def entry(desk: Desk, sheet: ProgressSheet, representative: User) -> Page:
    desk.sit_down(representative)
    return desk.open(sheet)


def test_a_remark_is_copied_taken_back_and_saved(
    entry: Page, desk: Desk, plan: PlanRows, sheet: ProgressSheet
) -> None:
    field = desk.field(figure(plan, "sum", "note"))
    entry.get_by_role("button", name="先月と同じ").click()
    expect(field).to_have_value(NOTE)
    expect(field).to_be_focused()
    desk.look()
    entry.get_by_role("button", name="写した文を戻す").click()
    expect(field).to_have_value("")
    entry.get_by_role("button", name="先月と同じ").click()
    with entry.expect_navigation():
        entry.get_by_role("button", name="一時保存", exact=True).click()
    assert Figure.objects.get(sheet=sheet, indicator=plan.indicators["sum"]).note == NOTE
    expect(entry.get_by_role("button", name="写した文を戻す")).to_have_count(0)
    expect(entry.get_by_role("button", name="先月と同じ")).to_have_count(0)


def test_sentences_are_copied_whole(entry: Page, desk: Desk, plan: PlanRows, sheet: ProgressSheet) -> None:
    for _ in range(2):
        entry.get_by_role("button", name="9月の文を写す").first.click()
    expect(desk.field(change(plan))).to_have_value(SENTENCE)
    expect(desk.field(figure(plan, "state", "sentence"))).to_have_value(STATE)
    with entry.expect_navigation():
        entry.get_by_role("button", name="一時保存", exact=True).click()
    assert OutcomeChange.objects.get(sheet=sheet).text == SENTENCE


def test_what_is_written_is_never_overwritten(entry: Page, desk: Desk, plan: PlanRows) -> None:
    field, button = desk.field(figure(plan, "sum", "note")), entry.get_by_text("先月と同じ")
    expect(button).to_be_visible()
    field.fill("自分の文")
    expect(button).to_be_hidden()
    field.fill("")
    expect(button).to_be_visible()
    button.click()
    field.press("End")
    field.press_sequentially("そのあと再開。")
    expect(entry.get_by_text("写した文を戻す")).to_be_hidden()
    expect(field).to_have_value(f"{NOTE}そのあと再開。")


def test_a_month_that_was_left_out_is_called_by_its_name(
    desk: Desk, sheet: ProgressSheet, representative: User
) -> None:
    november = SheetFactory(grant=sheet.grant, month=sheet.month.replace(month=12))
    FigureFactory(sheet=sheet, indicator=Figure.objects.get(note=NOTE).indicator, value=1, note="10月の備考")
    desk.sit_down(representative)
    expect(desk.open(november).get_by_role("button", name="10月と同じ")).to_be_visible()


def test_without_scripts_no_button_is_there_and_last_months_words_are(
    browser: Browser, desk: Desk, entry: Page
) -> None:
    bare = browser.new_context(
        java_script_enabled=False, locale="ja-JP", storage_state=entry.context.storage_state()
    )
    page = bare.new_page()
    page.goto(entry.url)
    expect(page.get_by_text("先月と同じ")).to_be_hidden()
    expect(page.get_by_text(f"9月: {NOTE}")).to_be_visible()
    bare.close()
