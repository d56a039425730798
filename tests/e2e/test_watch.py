"""The watch over browser tests is itself watched: a journey that fails nothing must have been able to fail."""

from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from tests.axe import axe_violations


@pytest.fixture
def sign_in_page(page: Any, live_server: LiveServer) -> Any:
    page.goto(f"{live_server.url}/accounts/login/")
    return page


def test_our_style_arrives(page: Any, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/nothing-is-here/")
    assert "BIZ UDPGothic" in page.evaluate("() => getComputedStyle(document.body).fontFamily")
    assert axe_violations(page) == []


def test_sign_in_page_is_clean(sign_in_page: Any) -> None:
    assert axe_violations(sign_in_page) == []
    sign_in_page.set_viewport_size({"width": 390, "height": 844})
    assert axe_violations(sign_in_page) == []
    assert sign_in_page.evaluate("() => document.documentElement.scrollWidth") <= 390


def test_a_csp_violation_is_noticed(sign_in_page: Any, browser_problems: list[str]) -> None:
    with (
        sign_in_page.expect_console_message(lambda message: message.text.startswith("CSP")),
        sign_in_page.expect_console_message(lambda message: not message.text.startswith("CSP")),
    ):
        sign_in_page.evaluate(
            "() => document.body.insertAdjacentHTML('beforeend', '<p style=\"color:red\">')"
        )
    sign_in_page.evaluate("() => null")  # what came is now written down
    assert any("style-src" in problem for problem in browser_problems)
    browser_problems.clear()


def test_a_missing_part_is_noticed(sign_in_page: Any, browser_problems: list[str]) -> None:
    sign_in_page.evaluate("() => fetch('/static/css/nothing.css')")
    assert any(problem.startswith("404 ") for problem in browser_problems)
    browser_problems.clear()


def test_axe_sees_what_is_wrong(sign_in_page: Any) -> None:
    sign_in_page.evaluate("() => document.body.insertAdjacentHTML('beforeend', '<img src=\"/favicon.ico\">')")
    assert any(line.startswith("image-alt") for line in axe_violations(sign_in_page))
