"""A month that saves itself while it is typed: nothing that was typed is ever lost."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from grants.models import Indicator
from mentoring.models import ActionItem, Figure, OutcomeChange, ProgressSheet
from mentoring.services.moves import submit_sheet
from tests.e2e.saving import Desk, Entry
from tests.factories import (
    PASSWORD,
    ActionItemFactory,
    FigureFactory,
    OutcomeChangeFactory,
    PlanRows,
    SheetFactory,
)
from tests.mentoring.entry import change, figure, full_month, plan_money

pytestmark = pytest.mark.django_db(transaction=True)
expect.set_options(timeout=20_000)
REMARK = "remark-remark"


@pytest.fixture
def sheet(plan: PlanRows, settings: Any) -> ProgressSheet:
    settings.DEMO_TODAY = "2022-11-08"
    plan_money(plan)
    return SheetFactory(grant=plan.grant, month=dt.date(2022, 10, 1))


@pytest.fixture
def desk(context: BrowserContext, live_server: LiveServer, representative: User) -> Desk:
    return Desk(context, live_server.url, representative)


@pytest.fixture
def entry(page: Page, desk: Desk, sheet: ProgressSheet) -> Entry:
    return desk.open(sheet, page)


@pytest.fixture(params=[390, 1280], ids=["narrow", "wide"])
def each_width(request: pytest.FixtureRequest, page: Page, desk: Desk, sheet: ProgressSheet) -> Entry:
    desk.width = request.param
    return desk.open(sheet, page)


@pytest.fixture
def second_desk(
    browser: Browser, browser_context_args: dict[str, Any], live_server: LiveServer
) -> Iterator[Callable[[User], Desk]]:
    """Another browser."""
    contexts = []

    def at(user: User) -> Desk:
        contexts.append(browser.new_context(**browser_context_args))
        return Desk(contexts[-1], live_server.url, user)

    yield at
    for context in contexts:
        context.close()


def text_of(plan: PlanRows) -> str | None:
    return OutcomeChange.objects.filter(outcome=plan.outcomes[0]).values_list("text", flat=True).first()


# --- by itself ---------------------------------------------------------------------------------------------------


def test_what_is_typed_is_saved_without_a_button(each_width: Entry, plan: PlanRows) -> None:
    entry = each_width
    entry.field(figure(plan, "sum")).fill("１，２３４回")
    entry.field(change(plan)).fill("友だちを連れてくる若者が増えました。")
    entry.page.locator("label", has_text="作成中").click()
    entry.page.locator("#id_cost-direct-status").select_option("slow")
    entry.saved()
    expect(entry.field(figure(plan, "sum"))).to_have_value("1,234")
    expect(entry.page.locator(".field-doubt")).to_contain_text("目標より大きな数です")
    entry.look()
    assert Figure.objects.get(indicator=plan.indicators["sum"]).value == 1234
    assert Figure.objects.get(indicator=plan.indicators["presence"]).presence == "in_progress"
    assert text_of(plan) == "友だちを連れてくる若者が増えました。"
    assert entry.kept() == {}
    entry.page.reload()
    expect(entry.field(change(plan))).to_have_value("友だちを連れてくる若者が増えました。")
    assert (set(entry.posts), entry.dialogs) == ({"cells"}, [])


def test_homework_is_ticked_and_unticked(
    desk: Desk, page: Page, sheet: ProgressSheet, plan: PlanRows
) -> None:
    september = SheetFactory(grant=plan.grant, month=dt.date(2022, 9, 1))
    item = ActionItemFactory(sheet=september, text="当番表をつくる")
    entry = desk.open(sheet, page)
    entry.page.get_by_label("当番表をつくる").check()
    entry.saved()
    assert not ActionItem.objects.open().exists()
    with entry.page.expect_response("**/cells/"):
        entry.page.get_by_label("当番表をつくる").uncheck()
    assert ActionItem.objects.open().get() == item


def test_nothing_is_saved_in_the_middle_of_a_conversion(entry: Entry, plan: PlanRows) -> None:
    page = entry.page
    page.clock.install()
    keys = page.context.new_cdp_session(page)
    entry.field(change(plan)).focus()
    for typed in ("k", "き", "きょう", "今日"):
        keys.send("Input.imeSetComposition", {"text": typed, "selectionStart": 0, "selectionEnd": len(typed)})
    page.clock.run_for(10_000)
    assert entry.posts == []
    assert entry.kept() == {}
    with page.expect_response("**/cells/"):
        keys.send("Input.insertText", {"text": "今日は"})
        page.clock.run_for(2_000)
    assert text_of(plan) == "今日は"


def test_half_a_ratio_is_told_only_when_its_writer_has_left_it(entry: Entry, plan: PlanRows) -> None:
    part, whole = (entry.field(figure(plan, "ratio", name)) for name in ("numerator", "denominator"))
    part.fill("5")
    whole.focus()
    script = "id => { const box = document.getElementById(id); box.value = 'ひとこと'; box.dispatchEvent(new Event('input', { bubbles: true })); }"
    with entry.page.expect_response("**/cells/") as answer:  # typed after the number
        entry.page.evaluate(script, f"id_{change(plan)}")
    assert list(answer.value.request.post_data_json["cells"]) == [change(plan)]
    expect(whole).not_to_have_attribute("aria-invalid", "true")
    whole.blur()
    expect(whole).to_have_attribute("aria-invalid", "true")
    entry.write(figure(plan, "ratio", "denominator"), "8")
    entry.saved()
    assert Figure.objects.get().denominator == 8


def test_half_a_ratio_keeps_nobody_from_going_on_and_is_there_again(
    each_width: Entry, sheet: ProgressSheet, plan: PlanRows
) -> None:
    entry, page = each_width, each_width.page
    part, whole = (figure(plan, "ratio", name) for name in ("numerator", "denominator"))
    entry.write(part, "5")
    entry.press("入力を保存して、写真・ファイルを加える")
    page.wait_for_url("**/files/")
    assert entry.dialogs == []
    page.get_by_role("link", name="入力に戻る").first.click()
    page.wait_for_url("**/entry/")
    expect(entry.field(part)).to_have_value("5")
    told = page.locator(f"[data-cell={part}]")
    expect(told).to_have_text("入れかけのまま取ってあります。もう一つの数を入れると保存します。")
    expect(entry.field(whole)).not_to_have_attribute("aria-invalid", "true")
    entry.look()
    # what is typed now is newer than what was left
    entry.lose_saves()
    entry.write(part, "6")
    page.reload()
    expect(entry.field(part)).to_have_value("6")
    entry.let_saves_through()
    entry.write(whole, "8")
    entry.press("もう一度保存する")
    entry.saved()
    assert (Figure.objects.get().numerator, entry.kept()) == (6, {})
    page.reload()
    expect(entry.field(whole)).to_have_value("8")
    expect(told).to_be_empty()


def test_what_another_script_types_is_saved(entry: Entry, plan: PlanRows) -> None:
    entry.field(figure(plan, "sum")).evaluate(
        "field => { field.value = '7'; field.dispatchEvent(new Event('change', { bubbles: true })); }"
    )
    entry.field(figure(plan, "latest")).evaluate(
        "field => { field.value = '11'; field.dispatchEvent(new Event('input', { bubbles: true })); }"
    )
    entry.saved()
    values = set(Figure.objects.values_list("value", flat=True))
    assert values == {7, 11}


def test_typing_on_while_a_slow_server_saves(entry: Entry, plan: PlanRows) -> None:
    entry.hold_saves()
    field = entry.field(change(plan))
    with entry.page.expect_request("**/cells/"):
        entry.write(change(plan), "はじめ")
    expect(entry.status).to_have_text("保存中")
    field.press_sequentially("と、つづき")
    field.blur()
    assert entry.posts == ["cells"]  # one at a time
    entry.release_saves()
    entry.saved()
    assert text_of(plan) == "はじめと、つづき"
    expect(field).to_have_value("はじめと、つづき")
    assert entry.page.locator("[data-conflict-block], [data-choose]").count() == 0


def test_taking_back_what_is_being_saved(entry: Entry, plan: PlanRows) -> None:
    entry.hold_saves()
    with entry.page.expect_request("**/cells/"):
        entry.write(change(plan), "やめておく")
    entry.write(change(plan), "")
    entry.release_saves()
    entry.saved()
    assert text_of(plan) == ""


def test_a_wrong_number_is_told_at_its_field_and_the_rest_is_saved(each_width: Entry, plan: PlanRows) -> None:
    entry, wrong = each_width, each_width.field(figure(plan, "sum"))
    entry.write(figure(plan, "sum"), "１２人くらい")
    entry.write(change(plan), "やまださんが来た。")
    expect(entry.status).to_have_text("保存していない入力が1か所あります")
    expect(wrong).to_have_accessible_description(
        "誤り「１２人くらい」を回数として読めませんでした。数だけを入れてください（例 12）。"
    )
    expect(wrong).to_have_attribute("aria-invalid", "true")
    expect(wrong).to_have_value("１２人くらい")
    expect(entry.field(change(plan))).to_have_accessible_description(
        "たしかめてください「やまださん」は人の名前のように読めます。書き直すか、このままでも保存できます。"
    )
    entry.look()
    assert text_of(plan) == "やまださんが来た。"
    assert not Figure.objects.exists()
    entry.page.get_by_role("link", name="そこへ").click()
    expect(wrong).to_be_in_viewport()
    entry.write(figure(plan, "sum"), "12")
    entry.saved()
    expect(wrong).not_to_have_attribute("aria-invalid", "true")
    expect(wrong).to_have_accessible_description("")
    assert entry.kept() == {}


# --- two people, two tabs ------------------------------------------------------------------------------------------


@pytest.fixture
def at_odds(
    each_width: Entry,
    sheet: ProgressSheet,
    plan: PlanRows,
    member: User,
    second_desk: Callable[[User], Desk],
) -> tuple[Entry, Entry]:
    """Two have the page open; what Sorano wrote is saved already when Aoki writes into the same place."""
    theirs = second_desk(member).open(sheet)
    theirs.write(change(plan), "空野の文\n二行め")
    theirs.saved()
    each_width.write(change(plan), "青木の文")
    block = each_width.page.get_by_role("group", name="同じところを、ほかの画面でも書きかえました")
    expect(block).to_contain_text("空野 みおさんの入力")
    expect(block).to_contain_text("空野の文\n二行め")
    expect(each_width.field(change(plan))).to_have_value("青木の文")
    expect(each_width.status).to_have_text("保存していない入力が1か所あります")
    assert text_of(plan) == "空野の文\n二行め"
    assert each_width.kept() != {}
    return each_width, theirs


def test_the_same_place_shows_both_and_mine_is_chosen(at_odds: tuple[Entry, Entry], plan: PlanRows) -> None:
    entry, _theirs = at_odds
    entry.look()
    entry.press("この画面の入力を残す")
    entry.saved()
    assert text_of(plan) == "青木の文"
    assert [row.text for row in OutcomeChange.history.order_by("history_id")] == [
        "空野の文\n二行め",
        "青木の文",
    ]
    assert (entry.kept(), entry.page.locator("[data-choose]").count()) == ({}, 0)


def test_the_same_place_shows_both_and_theirs_is_chosen(at_odds: tuple[Entry, Entry], plan: PlanRows) -> None:
    entry, _theirs = at_odds
    entry.press("空野 みおさんの入力を残す")
    expect(entry.field(change(plan))).to_have_value("空野の文\n二行め")
    assert (entry.kept(), text_of(plan)) == ({}, "空野の文\n二行め")
    entry.write(change(plan), "空野の文に、青木が足した。")
    entry.saved()
    assert text_of(plan) == "空野の文に、青木が足した。"


def test_a_choice_asks_again_when_the_other_wrote_on(at_odds: tuple[Entry, Entry], plan: PlanRows) -> None:
    entry, theirs = at_odds
    with theirs.page.expect_response("**/cells/"):
        theirs.write(change(plan), "空野の文、書きなおし")
    entry.press("この画面の入力を残す")
    expect(entry.page.locator("[data-theirs]")).to_have_text("空野の文、書きなおし")
    assert text_of(plan) == "空野の文、書きなおし"


def test_different_places_are_put_together_without_a_word(
    entry: Entry, sheet: ProgressSheet, plan: PlanRows, member: User, second_desk: Callable[[User], Desk]
) -> None:
    theirs = second_desk(member).open(sheet)
    theirs.write(change(plan), "空野の文")
    theirs.write(figure(plan, "latest"), "１１")
    theirs.saved()
    entry.write(figure(plan, "sum"), "6")
    entry.saved()
    # what I left alone follows quietly, and is no change of mine
    expect(entry.field(change(plan))).to_have_value("空野の文")
    expect(entry.field(figure(plan, "latest"))).to_have_value("11")
    assert entry.page.locator("[data-choose]").count() == 0
    entry.press("一時保存")
    expect(entry.page.locator("main")).to_contain_text("すべて保存してあります")
    assert (text_of(plan), Figure.objects.count()) == ("空野の文", 2)
    assert sorted(Figure.objects.values_list("value", flat=True)) == [6, 11]


@pytest.mark.parametrize("place", ["figure", "cost", "sheet"])
def test_a_remark_that_two_wrote_says_whose_the_other_is_and_when(
    entry: Entry,
    sheet: ProgressSheet,
    plan: PlanRows,
    member: User,
    second_desk: Callable[[User], Desk],
    place: str,
) -> None:
    places = {"figure": figure(plan, "sum", "note"), "cost": "cost-direct-consultation", "sheet": REMARK}
    theirs = second_desk(member).open(sheet)
    theirs.write(figure(plan, "latest"), "11")  # her line in the journal is about this one
    theirs.saved()
    with theirs.page.expect_response("**/cells/"):
        theirs.write(places[place], "空野の備考")
    entry.write(places[place], "青木の備考")
    block = entry.page.get_by_role("group", name="同じところを、ほかの画面でも書きかえました")
    expect(block.locator("b")).to_have_text(re.compile(r"^空野 みおさんの入力 \d+:\d\d$"))
    expect(block.locator("[data-theirs]")).to_have_text("空野の備考")
    expect(entry.field(places[place])).to_have_value("青木の備考")
    entry.look()


def test_my_other_tab_is_called_mine(entry: Entry, desk: Desk, sheet: ProgressSheet) -> None:
    other = desk.open(sheet)
    other.write(REMARK, "ひとつめ")
    other.saved()
    entry.write(REMARK, "ふたつめ")
    expect(entry.page.locator("[data-choose=theirs]")).to_have_text("ほかの画面のあなたの入力を残す")


# --- the sign-in ran out --------------------------------------------------------------------------------------------


def sign_in_beside(entry: Entry, user: User) -> Page:
    with entry.page.expect_popup() as opened:
        entry.page.get_by_role("link", name="サインインする（新しいタブ）").click()
    tab = opened.value
    tab.get_by_label("メールアドレス").fill(user.email)
    tab.get_by_label("パスワード").fill(PASSWORD)
    tab.get_by_role("button", name="サインインする", exact=True).click()
    expect(tab.locator("main")).to_contain_text("このタブを閉じて、もとの画面にもどってください。")
    return tab


def test_signing_in_beside_the_page_sends_what_was_typed(
    each_width: Entry, plan: PlanRows, representative: User, browser_problems: list[str]
) -> None:
    entry = each_width
    Session.objects.all().delete()
    entry.write(change(plan), "サインインが切れてから書いた文")
    expect(entry.notices).to_contain_text("サインインが切れました。入力はこの画面に残っています。")
    entry.failed()
    entry.look()
    entry.write(figure(plan, "sum"), "6")
    tab = sign_in_beside(entry, representative)
    entry.saved()
    expect(entry.notices).to_be_empty()
    assert (text_of(plan), Figure.objects.get().value) == ("サインインが切れてから書いた文", 6)
    assert entry.kept() == {}
    tab.close()
    assert [line.split()[0] for line in browser_problems] == ["401"]
    browser_problems.clear()


def test_somebody_else_signing_in_does_not_send_it(
    entry: Entry, desk: Desk, plan: PlanRows, member: User, representative: User, browser_problems: list[str]
) -> None:
    Session.objects.all().delete()
    entry.write(change(plan), "青木の文")
    tab = sign_in_beside(entry, member)
    expect(entry.notices).to_contain_text("いまは別の人がサインインしているので、送りませんでした。")
    expect(entry.field(change(plan))).to_have_value("青木の文")
    entry.look()
    assert text_of(plan) is None
    # that person's own page shows nothing of it
    tab.goto(entry.page.url)
    expect(tab.locator(f"#id_{change(plan)}")).to_have_value("")
    # and when the first one is back, it is sent
    tab.goto(f"{desk.server}/accounts/logout/")
    tab.locator("main").get_by_role("button", name="サインアウトする").click()
    tab.get_by_label("メールアドレス").fill(representative.email)
    tab.get_by_label("パスワード").fill(PASSWORD)
    tab.get_by_role("button", name="サインインする", exact=True).click()
    tab.goto(f"{desk.server}/accounts/back/")
    entry.saved()
    assert text_of(plan) == "青木の文"
    assert {line.split()[0] for line in browser_problems} == {"401", "403"}
    browser_problems.clear()


# --- no line ---------------------------------------------------------------------------------------------------------


def test_without_a_line_the_text_waits_and_is_sent_later(
    each_width: Entry, context: BrowserContext, plan: PlanRows
) -> None:
    entry = each_width
    context.set_offline(True)
    entry.write(change(plan), "トンネルの中で書いた文")
    entry.failed()
    expect(entry.page.get_by_role("button", name="もう一度保存する")).to_be_in_viewport()
    assert list(entry.kept()) == [f"unsaved:{user_of(entry)}:{place_of(entry)}:{change(plan)}"]
    entry.look()
    context.set_offline(False)
    entry.saved()
    assert (text_of(plan), entry.kept()) == ("トンネルの中で書いた文", {})


def user_of(entry: Entry) -> str | None:
    return entry.page.locator("[data-saving]").get_attribute("data-saving-user")


def place_of(entry: Entry) -> str | None:
    return entry.page.locator("[data-saving]").get_attribute("data-saving-place")


def test_what_waits_survives_the_page(entry: Entry, plan: PlanRows) -> None:
    entry.lose_saves()
    entry.write(change(plan), "届かなかった文")
    entry.write(figure(plan, "ratio", "numerator"), "5")
    entry.write(figure(plan, "ratio", "denominator"), "8")
    entry.failed()
    entry.page.reload()
    assert entry.dialogs == ["beforeunload"]
    expect(entry.notices).to_contain_text("前に送れなかった入力を、2か所この画面に戻しました。")
    expect(entry.field(change(plan))).to_have_value("届かなかった文")
    expect(entry.field(figure(plan, "ratio", "denominator"))).to_have_value("8")
    entry.failed()
    entry.let_saves_through()
    entry.press("もう一度保存する")
    entry.saved()
    expect(entry.notices).to_be_empty()
    assert (text_of(plan), Figure.objects.get().denominator, entry.kept()) == ("届かなかった文", 8, {})


def test_what_waited_too_long_meets_what_was_written_since(
    entry: Entry, sheet: ProgressSheet, plan: PlanRows, member: User
) -> None:
    entry.lose_saves()
    entry.write(change(plan), "届かなかった文")
    entry.failed()
    OutcomeChangeFactory(sheet=sheet, outcome=plan.outcomes[0], text="あとから書かれた文")
    entry.let_saves_through()
    entry.page.reload()
    expect(entry.page.locator("[data-theirs]")).to_have_text("あとから書かれた文")
    expect(entry.field(change(plan))).to_have_value("届かなかった文")
    assert text_of(plan) == "あとから書かれた文"


def test_what_waits_is_nobody_elses(
    entry: Entry, desk: Desk, sheet: ProgressSheet, plan: PlanRows, member: User
) -> None:
    entry.lose_saves()
    entry.write(change(plan), "青木だけの文")
    entry.failed()
    desk.sign_in(member)  # on the same computer
    other = desk.open(sheet)
    expect(other.field(change(plan))).to_have_value("")
    expect(other.notices).to_be_empty()
    assert text_of(plan) is None


def test_what_waits_is_forgotten_after_two_weeks(entry: Entry, plan: PlanRows) -> None:
    name = f"unsaved:{user_of(entry)}:{place_of(entry)}:{change(plan)}"
    entry.page.evaluate(
        "name => localStorage.setItem(name, JSON.stringify({at: Date.now() - 15 * 86400e3, typed: ['古い文'], seen: ['']}))",
        name,
    )
    entry.page.evaluate("localStorage.setItem('unsaved:999:sheet-1:remark-remark', 'broken')")
    entry.page.reload()
    expect(entry.field(change(plan))).to_have_value("")
    assert entry.kept() == {}


@pytest.mark.parametrize("answer", [500, 502])
def test_a_server_in_trouble_is_tried_again(
    entry: Entry, plan: PlanRows, answer: int, browser_problems: list[str]
) -> None:
    entry.page.route("**/cells/", lambda route: route.fulfill(status=answer, body="<h1>Bad</h1>"))
    entry.write(change(plan), "何度でも")
    entry.failed()
    entry.let_saves_through()
    entry.saved()  # by itself
    assert text_of(plan) == "何度でも"
    browser_problems.clear()


def test_an_answer_that_was_lost_makes_no_conflict(entry: Entry, plan: PlanRows) -> None:
    def save_and_lose(route: Any) -> None:
        route.fetch()
        route.abort()

    entry.page.route("**/cells/", save_and_lose, times=1)
    entry.write(change(plan), "一度だけ")
    entry.saved()
    assert text_of(plan) == "一度だけ"
    assert OutcomeChange.history.count() == 1
    assert entry.page.locator("[data-choose]").count() == 0


# --- leaving --------------------------------------------------------------------------------------------------------


def test_leaving_with_something_unsaved_warns(entry: Entry, desk: Desk, plan: PlanRows) -> None:
    entry.lose_saves()
    entry.write(change(plan), "まだ")
    entry.failed()
    entry.page.get_by_role("link", name="伴走").first.click()
    expect(entry.page).to_have_url(f"{desk.server}/")
    assert entry.dialogs == ["beforeunload"]


def test_leaving_by_a_link_saves_first(entry: Entry, desk: Desk, plan: PlanRows) -> None:
    entry.field(change(plan)).fill("さいごのひとこと")
    entry.page.get_by_role("link", name="伴走").first.click()
    expect(entry.page).to_have_url(f"{desk.server}/")
    assert entry.dialogs == []
    assert text_of(plan) == "さいごのひとこと"
    entry.page.go_back()
    expect(entry.field(change(plan))).to_have_value("さいごのひとこと")
    entry.write(change(plan), "さいごのひとことのつづき")
    entry.saved()
    assert text_of(plan) == "さいごのひとことのつづき"
    assert entry.page.locator("[data-choose]").count() == 0


def test_signing_out_leaves_nothing_behind(
    entry: Entry, plan: PlanRows, desk: Desk, sheet: ProgressSheet
) -> None:
    beside = desk.open(sheet)
    for one in (entry, beside):
        one.lose_saves()
        one.write(change(plan), "残してはいけない文")
        one.failed()
    entry.page.locator("summary").first.click()
    entry.page.locator(".app-bar").get_by_role("button", name="サインアウトする").click()
    expect(entry.page.locator("main")).to_contain_text("サインアウトしました。")
    entry.page.wait_for_load_state("load")
    assert entry.kept() == {}
    beside.write(change(plan), "残してはいけない文のつづき")
    assert beside.kept() == {}
    expect(beside.field(change(plan))).to_have_value("残してはいけない文のつづき")


def test_the_page_after_signing_out_clears_by_itself(page: Page, live_server: LiveServer) -> None:
    """Where the browser does not obey Clear-Site-Data, as over plain http."""
    page.goto(f"{live_server.url}/accounts/login/")
    page.evaluate("localStorage.setItem('unsaved:1:sheet-1:x', '{}')")
    page.reload()
    assert page.evaluate("Object.keys(localStorage).length") == 1  # signing in clears nothing
    page.goto(f"{live_server.url}/accounts/login/?left=1")
    assert page.evaluate("Object.keys(localStorage).length") == 0


# --- the buttons ------------------------------------------------------------------------------------------------------


def test_submitting_right_after_typing_saves_first(
    each_width: Entry, sheet: ProgressSheet, plan: PlanRows
) -> None:
    entry = each_width
    for name, text in full_month(plan).items():
        if name.endswith("presence"):
            entry.page.locator("label", has_text="作成中").click()
        elif name.endswith(("-status", "-step")):
            entry.field(name).select_option(text)
        else:
            entry.field(name).fill(text)
    entry.press("提出する")
    expect(entry.page.locator("main")).to_contain_text("提出しました")
    assert (entry.posts[-2:], entry.dialogs) == (["cells", "submit"], [])
    sheet.refresh_from_db()
    assert sheet.state == "submitted"
    assert Figure.objects.get(indicator=plan.indicators["sum"]).history.count() == 1
    assert entry.kept() == {}


def test_a_button_waits_until_the_line_is_back(
    entry: Entry, context: BrowserContext, sheet: ProgressSheet, plan: PlanRows
) -> None:
    context.set_offline(True)
    entry.field(change(plan)).fill("出す前のひとこと")
    entry.press("提出する")
    entry.failed()
    assert "submit" not in entry.posts
    context.set_offline(False)
    entry.saved()
    entry.press("一時保存")
    expect(entry.page.locator("main")).to_contain_text("すべて保存してあります")
    assert text_of(plan) == "出す前のひとこと"


def test_pressing_twice_submits_once(entry: Entry, sheet: ProgressSheet, plan: PlanRows) -> None:
    entry.hold_saves()
    for name, text in full_month(plan).items():
        if name.endswith("-text"):
            entry.field(name).fill(text)
    for purpose in ("direct", "administrative"):
        entry.field(f"cost-{purpose}-status").select_option("fine")
    button = entry.page.get_by_role("button", name="提出する", exact=True)
    button.click()
    button.click()
    entry.release_saves()
    expect(entry.page.locator("main")).to_contain_text("未入力が、あと")
    assert entry.posts.count("submit") == 1
    entry.page.get_by_label("未入力のまま提出します").check()
    entry.press("提出する")
    expect(entry.page.locator("main")).to_contain_text("提出しました")
    assert sheet.events.filter(act="submit").count() == 1


def test_a_wrong_cell_of_a_posted_page_is_mended_by_itself(entry: Entry, plan: PlanRows) -> None:
    entry.field(figure(plan, "sum")).fill("１２人くらい")
    entry.press("一時保存")
    expect(entry.page.locator("main")).to_contain_text("保存できなかった入力が1か所あります。")
    expect(entry.status).to_have_text("保存していない入力が1か所あります")
    entry.look()
    entry.write(figure(plan, "sum"), "12")
    entry.saved()
    assert Figure.objects.get().value == 12


def test_a_conflict_of_a_posted_page_is_chosen_by_a_button(
    at_odds: tuple[Entry, Entry], plan: PlanRows
) -> None:
    entry, _theirs = at_odds
    entry.press("一時保存")
    expect(entry.page.locator("main")).to_contain_text("保存できなかった入力が1か所あります。")
    block = entry.page.get_by_role("group", name="同じところを、ほかの画面でも書きかえました")
    expect(block).to_contain_text("空野 みおさんの入力")
    expect(entry.page.get_by_role("checkbox", name="空野 みおさんの入力を残す")).to_have_count(0)
    entry.look()
    entry.press("この画面の入力を残す")
    entry.saved()
    assert text_of(plan) == "青木の文"


# --- it moved on -----------------------------------------------------------------------------------------------------


def test_a_sheet_that_was_submitted_meanwhile_is_told_kindly(
    each_width: Entry, sheet: ProgressSheet, plan: PlanRows, member: User, browser_problems: list[str]
) -> None:
    entry = each_width
    submit_sheet(sheet=sheet, by=member)
    entry.write(change(plan), "間に合わなかった文")
    expect(entry.notices).to_contain_text("このシートは、先に進んでいました。")
    expect(entry.notices).to_contain_text("いまは「提出済」です。入力はこの画面に残っています。")
    expect(entry.field(change(plan))).to_have_value("間に合わなかった文")
    entry.failed()
    entry.look()
    entry.press("一時保存")
    expect(entry.page.get_by_label("① 10月、何が変わりましたか")).to_have_value("間に合わなかった文")
    assert text_of(plan) is None
    browser_problems.clear()


def test_a_row_that_a_revision_took_away_gives_its_text_back(
    entry: Entry, sheet: ProgressSheet, plan: PlanRows
) -> None:
    Indicator.objects.filter(pk=plan.indicators["sum"].pk).update(retired_from=sheet.month)
    entry.write(figure(plan, "sum"), "6")
    expect(entry.page.locator(".field-error")).to_contain_text("この行がなくなりました")
    assert not Figure.objects.exists()
    entry.page.reload()
    assert entry.dialogs == ["beforeunload"]
    expect(entry.notices).to_contain_text("入れる行がなくなりました")
    expect(entry.notices.get_by_label("なくなった行に入力したもの")).to_have_value("6")
    entry.look()
    entry.press("写しました")
    expect(entry.notices).to_be_empty()
    assert entry.kept() == {}


def test_what_came_back_after_signing_in_is_saved_by_itself(
    entry: Entry, plan: PlanRows, representative: User
) -> None:
    """The post of a page without a script, kept in the session while signed out."""
    FigureFactory(sheet=ProgressSheet.objects.get(), indicator=plan.indicators["latest"], value=3)
    entry.page.reload()
    Session.objects.all().delete()
    entry.page.evaluate(
        """([name, text]) => {
            document.querySelector(`#id_${name}`).value = text;
            document.querySelector("[data-saving]").submit();
        }""",
        [change(plan), "長い文"],
    )
    entry.page.get_by_label("メールアドレス").fill(representative.email)
    entry.page.get_by_label("パスワード").fill(PASSWORD)
    entry.press("サインインする")
    entry.saved()
    assert text_of(plan) == "長い文"
    expect(entry.page.locator("[data-held]")).to_have_count(0)
    entry.page.reload()
    expect(entry.page.locator("main")).not_to_contain_text("まだ保存していません")


def test_an_officer_corrects_a_reopened_month(
    page: Page,
    context: BrowserContext,
    live_server: LiveServer,
    sheet: ProgressSheet,
    plan: PlanRows,
    officer: User,
) -> None:
    ProgressSheet.objects.update(state="reopened")
    entry = Desk(context, live_server.url, officer).open(sheet, page)
    entry.write(figure(plan, "sum"), "6")
    entry.saved()
    assert Figure.objects.get().history.get().history_change_reason == "correction"
