"""What a file is, told by its content; its name and what the browser says of it prove nothing."""

from collections.abc import Callable
from typing import IO

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.office import office_kind

HEAD, TAIL = 2048, 1024  # bytes looked at


class FileKind(models.TextChoices):
    """As it is stored: a HEIC is kept as a JPEG."""

    JPEG = "jpeg", _("写真（JPEG）")
    PNG = "png", _("画像（PNG）")
    PDF = "pdf", _("PDF")
    XLSX = "xlsx", _("Excel")
    DOCX = "docx", _("Word")

    @property
    def is_image(self) -> bool:
        return self in (FileKind.JPEG, FileKind.PNG)

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES[self]

    @property
    def extension(self) -> str:
        return "jpg" if self == FileKind.JPEG else self.value


OFFICE = "application/vnd.openxmlformats-officedocument"
CONTENT_TYPES = {
    FileKind.JPEG: "image/jpeg",
    FileKind.PNG: "image/png",
    FileKind.PDF: "application/pdf",
    FileKind.XLSX: f"{OFFICE}.spreadsheetml.sheet",
    FileKind.DOCX: f"{OFFICE}.wordprocessingml.document",
}
HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1")
HEIC = "heic"


class Refused(Exception):
    """This file is not taken; `words` say why, naming it."""

    def __init__(self, words: str) -> None:
        self.words = words
        super().__init__(words)


def sniffed(stream: IO[bytes], name: str) -> str:
    """A code of FileKind, or HEIC. Leaves the stream at its beginning; raises Refused."""
    stream.seek(0)
    head = stream.read(HEAD)
    size = stream.seek(0, 2)
    try:
        return _kind(stream, head, size, name)
    finally:
        stream.seek(0)


def _kind(stream: IO[bytes], head: bytes, size: int, name: str) -> str:
    if not head:
        raise Refused(gettext("「%(name)s」は、中身が空のファイルです。") % {"name": name})
    if head.startswith(b"\xff\xd8\xff"):
        return FileKind.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileKind.PNG
    if head[4:8] == b"ftyp" and head[8:12] in HEIC_BRANDS:
        return HEIC
    if head.startswith(b"%PDF-"):
        _require_whole_pdf(stream, size, name)
        return FileKind.PDF
    if head.startswith(b"PK\x03\x04"):
        return FileKind(_office(stream, size, name))
    raise Refused(_why_not(stream, head) % {"name": name})


def _require_whole_pdf(stream: IO[bytes], size: int, name: str) -> None:
    stream.seek(max(0, size - TAIL))
    if b"%%EOF" not in stream.read(TAIL):
        raise Refused(
            gettext(
                "「%(name)s」は、PDFの終わりが欠けています。もとのファイルが開けるかをたしかめて、選びなおしてください。"
            )
            % {"name": name}
        )


def _office(stream: IO[bytes], size: int, name: str) -> str:
    found = office_kind(stream, size)
    if found in (FileKind.XLSX, FileKind.DOCX):
        return found
    words = {
        "macro": gettext(
            "「%(name)s」には、マクロ（自動で動く命令）が入っています。マクロのない .xlsx・.docx で保存しなおしてください。"
        ),
        "locked": _locked(),
        "too_big": gettext(
            "「%(name)s」は、開くととても大きくなるファイルです。いらないシートや画像を減らして、保存しなおしてください。"
        ),
        "slides": gettext(
            "「%(name)s」は、PowerPointのファイルです。PDFで書き出して、選びなおしてください。"
        ),
        "zip": gettext(
            "「%(name)s」は、ZIPのファイルです。中のファイルを取り出して、1つずつ選んでください。"
        ),
        "broken": gettext(
            "「%(name)s」は、こわれていて読めませんでした。もとのファイルが開けるかをたしかめてください。"
        ),
    }
    raise Refused(words[found] % {"name": name})


def _locked() -> str:
    return gettext("「%(name)s」には、パスワードがかかっています。パスワードを外して、選びなおしてください。")


def _why_not(stream: IO[bytes], head: bytes) -> str:
    """What else it is, as far as we know it; words with a place for the name."""
    for looks_like, words in _others():
        if looks_like(head):
            return words
    if head.startswith(OLD_OFFICE):
        stream.seek(0)
        if any(ENCRYPTED in block for block in iter(lambda: stream.read(1 << 20), b"")):
            return _locked()
        return gettext(
            "「%(name)s」は、古い形のExcelやWord（.xls・.doc）です。.xlsx・.docx で保存しなおして、選んでください。"
        )
    return gettext(
        "「%(name)s」は、受け取れない種類のファイルです。写真（JPEG・PNG・HEIC）、PDF、Excel（.xlsx）、Word（.docx）を選んでください。"
    )


OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xfe\xed\xfa")
OTHER_IMAGES = (b"BM", b"II*\x00", b"MM\x00*")


def _others() -> list[tuple[Callable[[bytes], bool], str]]:
    return [
        (
            lambda head: head.startswith((b"GIF87a", b"GIF89a")),
            gettext("「%(name)s」は、GIFの画像です。JPEGかPNGで保存しなおして、選んでください。"),
        ),
        (
            lambda head: b"<svg" in head.lower(),
            gettext("「%(name)s」は、SVGの図です。PNGかPDFで書き出して、選びなおしてください。"),
        ),
        (
            lambda head: any(sign in head.lower() for sign in (b"<!doctype html", b"<html", b"<script", b"<body")),
            gettext("「%(name)s」は、ウェブページのファイルです。PDFで保存しなおして、選んでください。"),
        ),
        (
            lambda head: head.startswith(PROGRAMS),
            gettext("「%(name)s」は、プログラムのファイルです。受け取れません。"),
        ),
        (
            lambda head: head.startswith(OTHER_IMAGES) or head[8:12] == b"WEBP" or head[8:12] in (b"avif", b"avis"),
            gettext("「%(name)s」は、受け取れない種類の画像です。JPEGかPNGで保存しなおして、選んでください。"),
        ),
        (
            lambda head: head[4:8] == b"ftyp" or head.startswith(b"\x1aE\xdf\xa3") or head[8:12] == b"AVI ",
            gettext("「%(name)s」は、動画か音声です。受け取れるのは、写真とPDF・Excel・Wordです。"),
        ),
    ]  # fmt: skip
