"""Spending per purpose and month: the plan's shape, a little behind it, with the rush at the end of each year."""

import datetime as dt
import random

from core.months import fiscal_year
from reports.demo.curves import PAUSES
from reports.demo.shapes import GrantSpec

PURPOSES = ("direct", "administrative", "evaluation")
# The purchases before a fiscal year ends, the quiet first weeks of the next.
MONTH = {
    4: 0.75,
    5: 0.85,
    6: 0.95,
    7: 1.0,
    8: 0.9,
    9: 1.0,
    10: 1.05,
    11: 1.0,
    12: 1.05,
    1: 0.95,
    2: 1.05,
    3: 1.45,
}
EVALUATION_MONTHS = (3, 6, 9, 11, 12)


def spending(spec: GrantSpec, months: list[dt.date]) -> dict[str, list[int]]:
    """Whole yen; what a purpose has no plan for is 0."""
    return {purpose: _purpose(spec, purpose, months) for purpose in PURPOSES}


def _purpose(spec: GrantSpec, purpose: str, months: list[dt.date]) -> list[int]:
    chance = random.Random(f"{spec.key}/money/{purpose}")
    years: dict[int, int] = {}
    for line in spec.budget:
        if line.purpose == purpose:
            for n, (granted, own) in enumerate(line.years):
                years[spec.first_fiscal_year + n] = years.get(spec.first_fiscal_year + n, 0) + granted + own
    plan = sum(years.values())
    target = round(plan * spec.execution.get(purpose, 0)) - chance.randrange(1, 900) if plan else 0
    weights = []
    for m in months:
        year = years.get(fiscal_year(m), 0)
        noise = chance.uniform(0.82, 1.18)
        if purpose == "evaluation":
            weights.append(year * noise * (m.month in EVALUATION_MONTHS))
        else:
            weights.append(year * noise * MONTH[m.month] * (0.6 + 0.4 * PAUSES.get(f"{m:%Y-%m}", 1.0)))
    return _in_yen(target, weights)


def _in_yen(target: int, weights: list[float]) -> list[int]:
    whole = sum(weights)
    if not whole or target <= 0:
        return [0] * len(weights)
    so_far, given, parts = 0.0, 0, []
    for weight in weights:
        so_far += weight
        until = round(target * so_far / whole)
        parts.append(until - given)
        given = until
    return parts
