"""The parts of a workbook that somebody sent, before a reader takes them apart: how much they are unpacked, how many
sheets they name, and nothing in them that is there to choke the reader."""

import re
import zipfile

MOST_SHEETS = 50
MOST_ELEMENTS = 150_000  # seconds of reading, however small they are packed; a large sheet has two thousand
SHEET = re.compile(rb"<(?:\w+:)?sheet[\s/>]")  # many of them may all name the one large part
ELEMENT = re.compile(rb"<(?:\w+:)?(?:c|row|si|mergeCell)[\s/>]")  # what takes its time to read
XML_STARTS = (b"<", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\0<")  # whatever the name says


class Unsound(ValueError):
    """No reader should open it; whoever asked says so in words of its own."""


class UnpacksTooBig(Unsound):
    pass


class TooManySheets(Unsound):
    pass


def check_size(archive: zipfile.ZipFile, largest: int) -> None:
    """Before anything is unpacked. `largest`: bytes, of all parts but pictures. Raises UnpacksTooBig."""
    if sum(part.file_size for part in _without_pictures(archive)) > largest:
        raise UnpacksTooBig


def check_contents(archive: zipfile.ZipFile) -> None:
    """After check_size. Raises Unsound."""
    elements = 0
    for part in _without_pictures(archive):
        content = archive.read(part)
        if _is_xml(part, content) and (b"<!DOCTYPE" in content or b"\0" in content):
            raise Unsound  # no program writes a document type or UTF-16 there
        if len(SHEET.findall(content)) > MOST_SHEETS:
            raise TooManySheets
        elements += sum(1 for _found in ELEMENT.finditer(content))
    if elements > MOST_ELEMENTS:
        raise UnpacksTooBig


def _is_xml(part: zipfile.ZipInfo, content: bytes) -> bool:
    return part.filename.lower().endswith((".xml", ".rels")) or content.startswith(XML_STARTS)


def _without_pictures(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    return [part for part in archive.infolist() if not _is_picture(part)]


def _is_picture(part: zipfile.ZipInfo) -> bool:
    """Pictures are packed already, and stay so: what swells when unpacked is none, whatever its name."""
    return part.filename.startswith("xl/media/") and part.file_size <= 1.1 * part.compress_size + 1000
