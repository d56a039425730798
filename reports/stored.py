"""Reading what was published. A byte that changed since is found before it leaves."""

import hashlib

from mentoring.models import ProgressSheet, SheetDocument


class BrokenDocument(Exception):
    """The file is gone, or is not what was stored."""


def stored_bytes(document: SheetDocument) -> bytes:
    """Raises BrokenDocument rather than hand out anything but what was closed."""
    try:
        with document.file.open("rb") as stream:
            content: bytes = stream.read()
    except OSError as error:
        raise BrokenDocument(f"document {document.pk}: {error}") from error
    digest = hashlib.sha256(content).hexdigest()
    if digest != document.sha256:
        raise BrokenDocument(f"document {document.pk}: sha256 is {digest}, stored was {document.sha256}")
    return content


def latest_document(sheet: ProgressSheet) -> SheetDocument | None:
    return sheet.documents.order_by("-edition").first()
