"""Yearly targets in one cell: 1年目:累計20社 2年目:累計50社 3年目:累計100社."""

import re
from dataclasses import dataclass
from decimal import Decimal

from core.dates import ERAS
from grants.plan_text.numbering import plain

LABEL = re.compile(
    r"(?:(?P<nth>\d{1,2}|[一二三四五])年(?:目|次)|(?P<first>初年度|初年)|"
    r"(?P<western>20\d\d)年度?|(?P<era>令和|平成|R|H)(?P<era_year>元|\d{1,2})年?度?)(?!\d{0,2} ?(?:月|か月)|間|[./-])(?:度)?(?:末|まで)?に?\s*[:：はでに、]?\s*"
)
EACH = re.compile(
    r"^\s*(?:年度ごと|年度別|各年度)(?:の目標)?\s*[:：はに]?\s*"
)  # each year's own figure, not a running total
NTH = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5}


@dataclass(frozen=True, slots=True)
class YearFigure:
    year: int  # below 100 the year of the project (1 for its first fiscal year), else the fiscal year itself
    value: Decimal
    is_cumulative: bool

    def fiscal_year(self, first: int) -> int:
        return first + self.year - 1 if self.year < 100 else self.year


def split_years(text: str) -> tuple[tuple[int, str], ...] | None:
    """The years and what is written of each; None when the text does not begin with a year, or names only one."""
    if told := EACH.match(text):
        return split_years(text[told.end() :])
    flat = plain(text)
    labels = [match for match in LABEL.finditer(flat) if _begins_piece(flat, match.start())]
    if len(labels) < 2 or flat[: labels[0].start()].strip():
        return None
    ends = [match.start() for match in labels[1:]] + [len(text)]
    pieces = [
        (_year(match), text[match.end() : end].strip(" \u3000\n\t、,，;；/／・→⇒"))
        for match, end in zip(labels, ends, strict=True)
    ]
    years = [year for year, _piece in pieces]
    if years != sorted(set(years)) or any(not piece for _year, piece in pieces):
        return None
    return tuple(pieces)


def _begins_piece(flat: str, start: int) -> bool:
    return start == 0 or flat[start - 1] in " \n\t、,;/・→⇒。)" or not flat[start - 1].isdigit()


def _year(match: re.Match[str]) -> int:
    if match["first"]:
        return 1
    if match["nth"]:
        return NTH.get(match["nth"]) or int(match["nth"])
    if match["western"]:
        return int(match["western"])
    return ERAS[match["era"]] + (1 if match["era_year"] == "元" else int(match["era_year"]))
