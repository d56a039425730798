"""What a file is, told by its content; photos without what was written beside them."""

import zlib
from io import BytesIO

import pytest
from PIL import Image, ImageChops, ImageCms, ImageDraw, ImageFile, ImageStat, PngImagePlugin
from pillow_heif import from_pillow, register_heif_opener

from core import images, office
from core.file_kinds import FileKind, Refused
from core.images import LONGEST, LONGEST_THUMBNAIL, MOST_PIXELS, MOST_PNG_PIXELS
from core.uploads import LARGEST, CheckedFile, check_upload, clean_name, megabytes
from tests import samples
from tests.samples import drawn, jpeg, png, saved, telling_exif, upload

register_heif_opener()


def picture(checked: CheckedFile) -> Image.Image:
    checked.content.seek(0)
    image = Image.open(BytesIO(checked.content.read()))
    image.load()
    return image


def bytes_of(checked: CheckedFile) -> bytes:
    checked.content.seek(0)
    return checked.content.read()


def sides(image: Image.Image) -> tuple[str, str]:
    """The colours at the left and the right edge."""
    rgb = image.convert("RGB")
    names = []
    for x in (2, rgb.width - 3):
        red, _green, blue = rgb.getpixel((x, rgb.height // 2))  # type: ignore[misc]
        names.append("red" if red > blue else "blue")
    return names[0], names[1]


def refused(name: str, content: bytes) -> str:
    with pytest.raises(Refused) as caught:
        check_upload(upload(name, content))
    assert f"「{name}」" in caught.value.words
    return caught.value.words


# --- photos ---


def telling_png() -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "TelltaleName")
    info.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta>TelltaleName 35.69</x:xmpmeta>")
    return saved(drawn(), "PNG", pnginfo=info, exif=telling_exif())


def telling_heic() -> bytes:
    heif = from_pillow(drawn(64, 48))
    content = BytesIO()
    heif.save(content, exif=telling_exif().tobytes(), xmp=b"<x:xmpmeta>TelltaleName</x:xmpmeta>", quality=90)
    return content.getvalue()


def telling_jpeg() -> bytes:
    return jpeg(exif=telling_exif(), comment=b"TelltaleName", xmp=b"<x:xmpmeta>TelltaleName</x:xmpmeta>")


@pytest.mark.parametrize(
    ("name", "content", "kept_as"),
    [
        ("a.jpg", telling_jpeg(), FileKind.JPEG),
        ("a.png", telling_png(), FileKind.PNG),
        ("a.heic", telling_heic(), FileKind.JPEG),
    ],
)
def test_nothing_of_where_and_by_whom_is_kept(name: str, content: bytes, kept_as: FileKind) -> None:
    assert b"Telltale" in content
    before = Image.open(BytesIO(content))
    assert before.getexif().get_ifd(0x8825)[2] == (35.0, 41.0, 40.0)  # GPSLatitude, as the camera wrote it
    checked = check_upload(upload(name, content))
    assert checked.kind == kept_as
    for kept in (bytes_of(checked), checked.thumbnail or b""):
        assert b"Telltale" not in kept
        assert b"xmp" not in kept.lower()
        assert b"Exif" not in kept
        after = Image.open(BytesIO(kept))
        after.load()
        assert dict(after.getexif()) == {}
        assert not after.getexif().get_ifd(0x8825)
        assert not {"exif", "xmp", "XML:com.adobe.xmp", "icc_profile", "comment", "Author"} & set(after.info)


@pytest.mark.parametrize(
    ("orientation", "size", "seen"),
    [
        (1, (60, 40), ("red", "blue")),
        (3, (60, 40), ("blue", "red")),
        (2, (60, 40), ("blue", "red")),
        (6, (40, 60), None),
        (8, (40, 60), None),
    ],
)
def test_photos_stand_upright(orientation: int, size: tuple[int, int], seen: tuple[str, str] | None) -> None:
    checked = check_upload(upload("a.jpg", jpeg(exif=telling_exif(orientation))))
    image = picture(checked)
    assert (checked.width, checked.height) == image.size == size
    if seen:
        assert sides(image) == seen
    else:  # the red side is at the top after a quarter turn to the right, at the bottom after one to the left
        assert sides(image.rotate(90 if orientation == 6 else -90, expand=True)) == ("red", "blue")


def test_a_heic_becomes_a_jpeg_and_its_name_follows() -> None:
    checked = check_upload(upload("IMG_0001.HEIC", telling_heic(), "image/heic"))
    image = picture(checked)
    assert (checked.name, image.format, image.size, sides(image)) == (
        "IMG_0001.jpg", "JPEG", (64, 48), ("red", "blue"),
    )  # fmt: skip


@pytest.mark.parametrize("turned", [6, 8])
def test_a_heic_stands_upright_too(turned: int) -> None:
    heif = from_pillow(drawn(64, 48))
    content = BytesIO()
    heif.save(content, exif=telling_exif(turned).tobytes(), quality=90)
    checked = check_upload(upload("a.heic", content.getvalue()))
    image = picture(checked)
    shown = Image.open(BytesIO(content.getvalue()))
    assert image.size == shown.size
    assert image.format == "JPEG"


def test_a_big_photo_is_made_smaller() -> None:
    checked = check_upload(upload("a.jpg", jpeg(4000, 3000)))
    small = Image.open(BytesIO(checked.thumbnail or b""))
    assert picture(checked).size == (checked.width, checked.height) == (LONGEST, LONGEST * 3 // 4)
    assert max(small.size) == LONGEST_THUMBNAIL
    assert checked.size == len(bytes_of(checked))


def detailed(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """Edges, slopes and grain in every channel; with `A` half of it is seen through."""
    slope = Image.linear_gradient("L").resize((width, height))
    bands = [slope, slope.rotate(180), Image.radial_gradient("L").resize((width, height))]
    image = Image.merge("RGB", bands)
    pen = ImageDraw.Draw(image)
    for number in range(0, width, 24):
        pen.line((number, 0, width - number, height), fill=(number % 256, 40, 255 - number % 256), width=5)
    if mode in ("RGBA", "LA"):
        image.putalpha(slope.transpose(Image.Transpose.TRANSVERSE).resize((width, height)))
    return image.convert(mode)


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGB", "RGBA"])
def test_a_png_drawn_small_strip_by_strip_is_what_pillow_draws_at_once(
    monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    monkeypatch.setattr(images, "LONGEST", 90)
    monkeypatch.setattr(images, "STRIP", 7)
    large = detailed(400, 300, mode)
    found = picture(check_upload(upload("a.png", saved(large, "PNG"))))
    full = "RGB" if mode in ("P", "L") else "RGBA" if mode == "LA" else mode
    at_once = (large.convert("RGB") if mode == "P" else large).resize((90, 68), Image.Resampling.LANCZOS)
    assert ImageChops.difference(found, at_once.convert(full)).getbbox() is None


def test_a_heic_drawn_small_strip_by_strip_is_what_pillow_draws_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(images, "LONGEST", 90)
    monkeypatch.setattr(images, "STRIP", 7)
    content = BytesIO()
    from_pillow(detailed(401, 301)).save(content, quality=90)
    found = picture(check_upload(upload("a.heic", content.getvalue())))
    at_once = Image.open(content).resize((90, 68), Image.Resampling.LANCZOS)
    assert ImageChops.difference(found, kept(at_once)).getbbox() is None


def kept(image: Image.Image) -> Image.Image:
    return Image.open(BytesIO(saved(image, "JPEG", quality=85, optimize=True)))


def far_apart(one: Image.Image, other: Image.Image) -> float:
    """Of 255, on the average."""
    return max(ImageStat.Stat(ImageChops.difference(one, other)).mean)


@pytest.mark.parametrize("kind", ["JPEG", "progressive", "MPO", "turned"])
def test_a_photo_that_is_decoded_at_a_half_keeps_its_detail(kind: str) -> None:
    large = detailed(5400, 3600)
    options: dict[str, dict[str, object]] = {
        "progressive": {"progressive": True},
        "MPO": {"save_all": True, "append_images": [drawn()]},
        "turned": {"exif": telling_exif(6)},
    }
    content = saved(large, "MPO" if kind == "MPO" else "JPEG", quality=92, **options.get(kind, {}))
    found = picture(check_upload(upload("a.jpg", content)))
    upright = found.rotate(90, expand=True) if kind == "turned" else found
    assert upright.size == (2560, 1707)
    whole = Image.open(BytesIO(content)).resize(upright.size, Image.Resampling.LANCZOS)
    assert far_apart(upright, whole) < far_apart(kept(whole), whole) + 1, (
        "hardly more than the JPEG itself loses"
    )


def test_a_png_may_have_fewer_pixels_than_a_photo(monkeypatch: pytest.MonkeyPatch) -> None:
    """For it is drawn whole before it is made small."""
    assert MOST_PNG_PIXELS < MOST_PIXELS
    monkeypatch.setattr(images, "MOST_PNG_PIXELS", 20_000)
    monkeypatch.setattr(images, "MOST_PIXELS", 40_000)
    assert "（2万まで）" in refused("a.png", png(201, 100))
    assert "（4万まで）" in refused("a.jpg", jpeg(401, 100))
    assert picture(check_upload(upload("a.png", png(200, 100)))).size == (200, 100)
    assert picture(check_upload(upload("a.jpg", jpeg(400, 100)))).size == (400, 100)


def test_a_small_photo_is_not_made_bigger() -> None:
    assert picture(check_upload(upload("a.png", png(30, 20)))).size == (30, 20)


def test_colours_of_another_profile_are_converted() -> None:
    """Red by a profile in which red and blue have changed places is what the eye sees as blue."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = srgb.replace(b"rXYZ", b"....", 1).replace(b"bXYZ", b"rXYZ", 1).replace(b"....", b"bXYZ", 1)
    for profile, seen in ((srgb, ("red", "blue")), (swapped, ("blue", "red")), (b"junk", ("red", "blue"))):
        for name, kind in (("a.png", "PNG"), ("a.jpg", "JPEG")):
            content = saved(drawn(), kind, icc_profile=profile)
            assert sides(picture(check_upload(upload(name, content)))) == seen


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_depth_of_a_png_is_read(mode: str) -> None:
    white = (
        Image.new("I;16", (60, 40), 65535) if mode == "I;16" else Image.new("L", (60, 40), 255).convert(mode)
    )
    checked = check_upload(upload("a.png", saved(white, "PNG")))
    image = picture(checked)
    assert (checked.kind, image.size, image.convert("L").getpixel((5, 5))) == (FileKind.PNG, (60, 40), 255)


def test_a_see_through_png_stays_so_and_lies_on_white_in_small() -> None:
    checked = check_upload(upload("a.png", saved(Image.new("RGBA", (60, 40), (255, 0, 0, 0)), "PNG")))
    assert picture(checked).getpixel((5, 5))[3] == 0  # type: ignore[index]
    small = Image.open(BytesIO(checked.thumbnail or b""))
    assert min(small.getpixel((5, 5))) > 250  # type: ignore[type-var, arg-type]


def test_a_cmyk_photo_is_read() -> None:
    assert picture(check_upload(upload("a.jpg", saved(drawn(mode="CMYK"), "JPEG")))).mode == "RGB"


def test_of_several_pictures_the_first_is_kept() -> None:
    first, second = drawn(), Image.new("RGB", (60, 40), "green")
    for kind, name in (("PNG", "a.png"), ("MPO", "a.jpg")):
        content = BytesIO()
        first.save(content, kind, save_all=True, append_images=[second])
        image = picture(check_upload(upload(name, content.getvalue())))
        assert (sides(image), getattr(image, "n_frames", 1)) == (("red", "blue"), 1)


def test_the_same_photo_is_drawn_the_same_way() -> None:
    """So that one that is sent twice is known."""
    one, two = (check_upload(upload(name, telling_jpeg())) for name in ("a.jpg", "b.jpg"))
    assert one.sha256 == two.sha256


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_too_many_pixels_are_refused_before_they_are_drawn() -> None:
    """A bomb: a few hundred bytes that would become gigabytes."""
    width = 20_000
    bomb = bytearray(png(2, 2))
    bomb[16:24] = width.to_bytes(4, "big") + (MOST_PIXELS // width + 1).to_bytes(4, "big")
    bomb[29:33] = zlib.crc32(bomb[12:29]).to_bytes(4, "big")
    assert "点の数が多すぎます" in refused("a.png", bytes(bomb))
    bomb[16:24] = (60_000).to_bytes(4, "big") * 2
    bomb[29:33] = zlib.crc32(bomb[12:29]).to_bytes(4, "big")
    assert "点の数が多すぎます" in refused("a.png", bytes(bomb))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jpg", jpeg(400, 300)[:2000]),
        ("a.jpg", b"\xff\xd8\xff\xe0" + b"nonsense" * 20),
        ("a.png", png()[:60]),
        ("a.heic", b"\x00\x00\x00\x18ftypheic" + b"\0" * 100),
    ],
)
@pytest.mark.parametrize("takes_halves", [True, False])
def test_what_is_no_whole_picture_is_refused(
    name: str, content: bytes, takes_halves: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the rest of the process, such as the drawing of PDFs, is content with."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", takes_halves)
    assert "画像として読めませんでした" in refused(name, content)
    assert takes_halves == ImageFile.LOAD_TRUNCATED_IMAGES


# --- documents ---


@pytest.mark.parametrize(
    ("name", "content", "kind", "kept_name"),
    [
        ("ちらし.pdf", samples.PDF, FileKind.PDF, "ちらし.pdf"),
        ("表.xlsx", samples.xlsx(), FileKind.XLSX, "表.xlsx"),
        ("文.docx", samples.docx(), FileKind.DOCX, "文.docx"),
        ("文.pdf", samples.docx(), FileKind.DOCX, "文.docx"),
        ("IMG.HEIC", jpeg(), FileKind.JPEG, "IMG.jpg"),
        ("IMG.JPEG", jpeg(), FileKind.JPEG, "IMG.JPEG"),
        ("名前だけ", samples.PDF, FileKind.PDF, "名前だけ.pdf"),
        ("第1.5版", samples.PDF, FileKind.PDF, "第1.5版.pdf"),
    ],
)
def test_the_content_says_what_it_is(name: str, content: bytes, kind: FileKind, kept_name: str) -> None:
    checked = check_upload(upload(name, content, "text/html"))
    assert (checked.kind, checked.name) == (kind, kept_name)
    if not kind.is_image:
        assert bytes_of(checked) == content
        assert (checked.size, checked.thumbnail, checked.width) == (len(content), None, None)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.gif", samples.GIF, "GIFの画像です"),
        ("a.jpg", samples.GIF, "GIFの画像です"),
        ("a.svg", samples.SVG, "SVGの図です"),
        ("a.png", samples.SVG, "SVGの図です"),
        ("a.html", samples.HTML, "ウェブページのファイルです"),
        ("a.pdf", b"  \n<HTML><body>", "ウェブページのファイルです"),
        ("a.jpg", samples.EXE, "プログラムのファイルです"),
        ("a.pdf", b"#!/bin/sh\nrm -rf .", "プログラムのファイルです"),
        ("a.webp", b"RIFF\x00\x00\x00\x00WEBPVP8 ", "受け取れない種類の画像です"),
        ("a.bmp", b"BM" + b"\0" * 60, "受け取れない種類の画像です"),
        ("a.mov", b"\x00\x00\x00\x14ftypqt  " + b"\0" * 40, "動画か音声です"),
        ("a.xls", samples.OLD_OFFICE, "古い形のExcelやWord"),
        ("a.xlsx", samples.LOCKED_OFFICE, "パスワードがかかっています"),
        ("a.xlsx", samples.with_encrypted_part(samples.xlsx()), "パスワードがかかっています"),
        ("a.xlsm", samples.office("application/vnd.ms-excel.sheet.macroEnabled.main+xml"), "マクロ"),
        ("a.xlsx", samples.office(samples.XLSX_MAIN, **{"xl/vbaProject.bin": b"x"}), "マクロ"),
        ("a.xlsx", samples.office(samples.XLSX_MAIN, "application/vnd.ms-excel.macrosheet+xml"), "マクロ"),
        ("a.docx", samples.office(samples.DOCX_MAIN, **{"word/VBAPROJECT.BIN": b"x"}), "マクロ"),
        (
            "a.pptx",
            samples.office(f"{samples.OFFICE}.presentationml.presentation.main+xml"),
            "PowerPointのファイルです",
        ),
        ("a.zip", samples.zipped({"a.txt": "a"}), "ZIPのファイルです"),
        ("a.xlsx", samples.office("text/plain"), "ZIPのファイルです"),
        ("a.xlsx", samples.office(samples.XLSX_MAIN, samples.DOCX_MAIN), "ZIPのファイルです"),
        ("a.xlsx", samples.xlsx()[:300], "こわれていて"),
        ("a.xlsx", samples.zipped({"[Content_Types].xml": "<Types"}), "こわれていて"),
        (
            "a.xlsx",
            samples.zipped({"[Content_Types].xml": '<!DOCTYPE t [<!ENTITY a "b">]><Types>&a;</Types>'}),
            "こわれていて",
        ),
        ("a.pdf", b"%PDF-1.7\nhalf of it", "終わりが欠けています"),
        ("a.txt", "ただの文".encode(), "受け取れない種類のファイルです"),
        ("a.csv", b"a,b\n1,2\n", "受け取れない種類のファイルです"),
        ("a.jpg", b"", "中身が空のファイルです"),
    ],
)
def test_each_refusal_has_its_own_words(name: str, content: bytes, words: str) -> None:
    assert words in refused(name, content)


def test_zip_bombs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "LARGEST_UNPACKED", 100_000)
    assert "とても大きくなる" in refused("a.xlsx", samples.office(samples.XLSX_MAIN, big=b"\0" * 100_001))
    monkeypatch.setattr(office, "MOST_PARTS", 20)
    parts = {f"p{number}": b"" for number in range(30)}
    assert "とても大きくなる" in refused("a.xlsx", samples.office(samples.XLSX_MAIN, **parts))
    monkeypatch.setattr(office, "LARGEST_LIST", 500)  # the list itself is not read into memory
    assert "こわれていて" in refused("a.xlsx", samples.office(samples.XLSX_MAIN, **parts))


def test_a_list_of_types_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "LARGEST_LIST", 2_000)
    assert "こわれていて" in refused("a.xlsx", samples.office(*[samples.XLSX_MAIN] * 200))


def test_twenty_megabytes_are_taken_and_one_byte_more_is_not() -> None:
    body = samples.PDF[:9] + b"0" * (LARGEST - len(samples.PDF)) + samples.PDF[9:]
    assert check_upload(upload("a.pdf", body)).size == LARGEST
    assert "20MBを超えています（20.1MB）" in refused("a.pdf", body[:20] + b"0" + body[20:])


# --- names ---


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("D:\\a\\表.xlsx", "表.xlsx"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
        ("か\u3099.pdf", "が.pdf"),
        (' <b>"a"</b>.pdf ', "b.pdf"),
        ("...", "名前のないファイル"),
        ("あ" * 300 + ".pdf", "あ" * 116 + ".pdf"),
    ],
)
def test_names_are_cleaned(typed: str, kept: str) -> None:
    assert clean_name(typed) == kept


def test_sizes_read_as_people_say_them() -> None:
    assert [megabytes(size) for size in (1, 340 * 1024, LARGEST, LARGEST + 1)] == [
        "1KB",
        "340KB",
        "20.0MB",
        "20.1MB",
    ]
