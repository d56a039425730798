"""The logic models of the demo on a desk and on a phone, in both languages: every word has its room."""

from typing import Any

import pytest
from django.conf import settings as django_settings
from django.urls import reverse
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from grants.models import Grant
from mentoring.picture import periods_of, read_picture
from reports.demo.build import build_demo
from tests.axe import axe_violations
from tests.e2e.browsing import sign_into

pytestmark = pytest.mark.django_db(transaction=True)

# Texts of the drawing that stick out of the frame they stand in, at the sides or below.
STICKING_OUT = """Array.from(document.querySelectorAll("svg.model a")).flatMap(part => {
  const frame = part.querySelector("rect").getBBox();
  return Array.from(part.querySelectorAll("text")).filter(text => {
    const box = text.getBBox();
    return box.x < frame.x || box.x + box.width > frame.x + frame.width || box.y + box.height > frame.y + frame.height;
  }).map(text => text.textContent);
})"""
CLIPPED = """Array.from(document.querySelectorAll("main .btn, .story a")).filter(part => {
  const next = part.parentElement.nextElementSibling, box = part.getBoundingClientRect();
  const inside = part.matches(".btn") ? part.scrollWidth <= part.clientWidth + 1 : !next ||
    box.right <= next.getBoundingClientRect().left || box.bottom <= next.getBoundingClientRect().top + 1;
  return box.width && !inside;
}).map(part => part.textContent)"""


@pytest.fixture
def desk(page: Page, live_server: LiveServer, settings: Any) -> Page:
    settings.DEMO_TODAY = "2024-01-09"
    build_demo()
    officer = User.objects.get(email="morishita@chibanowa.example")
    sign_into(page.context, live_server.url, officer)
    return page


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_word_of_the_models_has_its_room(desk: Page, live_server: LiveServer, language: str) -> None:
    desk.context.add_cookies(
        [{"name": django_settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_server.url}]
    )
    officer = User.objects.get(email="morishita@chibanowa.example")
    grants = list(Grant.objects.visible_to(officer))
    assert len(grants) == 5, "all of the first foundation"
    for grant in grants:
        desk.set_viewport_size({"width": 390, "height": 844})
        desk.goto(live_server.url + reverse("mentoring:model", args=[grant.pk]))
        assert desk.locator("html").get_attribute("lang") == language
        assert desk.evaluate(STICKING_OUT) == [], grant
        assert desk.evaluate(CLIPPED) == [], grant
        assert desk.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_story_of_an_old_link_fits_and_says_what_is_next(
    desk: Page, live_server: LiveServer, language: str, width: int
) -> None:
    desk.context.add_cookies(
        [{"name": django_settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_server.url}]
    )
    grant = Grant.objects.filter(officer__email="morishita@chibanowa.example").order_by("pk")[0]
    periods = periods_of(grant)
    old = read_picture(grant, periods[-2].month, periods).stale_links[0]
    desk.set_viewport_size({"width": width, "height": 844})
    desk.goto(live_server.url + reverse("mentoring:model_link", args=[grant.pk, *old.edge]))
    assert desk.locator(".next a.btn-primary").count() == 1
    assert desk.evaluate(CLIPPED) == []
    assert desk.evaluate("document.documentElement.scrollWidth") <= width
    assert axe_violations(desk) == []
