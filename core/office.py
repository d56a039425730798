"""Excel and Word files looked at from outside: only the list of their parts is read, nothing is unpacked."""

import zipfile
from typing import IO
from zlib import error as ZlibError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

MOST_PARTS = 5_000
LARGEST_UNPACKED = 300 * 1024 * 1024
LARGEST_LIST = 1024 * 1024  # of the zip's own table of contents, and of [Content_Types].xml
TYPES = "[Content_Types].xml"
MAIN = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": "xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "docx",
}
MACROS = ("macroenabled", "vbaproject", "macrosheet")  # in a content type or the name of a part
SLIDES = "presentationml"
END, END_SIZE, ZIP64_LOCATOR = b"PK\x05\x06", 22, b"PK\x06\x07"


def office_kind(stream: IO[bytes], size: int) -> str:
    """xlsx or docx; otherwise why not: macro, locked, too_big, slides, zip or broken."""
    if not _has_short_list(stream, size):
        return "broken"
    try:
        with zipfile.ZipFile(stream) as archive:
            return _kind_of(archive)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, ZlibError):
        return "broken"
    except (EOFError, OSError, RuntimeError, ValueError, ParseError, DefusedXmlException):
        return "broken"


def _has_short_list(stream: IO[bytes], size: int) -> bool:
    """Looked at before zipfile reads the whole list into memory. Office needs no zip64 below 4 GB."""
    stream.seek(max(0, size - END_SIZE - (1 << 16)))
    tail = stream.read()
    at = tail.rfind(END)
    if at < 0 or len(tail) - at < END_SIZE or ZIP64_LOCATOR in tail[max(0, at - 20) : at]:
        return False
    return int.from_bytes(tail[at + 12 : at + 16], "little") <= LARGEST_LIST


def _kind_of(archive: zipfile.ZipFile) -> str:
    parts = archive.infolist()
    if any(part.flag_bits & 0x1 for part in parts):
        return "locked"
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        return "too_big"
    if TYPES not in archive.namelist():
        return "zip"
    types = _content_types(archive)
    said = [name.lower() for name in (*archive.namelist(), *types)]
    if any(sign in text for sign in MACROS for text in said):
        return "macro"
    kinds = {MAIN[name] for name in types if name in MAIN}
    if len(kinds) == 1:
        return kinds.pop()
    return "slides" if any(SLIDES in name for name in types) else "zip"


def _content_types(archive: zipfile.ZipFile) -> list[str]:
    with archive.open(TYPES) as part:
        text = part.read(LARGEST_LIST + 1)
    if len(text) > LARGEST_LIST:
        raise ValueError("the list of content types is too long")
    return [entry.get("ContentType", "") for entry in fromstring(text)]
