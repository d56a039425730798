"""The order and the height of boxes in columns."""

from itertools import pairwise, permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.layers import arrange, crossings, stack

GAP = 10.0


@st.composite
def drawings(
    draw: st.DrawFn, most: int = 6
) -> tuple[tuple[tuple[int, ...], ...], tuple[tuple[int, int], ...]]:
    sizes = draw(st.lists(st.integers(0, most), min_size=2, max_size=4))
    layers = tuple(tuple(100 * column + row for row in range(size)) for column, size in enumerate(sizes))
    possible = [(a, b) for left, right in pairwise(layers) for a in left for b in right]
    arrows = draw(st.lists(st.sampled_from(possible), unique=True, max_size=14)) if possible else []
    return layers, tuple(arrows)


def test_two_arrows_cross_when_their_ends_stand_the_other_way_round() -> None:
    assert crossings([(1, 2), (3, 4)], [(1, 4), (2, 3)]) == 1
    assert crossings([(1, 2), (4, 3)], [(1, 4), (2, 3)]) == 0
    assert crossings([(1, 2), (3, 4)], [(1, 3), (1, 4), (2, 4)]) == 0, "a common end is no crossing"


def test_an_order_without_crossings_is_left_as_it_is() -> None:
    layers, arrows = ((1, 2, 3), (4, 5), (6,)), ((1, 4), (2, 4), (3, 5), (4, 6), (5, 6))
    assert arrange(layers, arrows) == layers


def test_of_equally_good_orders_the_nearest_is_taken() -> None:
    assert arrange(((1, 2), (3, 4)), ((1, 4), (2, 3))) in [((2, 1), (3, 4)), ((1, 2), (4, 3))]
    assert arrange(((1, 2, 3), (4, 5, 6)), ((1, 5), (2, 4)))[0][2] == 3, "who has no arrow stays where it was"


def test_an_arrow_that_skips_a_column_is_refused() -> None:
    with pytest.raises(ValueError, match="next column"):
        arrange(((1,), (2,), (3,)), ((1, 3),))


@given(drawings())
def test_no_box_is_lost_and_no_crossing_is_added(drawing: tuple) -> None:
    layers, arrows = drawing
    found = arrange(layers, arrows)
    assert [sorted(layer) for layer in found] == [sorted(layer) for layer in layers]
    assert crossings(found, arrows) <= crossings(layers, arrows)
    arrange.cache_clear()
    assert arrange(layers, arrows) == found


@given(drawings(most=4))
def test_small_drawings_come_near_the_best_there_is(drawing: tuple) -> None:
    """Found by trying every order of every column; a single crossing more is the most we ever saw."""
    layers, arrows = drawing
    orders = product(*(permutations(layer) for layer in layers)) if len(layers) < 4 else ()
    best = min((crossings(order, arrows) for order in orders), default=None)
    if best is not None:
        assert crossings(arrange(layers, arrows), arrows) <= best + 1


@given(drawings(), st.integers(20, 90))
def test_boxes_never_overlap(drawing: tuple, height: int) -> None:
    layers, arrows = drawing
    heights = {box: float(height + box % 7) for layer in layers for box in layer}
    tops = stack(layers, arrows, heights, GAP)
    for layer in layers:
        for above, below in pairwise(layer):
            assert tops[above] + heights[above] + GAP <= tops[below] + 0.11
    assert min(tops.values(), default=0) == 0


def test_a_lone_box_stands_in_the_middle_of_its_neighbours() -> None:
    tops = stack(((1, 2, 3), (4,)), ((1, 4), (2, 4), (3, 4)), dict.fromkeys((1, 2, 3, 4), 40.0), GAP)
    assert tops == {1: 0.0, 2: 50.0, 3: 100.0, 4: 50.0}
