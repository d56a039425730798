"""A change of the plan, from an idea to the yes of both sides, in a real browser; and a closed month stays as it was."""

import datetime as dt
import re
from hashlib import sha256
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from core.months import month_range
from grantees.models import Organisation
from grants.models import Grant, PlanProposal, PlanRevision, Program
from grants.plan import Plan
from mentoring.models import ProgressSheet, SheetDocument
from mentoring.services.documents import store_document
from mentoring.services.proposals import start_proposal
from reports.pdf.sheet import render_sheet_pdf
from tests.e2e.browsing import follow, look, sign_into
from tests.factories import (
    FigureFactory,
    GrantFactory,
    OutcomeChangeFactory,
    OutcomeReviewFactory,
    PlanRows,
    SheetFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)
expect.set_options(timeout=20_000)
State = PlanProposal.State
SEPTEMBER, OCTOBER, NOVEMBER = dt.date(2022, 9, 1), dt.date(2022, 10, 1), dt.date(2022, 11, 1)
OLD_WORDS, NEW_WORDS = (
    "若者が安心して過ごせる場所を持っている",
    "若者が、自分で選んで過ごせる場所を持っている",
)
ADDED = "夜に話を聞ける人がいる"
ANEW = "「居場所に来た人」にかわり、2022年11月から新しく数えています"
REASON = "居場所に来る日が決まると、若者は自分から来なくなりました。"
WHY_IT_LEADS = "夜に話せると、つぎの日も来られるから"


class Walk:
    """One browser that both sides use one after the other."""

    def __init__(self, page: Page, server: str) -> None:
        self.page, self.server = page, server
        page.set_default_timeout(20_000)
        page.emulate_media(reduced_motion="reduce")  # no waiting for a page that is still scrolling

    def sit_down(self, user: User) -> None:
        sign_into(self.page.context, self.server, user)

    @property
    def is_narrow(self) -> bool:
        size = self.page.viewport_size
        return size is not None and size["width"] < 768

    def open(self, address: str) -> None:
        self.page.goto(f"{self.server}{address}")

    def look(self) -> None:
        look(self.page)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str) -> None:
        follow(self.page.get_by_role("link", name=name).first)

    def reads(self, *words: str) -> None:
        for text in words:
            expect(self.page.locator("main")).to_contain_text(text)

    def does_not_read(self, *words: str) -> None:
        for text in words:
            expect(self.page.locator("main")).not_to_contain_text(text)

    def turn_to(self, part: str) -> None:
        """To one part of the meeting by its agenda, which is folded on a phone."""
        if self.is_narrow:
            self.page.locator(".agenda-now > summary").click()
        self.page.locator("[data-agenda] a:visible", has_text=part).click()

    def in_the_form(self) -> None:
        """The editor puts the cursor into a form that opens; who types sooner types elsewhere."""
        expect(self.page.locator(".editor-form :focus")).to_have_count(1)
        expect(self.page.locator(".htmx-added")).to_have_count(0)  # until then htmx focuses once more

    def line(self, text: str) -> Locator:
        """One box of the editor's list."""
        return self.page.locator(".editor > li").filter(has_text=text)


@pytest.fixture(params=[390, 1280], ids=["narrow", "wide"])
def walk(request: pytest.FixtureRequest, page: Page, live_server: LiveServer) -> Walk:
    page.set_viewport_size({"width": request.param, "height": 900})
    return Walk(page, live_server.url)


@pytest.fixture
def grant(program: Program, organisation: Organisation, officer: User) -> Grant:
    grant: Grant = GrantFactory(
        program=program, organisation=organisation, officer=officer, starts_on=dt.date(2022, 6, 1)
    )
    return grant


