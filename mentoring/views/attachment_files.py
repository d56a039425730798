"""The files themselves: photos are shown, documents downloaded; never to anybody who does not read the sheet whole."""

import logging

from django.db.models.fields.files import FieldFile
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from core.access import UserRequest, takes
from core.files import serve_private
from mentoring.access import attachment_to_read, thumbnail_to_read
from mentoring.models import Attachment

logger = logging.getLogger(__name__)


@require_safe
@takes(attachment_to_read)
def attachment(request: UserRequest, attachment: Attachment) -> HttpResponseBase:
    return _serve(request, attachment, attachment.file, attachment.sha256, attachment.content_type)


@require_safe
@takes(thumbnail_to_read)
def attachment_thumbnail(request: UserRequest, attachment: Attachment) -> HttpResponseBase:
    return _serve(request, attachment, attachment.thumbnail, f"{attachment.sha256}-small", "image/jpeg")


def _serve(
    request: UserRequest, attachment: Attachment, file: FieldFile, etag: str, content_type: str
) -> HttpResponseBase:
    try:
        stream = file.open("rb")
    except OSError:
        logger.exception("the file of attachment %s cannot be served", attachment.pk)
        return render(request, "mentoring/attachment_lost.html", {"attachment": attachment}, status=500)
    response = serve_private(
        stream, filename=attachment.name, content_type=content_type, download=not attachment.is_image
    )
    response["ETag"] = quote_etag(etag)
    known: HttpResponse = get_conditional_response(request, etag=response["ETag"], response=response)  # type: ignore[arg-type, assignment]
    return known
