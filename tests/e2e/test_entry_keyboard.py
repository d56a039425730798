"""A month entered with the keyboard alone, and blocks pasted from a spreadsheet."""

import datetime as dt
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from grants.models import Expenditure
from grants.plan_reading import plan_in_force
from mentoring.models import ActionItem, CostReview, Figure, OutcomeChange, ProgressSheet
from tests.e2e.entering import Desk, demo, desk
from tests.factories import FigureFactory, PlanRows, SheetFactory
from tests.mentoring.entry import change, figure, plan_money

__all__ = ["demo", "desk"]
pytestmark = pytest.mark.django_db(transaction=True)
State = ProgressSheet.State


@pytest.fixture
def sheet(plan: PlanRows) -> ProgressSheet:
    plan_money(plan)
    return SheetFactory(grant=plan.grant)


@pytest.fixture
def entry(desk: Desk, sheet: ProgressSheet, representative: User) -> Page:
    desk.sit_down(representative)
    return desk.open(sheet)


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.name ?? ''"))


def value(page: Page, name: str) -> str:
    return page.locator(f"[name='{name}']").input_value()


# --- moving ---


def test_enter_and_arrows_go_down_and_up_across_the_tables(entry: Page, plan: PlanRows) -> None:
    entry.locator(f"[name='{change(plan, 0)}']").focus()
    entry.keyboard.press("Control+Enter")
    assert focused(entry) == figure(plan, "ratio", "numerator")
    entry.keyboard.type("5")
    entry.keyboard.press("Tab")
    assert focused(entry) == figure(plan, "ratio", "denominator")
    entry.keyboard.type("8")
    entry.keyboard.press("Enter")  # the next row is the sentence of the second outcome
    assert focused(entry) == change(plan, 1)
    entry.keyboard.press("Enter")  # which is text of several lines
    entry.keyboard.type("変わらない。")
    assert value(entry, change(plan, 1)) == "\n変わらない。"
    entry.keyboard.press("Alt+ArrowDown")
    assert focused(entry) == figure(plan, "state", "step")
    entry.keyboard.press("ArrowDown")
    assert value(entry, figure(plan, "state", "step")) == ""  # walking through changes no word
    assert focused(entry) == figure(plan, "sum")
    entry.keyboard.press("ArrowDown")
    assert focused(entry) == figure(plan, "new_unique")
    entry.keyboard.press("Shift+Enter")
    entry.keyboard.press("ArrowUp")
    entry.keyboard.press("ArrowUp")
    assert focused(entry) == change(plan, 1)


def test_left_and_right_move_at_the_edge_of_the_text_only(entry: Page, plan: PlanRows) -> None:
    name, note = figure(plan, "sum"), figure(plan, "sum", "note")
    entry.locator(f"[name='{name}']").fill("12")
    entry.keyboard.press("Home")
    entry.keyboard.press("ArrowRight")
    assert focused(entry) == name
    entry.keyboard.press("ArrowRight")
    assert focused(entry) == name
    entry.keyboard.press("ArrowRight")
    assert focused(entry) == note
    entry.keyboard.press("Alt+ArrowDown")
    assert focused(entry) == figure(plan, "new_unique", "note")
    entry.keyboard.type("ab")
    entry.keyboard.press("ArrowLeft")
    entry.keyboard.press("ArrowLeft")
    entry.keyboard.press("ArrowLeft")
    assert focused(entry) == figure(plan, "new_unique", "note")
    entry.keyboard.press("Control+Enter")
    assert focused(entry) == figure(plan, "latest")
    entry.keyboard.press("ArrowLeft")  # nothing stands to the left
    assert focused(entry) == figure(plan, "latest")


def test_arriving_selects_so_that_typing_replaces(entry: Page, plan: PlanRows) -> None:
    entry.locator(f"[name='{figure(plan, 'new_unique')}']").fill("99")
    entry.locator(f"[name='{figure(plan, 'sum')}']").focus()
    entry.keyboard.press("ArrowDown")
    entry.keyboard.type("7")
    assert value(entry, figure(plan, "new_unique")) == "7"


