"""Files as people send them, and as nobody should; all made here."""

import zipfile
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook
from PIL import Image, ImageDraw
from PIL.ExifTags import GPS, IFD, Base

OFFICE = "application/vnd.openxmlformats-officedocument"
XLSX_MAIN = f"{OFFICE}.spreadsheetml.sheet.main+xml"
DOCX_MAIN = f"{OFFICE}.wordprocessingml.document.main+xml"
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
LOCKED_OFFICE = OLD_OFFICE + "EncryptedPackage".encode("utf-16-le") + b"\0" * 100
GIF = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
EXE = b"MZ\x90\x00" + b"\0" * 200


def upload(name: str, content: bytes, content_type: str = "application/octet-stream") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type)


def drawn(width: int = 60, height: int = 40, mode: str = "RGB") -> Image.Image:
    """Red on the left, blue on the right: which side is which can be asked afterwards."""
    image = Image.new("RGB", (width, height), "blue")
    ImageDraw.Draw(image).rectangle((0, 0, width // 2 - 1, height), fill="red")
    return image.convert(mode)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    content = BytesIO()
    image.save(content, kind, **options)
    return content.getvalue()


def jpeg(width: int = 60, height: int = 40, **options: object) -> bytes:
    return saved(drawn(width, height), "JPEG", quality=95, **options)


def png(width: int = 60, height: int = 40, mode: str = "RGB") -> bytes:
    return saved(drawn(width, height, mode), "PNG")


def telling_exif(orientation: int = 1) -> Image.Exif:
    """Where, when, with what and by whom a picture was taken."""
    exif = Image.Exif()
    exif[Base.Make] = "TelltaleCamera"
    exif[Base.Artist] = "TelltaleName"
    exif[Base.DateTime] = "2022:10:15 10:30:00"
    exif[Base.Orientation] = orientation
    gps = exif.get_ifd(IFD.GPSInfo)
    gps[GPS.GPSLatitudeRef], gps[GPS.GPSLatitude] = "N", (35.0, 41.0, 40.0)
    gps[GPS.GPSLongitudeRef], gps[GPS.GPSLongitude] = "E", (139.0, 59.0, 0.0)
    return exif


def zipped(parts: dict[str, bytes | str], *, deflated: bool = True) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def content_types(*types: str) -> str:
    rows = "".join(f'<Override PartName="/p{n}.xml" ContentType="{t}"/>' for n, t in enumerate(types))
    return (
        '<?xml version="1.0"?>'
        f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{rows}</Types>'
    )


def office(*types: str, **parts: bytes | str) -> bytes:
    return zipped({"[Content_Types].xml": content_types(*types), **parts})


def xlsx() -> bytes:
    """A real one."""
    book = Workbook()
    book.active.append(["日", "人"])
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def docx() -> bytes:
    return office(DOCX_MAIN, **{"word/document.xml": "<document/>"})


def with_encrypted_part(content: bytes) -> bytes:
    """The bit that says so, in the zip's own list and before the part."""
    changed = bytearray(content)
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = changed.find(sign)
        while at >= 0:
            changed[at + offset] |= 1
            at = changed.find(sign, at + 4)
    return bytes(changed)
