"""The month, end to end, in a real browser: entered, returned once, talked over, closed, and read by the board."""

import datetime as dt
from io import BytesIO
from typing import Any

import pytest
from django.core import mail
from icalendar import Calendar
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from foundations.models import Foundation
from grantees.models import Organisation
from grants.models import Grant, Program, Purpose
from mentoring.models import OutcomeChange, OutcomeReview, ProgressSheet
from tests import samples
from tests.e2e.browsing import follow, look
from tests.e2e.entering import see_the_whole_list
from tests.factories import PASSWORD, BudgetLineFactory, GrantFactory, PlanRows, make_plan

pytestmark = pytest.mark.django_db(transaction=True)
State = ProgressSheet.State
INTERNAL = "財団の中だけで考えること。"
CHANGE = "友だちを連れてくる若者が増えました。"
QUESTION = "のべ人数でしょうか。"
REPLY = "はい、のべ人数です。"
expect.set_options(timeout=20_000)


@pytest.fixture
def grant(program: Program, organisation: Organisation, officer: User, settings: Any) -> Grant:
    settings.DEMO_TODAY = "2022-11-08"
    grant: Grant = GrantFactory(
        program=program,
        organisation=organisation,
        officer=officer,
        title="こころをつなぐ事業",
        starts_on=dt.date(2022, 10, 1),
    )
    for purpose, granted in ((Purpose.DIRECT, 1_200_000), (Purpose.ADMINISTRATIVE, 150_000)):
        BudgetLineFactory(grant=grant, purpose=purpose, granted_yen=granted)
    return grant


@pytest.fixture
def plan(grant: Grant) -> PlanRows:
    return make_plan(grant)


class Walk:
    """One browser that several people use one after the other. Every page they stop at is looked at by axe."""

    def __init__(self, page: Page, server: str) -> None:
        self.page, self.server = page, server

    def look(self) -> None:
        look(self.page)

    def sign_in(self, user: User) -> None:
        self.page.goto(f"{self.server}/accounts/login/")
        self.look()
        self.page.get_by_label("メールアドレス").fill(user.email)
        self.page.get_by_label("パスワード").fill(PASSWORD)
        self.page.get_by_role("button", name="サインインする", exact=True).click()
        expect(self.page).to_have_url(f"{self.server}/")
        self.look()

    def sign_out(self) -> None:
        self.page.locator("summary").first.click()
        self.page.get_by_role("button", name="サインアウトする").click()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str) -> None:
        follow(self.page.get_by_role("link", name=name).first)

    def reads(self, *words: str) -> None:
        for text in words:
            expect(self.page.locator("main")).to_contain_text(text)

    def choose(self, group: str, choice: str) -> None:
        self.page.get_by_role("group", name=group).get_by_role("radio", name=choice).check()


@pytest.fixture(params=[390, 1280], ids=["narrow", "wide"])
def walk(request: pytest.FixtureRequest, page: Page, live_server: LiveServer) -> Walk:
    page.set_default_timeout(20_000)
    page.set_viewport_size({"width": request.param, "height": 900})
    return Walk(page, live_server.url)


def test_a_month(
    walk: Walk, plan: PlanRows, member: User, officer: User, board: User, foundation: Foundation
) -> None:
    walk.sign_in(member)
    _enter_the_month(walk, plan)
    sheet = ProgressSheet.objects.get(grant=plan.grant, month=dt.date(2022, 10, 1))
    assert sheet.state == State.SUBMITTED
    walk.sign_out()

    walk.sign_in(officer)
    _return_it(walk, sheet)
    walk.sign_out()

    walk.sign_in(member)
    _answer(walk, sheet)
    walk.sign_out()

    walk.sign_in(officer)
    _talk_and_close(walk, sheet, plan)
    _read_the_mails(walk, member, officer)
    walk.sign_out()

    walk.sign_in(board)
    _read_the_pdf(walk, sheet)


