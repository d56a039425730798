"""What somebody sends: told by its content, named safely, photos drawn anew. Nothing is stored here."""

import hashlib
import math
import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext

from core.authors import names_author
from core.file_kinds import HEIC, FileKind, Refused, sniffed
from core.images import TooManyPixels, Unreadable, redraw

LARGEST = 20 * 1024 * 1024  # bytes of one file
LONGEST_NAME = 120
BLOCK = 1 << 16
# What a name may not hold: control characters, what turns the direction of reading, what a folder is written with.
UNWANTED = re.compile(r'[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff<>:"/\\|?*]')


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """Ready to be stored. `size` and `sha256` are those of `content`; the measures are None for documents, which stay as
    they were sent, with what stands in them about their author."""

    name: str
    kind: FileKind
    content: IO[bytes]
    size: int
    sha256: str
    thumbnail: bytes | None = None
    width: int | None = None
    height: int | None = None
    names_author: bool = False


def check_upload(upload: UploadedFile) -> CheckedFile:
    """Raises Refused, in words that name the file."""
    name = clean_name(upload.name or "")
    if (upload.size or 0) > LARGEST:
        raise Refused(
            gettext("「%(name)s」は、20MBを超えています（%(size)s）。小さくするか、分けてください。")
            % {"name": name, "size": megabytes(upload.size or 0)}
        )
    stream: IO[bytes] = upload.file  # type: ignore[assignment]
    kind = sniffed(stream, name)
    if kind in (HEIC, FileKind.JPEG, FileKind.PNG):
        return _drawn_anew(stream, name)
    size, sha256 = _measured(stream)
    kind = FileKind(kind)
    return CheckedFile(named(name, kind), kind, stream, size, sha256, names_author=names_author(stream, kind))


def _drawn_anew(stream: IO[bytes], name: str) -> CheckedFile:
    try:
        picture = redraw(stream)
    except TooManyPixels as error:
        raise Refused(
            gettext(
                "「%(name)s」は、たて・よこの点の数が多すぎます（%(most)d万まで）。小さくして、選びなおしてください。"
            )
            % {"name": name, "most": error.most // 10_000}
        ) from error
    except Unreadable as error:
        raise Refused(
            gettext(
                "「%(name)s」は、画像として読めませんでした。もとの画像が開けるかをたしかめて、選びなおしてください。"
            )
            % {"name": name}
        ) from error
    size, sha256 = _measured(picture.content)
    return CheckedFile(
        name=named(name, picture.kind),
        kind=picture.kind,
        content=picture.content,
        size=size,
        sha256=sha256,
        thumbnail=picture.thumbnail,
        width=picture.width,
        height=picture.height,
    )


def _measured(stream: IO[bytes]) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    stream.seek(0)
    while block := stream.read(BLOCK):
        digest.update(block)
        size += len(block)
    stream.seek(0)
    return size, digest.hexdigest()


def clean_name(name: str) -> str:
    """The last part of a path, readable in a list and harmless in a header; never empty."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    text = " ".join(UNWANTED.sub("", last).split()).strip(". ")
    stem, dot, ending = text.rpartition(".")
    if dot and stem and len(ending) <= 5:
        return f"{stem[: LONGEST_NAME - len(ending) - 1].strip('. ')}.{ending}"
    return text[:LONGEST_NAME] or gettext("名前のないファイル")


def named(name: str, kind: FileKind) -> str:
    """With the ending of what it is: IMG_1.HEIC, which is kept as a JPEG, becomes IMG_1.jpg."""
    path = PurePosixPath(name)
    ending = path.suffix.lower()
    if ending == f".{kind.extension}" or (kind == FileKind.JPEG and ending == ".jpeg"):
        return name
    known = {".heic", ".heif", ".jpg", ".jpeg", ".png", ".pdf", ".xlsx", ".docx"}
    stem = path.stem if ending in known else name
    return f"{stem[: LONGEST_NAME - len(kind.extension) - 1]}.{kind.extension}"


def megabytes(size: int) -> str:
    """340KB, 1.2MB; rounded up, so that one byte above a limit does not read like the limit."""
    if size <= 1000 * 1024:
        return f"{max(1, math.ceil(size / 1024))}KB"
    return f"{math.ceil(size / 1024 / 1024 * 10) / 10}MB"
