"""A month in a workbook, in a real browser: downloaded, filled in, looked at cell by cell, and taken over."""

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from grants.models import Grant
from mentoring.cells import cells_of
from mentoring.models import Figure, OutcomeChange, ProgressSheet
from mentoring.reading import read_sheet
from mentoring.services.entry import save_entry
from reports.exports.package import LARGEST, MACROS, TOO_BIG
from tests.e2e.browsing import look
from tests.e2e.entering import wants_the_whole_list
from tests.factories import PASSWORD, FigureFactory, PlanRows, SheetFactory
from tests.reports.books import figure_key, filled
from tests.reports.papers import named

pytestmark = pytest.mark.django_db(transaction=True)
expect.set_options(timeout=20_000)


@pytest.fixture
def sheet(grant: Grant, plan: PlanRows, settings: Any) -> ProgressSheet:
    settings.DEMO_TODAY = "2022-11-08"
    september = SheetFactory(grant=grant, month=dt.date(2022, 9, 1), closed=True)
    FigureFactory(sheet=september, indicator=plan.indicators["sum"], value=5)
    return SheetFactory(grant=grant)


@pytest.fixture(params=[390, 1280], ids=["narrow", "wide"])
def at_the_entry(
    request: pytest.FixtureRequest,
    page: Page,
    live_server: LiveServer,
    sheet: ProgressSheet,
    representative: User,
) -> Page:
    page.set_default_timeout(20_000)
    page.set_viewport_size({"width": request.param, "height": 900})
    wants_the_whole_list(page)
    page.goto(f"{live_server.url}/accounts/login/?next=/sheets/{sheet.pk}/entry/")
    page.get_by_label("メールアドレス").fill(representative.email)
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="サインインする", exact=True).click()
    expect(page).to_have_url(f"{live_server.url}/sheets/{sheet.pk}/entry/")
    return page


def take_home(page: Page, folder: Path) -> Path:
    page.get_by_role("link", name="Excelで入力").filter(visible=True).click()
    expect(page.get_by_role("heading", name="2. 書いたら、ここへ")).to_be_visible()
    look(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Excelをダウンロードする").click()
    assert download.value.suggested_filename == "あおぞらの会_2022-10_進捗共有シート.xlsx"
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def bring_back(page: Page, path: Path) -> None:
    page.get_by_label("書いたExcelのファイル").set_input_files(path)
    page.get_by_role("button", name="変わるところを見る").click()


def test_a_file_that_would_be_refused_is_told_of_before_it_is_sent(
    at_the_entry: Page, sheet: ProgressSheet, tmp_path: Path
) -> None:
    page = at_the_entry
    good = take_home(page, tmp_path)
    with_macros, large = tmp_path / "進捗.XLSM", tmp_path / "写真入り.xlsx"
    with_macros.write_bytes(good.read_bytes())
    with large.open("wb") as file:
        file.truncate(LARGEST + 1)
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    chosen = page.get_by_label("書いたExcelのファイル")
    told = page.locator(".field-error")
    for path, words in ((with_macros, MACROS), (large, TOO_BIG)):
        chosen.set_input_files(path)
        expect(told).to_have_text(str(words))
        expect(chosen).to_have_attribute("aria-invalid", "true")
        expect(chosen).to_have_accessible_description(re.compile(re.escape(str(words))))
        look(page)
        page.get_by_role("button", name="変わるところを見る").click()
        expect(chosen).to_be_focused()
    assert posts == []
    chosen.set_input_files(good)
    expect(told).to_have_count(0)
    expect(chosen).not_to_have_attribute("aria-invalid", "true")
    page.get_by_role("button", name="変わるところを見る").click()
    expect(page.locator("main")).to_contain_text("いまのシートと同じでした")


def test_what_the_server_said_goes_when_another_file_is_chosen(at_the_entry: Page, tmp_path: Path) -> None:
    page = at_the_entry
    good = take_home(page, tmp_path)
    bring_back(page, Path(__file__))
    expect(page.locator(".field-error")).to_contain_text("CSVは取り込めません。")
    page.get_by_label("書いたExcelのファイル").set_input_files(good)
    expect(page.locator(".field-error")).to_have_count(0)


def test_a_month_in_a_workbook(
    at_the_entry: Page, sheet: ProgressSheet, plan: PlanRows, tmp_path: Path
) -> None:
    page = at_the_entry
    path = take_home(page, tmp_path)
    bring_back(page, Path(__file__))  # the wrong file first
    expect(page.locator("main")).to_contain_text("CSVは取り込めません。")
    look(page)

    def fill(it: Any) -> None:
        it.put(f"change-{plan.outcomes[0].pk}", "note", "友だちを連れてくる若者が増えました。")
        it.put(figure_key(plan, "sum"), "now", "８回")
        it.put(figure_key(plan, "new_unique"), "now", "=1+1")
        it.put(figure_key(plan, "latest"), "now", 3)
        it.put("remark", "note", "山田さんが手伝ってくれた。")

    path.write_bytes(filled(path.read_bytes(), fill))
    bring_back(page, path)
    main = page.locator("main")
    expect(main).to_contain_text("取り込めないところが1か所あります。")
    expect(main).to_contain_text("①-1 居場所に来た人: 計算式が入っています。")
    expect(main).to_contain_text("「山田さん」は人の名前のように読めます。")
    look(page)
    assert not Figure.objects.filter(sheet=sheet).exists()
    ticks = page.get_by_role("checkbox")
    expect(ticks).to_have_count(4)
    expect(page.get_by_role("checkbox", name="備考・つぶやき: 取り込む")).not_to_be_checked()
    page.get_by_role("checkbox", name="①-2 ボランティア").uncheck()
    page.get_by_role("button", name="チェックしたところを取り込む").click()
    expect(main).to_contain_text("Excelから2か所を取り込みました。")
    expect(page.get_by_label("居場所を開いた回数 10月の数")).to_have_value("8")
    look(page)
    assert OutcomeChange.objects.get(sheet=sheet).text == "友だちを連れてくる若者が増えました。"
    assert [f.indicator_id for f in Figure.objects.filter(sheet=sheet)] == [plan.indicators["sum"].pk]
    sheet.refresh_from_db()
    assert sheet.remark == ""


def test_a_colleague_wrote_the_same_cell(
    at_the_entry: Page, sheet: ProgressSheet, plan: PlanRows, member: User, tmp_path: Path
) -> None:
    page, key = at_the_entry, f"change-{plan.outcomes[0].pk}"
    path = take_home(page, tmp_path)
    path.write_bytes(filled(path.read_bytes(), lambda it: it.put(key, "note", "Excelの文")))
    cells = cells_of(read_sheet(named(sheet)).plan, [], [])
    save_entry(sheet=sheet, cells=cells, typed={f"{key}-text": ("同僚の文",)}, seen={}, by=member)
    bring_back(page, path)
    main = page.locator("main")
    expect(main).to_contain_text("ダウンロードのあとに、このシートは保存されています。")
    for text in ("Excelの文", "同僚の文", "ほかの人も書きました"):
        expect(main).to_contain_text(text)
    look(page)
    page.get_by_role("button", name="チェックしたところを取り込む").click()
    expect(main).to_contain_text("取り込むところに、チェックを入れてください。")
    look(page)
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="チェックしたところを取り込む").click()
    expect(main).to_contain_text("Excelから1か所を取り込みました。")
    assert OutcomeChange.objects.get(sheet=sheet).text == "Excelの文"
