"""Boxes in columns and the arrows between them (mentoring.boxes) as one SVG.

Look: look.md, logic model. Every word a person wrote is escaped in core.svg.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from core import svg
from core.months import short_month_label, shortest_month_label
from core.phrases import width
from core.templatetags.ui import LINK_WORDS
from mentoring.boxes import Arrow, Box, Column, Key, Layout, Way, levels_of
from mentoring.picture import Link

INK, MUTED, EDGE, TEAL, TURN = "#1f2a33", "#55616b", "#7f8a92", "#0b5d66", "#b04510"
PAPER, WASH, TINT, TRACK, TURN_TINT, FAINT = "#ffffff", "#f6f4ef", "#e3f0f0", "#e8e3d8", "#fbeee6", "#8a959d"

WIDTH = 1232
HEAD = 6  # of an arrow: there its line ends
LABEL_END = 18  # from the words beside an arrow to its box

ARROWS: dict[str, dict[str, str | float]] = {  # look.md: solid, dashed, dash-dot, dotted by word
    "seen": {"stroke": TEAL, "stroke_width": 2},
    "notyet": {"stroke": MUTED, "stroke_width": 1.5, "stroke_dasharray": "7 4"},
    "counter": {"stroke": "#8a5200", "stroke_width": 2, "stroke_dasharray": "10 3 2 3"},
    "unknown": {"stroke": MUTED, "stroke_width": 1.5, "stroke_dasharray": "1.5 4"},
    "": {"stroke": FAINT, "stroke_width": 1.2},
    "stale": {"stroke": TURN, "stroke_width": 3, "stroke_dasharray": "3 5", "stroke_linecap": "round"},
}


def canvas(
    layout: Layout,
    *,
    frames: Mapping[str, Mapping[str, str | float]],
    name: str,
    stories: Callable[[Link], str] = lambda _link: "",
    marks: Mapping[Key, str] | None = None,
) -> SafeString:
    """In one piece. With `marks` no arrow says what was talked of: it is the drawing of a change."""
    levels = levels_of(layout)
    paths = roads(layout, layout.arrows, levels, talk_room=0 if marks is not None else talk_room_of(layout))
    if marks is None:
        beside = said_beside(layout, layout.arrows, levels, stories)
    else:
        beside = [_mark(box, marks[box.key]) for box in layout.boxes if box.key in marks]
    shapes = [shape(box, frames[box.key[0]]) for box in layout.boxes]
    return framed(layout, [*paths, *shapes, *beside], layout.height, name)


def framed(layout: Layout, drawn: list[SafeString], height: float, name: str) -> SafeString:
    """What was drawn, below the names of its columns."""
    width = max(column.right for column in layout.cols)
    heads = [part for column in layout.cols for part in _head(column, layout.boxes)]
    return svg.element(
        "svg",
        "".join([*heads, *drawn]),
        xmlns="http://www.w3.org/2000/svg",
        **{"class": "model"},
        width=width,
        height=height,
        viewBox=f"-1 0 {width + 2} {height:g}",  # half of a frame at the edge lies outside its box
        role="group",
        text_decoration="none",
        aria_label=name,
        font_family=svg.FONTS,
    )


def shape(box: Box, look: Mapping[str, str | float]) -> SafeString:
    left = box.column.left
    frame = svg.rect(left, box.top, box.column.width, box.height, **look)
    content = "".join([frame, *box.content(left, box.top)])
    link = svg.element("a", content, href=box.address, aria_label=box.name)
    figures = "".join(box.figures(left, box.top))
    return svg.element("g", link + svg.element("g", figures, pointer_events="none")) if figures else link


MARKS = {"added": ("＋", _("新しい")), "changed": ("＊", _("変わる")), "retired": ("×", _("なくなる"))}


def _mark(box: Box, mark: str) -> SafeString:
    """A flag at the upper right of a box, and a thick dashed frame: sign, word and pattern."""
    sign, name = MARKS[mark]
    words = f"{sign} {name}"
    room = 12 * width(words) + 12
    left, right = box.column.left, box.column.right
    frame = svg.rect(
        left, box.top, box.column.width, box.height,
        fill="none", stroke=TEAL, stroke_width=2.5, stroke_dasharray="6 3",
    )  # fmt: skip
    flag = svg.rect(right - room, box.top - 11, room, 20, fill=TINT, stroke=TEAL)
    text = svg.text(
        words, right - room / 2, box.top + 4, font_size=12, font_weight=700, fill=TEAL, text_anchor="middle"
    )
    return svg.element("g", frame + flag + text)


def _head(column: Column, boxes: Iterable[Box]) -> list[SafeString]:
    count = sum(box.column == column for box in boxes)
    name = svg.span(column.name) + svg.span(str(count), font_size=12, font_weight=400, fill=MUTED, dx=8)
    return [
        svg.element("text", name, x=column.left, y=22, font_size=14, font_weight=700, fill=INK),
        svg.rect(column.left, 34, column.width, 1, fill=INK),
    ]


# --- arrows ----------------------------------------------------------------------------------------------


def talk_room_of(layout: Layout) -> float:
    """The widest words that stand beside any arrow; 0 where there are none."""
    return max((_words_of(arrow.link).room for arrow in layout.arrows if arrow.link is not None), default=0.0)


def roads(
    layout: Layout, arrows: list[Arrow], levels: Mapping[Way, tuple[float, float]], talk_room: float
) -> list[SafeString]:
    """The lines. A line is level as soon as words stand beside any: it crosses no words but its own, which lie on it."""
    boxes, bends, paths = layout.by_key, _bends(layout, arrows, levels), []
    for arrow in arrows:
        x1, x2, (y1, y2) = boxes[arrow.start].column.right, boxes[arrow.end].column.left, levels[arrow.way]
        level = x2 - level_room(arrow, talk_room)
        bend = x1 + bends[arrow.way] * (level - x1)
        road = f"M{x1} {y1:g}C{bend:g} {y1:g} {bend:g} {y2:g} {level:g} {y2:g}H{x2 - HEAD}"
        paths += [svg.element("path", d=road, fill="none", **look_of(arrow)), arrow_head(arrow, x2, y2)]
    return paths


def level_room(arrow: Arrow, talk_room: float) -> float:
    """How far before its box an arrow is level."""
    return LABEL_END + talk_room if arrow.link is not None and talk_room else HEAD


def arrow_head(arrow: Arrow, x: float, y: float) -> SafeString:
    return svg.element("path", d=f"M{x} {y:g}l-8 -4.5v9z", fill=look_of(arrow)["stroke"])


def look_of(arrow: Arrow) -> dict[str, str | float]:
    return ARROWS[_look(arrow.link)]


def said_beside(
    layout: Layout,
    arrows: list[Arrow],
    levels: Mapping[Way, tuple[float, float]],
    stories: Callable[[Link], str],
) -> list[SafeString]:
    """The words beside the heads of the arrows."""
    boxes = layout.by_key
    return [
        _label(a.link, boxes[a.end].column.left - LABEL_END, levels[a.way][1], stories(a.link))
        for a in arrows
        if a.link is not None
    ]


def _bends(
    layout: Layout, arrows: list[Arrow], levels: Mapping[Way, tuple[float, float]]
) -> dict[Way, float]:
    """Where each line turns, as a share of its length, so that those that go the same way keep beside one another: of
    two that go down the upper one turns later, of two that go up the lower one."""
    boxes = layout.by_key
    flocks: dict[tuple[int, bool], list[Way]] = {}
    for arrow in arrows:
        start, end = levels[arrow.way]
        flocks.setdefault((boxes[arrow.start].column.left, end > start), []).append(arrow.way)
    bends = {}
    for (_column, is_down), flock in flocks.items():
        ordered = sorted(flock, key=lambda way: levels[way], reverse=is_down)
        for place, way in enumerate(ordered):
            bends[way] = 0.2 + 0.6 * (place + 0.5) / len(ordered)
    return bends


def _look(link: Link | None) -> str:
    if link is None or (link.last is None and not link.is_stale):
        return ""
    return "stale" if link.is_stale else (link.last.word if link.last else "")


@dataclass(frozen=True, slots=True)
class Words:
    """What stands beside an arrow: the word and its month, or how long nobody spoke of it."""

    words: str
    month: str = ""

    @property
    def room(self) -> float:
        return _room(self.words) + (_room(self.month) + 4 if self.month else 0) + 12


def _room(words: str) -> float:
    """Half-width letters are counted wider than in a text that can wrap: some fonts' bold ones are."""
    return 12 * sum(1.0 if width(letter) == 1 else 0.66 for letter in words)


