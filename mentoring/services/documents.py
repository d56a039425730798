"""Keeping what was published, byte for byte."""

import hashlib

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max

from accounts.models import User
from core import clock
from mentoring.models import ProgressSheet, SheetDocument


@transaction.atomic
def store_document(*, sheet: ProgressSheet, pdf: bytes, by: User) -> SheetDocument:
    """Adds an edition and keeps the earlier ones. Call it while the sheet is locked: editions are counted."""
    latest = sheet.documents.aggregate(latest=Max("edition"))["latest"] or 0
    digest = hashlib.sha256(pdf).hexdigest()
    document = SheetDocument(
        sheet=sheet, edition=latest + 1, sha256=digest, created_at=clock.now(), created_by=by
    )
    # The digest in the name: a file left over from a closing that was rolled back is never mistaken for this one.
    name = f"sheets/{sheet.grant_id}/{sheet.month:%Y-%m}/{document.edition}-{digest[:12]}.pdf"
    document.file.save(name, ContentFile(pdf), save=False)
    try:
        document.save()
    except Exception:
        document.file.delete(save=False)
        raise
    return document
