"""A person at the entry page of a sheet, in a real browser."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from mentoring.models import ProgressSheet
from reports.demo.build import build_demo
from tests.e2e.browsing import look, sign_into

expect.set_options(timeout=20_000)

# Of each row, what the script may change: as it stands on the page, or as the server sends it.
FOLLOWING = """doc => Object.fromEntries(Array.from(doc.querySelectorAll("tr[data-figure], tr[data-cost]"), row => [
  row.querySelector("input, select").name,
  Array.from(row.querySelectorAll(".c-total, .months, [data-now-percent], [data-hint], [data-still], [data-cost-total],"
    + "[data-cost-rate], [data-cost-left]"), part => part.outerHTML.replaceAll(/[ \\n]+/g, " ")).concat(row.className),
]).concat(Array.from(doc.querySelectorAll(".rail, [data-left], .next"), part =>
  [part.className, part.innerHTML.replaceAll(/[ \\n]+/g, " ")])))"""


def see_the_whole_list(page: Page) -> None:
    """A phone shows one thing at a time; for this session it shows the list from here on."""
    size = page.viewport_size
    if size and size["width"] < 768:
        page.get_by_role("button", name="一覧で見る").click()


def wants_the_whole_list(page: Page) -> None:
    """The same, chosen before the page is opened."""
    page.add_init_script("try { sessionStorage.setItem('entry-listed', 'yes') } catch {}")


class Desk:
    def __init__(self, page: Page, server: str) -> None:
        self.page, self.server = page, server

    def sit_down(self, user: User) -> None:
        sign_into(self.page.context, self.server, user)

    def open(self, sheet: ProgressSheet, place: str = "") -> Page:
        self.page.goto(f"{self.server}/sheets/{sheet.pk}/entry/{place}")
        return self.page

    def field(self, name: str) -> Any:
        return self.page.locator(f"[name='{name}']")

    def look(self) -> None:
        look(self.page)

    def shown(self) -> dict[str, list[str]]:
        return self.page.evaluate(f"() => ({FOLLOWING})(document)")  # type: ignore[no-any-return]

    def sent(self) -> dict[str, list[str]]:
        """The same of the page as the server makes it now, before any script."""
        return self.page.evaluate(  # type: ignore[no-any-return]
            f"""async () => {{
              const html = await (await fetch(location.pathname)).text();
              return ({FOLLOWING})(new DOMParser().parseFromString(html, "text/html"));
            }}"""
        )


@pytest.fixture
def desk(page: Page, live_server: LiveServer) -> Desk:
    page.set_default_timeout(20_000)
    return Desk(page, live_server.url)


@pytest.fixture
def demo(transactional_db: None, settings: Any) -> None:
    settings.DEMO_TODAY = "2024-01-09"
    build_demo()
