"""What a browser would send back from a page it was given: every field of its main form, as it stands."""

from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self.in_main = False
        self.select: str | None = None
        self.textarea: str | None = None
        self.text = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "main":
            self.in_main = True
        if not self.in_main:
            return
        name = given.get("name", "")
        if tag == "input" and name:
            if given.get("type") in ("radio", "checkbox"):
                if "checked" in given:
                    self.found.setdefault(name, []).append(given.get("value", "on"))
            else:
                self.found.setdefault(name, []).append(given.get("value", ""))
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in given:
            self.found.setdefault(self.select, []).append(given.get("value", ""))
        elif tag == "textarea":
            self.textarea, self.text = name, ""

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.textarea:
            self.found[self.textarea] = [self.text.removeprefix("\n")]
            self.textarea = None
        elif tag == "select":
            self.select = None
        elif tag == "main":
            self.in_main = False


def fields_of(response: HttpResponse) -> dict[str, Any]:
    """By name; several values of one name as a list."""
    parser = _Fields()
    parser.feed(response.content.decode())
    return {name: values for name, values in parser.found.items() if name != "csrfmiddlewaretoken"}