def _words_of(link: Link) -> Words:
    if link.is_stale:
        return Words(pgettext("drawing", "%(age)sか月 未確認") % {"age": link.age.age})
    if link.last is None:
        return Words(pgettext("drawing", "まだ話していない"))
    glyph, word = LINK_WORDS[link.last.word]
    brief = {"counter": pgettext("drawing", "逆の兆し")}.get(link.last.word) or gettext(word)
    return Words(f"{glyph} {brief}", shortest_month_label(link.last.month))


def _label(link: Link, right: float, y: float, address: str) -> SafeString:
    """Ends at `right`, near the head of its arrow."""
    beside = _words_of(link)
    room = beside.room
    if link.is_stale:
        shape = svg.rect(right - room, y - 11, room, 22, fill=TURN_TINT, stroke=TURN, stroke_width=1.5)
        shown = svg.text(
            beside.words,
            right - room / 2,
            y + 4.5,
            font_size=12,
            font_weight=700,
            fill=TURN,
            text_anchor="middle",
        )
    else:
        ink = str(ARROWS[_look(link)]["stroke"]) if link.last else MUTED
        weight = 700 if link.last and link.last.word in ("seen", "counter") else 400
        shape = svg.rect(right - room, y - 10, room, 20, fill=PAPER)
        month = f" {svg.span(beside.month, font_weight=400, fill=MUTED)}" if beside.month else ""
        shown = svg.element(
            "text",
            svg.span(beside.words) + month,
            x=right - room + 6,
            y=y + 4.5,
            font_size=12,
            font_weight=weight,
            fill=ink,
        )
    words = f"{beside.words} {beside.month}".rstrip()
    return svg.element("a", shape + shown, href=address, aria_label=told_of(link, words))


def told_of(link: Link, shown: str) -> str:
    """The arrow in words, what is `shown` beside it first: 3か月 未確認、①-2から①へ、最後は7月「まだ」."""
    ends = gettext("%(output)sから%(outcome)sへ") % {"output": link.label, "outcome": link.outcome.label}
    if not link.is_stale:
        return gettext("、").join([shown, ends])
    age, last = gettext("%(age)sか月 未確認") % {"age": link.age.age}, link.last
    told = gettext("まだ話していません")
    if last is not None:
        told = gettext("最後は%(month)s「%(word)s」") % {
            "month": short_month_label(last.month),
            "word": gettext(LINK_WORDS[last.word][1]),
        }
    return gettext("、").join([shown, *([age] if age != shown else []), ends, told])
