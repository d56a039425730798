"""A pair of hands on a keyboard in a real browser: every press is counted, and so is every page that loads."""

from collections import Counter
from typing import Any

MOST_TABS = 150


class Hands:
    """`part` names what the presses belong to. A chord is one press; the mouse is not touched."""

    def __init__(self, page: Any) -> None:
        self.page, self.part = page, ""
        self.counts: dict[str, Counter[str]] = {}
        page.on("domcontentloaded", lambda: self._count("loads"))

    def _count(self, what: str, by: int = 1) -> None:
        self.counts.setdefault(self.part, Counter())[what] += by

    def press(self, key: str, times: int = 1) -> None:
        for _ in range(times):
            self._count("keys")
            self.page.keyboard.press(key)

    def write(self, text: str) -> None:
        """What the month says: the same letters in both ways."""
        self._count("content", len(text))
        self.page.keyboard.type(text)

    def write_again(self, text: str) -> None:
        """Letters that stand somewhere already, or only serve the form."""
        self._count("again", len(text))
        self.page.keyboard.type(text)

    def follow(self, key: str = "Enter") -> None:
        """A press that leads to another page."""
        with self.page.expect_navigation():
            self.press(key)
        self.page.wait_for_load_state()

    def skip(self) -> None:
        """Past the bar, by the link that every page begins with."""
        self.press("Tab")
        self.press("Enter")

    def is_at(self, selector: str) -> bool:
        return bool(self.page.evaluate("s => document.activeElement?.matches(s) ?? false", selector))

    def reach(self, selector: str, key: str = "Tab") -> None:
        """Tab after Tab until the focus is there."""
        if not self.page.locator(selector).count():
            raise LookupError(f"{selector} is not on {self.page.url}")
        for _ in range(MOST_TABS):
            if self.is_at(selector):
                return
            self.press(key)
        raise LookupError(f"{selector} was not reached on {self.page.url}")
