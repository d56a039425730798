"""Who wrote last into what a cell of the meeting's page shows, and when: told where two people wrote the same."""

from typing import Any

from accounts.models import JournalEntry, User
from mentoring.forms.clashes import moment_label, name_for
from mentoring.forms.homework import HomeworkRow
from mentoring.forms.meeting import CostForm, NotesForm, ReviewForm, WordsForm
from mentoring.forms.page_cells import PageCell
from mentoring.meeting_reading import MeetingReading


def written_by(cell: PageCell, reading: MeetingReading, reader: User) -> dict[str, str]:
    """Who wrote last into what a cell shows, and when."""
    row = _row_behind(cell, reading)
    record = row.history.order_by("-history_id").select_related("history_user").first() if row else None
    if record is not None:
        who, at = record.history_user, record.history_date
    else:
        line = JournalEntry.objects.about(reading.sheet).select_related("actor").first()
        who, at = (line.actor, line.at) if line else (None, None)
    return {"by": name_for(who, reader), "at": moment_label(at) if at else ""}


def _row_behind(cell: PageCell, reading: MeetingReading) -> Any:
    """None for the facts, whose rows have no history."""
    form, (name, *_further) = cell.form, cell.names
    if isinstance(form, ReviewForm):
        return form.block.review
    if isinstance(form, CostForm):
        return form.row.review
    if isinstance(form, HomeworkRow):
        return form.item
    if isinstance(form, WordsForm):
        return reading.reading.rows[int(name)].now
    return reading.own_note if isinstance(form, NotesForm) else None
