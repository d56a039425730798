"""Private files leave through views only, with headers that let a browser do nothing else with them."""

from typing import IO

from django.http import FileResponse

# A sandboxed document never reaches the browser's own PDF viewer; everything else is shut in. Around a picture the
# browser draws a page of its own, in a style of its own.
SHUT_IN = "default-src 'none'; sandbox; frame-ancestors 'none'"
PICTURE = f"style-src 'unsafe-inline'; {SHUT_IN}"
POLICIES = {
    "application/pdf": "default-src 'none'; object-src 'self'; frame-ancestors 'none'",
    "image/jpeg": PICTURE,
    "image/png": PICTURE,
}


def serve_private(
    stream: IO[bytes], *, filename: str, content_type: str, download: bool = False
) -> FileResponse:
    """Opens in the browser, or downloads; a Japanese filename survives (RFC 5987, by FileResponse)."""
    response = FileResponse(stream, as_attachment=download, filename=filename, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = POLICIES.get(content_type, SHUT_IN)
    return response
