"""The figures of an indicator in the editor of a plan: its yearly targets, and another unit. On a phone and on a desk."""

from collections.abc import Callable

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from grants.models import PlanProposal
from grants.plan import Plan
from tests.axe import axe_violations
from tests.factories import PlanProposalFactory, PlanRows

pytestmark = pytest.mark.django_db(transaction=True)
expect.set_options(timeout=20_000)


@pytest.fixture
def draft(plan: PlanRows) -> PlanProposal:
    proposal: PlanProposal = PlanProposalFactory(grant=plan.grant)
    return proposal


@pytest.fixture(params=[390, 1280], ids=["narrow", "wide"])
def form(
    request: pytest.FixtureRequest,
    page: Page,
    live_server: LiveServer,
    sign_in: Callable[[User], Client],
    representative: User,
    draft: PlanProposal,
) -> Page:
    """The form of how often the place was open."""
    page.set_viewport_size({"width": request.param, "height": 844})
    page.emulate_media(reduced_motion="reduce")
    name = django_settings.SESSION_COOKIE_NAME
    cookie = sign_in(representative).cookies[name].value
    page.context.add_cookies([{"name": name, "value": cookie, "url": live_server.url}])
    page.goto(f"{live_server.url}/proposals/{draft.pk}/edit/")
    page.get_by_role("link", name="書きかえる 居場所を開いた回数").click()
    expect(page.get_by_role("group", name="年度の目標")).to_be_visible()
    return page


def put_in(page: Page) -> None:
    page.get_by_role("button", name="案に入れる", exact=True).click()


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_yearly_targets_are_typed_and_stand_before_and_after(
    form: Page, draft: PlanProposal, browser_problems: list[str]
) -> None:
    assert fits(form)
    assert not axe_violations(form)
    form.get_by_label("2022年度の目標").fill("たくさん")
    form.get_by_label("2023年度の目標").fill("４５回")
    put_in(form)
    expect(form.locator("#editor [role=alert]")).to_contain_text("2022年度の目標")
    expect(form.get_by_label("2022年度の目標")).to_be_focused()
    expect(form.get_by_label("2023年度の目標")).to_have_value("４５回")
    assert fits(form)
    assert not axe_violations(form)
    assert [line for line in browser_problems if not line.startswith("422 ")] == []
    browser_problems.clear()  # a form that comes back is no problem
    form.get_by_label("2022年度の目標").fill("40")
    put_in(form)
    expect(form.locator(".editor")).to_contain_text(["2022年度 40回、2023年度 45回"])
    form.get_by_role("link", name="前とあとを見くらべる").click()
    expect(form.locator("ins")).to_have_text(["2022年度 40回、2023年度 45回"])
    assert fits(form)


def test_another_unit_takes_its_place_with_one_press(
    form: Page, draft: PlanProposal, browser_problems: list[str]
) -> None:
    form.get_by_label("単位").fill("人")
    form.get_by_label("目標値").fill("300")
    put_in(form)
    expect(form.locator("#editor [role=alert]")).to_contain_text("足しあわせられません")
    expect(form.get_by_label("目標値")).to_have_value("300")
    assert fits(form)
    assert not axe_violations(form)
    browser_problems.clear()
    form.get_by_role("button", name="置きかえて、累計を新しくはじめる").click()
    expect(form.locator("form.editor-form")).to_have_count(0)
    expect(form.locator(".editor > li").filter(has_text="居場所が開かれている")).to_contain_text(
        "0人 → 300人"
    )
    made = [i for i in Plan.from_json(PlanProposal.objects.get(pk=draft.pk).draft).indicators() if i.id < 0]
    assert [(i.unit, i.target_value) for i in made] == [("人", 300)]
