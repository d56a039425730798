"""A drawing that is too high for one sheet, in pieces. No box is cut. Lines whose ends stand on two sheets meet at the edge
in one point for each box over there, and beside it stands which box that is and on which sheet."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from statistics import mean

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from core import svg
from core.phrases import shortened, width
from mentoring.boxes import TOP, Arrow, Box, Key, Layout, Way, levels_of
from mentoring.canvas import (
    HEAD,
    INK,
    MUTED,
    arrow_head,
    framed,
    level_room,
    look_of,
    roads,
    said_beside,
    shape,
    talk_room_of,
)
from mentoring.picture import Link

CUT = 16  # between the boxes and what stands above or below them
ROW = 17  # of the words at an edge
LETTER = 12
SPACE = 4  # between a line and its words


@dataclass(frozen=True, slots=True)
class Knot:
    """The point at the edge of a sheet to which the lines between boxes here and one box of another sheet run."""

    there: Box
    arrows: list[Arrow]
    is_out: bool  # the arrows lead to `there`; its words stand in that column, right of the lines, else left of them
    is_below: bool
    sheet: int  # of `there`


@dataclass(slots=True)
class Piece:
    """`above` and `below`: how many rows of words stand at the edges."""

    boxes: list[Box]
    knots: list[Knot]
    above: int = 0
    below: int = 0

    @property
    def height(self) -> float:
        """Without the names of the columns."""
        boxes = max(box.bottom for box in self.boxes) - min(box.top for box in self.boxes)
        return boxes + 2 * CUT + ROW * (self.above + self.below)


def in_pieces(
    layout: Layout,
    *,
    frames: Mapping[str, Mapping[str, str | float]],
    name: str,
    stories: Callable[[Link], str],
    highest: float,
) -> list[SafeString]:
    """As few pieces as it takes for none to be higher than `highest`."""
    pieces = _pieces(layout, highest)
    _stand_below_one_another(pieces)
    levels, talk_room = levels_of(layout), talk_room_of(layout)
    drawings = []
    for piece in pieces:
        here = {box.key for box in piece.boxes}
        whole = [arrow for arrow in layout.arrows if arrow.start in here and arrow.end in here]
        parts = roads(layout, whole, levels, talk_room)
        parts += _cut_roads(piece, levels, talk_room, layout)
        parts += [shape(box, frames[box.key[0]]) for box in piece.boxes]
        parts += said_beside(layout, [arrow for arrow in layout.arrows if arrow.end in here], levels, stories)
        first = min(box.top for box in piece.boxes) - CUT - ROW * piece.above
        moved = svg.element("g", "".join(parts), transform=f"translate(0 {TOP - CUT - first:g})")
        drawings.append(framed(layout, [moved], TOP - CUT + piece.height, name))
    return drawings


# --- which boxes stand on which sheet ------------------------------------------------------------------------


def _pieces(layout: Layout, highest: float) -> list[Piece]:
    pieces: list[Piece] = []
    for count in range(1, len(layout.boxes) + 1):
        bands: list[list[Box]] = [[] for _band in range(count)]
        for box in layout.boxes:
            share = (box.middle - TOP) / (layout.height - TOP)
            bands[min(int(share * count), count - 1)].append(box)
        pieces = _tied([band for band in bands if band], layout.arrows)
        if all(TOP - CUT + piece.height <= highest for piece in pieces):
            break
    return pieces


def _tied(bands: list[list[Box]], arrows: list[Arrow]) -> list[Piece]:
    sheets = {box.key: number for number, band in enumerate(bands, 1) for box in band}
    boxes = {box.key: box for band in bands for box in band}
    pieces = []
    for number, band in enumerate(bands, 1):
        tied: dict[tuple[Key, bool], list[Arrow]] = {}
        for arrow in arrows:
            if sheets[arrow.start] == sheets[arrow.end]:
                continue
            if sheets[arrow.start] == number:
                tied.setdefault((arrow.end, True), []).append(arrow)
            if sheets[arrow.end] == number:
                tied.setdefault((arrow.start, False), []).append(arrow)
        knots = [
            Knot(boxes[key], meeting, is_out, sheets[key] > number, sheets[key])
            for (key, is_out), meeting in tied.items()
        ]
        above, below = ([knot for knot in knots if knot.is_below == side] for side in (False, True))
        pieces.append(Piece(band, knots, _most(above), _most(below)))
    return pieces


def _most(knots: list[Knot]) -> int:
    """Rows of the column that has most words at one edge."""
    columns = [knot.there.column.left for knot in knots]
    return max(map(columns.count, columns), default=0)


def _stand_below_one_another(pieces: list[Piece]) -> None:
    """So that the lines at a box stay in the order of their other ends."""
    top = float(TOP)
    for piece in pieces:
        down = top - min(box.top for box in piece.boxes)
        for box in piece.boxes:
            box.top = round(box.top + down, 1)
        top = max(box.bottom for box in piece.boxes) + CUT


# --- lines to the edge ---------------------------------------------------------------------------------------


def _cut_roads(
    piece: Piece, levels: Mapping[Way, tuple[float, float]], talk_room: float, layout: Layout
) -> list[SafeString]:
    top, bottom = min(box.top for box in piece.boxes), max(box.bottom for box in piece.boxes)
    rows: dict[tuple[int, bool], int] = {}  # taken in a column at an edge
    parts: list[SafeString] = []
    for left, right in pairwise(layout.cols):
        knots = [knot for knot in piece.knots if layout.by_key[knot.arrows[0].start].column == left]
        ordered = _from_left(knots, levels)
        level = max((level_room(arrow, talk_room) for knot in knots for arrow in knot.arrows), default=0)
        step = (right.left - level - left.right) / (len(ordered) + 1)
        for place, knot in _outwards(ordered):
            taken = rows.get((knot.there.column.left, knot.is_below), 0)
            rows[knot.there.column.left, knot.is_below] = taken + 1
            away, side = CUT / 2 + ROW * (taken + 0.5), 1 if knot.is_below else -1
            edge = (bottom if knot.is_below else top) + side * CUT / 2
            parts += _knotted(knot, levels, layout, left.right + step * place, edge, edge + side * away)
    return parts


def _from_left(knots: list[Knot], levels: Mapping[Way, tuple[float, float]]) -> list[Knot]:
    """Lines that come from another sheet stand left, by their words; among them, and among those that leave, the order
    is that in which none crosses another of its kind."""

    def place(knot: Knot) -> tuple[bool, bool, float]:
        here = mean(levels[arrow.way][0 if knot.is_out else 1] for arrow in knot.arrows)
        return knot.is_out, knot.is_below, -here if knot.is_out == knot.is_below else here

    return sorted(knots, key=place)


def _outwards(ordered: list[Knot]) -> list[tuple[int, Knot]]:
    """With its place from the left; first those whose words stand nearest to the boxes."""
    placed = list(enumerate(ordered, 1))
    return [p for p in placed if not p[1].is_out] + [p for p in reversed(placed) if p[1].is_out]


def _knotted(
    knot: Knot, levels: Mapping[Way, tuple[float, float]], layout: Layout, x: float, edge: float, words: float
) -> Iterator[SafeString]:
    """The lines of the boxes here to the point at the edge, and from there to the words."""
    boxes = layout.by_key
    for arrow in knot.arrows:
        x1, x2 = boxes[arrow.start].column.right, boxes[arrow.end].column.left
        y = levels[arrow.way][0 if knot.is_out else 1]
        turn = min(10.0, x - x1, abs(edge - y))
        before = y + (turn if edge > y else -turn)
        if knot.is_out:
            road = f"M{x1} {y:g}H{x - turn:.1f}Q{x:.1f} {y:g} {x:.1f} {before:.1f}V{edge:.1f}"
        else:
            road = f"M{x:.1f} {edge:.1f}V{before:.1f}Q{x:.1f} {y:g} {x + turn:.1f} {y:g}H{x2 - HEAD}"
            yield arrow_head(arrow, x2, y)
        yield svg.element("path", d=road, fill="none", **look_of(arrow))
    looks = [look_of(arrow) for arrow in knot.arrows]
    look = looks[0] if looks.count(looks[0]) == len(looks) else {"stroke": MUTED, "stroke_width": 1.2}
    column = knot.there.column
    end = column.left - SPACE if knot.is_out else column.right + SPACE
    yield svg.element("path", d=f"M{x:.1f} {edge:.1f}V{words:.1f}H{end}", fill="none", **look)
    if len(looks) > 1:
        yield svg.element("circle", cx=x, cy=edge, r=2.6, fill=look["stroke"])
    yield _words(knot, words + 4)


def _words(knot: Knot, base: float) -> SafeString:
    """→ ③ 若者が困ったときに…　2枚目, or 1枚目　③ 若者が困ったときに… →"""
    column = knot.there.column
    sheet = gettext("%(number)d枚目") % {"number": knot.sheet}
    room = column.width / LETTER - width(f"→ 　{sheet}")
    name = svg.span(shortened(knot.there.brief, room))
    number = svg.span(sheet, font_weight=700)
    if knot.is_out:
        words, x, anchor = f"→ {name}　{number}", column.left, "start"
    else:
        words, x, anchor = f"{number}　{name} →", column.right, "end"
    return svg.element("text", words, x=x, y=base, font_size=LETTER, fill=INK, text_anchor=anchor)
