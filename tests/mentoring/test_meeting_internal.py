"""What is internal to the foundation is on no page that anybody else can open."""

import datetime as dt
import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver

from accounts.models import User
from foundations.models import Foundation
from mentoring.models import FieldNote, ProgressSheet
from tests.factories import (
    ActionItemFactory,
    FieldNoteFactory,
    InterventionFactory,
    PlanRows,
    SheetDocumentFactory,
    SheetFactory,
)
from tests.mentoring.months import make_ready_sheet

SignIn = Callable[[User], Client]
INTERNAL = "内部だけの合言葉ひみつ"
SHARED = "みんなに見えるつぶやき"
OUTSIDE = ["representative", "member", "adviser", "accountant", "board", "other_grantee", "stranger"]
SKIPPED = ("admin/", "accounts/", "static/")  # the admin opens to admins only; allauth knows no notes


@pytest.fixture
def sheets(plan: PlanRows, officer: User) -> list[ProgressSheet]:
    """One month under way and one closed, each with a shared and an internal note."""
    made = [
        make_ready_sheet(plan, officer),
        SheetFactory(grant=plan.grant, month=dt.date(2022, 9, 1), closed=True),
    ]
    for sheet in made:
        FieldNoteFactory(grant=plan.grant, sheet=sheet, author=officer, text=SHARED)
        for text in (INTERNAL, f"もうひとつの{INTERNAL}"):
            FieldNoteFactory(
                grant=plan.grant,
                sheet=sheet,
                author=officer,
                text=text,
                visibility=FieldNote.Visibility.INTERNAL,
            )
        ActionItemFactory(sheet=sheet)
    FieldNoteFactory(grant=plan.grant, text=INTERNAL, visibility=FieldNote.Visibility.INTERNAL)
    InterventionFactory(grant=plan.grant)
    SheetDocumentFactory(sheet=made[1])
    return made


def addresses(resolver: URLResolver | None = None, prefix: str = "") -> list[str]:
    """Every address of ours, with 1 to 4 for its id."""
    found = []
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if route.startswith(SKIPPED):
            continue
        if isinstance(pattern, URLResolver):
            found += addresses(pattern, route)
        elif isinstance(pattern, URLPattern) and "<" not in route.replace("<int:pk>", ""):
            found += [f"/{route.replace('<int:pk>', str(pk))}" for pk in range(1, 5 if "<" in route else 2)]
    return found


def links_in(page: str) -> set[str]:
    return {unescape(link).split("#")[0] for link in re.findall(r'href="(/[^"]*)"', page)}


def everything_readable(client: Client) -> dict[str, str]:
    """What this person can open: all addresses by their pattern, and every link on the way, twice removed."""
    seen: dict[str, str] = {}
    waiting = set(addresses())
    for _round in range(3):
        for address in sorted(waiting - set(seen)):
            response = client.get(address)
            body = b"".join(response) if response.streaming else response.content
            seen[address] = body.decode(errors="replace") if response.status_code != 404 else ""
        waiting = {
            link
            for page in seen.values()
            for link in links_in(page)
            if not link.lstrip("/").startswith(SKIPPED)
        }
    return seen


@pytest.mark.parametrize("who", OUTSIDE)
def test_nobody_outside_reads_internal_notes(
    sheets: list[ProgressSheet], sign_in: SignIn, request: pytest.FixtureRequest, who: str
) -> None:
    pages = everything_readable(sign_in(request.getfixturevalue(who)))
    assert len(pages) > 30
    leaks = [address for address, page in pages.items() if "合言葉ひみつ" in page]
    assert leaks == []


def test_the_foundation_reads_them_in_the_meeting(
    sheets: list[ProgressSheet], sign_in: SignIn, officer: User
) -> None:
    page = sign_in(officer).get(reverse("mentoring:meeting_edit", args=[sheets[0].pk])).content.decode()
    assert page.count("合言葉ひみつ") == 2
    assert "実行団体・役員・評価アドバイザー・経理には見えません。PDFにも入りません。" in page


def test_the_queryset_keeps_them_inside(
    sheets: list[ProgressSheet],
    foundation: Foundation,
    request: pytest.FixtureRequest,
) -> None:
    for who in OUTSIDE:
        visible = FieldNote.objects.visible_to(request.getfixturevalue(who))
        assert not visible.internal().exists(), who
    for who in ("officer", "admin"):
        assert FieldNote.objects.visible_to(request.getfixturevalue(who)).internal().count() == 5
