"""From the letter to the first page, and the admin's pages, in a real browser under the strict CSP."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from accounts.models import User
from foundations.models import Foundation
from grantees.models import Membership, Organisation
from grants.models import Grant
from tests.axe import axe_violations
from tests.factories import PASSWORD, FundFactory, LedgerEntryFactory, OrganisationFactory, SheetFactory

pytestmark = pytest.mark.django_db(transaction=True)
SignInAs = Callable[[User], None]


@pytest.fixture
def enter(page: Page, live_server: Any) -> SignInAs:
    def as_user(user: User) -> None:
        page.goto(f"{live_server.url}/accounts/login/")
        page.get_by_label("メールアドレス").fill(user.email)
        page.get_by_label("パスワード", exact=False).first.fill(PASSWORD)
        page.get_by_role("button", name="サインインする").click()
        expect(page.locator(".app-who details")).to_be_visible()

    return as_user


@pytest.mark.parametrize("width", [390, 1280])
def test_from_the_letter_to_the_first_page(
    page: Page,
    live_server: Any,
    enter: SignInAs,
    representative: User,
    organisation: Organisation,
    grant: Grant,
    width: int,
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    enter(representative)
    page.goto(f"{live_server.url}/organisations/{organisation.pk}/people/")
    assert axe_violations(page) == []
    page.get_by_label("お名前").fill("新田 花")
    page.get_by_label("メールアドレス").fill("hana@")
    page.get_by_role("button", name="招待を送る").click()
    expect(page.get_by_label("お名前")).to_have_value("新田 花")
    assert axe_violations(page) == []
    page.get_by_label("メールアドレス").fill("hana@example.test")
    page.get_by_role("button", name="招待を送る").click()
    expect(page.get_by_text("新田 花さんに招待のメールを送りました")).to_be_visible()

    [message] = mail.outbox
    link = re.search(r"/invitations/[\w-]+/", message.body)[0]  # type: ignore[index]
    page.goto(f"{live_server.url}{link}")
    expect(page.get_by_role("heading", name="ほかの方あての招待です")).to_be_visible()
    assert axe_violations(page) == []
    page.get_by_role("button", name="サインアウトして招待に戻る").click()

    expect(page.get_by_label("お名前")).to_have_value("新田 花")
    assert axe_violations(page) == []
    page.get_by_label("ふりがな").fill("にった はな")
    page.get_by_label("パスワード", exact=False).first.fill("12345")
    page.get_by_label("パスワード（もう一度）").fill("54321")
    page.get_by_role("button", name="招待を受けて始める").click()
    expect(page.get_by_label("ふりがな")).to_have_value("にった はな")
    assert axe_violations(page) == []
    page.get_by_label("パスワード", exact=False).first.fill(PASSWORD)
    page.get_by_label("パスワード（もう一度）").fill(PASSWORD)
    page.get_by_role("button", name="招待を受けて始める").click()
    expect(page.get_by_text("ようこそ。これからよろしくお願いします。")).to_be_visible()
    assert Membership.objects.filter(user__email="hana@example.test", organisation=organisation).exists()

    page.goto(f"{live_server.url}{link}")
    expect(page.get_by_role("heading", name="この招待は、もう受けていただいています")).to_be_visible()
    assert axe_violations(page) == []


@pytest.mark.parametrize("width", [390, 1280])
def test_the_admin_works_under_the_strict_policy(
    page: Page,
    live_server: Any,
    enter: SignInAs,
    admin: User,
    foundation: Foundation,
    grant: Grant,
    plan: Any,
    settings: Any,
    width: int,
) -> None:
    """`page` itself fails the test on any violation or script error."""
    settings.ZEAL_ALLOWLIST = [*settings.ZEAL_ALLOWLIST, {"model": "*", "field": "get()"}]
    page.set_viewport_size({"width": width, "height": 900})
    SheetFactory(grant=grant, closed=True)
    OrganisationFactory(foundation=foundation, name="はこぶね", kana="はこぶね")
    fund = FundFactory(foundation=foundation, name="はな基金")
    LedgerEntryFactory(fund=fund, amount_yen=1_234_567)
    enter(admin)
    version = plan.outputs[0].versions.get()
    for path in (
        "",
        "grants/fund/",
        f"grants/fund/{fund.pk}/change/",
        f"grants/shorttermoutcome/{plan.outcomes[0].pk}/change/",
        f"grants/outputversion/{version.pk}/change/",
        f"grants/grant/{grant.pk}/change/",
        "mentoring/progresssheet/",
        "grantees/invitation/add/",
    ):
        response = page.goto(f"{live_server.url}/admin/{path}")
        assert response is not None
        assert response.status == 200, path
        too_wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert too_wide <= 0, path
    page.goto(f"{live_server.url}/admin/grants/grant/add/")
    page.locator(".field-organisation .select2-selection").click()
    page.keyboard.type("ハコブネ")
    page.get_by_role("option", name="はこぶね").click()
    expect(page.locator("#select2-id_organisation-container")).to_contain_text("はこぶね")
    page.goto(f"{live_server.url}/admin/grants/fund/{fund.pk}/change/")
    expect(page.locator("#id_ledger_entries-0-amount_yen")).to_have_value("1,234,567")
