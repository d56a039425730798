"""The next day as a month says it. Appointments move; what a closed month says of them does not."""

import datetime as dt
from dataclasses import dataclass

from mentoring.models import Meeting, ProgressSheet

Snapshot = dict[str, str]


@dataclass(frozen=True, slots=True)
class Arranged:
    on: dt.date
    starts_at: dt.time | None

    def is_still(self, meeting: Meeting) -> bool:
        return (meeting.held_on, meeting.starts_at) == (self.on, self.starts_at)


def arranged_in(sheet: ProgressSheet, upcoming: Meeting | None) -> Arranged | None:
    """`upcoming`: the appointment as it stands now, which holds as long as the month is open."""
    if sheet.is_closed and sheet.next_snapshot is not None:
        return _read(sheet.next_snapshot)
    return Arranged(upcoming.held_on, upcoming.starts_at) if upcoming else None


def snapshot_of(upcoming: Meeting | None) -> Snapshot:
    if upcoming is None:
        return {}
    at = upcoming.starts_at
    return {"on": upcoming.held_on.isoformat(), "at": at.isoformat() if at else ""}


def _read(snapshot: Snapshot) -> Arranged | None:
    if not snapshot:
        return None
    at = snapshot["at"]
    return Arranged(dt.date.fromisoformat(snapshot["on"]), dt.time.fromisoformat(at) if at else None)
