"""A month that saves itself while it is typed: nothing that was typed is ever lost."""

import datetime as dt
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from mentoring.models import Figure, OutcomeChange, ProgressSheet
from tests.e2e.saving import Desk, Entry
from tests.factories import PlanRows, SheetFactory
from tests.mentoring.entry import change, figure, plan_money

pytestmark = pytest.mark.django_db(transaction=True)
expect.set_options(timeout=20_000)


@pytest.fixture
def sheet(plan: PlanRows, settings: Any) -> ProgressSheet:
    settings.DEMO_TODAY = "2022-11-08"
    plan_money(plan)
    return SheetFactory(grant=plan.grant, month=dt.date(2022, 10, 1))


@pytest.fixture(params=[390, 1280], ids=["narrow", "wide"])
def entry(
    request: pytest.FixtureRequest,
    page: Page,
    context: BrowserContext,
    live_server: LiveServer,
    sheet: ProgressSheet,
    representative: User,
) -> Entry:
    return Desk(context, live_server.url, representative, request.param).open(sheet, page)


def test_what_is_typed_is_saved_without_a_button(entry: Entry, sheet: ProgressSheet, plan: PlanRows) -> None:
    entry.field(figure(plan, "sum")).fill("１，２３４回")
    entry.field(change(plan)).fill("友だちを連れてくる若者が増えました。")
    entry.saved()
    expect(entry.field(figure(plan, "sum"))).to_have_value("1,234")
    assert Figure.objects.get().value == 1234
    assert OutcomeChange.objects.get().text == "友だちを連れてくる若者が増えました。"
    assert entry.kept() == {}
    entry.page.reload()
    expect(entry.field(change(plan))).to_have_value("友だちを連れてくる若者が増えました。")
