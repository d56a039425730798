"""Cells of the meeting's page that came by themselves: what of them can be saved, and the answer each of them gets.

Every cell stands alone. One that cannot be read, or waits for its other half, keeps no other from being saved.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext

from accounts.models import User
from core.autosave import NotASave, Sent
from core.doubtful import doubts_of
from core.doubts import words_about
from mentoring.forms.cell_writers import written_by
from mentoring.forms.half_written import HalfWritten
from mentoring.forms.meeting import MeetingPart
from mentoring.forms.meeting_page import MOST_ROWS, MeetingPage, put
from mentoring.forms.page_cells import HOMEWORK, PageCell, page_cells
from mentoring.meeting_reading import MeetingReading
from mentoring.merging import Seen, label_of, merge, text_of

NEW_ROW = re.compile(r"homework-new(\d{1,2})")
ROW = re.compile(r"homework-(\d{1,15}|new\d{1,2})")


@dataclass(slots=True)
class Refused:
    """Why a cell is not saved now."""

    errors: list[dict[str, str]] = field(default_factory=list)
    until: str = ""  # what it waits for, in words, when it is only half written

    @property
    def state(self) -> str:
        return "wrong" if self.errors else "waiting"

    def add(self, name: str, errors: list[forms.ValidationError]) -> None:
        for error in errors:
            if isinstance(error, HalfWritten):
                self.until = error.until
            else:
                self.errors += [{"name": name, "text": text} for text in error.messages]


class SentMeeting:
    """Raises NotASave for what no page of a meeting could have sent."""

    def __init__(self, reading: MeetingReading, sent: Mapping[str, Sent]) -> None:
        self._reading, self.sent = reading, dict(sent)
        self.refused: dict[str, Refused] = {}
        self._standing = MeetingPage(reading)
        self._texts = self._standing.stored()
        left = {key: one for key, one in self.sent.items() if self._is_known(key, one)}
        while True:
            self.page, self.cells = self._joined(left)
            self.clashes: dict[str, str] = {}
            self._now: dict[str, str] = {}
            refused = self._refuse_what_does_not_fit(left)
            if not refused:
                break
            self.refused |= refused
            left = {key: one for key, one in left.items() if key not in refused}

    # --- joining what came with what stands --------------------------------------------------------------

    def _is_known(self, key: str, one: Sent) -> bool:
        cell = page_cells(self._standing.parts()).get(key)
        names = cell.keys if cell else _row_keys(key)
        if names and (len(one.typed) != len(names) or len(one.seen) not in (0, len(names))):
            raise NotASave
        return bool(names)

    def _joined(self, left: Mapping[str, Sent]) -> tuple[MeetingPage, dict[str, PageCell]]:
        """The page as if everything else had been left alone."""
        cells = page_cells(self._standing.parts())
        data, seen = QueryDict(mutable=True), dict(self._texts)
        for key, form, name in self._standing.fields():
            put(data, key, form.fields[name], self._texts[key])
        rows = [int(match[1]) for key in left if (match := NEW_ROW.fullmatch(key))]
        data["rows"] = str(max([0, *rows]) + 1)
        for key, one in left.items():
            cell = cells.get(key)
            names = cell.keys if cell else _row_keys(key)
            before = one.seen or ("",) * len(one.typed)
            if cell is None and names and before[-1] and not one.typed[-1]:
                before = ("",) * len(before)  # taken away, and now wanted back
            for name, text, seen_text in zip(names, one.typed, before, strict=True):
                seen[name] = seen_text
                put(data, name, _field(cell, name), text)
        page = MeetingPage(self._reading, data, seen=Seen(seen))
        return page, page_cells(page.parts())

    def _refuse_what_does_not_fit(self, left: Mapping[str, Sent]) -> dict[str, Refused]:
        cells = [self.cells[key] for key in left if key in self.cells]
        touched = list({id(cell.form): cell.form for cell in cells}.values())
        if refused := _refusals(cells, [form for form in touched if not form.is_valid()]):
            return refused
        self._merge(touched)
        return _refusals(cells, [form for form in touched if not self._fits(form)])

    def _merge(self, touched: list[forms.Form]) -> None:
        page = self.page
        fields = [(key, form, name) for key, form, name in page.fields() if form in touched]
        typed = {key: text_of(form.fields[name], form.cleaned_data.get(name)) for key, form, name in fields}
        stored = page.stored()
        merged = merge(seen=page.seen, typed=typed, stored=stored, chosen={})
        page.written = merged.written
        self.clashes = {key: clash.theirs for key, clash in merged.clashes.items()}
        self._now = stored | {key: typed[key] for key in merged.written}

    def _fits(self, form: forms.Form) -> bool:
        if isinstance(form, MeetingPart):
            for name, error in form.contradictions(self.page.values_of(form)).items():
                form.add_error(name, error)
        return not form.errors

    # --- the answers ---------------------------------------------------------------------------------------

    def renamed(self, items: Mapping[str, int]) -> dict[str, str]:
        """`items`: the homework that the rows became."""
        names = {row: f"homework-{pk}" for row, pk in items.items() if row in self.sent}
        return {row: name for row, name in names.items() if row != name}

    def answers(self, reader: User, items: Mapping[str, int]) -> dict[str, dict[str, Any]]:
        """By cell, under the name that it has from now on."""
        names = self.renamed(items)
        return {names.get(key, key): self._answer(key, reader) for key in self.sent}

    def _answer(self, key: str, reader: User) -> dict[str, Any]:
        if refusal := self.refused.get(key):
            return {"state": refusal.state, "errors": refusal.errors, "until": refusal.until, "doubts": []}
        cell = self.cells.get(key)
        if cell is None:
            return {"state": "gone", "errors": [{"name": key, "text": gone_words()}]}
        texts = cell.texts(self._now)
        answer: dict[str, Any] = {"state": self._state(cell), "stored": texts, "shown": texts, "errors": []}
        answer["doubts"] = [
            {"name": cell.form.add_prefix(name), "text": words_about(doubts)}
            for name in cell.names
            if name in cell.form.fields and (doubts := doubts_of(cell.form[name]))
        ]
        if at_odds := [name for name in cell.names if cell.form.add_prefix(name) in self.clashes]:
            theirs = [
                label_of(cell.form.fields[name], self.clashes[cell.form.add_prefix(name)]) for name in at_odds
            ]
            answer |= {"theirs": " ".join(theirs), **written_by(cell, self._reading, reader)}
        return answer

    def _state(self, cell: PageCell) -> str:
        if any(key in self.clashes for key in cell.keys):
            return "conflict"
        if any(key in self.page.written for key in cell.keys):
            return "saved"
        before = self.sent[cell.key].seen or ("",) * len(cell.keys)
        is_moved = list(before) != cell.texts(self._now)
        return "kept" if is_moved else "same"


def _row_keys(key: str) -> tuple[str, ...]:
    """Of a row of homework that this page does not have (yet, or any more); nothing for what is no row."""
    match = NEW_ROW.fullmatch(key)
    if not ROW.fullmatch(key) or (match and int(match[1]) >= MOST_ROWS):
        return ()
    return tuple(f"{key}-{name}" for name in HOMEWORK)


def _field(cell: PageCell | None, key: str) -> forms.Field:
    """Of a row that is not there, and of a choice among nothing, the text is only passed on."""
    name = cell.names[cell.keys.index(key)] if cell else ""
    return cell.form.fields.get(name, forms.CharField()) if cell else forms.CharField()


def _refusals(cells: list[PageCell], wrong: list[forms.Form]) -> dict[str, Refused]:
    """By cell. What stands at a field that did not come is told at the cells of its form that did."""
    refused: dict[str, Refused] = {}
    for form in wrong:
        mine = [cell for cell in cells if cell.form is form]
        for name, errors in form.errors.as_data().items():
            for cell in [cell for cell in mine if name in cell.names] or mine:
                refused.setdefault(cell.key, Refused()).add(form.add_prefix(name), errors)
    return refused


def gone_words() -> str:
    return gettext(
        "画面を開いているあいだに事業の計画が見直され、この行がなくなりました。必要なものは写してお使いください。"
    )
