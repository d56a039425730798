"""Photos drawn anew: what is kept is the picture itself, and nothing of where, when and with what it was taken."""

import logging
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import IO

from PIL import Image, ImageCms, ImageFile, ImageOps
from pillow_heif import open_heif, register_heif_opener

from core.file_kinds import FileKind

register_heif_opener()
logger = logging.getLogger(__name__)

LONGEST = 2560  # pixels of the longer side, as it is kept
LONGEST_THUMBNAIL = 480
MOST_PIXELS = 60_000_000  # of what is sent; telephones reach 50 million
MOST_PNG_PIXELS = 40_000_000  # which nothing can read in a smaller size; A4 at 600 dpi has 35 million
Image.MAX_IMAGE_PIXELS = MOST_PIXELS  # Pillow's own net, below ours
FORMATS = ("JPEG", "PNG", "HEIF")  # a JPEG may have more pictures behind the first, as telephones write them
STRIP = 128  # lines
IN_MEMORY = 2_500_000  # bytes; a longer picture waits on the disk
SRGB = ImageCms.createProfile("sRGB")


class Unreadable(Exception):
    """Not a whole picture."""


class TooManyPixels(Exception):
    """It would take too much memory to draw. `most`: how many such a picture may have."""

    def __init__(self, most: int = MOST_PIXELS) -> None:
        self.most = most
        super().__init__(most)


@dataclass(frozen=True, slots=True)
class Picture:
    content: IO[bytes]
    thumbnail: bytes  # a JPEG
    kind: FileKind
    width: int
    height: int


def redraw(stream: IO[bytes]) -> Picture:
    """The first picture in the file, upright, in sRGB, at most LONGEST long; PNG stays PNG, all else becomes JPEG.

    Raises Unreadable or TooManyPixels.
    """
    stream.seek(0)
    try:
        with _ONE_AT_A_TIME, halves_refused(), Image.open(stream, formats=FORMATS) as image:
            kind = FileKind.PNG if image.format == "PNG" else FileKind.JPEG
            most = MOST_PNG_PIXELS if kind == FileKind.PNG else MOST_PIXELS
            if image.width * image.height > most:
                raise TooManyPixels(most)
            picture = _upright(image, stream)
    except TooManyPixels:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooManyPixels from error
    except Exception as error:  # decoders fail in many ways on what was made to break them
        logger.info("a picture could not be read: %r", error)
        raise Unreadable from error
    content: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  # read by the caller
    if kind == FileKind.PNG:
        picture.save(content, "PNG", optimize=False)
    else:
        picture = _on_white(picture)
        picture.save(content, "JPEG", quality=85, optimize=True)
    content.seek(0)
    return Picture(content, _thumbnail(picture), kind, picture.width, picture.height)


_ONE_AT_A_TIME = threading.Lock()  # what a large one takes (docs/operations.md), a process takes once


@contextmanager
def halves_refused() -> Iterator[None]:
    """WeasyPrint, once it is imported, lets the whole process take half a picture for a whole one."""
    before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _upright(image: Image.Image, stream: IO[bytes]) -> Image.Image:
    """Pixels only: a new picture has no room for what was written beside them."""
    shrink = min(1.0, LONGEST / image.width, LONGEST / image.height)
    size = max(1, round(image.width * shrink)), max(1, round(image.height * shrink))
    small = _drawn_small(image, stream, size)
    small.info = dict(image.info)
    pixels = _in_srgb(ImageOps.exif_transpose(small))
    clean = Image.new(pixels.mode, pixels.size)
    clean.paste(pixels)
    return clean


def _drawn_small(image: Image.Image, stream: IO[bytes], size: tuple[int, int]) -> Image.Image:
    """A JPEG is decoded at a half, a quarter or an eighth where that is still larger."""
    if image.format == "HEIF" and image.mode in ("RGB", "RGBA"):
        whole = open_heif(stream)  # its own bytes: Pillow's copy of them would be as large again
        data, stride, (across, down) = whole.data, whole.stride, whole.size
        return _resized(
            image.mode, (across, down), size,
            lambda top, end: Image.frombytes(
                image.mode, (across, end - top), data[top * stride : end * stride], "raw", image.mode, stride
            ),
        )  # fmt: skip
    if image.format != "HEIF":  # its draft would be a preview, which may show something else
        image.draft(None, size)
    mode = _full_colour(image)
    image.load()
    return _resized(
        mode, image.size, size, lambda top, end: image.crop((0, top, image.width, end)).convert(mode)
    )


def _resized(
    mode: str, size: tuple[int, int], small: tuple[int, int], lines: Callable[[int, int], Image.Image]
) -> Image.Image:
    """As Pillow does it, first across and then down, but the first strip by strip: in full colour, and with its colours
    weighed by their opacity, the large picture never stands in memory."""
    weighed = {"RGBA": "RGBa", "LA": "La"}.get(mode, mode)
    narrow = Image.new(weighed, (small[0], size[1]))
    for top in range(0, size[1], STRIP):
        end = min(top + STRIP, size[1])
        strip = lines(top, end).convert(weighed)
        narrow.paste(strip.resize((small[0], end - top), Image.Resampling.LANCZOS), (0, top))
    return narrow.resize(small, Image.Resampling.LANCZOS).convert(mode)


def _full_colour(image: Image.Image) -> str:
    """Palettes and deep greys cannot be drawn smaller as they are."""
    if image.mode in ("1", "P", "PA"):
        return _mode(image)
    return "L" if image.mode.startswith("I") else image.mode


def _mode(image: Image.Image) -> str:
    return "RGBA" if image.has_transparency_data else "RGB"


def _in_srgb(image: Image.Image) -> Image.Image:
    """Colours of another profile (Display P3 of a telephone) are converted, not only relabelled."""
    profile, mode = image.info.get("icc_profile"), _mode(image)
    if profile and image.mode in ("RGB", "RGBA", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, SRGB, outputMode=mode)
        except (ImageCms.PyCMSError, OSError, ValueError):
            logger.info("a colour profile could not be used")
        else:
            return converted or image.convert(mode)
    return image.convert(mode)


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode == "RGB":
        return picture
    ground = Image.new("RGB", picture.size, "white")
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground


def _thumbnail(picture: Image.Image) -> bytes:
    small = _on_white(picture)
    small = small.copy() if small is picture else small
    small.thumbnail((LONGEST_THUMBNAIL, LONGEST_THUMBNAIL), Image.Resampling.LANCZOS)
    content = BytesIO()
    small.save(content, "JPEG", quality=80, optimize=True)
    return content.getvalue()
