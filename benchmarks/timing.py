"""Times that mean something on a machine that also does other things: medians of interleaved runs."""

import statistics
import time
from collections.abc import Callable
from typing import Any


def seconds(act: Callable[[], Any]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def medians(*acts: Callable[[], Any], runs: int) -> list[float]:
    """The acts take turns, so that a busy moment of the machine meets them all; each runs once before."""
    for act in acts:
        act()
    rounds = [[seconds(act) for act in acts] for _run in range(runs)]
    return [statistics.median(column) for column in zip(*rounds, strict=True)]
