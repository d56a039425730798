"""The picture drawn: what stands in its boxes and which arrows it has, for page and paper alike.

Look: look.md, logic model. Every word a person wrote is escaped in core.svg.
"""

from collections.abc import Callable, Iterable, Mapping

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from core import svg
from core.months import month_label
from core.phrases import lines, shortened
from core.templatetags.ui import PROGRESS_WORDS
from grants.plan import ActivityPlan, LongTermOutcomePlan, OutcomePlan, OutputPlan
from mentoring.boxes import Arrow, Box, Column, Layout, lay_out
from mentoring.canvas import (
    EDGE,
    INK,
    MUTED,
    PAPER,
    TEAL,
    TINT,
    TRACK,
    WASH,
    canvas,
)
from mentoring.models import ProgressWord
from mentoring.picture import IndicatorState, Link, Picture
from mentoring.pieces import in_pieces

WORD_INK = {"ahead": "#1d4e89", "ontrack": "#2f6b3a", "behind": "#8a5200", "other": MUTED}
LINE, INDICATOR, NAME = 19, 44, 15  # heights; NAME: of the second line of an indicator's name


def columns(spare: int = 0) -> tuple[Column, ...]:
    """`spare` widens the gaps, that with the words most; the boxes stay as they are."""
    first, talked = spare // 4, spare // 2
    return (
        Column(gettext("活動"), 0, 158),
        Column(gettext("アウトプット"), 212 + first, 282),
        Column(gettext("短期アウトカム"), 672 + first + talked, 252),
        Column(gettext("中長期アウトカム"), 996 + spare, 236),
    )


def draw(
    picture: Picture,
    *,
    addresses: Callable[[str, int], str],
    stories: Callable[[Link], str],
    marks: Mapping[tuple[str, int], str] | None = None,
) -> SafeString:
    """`addresses` leads from a box (kind, id) to its detail, `stories` from a link to what was said of it. With `marks`
    it is the drawing of a change: added, changed or retired stands at the box, and no arrow says what was talked of."""
    layout = laid_out(picture, addresses)
    return canvas(layout, frames=FRAMES, name=_name_of(picture), stories=stories, marks=marks)


def laid_out(picture: Picture, addresses: Callable[[str, int], str]) -> Layout:
    cols = columns()
    return lay_out(list(_boxes(picture, cols, addresses)), list(_arrows(picture)), cols)


def draw_on_paper(
    picture: Picture, layout: Layout, *, stories: Callable[[Link], str], spare: int, highest: float
) -> list[SafeString]:
    """As wide as the sheet leaves room, and in pieces when one would be too high."""
    layout.move_to(columns(spare))
    name = _name_of(picture)
    if layout.height <= highest:
        return [canvas(layout, frames=FRAMES, name=name, stories=stories)]
    return in_pieces(layout, frames=FRAMES, name=name, stories=stories, highest=highest)


def _name_of(picture: Picture) -> str:
    return gettext("%(name)s 事業設計図 %(month)s") % {
        "name": picture.grant.organisation.name,
        "month": month_label(picture.month),
    }


# --- boxes -----------------------------------------------------------------------------------------------


def _boxes(picture: Picture, cols: tuple[Column, ...], addresses: Callable[[str, int], str]) -> Iterable[Box]:
    plan = picture.plan
    activity_column, output_column, outcome_column, long_column = cols
    for activity in plan.activities:
        yield _activity(activity, activity_column, addresses)
    ordered = [output for outcome in plan.outcomes for output in plan.outputs_under(outcome.id)]
    for output in [*ordered, *plan.outputs_under(None)]:
        yield _output(output, picture, output_column, addresses)
    for outcome in plan.outcomes:
        yield _outcome(outcome, picture, outcome_column, addresses)
    for purpose in plan.long_term:
        yield _purpose(purpose, long_column, addresses)


def _activity(activity: ActivityPlan, column: Column, addresses: Callable[[str, int], str]) -> Box:
    words = lines(activity.text, 10.2)

    def content(left: float, top: float) -> Iterable[SafeString]:
        for number, line in enumerate(words):
            yield svg.text(line, left + 12, top + 25 + 18 * number, font_size=13, fill=INK)

    return Box(
        ("activity", activity.id),
        column,
        24 + 18 * len(words),
        addresses("activity", activity.id),
        f"{column.name} {activity.text}",
        content,
        brief=activity.text,
    )


def _output(
    output: OutputPlan, picture: Picture, column: Column, addresses: Callable[[str, int], str]
) -> Box:
    label, words, states = (
        picture.plan.output_label(output),
        lines(output.text, 16.2),
        picture.states(output.indicators),
    )

    def content(left: float, top: float) -> Iterable[SafeString]:
        yield svg.text(label, left + 12, top + 27, font_size=13.5, fill=TEAL)
        for number, line in enumerate(words):
            yield svg.text(
                line, left + 46, top + 27 + LINE * number, font_size=13.5, font_weight=700, fill=INK
            )

    def figures(left: float, top: float) -> Iterable[SafeString]:
        yield from _indicators(states, left, top + 17 + LINE * len(words), column.width)

    return Box(
        ("output", output.id),
        column,
        29 + LINE * len(words) + _indicators_height(states, column.width),
        addresses("output", output.id),
        f"{column.name} {label} {output.text}",
        content,
        figures,
        brief=f"{label} {output.brief}",
    )


