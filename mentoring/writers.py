"""Who wrote what stands in a cell, and when: asked only where two people wrote the same one."""

import datetime as dt
from typing import Any

from accounts.models import JournalEntry, User
from mentoring.cells import to_wire
from mentoring.models import ProgressSheet
from mentoring.standing import Standing

DEEPEST = 50  # records looked through; the oldest of them is near enough then


def last_writer(standing: Standing) -> tuple[User | None, dt.datetime | None]:
    """From the history of its row. None where nobody is known."""
    if standing.row is None:
        return _writer_of_remark(standing)
    attributes = ("done_on",) if standing.cell.attributes == ("done",) else standing.cell.attributes
    stands = to_wire(tuple(getattr(standing.row, name) for name in attributes))
    history: Any = standing.row.history
    found: tuple[User | None, dt.datetime | None] = None, None
    for record in history.order_by("-history_id").select_related("history_user")[:DEEPEST]:
        if to_wire(tuple(getattr(record, name) for name in attributes)) != stands:
            break
        found = record.history_user, record.history_date
    return found


def _writer_of_remark(standing: Standing) -> tuple[User | None, dt.datetime | None]:
    """The remark stands on the sheet itself, which has no history; the journal has a line for it."""
    if standing.cell.attributes != ("remark",):
        return None, None
    lines = JournalEntry.objects.filter(
        subject_type=ProgressSheet._meta.label_lower,
        subject_id=standing.sheet.pk,
        verb="sheet.save",
    ).select_related("actor")
    for line in lines.order_by("-at", "-pk")[:DEEPEST]:
        if standing.cell.key in line.details.get("cells", ()):
            return line.actor, line.at
    return None, None
