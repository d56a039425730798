"""Numbers with what they count, inside a text: 1,200人, 30万円, 8割, 三十名, 1億2,000万円."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from grants.plan_text.numbering import plain

PEOPLE = ("名様", "人分", "人", "名")
FLOWS = (
    "人回", "人日", "回", "件", "円", "冊", "部", "枚", "本", "点", "食", "票", "コマ", "講座", "時間", "分", "日", "泊", "通",
    "号", "袋", "個", "クール", "セッション", "ケース", "事例", "口", "セット", "人月",
)  # fmt: skip
STOCKS = (
    "か所", "カ所", "ヵ所", "ヶ所", "ケ所", "箇所", "個所", "社", "企業", "団体", "施設", "学校", "校", "園", "軒", "棟", "戸",
    "室", "部屋", "床", "市区町村", "市町村", "自治体", "市", "町", "村", "区", "世帯", "組", "家族", "家庭", "店舗", "店",
    "事業所", "拠点", "種類", "種", "地域", "地区", "機関", "グループ", "チーム", "サイト", "言語", "台", "法人", "クラス",
    "プログラム", "窓口", "教室", "カ国", "か国",
)  # fmt: skip
SPANS = (
    "か月",
    "カ月",
    "ヶ月",
    "ヵ月",
    "ケ月",
    "箇月",
    "年間",
    "年",
    "週間",
    "週",
    "月",
    "歳",
    "才",
    "代",
    "年生",
    "年度",
)
RELATIVE = ("ポイント", "pt", "倍", "位")
PERCENT = ("%", "パーセント")
COUNTERS = sorted((*PEOPLE, *FLOWS, *STOCKS, *SPANS, *RELATIVE, *PERCENT), key=len, reverse=True)

DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
SCALES = {"億": 10**8, "万": 10**4, "千": 10**3, "百": 10**2}
SCALED = rf"(?:{DIGITS}(?:億|万|千(?!葉)|百)?)"
KANJI = {"〇": 0, "零": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
TENS = {"十": 10, "百": 100, "千": 1000}
# Kanji stand for a number only before a counter that is not half of a word (十分, 一部, 一時, 一口).
AFTER_KANJI = "|".join(("人", "名", "回", "件", "社", "団体", "施設", "校", "か所", "カ所", "ヶ所", "箇所", "冊", "軒", "棟", "世帯", "万円", "割"))  # fmt: skip
QUANTITY = re.compile(
    rf"(?<!\d)(?P<fraction>\d{{1,9}} ?分の ?\d{{1,9}})(?!\d)"
    rf"|(?P<tenths>\d+(?:\.\d+)?|[一二三四五六七八九十]) ?割(?:(?P<hundredths>\d|[一二三四五六七八九]) ?分)?"
    rf"|(?P<digits>{SCALED}(?: ?{SCALED})*|\.\d+) ?(?P<unit>{'|'.join(map(re.escape, COUNTERS))})?"
    rf"|(?<![〇一-龥々])(?P<kanji>[〇零一二三四五六七八九十百千]{{1,20}}(?:万)?)(?P<counter>{AFTER_KANJI})(?=以[上下内]|未満|程度|[^一-龥々]|$)"
)


PLACES = ("か所", "カ所", "ヵ所", "ヶ所", "ケ所", "箇所", "個所")


MONTHS = ("か月", "カ月", "ヶ月", "ヵ月", "ケ月", "箇月")
COUNTRIES = ("か国", "カ国")
ALIKE = (PEOPLE, PLACES, MONTHS, COUNTRIES)


def is_same_unit(one: str, other: str) -> bool:
    """人 and 名 count alike, か所, か月 and か国 in all their spellings, and ＫＧ is kg."""
    one, other = (unicodedata.normalize("NFKC", unit).casefold().strip() for unit in (one, other))
    return one == other or any(one in alike and other in alike for alike in ALIKE)


@dataclass(frozen=True, slots=True)
class Quantity:
    start: int
    end: int
    value: Decimal
    unit: str  # as written; % for shares
    is_share: bool = False  # 8割, 3分の2: written as a share, counted in percent


def quantities(text: str) -> list[Quantity]:
    """In the order of the text; places count in `text` itself."""
    flat = plain(text)
    found = [_quantity(text, match) for match in QUANTITY.finditer(flat)]
    return [quantity for quantity in found if quantity is not None]


def _quantity(text: str, match: re.Match[str]) -> Quantity | None:
    start, end = match.span()
    if match["fraction"]:
        lower, upper = (int(part) for part in match["fraction"].split("分の"))
        if not lower:
            return None
        return Quantity(start, end, (Decimal(upper) / lower * 100).quantize(Decimal("0.01")), "%", True)
    if match["tenths"]:
        percent = _digit(match["tenths"]) * 10 + _digit(match["hundredths"] or "0")
        return Quantity(start, end, percent, "%", True)
    if match["kanji"]:
        unit = text[match.start("counter") : end]
        scale = 10_000 if unit == "万円" else 1
        value = Decimal(kanji_number(match["kanji"]) * scale)
        return Quantity(start, end, value, "円" if unit == "万円" else unit)
    unit = text[match.start("unit") : match.end("unit")] if match["unit"] else ""
    unit = "%" if plain(unit) in PERCENT else unit
    return Quantity(start, end if unit else match.end("digits"), scaled_number(match["digits"]), unit)


def _digit(typed: str) -> Decimal:
    return Decimal(kanji_number(typed)) if typed[0] in KANJI or typed[0] in TENS else Decimal(typed)


def scaled_number(typed: str) -> Decimal:
    """Of 1億2,000万 the sum of its parts; no sign, no unit."""
    total = Decimal(0)
    for part in re.finditer(rf"({DIGITS}|\.\d+)(億|万|千|百)?", typed):
        total += Decimal(part[1].replace(",", "")) * SCALES.get(part[2] or "", 1)
    return total


def kanji_number(typed: str) -> int:
    """三十 → 30, 二〇 → 20, 百五 → 105, 三万 → 30,000."""
    head, has_man, _rest = typed.partition("万")
    if has_man:
        return kanji_number(head) * 10_000
    if not any(sign in TENS for sign in typed):
        return int("".join(str(KANJI[sign]) for sign in typed))
    total, digit = 0, 0
    for sign in typed:
        if sign in TENS:
            total += (digit or 1) * TENS[sign]
            digit = 0
        else:
            digit = KANJI[sign]
    return total + digit
