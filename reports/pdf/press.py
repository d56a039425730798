"""Finished HTML to PDF (pdf/ua-1: tagged, titled, selectable), with static/css/print.css and nothing from outside."""

import gc
import mimetypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage

HERE = "https://documents.invalid"  # what relative addresses are read against; nothing is ever asked there
STYLESHEET = "css/print.css"


class NotOnPaper(ValueError):
    """A document asked for something that is not a static file of ours."""


def to_pdf(html: str) -> bytes:
    """The same HTML gives the same bytes: no clock, no random name goes in."""
    with _one_at_a_time():
        weasyprint, fetcher, stylesheet, fonts = _tools()
        document = weasyprint.HTML(string=html, base_url=f"{HERE}/", url_fetcher=fetcher)
        pdf: bytes = document.write_pdf(stylesheets=[stylesheet], font_config=fonts, pdf_variant="pdf/ua-1")
    return pdf


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Threads would only wait for each other, and they share the fonts. A layout is a million living objects that the
    garbage collector walks through in vain: a fifth of the time."""
    with _PRESS:
        collects = gc.isenabled()
        gc.disable()
        try:
            yield
        finally:
            if collects:
                gc.enable()


_PRESS = threading.Lock()


def stylesheet_path() -> str:
    found = finders.find(STYLESHEET)
    if not isinstance(found, str):
        raise FileNotFoundError(STYLESHEET)
    return found


def read_static(url: str) -> tuple[str, bytes]:
    """Name and content of a static file by its address; NotOnPaper for everything else."""
    prefix = HERE + settings.STATIC_URL
    if not url.startswith(prefix):
        raise NotOnPaper(url)
    name = unquote(url.removeprefix(prefix).split("?")[0].split("#")[0])
    found = finders.find(name)
    if isinstance(found, str):
        return name, Path(found).read_bytes()
    with staticfiles_storage.open(name) as stream:  # collected under a hashed name
        return name, stream.read()


@cache
def _tools() -> tuple[Any, Any, Any, Any]:
    """WeasyPrint, the fetcher, the parsed stylesheet and the fonts: made once in a process."""
    # Half a second and 60 MB: only a process that writes a document pays for it.
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class StaticFilesOnly(URLFetcher):
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            name, content = read_static(url)
            kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
            return URLFetcherResponse(url, content, {"Content-Type": kind})

    fetcher = StaticFilesOnly()
    css = Path(stylesheet_path()).read_text(encoding="utf-8")
    stylesheet = weasyprint.CSS(string=css, base_url=f"{HERE}/", url_fetcher=fetcher)
    return weasyprint, fetcher, stylesheet, FontConfiguration()