def _outcome(
    outcome: OutcomePlan, picture: Picture, column: Column, addresses: Callable[[str, int], str]
) -> Box:
    words, states = lines(outcome.text, 14), picture.states(outcome.indicators)

    def content(left: float, top: float) -> Iterable[SafeString]:
        yield svg.rect(left, top, column.width, 5, fill=TEAL)
        yield svg.text(outcome.label, left + 11, top + 37, font_size=20, fill=TEAL)
        for number, line in enumerate(words):
            yield svg.text(line, left + 40, top + 35 + 20 * number, font_size=14, font_weight=700, fill=INK)

    def figures(left: float, top: float) -> Iterable[SafeString]:
        yield from _indicators(states, left, top + 28 + 20 * len(words), column.width)

    return Box(
        ("outcome", outcome.id),
        column,
        40 + 20 * len(words) + _indicators_height(states, column.width),
        addresses("outcome", outcome.id),
        f"{column.name} {outcome.label} {outcome.text}",
        content,
        figures,
        brief=f"{outcome.label} {outcome.brief}",
    )


def _purpose(purpose: LongTermOutcomePlan, column: Column, addresses: Callable[[str, int], str]) -> Box:
    words = lines(purpose.text, 13.6)

    def content(left: float, top: float) -> Iterable[SafeString]:
        for number, line in enumerate(words):
            yield svg.text(
                line, left + 16, top + 38 + 25 * number, font_size=15, font_family=svg.PURPOSE_FONTS, fill=INK
            )

    return Box(
        ("long_term", purpose.id),
        column,
        48 + 25 * len(words),
        addresses("long_term", purpose.id),
        f"{column.name} {purpose.text}",
        content,
        brief=purpose.text,
    )


FRAMES: dict[str, dict[str, str | float]] = {
    "activity": {"fill": WASH},
    "output": {"fill": PAPER, "stroke": EDGE},
    "outcome": {"fill": PAPER, "stroke": TEAL, "stroke_width": 1.5},
    "long_term": {"fill": TINT},
}


def _arrows(picture: Picture) -> Iterable[Arrow]:
    for activity in picture.plan.activities:
        for output_id in activity.produces:
            yield Arrow(("activity", activity.id), ("output", output_id))
    for link in picture.links:
        yield Arrow(("output", link.output.id), ("outcome", link.outcome.id), link)
    for outcome in picture.plan.outcomes:
        for purpose_id in outcome.leads_to:
            yield Arrow(("outcome", outcome.id), ("long_term", purpose_id))


# --- indicators ------------------------------------------------------------------------------------------


def _indicators(
    states: list[IndicatorState], left: float, top: float, column_width: int
) -> Iterable[SafeString]:
    for state in states:
        yield from _indicator(state, left + 12, top + 12, column_width - 24)
        top += _indicators_height([state], column_width)


def _indicators_height(states: list[IndicatorState], column_width: int) -> int:
    return sum(INDICATOR + NAME * (len(_name(state, column_width - 24)) - 1) for state in states)


def _name(state: IndicatorState, room: float) -> tuple[str, ...]:
    return lines(state.plan.name, room / 12, 2) or ("",)


def _indicator(state: IndicatorState, left: float, base: float, room: float) -> Iterable[SafeString]:
    """Name, total and target, progress word, bar: the bar ends at 110 % and its tall tick is the target."""
    name = _name(state, room)
    for number, line in enumerate(name):
        yield svg.text(line, left, base + NAME * number, font_size=12, fill=MUTED)
    base += NAME * (len(name) - 1)
    beside = shortened(state.beside, (room - 80) / 12)
    target = svg.span(beside, font_size=12, fill=MUTED) if beside else ""
    shown = svg.span(state.shown) + target
    yield svg.element(
        "text",
        shown,
        x=left,
        y=base + 17,
        font_size=15 if any(letter.isdigit() for letter in state.shown) else 13,
        font_family=svg.FIGURE_FONTS,
        fill=INK,
    )
    glyph, _full, brief = PROGRESS_WORDS.get(state.total.progress, ("", "", ""))
    if glyph:
        yield svg.text(
            f"{glyph} {gettext(brief)}",
            left + room,
            base + 17,
            font_size=12,
            text_anchor="end",
            font_weight=700 if state.total.progress == ProgressWord.BEHIND else 400,
            fill=WORD_INK[state.total.progress],
        )
    achieved = state.achievement
    if achieved is None:
        return
    full = room / 1.1
    yield svg.rect(left, base + 23, full, 4, fill=TRACK)
    if achieved > 0:
        yield svg.rect(left, base + 23, min(float(achieved) / 100 * full, room), 4, fill=TEAL)
    yield svg.rect(left + full - 0.7, base + 20, 1.5, 10, fill=INK)
