"""The files themselves: to whom they are served, and with which headers."""

import logging
from collections.abc import Callable
from urllib.parse import quote

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from accounts.models import User
from mentoring.models import Attachment, ProgressSheet
from tests import samples
from tests.factories import AttachmentFactory, PlanRows, SheetFactory
from tests.mentoring.attaching import add, photo
from tests.samples import upload

SignIn = Callable[[User], Client]


@pytest.fixture
def sheet(plan: PlanRows) -> ProgressSheet:
    return SheetFactory(grant=plan.grant)


@pytest.fixture
def image(sheet: ProgressSheet, sign_in: SignIn, member: User) -> Attachment:
    add(sign_in(member), sheet, photo("秋の庭.jpg", exif=samples.telling_exif(6)))
    return Attachment.objects.get()


def body(response: object) -> bytes:
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def test_a_photo_is_shown_shut_in(image: Attachment, sign_in: SignIn, officer: User) -> None:
    response = sign_in(officer).get(image.get_absolute_url())
    content = body(response)
    assert content.startswith(b"\xff\xd8\xff")
    assert b"Telltale" not in content
    assert len(content) == image.size
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Disposition"] == f"inline; filename*=utf-8''{quote('秋の庭.jpg')}"
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'; sandbox" in policy
    assert "script-src" not in policy
    assert response["ETag"] == f'"{image.sha256}"'


def test_a_thumbnail_is_a_small_jpeg(image: Attachment, sign_in: SignIn, officer: User) -> None:
    response = sign_in(officer).get(f"/files/{image.pk}/thumbnail/")
    assert body(response).startswith(b"\xff\xd8\xff")
    assert (response["Content-Type"], response["Cache-Control"]) == ("image/jpeg", "private, no-store")
    assert response["ETag"] != f'"{image.sha256}"'


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("秋のちらし.pdf", samples.PDF, "application/pdf"),
        ("表.xlsx", samples.xlsx(), f"{samples.OFFICE}.spreadsheetml.sheet"),
        ("文.docx", samples.docx(), f"{samples.OFFICE}.wordprocessingml.document"),
    ],
)
def test_a_document_is_downloaded_byte_for_byte(
    sheet: ProgressSheet, sign_in: SignIn, member: User, name: str, content: bytes, content_type: str
) -> None:
    client = sign_in(member)
    add(client, sheet, upload(name, content, "text/html"))
    response = client.get(Attachment.objects.get().get_absolute_url())
    assert body(response) == content
    assert response["Content-Type"] == content_type
    assert response["Content-Disposition"] == f"attachment; filename*=utf-8''{quote(name)}"
    assert client.get(f"/files/{Attachment.objects.get().pk}/thumbnail/").status_code == 404


def test_whoever_has_these_bytes_is_told_so_and_a_part_is_answered_with_the_whole(
    image: Attachment, sign_in: SignIn, officer: User
) -> None:
    client = sign_in(officer)
    url = image.get_absolute_url()
    assert client.get(url, headers={"If-None-Match": f'"{image.sha256}"'}).status_code == 304
    response = client.get(url, headers={"Range": "bytes=0-3"})
    assert (response.status_code, len(body(response))) == (200, image.size)
    assert client.head(url).status_code == 200


@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "reopened", "closed"])
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("officer", 200), ("admin", 200), ("adviser", 200), ("accountant", 200), ("representative", 200),
        ("member", 200), ("board", 404), ("other_grantee", 404), ("stranger", 404), ("stranger_admin", 404),
    ],
)  # fmt: skip
def test_who_opens_it(
    request: pytest.FixtureRequest, sign_in: SignIn, plan: PlanRows, who: str, status: int, state: str
) -> None:
    extra = {"closed": True} if state == "closed" else {"state": state}
    row = AttachmentFactory(sheet=SheetFactory(grant=plan.grant, **extra))
    removed = AttachmentFactory(sheet=row.sheet, removed=True)
    client = sign_in(request.getfixturevalue(who))
    for url in (f"/files/{row.pk}/", f"/files/{row.pk}/thumbnail/"):
        assert client.get(url).status_code == status
    assert client.get(f"/files/{removed.pk}/").status_code == 404
    assert Client().get(f"/files/{row.pk}/").status_code == 302


def test_a_lost_file_is_told(
    image: Attachment, sign_in: SignIn, officer: User, caplog: pytest.LogCaptureFixture
) -> None:
    default_storage.delete(image.file.name)
    client = sign_in(officer)
    with caplog.at_level(logging.ERROR, "mentoring.views.attachment_files"):
        response = client.get(image.get_absolute_url())
    assert response.status_code == 500
    assert "見つかりませんでした" in response.content.decode()
    assert f"attachment {image.pk} cannot be served" in caplog.text
