"""Photos and files in a real browser: chosen, sent with words about how far it is, taken away, had back."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from core.uploads import LARGEST
from mentoring.models import Attachment, OutcomeChange, ProgressSheet
from tests import samples
from tests.e2e.browsing import look, sign_into
from tests.e2e.entering import see_the_whole_list
from tests.factories import PASSWORD, AttachmentFactory, PlanRows, SheetFactory
from tests.mentoring.entry import change, plan_money

pytestmark = pytest.mark.django_db(transaction=True)
expect.set_options(timeout=20_000)
SESSION = django_settings.SESSION_COOKIE_NAME
Go = Callable[[User, str], Page]


@pytest.fixture
def sheet(plan: PlanRows, settings: Any) -> ProgressSheet:
    settings.DEMO_TODAY = "2022-11-08"
    plan_money(plan)
    return SheetFactory(grant=plan.grant, month=dt.date(2022, 10, 1))


@pytest.fixture
def chosen(tmp_path: Path) -> Callable[..., list[str]]:
    made = {
        "芋煮会.jpg": samples.jpeg(1200, 800, exif=samples.telling_exif(6)),
        "庭.png": samples.png(300, 200),
        "ちらし.pdf": samples.PDF,
        "動く絵.gif": samples.GIF,
        "大きい.pdf": samples.PDF + b"0" * LARGEST,
    }

    def files(*names: str) -> list[str]:
        for name in names:
            (tmp_path / name).write_bytes(made[name])
        return [str(tmp_path / name) for name in names]

    return files


@pytest.fixture(params=[390, 1280], ids=["narrow", "wide"])
def go(request: pytest.FixtureRequest, page: Page, live_server: LiveServer) -> Go:
    page.set_default_timeout(20_000)
    page.set_viewport_size({"width": request.param, "height": 900})

    def to(user: User, path: str) -> Page:
        sign_into(page.context, live_server.url, user)
        page.goto(f"{live_server.url}{path}")
        return page

    return to


def is_drawn(page: Page, selector: str) -> bool:
    """The browser has the picture, and something of it is not empty."""
    return bool(
        page.locator(selector).first.evaluate(
            """element => element.tagName === "IMG"
              ? element.decode().then(() => element.naturalWidth > 0)
              : element.getContext("2d").getImageData(20, 20, 1, 1).data[3] > 0"""
        )
    )


def test_from_the_entry_page_to_a_photo_and_back(
    go: Go, sheet: ProgressSheet, plan: PlanRows, member: User, chosen: Callable[..., list[str]]
) -> None:
    page = go(member, f"/sheets/{sheet.pk}/entry/")
    see_the_whole_list(page)
    page.locator(f"#id_{change(plan)}").fill("顔なじみの若者が増えました。")
    page.get_by_role("button", name="入力を保存して、写真・ファイルを加える").click()
    expect(page).to_have_url(f"{page.url.split('/sheets')[0]}/sheets/{sheet.pk}/files/")
    assert OutcomeChange.objects.get().text == "顔なじみの若者が増えました。"
    look(page)
    expect(page.get_by_text("写真に、人が写っていますか")).to_be_hidden()

    page.locator("#id_chosen").set_input_files(chosen("芋煮会.jpg", "ちらし.pdf", "大きい.pdf"))
    rows = page.locator("[data-chosen] > li")
    expect(rows).to_have_count(3)
    expect(rows.nth(2)).to_contain_text("20MBを超えています")
    page.wait_for_function(
        "document.querySelector('.chosen-look').getContext('2d').getImageData(20,20,1,1).data[3] > 0"
    )
    page.get_by_label("説明", exact=True).fill("秋の芋煮会")
    page.get_by_role("button", name="送って残す").click()
    expect(page.get_by_text("人が写っているかどうかを選んでください")).to_be_visible()
    page.get_by_label("人が写っている（うしろ姿や名札もふくむ）").check()
    page.get_by_role("button", name="送って残す").click()
    expect(page.get_by_text("了解があるときだけ残せます")).to_be_visible()
    look(page)
    assert not Attachment.objects.exists()
    page.get_by_label("写っている人（若者をふくむ）の了解を得ています").check()
    page.get_by_role("button", name="はずす 大きい.pdf").click()
    page.get_by_role("button", name="送って残す").click()

    expect(page.get_by_role("status").filter(has_text="2個のファイルを残しました。")).to_be_visible()
    expect(rows).to_have_count(0)
    expect(page.locator("[data-attached] li")).to_have_count(2)
    assert is_drawn(page, ".attached-look img")
    look(page)
    image = Attachment.objects.get(kind="jpeg")
    assert (image.caption, image.consent_by, (image.width, image.height)) == (
        "秋の芋煮会",
        member,
        (800, 1200),
    )
    page.get_by_role("link", name="写真を大きく見る: 秋の芋煮会").click()
    expect(page).to_have_url(f"{page.url.split('/files')[0]}/files/{image.pk}/")
    page.go_back()
    page.get_by_role("link", name="入力に戻る").click()
    expect(page.locator("#s6")).to_contain_text("秋の芋煮会")
    look(page)


def test_a_photo_chosen_before_the_script_came_is_taken_in(
    page: Page,
    live_server: LiveServer,
    sheet: ProgressSheet,
    member: User,
    chosen: Callable[..., list[str]],
) -> None:
    late: list[Route] = []
    page.route("**/js/files*.js", lambda script: late.append(script))
    sign_into(page.context, live_server.url, member)
    page.goto(f"{live_server.url}/sheets/{sheet.pk}/files/", wait_until="commit")
    page.locator("#id_chosen").set_input_files(chosen("芋煮会.jpg"))
    late[0].continue_()
    expect(page.locator("[data-chosen] > li")).to_have_count(1)
    page.get_by_label("人は写っていない").check()
    page.get_by_role("button", name="送って残す").click()
    expect(page.get_by_role("status").filter(has_text="残しました。")).to_be_visible()
    assert Attachment.objects.get().kind == "jpeg"


def test_what_is_refused_stays_with_its_reason_and_the_good_ones_are_kept(
    go: Go, sheet: ProgressSheet, member: User, chosen: Callable[..., list[str]], browser_problems: list[str]
) -> None:
    page = go(member, f"/sheets/{sheet.pk}/files/")
    page.locator("#id_chosen").set_input_files(chosen("動く絵.gif"))
    page.locator("#id_chosen").set_input_files(chosen("庭.png"))  # a second choice adds to the first
    page.get_by_label("人は写っていない").check()
    page.get_by_role("button", name="送って残す").click()
    expect(page.locator("[data-chosen] > li")).to_have_count(1)
    expect(page.locator("[data-chosen] > li")).to_contain_text("「動く絵.gif」は、GIFの画像です")
    expect(page.locator("[data-attached] li")).to_have_count(1)
    expect(page.get_by_text("残していないファイルが1個あります。")).to_be_visible()
    look(page)
    assert browser_problems == [f"422 {page.url}add/"]
    browser_problems.clear()
    page.get_by_role("button", name="はずす 動く絵.gif").click()
    page.goto("about:blank")  # nothing asks whether to leave


def test_files_are_dropped_onto_the_page(go: Go, sheet: ProgressSheet, member: User) -> None:
    page = go(member, f"/sheets/{sheet.pk}/files/")
    carried = page.evaluate_handle(
        """() => {
          const carried = new DataTransfer();
          carried.items.add(new File(["%PDF-1.7\\n%%EOF"], "落とした.pdf", {type: "application/pdf"}));
          return carried;
        }"""
    )
    page.locator("[data-drop]").dispatch_event("drop", {"dataTransfer": carried})
    expect(page.locator("[data-chosen] > li")).to_contain_text("落とした.pdf")
    page.get_by_role("button", name="送って残す").click()
    expect(page.get_by_role("status").filter(has_text="1個のファイルを残しました。")).to_be_visible()
    assert Attachment.objects.get().name == "落とした.pdf"


def test_a_lost_line_and_a_lost_session_lose_no_file(
    go: Go,
    live_server: LiveServer,
    sheet: ProgressSheet,
    member: User,
    chosen: Callable[..., list[str]],
    browser_problems: list[str],
) -> None:
    page = go(member, f"/sheets/{sheet.pk}/files/")
    page.locator("#id_chosen").set_input_files(chosen("庭.png", "ちらし.pdf"))
    page.get_by_label("説明", exact=True).fill("秋の庭")
    page.get_by_label("人は写っていない").check()
    page.context.set_offline(True)
    page.get_by_role("button", name="送って残す").click()
    expect(page.get_by_text("送れませんでした。選んだファイルは、この画面に残っています。")).to_be_visible()
    expect(page.locator("[data-chosen] > li")).to_have_count(2)
    page.context.set_offline(False)
    browser_problems.clear()

    page.context.clear_cookies(name=SESSION)
    page.get_by_role("button", name="もう一度送る").click()
    expect(page.get_by_text("サインインが切れています。")).to_be_visible()
    look(page)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="別の画面でサインインする").click()
    beside = opened.value
    beside.get_by_label("メールアドレス").fill(member.email)
    beside.get_by_label("パスワード").fill(PASSWORD)
    beside.get_by_role("button", name="サインインする", exact=True).click()
    expect(beside.get_by_role("button", name="サインインする", exact=True)).to_be_hidden()
    beside.close()
    page.get_by_role("button", name="もう一度送る").click()
    expect(page.get_by_role("status").filter(has_text="2個のファイルを残しました。")).to_be_visible()
    assert set(Attachment.objects.values_list("name", "caption")) == {
        ("庭.png", "秋の庭"),
        ("ちらし.pdf", "秋の庭"),
    }


def test_a_token_that_is_gone_is_told_too(
    go: Go, sheet: ProgressSheet, member: User, chosen: Callable[..., list[str]], browser_problems: list[str]
) -> None:
    page = go(member, f"/sheets/{sheet.pk}/files/")
    page.locator("#id_chosen").set_input_files(chosen("ちらし.pdf"))
    page.context.clear_cookies(name=django_settings.CSRF_COOKIE_NAME)
    page.get_by_role("button", name="送って残す").click()
    expect(page.get_by_text("サインインが切れています。")).to_be_visible()
    expect(page.locator("[data-chosen] > li")).to_have_count(1)
    browser_problems.clear()


def test_a_month_that_moved_on_is_told(
    go: Go, sheet: ProgressSheet, member: User, chosen: Callable[..., list[str]], browser_problems: list[str]
) -> None:
    page = go(member, f"/sheets/{sheet.pk}/files/")
    page.locator("#id_chosen").set_input_files(chosen("ちらし.pdf"))
    ProgressSheet.objects.update(state=ProgressSheet.State.SUBMITTED)
    page.get_by_role("button", name="送って残す").click()
    expect(page.locator("[data-chosen] > li")).to_contain_text("いまは「提出済」なので")
    assert browser_problems == [f"409 {page.url}add/"]
    browser_problems.clear()
    assert not Attachment.objects.exists()


def test_taking_away_and_getting_back(go: Go, sheet: ProgressSheet, officer: User) -> None:
    row = AttachmentFactory(sheet=sheet, document=True, name="ちらし.pdf")
    page = go(officer, f"/sheets/{sheet.pk}/files/")
    page.locator("summary", has_text="消す").click()
    look(page)
    page.get_by_label("消す理由（任意）").fill("まちがえて送った")
    page.get_by_role("button", name="消す（30日のあいだ戻せます）").click()
    expect(page.locator("[data-removed]")).to_contain_text("2022年12月8日まで戻せます。")
    expect(page.locator("[data-removed]")).to_contain_text("理由: まちがえて送った")
    look(page)
    page.get_by_role("button", name="戻す ちらし.pdf").click()
    expect(page.locator("[data-attached] li")).to_contain_text("ちらし.pdf")
    page.get_by_role("link", name="説明を直す ちらし.pdf").click()
    page.get_by_label("説明", exact=True).fill("配ったちらし")
    look(page)
    page.get_by_role("button", name="保存する", exact=True).click()
    expect(page.locator("[data-attached] li")).to_contain_text("配ったちらし")
    row.refresh_from_db()
    assert (row.caption, row.removed_at) == ("配ったちらし", None)


def test_without_script_everything_works(
    browser: Browser,
    browser_context_args: dict[str, Any],
    live_server: LiveServer,
    sheet: ProgressSheet,
    member: User,
    chosen: Callable[..., list[str]],
) -> None:
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    page = context.new_page()
    sign_into(page.context, live_server.url, member)
    page.goto(f"{live_server.url}/sheets/{sheet.pk}/entry/")
    page.get_by_role("button", name="入力を保存して、写真・ファイルを加える").click()
    page.locator("#id_chosen").set_input_files(chosen("芋煮会.jpg", "動く絵.gif", "ちらし.pdf"))
    page.get_by_label("説明", exact=True).fill("秋の芋煮会")
    page.get_by_label("人が写っている（うしろ姿や名札もふくむ）").check()
    page.get_by_role("button", name="送って残す").click()
    expect(page.get_by_role("alert")).to_contain_text("「動く絵.gif」は、GIFの画像です")
    expect(page.get_by_role("alert")).to_contain_text("「芋煮会.jpg」は、まだ残していません。")
    expect(page.get_by_role("alert")).to_contain_text("ほかの1個は残しました。")
    expect(page.get_by_label("説明", exact=True)).to_have_value("秋の芋煮会")
    page.get_by_label("写っている人（若者をふくむ）の了解を得ています").check()
    page.locator("#id_chosen").set_input_files(chosen("芋煮会.jpg"))
    page.get_by_role("button", name="送って残す").click()
    expect(page.locator("main")).to_contain_text("1個のファイルを残しました。")
    assert set(Attachment.objects.values_list("name", flat=True)) == {"芋煮会.jpg", "ちらし.pdf"}
    context.close()
