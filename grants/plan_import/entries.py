"""What stands between the rows and the draft: a box as its rows told it, and the doubts collected on the way."""

from dataclasses import dataclass, field

from grants.plan_import.draft import Remark
from grants.plan_import.indicators import IndicatorCells
from grants.plan_text.doubts import Doubt
from grants.plan_text.headings import Column, Kind
from grants.plan_text.numbering import Number, Path


@dataclass(frozen=True, slots=True)
class ActivityCells:
    """An activity told in the row of an output."""

    row: int
    text: str
    period: str


@dataclass
class Entry:
    kind: Kind
    number: Number
    text: str
    row: int  # the first of its rows
    indicators: list[IndicatorCells] = field(default_factory=list)
    activities: list[ActivityCells] = field(default_factory=list)
    period: str = ""
    serves: tuple[Path, ...] | None = None  # said in a column of its own, or in brackets behind the words


class Remarks:
    """Collected in the order of reading; the same doubt at the same cell once."""

    def __init__(self) -> None:
        self.all: list[Remark] = []

    def say(self, row: int, column: Column, doubt: Doubt, *, is_problem: bool = False) -> None:
        remark = Remark(row, column, doubt, is_problem)
        if remark not in self.all:
            self.all.append(remark)
