"""Names in free text on a phone: seen beside the field, in the way of nothing."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from mentoring.models import OutcomeChange, ProgressSheet
from tests.e2e.browsing import look, sign_into
from tests.e2e.entering import see_the_whole_list
from tests.factories import PlanRows, SheetFactory
from tests.mentoring.entry import change, figure, full_month, plan_money

pytestmark = pytest.mark.django_db(transaction=True)
expect.set_options(timeout=20_000)
NAMED = "やまださんから電話が来た。"


@pytest.fixture
def sheet(plan: PlanRows, settings: Any) -> ProgressSheet:
    settings.DEMO_TODAY = "2022-11-08"
    plan_money(plan)
    return SheetFactory(grant=plan.grant, month=dt.date(2022, 10, 1))


@pytest.fixture
def phone(page: Page, live_server: LiveServer) -> Callable[[User, str], Page]:
    page.set_default_timeout(20_000)
    page.set_viewport_size({"width": 390, "height": 844})

    def at(user: User, path: str) -> Page:
        sign_into(page.context, live_server.url, user)
        page.goto(f"{live_server.url}{path}")
        return page

    return at


def look_at_doubts(page: Page) -> None:
    look(page)
    for doubt in page.locator(".field-doubt").all():
        box = doubt.bounding_box()
        assert box is not None
        assert 0 <= box["x"] <= box["x"] + box["width"] <= 390


def test_a_month_with_a_name_is_submitted_with_one_more_press(
    phone: Callable[[User, str], Page], sheet: ProgressSheet, plan: PlanRows, representative: User
) -> None:
    for name, text in full_month(plan).items():
        if name.endswith("-text"):
            OutcomeChange.objects.create(sheet=sheet, outcome_id=int(name.split("-")[1]), text=text)
    page = phone(representative, f"/sheets/{sheet.pk}/entry/")
    see_the_whole_list(page)
    assert page.locator(".field-doubt").count() == 0
    page.locator(f"#id_{change(plan)}").fill(NAMED)
    page.locator(f"#id_{figure(plan, 'sum', 'note')}").fill("連絡先は090-1234-5678")
    for purpose in ("direct", "administrative"):
        page.locator(f"#id_cost-{purpose}-status").select_option("fine")
    page.get_by_role("button", name="提出する", exact=True).click()
    expect(page.locator(".field-doubt")).to_have_count(2)
    expect(page.locator(f"#id_{change(plan)}")).to_have_accessible_description(
        "たしかめてください「やまださん」は人の名前のように読めます。書き直すか、このままでも保存できます。"
    )
    look_at_doubts(page)
    page.get_by_label("未入力のまま提出します").check()
    page.get_by_role("button", name="このまま提出する", exact=True).click()
    expect(page.locator("main")).to_contain_text("提出しました")
    assert OutcomeChange.objects.get(outcome=plan.outcomes[0]).text == NAMED


def test_a_meeting_with_a_name_goes_on_with_one_more_press(
    phone: Callable[[User, str], Page], sheet: ProgressSheet, officer: User
) -> None:
    ProgressSheet.objects.filter(pk=sheet.pk).update(state="submitted")
    page = phone(officer, f"/sheets/{sheet.pk}/meeting/#end")
    page.get_by_role("textbox", name="話しながらのメモ").fill("ゆいちゃんのこと")
    page.get_by_role("button", name="確かめて確定へ", exact=True).click()
    expect(page.locator("main")).to_contain_text("「ゆいちゃん」は人の名前のように読めます。")
    look_at_doubts(page)
    page.get_by_role("button", name="このまま確定へ", exact=True).click()
    expect(page).to_have_url(f"{page.url.split('/sheets')[0]}/sheets/{sheet.pk}/close/")
