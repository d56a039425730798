"""Adding photos and files as the page does it."""

from typing import Any

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.test import Client

from mentoring.models import ProgressSheet
from mentoring.models.attachments import FOLDER
from mentoring.services.attachments import _stored
from tests.samples import jpeg, upload

NOBODY = {"people": "nobody"}
SOMEBODY = {"people": "somebody", "consent": "on"}
JSON = {"Accept": "application/json"}


def photo(name: str = "芋煮会.jpg", width: int = 60, **options: Any) -> UploadedFile:
    """Another width is another photo."""
    return upload(name, jpeg(width, 40, **options), "image/jpeg")


def add(
    client: Client, sheet: ProgressSheet, *files: UploadedFile, headers: dict[str, str] | None = None, **fields: str
) -> HttpResponse:  # fmt: skip
    data = {"chosen": list(files), "caption": "", **(fields or NOBODY)}
    return client.post(f"/sheets/{sheet.pk}/files/add/", data, headers=headers)


def files_of(client: Client, sheet: ProgressSheet) -> str:
    response = client.get(f"/sheets/{sheet.pk}/files/")
    assert response.status_code == 200
    return response.content.decode()


def stored() -> set[str]:
    """Every file of every sheet that lies in the storage."""
    return set(_stored(default_storage, FOLDER))
