"""A passkey from its making to the sign-in with it, under the strict policy, with the browser's own authenticator."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from tests.axe import axe_violations
from tests.e2e.browsing import follow

PASSWORD = "a-long-enough-secret"


@pytest.fixture
def authenticator(page: Any) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


@pytest.mark.django_db(transaction=True)
def test_sign_in_with_a_passkey(
    page: Any, live_server: LiveServer, authenticator: None, settings: Any
) -> None:
    settings.LOGIN_REDIRECT_URL = "mfa_index"
    User.objects.create_user("mori@example.org", PASSWORD, name="森 千夏")
    address = live_server.url.replace("127.0.0.1", "localhost")

    page.goto(f"{address}/accounts/login/")
    page.get_by_label("メールアドレス").fill("mori@example.org")
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="サインインする").click()

    page.get_by_role("link", name="パスキーを加える").click()
    page.get_by_label("いまのパスワード").fill(PASSWORD)
    follow(page.get_by_role("button", name="続ける"))
    assert axe_violations(page) == []
    page.get_by_label("このパスキーの名前").fill("事務所のパソコン")
    page.get_by_role("button", name="この端末で確かめて加える").click()
    expect(page.get_by_role("heading", name="予備コード")).to_be_visible()
    page.goto(f"{address}/accounts/2fa/webauthn/")
    expect(page.get_by_role("rowheader", name="事務所のパソコン")).to_be_visible()
    assert axe_violations(page) == []

    page.get_by_text("森 千夏").first.click()
    page.get_by_role("button", name="サインアウトする").click()
    page.get_by_role("button", name="パスキーを使う").click()
    expect(page.get_by_role("heading", name="サインインの守り")).to_be_visible()
    assert Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN).last_used_at is not None


@pytest.mark.django_db(transaction=True)
def test_an_address_of_digits_is_told_why(page: Any, live_server: LiveServer) -> None:
    page.goto(live_server.url.replace("localhost", "127.0.0.1") + "/accounts/login/")
    page.get_by_role("button", name="パスキーを使う").click()
    expect(page.get_by_text("数字だけの住所")).to_be_visible()
