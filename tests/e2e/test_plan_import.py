"""A table pasted from a spreadsheet becomes a plan, on a desk and on a phone."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from grants.models import Grant, PlanProposal
from grants.plan_reading import plan_in_force
from tests.e2e.browsing import follow, look, sign_into
from tests.factories import PlanRows
from tests.plan.test_plan_table import TEN

pytestmark = pytest.mark.django_db(transaction=True)
expect.set_options(timeout=20_000)

PASTED = f"""{TEN}
中長期アウトカム	①	孤立せずに暮らしている
短期アウトカム	①	困ったときに相談できる	"①参加施設
②相談の場"	①０施設 ②０回	①一人以上と話せる状態 ②12回	2024年1月	聞き取り
アウトプット	①-1	企業とつながる	寄付額/寄付者	0円	30万円/100名	3年目末	帳簿	企業訪問	毎月
			協力企業	0社	1年目:累計20社 2年目:累計50社 3年目:累計100社
"""


@pytest.fixture
def at(page: Page, live_server: LiveServer, settings: Any) -> Callable[[User, str, int], Page]:
    settings.DEMO_TODAY = "2022-11-08"
    page.set_default_timeout(20_000)

    def open_page(user: User, path: str, width: int) -> Page:
        page.set_viewport_size({"width": width, "height": 844})
        sign_into(page.context, live_server.url, user)
        page.goto(f"{live_server.url}{path}")
        return page

    return open_page


@pytest.mark.parametrize("width", [390, 1280])
def test_a_pasted_table_becomes_a_plan(
    at: Callable[[User, str, int], Page], officer: User, grant: Grant, width: int
) -> None:
    page = at(officer, grant.get_absolute_url(), width)
    follow(page.get_by_role("link", name="計画を表から取り込む"))
    look(page)
    page.get_by_label("貼りつけ", exact=True).fill(PASTED)
    page.get_by_role("button", name="読みとった内容を見る").click()
    expect(page.get_by_role("heading", name="読みとった計画をたしかめる")).to_be_visible()
    target = page.locator("#r2-target")
    expect(target).to_have_value("30万円/100名")
    expect(target).to_have_accessible_description(
        re.compile("1つのセルに数が2つあります.*「100名（合計）」か「100名（最新値）」と書いてください")
    )
    look(page)
    target.fill("30万円/のべ100名")
    page.get_by_role("button", name="直したところを読みなおす").click()
    expect(page.locator(".plan-block").nth(2)).to_contain_text("寄付者　合計　はじめ 0名 → 目標 100名")
    page.get_by_role("button", name="この計画を取り込む").click()
    expect(page.locator("main")).to_contain_text("計画を取り込みました")
    look(page)
    plan = plan_in_force(grant, dt.date(2021, 4, 1))
    assert [(i.name, i.target_value, i.target_state) for i in plan.indicators()] == [
        ("参加施設", None, "一人以上と話せる状態"),
        ("相談の場", 12, ""),
        ("寄付額", 300_000, ""),
        ("寄付者", 100, ""),
        ("協力企業", 100, "1年目:累計20社 2年目:累計50社 3年目:累計100社"),
    ]


def test_a_changed_plan_becomes_a_proposal(
    at: Callable[[User, str, int], Page], officer: User, grant: Grant, plan: PlanRows, tmp_path: Any
) -> None:
    page = at(officer, grant.get_absolute_url(), 1280)
    with page.expect_download() as download:
        page.get_by_role("link", name="CSVで書き出す").click()
    path = tmp_path / "plan.csv"
    text = download.value.path().read_text(encoding="utf-8-sig").replace("85回", "96回")
    path.write_text(text, encoding="utf-8")
    page.goto(f"{page.url.split('/grants')[0]}{reverse('reports:plan_import', args=[grant.pk])}")
    page.get_by_label("ファイル", exact=True).set_input_files(path)
    page.get_by_role("button", name="読みとった内容を見る").click()
    expect(page.get_by_role("table").first).to_contain_text("96回")
    look(page)
    page.get_by_role("button", name="見直しの案にする").click()
    expect(page.locator("main")).to_contain_text("見直しの案にしました")
    assert PlanProposal.objects.get().state == "draft"
    assert plan.indicators["sum"].versions.get().target_value == 85
