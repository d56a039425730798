"""A cell that came by itself, and the answer its page gets."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from accounts.models import User
from core.autosave import NotASave, Sent
from core.doubts import doubts_in, words_about
from core.fields import ProseField
from mentoring.cells import Cell, Settled, Value, Wire, cell_named
from mentoring.forms.cell_fields import RATIO, fields_of, number_doubt, pair_errors, shown
from mentoring.forms.clashes import clash_in
from mentoring.services.cells import SavedCell
from mentoring.standing import Standing

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

    def _doubts(self, standing: Standing, value: list[Any]) -> Iterator[tuple[str, str]]:
        for name, field, text in zip(self.cell.names, self.fields, value, strict=True):
            if isinstance(field, ProseField):
                known = (standing.names.organisation, standing.names.foundation)
                if doubts := doubts_in(text, known):
                    yield name, words_about(doubts) + gettext("書き直すか、このままでも保存できます。")
        if counted := standing.counted:
            words = number_doubt(
                self.cell, value, method=counted.method, unit=counted.unit, target=counted.target_value
            )
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
            answer |= asdict(clash_in(saved.standing, saved.stored, self.fields, reader))
        return answer


def read_cells(sent: dict[str, Sent]) -> dict[Cell, SentCell]:
    """Raises NotASave for what no sheet could have."""
    cells = {}
    for key, one in sent.items():
        if (cell := cell_named(key)) is None:
            raise NotASave
        cells[cell] = SentCell(cell, one)
    return cells
