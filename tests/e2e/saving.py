"""The entry page that saves itself, in a real browser: opening it as somebody, and waiting for what it says."""

from typing import Any

from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from mentoring.models import ProgressSheet

SAVED = "に保存しました"
FAILED = "保存できませんでした"


class Desk:
    """One browser of one person. The server's answer to a save can be waited for, and counted."""

    def __init__(self, context: BrowserContext, server: str, user: User, width: int = 1280) -> None:
        self.context, self.server, self.user, self.width = context, server, user, width
        self.sign_in()

    def sign_in(self) -> None:
        client = Client()
        client.force_login(self.user)
        name = settings.SESSION_COOKIE_NAME
        self.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": self.server}])

    def open(self, sheet: ProgressSheet, page: Page | None = None) -> "Entry":
        page = page or self.context.new_page()
        page.set_default_timeout(20_000)
        page.set_viewport_size({"width": self.width, "height": 900})
        page.goto(f"{self.server}/sheets/{sheet.pk}/entry/")
        return Entry(page)


class Entry:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.posts: list[Any] = []
        page.on("request", lambda request: self.posts.append(request) if "/cells/" in request.url else None)

    def field(self, name: str) -> Any:
        return self.page.locator(f"#id_{name}")

    @property
    def status(self) -> Any:
        return self.page.locator("[data-saved]")

    @property
    def notices(self) -> Any:
        return self.page.locator("[data-notices]")

    def saved(self) -> None:
        expect(self.status).to_contain_text(SAVED)
        expect(self.status).to_be_visible()

    def failed(self) -> None:
        expect(self.status).to_contain_text(FAILED)
        expect(self.status).to_be_visible()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def kept(self) -> dict[str, str]:
        """What waits in the browser's own storage."""
        return self.page.evaluate(
            "Object.fromEntries(Object.entries(localStorage).filter(([name]) => name.startsWith('unsaved:')))"
        )
