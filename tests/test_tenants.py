"""Two foundations in one installation, both filled: nothing of the one is ever found in the other."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import User
from grantees.models import Invitation, Membership, Organisation
from grants.models import Grant, PlanProposal, Program, ProgramIndicator
from mentoring.models import (
    ActionItem,
    Attachment,
    Intervention,
    Meeting,
    ProgressSheet,
    RowComment,
    SheetDocument,
)
from tests.tenants import Tenant, fill
from tests.test_access import url_names

SignIn = Callable[[User], Client]
# Two lakes. What is looked for has the lake at its end, so that a search for the other's lake, which the page
# repeats, is no finding.
OURS, THEIRS = "はまなこの岸", "びわこの岸"
QUERY = "びわこ"
ROLES = ("officer", "admin", "board", "accountant", "adviser", "representative", "member")


@pytest.fixture
def ours(db: None, request: pytest.FixtureRequest) -> Tenant:
    return fill(OURS, draws_pdf=request.node.name == "test_what_links_reach[officer]")


@pytest.fixture
def theirs(db: None) -> Tenant:
    return fill(THEIRS)


def words_of(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if response["Content-Type"].startswith("application/pdf"):
        return "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).replace("\n", "")
    if response["Content-Type"].endswith("spreadsheetml.sheet"):
        with ZipFile(BytesIO(content)) as archive:
            return unescape("".join(archive.read(name).decode() for name in archive.namelist()))
    return unescape(content.decode("utf-8", "replace"))


def links_in(text: str) -> set[str]:
    """Addresses of our own that a page offers; what acts or leaves is not followed."""
    found = {unescape(url).split("#")[0] for url in re.findall(r'<a\b[^>]*\bhref="(/[^"]*)"', text)}
    return {
        url for url in found if "?" not in url and not url.startswith(("/static/", "/accounts/", "/admin/"))
    }


# A draft is drawn and a workbook is written on asking; a document is kept.
FILES = re.compile(r"/pdf/$|\.pdf$|/excel/$|^/documents/")


def crawl(client: Client, *, with_files: bool) -> Iterator[tuple[str, str]]:
    """Everything that can be reached from home by links, outside the admin."""
    waiting, seen = ["/"], {"/"}
    while waiting:
        url = waiting.pop()
        response = client.get(url, follow=True)
        assert response.status_code == 200, f"{url} is offered, but answers {response.status_code}"
        text = words_of(response)
        yield url, text
        new = links_in(text) - seen
        new = {url for url in new if with_files or not FILES.search(url)}
        seen |= new
        waiting += sorted(new)


@pytest.mark.every_page
@pytest.mark.parametrize("role", ROLES)
def test_what_links_reach(ours: Tenant, theirs: Tenant, sign_in: SignIn, role: str) -> None:
    reached = {}
    for url, text in crawl(sign_in(ours.people[role]), with_files=role == "officer"):
        assert THEIRS not in text, f"{role} reads of the other foundation at {url}"
        reached[url] = OURS in text
    assert sum(reached.values()) >= 3, role
    if role == "board":
        drafts = [sheet for state, sheet in ours.sheets.items() if state != "closed"]
        assert not {sheet.get_absolute_url() for sheet in drafts} & set(reached)


# What the number in an address counts, by the address's first word.
COUNTED = {
    "grants": Grant,
    "sheets": ProgressSheet,
    "support": Intervention,
    "homework": ActionItem,
    "meetings": Meeting,
    "comments": RowComment,
    "documents": SheetDocument,
    "files": Attachment,
    "programs": Program,
    "program-indicators": ProgramIndicator,
    "proposals": PlanProposal,
    "organisations": Organisation,
    "invitations": Invitation,
    "memberships": Membership,
}


def addresses_of(tenant: Tenant, *, rows: slice) -> Iterator[str]:
    """Every address of ours that takes a number, for these of the rows of the tenant's that it may count."""
    for name, pattern in url_names():
        if not name.startswith("admin:") and list(pattern.pattern.converters) == ["pk"]:
            model = COUNTED[str(pattern.pattern).split("/")[0]]
            numbers = [row.pk for row in tenant.rows if type(row) is model]
            assert numbers, name
            yield from (reverse(name, args=[number]) for number in numbers[rows])


@pytest.mark.every_page
@pytest.mark.parametrize("role", ROLES)
def test_their_numbers_typed_by_hand(ours: Tenant, theirs: Tenant, sign_in: SignIn, role: str) -> None:
    """An officer tries every row, the others one of each kind: what is another foundation's is so in any state."""
    addresses = addresses_of(theirs, rows=slice(None) if role == "officer" else slice(1))
    client = sign_in(ours.people[role])
    save = {"user": ours.people[role].pk, "cells": {"remark-remark": {"typed": ["x"], "seen": [""]}}}
    for url in addresses:
        posted = (
            client.post(url, save, content_type="application/json")
            if url.endswith("/cells/")  # without a save in it, it answers before looking for the sheet
            else client.post(url)
        )
        assert {client.get(url).status_code, posted.status_code} <= {404, 405}, f"{role} {url}"


def test_search_for_their_words(ours: Tenant, theirs: Tenant, sign_in: SignIn) -> None:
    for role in ROLES:
        response = sign_in(ours.people[role]).get(reverse("grants:list"), {"q": QUERY})
        assert THEIRS not in words_of(response)


def admin_models() -> list[Any]:
    return [model for model in apps.get_models() if model in admin.site._registry]


def test_the_admin_s_lists_forms_and_searches(ours: Tenant, theirs: Tenant, sign_in: SignIn) -> None:
    client = sign_in(ours.people["admin"])
    for model in admin_models():
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        for url in (
            reverse(f"{base}_changelist"),
            f"{reverse(f'{base}_changelist')}?q={QUERY}",
            reverse(f"{base}_add"),
        ):
            response = client.get(url)
            assert response.status_code in {200, 302, 403}, url
            assert THEIRS not in words_of(response), f"an admin reads of the other foundation at {url}"


def test_the_admin_s_pages_of_their_rows(ours: Tenant, theirs: Tenant, sign_in: SignIn) -> None:
    client = sign_in(ours.people["admin"])
    for model in admin_models():
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        own = [row.pk for row in ours.rows if type(row) is model]
        other = [row.pk for row in theirs.rows if type(row) is model]
        for page in ("change", "history", "delete"):
            for pk in own:
                response = client.get(reverse(f"{base}_{page}", args=[pk]))
                assert THEIRS not in words_of(response), f"{base}_{page} {pk}"
            for pk in other:
                response = client.get(reverse(f"{base}_{page}", args=[pk]))
                assert response.status_code in {302, 403, 404}, f"{base}_{page} {pk}"


def test_the_admin_completes_no_name_of_theirs(ours: Tenant, theirs: Tenant, sign_in: SignIn) -> None:
    client = sign_in(ours.people["admin"])
    asked = 0
    for model in admin_models():
        for name in admin.site._registry[model].autocomplete_fields:
            response = client.get(
                reverse("admin:autocomplete"),
                {"app_label": model._meta.app_label, "model_name": model._meta.model_name, "field_name": name, "term": ""},
            )  # fmt: skip
            asked += 1
            assert "びわこ" not in response.content.decode("unicode_escape", "replace"), f"{model} {name}"
    assert asked or not admin_models()