def test_words_are_chosen_with_the_keyboard_and_never_by_walking(entry: Page, plan: PlanRows) -> None:
    name = figure(plan, "presence", "presence")
    chosen = entry.locator(f"[name='{name}']:checked")
    entry.locator(f"[name='{figure(plan, 'latest')}']").focus()
    entry.keyboard.press("ArrowDown")
    assert focused(entry) == name
    assert chosen.count() == 0
    entry.keyboard.press("ArrowRight")
    assert chosen.get_attribute("value") == "in_progress"
    entry.keyboard.press("ArrowRight")
    assert chosen.get_attribute("value") == "present"
    entry.keyboard.press("ArrowUp")
    entry.keyboard.press("ArrowDown")
    assert chosen.get_attribute("value") == "present"
    entry.keyboard.press("ArrowRight")
    assert focused(entry) == figure(plan, "presence", "note")
    entry.keyboard.press("Shift+Tab")
    entry.keyboard.press("Escape")
    assert chosen.get_attribute("value") == "present"  # it was so when the focus came
    entry.keyboard.press("ArrowLeft")
    entry.keyboard.press("Escape")
    assert chosen.get_attribute("value") == "present"


def test_enter_at_the_end_comes_to_the_button_and_submits_nothing_before(
    entry: Page, sheet: ProgressSheet
) -> None:
    entry.locator("[name='spent-direct-amount_yen']").focus()
    entry.keyboard.type("1")
    for _ in range(6):  # two words on the costs with their consultations, the remark, the button
        entry.keyboard.press("Control+Enter")
    assert entry.evaluate("document.activeElement.textContent.trim()") == "提出する"
    assert entry.url.endswith("/entry/")
    sheet.refresh_from_db()
    assert sheet.state == State.DRAFT


def test_escape_takes_back_what_was_typed_since_the_focus_came(
    entry: Page, plan: PlanRows, sheet: ProgressSheet
) -> None:
    FigureFactory(sheet=sheet, indicator=plan.indicators["sum"], value=6)
    entry.reload()
    field = entry.locator(f"[name='{figure(plan, 'sum')}']")
    total = entry.locator("tr[data-figure]", has=field).locator("[data-total='value']")
    before = total.inner_text()
    field.focus()
    entry.keyboard.press("Control+a")
    entry.keyboard.type("99")
    assert total.inner_text() != before
    entry.keyboard.press("Escape")
    expect(field).to_have_value("6")
    assert total.inner_text() == before
    text = entry.locator(f"[name='{change(plan)}']")
    text.focus()
    entry.keyboard.type("ひとつめ")
    entry.keyboard.press("Tab")
    entry.keyboard.press("Shift+Tab")
    entry.keyboard.press("End")
    entry.keyboard.type("、ふたつめ")
    entry.keyboard.press("Escape")
    expect(text).to_have_value("ひとつめ")


def test_digits_choose_words(entry: Page, plan: PlanRows) -> None:
    step, presence = figure(plan, "state", "step"), figure(plan, "presence", "presence")
    chosen = entry.locator(f"[name='{presence}']:checked")
    entry.locator(f"[name='{step}']").focus()
    entry.keyboard.press("3")
    assert value(entry, step) == "behind"
    expect(entry.locator("tr.todo", has=entry.locator(f"[name='{step}']"))).to_have_count(0)
    entry.keyboard.press("Delete")
    assert value(entry, step) == ""
    entry.keyboard.press("9")
    assert value(entry, step) == ""
    entry.locator(f"[name='{presence}']").first.focus()
    entry.keyboard.press("2")
    assert chosen.get_attribute("value") == "in_progress"
    entry.keyboard.press("Delete")
    expect(chosen).to_have_count(0)
    entry.keyboard.press("3")
    entry.keyboard.press("Escape")
    expect(chosen).to_have_count(0)


# --- a whole month ---


