"""What one taps on a phone is hit: 24 px of it at least, on the main pages (WCAG 2.2, 2.5.8)."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from grants.models import PlanProposal
from mentoring.models import ProgressSheet
from reports.demo.build import build_demo
from tests.e2e.browsing import sign_into
from tests.e2e.entering import see_the_whole_list
from tests.factories import PlanProposalFactory

pytestmark = pytest.mark.django_db(transaction=True)

# Of each link, button and input, or of its label: how much is hit of the piece that is hit best, up and down from its
# middle and from side to side, whatever lies over it. A link within a sentence is as high as the sentence lets it be.
SMALL = """() => {
  const ROUNDED = 23.5, REACH = 30;
  const inSentence = (element) => {
    if (getComputedStyle(element).display !== "inline") return false;
    let block = element.parentElement;
    while (getComputedStyle(block).display === "inline") block = block.parentElement;
    const words = (part) => part.innerText.replaceAll(/\\s/g, "").length;
    const links = [...block.querySelectorAll("a, button")].reduce((sum, link) => sum + words(link), 0);
    return words(block) > links;
  };
  const isTarget = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true })
    && !element.matches(":disabled, .visually-hidden, .skip") && !element.closest("svg") && !inSentence(element);
  const sizeOf = (element) => {
    element.scrollIntoView({ block: "center", behavior: "instant" });
    const boxes = [element, ...(element.labels ?? [])].filter((box) => !box.matches(".visually-hidden"));
    const hits = (x, y) => boxes.some((box) => box.contains(document.elementFromPoint(x, y)));
    const pieces = boxes.flatMap((box) => [...box.getClientRects()]).filter((piece) => piece.width >= 2);
    return pieces.map((piece) => {
      const x = piece.left + piece.width / 2, y = piece.top + piece.height / 2;
      if (!hits(x, y)) return 0;
      let up = 0, down = 0;
      while (up < REACH && hits(x, y - up - 0.5)) up += 0.5;
      while (down < REACH && hits(x, y + down + 0.5)) down += 0.5;
      return Math.min(piece.width, up + down);
    }).reduce((best, size) => Math.max(best, size), 0);
  };
  const targets = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")];
  return targets.filter(isTarget).map((element) => [sizeOf(element), element]).filter(([size]) => size < ROUNDED)
    .map(([size, element]) => `${size} ${element.outerHTML.slice(0, 120)}`);
}"""


@pytest.fixture
def phone(page: Page, live_server: LiveServer, settings: Any) -> Page:
    settings.DEMO_TODAY = "2024-01-09"
    build_demo()
    page.set_default_timeout(20_000)
    page.set_viewport_size({"width": 390, "height": 844})
    return page


def pages_of(
    sheet: ProgressSheet, january: ProgressSheet, proposal: PlanProposal
) -> Iterator[tuple[str, str]]:
    """Whose page, and where it is."""
    foundation, grantee = "morishita@chibanowa.example", "hayakawa@hakobune.example"
    for who in (foundation, grantee):
        yield who, "/"
        yield who, reverse("mentoring:sheet_detail", args=[sheet.pk])
        yield who, reverse("mentoring:sheet_list", args=[sheet.grant_id])
        yield who, reverse("mentoring:model", args=[sheet.grant_id])
        yield who, reverse("mentoring:proposal", args=[proposal.pk])
        yield who, reverse("mentoring:proposal_edit", args=[proposal.pk])
        yield who, reverse("mentoring:sheet_files", args=[sheet.pk])
    yield foundation, reverse("mentoring:meeting_edit", args=[sheet.pk])
    yield foundation, reverse("mentoring:support_list", args=[sheet.grant_id])
    yield foundation, reverse("mentoring:program", args=[sheet.grant.program_id])
    yield grantee, reverse("mentoring:sheet_entry", args=[january.pk])
    yield grantee, reverse("reports:excel_upload", args=[january.pk])


def test_what_one_taps_is_hit(phone: Page, live_server: LiveServer) -> None:
    december = ProgressSheet.objects.get(grant__organisation__name="はこぶね", month="2023-12-01")
    january = ProgressSheet.objects.get(grant=december.grant, month="2024-01-01")
    proposal = PlanProposalFactory(
        grant=december.grant, author=december.grant.officer, holds_from=january.month
    )
    small = []
    for who, place in pages_of(december, january, proposal):
        sign_into(phone.context, live_server.url, User.objects.get(email=who))
        phone.goto(live_server.url + place)
        small += [f"{place} {found}" for found in phone.evaluate(SMALL)]
    entry = reverse("mentoring:sheet_entry", args=[january.pk])
    phone.goto(live_server.url + entry)
    see_the_whole_list(phone)
    small += [f"{entry} as a list: {found}" for found in phone.evaluate(SMALL)]
    assert small == []
