"""Nothing from outside goes into a document."""

import gc
import logging

import pytest

from reports.pdf.press import HERE, NotOnPaper, read_static, to_pdf


@pytest.mark.parametrize(
    "url",
    [
        "https://example.test/static/css/print.css",
        "file:///etc/hostname",
        "ftp://example.test/a.png",
        f"{HERE}/media/secret.png",
        "data:image/png;base64,iVBORw0KGgo=",
    ],
)
def test_only_static_files_are_read(url: str) -> None:
    with pytest.raises(NotOnPaper):
        read_static(url)


def test_a_static_file_is_read() -> None:
    name, content = read_static(f"{HERE}/static/css/print.css?v=1")
    assert name == "css/print.css"
    assert b"@page" in content


@pytest.mark.parametrize("path", ["../config/settings.py", "%2e%2e/config/settings.py", "css/none.css"])
def test_nothing_outside_the_static_folder_is_read(path: str) -> None:
    with pytest.raises(Exception):  # noqa: B017, PT011
        read_static(f"{HERE}/static/{path}")


def test_a_document_that_asks_for_more_is_printed_without_it(caplog: pytest.LogCaptureFixture) -> None:
    html = '<html lang="ja"><title>a</title><p>文字<img alt="" src="https://example.test/a.png"></p>'
    with caplog.at_level(logging.ERROR, "weasyprint"):
        assert to_pdf(html).startswith(b"%PDF-1.7")
    assert "NotOnPaper" in caplog.text


def test_what_was_printed_before_leaves_no_trace() -> None:
    first, second = (f'<html lang="ja"><title>{word}</title><p>{word}</p>' for word in ("前", "後の文書"))
    alone = to_pdf(first)
    to_pdf(second)
    assert to_pdf(first) == alone


def test_garbage_is_collected_again_afterwards() -> None:
    to_pdf('<html lang="ja"><title>a</title><p>文字</p>')
    assert gc.isenabled()
    with pytest.raises(TypeError):
        to_pdf(None)  # type: ignore[arg-type]
    assert gc.isenabled()
