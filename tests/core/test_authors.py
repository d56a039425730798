"""Documents that say who wrote them."""

import zlib
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from openpyxl import Workbook
from pypdf import PdfWriter

from core.authors import names_author
from core.file_kinds import FileKind
from core.uploads import check_upload
from tests import samples
from tests.samples import upload


def workbook(**properties: str) -> bytes:
    book, content = Workbook(), BytesIO()
    for name, value in properties.items():
        setattr(book.properties, name, value)
    book.save(content)
    return content.getvalue()


def docx(core: str, app: str = "") -> bytes:
    parts = {"word/document.xml": "<document/>", "docProps/core.xml": core}
    return samples.office(samples.DOCX_MAIN, **parts, **({"docProps/app.xml": app} if app else {}))


CORE = '<c:coreProperties xmlns:c="x" xmlns:dc="y">%s</c:coreProperties>'


def pdf(**properties: str) -> bytes:
    writer, content = PdfWriter(), BytesIO()
    writer.add_blank_page(100, 100)
    writer.add_metadata({f"/{name}": value for name, value in properties.items()})
    writer.write(content)
    return content.getvalue()


def bare_pdf(body: bytes) -> bytes:
    return samples.PDF.replace(b"trailer", body + b"\ntrailer")


def xmp(names: str) -> bytes:
    return bare_pdf(f"<x><dc:creator>\n <rdf:Seq>{names}</rdf:Seq></dc:creator></x>".encode())


def packed(objects: bytes) -> bytes:
    stream = zlib.compress(objects)
    return bare_pdf(
        b"9 0 obj<</Type/ObjStm/N 1/Filter/FlateDecode>>stream\r\n" + stream + b"\nendstream endobj"
    )


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (workbook(creator="山田 花子"), True),
        (workbook(creator="openpyxl", lastModifiedBy="山田 花子"), True),
        (workbook(), False),
        (workbook(creator="Microsoft Office User"), False),
        (docx(CORE % "<dc:creator>山田 花子</dc:creator>"), True),
        (docx(CORE % "<dc:creator> </dc:creator>"), False),
        (docx(CORE % "", "<Properties><Manager>佐藤</Manager></Properties>"), True),
        (docx(CORE % "<dc:title>報告</dc:title>"), False),
        (docx("<broken"), False),
        (samples.docx(), False),
        (pdf(Author="山田 花子"), True),
        (pdf(Author="Yamada (Taro)"), True),
        (pdf(Author=""), False),
        (pdf(Title="報告"), False),
        (samples.PDF, False),
        (bare_pdf(b"<</Author(\\376\\377\\220\\061)>>"), True),
        (bare_pdf(b"<</Author(\\376\\377)>>"), False),
        (bare_pdf(b"<</Author <FEFF5C71>>>"), True),
        (bare_pdf(b"<</Author<FEFF>>>"), False),
        (bare_pdf(b"<</Author 12 0 R>>"), True),
        (xmp("<rdf:li>山田 花子</rdf:li>"), True),
        (xmp("<rdf:li> </rdf:li>"), False),
        (packed(b"<</Author(Yamada)>>"), True),
        (packed(b"<</Title(Yamada)>>"), False),
        (bare_pdf(b"/ObjStm stream\n" * 50_000), False),
    ],
    ids=range(25),
)
def test_a_document_that_names_its_author_is_recognised(content: bytes, told: bool) -> None:
    kind = next(
        kind
        for kind, sign in ((FileKind.PDF, b"%PDF"), (FileKind.DOCX, b"word/"), (FileKind.XLSX, b"PK"))
        if sign in content
    )
    assert names_author(ContentFile(content), kind) is told
    checked = check_upload(upload(f"報告.{kind.extension}", content))
    assert checked.names_author is told
    assert checked.content.read() == content, "kept to the byte"
