"""A question beside a row: asked before the meeting, seen on the other's home, answered on a phone, read by who asked."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from grantees.models import Organisation
from grants.models import Grant, Program
from mentoring.models import OutcomeChange, ProgressSheet, RowComment
from tests.e2e.browsing import follow, look, sign_into
from tests.e2e.entering import wants_the_whole_list
from tests.factories import GrantFactory, PlanRows, RowCommentFactory, SheetFactory, make_plan
from tests.mentoring.entry import change

pytestmark = pytest.mark.django_db(transaction=True)
expect.set_options(timeout=20_000)
QUESTION = "延期した2回は、どの施設の予定ですか。"
ASK = re.compile("質問を書く.*居場所を開いた回数")
THREAD = re.compile("居場所を開いた回数の質問と返事")
ANSWER = "2施設で1回ずつです。今月のうちに行います。"


@pytest.fixture
def grant(program: Program, organisation: Organisation, officer: User, settings: Any) -> Grant:
    settings.DEMO_TODAY = "2022-11-08"
    return GrantFactory(
        program=program, organisation=organisation, officer=officer, starts_on=dt.date(2022, 10, 1)
    )


@pytest.fixture
def plan(grant: Grant) -> PlanRows:
    return make_plan(grant)


@pytest.fixture
def sheet(plan: PlanRows) -> ProgressSheet:
    return SheetFactory(grant=plan.grant, month=dt.date(2022, 10, 1), state=ProgressSheet.State.SUBMITTED)


@pytest.fixture
def sit_down(page: Page, live_server: LiveServer) -> Callable[[User, int, str], Page]:
    """The one browser, taken over by somebody, at a window of this width."""
    page.set_default_timeout(20_000)

    def at(user: User, width: int, path: str = "/") -> Page:
        sign_into(page.context, live_server.url, user)
        page.set_viewport_size({"width": width, "height": 844})
        page.goto(f"{live_server.url}{path}")
        return page

    return at


SitDown = Callable[..., Page]


def test_asked_answered_and_read(
    sit_down: SitDown, sheet: ProgressSheet, plan: PlanRows, officer: User, member: User
) -> None:
    page = sit_down(officer, 1280)
    page.get_by_role("link", name="10月のシートを読む").click()
    follow(page.get_by_role("link", name=ASK))
    look(page)
    page.get_by_role("textbox", name="質問").fill(QUESTION)
    page.get_by_text("お知らせする人: 空野 みおさん").click()
    expect(page.get_by_label("空野 みおさん（あおぞらの会）")).to_be_checked()
    look(page)
    page.get_by_role("button", name="質問を送る").click()
    expect(page.locator("main")).to_contain_text("質問を送りました")
    expect(page.get_by_role("list", name=THREAD)).to_contain_text("あおぞらの会の返事待ち")
    look(page)

    page = sit_down(member, 390)
    waiting = page.get_by_role("list", name="返事をお待ちしている質問")
    expect(waiting).to_contain_text(QUESTION)
    look(page)
    follow(waiting.get_by_role("link", name="返事を書く"))
    look(page)
    page.get_by_role("button", name="返事を送る").click()
    expect(page.locator("main .field-error")).to_contain_text("ひとことで大丈夫です")
    look(page)
    page.get_by_role("textbox", name="返事").fill(ANSWER)
    page.get_by_role("button", name="返事を送る").click()
    expect(page.locator("main")).to_contain_text("返事を送りました")
    expect(page.locator("main")).not_to_contain_text(QUESTION)
    look(page)

    page = sit_down(officer, 1280)
    expect(page.locator("main")).to_contain_text("行の質問に返事が1件")
    look(page)
    page.get_by_role("link", name="10月のシートを読む").click()
    thread = page.get_by_role("list", name=THREAD)
    expect(thread).to_contain_text(ANSWER)
    expect(thread).to_contain_text("空野 みおさん（あおぞらの会）")
    expect(thread).not_to_contain_text("返事待ち")
    look(page)


@pytest.mark.parametrize("width", [390, 1280])
def test_unanswered_it_opens_the_meeting(
    sit_down: SitDown, sheet: ProgressSheet, officer: User, width: int
) -> None:
    question = RowCommentFactory(sheet=sheet, author=officer, text=QUESTION)
    page = sit_down(officer, width, f"/sheets/{sheet.pk}/meeting/#questions")
    part = page.locator("#questions")
    expect(part).to_contain_text(QUESTION)
    look(page)
    part.get_by_label("面談で話した").check()
    part.get_by_role("button", name="次へ").click()
    expect(page.locator(".meeting-bar [data-saved]")).to_contain_text("に保存しました")
    question.refresh_from_db()
    assert question.settled_by == officer
    page.goto(f"{page.url.split('#')[0]}#questions")
    expect(page.locator("#questions").get_by_label("面談で話した")).to_be_checked()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_asking_from_a_half_written_month_keeps_what_was_typed(
    browser: Any, live_server: LiveServer, plan: PlanRows, member: User,
    script: bool, browser_context_args: dict[str, Any],
) -> None:  # fmt: skip
    draft = SheetFactory(grant=plan.grant, month=dt.date(2022, 10, 1))
    context = browser.new_context(
        **{**browser_context_args, "java_script_enabled": script, "viewport": {"width": 390, "height": 844}}
    )
    sign_into(context, live_server.url, member)
    page = context.new_page()
    if script:
        wants_the_whole_list(page)
    page.goto(f"{live_server.url}/sheets/{draft.pk}/entry/")
    page.locator(f"#id_{change(plan)}").fill("友だちを連れてくる若者が増えました。")
    page.get_by_role("button", name=ASK).click()
    page.get_by_role("textbox", name="質問").fill("どの回までを数えますか。")
    page.get_by_role("button", name="質問を送る").click()
    expect(page.locator(f"#id_{change(plan)}")).to_have_value("友だちを連れてくる若者が増えました。")
    expect(page.get_by_role("list", name=THREAD)).to_contain_text("ちばのWAの返事待ち")
    assert f"#row-indicator-{plan.indicators['sum'].pk}" in page.url
    assert OutcomeChange.objects.get().text == "友だちを連れてくる若者が増えました。"
    assert RowComment.objects.get().author == member
    context.close()