def test_a_month_of_the_largest_grant_with_the_keyboard_alone(desk: Desk, demo: None) -> None:
    sheets = ProgressSheet.objects.with_names().filter(state=State.DRAFT)
    sizes = {sheet: len(list(plan_in_force(sheet.grant, sheet.month).indicators())) for sheet in sheets}
    sheet = max(sizes, key=lambda one: (sizes[one], -one.pk))
    assert sizes[sheet] >= 18
    desk.sit_down(sheet.grant.organisation.memberships.get(role="representative").user)
    page = desk.open(sheet)
    press, typed = page.keyboard.press, {}
    for _ in range(40):  # from the head to the first blank
        press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == "つぎの未入力へ":
            break
    press("Enter")
    while name := focused(page):
        typed[name] = _enter_one(page, name, len(typed))
    assert page.evaluate("document.activeElement.textContent.trim()") == "提出する"
    expect(page.locator("[data-left]")).to_have_text("すべて入っています")
    press("Enter")
    expect(page.locator("main")).to_contain_text("提出しました")
    sheet.refresh_from_db()
    assert sheet.state == State.SUBMITTED
    assert _stored(sheet) == typed


def _enter_one(page: Page, name: str, index: int) -> str:
    """Types into the field with the focus and goes on as a person would; returns what should be stored."""
    kind = name.rsplit("-", 1)[1]
    press = page.keyboard.press
    if kind == "value":
        page.keyboard.type(f"{index + 1}")
        press("Enter")
        return str(index + 1)
    if kind == "numerator":
        page.keyboard.type(f"{index + 1}")
        press("ArrowRight")
        page.keyboard.type(f"{index + 3}")
        press("Enter")
        return f"{index + 1}/{index + 3}"
    if kind in ("step", "presence", "status"):
        press("2")
        press("Enter")
        return {"step": "ontrack", "presence": "in_progress", "status": "slow"}[kind]
    if kind == "amount_yen":
        page.keyboard.type(f"{index + 1},000円")
        press("Enter")
        return f"{index + 1}000"
    if kind == "done":
        press("Space")
        press("Enter")
        return "done"
    page.keyboard.type(f"{index}つめの文")
    press("Control+Enter")
    return f"{index}つめの文"


def _stored(sheet: ProgressSheet) -> dict[str, str]:
    stored = {f"change-{c.outcome_id}-text": c.text for c in OutcomeChange.objects.filter(sheet=sheet)}
    for row in Figure.objects.filter(sheet=sheet):
        key = f"figure-{row.indicator_id}"
        if row.value is not None:
            stored[f"{key}-value"] = f"{row.value.normalize():f}"
        if row.denominator is not None:
            stored[f"{key}-numerator"] = f"{row.numerator.normalize():f}/{row.denominator.normalize():f}"
        if row.step:
            stored[f"{key}-step"] = row.step
        if row.presence:
            stored[f"{key}-presence"] = row.presence
    for spent in Expenditure.objects.filter(grant=sheet.grant, month=sheet.month):
        stored[f"spent-{spent.purpose}-amount_yen"] = str(spent.amount_yen)
    for cost in CostReview.objects.filter(sheet=sheet):
        stored[f"cost-{cost.purpose}-status"] = cost.status
        stored[f"cost-{cost.purpose}-consultation"] = cost.consultation
    for item in ActionItem.objects.filter(grant=sheet.grant, done_on=dt.date(2024, 1, 9)):
        stored[f"homework-{item.pk}-done"] = "done"
    sheet.refresh_from_db()
    return stored | {"remark-remark": sheet.remark}


# --- the input method ---


def test_all_keys_are_left_alone_during_a_conversion(entry: Page, plan: PlanRows) -> None:
    field = entry.locator(f"[name='{figure(plan, 'sum')}']")
    field.focus()
    row = entry.locator("tr[data-figure]", has=field)
    before = row.inner_html()
    session = entry.context.new_cdp_session(entry)
    session.send("Input.imeSetComposition", {"text": "じゅう", "selectionStart": 3, "selectionEnd": 3})
    expect(field).to_have_value("じゅう")
    assert row.inner_html() == before
    for key in ("Enter", "Escape", "ArrowDown", "ArrowUp"):
        field.dispatch_event(
            "keydown", {"key": key, "isComposing": True, "bubbles": True, "cancelable": True}
        )
        field.dispatch_event("keydown", {"key": key, "keyCode": 229, "bubbles": True, "cancelable": True})
        assert focused(entry) == figure(plan, "sum")
        expect(field).to_have_value("じゅう")
    session.send("Input.insertText", {"text": "１０"})
    expect(field).to_have_value("１０")
    expect(row.locator("[data-total='value']")).to_have_text("10")


