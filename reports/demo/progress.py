"""The word for an indicator's progress that both sides would settle on in the meeting."""

import datetime as dt

from core.months import months_between
from reports.demo.curves import Entry
from reports.demo.shapes import GrantSpec, IndicatorSpec, day

SETTLED = 3  # months before anybody dares a word


def progress_words(
    spec: GrantSpec, one: IndicatorSpec, months: list[dt.date], made: list[Entry]
) -> list[str]:
    whole = months_between(spec.first_month, day(spec.ends)) + 1
    words = []
    so_far = above = below = 0
    for n, (m, entry) in enumerate(zip(months, made, strict=True)):
        so_far += entry.value or 0
        above += entry.numerator or 0
        below += entry.denominator or 0
        elapsed = (months_between(spec.first_month, m) + 1) / whole
        if entry.is_blank:
            words.append("")
        elif one.method == "state":
            words.append(entry.step)
        elif one.method == "presence":
            words.append(_presence_word(entry, elapsed))
        elif one.target is None or n < SETTLED:
            words.append("other" if entry.is_zero else "ontrack")
        else:
            value = _value(one, entry, so_far, above, below)
            words.append(_word(None if value is None else _way(one, value), elapsed))
    return words


def _value(one: IndicatorSpec, entry: Entry, so_far: int, above: int, below: int) -> float | None:
    if one.method == "latest":
        return entry.value
    if one.method == "ratio":
        if not one.pooled:
            above, below = entry.numerator or 0, entry.denominator or 0
        return above * 100 / below if below else None
    return one.baseline + so_far


def _way(one: IndicatorSpec, value: float) -> float:
    target = one.target or 0
    return (value - one.baseline) / (target - one.baseline)


def _word(way: float | None, elapsed: float) -> str:
    if way is None:
        return "other"
    if way >= 1 or way > 1.12 * elapsed:
        return "ahead"
    return "ontrack" if way > 0.68 * elapsed else "behind"


def _presence_word(entry: Entry, elapsed: float) -> str:
    if entry.presence == "present":
        return "ahead" if elapsed < 0.5 else "ontrack"
    if entry.presence == "none" and elapsed > 0.4:
        return "behind"
    return "ontrack"