def _enter_the_month(walk: Walk, plan: PlanRows) -> None:
    page = walk.page
    walk.reads("2022年10月のシートをお待ちしています")
    walk.follow("10月のシートを書く")
    walk.look()
    see_the_whole_list(page)  # tests/e2e/test_entry_phone.py walks one thing at a time
    page.get_by_label("居場所に来た人 10月の数").fill("１２人くらい")
    page.get_by_label("居場所を開いた回数 10月の数").fill("８回")
    page.get_by_label("あてはまる数").fill("6")
    page.get_by_label("全体の数").fill("8")
    with page.expect_response(lambda r: "/cells/" in r.url and CHANGE in (r.request.post_data or "")):
        page.get_by_label("① 10月、何が変わりましたか").fill(
            CHANGE
        )  # saved by itself: nobody pressed anything
        page.get_by_label("① 10月、何が変わりましたか").blur()
    assert OutcomeChange.objects.filter(sheet__grant=plan.grant, text=CHANGE).exists()
    walk.press("一時保存")
    walk.reads("保存できなかった入力が1か所あります", "「１２人くらい」")
    walk.look()
    expect(page.get_by_label("居場所に来た人 10月の数")).to_have_value("１２人くらい")
    expect(page.get_by_label("居場所を開いた回数 10月の数")).to_have_value("8")
    page.get_by_label("居場所に来た人 10月の数").fill("１２")
    page.get_by_label("ボランティア 10月の数").fill("3")
    walk.choose("相談の手引き", "作成中")
    page.get_by_label("10月の状態").fill("ぽつぽつと相談が出てきました。")
    page.get_by_label("10月の進み具合").select_option("ontrack")
    page.get_by_label("② 10月、何が変わりましたか").fill("変わらない。")
    page.get_by_label("直接事業費 10月の支出").fill("１０２，３００円")
    page.get_by_label("管理的経費 10月の支出").fill("0")
    for purpose in ("直接事業費", "管理的経費"):
        page.get_by_label(f"{purpose}のようす").select_option("fine")
    _add_a_photo(walk)
    walk.press("提出する")
    walk.reads("提出しました", "ちばのWAの番")
    walk.look()
    values = {
        f.indicator_id: f.value for f in plan.grant.sheets.get(month=dt.date(2022, 10, 1)).figures.all()
    }
    assert values[plan.indicators["new_unique"].pk] == 12


def _add_a_photo(walk: Walk) -> None:
    page = walk.page
    walk.press("入力を保存して、写真・ファイルを加える")
    photo = {"name": "芋煮会.jpg", "mimeType": "image/jpeg", "buffer": samples.jpeg(600, 400)}
    page.locator("#id_chosen").set_input_files([photo])
    page.get_by_label("説明", exact=True).fill("秋の芋煮会")
    page.get_by_label("人は写っていない").check()
    walk.press("送って残す")
    expect(page.locator("[data-attached] li")).to_have_count(1)
    walk.look()
    walk.follow("入力に戻る")
    walk.reads("秋の芋煮会")
    expect(page.get_by_label("① 10月、何が変わりましたか")).to_have_value(CHANGE)


def _ask(walk: Walk) -> None:
    """Beside a row, before the meeting."""
    walk.follow("質問を書く")
    walk.look()
    walk.page.get_by_role("textbox", name="質問").fill(QUESTION)
    walk.press("質問を送る")
    walk.reads("質問を送りました", QUESTION)


def _reply(walk: Walk) -> None:
    waiting = walk.page.get_by_role("list", name="返事をお待ちしている質問")
    expect(waiting).to_contain_text(QUESTION)
    waiting.get_by_role("link", name="返事を書く").click()
    walk.page.get_by_role("textbox", name="返事").fill(REPLY)
    walk.look()
    walk.press("返事を送る")
    walk.reads("返事を送りました")
    walk.page.goto(f"{walk.server}/")


def _return_it(walk: Walk, sheet: ProgressSheet) -> None:
    walk.reads("あなたの番が1件あります", "11月8日に届きました（今日）")
    walk.follow("10月のシートを読む")
    walk.reads(CHANGE, "秋の芋煮会")
    walk.look()
    _ask(walk)
    walk.press("差し戻す")
    expect(walk.page.locator("main .field-error")).to_be_visible()
    walk.look()
    assert ProgressSheet.objects.get(pk=sheet.pk).state == State.SUBMITTED  # not without a reason
    walk.page.get_by_label("理由").fill("来た人の数え方をそろえたいです。")
    walk.press("差し戻す")
    walk.reads("差し戻しました")
    assert ProgressSheet.objects.get(pk=sheet.pk).state == State.RETURNED


def _answer(walk: Walk, sheet: ProgressSheet) -> None:
    walk.reads("見直しのお願いがあります", "来た人の数え方をそろえたいです。")
    _reply(walk)
    walk.follow("10月のシートを見直す")
    walk.reads("来た人の数え方をそろえたいです。")
    see_the_whole_list(walk.page)  # signing out forgets it
    walk.page.get_by_label("居場所に来た人 10月の数").fill("11")
    walk.press("提出する")
    walk.reads("提出しました")