# --- pasting ---


def paste(page: Page, text: str) -> None:
    """As Ctrl+V does it, without the machine's clipboard."""
    page.evaluate(
        """text => {
          const data = new DataTransfer();
          data.setData("text/plain", text);
          const event = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
          document.activeElement.dispatchEvent(event);
        }""",
        text,
    )


def board(page: Page) -> Any:
    return page.locator("[data-pasted]")


def test_a_block_from_excel_spreads_right_and_down(entry: Page, plan: PlanRows, sheet: ProgressSheet) -> None:
    # What is pasted stands as it was written, until it is saved.
    entry.route("**/cells/", lambda save: save.abort())
    entry.locator(f"[name='{figure(plan, 'ratio', 'numerator')}']").focus()
    paste(
        entry,
        "5\t8\t8人に聞いた。\r\n計画どおり進んでいる\t自分から話す人が出てきた。\t\r\n"
        '6件\t\t"3施設で\n""2回ずつ"""\r\n１，２３４\r\n▲500\t\t訂正\r\n作成中\t\t夜間の連絡先\r\n',
    )
    assert value(entry, figure(plan, "ratio", "numerator")) == "5"
    assert value(entry, figure(plan, "ratio", "denominator")) == "8"
    assert value(entry, figure(plan, "ratio", "note")) == "8人に聞いた。"
    assert value(entry, figure(plan, "state", "step")) == "ontrack"
    assert value(entry, figure(plan, "state", "sentence")) == "自分から話す人が出てきた。"
    assert value(entry, figure(plan, "sum")) == "6件"
    assert value(entry, figure(plan, "sum", "note")) == '3施設で\n"2回ずつ"'
    assert value(entry, figure(plan, "new_unique")) == "１，２３４"
    assert value(entry, figure(plan, "latest")) == "▲500"
    assert value(entry, figure(plan, "latest", "note")) == "訂正"
    assert value(entry, figure(plan, "presence", "note")) == "夜間の連絡先"
    assert entry.locator(f"[name='{figure(plan, 'presence', 'presence')}']:checked").count() == 1
    expect(board(entry).get_by_role("status")).to_have_text("12か所に貼り付けました。")
    assert board(entry).locator("textarea").is_hidden()
    entry.unroute("**/cells/")
    entry.locator("[name='spent-direct-amount_yen']").fill("1")  # an untouched row of money
    entry.get_by_role("button", name="一時保存", exact=True).click()
    expect(entry.locator("main")).to_contain_text("つづきはいつでも入力できます")
    stored = {f.indicator.method: f for f in Figure.objects.filter(sheet=sheet).select_related("indicator")}
    assert (stored["ratio"].numerator, stored["ratio"].denominator) == (5, 8)
    assert (stored["sum"].value, stored["new_unique"].value, stored["latest"].value) == (6, 1234, -500)
    assert stored["sum"].note == '3施設で\n"2回ずつ"'
    assert stored["presence"].presence == "in_progress"


