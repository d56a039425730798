"""事業設計図 on A3: the drawing of the page, and the same facts as text behind it."""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from mentoring.canvas import WIDTH
from mentoring.drawing import draw_on_paper, laid_out
from mentoring.model_outline import outline_of
from mentoring.picture import Link, Picture
from reports.pdf.press import to_pdf

WIDE, UPRIGHT = (396, 216), (273, 340)  # millimetres for the drawing, below the head of the sheet
SMALLEST = 7.2 / 12 * 25.4 / 72  # millimetres to a unit: the smallest letters, 12 units, stay above 7 pt
SPREAD = 400  # units by which the gaps may widen to fill a sheet


@dataclass(frozen=True, slots=True)
class Paper:
    sheets: list[SafeString]
    is_upright: bool


def render_model_pdf(picture: Picture) -> bytes:
    context = {
        "picture": picture,
        "grant": picture.grant,
        "foundation": picture.grant.foundation,
        "paper": put_on_paper(picture),
        "outline": outline_of(picture),
    }
    return to_pdf(render_to_string("pdf/model.html", context))


def put_on_paper(picture: Picture) -> Paper:
    """The way round that prints it larger; on several sheets what would be too small to read on one."""
    layout = laid_out(picture, _address)
    scale, (across, _down) = max((min(w / WIDTH, h / layout.height), (w, h)) for w, h in (WIDE, UPRIGHT))
    highest = layout.height
    if scale < SMALLEST:
        scale, (across, down) = SMALLEST, UPRIGHT
        highest = down / scale
    spare = min(int(across / scale) - WIDTH, SPREAD)
    sheets = draw_on_paper(picture, layout, stories=_story, spare=spare, highest=highest)
    return Paper(sheets, is_upright=across == UPRIGHT[0])


def _address(kind: str, pk: int) -> str:
    return f"#{kind}-{pk}"


def _story(_link: Link) -> str:
    return "#words"


def model_filename(picture: Picture) -> str:
    """はこぶね_2022-10_事業設計図.pdf"""
    name = picture.grant.organisation.name.replace("/", "／")
    return gettext("%(name)s_%(month)s_事業設計図.pdf") % {"name": name, "month": f"{picture.month:%Y-%m}"}
