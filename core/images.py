"""Photos drawn anew: what is kept is the picture itself, and nothing of where, when and with what it was taken."""

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import IO

from PIL import Image, ImageCms, ImageFile, ImageOps
from pillow_heif import register_heif_opener

from core.file_kinds import FileKind

register_heif_opener()
logger = logging.getLogger(__name__)

LONGEST = 2560  # pixels of the longer side, as it is kept
LONGEST_THUMBNAIL = 480
MOST_PIXELS = 60_000_000  # of what is sent; telephones reach 50 million
Image.MAX_IMAGE_PIXELS = MOST_PIXELS  # Pillow's own net, below ours
FORMATS = ("JPEG", "PNG", "HEIF")  # a JPEG may have more pictures behind the first, as telephones write them
IN_MEMORY = 2_500_000  # bytes; a longer picture waits on the disk
SRGB = ImageCms.createProfile("sRGB")


class Unreadable(Exception):
    """Not a whole picture."""


class TooManyPixels(Exception):
    """It would take too much memory to draw."""


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
        with halves_refused(), Image.open(stream, formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise TooManyPixels
            kind = FileKind.PNG if image.format == "PNG" else FileKind.JPEG
            picture = _upright(image)
    except (TooManyPixels, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
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


@contextmanager
def halves_refused() -> Iterator[None]:
    """WeasyPrint, once it is imported, lets the whole process take half a picture for a whole one."""
    before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _upright(image: Image.Image) -> Image.Image:
    """Pixels only: a new picture has no room for what was written beside them."""
    image = _in_full_colour(image)
    image.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    pixels = _in_srgb(ImageOps.exif_transpose(image))
    clean = Image.new(pixels.mode, pixels.size)
    clean.paste(pixels)
    return clean


def _in_full_colour(image: Image.Image) -> Image.Image:
    """Palettes and deep greys cannot be drawn smaller as they are; a JPEG stays untouched, it is read in a small size."""
    if image.mode in ("1", "P", "PA"):
        return image.convert(_mode(image))
    return image.convert("L") if image.mode.startswith("I") else image


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
