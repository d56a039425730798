"""What every journey does with the browser: somebody sits down at it, looks at a page, and follows a link."""

from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Locator, Page

from accounts.models import User
from tests.axe import axe_violations


def sign_into(context: BrowserContext, server: str, user: User) -> None:
    """Signed in, without the page for it; whoever sat here before is gone."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": server}])


def look(page: Page) -> None:
    """axe, and that nothing runs out of the window at the side."""
    violations = axe_violations(page)
    assert not violations, "\n".join([page.url, *violations])
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url


def follow(link: Locator) -> None:
    """Until the page it leads to stands there: a click alone does not wait for it."""
    page = link.page
    with page.expect_event("framenavigated", lambda frame: frame == page.main_frame):
        link.click()
    page.wait_for_load_state()
