"""The grantees of a program under its outcomes, drawn with the parts of the logic model's drawing."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from core import svg
from core.figures import format_figure
from core.months import month_label
from core.phrases import lines, shortened
from grants.models import Grant
from mentoring.boxes import Arrow, Box, Column, lay_out
from mentoring.canvas import INK, MUTED, PAPER, TEAL, TINT, TRACK, canvas
from mentoring.program_picture import OutcomeRow, PartRow, ProgramPicture, WholeRow

LINE, PART, WHOLE = 20, 20, 46
FRAMES: dict[str, dict[str, str | float]] = {
    "grant": {"fill": PAPER, "stroke": TEAL, "stroke_width": 1.5},
    "outcome": {"fill": TINT},
}


def draw_program(picture: ProgramPicture) -> SafeString:
    """A grantee's box leads to its own logic model, an outcome's to its figures below."""
    grants = Column(gettext("実行団体"), 0, 470)
    outcomes = Column(gettext("助成事業のアウトカム"), 700, 532)
    boxes = [_grant(grant, picture, grants) for grant in picture.grants]
    boxes += [_outcome(row, outcomes) for row in picture.outcomes]
    arrows = [Arrow(("grant", grant.pk), ("outcome", row.outcome.pk)) for grant, row in picture.links]
    name = gettext("%(name)s %(month)s") % {"name": str(picture.program), "month": month_label(picture.month)}
    return canvas(lay_out(boxes, arrows, (grants, outcomes)), frames=FRAMES, name=name)


def _parts_of(grant: Grant, picture: ProgramPicture) -> list[tuple[OutcomeRow, PartRow]]:
    return [
        (outcome, part)
        for outcome in picture.outcomes
        for whole in outcome.wholes
        for part in whole.parts
        if part.grant.pk == grant.pk
    ]


def _grant(grant: Grant, picture: ProgramPicture, column: Column) -> Box:
    parts = _parts_of(grant, picture)

    def content(left: float, top: float) -> Iterable[SafeString]:
        yield svg.text(
            shortened(grant.organisation.name, 30),
            left + 14,
            top + 28,
            font_size=15,
            font_weight=700,
            fill=INK,
        )

    def figures(left: float, top: float) -> Iterable[SafeString]:
        yield svg.text(shortened(grant.title, 34), left + 14, top + 48, font_size=12.5, fill=MUTED)
        for number, (outcome, part) in enumerate(parts):
            base = top + 72 + PART * number
            yield svg.text(outcome.label, left + 14, base, font_size=13, fill=TEAL)
            yield svg.text(shortened(part.plan.name, 25), left + 36, base, font_size=12.5, fill=INK)
            value = format_figure(part.value) if part.value is not None else gettext("未入力")
            yield svg.text(
                f"{value}{part.plan.unit}", left + column.width - 14, base, font_size=13, text_anchor="end",
                font_family=svg.FIGURE_FONTS, fill=INK,
            )  # fmt: skip

    month = f"{picture.month:%Y-%m}"
    return Box(
        ("grant", grant.pk),
        column,
        62 + PART * len(parts),
        f"{reverse('mentoring:model', args=[grant.pk])}?m={month}",
        gettext("%(name)sの事業設計図") % {"name": grant.organisation.name},
        content,
        figures,
    )


def _outcome(row: OutcomeRow, column: Column) -> Box:
    words = lines(row.outcome.text, 32)

    def content(left: float, top: float) -> Iterable[SafeString]:
        yield svg.text(row.label, left + 14, top + 33, font_size=20, fill=TEAL)
        for number, line in enumerate(words):
            yield svg.text(
                line, left + 44, top + 32 + 23 * number, font_size=15, font_family=svg.PURPOSE_FONTS, fill=INK
            )

    def figures(left: float, top: float) -> Iterable[SafeString]:
        for number, whole in enumerate(row.wholes):
            yield from _whole(
                whole, left + 44, top + 30 + 23 * len(words) + WHOLE * number, column.width - 64
            )

    return Box(
        ("outcome", row.outcome.pk),
        column,
        36 + 23 * len(words) + WHOLE * len(row.wholes),
        f"#outcome-{row.outcome.pk}",
        f"{row.label} {row.outcome.text}",
        content,
        figures,
    )


def _whole(whole: WholeRow, left: float, base: float, room: float) -> Iterable[SafeString]:
    indicator = whole.indicator
    target = f"／{format_figure(indicator.target_value)}" if indicator.target_value is not None else ""
    total = format_figure(whole.total) if whole.total is not None else gettext("未入力")
    yield svg.text(shortened(indicator.name, 24), left, base + 4, font_size=12.5, fill=MUTED)
    shown = svg.span(total) + svg.span(f"{target}{indicator.unit}", font_size=12, fill=MUTED)
    yield svg.element(
        "text", shown, x=left + room, y=base + 4, font_size=15, text_anchor="end",
        font_family=svg.FIGURE_FONTS, fill=INK,
    )  # fmt: skip
    if whole.achievement is None:
        return
    full = room / 1.1
    yield svg.rect(left, base + 12, full, 4, fill=TRACK)
    yield svg.rect(left, base + 12, min(float(whole.achievement) / 100 * full, room), 4, fill=TEAL)
    yield svg.rect(left + full - 0.7, base + 9, 1.5, 10, fill=INK)
