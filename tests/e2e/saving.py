"""The entry page that saves itself, in a real browser: opening it as somebody, and waiting for what it says."""

from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from accounts.models import User
from mentoring.models import ProgressSheet
from tests.e2e.browsing import look, sign_into
from tests.e2e.entering import wants_the_whole_list

SAVED = "に保存しました"
FAILED = "保存できませんでした。入力はこの画面に残っています"


class Desk:
    """One browser that a person sits at."""

    def __init__(self, context: BrowserContext, server: str, user: User, width: int = 1280) -> None:
        self.context, self.server, self.width = context, server, width
        context.set_default_timeout(20_000)
        self.sign_in(user)

    def sign_in(self, user: User) -> None:
        sign_into(self.context, self.server, user)

    def open(self, sheet: ProgressSheet, page: Page | None = None) -> "Entry":
        page = page or self.context.new_page()
        page.set_viewport_size({"width": self.width, "height": 900})
        entry = Entry(page)
        wants_the_whole_list(page)
        page.goto(f"{self.server}/sheets/{sheet.pk}/entry/")
        return entry


class Entry:
    """The page. What it posts is written down; a save can be held up, answered with an error, or lost."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.posts: list[str] = []
        self.dialogs: list[str] = []
        page.on("request", lambda r: self.posts.append(r.url.split("/")[-2]) if r.method == "POST" else None)
        page.on("dialog", self._accept)

    def _accept(self, dialog: Any) -> None:
        self.dialogs.append(dialog.type)
        dialog.accept()

    def field(self, name: str) -> Locator:
        return self.page.locator(f"#id_{name}")

    def write(self, name: str, text: str) -> None:
        """Typed, and left."""
        self.field(name).fill(text)
        self.field(name).blur()

    @property
    def status(self) -> Locator:
        return self.page.locator("[data-saved]")

    @property
    def notices(self) -> Locator:
        return self.page.locator("[data-notices]")

    def saved(self) -> None:
        """Everything typed has come through."""
        expect(self.page.locator("[data-saving]")).to_have_attribute("data-saving-state", "saved")
        expect(self.status).to_contain_text(SAVED)
        expect(self.status).to_be_in_viewport()

    def failed(self) -> None:
        expect(self.status).to_have_text(FAILED)
        expect(self.status).to_be_in_viewport()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def kept(self) -> dict[str, str]:
        """What waits in the browser's own storage."""
        found: dict[str, str] = self.page.evaluate(
            "Object.fromEntries(Object.entries(localStorage).filter(([name]) => name.startsWith('unsaved:')))"
        )
        return found

    def hold_saves(self) -> None:
        """Saves do not get through until they are let."""
        self.held: list[Route] | None = []

        def hold(route: Route) -> None:
            if self.held is None:
                route.continue_()
            else:
                self.held.append(route)

        self.page.route("**/cells/", hold)

    def release_saves(self) -> None:
        held, self.held = self.held or [], None
        for route in held:
            route.continue_()

    def lose_saves(self) -> None:
        self.page.route("**/cells/", lambda route: route.abort())

    def let_saves_through(self) -> None:
        self.page.unroute_all()

    def look(self) -> None:
        look(self.page)
