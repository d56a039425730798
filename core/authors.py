"""Whether a document says who wrote it, in its properties. It is only looked at: a document may be evidence, so it is kept
as it was sent (docs/decisions/0014)."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from itertools import islice
from typing import IO

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from core.file_kinds import FileKind

PROPERTIES = {"docProps/core.xml": ("creator", "lastModifiedBy"), "docProps/app.xml": ("Manager",)}
LARGEST_PROPERTIES = 1024 * 1024
NOBODY = {  # what programs write there by themselves
    "openpyxl", "python-docx", "xlsxwriter", "apache poi", "microsoft office user", "windows user", "windows ユーザー",
    "user", "ユーザー", "admin", "administrator", "unknown", "anonymous", "伴走", "bansō",
}  # fmt: skip

PDF_AUTHOR = re.compile(
    rb"/Author\s*(?:\(((?:\\.|[^\\()]){1,400})|<([0-9A-Fa-f\s]{1,800})>|\d+ \d+ (R))", re.S
)
XMP_AUTHOR = re.compile(rb"<dc:creator>[^<]{0,99}<rdf:\w+>[^<]{0,99}<rdf:li[^>]{0,99}>([^<]{1,400})", re.S)
OCTAL = re.compile(rb"\\([0-7]{3})")
PACKED = re.compile(rb"/ObjStm\b.{0,400}?stream\r?\n", re.S)
MOST_PACKED, LONGEST_PACKED = 1_000, 1024 * 1024  # lists looked into, and bytes of one
MOST_UNPACKED = 20 * 1024 * 1024


def names_author(stream: IO[bytes], kind: FileKind) -> bool:
    """Leaves the stream at its beginning. Not finding one is no proof: a name may stand in comments or be packed away."""
    stream.seek(0)
    try:
        found = _in_pdf(stream.read()) if kind == FileKind.PDF else _in_office(stream)
        return any(words.strip().casefold() not in NOBODY for words in found if words.strip())
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, ValueError, OSError, EOFError,
            zlib.error, ParseError, DefusedXmlException):  # fmt: skip
        return False
    finally:
        stream.seek(0)


def _in_office(stream: IO[bytes]) -> Iterator[str]:
    with zipfile.ZipFile(stream) as archive:
        there = archive.namelist()
        for name, wanted in PROPERTIES.items():
            if name not in there:
                continue
            with archive.open(name) as part:
                root = fromstring(part.read(LARGEST_PROPERTIES))
            yield from (entry.text or "" for entry in root if entry.tag.rpartition("}")[2] in wanted)


def _in_pdf(content: bytes) -> Iterator[str]:
    """As it stands, and in the packed lists of objects that newer files have."""
    yield from _authors(content)
    yield from (_text(found[1]) for found in XMP_AUTHOR.finditer(content))
    left, whole = MOST_UNPACKED, memoryview(content)
    for packed in islice(PACKED.finditer(content), MOST_PACKED):
        try:
            part = whole[packed.end() : packed.end() + LONGEST_PACKED]
            objects = zlib.decompressobj().decompress(part, left)
        except zlib.error:
            continue
        yield from _authors(objects)
        left -= len(objects)
        if left <= 0:
            return


def _authors(objects: bytes) -> Iterator[str]:
    for found in PDF_AUTHOR.finditer(objects):
        written, hexadecimal, elsewhere = found.groups()
        if elsewhere:
            yield "R"
        elif hexadecimal:
            digits = b"".join(hexadecimal.split()).decode()
            yield _text(bytes.fromhex(digits + "0" * (len(digits) % 2)))
        else:
            yield _text(_unescaped(written))


def _text(raw: bytes) -> str:
    """Near enough to tell a name from nothing."""
    if raw.startswith(b"\xfe\xff"):
        return raw[2:].decode("utf-16-be", "replace").strip("\0")
    return raw.decode("utf-8", "replace")


def _unescaped(written: bytes) -> bytes:
    return OCTAL.sub(lambda found: bytes([int(found[1], 8) & 255]), written)
