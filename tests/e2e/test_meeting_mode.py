"""The meeting in a real browser: by keyboard alone, saved as one talks, nothing internal on a shared screen."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from foundations.models import Foundation
from mentoring.models import (
    ActionItem,
    CostReview,
    FieldNote,
    Intervention,
    OutcomeReview,
    ProgressSheet,
    TalkPart,
)
from tests.e2e.browsing import look, sign_into
from tests.factories import (
    ActionItemFactory,
    FieldNoteFactory,
    MeetingFactory,
    OutcomeReviewFactory,
    PlanRows,
    SheetFactory,
    StaffFactory,
    SupportMenuItemFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)
expect.set_options(timeout=30_000)
INTERNAL = "内部だけの合言葉ひみつ"
Open = Callable[..., Page]


@pytest.fixture
def sheet(plan: PlanRows, settings: Any) -> ProgressSheet:
    """①'s second output has waited for five months; the rest was spoken of last month."""
    settings.DEMO_TODAY = "2022-11-08"
    first, second = plan.outcomes
    for month, outcome, outputs in (
        (dt.date(2022, 5, 1), first, plan.outputs),
        (dt.date(2022, 9, 1), first, [plan.outputs[0], plan.outputs[2]]),
        (dt.date(2022, 8, 1), second, [plan.outputs[2]]),
    ):
        earlier = SheetFactory(grant=plan.grant, month=month, closed=True)
        OutcomeReviewFactory(sheet=earlier, outcome=outcome, outputs=outputs)
    ActionItemFactory(sheet=earlier, text="先月からの宿題")
    sheet: ProgressSheet = SheetFactory(grant=plan.grant, state=ProgressSheet.State.SUBMITTED)
    MeetingFactory(grant=plan.grant, sheets=[sheet], held_on=dt.date(2022, 11, 8))
    return sheet


@pytest.fixture
def at(page: Page, live_server: LiveServer, sheet: ProgressSheet, officer: User) -> Open:
    def opened(width: int = 1280, part: str = "") -> Page:
        sign_into(page.context, live_server.url, officer)
        page.set_default_timeout(30_000)
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{live_server.url}/sheets/{sheet.pk}/meeting/{part}")
        return page

    return opened


def on_stage(page: Page, words: str) -> None:
    expect(page.locator("[data-part].on h2")).to_have_text(words)
    expect(page.locator("[data-part]:visible")).to_have_count(1)


def saved(page: Page, act: Callable[[], Any]) -> None:
    """What is done is saved, and all that was written before it."""
    act()
    expect(page.locator("#meeting")).to_have_attribute("data-saving-state", "saved")
    expect(page.locator(".meeting-bar [data-saved]")).to_contain_text("に保存しました")


def test_by_keyboard_alone(at: Open, sheet: ProgressSheet, plan: PlanRows, officer: User) -> None:
    page = at()
    keys = page.keyboard
    first, second = plan.outcomes
    on_stage(page, "若者が安心して過ごせる場所を持っている")  # its link is the oldest
    look(page)

    saved(page, lambda: keys.press("2"))
    assert OutcomeReview.objects.get(sheet=sheet).word == "notyet"
    keys.press("Tab")  # 今月は話していない is one choice with the words
    keys.insert_text("数は増えた。相談はこれから。")
    keys.press("Tab")
    keys.press("Tab")
    saved(page, lambda: keys.press("Space"))  # the first output was spoken of
    review = OutcomeReview.objects.get(sheet=sheet)
    assert review.sentence == "数は増えた。相談はこれから。"
    assert review.outputs.count() == 1

    keys.press("Control+Enter")
    on_stage(page, "若者が困ったときに相談できる人がいる")
    saved(page, lambda: keys.press("5"))
    assert OutcomeReview.objects.get(sheet=sheet, outcome=second).word == "unspoken"
    keys.press("Escape")
    keys.press("ArrowUp")
    keys.press("k")
    on_stage(page, "前回の宿題")
    keys.press("Tab")
    saved(page, lambda: keys.press("Space"))
    assert ActionItem.objects.get(text="先月からの宿題").done_by == officer

    keys.press("m")
    keys.insert_text("1回目のm？メモ")
    saved(page, lambda: keys.press("Escape"))
    assert FieldNote.objects.get().text == "1回目のm？メモ"
    keys.press("h")
    keys.insert_text("手引きの案を送る")
    keys.press("Tab")
    keys.press("ArrowDown")
    keys.press("Tab")
    keys.insert_text("12/5")
    keys.press("Tab")
    saved(page, lambda: keys.press("Enter"))
    item = ActionItem.objects.get(sheet=sheet)
    assert (item.text, item.side, item.due_on) == ("手引きの案を送る", "grantee", dt.date(2022, 12, 5))
    expect(page.locator("[data-homework-list]")).to_contain_text("手引きの案を送る")
    keys.insert_text("ふたつめ")  # the cursor stands in a blank row again
    expect(page.locator("[data-homework-add] input").first).to_have_value("ふたつめ")
    keys.press("Tab")
    keys.press("ArrowDown")
    keys.press("Tab")
    saved(page, lambda: keys.press("Enter"))  # in the row itself it adds too
    expect(page.locator("[data-homework-list]")).to_contain_text("ふたつめ")
    expect(page.locator("[data-homework-add] input").first).to_have_value("")
    expect(page.locator("[data-homework-add] input").first).to_be_focused()
    keys.press("Escape")
    keys.press("?")
    expect(page.locator(".keys dl")).to_be_visible()
    assert first != second


