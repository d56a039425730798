"""A few photos and files for the sheets of the demonstration. The pictures are drawn here: nobody and no place is in them."""

import datetime as dt
from dataclasses import dataclass
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from core.uploads import check_upload
from mentoring.models import Attachment, ProgressSheet
from mentoring.services.attachments import write_file
from reports.demo.rows import Rows
from reports.demo.shapes import month
from reports.demo.write_months import moment

SIZE = (1280, 960)
WASH, TEAL, PERSIMMON, INK, STRAW = "#f6f4ef", "#0b5d66", "#b04510", "#1f2a33", "#e0c88a"


@dataclass(frozen=True)
class FileSpec:
    grant: str
    month: str
    who: str
    at: str
    name: str
    caption: str


POT = FileSpec(
    "hakobune", "2023-12", "hasebe", "2024-01-05 16:20",
    "大鍋.png", "年末のごはん会。鍋の大きさを決めるのに、描いてみました（絵）。",
)  # fmt: skip
FLAGS = FileSpec(
    "hakobune", "2023-12", "hasebe", "2024-01-05 16:22",
    "飾りつけ.png", "ごはん会の飾りつけの下絵。色は集まった人たちが選びました。",
)  # fmt: skip
TABLE = FileSpec(
    "ippo", "2023-12", "sakamoto", "2024-01-08 11:05",
    "12月の開催記録.xlsx", "開いた日と人数だけの控えです。",
)  # fmt: skip


def write_files(rows: Rows) -> None:
    for spec, content in ((POT, _pot()), (FLAGS, _flags()), (TABLE, _table())):
        file = check_upload(SimpleUploadedFile(spec.name, content))
        attachment = Attachment(
            sheet=ProgressSheet.objects.get(grant=rows.grants[spec.grant].grant, month=month(spec.month)),
            kind=file.kind,
            name=file.name,
            size=file.size,
            sha256=file.sha256,
            width=file.width,
            height=file.height,
            caption=spec.caption,
            uploaded_by=rows.users[spec.who],
            uploaded_at=moment(dt.datetime.fromisoformat(spec.at)),
        )
        write_file(attachment, file, [])
        attachment.save()


def _pot() -> bytes:
    """A pot on the fire, with steam."""
    image, pen = _paper()
    for left in (430, 590, 750):
        pen.polygon([(left, 820), (left + 60, 690), (left + 120, 820)], fill=PERSIMMON)
    pen.rectangle((330, 830, 950, 856), fill=INK)
    pen.rounded_rectangle((380, 420, 900, 720), radius=70, fill=TEAL)
    pen.rounded_rectangle((340, 400, 940, 448), radius=20, fill=INK)
    for left in (280, 900):
        pen.arc((left, 470, left + 100, 570), 0, 360, fill=INK, width=20)
    for left in (500, 620, 740):
        pen.arc((left, 190, left + 80, 290), 90, 270, fill="#7f8a92", width=12)
        pen.arc((left, 290, left + 80, 390), 270, 90, fill="#7f8a92", width=12)
    return _bytes(image)


def _flags() -> bytes:
    """A line of flags over a table."""
    image, pen = _paper()
    pen.arc((-100, -500, 1380, 300), 20, 160, fill=INK, width=8)
    colours = (TEAL, PERSIMMON, STRAW)
    for number in range(9):
        left, top = 90 + number * 124, 300 - abs(number - 4) ** 2 * 9
        pen.polygon([(left, top), (left + 96, top), (left + 48, top + 120)], fill=colours[number % 3])
    pen.rectangle((200, 640, 1080, 676), fill=INK)
    for left in (260, 980):
        pen.rectangle((left, 676, left + 36, 880), fill=INK)
    for number in range(5):
        left = 300 + number * 145
        pen.ellipse((left, 586, left + 110, 640), fill=colours[number % 3])
    return _bytes(image)


def _paper() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGB", SIZE, WASH)
    return image, ImageDraw.Draw(image)


def _bytes(image: Image.Image) -> bytes:
    content = BytesIO()
    image.save(content, "PNG")
    return content.getvalue()


def _table() -> bytes:
    from openpyxl import Workbook  # slow to import

    book = Workbook()
    sheet = book.active or book.create_sheet()
    sheet.title = "12月"
    sheet.append(["日", "こと", "人数"])
    for day, what, people in (
        (6, "相談の日", 4),
        (13, "相談の日", 6),
        (20, "ごはん会", 11),
        (27, "相談の日", 3),
    ):
        sheet.append([f"12月{day}日", what, people])
    content = BytesIO()
    book.save(content)
    return content.getvalue()
