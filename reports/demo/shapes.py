"""How the demonstration's data is written down. Months are strings such as "2021-04", read by `month`."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field


def month(text: str) -> dt.date:
    return dt.date.fromisoformat(f"{text}-01")


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


# --- how a figure moves through the months -------------------------------------------------------------------


@dataclass(frozen=True)
class Flow:
    """A count that adds up to `total` in the last told month. `only` names the calendar months it happens in."""

    total: int
    since: str = ""
    only: tuple[int, ...] = ()
    ramp: float = 1.0  # how much livelier the end is than the start
    beside: str = ""  # the indicator without which there is nothing to count (no session, nobody present)


@dataclass(frozen=True)
class Stock:
    """A level at month ends: straight between the named points, whole numbers."""

    points: Mapping[str, int]


@dataclass(frozen=True)
class Share:
    """Numerator and denominator: the denominators add up to `asked`, the rate moves between the points (%)."""

    asked: int
    points: Mapping[str, int]
    only: tuple[int, ...] = ()
    since: str = ""
    of: str = ""  # the indicator whose total is the denominator; `asked` is then 0


@dataclass(frozen=True)
class Story:
    """A state: sentences in order of time, each from its month, with the grantee's word for the progress."""

    lines: tuple[tuple[str, str, str], ...]  # month, step, sentence


@dataclass(frozen=True)
class Making:
    """Something that is absent, then in the making, then there."""

    begun: str
    done: str = ""


Curve = Flow | Stock | Share | Story | Making


# --- the plan ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class IndicatorSpec:
    key: str
    name: str
    method: str
    curve: Curve
    unit: str = ""
    baseline: int = 0
    target: int | None = None
    state: str = ""
    pooled: bool = True
    verification: str = ""
    blanks: tuple[str, ...] = ()
    yearly: Mapping[int, int] = field(default_factory=dict)
    since: str = ""  # of a revision: the month it begins
    retired: str = ""  # of a revision: the first month without it
    replaces: str = ""
    reworded: tuple[str, str, int | None] | None = None  # from month, the new name, the new target


@dataclass(frozen=True)
class OutcomeSpec:
    key: str
    text: str
    short: str
    leads: tuple[int, ...]
    indicators: tuple[IndicatorSpec, ...]


@dataclass(frozen=True)
class OutputSpec:
    key: str
    text: str
    short: str
    serves: tuple[tuple[str, str], ...]  # outcome and the reason, the first one first
    indicators: tuple[IndicatorSpec, ...]


@dataclass(frozen=True)
class RevisionSpec:
    holds_from: str
    kind: str
    reason: str
    approved_on: str


@dataclass(frozen=True)
class LineSpec:
    """One item of the budget: (granted, own) yen of each fiscal year from the first."""

    purpose: str
    item: str
    years: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class MemberSpec:
    name: str
    part: str
    is_lead: bool = False


@dataclass(frozen=True)
class GrantSpec:
    key: str
    program: str
    name: str
    kana: str
    legal_form: str
    city: str
    description: str
    title: str
    subtitle: str
    summary: str
    officer: str
    starts: str  # a day
    ends: str
    contract: str
    long: tuple[str, ...]
    outcomes: tuple[OutcomeSpec, ...]
    outputs: tuple[OutputSpec, ...]
    activities: tuple[tuple[str, tuple[str, ...]], ...]
    budget: tuple[LineSpec, ...]
    execution: Mapping[str, float]  # purpose → the share spent by the last told month
    own_funds_note: str = ""
    members: tuple[MemberSpec, ...] = ()
    revision: RevisionSpec | None = None

    @property
    def first_month(self) -> dt.date:
        return day(self.starts).replace(day=1)

    @property
    def first_fiscal_year(self) -> int:
        start = day(self.starts)
        return start.year if start.month >= 4 else start.year - 1

    def indicators(self) -> tuple[IndicatorSpec, ...]:
        owners: tuple[OutcomeSpec | OutputSpec, ...] = (*self.outcomes, *self.outputs)
        return tuple(spec for owner in owners for spec in owner.indicators)


