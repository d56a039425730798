"""Boxes in columns and arrows between neighbouring columns: in which order they stand, and how high.

Knows no domain noun. The order that was given is kept wherever another one would not save a crossing; the same
boxes always stand in the same places. Pure functions of plain tuples, so that a drawing's order is worked out once.
"""

from collections.abc import Sequence
from functools import lru_cache
from random import Random

Layer = tuple[int, ...]  # the boxes of one column, from top to bottom
Arrow = tuple[int, int]  # from a box of one column to a box of the next

SHUFFLES = 6  # further starts beside the given order; more of them save hardly a crossing
SWEEPS = 12


def crossings(layers: Sequence[Sequence[int]], arrows: Sequence[Arrow]) -> int:
    """How many pairs of arrows cross when the columns stand in this order."""
    rank = _ranks(layers)
    column = {box: index for index, layer in enumerate(layers) for box in layer}
    total = 0
    for index in range(len(layers) - 1):
        ends = sorted((rank[a], rank[b]) for a, b in arrows if column[a] == index)
        total += sum(
            earlier[0] < later[0] and earlier[1] > later[1]
            for number, later in enumerate(ends)
            for earlier in ends[:number]
        )
    return total


@lru_cache(maxsize=2048)
def arrange(layers: tuple[Layer, ...], arrows: tuple[Arrow, ...]) -> tuple[Layer, ...]:
    """The order with the fewest crossings we find: neighbours' averages, then moving single boxes while that helps.

    Of equally good ones it is the nearest to the given order. Arrows that skip a column or run backwards are refused
    with ValueError: the drawing has no road for them.
    """
    column = {box: index for index, layer in enumerate(layers) for box in layer}
    if any(column[b] != column[a] + 1 for a, b in arrows):
        raise ValueError("an arrow leads to the next column only")
    neighbours = _neighbours(layers, arrows)
    best = layers
    fewest = (crossings(layers, arrows), 0)
    for start, is_rough in _starts(layers):
        if fewest[0] == 0:
            break
        found = _settled(start, neighbours, is_rough=is_rough)
        score = (crossings(found, arrows), _moved(layers, found))
        if score < fewest:
            best, fewest = found, score
    return best


def stack(
    layers: Sequence[Layer],
    arrows: Sequence[Arrow],
    heights: dict[int, float],
    gap: float,
) -> dict[int, float]:
    """The top edge of every box: none overlaps, each as near to the middle of its neighbours as its order allows.

    The column that needs most room stands close together; the highest box begins at 0.
    """
    neighbours = _neighbours(layers, arrows)
    middle = {box: y for layer in layers for box, y in _closed_up(layer, heights, gap).items()}
    longest = max(range(len(layers)), key=lambda i: sum(heights[box] + gap for box in layers[i]), default=0)
    outward = sorted(range(len(layers)), key=lambda index: (abs(index - longest), index))[1:]
    for _round in range(3):
        for index in outward:
            _draw_level(layers[index], neighbours, heights, gap, middle)
    tops = {box: y - heights[box] / 2 for box, y in middle.items()}
    lowest = min(tops.values(), default=0)
    return {box: round(y - lowest, 1) for box, y in tops.items()}


# --- order -----------------------------------------------------------------------------------------------


def _ranks(layers: Sequence[Sequence[int]]) -> dict[int, int]:
    return {box: rank for layer in layers for rank, box in enumerate(layer)}


Neighbours = dict[int, tuple[list[int], list[int]]]  # of each box: those on its left, those on its right


def _neighbours(layers: Sequence[Layer], arrows: Sequence[Arrow]) -> Neighbours:
    found: Neighbours = {box: ([], []) for layer in layers for box in layer}
    for left, right in arrows:
        found[left][1].append(right)
        found[right][0].append(left)
    return found


def _starts(layers: tuple[Layer, ...]) -> list[tuple[tuple[Layer, ...], bool]]:
    """The given order as it is, the same in need of a rough order, then shuffles that are the same every time."""
    dice = Random(len(layers))
    shuffles = [
        tuple(tuple(dice.sample(layer, len(layer))) for layer in layers) for _shuffle in range(SHUFFLES)
    ]
    return [(layers, False), (layers, True), *((shuffle, True) for shuffle in shuffles)]


