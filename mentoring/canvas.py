"""Boxes in columns and the arrows between them as one SVG, whatever stands in the boxes.

Look: look.md, logic model. Every word a person wrote is escaped in core.svg.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf

from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from core import svg
from core.layers import arrange, stack
from core.months import short_month_label, shortest_month_label
from core.phrases import width
from core.templatetags.ui import LINK_WORDS
from mentoring.picture import Link

INK, MUTED, EDGE, TEAL, TURN = "#1f2a33", "#55616b", "#7f8a92", "#0b5d66", "#b04510"
PAPER, WASH, TINT, TRACK, TURN_TINT, FAINT = "#ffffff", "#f6f4ef", "#e3f0f0", "#e8e3d8", "#fbeee6", "#8a959d"

WIDTH = 1232
TOP = 62  # below the names of the columns
GAP = 18  # between two boxes
CUT = 16  # between a box and the edge where a drawing is cut in pieces
HEAD = 6  # of an arrow: there its line ends
LABEL_END = 18  # from the words beside an arrow to its box
PORT = 26  # between two arrows at one box: room for the words beside them

ARROWS: dict[str, dict[str, str | float]] = {  # look.md: solid, dashed, dash-dot, dotted by word
    "seen": {"stroke": TEAL, "stroke_width": 2},
    "notyet": {"stroke": MUTED, "stroke_width": 1.5, "stroke_dasharray": "7 4"},
    "counter": {"stroke": "#8a5200", "stroke_width": 2, "stroke_dasharray": "10 3 2 3"},
    "unknown": {"stroke": MUTED, "stroke_width": 1.5, "stroke_dasharray": "1.5 4"},
    "": {"stroke": FAINT, "stroke_width": 1.2},
    "stale": {"stroke": TURN, "stroke_width": 3, "stroke_dasharray": "3 5", "stroke_linecap": "round"},
}


Way = tuple[tuple[str, int], tuple[str, int]]  # from a box to a box


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    left: int
    width: int

    @property
    def right(self) -> int:
        return self.left + self.width


@dataclass(slots=True)
class Box:
    """`content` draws what its link is called, given left and top of the box; `figures` what stands there beside that. The
    figures lie over the link and are no part of its name: by voice one says what one sees (WCAG 2.5.3)."""

    key: tuple[str, int]
    column: Column
    height: float
    address: str
    name: str
    content: Callable[[float, float], Iterable[SafeString]]
    figures: Callable[[float, float], Iterable[SafeString]] = lambda _left, _top: ()
    left_ports: int = 0
    right_ports: int = 0
    top: float = field(default=0.0, init=False)


@dataclass(frozen=True, slots=True)
class Arrow:
    start: tuple[str, int]
    end: tuple[str, int]
    link: Link | None = (
        None  # None: an arrow nobody is asked about, from an activity or to a long-term outcome
    )


def height_of(drawing: str) -> float:
    """In units of WIDTH."""
    return float(drawing.split('height="', 1)[1].split('"', 1)[0])


def canvas(
    boxes: list[Box],
    arrows: list[Arrow],
    cols: tuple[Column, ...],
    *,
    frames: Mapping[str, Mapping[str, str | float]],
    name: str,
    stories: Callable[[Link], str] = lambda _link: "",
    marks: Mapping[tuple[str, int], str] | None = None,
    highest: float = inf,
) -> list[SafeString]:
    """Stands the boxes in their columns and draws the arrows between those that are there. In one piece, or in as few
    as it takes for none to be higher than `highest`: no box is cut, and a line to another piece runs to the edge."""
    by_key = {box.key: box for box in boxes}
    arrows = [arrow for arrow in arrows if arrow.start in by_key and arrow.end in by_key]
    for arrow in arrows:
        by_key[arrow.start].right_ports += 1
        by_key[arrow.end].left_ports += 1
    for box in boxes:
        box.height = max(box.height, PORT * box.left_ports + 14, PORT * 0.7 * box.right_ports + 14)
    bottom = _place(boxes, arrows, cols)
    cuts = _cuts(boxes, bottom, highest)
    heads = [part for column in cols for part in _head(column, boxes)]
    paths, labels = _roads(by_key, arrows, stories, is_talked=marks is None)
    if marks is not None:
        labels = [(box, _mark(box, marks[box.key])) for box in boxes if box.key in marks]
    shapes = [(box, _shape(box, frames[box.key[0]])) for box in boxes]
    width = max(column.right for column in cols)
    if len(cuts) == 2:
        drawn = [*paths, *(part for _box, part in shapes + labels)]
        return [_framed([*heads, *drawn], width, bottom, name)]
    return [
        _framed([*heads, _piece(paths, shapes + labels, width, start, end)], width, TOP + end - start, name)
        for start, end in pairwise(cuts)
    ]


def _piece(
    paths: list[SafeString], stood: list[tuple[Box, SafeString]], width: int, start: float, end: float
) -> SafeString:
    edges = svg.element("clipPath", svg.rect(0, start, width, end - start), id=f"piece-{start:g}")
    lines = svg.element("g", "".join(paths), clip_path=f"url(#piece-{start:g})")
    here = [part for box, part in stood if start < box.top < end]
    return svg.element("g", "".join([edges, lines, *here]), transform=f"translate(0 {TOP - CUT - start:g})")


def _framed(parts: list[SafeString], width: int, height: float, name: str) -> SafeString:
    return svg.element(
        "svg",
        "".join(parts),
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


# --- places ----------------------------------------------------------------------------------------------


def _place(boxes: list[Box], arrows: list[Arrow], cols: tuple[Column, ...]) -> float:
    """Gives every box its top; returns the height of the whole."""
    numbers = {box.key: number for number, box in enumerate(boxes)}
    layers = tuple(tuple(numbers[box.key] for box in boxes if box.column == column) for column in cols)
    roads = tuple((numbers[arrow.start], numbers[arrow.end]) for arrow in arrows)
    heights = {number: box.height for number, box in enumerate(boxes)}
    tops = stack(arrange(layers, roads), roads, heights, GAP)
    for number, box in enumerate(boxes):
        box.top = TOP + tops[number]
    return max((box.top + box.height for box in boxes), default=TOP) + 12


def _cuts(boxes: list[Box], bottom: float, highest: float) -> list[float]:
    """Where the pieces begin and end. Boxes below a cut move down until it passes between them and those above."""
    if bottom <= highest or len(boxes) < 2:
        return [TOP - CUT, bottom]
    for count in range(2, len(boxes) + 1):
        bands: list[list[Box]] = [[] for _band in range(count)]
        for box in boxes:
            share = (box.top + box.height / 2 - TOP) / (bottom - TOP)
            bands[min(int(share * count), count - 1)].append(box)
        bands = [band for band in bands if band]
        heights = [max(b.top + b.height for b in band) - min(b.top for b in band) for band in bands]
        if TOP + 2 * CUT + max(heights) <= highest:
            break
    cuts: list[float] = [TOP - CUT]
    for band, height in zip(bands, heights, strict=True):
        down = cuts[-1] + CUT - min(box.top for box in band)
        for box in band:
            box.top = round(box.top + down, 1)
        cuts.append(round(cuts[-1] + height + 2 * CUT, 1))
    return cuts


def _ports(box: Box, others: list[Box]) -> dict[tuple[str, int], float]:
    """Where the arrows to or from `others` meet the side of the box, in the order of their other ends."""
    ordered = sorted(others, key=lambda other: other.top + other.height / 2)
    step = min(34.0, (box.height - 8) / max(len(ordered), 1))
    first = box.top + box.height / 2 - step * (len(ordered) - 1) / 2
    return {other.key: round(first + step * place, 1) for place, other in enumerate(ordered)}


def _shape(box: Box, look: Mapping[str, str | float]) -> SafeString:
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


def _roads(
    boxes: dict[tuple[str, int], Box],
    arrows: list[Arrow],
    stories: Callable[[Link], str],
    *,
    is_talked: bool,
) -> tuple[list[SafeString], list[tuple[Box, SafeString]]]:
    """The lines, and the words beside them with the box they lead to. A line is level as soon as words stand beside any:
    it crosses no words but its own, which lie on it."""
    talked = [_words_of(arrow.link).room for arrow in arrows if arrow.link is not None and is_talked]
    talk_room = max(talked, default=0.0)
    leaving = {
        key: _ports(box, [boxes[arrow.end] for arrow in arrows if arrow.start == key])
        for key, box in boxes.items()
    }
    coming = {
        key: _ports(box, [boxes[arrow.start] for arrow in arrows if arrow.end == key])
        for key, box in boxes.items()
    }
    levels = {(a.start, a.end): (leaving[a.start][a.end], coming[a.end][a.start]) for a in arrows}
    bends = _bends(levels, boxes)
    paths, labels = [], []
    for arrow in arrows:
        way = arrow.start, arrow.end
        x1, x2, (y1, y2) = boxes[arrow.start].column.right, boxes[arrow.end].column.left, levels[way]
        look = ARROWS[_look(arrow.link)]
        level = x2 - (LABEL_END + talk_room if arrow.link is not None and talk_room else HEAD)
        bend = x1 + bends[way] * (level - x1)
        road = f"M{x1} {y1:g}C{bend:g} {y1:g} {bend:g} {y2:g} {level:g} {y2:g}H{x2 - HEAD}"
        paths.append(svg.element("path", d=road, fill="none", **look))
        paths.append(svg.element("path", d=f"M{x2} {y2:g}l-8 -4.5v9z", fill=look["stroke"]))
        if arrow.link is not None:
            labels.append((boxes[arrow.end], _label(arrow.link, x2 - LABEL_END, y2, stories(arrow.link))))
    return paths, labels


def _bends(levels: dict[Way, tuple[float, float]], boxes: dict[tuple[str, int], Box]) -> dict[Way, float]:
    """Where each line turns, as a share of its length, so that those that go the same way keep beside one another: of
    two that go down the upper one turns later, of two that go up the lower one."""
    flocks: dict[tuple[int, bool], list[Way]] = {}
    for way, (start, end) in levels.items():
        flocks.setdefault((boxes[way[0]].column.left, end > start), []).append(way)
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
