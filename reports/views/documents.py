"""PDFs of a month: the draft while it is open, the stored file once it is closed."""

import logging
from io import BytesIO

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from core.access import UserRequest, takes
from core.files import serve_private
from mentoring.access import sheet_to_view
from mentoring.models import ProgressSheet, SheetDocument
from reports.access import document_to_read
from reports.pdf.sheet import render_sheet_pdf, sheet_filename
from reports.stored import BrokenDocument, latest_document, stored_bytes

logger = logging.getLogger(__name__)


@require_safe
@takes(sheet_to_view)
def sheet_pdf(request: UserRequest, sheet: ProgressSheet) -> HttpResponseBase:
    """The board gets here with a closed month only (sheet_to_view), and so never to a draft."""
    document = latest_document(sheet) if sheet.is_closed else None
    if document is not None:
        return redirect(document)
    return _pdf(render_sheet_pdf(sheet, draft=True), sheet_filename(sheet, draft=True))


@require_safe
@takes(document_to_read)
def document(request: UserRequest, document: SheetDocument) -> HttpResponseBase:
    try:
        content = stored_bytes(document)
    except BrokenDocument:
        logger.exception("a stored document cannot be served")
        return render(request, "reports/document_broken.html", {"document": document}, status=500)
    response = _pdf(content, sheet_filename(document.sheet, edition=document.edition))
    response["ETag"] = quote_etag(document.sha256)
    response["Cache-Control"] = "private, no-cache"  # the browser may keep it, and asks each time
    return _unless_known(request, response)


def _pdf(content: bytes, filename: str) -> HttpResponseBase:
    return serve_private(BytesIO(content), filename=filename, content_type="application/pdf")


def _unless_known(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """304 when the browser has these very bytes."""
    known: HttpResponse = get_conditional_response(request, etag=response["ETag"], response=response)  # type: ignore[arg-type, assignment]
    return known
