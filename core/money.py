"""Whole yen, computed in fractions, never in floats."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.utils.translation import gettext


def yen(amount: int | None) -> str:
    """1,234,567円; an empty text for None (nobody entered), 0円 for zero."""
    return "" if amount is None else gettext("%(amount)s円") % {"amount": f"{amount:,}"}


def round_half_up(value: Fraction | Decimal | int) -> int:
    """Half goes away from zero, as accountants do it: 2.5 → 3, −2.5 → −3."""
    exact = Fraction(value)
    rounded = (abs(exact) * 2 + 1) // 2
    return int(rounded) if exact >= 0 else -int(rounded)


def percent_of(part: int | Decimal, whole: int | Decimal) -> Decimal | None:
    """`part` in percent of `whole` with one decimal; None when there is no whole to compare with."""
    if not whole:
        return None
    tenths = round_half_up(Fraction(part) * 1000 / Fraction(whole))
    return (Decimal(tenths) / 10).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def execution_rate(actual: int, plan: int) -> Decimal | None:
    """執行率 in percent, one decimal. None without a plan.

    Capped at 100.0 however much was overspent; and while yen remain it never rounds up to 100.0,
    because a full bar beside money that has to be returned is how a refund gets overlooked.
    """
    rate = percent_of(actual, plan)
    if rate is None or actual >= plan:
        return None if rate is None else Decimal("100.0")
    return min(rate, Decimal("99.9"))


def remaining(actual: int, plan: int) -> int:
    """Yen left of the plan; negative when more was spent than planned."""
    return plan - actual


def support_rate(granted: int, own: int) -> Decimal | None:
    """補助率 = grant ÷ (grant + own funds), in percent with one decimal."""
    return percent_of(granted, granted + own)


def settle_purpose(actual: int, planned_grant: int, planned_own: int) -> int:
    """確定助成額 of one purpose, on the plan as last revised.

    Spending counts in the planned proportion of grant and own funds, and never beyond the planned
    grant: so own funds that stay below plan become a refund, and overspending one purpose fills no
    gap in another.
    """
    planned = planned_grant + planned_own
    if not planned:
        return 0
    return min(planned_grant, round_half_up(Fraction(actual * planned_grant, planned)))
