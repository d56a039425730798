"""What was closed is served byte for byte, and only to those who may read it."""

import hashlib
import logging
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from grants.models import Grant
from mentoring.models import ProgressSheet, SheetDocument
from mentoring.services.documents import store_document
from tests.factories import PlanRows, SheetFactory
from tests.reports.papers import fill_month, pages_of, words_of

SignIn = Callable[[User], Client]
PDF = b"%PDF-1.7 as it was closed"


@pytest.fixture
def closed(grant: Grant) -> ProgressSheet:
    return SheetFactory(grant=grant, closed=True)


@pytest.fixture
def document(closed: ProgressSheet, officer: User) -> SheetDocument:
    return store_document(sheet=closed, pdf=PDF, by=officer)


def body(response: object) -> bytes:
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "who", ["officer", "admin", "board", "adviser", "accountant", "representative", "member"]
)
def test_everybody_who_sees_the_grant_opens_the_document(
    who: str, document: SheetDocument, sign_in: SignIn, request: pytest.FixtureRequest
) -> None:
    response = sign_in(request.getfixturevalue(who)).get(document.get_absolute_url())
    assert response.status_code == 200
    assert body(response) == PDF


@pytest.mark.parametrize("who", ["other_grantee", "stranger", "stranger_admin"])
def test_stranger_gets_404(
    who: str, document: SheetDocument, sign_in: SignIn, request: pytest.FixtureRequest
) -> None:
    client = sign_in(request.getfixturevalue(who))
    assert client.get(document.get_absolute_url()).status_code == 404
    assert client.get(reverse("reports:sheet_pdf", args=[document.sheet_id])).status_code == 404


def test_without_sign_in_nothing_opens(document: SheetDocument, client: Client) -> None:
    assert client.get(document.get_absolute_url()).status_code == 302
    assert client.post(document.get_absolute_url()).status_code in (302, 405)


def test_headers(document: SheetDocument, sign_in: SignIn, officer: User) -> None:
    response = sign_in(officer).get(document.get_absolute_url())
    assert response["Content-Type"] == "application/pdf"
    name = quote("あおぞらの会_月次面談_2022年10月.pdf")
    assert response["Content-Disposition"] == f"inline; filename*=utf-8''{name}"
    assert response["Cache-Control"] == "private, no-cache"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["ETag"] == f'"{hashlib.sha256(PDF).hexdigest()}"'


def test_the_browser_that_has_it_is_told_so(document: SheetDocument, sign_in: SignIn, officer: User) -> None:
    client = sign_in(officer)
    known = client.get(document.get_absolute_url())["ETag"]
    response = client.get(document.get_absolute_url(), headers={"If-None-Match": known})
    assert response.status_code == 304
    assert response["Cache-Control"] == "private, no-cache"


def test_a_changed_file_is_never_served(
    document: SheetDocument, sign_in: SignIn, officer: User, caplog: pytest.LogCaptureFixture
) -> None:
    Path(document.file.path).write_bytes(PDF + b" and more")
    client = sign_in(officer)
    client.raise_request_exception = False
    with caplog.at_level(logging.ERROR, "reports.views.documents"):
        response = client.get(document.get_absolute_url())
    assert response.status_code == 500
    assert "一致しませんでした" in response.content.decode()
    assert f"document {document.pk}: sha256 is" in caplog.text


def test_a_lost_file_is_told(document: SheetDocument, sign_in: SignIn, officer: User) -> None:
    Path(document.file.path).unlink()
    assert sign_in(officer).get(document.get_absolute_url()).status_code == 500


def test_an_earlier_edition_keeps_its_bytes_and_its_name(
    document: SheetDocument, sign_in: SignIn, officer: User, board: User
) -> None:
    later = store_document(sheet=document.sheet, pdf=b"%PDF-1.7 again", by=officer)
    client = sign_in(board)
    assert body(client.get(document.get_absolute_url())) == PDF
    response = client.get(later.get_absolute_url())
    assert body(response) == b"%PDF-1.7 again"
    assert quote("あおぞらの会_月次面談_2022年10月_第2版.pdf") in response["Content-Disposition"]
    redirect = client.get(reverse("reports:sheet_pdf", args=[document.sheet_id]))
    assert (redirect.status_code, redirect["Location"]) == (302, later.get_absolute_url())


def test_a_reopened_month_keeps_its_document_open_to_the_board(
    document: SheetDocument, sign_in: SignIn, board: User
) -> None:
    ProgressSheet.objects.filter(pk=document.sheet_id).update(state=ProgressSheet.State.REOPENED)
    client = sign_in(board)
    assert body(client.get(document.get_absolute_url())) == PDF
    assert client.get(reverse("reports:sheet_pdf", args=[document.sheet_id])).status_code == 404


@pytest.mark.parametrize("who", ["officer", "admin", "adviser", "accountant", "representative", "member"])
def test_those_who_read_whole_open_the_draft(
    who: str, plan: PlanRows, sign_in: SignIn, request: pytest.FixtureRequest
) -> None:
    sheet = fill_month(plan, closed=False)
    response = sign_in(request.getfixturevalue(who)).get(reverse("reports:sheet_pdf", args=[sheet.pk]))
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    assert quote("あおぞらの会_月次面談_2022年10月_下書き.pdf") in response["Content-Disposition"]
    assert all("下書き" in page for page in pages_of(body(response)))


def test_the_board_opens_no_draft(plan: PlanRows, sign_in: SignIn, board: User) -> None:
    sheet = fill_month(plan, closed=False)
    assert sign_in(board).get(reverse("reports:sheet_pdf", args=[sheet.pk])).status_code == 404


def test_what_is_closed_without_a_file_is_shown_as_a_draft_only(
    closed: ProgressSheet, sign_in: SignIn, officer: User
) -> None:
    response = sign_in(officer).get(reverse("reports:sheet_pdf", args=[closed.pk]))
    assert "下書き" in words_of(body(response))


def test_rejects_post(document: SheetDocument, sign_in: SignIn, officer: User) -> None:
    assert sign_in(officer).post(document.get_absolute_url()).status_code == 405
    assert sign_in(officer).post(reverse("reports:sheet_pdf", args=[document.sheet_id])).status_code == 405
