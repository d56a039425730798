"""What every test stands on: Japanese as the language, an empty cache, complete fonts, and the browser."""

import logging
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.core.cache import cache
from django.utils import translation

pytest_plugins = ["tests.people"]

# No test times anything: a slow machine is not a bug. In CI the examples are the same on every run.
hypothesis.settings.register_profile(
    "house",
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.function_scoped_fixture],
)
hypothesis.settings.load_profile("house")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: Playwright's event loop stays on in the process that started it."""
    for item in items:
        if "e2e" in Path(item.path).relative_to(Path(__file__).parent).parts:
            item.add_marker(pytest.mark.e2e)
    items.sort(key=lambda item: item.get_closest_marker("e2e") is not None)


@pytest.fixture(autouse=True)
def japanese() -> Iterator[None]:
    """A request in English leaves its language behind in the thread; the next test starts anew."""
    with translation.override("ja"):
        yield


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """allauth counts sign-ins in the cache; one test's attempts are not another's."""
    cache.clear()


class _MissingGlyphs(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if ".notdef" in record.getMessage():
            self.messages.append(record.getMessage())


@pytest.fixture(autouse=True)
def no_missing_glyph() -> Iterator[None]:
    """WeasyPrint prints a box for a letter that no font has, and only says so in its log."""
    handler = _MissingGlyphs()
    logger = logging.getLogger("weasyprint")
    logger.addHandler(handler)
    yield
    logger.removeHandler(handler)
    assert not handler.messages, "a PDF was drawn with letters missing from the fonts"


# --- the browser -------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def orm_beside_the_browser() -> Iterator[None]:
    """Playwright's event loop makes Django refuse the ORM in a test; allowed here, in e2e processes only."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    yield
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any], orm_beside_the_browser: None
) -> dict[str, Any]:
    chromium = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium") or "/usr/bin/chromium"
    return {
        **browser_type_launch_args,
        "executable_path": chromium,
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_context_args,
        "locale": "ja-JP",
        "timezone_id": "Asia/Tokyo",
        "viewport": {"width": 1280, "height": 900},
    }


@pytest.fixture
def browser_problems(context: Any) -> Iterator[list[str]]:
    """Console errors, CSP violations, script errors, and parts of a page that did not arrive.

    A page that itself answers 403, 404 or 422 is no problem: tests ask for those on purpose. A test that
    provokes a problem on purpose empties the list; any that is left at the end fails the test.
    """
    problems: list[str] = []
    context.add_init_script(
        "document.addEventListener('securitypolicyviolation', event => console.error("
        "'CSP', event.effectiveDirective, event.blockedURI, event.sourceFile, event.sample))"
    )

    def on_console(message: Any) -> None:
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            problems.append(f"{message.text} ({message.page.url if message.page else ''})")

    def on_response(response: Any) -> None:
        if response.status >= 500 or (
            response.status >= 400 and response.request.resource_type != "document"
        ):
            problems.append(f"{response.status} {response.url}")

    context.on("console", on_console)
    context.on("response", on_response)
    context.on("weberror", lambda error: problems.append(str(error.error)))
    yield problems
    assert not problems, "\n".join(problems)


@pytest.fixture
def page(context: Any, browser_problems: list[str]) -> Iterator[Any]:
    """pytest-playwright's page, watched."""
    page = context.new_page()
    yield page
    page.close()