def test_letters_belong_to_the_field_they_are_typed_in(at: Open, sheet: ProgressSheet) -> None:
    page = at()
    before = page.url
    memo = page.get_by_role("textbox", name="話しながらのメモ")
    memo.press_sequentially("jk123mh?")
    expect(memo).to_have_value("jk123mh?")
    assert page.url == before
    page.keyboard.press("Escape")
    for kind in ("isComposing: true", "keyCode: 229"):  # a conversion under way
        page.evaluate(
            f"document.dispatchEvent(new KeyboardEvent('keydown', {{key: 'j', bubbles: true, {kind}}}))"
        )
    assert page.url == before
    assert not OutcomeReview.objects.filter(sheet=sheet).exists()
    page.keyboard.press("?")
    page.get_by_label("1文字のキー操作を使う").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("j")
    page.keyboard.press("1")
    on_stage(page, "若者が安心して過ごせる場所を持っている")
    expect(page.locator(".on .review :checked")).to_have_count(0)


@pytest.mark.parametrize("width", [390, 1280])
def test_one_part_at_a_time(at: Open, width: int) -> None:
    page = at(width)
    folded = page.locator(".agenda-now > summary")
    for name in ("予算執行状況", "つぎの宿題と日程", "面談の記録", "確かめて、確定する"):
        if width == 390:
            folded.click()
        link = {"予算執行状況": "予算"}.get(name, name)
        page.locator("[data-agenda] a:visible", has_text=link).click()
        on_stage(page, name)
        expect(page.locator("[data-agenda] [aria-current]").first).to_contain_text(link)
        look(page)
    page.go_back()
    on_stage(page, "面談の記録")
    page.get_by_role("button", name="前へ").click()
    on_stage(page, "つぎの宿題と日程")
    page.get_by_role("button", name="次へ").click()
    on_stage(page, "面談の記録")
    if width == 390:
        expect(folded).to_contain_text("8／9")
        expect(folded).to_contain_text("面談の記録")


def test_without_scripts_nothing_is_lost_on_the_way(
    browser: Browser, live_server: LiveServer, sheet: ProgressSheet, officer: User
) -> None:
    context = browser.new_context(java_script_enabled=False, locale="ja-JP")
    sign_into(context, live_server.url, officer)
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.goto(f"{live_server.url}/sheets/{sheet.pk}/meeting/")
    expect(page.locator(".part:visible h2")).to_have_text("若者が安心して過ごせる場所を持っている")
    page.locator("[name=note-shared]").fill("まだ保存していないメモ")
    page.locator(".agenda a", has_text="予算").click()
    expect(page.locator(".part:visible h2")).to_have_text("予算執行状況")
    expect(page.locator("[name=note-shared]")).to_have_value("まだ保存していないメモ")
    page.locator("[name=cost-direct-status]").select_option("fine")
    page.locator(".part:visible").get_by_role("button", name="次へ").click()
    expect(page.locator(".part:visible h2")).to_have_text("この月の支援")
    assert FieldNote.objects.get().text == "まだ保存していないメモ"
    assert CostReview.objects.get().status == "fine"
    page.locator("summary", has_text="順番をかえる").last.click()
    page.locator(".agenda button[value='costs:down']").click()
    expect(page.locator(".part:visible h2")).to_have_text("若者が安心して過ごせる場所を持っている")
    order = page.locator(".agenda [data-agenda] li").evaluate_all("all => all.map(one => one.dataset.for)")
    assert order.index("costs") == order.index("support") + 1
    context.close()


