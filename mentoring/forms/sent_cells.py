"""A cell that came by itself, and the answer its page gets."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from core import clock
from core.autosave import NotASave, Sent
from core.dates import short_date_label, time_label
from core.doubts import doubts_in, words_about
from core.fields import ProseField
from mentoring.cells import Cell, Settled, Value, Wire, cell_named
from mentoring.forms.cell_fields import RATIO, fields_of, number_doubt, pair_errors, readable, shown
from mentoring.services.cells import SavedCell
from mentoring.standing import Standing
from mentoring.writers import last_writer

STATES = {  # what the page is told
    Settled.SAME: "same",
    Settled.WRITE: "saved",
    Settled.KEEP: "kept",
    Settled.CONFLICT: "conflict",
}


class SentCell:
    """Read as the entry page's form reads it, with the same errors and doubts."""

    def __init__(self, cell: Cell, sent: Sent) -> None:
        if len(sent.typed) != len(cell.names) or len(sent.seen) not in (0, len(cell.names)):
            raise NotASave
        self.cell, self.texts = cell, sent.typed
        self.seen: Wire = sent.seen or ("",) * len(cell.names)
        self.fields: list[forms.Field] = []
        self.errors: list[tuple[str, str]] = []
        self.doubts: list[tuple[str, str]] = []

    def read(self, standing: Standing) -> Value | None:
        """None when a part of it cannot be read; then `errors` says why, all at once."""
        unit = standing.counted.unit if standing.counted else ""
        self.fields = fields_of(self.cell, unit=unit)
        value: list[Any] = []
        for name, field, text in zip(self.cell.names, self.fields, self.texts, strict=True):
            try:
                value.append(field.clean(text))
            except ValidationError as error:
                self.errors += [(name, message) for message in error.messages]
        if self.errors:
            return None
        if self.cell.attributes == RATIO:
            self.errors = [(self.cell.names[index], text) for index, text in pair_errors(*value)]
        self.doubts = list(self._doubts(standing, value))
        return None if self.errors else tuple(value)

    def _doubts(self, standing: Standing, value: list[Any]) -> Any:
        for name, field, text in zip(self.cell.names, self.fields, value, strict=True):
            if isinstance(field, ProseField):
                grant = standing.sheet.grant
                known = (grant.organisation.name, grant.foundation.short_name)
                if doubts := doubts_in(text, known):
                    yield name, words_about(doubts)
        if counted := standing.counted:
            words = number_doubt(self.cell, value, method=counted.method, target=counted.target_value)
            if words:
                yield self.cell.key, words

    # --- the answer ---

    def answer(self, saved: SavedCell, reader: User) -> dict[str, Any]:
        if not saved.standing.is_on_sheet:
            words = gettext(
                "画面を開いているあいだに事業の計画が見直され、この行がなくなりました。必要なものは写してお使いください。"
            )
            return {"state": "gone", "errors": [{"name": self.cell.key, "text": words}]}
        state = STATES[saved.settled] if saved.settled else "wrong"
        answer = {
            "state": state,
            "stored": list(saved.stored),
            "shown": [shown(field, text) for field, text in zip(self.fields, saved.stored, strict=True)],
            "errors": [{"name": name, "text": text} for name, text in self.errors],
            "doubts": [{"name": name, "text": text} for name, text in self.doubts],
        }
        if state in ("conflict", "kept"):
            who, at = last_writer(saved.standing)
            answer["theirs"] = readable(self.fields[0], saved.stored)
            answer["by"] = name_for(who, reader)
            answer["at"] = moment_label(at) if at else ""
        return answer


def read_cells(sent: dict[str, Sent]) -> dict[Cell, SentCell]:
    """Raises NotASave for what no sheet could have."""
    cells = {}
    for key, one in sent.items():
        if (cell := cell_named(key)) is None:
            raise NotASave
        cells[cell] = SentCell(cell, one)
    return cells


def name_for(who: User | None, reader: User) -> str:
    if who is None:
        return gettext("ほかの人")
    if who == reader:
        return gettext("ほかの画面のあなた")
    return gettext("%(name)sさん") % {"name": who}


def moment_label(at: dt.datetime) -> str:
    """14:30 today, else 11月8日 14:30."""
    local = timezone.localtime(at)
    label = time_label(local.time())
    return label if local.date() == clock.today() else f"{short_date_label(local.date())} {label}"