@pytest.fixture
def months(plan: PlanRows, settings: Any) -> tuple[ProgressSheet, ProgressSheet, ProgressSheet]:
    """September is closed as all before, October is to be talked over, November is still to be written."""
    settings.DEMO_TODAY = "2022-11-29"
    for earlier in month_range(plan.grant.starts_on, dt.date(2022, 8, 1)):
        SheetFactory(grant=plan.grant, month=earlier, closed=True)
    sheets = (
        SheetFactory(grant=plan.grant, month=SEPTEMBER, closed=True),
        SheetFactory(grant=plan.grant, month=OCTOBER, state=ProgressSheet.State.SUBMITTED),
        SheetFactory(grant=plan.grant, month=NOVEMBER),
    )
    for sheet in sheets[:2]:
        for method, value in (("sum", 6), ("new_unique", 4), ("latest", 9)):
            FigureFactory(sheet=sheet, indicator=plan.indicators[method], value=value)
        OutcomeChangeFactory(sheet=sheet, outcome=plan.outcomes[0], text="友だちを連れてきました。")
    return sheets


def printed(sheet: ProgressSheet) -> bytes:
    return render_sheet_pdf(ProgressSheet.objects.with_names().get(pk=sheet.pk))


@pytest.fixture
def stored(months: tuple[ProgressSheet, ...], officer: User) -> SheetDocument:
    """What was published of September."""
    return store_document(sheet=months[0], pdf=printed(months[0]), by=officer)


def test_from_an_idea_to_the_yes_of_both_sides(
    walk: Walk,
    plan: PlanRows,
    months: tuple[ProgressSheet, ProgressSheet, ProgressSheet],
    stored: SheetDocument,
    representative: User,
    officer: User,
    browser_problems: list[str],
) -> None:
    september, october, november = months
    with stored.file.open("rb") as stream:
        paper = stream.read()

    walk.sit_down(representative)
    before = _what_is_told_of(walk, september)
    _begin(walk)
    _write(walk, browser_problems)
    _put_forward(walk)
    proposal = PlanProposal.objects.get()

    walk.sit_down(officer)
    _agree_in_the_meeting(walk, october)
    walk.sit_down(representative)
    _agree(walk, proposal)

    _read_the_new_month(walk, november)
    assert _what_is_told_of(walk, september) == before
    answer = walk.page.request.get(f"{walk.server}/sheets/{september.pk}/pdf/")
    assert answer.body() == paper
    assert sha256(answer.body()).hexdigest() == SheetDocument.objects.get(pk=stored.pk).sha256
    assert printed(september) == paper, "printed today it says what it said then"


def _what_is_told_of(walk: Walk, sheet: ProgressSheet) -> list[str]:
    """A month's sheet and the picture of that month, to the letter."""
    told = []
    for address in (f"/sheets/{sheet.pk}/", f"/grants/{sheet.grant_id}/model/?m={sheet.month:%Y-%m}"):
        walk.open(address)
        walk.reads(OLD_WORDS)
        walk.does_not_read(NEW_WORDS, ADDED)
        told.append(walk.page.locator("main").inner_html())
    return told


def _begin(walk: Walk) -> None:
    walk.look()
    walk.follow("計画の見直し")
    walk.reads("見直しの案は、まだありません")
    walk.look()
    walk.press("見直しの案をはじめる")
    walk.reads("双方が合意するまで、計画は変わりません")
    walk.look()