def test_a_sentence_waits_in_the_page_for_its_word(at: Open, sheet: ProgressSheet) -> None:
    page = at()
    page.locator(".on .review textarea").fill("先に書いた文")
    expect(page.locator(".on .field-wait")).to_have_text(
        "つながりのことばをどれか選ぶと、いっしょに保存されます。"
    )
    look(page)
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.locator(".on .review textarea")).to_have_value("先に書いた文")
    page.locator(".on .review").get_by_role("radio", name="見えた").check()
    expect(page.locator(".on .field-wait")).to_have_count(0)
    expect(page.locator(".meeting-bar [data-saved]")).to_contain_text("に保存しました")
    assert OutcomeReview.objects.get(sheet=sheet).sentence == "先に書いた文"


def test_the_internal_pane_takes_two_steps_and_closes_by_itself(
    at: Open, sheet: ProgressSheet, officer: User
) -> None:
    FieldNoteFactory(grant=sheet.grant, sheet=sheet, author=officer, visibility="internal", text=INTERNAL)
    page = at()
    assert INTERNAL not in page.content()
    ask = page.get_by_role("button", name="内部メモを開く")
    ask.focus()
    for key in ("Enter", "Enter", "Space", "Enter", "Enter"):  # a slip, and another
        page.keyboard.press(key)
    expect(page.get_by_text("画面を共有していませんか")).to_be_visible()
    assert INTERNAL not in page.content()
    opening = page.get_by_role("button", name="開く", exact=True)
    expect(opening).to_be_disabled()
    look(page)
    page.get_by_label("いま、だれにもこの画面を見せていません").check()
    opening.click()
    note = page.locator(".internal textarea")
    expect(note).to_have_value(INTERNAL)
    look(page)

    note.fill(f"{INTERNAL}のつづき")
    page.evaluate("location.hash = 'costs'")  # another part comes on stage
    expect(note).to_have_count(0)
    expect(page.locator(".internal")).to_contain_text("内部メモを保存して、閉じました。")
    assert FieldNote.objects.get().text == f"{INTERNAL}のつづき"
    assert INTERNAL not in page.content()
    assert INTERNAL not in page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")


def test_what_the_internal_pane_could_not_save_is_kept_in_no_browser(
    at: Open, sheet: ProgressSheet, browser_problems: list[str]
) -> None:
    page = at()
    page.get_by_role("button", name="内部メモを開く").click()
    page.get_by_label("いま、だれにもこの画面を見せていません").check()
    page.get_by_role("button", name="開く", exact=True).click()
    note = page.locator(".internal textarea")
    expect(note).to_be_focused()
    page.context.set_offline(True)
    note.fill(INTERNAL)
    page.keyboard.press("Escape")
    expect(note).to_have_count(0)
    expect(page.locator(".internal")).to_contain_text("まだ保存していない文があります")
    assert INTERNAL not in page.content()
    assert INTERNAL not in page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")
    page.context.set_offline(False)
    page.get_by_role("button", name="内部メモを開く").click()
    page.get_by_label("いま、だれにもこの画面を見せていません").check()
    page.get_by_role("button", name="開く", exact=True).click()
    expect(note).to_have_value(INTERNAL)
    expect(page.locator(".internal [data-state]")).to_contain_text("に保存しました")
    assert FieldNote.objects.get().text == INTERNAL
    browser_problems.clear()


