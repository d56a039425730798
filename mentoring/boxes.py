"""Boxes in columns and the arrows between them, whatever stands in the boxes: where everything is, before it is drawn."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.utils.safestring import SafeString

from core.layers import arrange, stack
from mentoring.picture import Link

TOP = 62  # below the names of the columns
GAP = 18  # between two boxes
PORT = 26  # between two arrows at one box: room for the words beside them

Key = tuple[str, int]  # of a box: kind, id
Way = tuple[Key, Key]  # from a box to a box


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

    key: Key
    column: Column
    height: float
    address: str
    name: str
    content: Callable[[float, float], Iterable[SafeString]]
    figures: Callable[[float, float], Iterable[SafeString]] = lambda _left, _top: ()
    brief: str = ""  # what another sheet of paper calls it
    left_ports: int = 0
    right_ports: int = 0
    top: float = field(default=0.0, init=False)

    @property
    def bottom(self) -> float:
        return self.top + self.height

    @property
    def middle(self) -> float:
        return self.top + self.height / 2


@dataclass(frozen=True, slots=True)
class Arrow:
    start: Key
    end: Key
    link: Link | None = (
        None  # None: an arrow nobody is asked about, from an activity or to a long-term outcome
    )

    @property
    def way(self) -> Way:
        return self.start, self.end


@dataclass(slots=True)
class Layout:
    """Every box has its top. `height`: of the whole drawing, however far apart the columns stand."""

    boxes: list[Box]
    arrows: list[Arrow]
    cols: tuple[Column, ...]
    height: float

    @property
    def by_key(self) -> dict[Key, Box]:
        return {box.key: box for box in self.boxes}

    def move_to(self, cols: tuple[Column, ...]) -> None:
        """The same columns further apart."""
        moved = dict(zip(self.cols, cols, strict=True))
        for box in self.boxes:
            box.column = moved[box.column]
        self.cols = cols


def lay_out(boxes: list[Box], arrows: list[Arrow], cols: tuple[Column, ...]) -> Layout:
    """Stands the boxes in their columns; arrows to boxes that are not there fall away."""
    by_key = {box.key: box for box in boxes}
    arrows = [arrow for arrow in arrows if arrow.start in by_key and arrow.end in by_key]
    for arrow in arrows:
        by_key[arrow.start].right_ports += 1
        by_key[arrow.end].left_ports += 1
    for box in boxes:
        box.height = max(box.height, PORT * box.left_ports + 14, PORT * 0.7 * box.right_ports + 14)
    _place(boxes, arrows, cols)
    return Layout(boxes, arrows, cols, max((box.bottom for box in boxes), default=TOP) + 12)


def _place(boxes: list[Box], arrows: list[Arrow], cols: tuple[Column, ...]) -> None:
    numbers = {box.key: number for number, box in enumerate(boxes)}
    layers = tuple(tuple(numbers[box.key] for box in boxes if box.column == column) for column in cols)
    roads = tuple((numbers[arrow.start], numbers[arrow.end]) for arrow in arrows)
    heights = {number: box.height for number, box in enumerate(boxes)}
    tops = stack(arrange(layers, roads), roads, heights, GAP)
    for number, box in enumerate(boxes):
        box.top = TOP + tops[number]


def levels_of(layout: Layout) -> dict[Way, tuple[float, float]]:
    """How high each arrow leaves its box, and how high it comes to the other."""
    boxes, arrows = layout.by_key, layout.arrows
    leaving = {
        key: _ports(box, [boxes[arrow.end] for arrow in arrows if arrow.start == key])
        for key, box in boxes.items()
    }
    coming = {
        key: _ports(box, [boxes[arrow.start] for arrow in arrows if arrow.end == key])
        for key, box in boxes.items()
    }
    return {a.way: (leaving[a.start][a.end], coming[a.end][a.start]) for a in arrows}


def _ports(box: Box, others: list[Box]) -> dict[Key, float]:
    """Where the arrows to or from `others` meet the side of the box, in the order of their other ends."""
    ordered = sorted(others, key=lambda other: other.middle)
    step = min(34.0, (box.height - 8) / max(len(ordered), 1))
    first = box.middle - step * (len(ordered) - 1) / 2
    return {other.key: round(first + step * place, 1) for place, other in enumerate(ordered)}