def _talk_and_close(walk: Walk, sheet: ProgressSheet, plan: PlanRows) -> None:
    page = walk.page
    walk.follow("10月のシートを読む")
    walk.reads(REPLY)
    walk.follow("面談へ進む")
    walk.reads("若者が安心して過ごせる場所を持っている", "友だちを連れてくる若者が増えました。")
    walk.look()
    walk.choose("①の変化につながっている", "見えた")
    page.get_by_label("どんなことから、そう思いましたか").and_(page.locator(":visible")).fill(
        "帰り道に仲間を誘っていたから。"
    )
    page.get_by_label("宿題", exact=True).and_(page.locator(":visible")).fill("相談の手引きの案を送る")
    page.get_by_label("だれが").and_(page.locator(":visible")).select_option(index=1)
    walk.press("内部メモを開く")
    page.get_by_label("いま、だれにもこの画面を見せていません").check()
    walk.press("開く")
    page.locator(".internal textarea").fill(INTERNAL)
    _turn_to(walk, "つぎの宿題と日程")
    page.get_by_label("次回の年月日").fill("2022-12-13")
    _turn_to(walk, "面談の記録")
    page.get_by_label("年月日", exact=True).fill("令和4年11月8日")
    page.get_by_label("はじまり", exact=True).fill("１０時")
    page.get_by_label("場所", exact=True).fill("団体の事務所")
    page.get_by_label("空野 みお").check()
    page.get_by_label("小野 彩").check()
    walk.look()
    page.get_by_role("button", name="次へ").and_(page.locator(":visible")).click()
    walk.press("確かめて確定へ")
    walk.reads("確定できます", "②のつながりを選んでください")
    walk.look()
    assert ProgressSheet.objects.get(pk=sheet.pk).state == State.SUBMITTED
    walk.follow("②のつながりを選んでください")
    walk.choose("②の変化につながっている", "今月は話していない")
    _turn_to(walk, "確かめて、確定する")
    walk.press("確かめて確定へ")
    walk.reads("この月に話したこと", "帰り道に仲間を誘っていたから。")
    walk.look()
    _read_the_draft(walk)
    walk.press("確定する")
    walk.reads("この月は確定しました", "メールで知らせた人", "空野 みおさん", "小野 彩さん", "に送りました")
    expect(walk.page.locator("main")).not_to_contain_text("まだ送れていません")
    walk.look()
    assert ProgressSheet.objects.get(pk=sheet.pk).state == State.CLOSED
    words = dict(OutcomeReview.objects.filter(sheet=sheet).values_list("outcome", "word"))
    assert words == {plan.outcomes[0].pk: "seen", plan.outcomes[1].pk: "unspoken"}


def _read_the_draft(walk: Walk) -> None:
    """On the page, and as a PDF in another tab."""
    paper = walk.page.locator(".paper")
    for words in (
        "下書き",
        CHANGE,
        "帰り道に仲間を誘っていたから。",
        "相談の手引きの案を送る",
        "2022年12月13日",
    ):
        expect(paper).to_contain_text(words)
    expect(paper).not_to_contain_text(INTERNAL)
    link = walk.page.get_by_role("link", name="印刷の形で見る")
    assert link.get_attribute("target") == "_blank"
    response = walk.page.request.get(f"{walk.server}{link.get_attribute('href')}")
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(response.body())).pages)
    assert "下書き" in text
    assert INTERNAL not in text


def _read_the_mails(walk: Walk, member: User, officer: User) -> None:
    """Of the closing: what both sides have in their letterboxes."""
    closing = {
        message.to[0]: message for message in mail.outbox if "月次面談を確定しました" in message.subject
    }
    assert set(closing) == {member.email, officer.email}
    for address, message in closing.items():
        assert INTERNAL not in message.body
        is_theirs = address == member.email
        assert (
            message.body.index("■ あおぞらの会の宿題") < message.body.index("■ ちばのWAの宿題")
            or not is_theirs
        )
        assert "・相談の手引きの案を送る" in message.body
        (part,) = [part for part in message.message().walk() if part.get_content_type() == "text/calendar"]
        (event,) = Calendar.from_ical(part.get_payload(decode=True).decode()).events
        assert (event["summary"], event.start) == ("あおぞらの会 月次面談", dt.date(2022, 12, 13))
    downloaded = walk.page.request.get(
        f"{walk.server}{walk.page.get_by_role('link', name='カレンダーに入れる').first.get_attribute('href')}"
    )
    (event,) = Calendar.from_ical(downloaded.text()).events
    assert event.start == dt.date(2022, 12, 13)


def _turn_to(walk: Walk, part: str) -> None:
    """To one part of the meeting by its agenda, which is folded on a phone."""
    folded = walk.page.locator(".agenda-now > summary")
    link = walk.page.get_by_role("link", name=part).and_(walk.page.locator(":visible")).first
    if folded.is_visible() and not link.is_visible():
        folded.click()
    link.click()
    expect(walk.page.get_by_role("heading", name=part)).to_be_visible()


def _read_the_pdf(walk: Walk, sheet: ProgressSheet) -> None:
    walk.reads("2022年10月", "あおぞらの会")
    address = walk.page.get_by_role("link", name="PDFを開く").get_attribute("href")
    response = walk.page.request.get(f"{walk.server}{address}")
    assert response.headers["content-type"] == "application/pdf"
    pages = PdfReader(BytesIO(response.body())).pages
    text = "".join(page.extract_text() for page in pages).replace("\n", "")
    for words in (
        "あおぞらの会",
        "月次面談",
        "友だちを連れてくる若者が増えました。",
        "帰り道に仲間を誘っていたから。",
        "102,300",
        "相談の手引きの案を送る",
        "12月13日",
    ):
        assert words in text
    assert INTERNAL not in text
    walk.page.get_by_role("link", name="シートを読む").first.click()
    walk.reads("帰り道に仲間を誘っていたから。")
    walk.look()
    expect(walk.page.locator("main")).not_to_contain_text(INTERNAL)
