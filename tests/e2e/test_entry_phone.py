"""A month on a phone: one thing at a time."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from accounts.models import User
from grants.models import Expenditure
from mentoring.models import Figure, OutcomeChange, ProgressSheet
from tests.e2e.entering import Desk, desk
from tests.factories import ActionItemFactory, FigureFactory, PlanRows, RowCommentFactory, SheetFactory
from tests.mentoring.entry import change, figure, plan_money

__all__ = ["desk"]
pytestmark = pytest.mark.django_db(transaction=True)
PHONE, TURNED = {"width": 390, "height": 844}, {"width": 844, "height": 390}


@pytest.fixture
def sheet(plan: PlanRows) -> ProgressSheet:
    plan_money(plan)
    october = SheetFactory(grant=plan.grant)
    september = SheetFactory(grant=plan.grant, month=october.month.replace(month=9))
    FigureFactory(sheet=september, indicator=plan.indicators["sum"], value=5, note="台風で1回中止。")
    ActionItemFactory(sheet=september, text="当番表をつくる")
    return october


@pytest.fixture
def phone(desk: Desk, sheet: ProgressSheet, representative: User) -> Page:
    desk.page.set_viewport_size(PHONE)
    desk.sit_down(representative)
    return desk.open(sheet)


def on(page: Page) -> None:
    page.get_by_role("button", name="次へ", exact=True).click()


def place(page: Page) -> Locator:
    return page.locator(".stepper [data-step-place]")


def go_to(page: Page, words: str) -> None:
    page.locator("[data-steps] summary").click()
    page.locator("[data-steps]").get_by_role("link", name=words).click()


def test_one_thing_at_a_time_with_a_big_field(desk: Desk, phone: Page, plan: PlanRows) -> None:
    expect(place(phone)).to_have_text(re.compile(r"^1／\d+ ①$"))
    expect(desk.field(change(plan))).to_be_visible()
    expect(phone.locator("tr[data-figure]:visible")).to_have_count(0)
    expect(phone.get_by_role("button", name="前へ", exact=True)).to_be_disabled()
    desk.look()
    on(phone)
    expect(place(phone)).to_have_text(re.compile(r"^2／\d+ ①$"))
    expect(desk.field(change(plan))).to_be_hidden()
    expect(phone.locator("tr[data-figure]:visible")).to_have_count(1)
    desk.look()
    go_to(phone, "居場所を開いた回数")
    field = desk.field(figure(plan, "sum"))
    expect(field).to_be_focused()
    box = field.bounding_box()
    assert box is not None
    assert box["height"] >= 48
    assert float(field.evaluate("field => parseFloat(getComputedStyle(field).fontSize)")) >= 20
    assert field.get_attribute("inputmode") == "decimal"
    assert field.get_attribute("enterkeyhint") == "next"
    row = phone.locator("tr[data-figure]:visible")
    for words in ("目標 85回", "5回", "10月の数を除いた累計です", "9月: 台風で1回中止。"):
        expect(row).to_contain_text(words)
    for label in ("9月", "累計（10月まで・仮）", "備考"):
        expect(row.locator(f"[data-label='{label}']")).to_be_visible()
    expect(phone.locator(".serves:visible")).to_have_count(1)  # what it is for stays above it
    desk.look()
    phone.get_by_role("button", name="前へ", exact=True).click()
    expect(desk.field(figure(plan, "state", "step"))).to_be_visible()


def test_the_key_of_the_keyboard_moves_on(desk: Desk, phone: Page, plan: PlanRows) -> None:
    on(phone)
    desk.field(figure(plan, "ratio", "numerator")).fill("5")
    phone.keyboard.press("Enter")
    expect(desk.field(figure(plan, "ratio", "denominator"))).to_be_focused()
    phone.keyboard.type("8")
    phone.keyboard.press("Enter")
    expect(desk.field(change(plan, 1))).to_be_focused()
    expect(place(phone)).to_have_text(re.compile(r"^3／\d+ ②$"))
    on(phone)  # somebody was typing: the keyboard stays
    expect(desk.field(figure(plan, "state", "step"))).to_be_focused()


def test_the_place_survives_a_reload_and_a_turn_of_the_phone(desk: Desk, phone: Page, plan: PlanRows) -> None:
    go_to(phone, "ボランティア")
    expect(place(phone)).to_contain_text("①-2")
    where = place(phone).inner_text()
    phone.reload()
    expect(place(phone)).to_have_text(where)
    expect(desk.field(figure(plan, "latest"))).to_be_visible()
    phone.set_viewport_size(TURNED)
    expect(phone.locator("tr[data-figure]:visible")).to_have_count(len(plan.indicators))
    expect(place(phone)).to_be_hidden()
    phone.set_viewport_size(PHONE)
    expect(place(phone)).to_have_text(where)
    expect(phone.locator("tr[data-figure]:visible")).to_have_count(1)


def test_who_comes_back_goes_on_at_the_first_thing_left(desk: Desk, phone: Page, plan: PlanRows) -> None:
    address = phone.url
    desk.field(change(plan)).fill("友だちを連れてくる若者が増えました。")
    on(phone)
    desk.field(figure(plan, "ratio", "numerator")).fill("6")
    desk.field(figure(plan, "ratio", "denominator")).fill("8")
    expect(phone.locator("[data-saving]")).to_have_attribute("data-saving-state", "saved")
    phone.goto("about:blank")
    phone.goto(address)
    expect(place(phone)).to_have_text(re.compile(r"^3／\d+ ②$"))
    expect(desk.field(change(plan, 1))).to_be_visible()


def test_an_answer_leads_back_to_the_row_it_is_about(
    desk: Desk, phone: Page, plan: PlanRows, sheet: ProgressSheet
) -> None:
    RowCommentFactory(sheet=sheet, indicator=plan.indicators["sum"], text="どの回までを数えますか。")
    phone.reload()
    go_to(phone, "居場所を開いた回数")
    desk.field(figure(plan, "sum")).fill("8")
    phone.get_by_role("button", name="返事を書く").click()
    phone.get_by_role("textbox", name="返事").fill("4回目までです。")
    phone.get_by_role("button", name="返事を送る").click()
    expect(phone.get_by_text("4回目までです。")).to_be_visible()
    expect(desk.field(figure(plan, "sum"))).to_have_value("8")


def test_the_contents_say_what_is_done(desk: Desk, phone: Page, plan: PlanRows) -> None:
    go_to(phone, "居場所を開いた回数")
    desk.field(figure(plan, "sum")).fill("8")
    phone.locator("[data-steps] summary").click()
    contents = phone.locator("[data-steps] li")
    expect(contents.filter(has_text="居場所を開いた回数")).to_contain_text("済み")
    expect(contents.filter(has_text="居場所に来た人")).to_contain_text("まだ")
    expect(contents.filter(has=phone.locator("[aria-current='step']"))).to_contain_text("居場所を開いた回数")
    desk.look()


def test_the_whole_list_is_one_press_away_and_stays(phone: Page, plan: PlanRows) -> None:
    on(phone)
    phone.get_by_role("button", name="一覧で見る").click()
    expect(phone.locator("tr[data-figure]:visible")).to_have_count(len(plan.indicators))
    phone.reload()
    expect(phone.locator("tr[data-figure]:visible")).to_have_count(len(plan.indicators))
    expect(phone.get_by_role("button", name="提出する", exact=True)).to_be_visible()
    phone.get_by_role("button", name="1つずつ入力する").click()
    expect(phone.locator("tr[data-figure]:visible")).to_have_count(1)


def test_an_error_opens_its_step_and_links_lead_to_the_others(
    desk: Desk, phone: Page, plan: PlanRows
) -> None:
    for method in ("sum", "latest"):
        go_to(phone, {"sum": "居場所を開いた回数", "latest": "ボランティア"}[method])
        desk.field(figure(plan, method)).fill("たくさん")
    go_to(phone, "提出")
    phone.evaluate("history.replaceState(null, '', location.pathname)")
    with phone.expect_navigation():
        phone.get_by_role("button", name="提出する", exact=True).click()
    expect(phone.locator(".notice-error")).to_be_visible()
    expect(desk.field(change(plan))).to_be_visible()  # ※必須, the first of all that is missing
    phone.locator(".notice-error").get_by_role("link", name="ボランティア").click()
    field = desk.field(figure(plan, "latest"))
    expect(field).to_be_focused()
    expect(field).to_have_value("たくさん")
    expect(phone.locator("tr[data-figure]:visible .field-error").first).to_be_visible()
    desk.look()


def test_a_month_on_the_phone(desk: Desk, phone: Page, plan: PlanRows, sheet: ProgressSheet) -> None:
    desk.field(change(plan, 0)).fill("友だちを連れてくる若者が増えました。")
    on(phone)
    desk.field(figure(plan, "ratio", "numerator")).fill("6")
    phone.keyboard.press("Enter")
    phone.keyboard.type("８")
    phone.keyboard.press("Enter")
    phone.keyboard.type("変わらない。")
    on(phone)
    desk.field(figure(plan, "state", "step")).select_option("ontrack")
    expect(phone.locator("[data-saved]")).to_contain_text("に保存しました")
    expect(phone.locator("[data-saved]")).to_be_in_viewport()
    on(phone)
    for method, typed in (("sum", "８回"), ("new_unique", "１２"), ("latest", "3")):
        desk.field(figure(plan, method)).fill(typed)
        phone.keyboard.press("Enter")
    phone.get_by_text("作成中", exact=True).click()
    on(phone)
    for purpose, yen in (("administrative", "0"), ("direct", "１０２，３００円")):
        desk.field(f"spent-{purpose}-amount_yen").fill(yen)
        desk.field(f"cost-{purpose}-status").select_option("fine")
    desk.look()
    on(phone)
    phone.get_by_text("当番表をつくる").click()
    on(phone)
    desk.field("remark-remark").fill("笑い声が増えた。")
    while phone.get_by_role("button", name="次へ", exact=True).is_visible():
        on(phone)
    expect(phone.locator("#end")).to_contain_text("すべて入りました。ありがとうございます")
    desk.look()
    phone.get_by_role("button", name="提出する", exact=True).click()
    expect(phone.locator("main")).to_contain_text("提出しました")
    sheet.refresh_from_db()
    assert (sheet.state, sheet.remark) == (ProgressSheet.State.SUBMITTED, "笑い声が増えた。")
    stored = {f.indicator_id: f for f in Figure.objects.filter(sheet=sheet)}
    of = {method: stored[indicator.pk] for method, indicator in plan.indicators.items()}
    assert (of["ratio"].numerator, of["ratio"].denominator) == (6, 8)
    assert [of[method].value for method in ("sum", "new_unique", "latest")] == [8, 12, 3]
    assert (of["state"].step, of["presence"].presence) == ("ontrack", "in_progress")
    texts = OutcomeChange.objects.filter(sheet=sheet).order_by("outcome__pk").values_list("text", flat=True)
    assert list(texts) == ["友だちを連れてくる若者が増えました。", "変わらない。"]
    spent = Expenditure.objects.filter(grant=plan.grant, month=sheet.month)
    assert dict(spent.values_list("purpose", "amount_yen")) == {"administrative": 0, "direct": 102_300}


def test_without_scripts_the_whole_list_is_there(browser: Browser, phone: Page, plan: PlanRows) -> None:
    bare = browser.new_context(
        java_script_enabled=False, locale="ja-JP", viewport=PHONE, storage_state=phone.context.storage_state()
    )
    page = bare.new_page()
    page.goto(phone.url)
    expect(page.locator("tr[data-figure]:visible")).to_have_count(len(plan.indicators))
    expect(page.get_by_role("button", name="提出する", exact=True)).to_be_visible()
    expect(page.get_by_text("もくじ")).to_be_hidden()
    expect(page.get_by_text("次へ", exact=True)).to_be_hidden()
    bare.close()
