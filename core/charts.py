"""Geometry of the progress bar and of the columns of months.

The progress bar shows 0 to 110 % of the way from baseline to target. The page draws in percent (no viewBox, so it stretches without a style attribute), the PDF in a viewBox
of 104 × 14. A target below the baseline needs nothing special: achievement already runs from baseline
to target, whichever way that is. The left end is the baseline.

Columns stand in slots of 8 units in a viewBox 24 high, the highest from 1 to 23. A period without an entry is a
dashed frame; 0 and less is a line on the ground, so that blank and zero never look alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from core.money import round_half_up

FULL = 110
PDF_WIDTH = 104
TICK = Decimal("1.0")


@dataclass(frozen=True)
class Bar:
    """Texts ready for SVG attributes. `wedge` None hides the calendar."""

    track: str
    fill: str
    target: str
    wedge: str | None
    is_over: bool  # more than 110 % achieved: the bar is cut at its end and says so


def progress_bar(achieved: Decimal | None, calendar: Decimal | None = None) -> Bar:
    """For the page. Both are percents of the way; achieved None or below 0 draws an empty track."""
    target = _share(Decimal(100), 100)
    return _bar(achieved, calendar, 100, target=f"{target}%", sign="%")


def progress_bar_pdf(achieved: Decimal | None, calendar: Decimal | None = None) -> Bar:
    """For documents: user units of the 104 × 14 viewBox."""
    target = _share(Decimal(100), PDF_WIDTH) - TICK
    return _bar(achieved, calendar, PDF_WIDTH, target=str(target), sign="")


def _bar(achieved: Decimal | None, calendar: Decimal | None, width: int, *, target: str, sign: str) -> Bar:
    return Bar(
        track=f"{_share(Decimal(100), width)}{sign}",
        fill=f"{_share(achieved or Decimal(0), width)}{sign}",
        target=target,
        wedge=None if calendar is None else f"{_share(calendar, width)}{sign}",
        is_over=achieved is not None and achieved > FULL,
    )


def _share(percent: Decimal, width: int) -> Decimal:
    """`percent` on a scale that ends at 110, as a length with one decimal, held inside 0 … width."""
    held = min(max(percent, Decimal(0)), Decimal(FULL))
    tenths = round_half_up(Fraction(held) * width * 10 / FULL)
    return (Decimal(tenths) / 10).quantize(Decimal("0.1"))


SLOT = 8
COLUMN_HEIGHT = 24


@dataclass(frozen=True)
class Column:
    """Lengths as texts for SVG attributes; `top` and `height` None for a period without an entry."""

    left: str
    top: str | None
    height: str | None
    is_now: bool

    @property
    def frame_left(self) -> str:
        return str(Decimal(self.left) + Decimal("0.5"))


def month_columns(values: Sequence[Decimal | None]) -> list[Column]:
    """Oldest first, the last is now."""
    highest = max((value for value in values if value is not None), default=Decimal(0))
    columns = []
    for index, value in enumerate(values):
        height = None if value is None else _column_height(value, highest)
        columns.append(
            Column(
                left=str(index * SLOT + 1),
                top=None if height is None else str(COLUMN_HEIGHT - height),
                height=None if height is None else str(height),
                is_now=index == len(values) - 1,
            )
        )
    return columns


def _column_height(value: Decimal, highest: Decimal) -> Decimal:
    if value <= 0:
        return Decimal("1.0")
    tenths = round_half_up(Fraction(value) * (COLUMN_HEIGHT - 1) * 10 / Fraction(highest))
    return max((Decimal(tenths) / 10).quantize(Decimal("0.1")), Decimal("1.5"))