def test_what_finds_no_place_is_shown_and_all_can_be_taken_back(
    desk: Desk, entry: Page, plan: PlanRows
) -> None:
    name = figure(plan, "latest")
    entry.locator(f"[name='{figure(plan, 'latest', 'note')}']").fill("まえの備考")
    entry.locator(f"[name='{name}']").fill("3")
    entry.locator(f"[name='{name}']").focus()
    paste(entry, "11\t新しい備考\tはみ出す\nたぶん\n7\t8\n")
    expect(board(entry).get_by_role("status")).to_have_text(
        "2か所に貼り付けました。 置けなかったものが4つあります。ここから写せます。"
    )
    expect(board(entry).locator("textarea")).to_have_value("はみ出す\nたぶん\n7\t8")
    desk.look()
    assert value(entry, "spent-administrative-amount_yen") == ""  # a figure never runs over into the money
    entry.locator(f"[name='{name}']").fill("12")
    entry.get_by_role("button", name="貼り付けを取り消す").click()
    assert value(entry, figure(plan, "latest", "note")) == "まえの備考"
    assert value(entry, name) == "12"
    expect(board(entry).get_by_role("status")).to_have_text(
        "貼り付けを取り消しました。 そのあとに書きかえた1か所は、そのままにしました。"
    )
    assert focused(entry) == name
    board(entry).get_by_role("button", name="閉じる").click()
    expect(board(entry).get_by_role("status")).to_be_empty()


def test_ctrl_z_right_after_a_paste_takes_the_paste_back(entry: Page, plan: PlanRows) -> None:
    name = figure(plan, "sum")
    field = entry.locator(f"[name='{name}']")
    field.fill("4")
    field.focus()
    total = entry.locator("tr[data-figure]", has=field).locator("[data-total='value']")
    paste(entry, "1\n2\n3")
    assert [value(entry, figure(plan, m)) for m in ("sum", "new_unique", "latest")] == ["1", "2", "3"]
    expect(total).to_have_text("1")
    entry.keyboard.press("Control+z")
    assert [value(entry, figure(plan, m)) for m in ("sum", "new_unique", "latest")] == ["4", "", ""]
    expect(total).to_have_text("4")


def test_a_paste_that_was_saved_meanwhile_is_taken_back_too(entry: Page, plan: PlanRows) -> None:
    name = figure(plan, "sum")
    entry.locator(f"[name='{name}']").focus()
    paste(entry, "6件\n１，２３４\n▲500")
    for method, shown in (("sum", "6"), ("new_unique", "1,234"), ("latest", "-500")):
        field = entry.locator(f"[name='{figure(plan, method)}']")
        field.blur()
        expect(field).to_have_value(shown)
    board(entry).get_by_role("button", name="貼り付けを取り消す").click()
    assert [value(entry, figure(plan, m)) for m in ("sum", "new_unique", "latest")] == ["", "", ""]
    expect(board(entry).get_by_role("status")).to_have_text("貼り付けを取り消しました。")


@pytest.mark.parametrize(
    ("typed", "numerator", "denominator", "note"),
    [
        ("5／8\t聞いた人は8人", "5", "8", "聞いた人は8人"),
        ("5\t8", "5", "8", ""),
        ("5\t八人に聞いた", "5", "", "八人に聞いた"),
        ("5\t\t備考", "5", "", "備考"),
    ],
)
def test_a_ratio_takes_both_parts(
    entry: Page, plan: PlanRows, typed: str, numerator: str, denominator: str, note: str
) -> None:
    entry.locator(f"[name='{figure(plan, 'ratio', 'numerator')}']").focus()
    paste(entry, typed)
    assert value(entry, figure(plan, "ratio", "numerator")) == numerator
    assert value(entry, figure(plan, "ratio", "denominator")) == denominator
    assert value(entry, figure(plan, "ratio", "note")) == note


def test_one_value_is_pasted_by_the_browser(entry: Page, plan: PlanRows) -> None:
    entry.locator(f"[name='{figure(plan, 'sum')}']").focus()
    paste(entry, "12")
    expect(board(entry).get_by_role("status")).to_be_empty()


# --- the list of keys ---


def test_the_list_of_keys_stays_closed_once_closed(entry: Page) -> None:
    keys = entry.locator("[data-keys]")
    expect(keys.get_by_text("打つ前に戻す")).to_be_visible()
    keys.locator("summary").click()
    entry.reload()
    expect(keys).to_be_visible()
    expect(keys.get_by_text("打つ前に戻す")).to_be_hidden()
    entry.set_viewport_size({"width": 390, "height": 844})
    expect(keys).to_be_hidden()