def test_the_order_is_this_meetings(at: Open, sheet: ProgressSheet, plan: PlanRows) -> None:
    page = at()
    first, second = (f"outcome-{outcome.pk}" for outcome in plan.outcomes)
    page.locator(".agenda .order summary").click()
    page.locator(".agenda .order").get_by_role("button", name="② ", exact=False).first.press("Enter")
    expect(page.locator(".agenda [data-agenda] li").nth(1)).to_have_attribute("data-for", second)
    expect(page.locator(".agenda .order [role=status]")).to_contain_text("2番目にしました")
    expect(page.locator(f"#{second} [data-on]")).to_have_attribute("data-go", first)
    expect(page.locator(".on .where [data-figures]")).to_have_text("3／9")
    look(page)
    page.reload()
    expect(page.locator(".agenda [data-agenda] li").nth(1)).to_have_attribute("data-for", second)
    page.locator(".agenda .order summary").click()
    page.locator(".agenda .order").get_by_role("button", name="いつもの順番に戻す").click()
    expect(page.locator(".agenda [data-agenda] li").nth(1)).to_have_attribute("data-for", first)
    assert not TalkPart.objects.exclude(position=None).exists()


def test_the_time_on_stage_is_told_softly(at: Open, page: Page, sheet: ProgressSheet, plan: PlanRows) -> None:
    page.clock.install()
    page = at()
    page.clock.fast_forward(125_000)
    here = f".agenda [data-agenda] [data-for=outcome-{plan.outcomes[0].pk}] [data-minutes]"
    expect(page.locator(here)).to_have_text("2分")
    expect(page.locator("[data-so-far]")).to_have_text("2分たちました。")
    with page.expect_response(lambda response: "/meeting/time/" in response.url):
        page.clock.fast_forward(31_000)
    part = TalkPart.objects.get()
    assert part.key == f"outcome-{plan.outcomes[0].pk}"
    assert 120 <= part.seconds <= 160


def test_two_officers_see_both_texts(
    at: Open,
    browser: Browser,
    live_server: LiveServer,
    sheet: ProgressSheet,
    plan: PlanRows,
    foundation: Foundation,
) -> None:
    OutcomeReviewFactory(sheet=sheet, outcome=plan.outcomes[1], word="seen", sentence="もとの文")
    part = f"#outcome-{plan.outcomes[1].pk}"
    mine = at(part=part)
    context = browser.new_context(locale="ja-JP")
    sign_into(context, live_server.url, StaffFactory(foundation=foundation, user__name="田辺 修").user)
    theirs = context.new_page()
    theirs.goto(f"{live_server.url}/sheets/{sheet.pk}/meeting/{part}")
    saved(theirs, lambda: theirs.locator(".on .review textarea").fill("田辺の文"))
    saved_here = mine.locator(".on .review textarea")
    with mine.expect_response(lambda response: "/meeting/cells/" in response.url):
        saved_here.fill("わたしの文")
    expect(mine.locator(".on .review [data-told]")).to_contain_text("田辺の文")
    expect(mine.locator(".on .review [data-told]")).to_contain_text("田辺 修さん")
    look(mine)
    saved(mine, lambda: mine.get_by_role("button", name="この画面の入力を残す").click())
    assert OutcomeReview.objects.get(sheet=sheet, outcome=plan.outcomes[1]).sentence == "わたしの文"
    context.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_a_support_is_written_down_without_leaving(
    at: Open, sheet: ProgressSheet, plan: PlanRows, width: int
) -> None:
    SupportMenuItemFactory(foundation=plan.grant.foundation, name="会計の相談")
    page = at(width, "#support")
    on_stage(page, "この月の支援")
    asked: list[str] = []

    def stays(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stays)
    page.get_by_label("日付").fill("10/28")
    page.get_by_label("やり方").select_option("電話")
    page.get_by_label("支援メニュー").select_option("会計の相談")
    page.get_by_label("内容").fill("帳簿のことを話しました。")
    page.locator("#support [data-on]").click()
    page.locator("[data-part].on [data-back]").click()
    on_stage(page, "この月の支援")
    page.get_by_role("link", name="シートに戻る").click()
    expect(page.get_by_label("内容")).to_have_value("帳簿のことを話しました。")
    assert asked == ["beforeunload"]
    look(page)

    page.locator("#id_note-shared").fill("話しながらのメモ")
    page.get_by_role("button", name="支援を残す").click()
    expect(page.locator("#support .dated")).to_contain_text("帳簿のことを話しました。")
    on_stage(page, "この月の支援")
    expect(page.get_by_label("内容")).to_have_value("")
    assert asked == ["beforeunload"]
    assert Intervention.objects.get().on == dt.date(2022, 10, 28)
    assert FieldNote.objects.get().text == "話しながらのメモ"
