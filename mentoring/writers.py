"""Who wrote what stands in a cell, and when: asked only where two people wrote the same one."""

import datetime as dt
from typing import Any

from accounts.models import User
from mentoring.cells import Kind, Wire
from mentoring.standing import Standing, wire_in

DEEPEST = 50  # records looked through; the oldest of them is near enough then


def last_writer(standing: Standing, stored: Wire) -> tuple[User | None, dt.datetime | None]:
    """Of `stored`, from the history of the cell's row; another may have written into it since. None where nobody is
    known."""
    if standing.cell.kind == Kind.REMARK:
        sheet = standing.sheet
        return (sheet.remark_by, sheet.remark_at) if standing.wire == stored else (None, None)
    found: tuple[User | None, dt.datetime | None] = None, None
    if standing.row is None:
        return found
    history: Any = standing.row.history
    for record in history.order_by("-history_id").select_related("history_user")[:DEEPEST]:
        if wire_in(record, standing.cell) == stored:
            found = record.history_user, record.history_date
        elif found != (None, None):
            break
    return found