def _write(walk: Walk, browser_problems: list[str]) -> None:
    page = walk.page
    walk.line(OLD_WORDS).get_by_role("link", name="書きかえる ①").click()
    field = page.get_by_label("だれが、どう変わっているか")
    walk.in_the_form()
    expect(field).to_have_value(OLD_WORDS)
    walk.look()
    field.fill(NEW_WORDS)
    walk.press("案に入れる")
    expect(walk.line(NEW_WORDS).first).to_contain_text("＊ 変わる")

    page.get_by_role("link", name="書きかえる 居場所を開いた回数").click()
    walk.in_the_form()
    page.get_by_label("目標値").fill("百回くらい")
    walk.press("案に入れる")
    expect(page.locator("#editor [role=alert]").first).to_contain_text("目標値")
    expect(page.get_by_label("目標値")).to_have_value("百回くらい")
    walk.look()
    assert [line for line in browser_problems if not line.startswith("422 ")] == []
    browser_problems.clear()  # a form that comes back is no problem
    walk.in_the_form()
    page.get_by_label("目標値").fill("１００回")
    walk.press("案に入れる")
    expect(walk.line("居場所が開かれている")).to_contain_text("0回 → 100回")

    page.get_by_role("link", name="置きかえる 居場所に来た人").click()
    walk.in_the_form()
    page.get_by_label("だれの、何を数えるか").fill("居場所に月2回以上来た人")
    page.get_by_label("数え方").select_option("latest")
    page.get_by_label("目標値").fill("15")
    walk.press("案に入れる")
    expect(walk.line("居場所が開かれている")).to_contain_text("「居場所に来た人」にかわり")

    _add_an_output(walk)
    page.get_by_role("button", name="なくす 相談員を育てる").click()
    expect(walk.line("相談員を育てる")).to_have_count(0)
    walk.press("元に戻す")
    expect(walk.line("相談員を育てる")).to_have_count(1)
    walk.look()


def _add_an_output(walk: Walk) -> None:
    page = walk.page
    page.get_by_role("link", name="アウトプットを加える").click()
    walk.in_the_form()
    page.get_by_label("何ができているか").fill(ADDED)
    page.get_by_label("おもに役立つ短期アウトカム").select_option(label=f"① {NEW_WORDS}")
    page.get_by_label(f"① {NEW_WORDS} につながると考える理由").fill(WHY_IT_LEADS)
    walk.press("案に入れる")
    expect(walk.line(ADDED)).to_contain_text("＋ 新しい")


def _put_forward(walk: Walk) -> None:
    walk.follow("前とあとを見くらべる")
    walk.reads(NEW_WORDS)
    walk.press("つぎの面談に提案する")
    walk.reads("か所を直すと進めます")
    walk.look()
    walk.page.get_by_label("なぜ見直すのか").fill(REASON)
    walk.page.get_by_label("この月から").fill("2022年9月")
    walk.press("つぎの面談に提案する")
    walk.reads("もう提出された月は変えられません。2022年11月から先の月を入れてください。")
    expect(walk.page.get_by_label("なぜ見直すのか")).to_have_value(REASON)
    walk.page.get_by_label("この月から").fill("2022年11月")
    walk.press("つぎの面談に提案する")
    walk.reads("提案しました。つぎの面談の議題にのります。", REASON)
    walk.look()


def _agree_in_the_meeting(walk: Walk, october: ProgressSheet) -> None:
    page = walk.page
    walk.open("/")
    walk.reads("合意をお待ちしている、計画の見直し", "2022年11月からの見直しの案")
    walk.look()
    walk.open(f"/sheets/{october.pk}/meeting/")
    walk.turn_to("計画の見直し")
    expect(page.locator("#h-proposal")).to_be_visible()
    walk.reads(REASON)
    expect(page.locator(".on ins").first).to_be_visible()
    walk.look()
    walk.press("保存して、案を開き、合意を書きとめる")
    expect(page.locator("del").filter(has_text=OLD_WORDS)).to_be_visible()
    expect(page.locator("ins").filter(has_text=NEW_WORDS)).to_be_visible()
    expect(page.locator("svg.model")).to_have_count(2)
    walk.reads("＊ 変わる", "＋ 新しい", "居場所に来た人（", "100回")
    walk.look()
    walk.press("この案に合意する")
    walk.reads("合意しました", "小野 彩さん")
    walk.follow("面談に戻る")