def _settled(layers: tuple[Layer, ...], neighbours: Neighbours, *, is_rough: bool) -> tuple[Layer, ...]:
    """Sweeps to and fro until no single move saves a crossing any more."""
    rows = [list(layer) for layer in layers]
    rank = _ranks(rows)
    there_and_back = [*range(len(rows)), *reversed(range(len(rows) - 1))]
    for side in (0, 1) if is_rough else ():  # a rough order, from the left and then from the right
        for index in there_and_back:
            _by_average(rows[index], neighbours, side, rank)
    for _sweep in range(SWEEPS):
        saved = sum(_sift(rows[index], neighbours, rank) for index in there_and_back)
        if not saved:
            break
    return tuple(tuple(row) for row in rows)


def _by_average(row: list[int], neighbours: Neighbours, side: int, rank: dict[int, int]) -> None:
    def average(box: int) -> float:
        near = neighbours[box][side]
        return sum(rank[other] for other in near) / len(near) if near else rank[box]

    row.sort(key=average)
    rank.update({box: place for place, box in enumerate(row)})


def _sift(row: list[int], neighbours: Neighbours, rank: dict[int, int]) -> int:
    """Puts each box of the row where it crosses least; returns how many crossings that saved."""
    ends = {box: [sorted(rank[other] for other in side) for side in neighbours[box]] for box in row}
    price = {(a, b): _crossed(ends[a], ends[b]) for a in row for b in row if a != b}
    saved = 0
    for box in list(row):
        at = row.index(box)
        best, cheapest, cost = at, 0, 0
        for place in range(at - 1, -1, -1):  # upwards
            cost += price[box, row[place]] - price[row[place], box]
            if cost < cheapest:
                best, cheapest = place, cost
        cost = 0
        for place in range(at + 1, len(row)):  # downwards
            cost += price[row[place], box] - price[box, row[place]]
            if cost < cheapest:
                best, cheapest = place, cost
        if best != at:
            row.insert(best, row.pop(at))
            saved -= cheapest
    rank.update({box: place for place, box in enumerate(row)})
    return saved


def _crossed(above: list[list[int]], below: list[list[int]]) -> int:
    """Crossings between the arrows of two boxes of one column when the first stands above the second."""
    return sum(a > b for side, other in zip(above, below, strict=True) for a in side for b in other)


def _moved(given: Sequence[Layer], found: Sequence[Layer]) -> int:
    """Pairs that stand the other way round than given."""
    was = _ranks(given)
    return sum(was[a] > was[b] for layer in found for place, b in enumerate(layer) for a in layer[:place])


# --- height ----------------------------------------------------------------------------------------------


def _closed_up(layer: Layer, heights: dict[int, float], gap: float) -> dict[int, float]:
    """The middles of boxes that stand one directly below the other."""
    top, middles = 0.0, {}
    for box in layer:
        middles[box] = top + heights[box] / 2
        top += heights[box] + gap
    return middles


def _draw_level(
    layer: Layer, neighbours: Neighbours, heights: dict[int, float], gap: float, middle: dict[int, float]
) -> None:
    """Nearest to the neighbours' middles in the sense of least squares, by pooling those that would overlap."""
    closed = _closed_up(layer, heights, gap)
    pools: list[tuple[float, int]] = []  # mean of the wishes in a pool, and its size
    for box in layer:
        near = [middle[other] for side in neighbours[box] for other in side]
        wish = (sum(near) / len(near) if near else middle[box]) - closed[box]
        size = 1
        while pools and pools[-1][0] > wish:
            mean, many = pools.pop()
            wish, size = (mean * many + wish * size) / (many + size), many + size
        pools.append((wish, size))
    shifts = [wish for wish, size in pools for _box in range(size)]
    middle.update({box: closed[box] + shift for box, shift in zip(layer, shifts, strict=True)})
