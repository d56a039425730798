"""事業設計図 on A3: the drawing of the page, and the same facts as text behind it."""

from django.template.loader import render_to_string
from django.utils.translation import gettext

from mentoring.canvas import WIDTH, height_of
from mentoring.drawing import draw
from mentoring.model_outline import outline_of
from mentoring.picture import Picture
from reports.pdf.press import to_pdf

UPRIGHT = 0.66  # higher than this share of its width a drawing is printed on upright paper


def render_model_pdf(picture: Picture) -> bytes:
    drawing = draw(picture, addresses=lambda kind, pk: f"#{kind}-{pk}", stories=lambda _link: "#words")
    context = {
        "picture": picture,
        "grant": picture.grant,
        "foundation": picture.grant.foundation,
        "drawing": drawing,
        "is_upright": height_of(drawing) > WIDTH * UPRIGHT,
        "outline": outline_of(picture),
    }
    return to_pdf(render_to_string("pdf/model.html", context))


def model_filename(picture: Picture) -> str:
    """はこぶね_2022-10_事業設計図.pdf"""
    name = picture.grant.organisation.name.replace("/", "／")
    return gettext("%(name)s_%(month)s_事業設計図.pdf") % {"name": name, "month": f"{picture.month:%Y-%m}"}