def _agree(walk: Walk, proposal: PlanProposal) -> None:
    walk.open("/")
    walk.follow("2022年11月からの見直しの案")
    assert not PlanRevision.objects.exists(), "one yes changes nothing"
    walk.press("この案に合意する")
    walk.reads("双方の合意がそろいました。2022年11月から計画が変わります。")
    for side in (
        "あおぞらの会: 合意しました　青木 空さん　2022年11月29日",
        "ちばのWA: 合意しました　小野 彩さん　2022年11月29日",
    ):
        walk.reads(side)
    walk.look()
    proposal.refresh_from_db()
    assert proposal.state == State.AGREED
    kinds = set(PlanRevision.objects.values_list("kind", flat=True))
    assert kinds == {"content", "wording", "indicator", "target"}


def _read_the_new_month(walk: Walk, november: ProgressSheet) -> None:
    walk.open(f"/grants/{november.grant_id}/model/?m=2022-11")
    walk.reads(NEW_WORDS, ADDED, WHY_IT_LEADS)
    walk.reads("居場所を開いた回数　12／100回", "居場所に月2回以上来た人　未入力／15人", ANEW)
    walk.does_not_read(OLD_WORDS)
    walk.look()
    walk.open(f"/sheets/{november.pk}/entry/")
    walk.reads(NEW_WORDS, ADDED, "居場所に月2回以上来た人", ANEW)
    walk.does_not_read(OLD_WORDS)
    walk.look()


@pytest.fixture
def draft(plan: PlanRows, months: tuple[ProgressSheet, ...], representative: User) -> PlanProposal:
    return start_proposal(grant=plan.grant, month=NOVEMBER, by=representative)


def test_a_box_by_keyboard_alone(
    page: Page,
    live_server: LiveServer,
    draft: PlanProposal,
    representative: User,
    browser_problems: list[str],
) -> None:
    walk = Walk(page, live_server.url)
    keys, here = page.keyboard, page.locator("#editor :focus")
    walk.sit_down(representative)
    walk.open(f"/proposals/{draft.pk}/edit/")
    page.get_by_role("link", name="アウトプットを加える").focus()
    keys.press("Enter")
    walk.in_the_form()
    keys.insert_text(ADDED)
    for name in ("短い言い方", "おもに役立つ短期アウトカム"):
        keys.press("Tab")
        expect(here).to_have_accessible_name(name)
    keys.press("ArrowDown")
    expect(here).not_to_have_value("")
    for name in (re.compile("^① .*理由$"), re.compile("^② .*理由$"), "案に入れる"):
        keys.press("Tab")
        expect(here).to_have_accessible_name(name)
    keys.press("Enter")
    expect(page.locator("#editor [role=alert]")).to_contain_text("つながると考える理由を書いてください")
    expect(here).to_have_accessible_name(
        re.compile("① .*つながると考える理由")
    )  # the cursor is where it is missing
    walk.in_the_form()
    keys.insert_text(WHY_IT_LEADS)
    keys.press("Tab")
    keys.press("Tab")
    keys.press("Enter")
    expect(here).to_have_accessible_name(f"書きかえる ①-3 {ADDED}")
    walk.look()
    for _act in ("上へ", "下へ", "なくす"):
        keys.press("Tab")
    expect(here).to_have_accessible_name(f"なくす ①-3 {ADDED}")
    keys.press("Enter")
    expect(here).to_have_accessible_name("元に戻す")
    expect(walk.line(ADDED)).to_have_count(0)
    keys.press("Enter")
    expect(walk.line(ADDED)).to_have_count(1)
    browser_problems.clear()


