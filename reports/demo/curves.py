"""From a curve to one entry per month. The same every time: chance is drawn from the indicator's own name."""

import datetime as dt
import random
from dataclasses import dataclass
from itertools import accumulate, pairwise

from reports.demo.shapes import Flow, IndicatorSpec, Making, Share, Stock, Story, month

# How lively a calendar month is; August and the turn of the year are quiet.
SEASON = {
    1: 0.85,
    2: 0.95,
    3: 1.1,
    4: 0.9,
    5: 1.0,
    6: 1.1,
    7: 1.0,
    8: 0.75,
    9: 1.0,
    10: 1.2,
    11: 1.15,
    12: 0.95,
}
# The infection waves, as every drop-in place in the prefecture lived through them.
PAUSES = {"2021-05": 0.6, "2021-07": 0.5, "2021-08": 0.12, "2021-09": 0.2, "2022-02": 0.55, "2022-08": 0.6}
LONG_STORY = 28  # months; a short story has no slow start of its own


@dataclass(frozen=True)
class Entry:
    """What was entered. All None: the month was left blank."""

    value: int | None = None
    numerator: int | None = None
    denominator: int | None = None
    step: str = ""
    sentence: str = ""
    presence: str = ""

    @property
    def is_blank(self) -> bool:
        return self.value is None and self.denominator is None and not (self.step or self.presence)

    @property
    def is_zero(self) -> bool:
        return self.value == 0 or self.denominator == 0


def leans_on(spec: IndicatorSpec) -> str:
    """The key of the indicator whose entries have to be there first; blank for none."""
    if isinstance(spec.curve, Flow):
        return spec.curve.beside
    return spec.curve.of if isinstance(spec.curve, Share) else ""


def running(made: list[Entry]) -> list[Entry]:
    """The total of each month and all before it."""
    return [Entry(value=total) for total in accumulate(entry.value or 0 for entry in made)]


def entries(
    grant: str, spec: IndicatorSpec, months: list[dt.date], beside: list[Entry] | None
) -> list[Entry]:
    """One entry per month. `beside` are the entries of the indicator that this one leans on."""
    chance = random.Random(f"{grant}/{spec.key}")
    curve = spec.curve
    if isinstance(curve, Flow):
        made = [Entry(value=n) for n in _flow(curve, spec, months, chance, beside)]
    elif isinstance(curve, Stock):
        made = [Entry(value=n) for n in _stock(curve, months, spec.baseline)]
    elif isinstance(curve, Share):
        made = [Entry(numerator=a, denominator=b) for a, b in _share(curve, spec, months, chance, beside)]
    elif isinstance(curve, Story):
        made = _story(curve, months, chance)
    else:
        made = _making(curve, months)
    return [Entry() if _is_blank(spec, m) else entry for m, entry in zip(months, made, strict=True)]


def _is_blank(spec: IndicatorSpec, m: dt.date) -> bool:
    return f"{m:%Y-%m}" in spec.blanks


def _weights(
    spec: IndicatorSpec,
    months: list[dt.date],
    chance: random.Random,
    since: str,
    only: tuple[int, ...],
    ramp: float,
) -> list[float]:
    weights = []
    for n, m in enumerate(months):
        noise = chance.uniform(0.72, 1.28)
        outside = (since and m < month(since)) or (only and m.month not in only) or _is_blank(spec, m)
        if outside:
            weights.append(0.0)
            continue
        climb = 1 + (ramp - 1) * n / max(len(months) - 1, 1)
        slow_start = min(1.0, 0.45 + 0.18 * n) if len(months) >= LONG_STORY else 1.0
        weights.append(climb * slow_start * noise * SEASON[m.month] * PAUSES.get(f"{m:%Y-%m}", 1.0))
    return weights


def _spread(total: int, weights: list[float]) -> list[int]:
    """Whole numbers in proportion to the weights; they sum to the total exactly."""
    whole, so_far, given, parts = sum(weights), 0.0, 0, []
    for weight in weights:
        so_far += weight
        until = round(total * so_far / whole)
        parts.append(until - given)
        given = until
    return parts


def _flow(
    curve: Flow,
    spec: IndicatorSpec,
    months: list[dt.date],
    chance: random.Random,
    beside: list[Entry] | None,
) -> list[int]:
    if curve.total == len(months):  # once a month, as agreed
        return [1] * len(months)
    weights = _weights(spec, months, chance, curve.since, curve.only, curve.ramp)
    if beside is not None:
        weights = [w if entry.value else 0.0 for w, entry in zip(weights, beside, strict=True)]
    return _spread(curve.total, weights)


def _level(points: list[tuple[dt.date, int]], m: dt.date, before: float) -> float:
    if m < points[0][0]:
        return before
    for (left, low), (right, high) in pairwise(points):
        if left <= m <= right:
            whole = (right.year - left.year) * 12 + right.month - left.month
            part = (m.year - left.year) * 12 + m.month - left.month
            return low + (high - low) * part / whole
    return points[-1][1]


def _stock(curve: Stock, months: list[dt.date], baseline: int) -> list[int]:
    points = [(month(text), n) for text, n in curve.points.items()]
    return [round(_level(points, m, baseline)) for m in months]


def _share(
    curve: Share,
    spec: IndicatorSpec,
    months: list[dt.date],
    chance: random.Random,
    beside: list[Entry] | None,
) -> list[tuple[int, int]]:
    points = [(month(text), n) for text, n in curve.points.items()]
    weights = _weights(spec, months, chance, curve.since, curve.only, 1.5)
    whole = _spread(curve.asked, weights) if beside is None else _carried(beside)
    pairs = []
    for m, asked in zip(months, whole, strict=True):
        rate = _level(points, m, points[0][1]) + chance.uniform(-6, 6)
        pairs.append((min(asked, max(0, round(asked * rate / 100))), asked))
    return pairs


def _carried(beside: list[Entry]) -> list[int]:
    """The other indicator's figures; a blank month keeps the one before."""
    carried, last = [], 0
    for entry in beside:
        last = last if entry.value is None else entry.value
        carried.append(last)
    return carried


SAME = ("", "（先月から変わらず）", "（この形で続いている）", "（先月と同じ）", "（落ち着いて続いている）")


def _story(curve: Story, months: list[dt.date], chance: random.Random) -> list[Entry]:
    made = []
    lines = [(month(text), step, sentence) for text, step, sentence in curve.lines]
    for m in months:
        began, step, sentence = [line for line in lines if line[0] <= m][-1]
        tail = "" if began == m else SAME[1 + (m.month + chance.randrange(2)) % (len(SAME) - 1)]
        made.append(Entry(step=step, sentence=sentence + tail))
    return made


def _making(curve: Making, months: list[dt.date]) -> list[Entry]:
    made = []
    for m in months:
        if curve.done and m >= month(curve.done):
            made.append(Entry(presence="present"))
        else:
            made.append(Entry(presence="in_progress" if m >= month(curve.begun) else "none"))
    return made
