"""What one grant's story comes to: plain values, ready to be written. Moments are local time, without zone."""

import datetime as dt
from dataclasses import dataclass, field

from reports.demo.curves import Entry
from reports.demo.shapes import Correction, Remark, Support


@dataclass
class Event:
    act: str
    before: str
    after: str
    by: str  # a person's key; blank: the timer
    at: dt.datetime
    reason: str = ""


@dataclass
class ToldReview:
    outcome: str
    word: str
    text: str
    outputs: tuple[str, ...]


@dataclass
class ToldFigure:
    entry: Entry
    note: str = ""
    progress: str = ""
    correction: Correction | None = None


@dataclass
class ToldSheet:
    month: dt.date
    due_on: dt.date
    state: str = "draft"
    figures: dict[str, ToldFigure] = field(default_factory=dict)
    changes: dict[str, str] = field(default_factory=dict)
    remark: str = ""
    costs: list[tuple[str, str, str]] = field(default_factory=list)  # purpose, status, consultation
    spending: dict[str, int | None] = field(default_factory=dict)
    reviews: list[ToldReview] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    entered_by: str = ""
    entered_at: dt.datetime | None = None

    @property
    def first_closing(self) -> Event | None:
        return next((event for event in self.events if event.act == "close"), None)

    @property
    def closing(self) -> Event | None:
        """The last one: what the sheet itself says."""
        return next((event for event in reversed(self.events) if event.act == "close"), None)

    @property
    def turn_since(self) -> dt.datetime:
        return self.events[-1].at


@dataclass
class Talk:
    """A meeting, held or still to come."""

    months: tuple[dt.date, ...]
    on: dt.date
    starts: dt.time
    ends: dt.time | None
    form: str
    place: str
    held: bool
    attendees: tuple[tuple[str, str, str, str], ...] = ()  # side, person's key or blank, name, title


@dataclass
class ToldHomework:
    month: dt.date
    text: str
    side: str
    person: str
    due_on: dt.date | None
    done_on: dt.date | None


@dataclass
class ToldGrant:
    key: str
    sheets: list[ToldSheet]
    talks: list[Talk]
    homework: list[ToldHomework]
    remarks: tuple[Remark, ...]
    supports: tuple[Support, ...]