# --- what the months said ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Note:
    """A remark beside a figure. `at` is a month of the story, `in_` calendar months it fits; neither: any month."""

    text: str
    at: str = ""
    in_: tuple[int, ...] = ()
    zero: bool = False  # said when nothing was counted


@dataclass(frozen=True)
class Review:
    """Without `at` it falls where the order of the sentences puts it."""

    word: str
    text: str
    at: str = ""


@dataclass(frozen=True)
class Homework:
    """Given in the meeting about `at`; `late` meetings pass before it is done, -1 leaves it open."""

    at: str
    text: str
    who: str  # a person's key
    late: int = 0


@dataclass(frozen=True)
class Remark:
    """つぶやき: said in the meeting about `at`."""

    at: str
    who: str
    text: str
    internal: bool = False


@dataclass(frozen=True)
class Words:
    """What one person wrote at a moment such as "2024-01-05 10:12"."""

    who: str
    at: str
    text: str


@dataclass(frozen=True)
class Question:
    """行の質問 of one month, and what was written below it."""

    month: str
    row: str  # the key of an indicator, an outcome or an output; "cost direct"; blank is the whole sheet
    said: tuple[Words, ...]
    settled: str = ""  # the moment in the meeting when it was talked about instead


@dataclass(frozen=True)
class Support:
    on: str
    item: str
    method: str
    who: str
    minutes: int
    content: str
    result: str
    reach: str
    with_whom: str = ""


@dataclass(frozen=True)
class Cost:
    at: str
    purpose: str
    status: str
    text: str


@dataclass(frozen=True)
class Correction:
    """A closed month opened once more: what stood in the first edition, and the moments of the three steps."""

    at: str
    indicator: str
    stood: int
    reopened: str
    reason: str
    corrected: str
    who: str
    closed: str


@dataclass(frozen=True)
class Last:
    """How the last told month and the open January stand."""

    state: str
    submitted: str = ""  # moments such as "2024-01-05 10:12"
    returned: str = ""
    reason: str = ""
    met: str = ""
    closed: str = ""
    appointment: str = ""  # the next meeting
    appointment_form: str = "in_person"
    appointment_place: str = ""


@dataclass(frozen=True)
class StorySpec:
    people: tuple[str, ...]  # who comes to the meetings, the one who submits first
    meets: tuple[int, int, str, int]  # weekday (Monday is 0), which one of the month, hour, minutes
    place: str
    visit_place: str
    changes: Mapping[str, tuple[str, ...]]  # outcome → sentences in order of time
    early: tuple[str, ...]  # said of an outcome in the months between, while the work begins
    quiet: tuple[str, ...]  # and later
    seasons: Mapping[int, tuple[str, ...]]  # calendar month → sentences
    reviews: Mapping[str, tuple[Review, ...]]
    asides: Mapping[str, tuple[Review, ...]]  # output → reviews in order of time
    notes: Mapping[str, tuple[Note, ...]]
    homework: tuple[Homework, ...]
    remarks: tuple[Remark, ...]
    supports: tuple[Support, ...]
    costs: tuple[Cost, ...]
    cost_words: tuple[
        tuple[str, str, str], ...
    ]  # purpose, status, sentence: months without a Cost of their own
    words: tuple[Note, ...]  # 備考・つぶやき of the sheet
    last: Last
    unspoken_since: Mapping[tuple[str, str], str] = field(default_factory=dict)  # edge → month of silence
    returned: Mapping[str, str] = field(default_factory=dict)  # month → why it went back once
    joined: Mapping[str, str] = field(default_factory=dict)  # month → met together with this later month
    guests: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)  # month → side, name, title
    second: Mapping[str, str] = field(
        default_factory=dict
    )  # month → the day of a second meeting, on the phone
    since: Mapping[str, str] = field(default_factory=dict)  # person → first month in the meetings
    correction: Correction | None = None
