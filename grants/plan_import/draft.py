"""What a table was understood to say: a plan without identities, and row by row what is doubted."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from grants.plan_text.doubts import Doubt
from grants.plan_text.headings import Column, Kind
from grants.plan_text.numbering import Path, number_label


class Remark(NamedTuple):
    """A doubt at its cell. A problem keeps the plan from being taken over: the database could not hold it."""

    row: int
    column: Column
    doubt: Doubt
    is_problem: bool = False


@dataclass(frozen=True, slots=True)
class DraftIndicator:
    row: int  # the first of the source rows it came from
    name: str
    method: str
    says_method: bool  # the table names the way of counting; otherwise it is a guess
    is_pooled: bool
    unit: str
    baseline: Decimal
    baseline_state: str
    target_value: Decimal | None
    target_state: str
    year_targets: tuple[tuple[int, Decimal], ...]
    due_on: dt.date | None
    due_note: str
    verification: str

    @property
    def value_unit(self) -> str:
        return "%" if self.method == "ratio" else self.unit


@dataclass(frozen=True, slots=True)
class DraftLongTerm:
    row: int
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class DraftOutcome:
    row: int
    number: int
    text: str
    leads_to: tuple[int, ...] | None  # numbers of long-term outcomes; None: the table does not say
    indicators: tuple[DraftIndicator, ...]


@dataclass(frozen=True, slots=True)
class DraftOutput:
    row: int
    number: int
    text: str
    under: int  # the number of the outcome it serves first; 0: none
    says_under: bool  # the table says so; otherwise it was guessed, or is not known
    also: tuple[int, ...] | None  # further outcomes; None: the table does not say
    indicators: tuple[DraftIndicator, ...]

    @property
    def path(self) -> Path:
        return (self.under, self.number)


@dataclass(frozen=True, slots=True)
class DraftActivity:
    row: int
    number: int
    text: str
    period: str
    produces: tuple[Path, ...] | None  # outputs; None: the table does not say


@dataclass(frozen=True, slots=True)
class RowReading:
    """One source row: what it is part of. `entry` is the row that begins the same box."""

    kind: Kind | None
    path: Path
    entry: int

    @property
    def label(self) -> str:
        return number_label(self.path)


@dataclass(frozen=True, slots=True)
class Draft:
    long_term: tuple[DraftLongTerm, ...] = ()
    outcomes: tuple[DraftOutcome, ...] = ()
    outputs: tuple[DraftOutput, ...] = ()
    activities: tuple[DraftActivity, ...] = ()
    rows: tuple[RowReading, ...] = ()
    remarks: tuple[Remark, ...] = field(default=())

    @property
    def is_empty(self) -> bool:
        return not (self.long_term or self.outcomes or self.outputs or self.activities)

    @property
    def doubts(self) -> list[Remark]:
        return [remark for remark in self.remarks if not remark.is_problem]

    @property
    def problems(self) -> list[Remark]:
        return [remark for remark in self.remarks if remark.is_problem]

    def indicators(self) -> Iterator[DraftIndicator]:
        for outcome in self.outcomes:
            yield from outcome.indicators
        for output in self.outputs:
            yield from output.indicators