@pytest.mark.parametrize("walk", [390], indirect=True, ids=["narrow"])
def test_two_who_write_one_box_lose_nothing(
    walk: Walk,
    browser: Browser,
    live_server: LiveServer,
    draft: PlanProposal,
    representative: User,
    officer: User,
    browser_problems: list[str],
) -> None:
    """Both have the box open. The second is shown both texts; what only one of them touched is kept silently."""
    context = browser.new_context(locale="ja-JP")
    theirs = Walk(context.new_page(), live_server.url)
    for one, person in ((walk, officer), (theirs, representative)):
        one.sit_down(person)
        one.open(f"/proposals/{draft.pk}/edit/")
        one.page.get_by_role("link", name="書きかえる ① 若者が").click()
        one.in_the_form()
    theirs.page.get_by_label("だれが、どう変わっているか").fill("団体の文")
    theirs.page.get_by_label("短い言い方").fill("団体の短い言い方")
    theirs.press("案に入れる")
    expect(theirs.line("団体の文")).to_contain_text("＊ 変わる")

    page = walk.page
    page.get_by_label("だれが、どう変わっているか").fill("財団の文")
    walk.press("案に入れる")
    walk.reads("ほかの人も、同じところを書きかえました", "団体の文")
    expect(page.get_by_label("だれが、どう変わっているか")).to_have_value("財団の文")
    walk.look()
    page.get_by_label("上の欄の、わたしの入力を残す").check()
    walk.press("案に入れる")
    expect(walk.line("財団の文")).to_contain_text("＊ 変わる")
    outcome = Plan.from_json(PlanProposal.objects.get().draft).outcomes[0]
    assert (outcome.text, outcome.short_text) == ("財団の文", "団体の短い言い方")

    _take_away_under_the_hands(walk, theirs)
    context.close()
    assert [line for line in browser_problems if not line.startswith(("422 ", "409 "))] == []
    browser_problems.clear()  # a form that comes back is no problem


def _take_away_under_the_hands(walk: Walk, theirs: Walk) -> None:
    """The box itself goes while somebody writes in it: the text comes back to be copied."""
    walk.page.get_by_role("link", name="書きかえる ②-1").click()
    walk.in_the_form()
    theirs.page.get_by_role("button", name="なくす ②-1").click()
    expect(theirs.line("相談の窓口ができている")).to_have_count(0)
    walk.page.get_by_label("何ができているか").fill("長く考えた文")
    walk.press("案に入れる")
    walk.reads("そのあいだに、ほかの人がこの箱を案からなくしました。")
    expect(walk.page.get_by_label("何ができているか")).to_have_value("長く考えた文")
    walk.look()


def test_the_picture_by_keyboard(
    walk: Walk, plan: PlanRows, months: tuple[ProgressSheet, ...], officer: User
) -> None:
    """Every box leads to its words, every arrow to its story, the slider to another month."""
    september = months[0]
    OutcomeReviewFactory(sheet=september, outcome=plan.outcomes[0], word="notyet", outputs=plan.outputs[:1])
    OutcomeReviewFactory(
        sheet=plan.grant.sheets.get(month=dt.date(2022, 6, 1)),
        outcome=plan.outcomes[1],
        word="seen",
        outputs=plan.outputs[2:],
    )
    page = walk.page
    walk.sit_down(officer)
    walk.open(f"/grants/{plan.grant.pk}/model/?m=2022-10")
    walk.look()
    expect(page.get_by_role("link", name="文字で読む")).to_be_visible(visible=walk.is_narrow)
    expect(page.locator("svg.model")).to_be_visible()

    page.get_by_role("region", name="事業設計図の絵").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator("svg a:focus")).to_have_accessible_name("活動 相談員を育てる")
    page.keyboard.press("Tab")
    expect(page.locator("svg a:focus")).to_have_accessible_name("アウトプット ①-1 居場所が開かれている")
    page.keyboard.press("Enter")
    detail = page.locator(f"#output-{plan.outputs[0].pk}")
    expect(detail).to_be_in_viewport()
    expect(detail).to_contain_text("12／85回")

    page.get_by_label("見る月").press("ArrowLeft")
    expect(page).to_have_url(f"{walk.server}/grants/{plan.grant.pk}/model/?m=2022-09")
    expect(page.locator("output")).to_contain_text("2022年9月")
    expect(detail).to_contain_text("6／85回")
    walk.look()
    page.locator("svg").get_by_role("link", name="まだ 9月、①-1から①へ").click()
    walk.reads("①-1 → ① のこれまで", "つながると考える理由", "まだ", "2022年9月")
    walk.look()
