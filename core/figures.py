"""Numbers as people type them, and numbers as the screen shows them. Blank is None, never 0."""

import re
from decimal import ROUND_HALF_UP, Decimal

from core.digits import to_ascii

WHOLE = (
    "回|人|名|件|円|か所|カ所|ヵ所|ヶ所|箇所|社|軒|棟|戸|校|団体|施設|市町村|自治体|世帯|組|冊|部|枚|本|台|個|"
    "種類|種|区|室|床|食|口|票|コマ|講座|事例|人回|人数|のべ人数"
)
# Anchored at the end: the leftmost match is the longest unit, so のべ人数 is not left with のべ.
UNITS = re.compile(f"(?:{WHOLE}|%|点|日|時間|分|か月|カ月|ヶ月|年|歳)$")
COUNTS_WHOLE = re.compile(rf"(?:のべ|延べ)?(?:{WHOLE})数?(?:\(.*\))?")  # のべ人数, 人（大人）
NUMBER = re.compile(r"(?P<sign>[-+]?)(?P<whole>\d{1,3}(?:[, ]\d{3})+|\d+)?(?:\.(?P<part>\d+))?")
MAX_DIGITS = 15


class FigureError(ValueError):
    """Not readable as a number. `typed` is the text exactly as the person typed it."""

    def __init__(self, typed: str) -> None:
        super().__init__(typed)
        self.typed = typed


def parse_figure(typed: str, unit: str = "") -> Decimal | None:
    """Reads １，２３４, ▲500, −5 and 5件; `unit` is accepted besides the known ones. None when blank."""
    text = to_ascii(typed)
    if not text:
        return None
    text = _without_unit(text, unit).removeprefix("¥")
    text = re.sub(r"^([-+]) +", r"\1", text)
    match = NUMBER.fullmatch(text)
    if match is None or match["whole"] is None:
        raise FigureError(typed)
    whole = re.sub(r"[, ]", "", match["whole"])
    if len(whole.lstrip("0")) > MAX_DIGITS:
        raise FigureError(typed)
    return Decimal(f"{match['sign']}{whole}.{match['part'] or '0'}").normalize() + 0


def _without_unit(text: str, unit: str) -> str:
    given = to_ascii(unit)
    if given and text.endswith(given):
        return text.removesuffix(given).rstrip()
    return UNITS.sub("", text, count=1).rstrip()


def counts_whole(unit: str) -> bool:
    """Whether this unit counts what has no halves: people, times, places."""
    return COUNTS_WHOLE.fullmatch(to_ascii(unit)) is not None


def format_figure(value: Decimal | int | None) -> str:
    """1,234.5: thousand separators, no trailing zeros; an empty text for None."""
    if value is None:
        return ""
    number = Decimal(value)
    if number == 0:
        return "0"
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def format_percent(value: Decimal | None) -> str:
    """54.2% for the Decimal 54.24: always one decimal, half rounds away from zero; '' for None."""
    if value is None:
        return ""
    return f"{value.quantize(Decimal('0.1'), rounding=ROUND_HALF_UP) + 0:,f}%"  # + 0: no -0.0%
