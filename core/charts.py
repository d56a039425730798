"""Geometry of the progress bar: 0 to 110 % of the way from baseline to target.

The page draws in percent (no viewBox, so it stretches without a style attribute), the PDF in a viewBox
of 104 × 14. A target below the baseline needs nothing special: achievement already runs from baseline
to target, whichever way that is. The left end is the baseline.
"""

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
