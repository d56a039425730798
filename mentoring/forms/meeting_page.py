"""The forms of the meeting's page as one: read together, compared with what others wrote, and saved in one go."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import gettext

from accounts.models import User
from core import clock
from core.doubtful import doubtful_fields, know_organisations
from core.fields import TypedField
from mentoring.forms.cell_writers import written_by
from mentoring.forms.entry import read_since
from mentoring.forms.homework import HomeworkRow, homework_content
from mentoring.forms.meeting import (
    FACTS,
    CostForm,
    FactsForm,
    MeetingPart,
    NotesForm,
    QuestionsForm,
    ReviewForm,
    TicksForm,
    WordsForm,
    about,
    guests_in,
)
from mentoring.forms.page_cells import CellOnPage, PageCell, page_cells
from mentoring.meeting_reading import MeetingReading
from mentoring.merging import Clash, Merged, Seen, label_of, merge, text_of
from mentoring.models import ActionItem, FieldNote, Meeting
from mentoring.models.meetings import Side
from mentoring.services.meetings import (
    Appointment,
    CostContent,
    MeetingContent,
    MeetingFacts,
    Present,
    ReviewContent,
)
from mentoring.threads import Row, Said

BLANK_ROWS, MOST_ROWS = 3, 60
PATTERN = "N"
HOMEWORK_KEY = re.compile(r"homework-(\d+)-text")


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A thread that opens the meeting; each of its questions without an answer has a box to tick."""

    row: Row
    said: list[tuple[Said, BoundField | None]]

    @property
    def question_id(self) -> int:
        return self.said[0][0].comment.pk


@dataclass(frozen=True, slots=True)
class Problem:
    anchor: str
    label: str
    text: str


class MeetingPage:
    """Bound when there is data. `further_rows` adds blank rows of homework to those the page had; `seen` is given
    where the data does not carry it signed."""

    def __init__(
        self,
        page: MeetingReading,
        data: QueryDict | None = None,
        *,
        further_rows: int = 0,
        seen: Seen | None = None,
    ) -> None:
        self.page = page
        self.data = data.copy() if data is not None else None
        self.about = about(page.sheet, page.meeting)
        self.facts = FactsForm(self.data, page=page)
        self.words = WordsForm(self.data, page=page)
        self.ticks = TicksForm(self.data, page=page)
        self.questions = QuestionsForm(self.data, page=page)
        self.notes = NotesForm(self.data, page=page)
        self.reviews = {
            talk.block.plan.id: ReviewForm(self.data, talk=talk, period_months=page.sheet.months)
            for talk in page.talks
        }
        self.costs = {row.budget.purpose: CostForm(self.data, row=row) for row in page.reading.costs}
        self.row_count = min(_count(self.data) + further_rows, MOST_ROWS)
        self.has_further_rows = bool(further_rows)
        self.homework = list(self._homework_rows())
        grant = page.sheet.grant
        know_organisations(self.parts(), (grant.organisation.name, grant.foundation.short_name))
        self.written: frozenset[str] = frozenset()
        self._keep_what_is_sealed()
        if self.data is None:
            self.seen = Seen(self.stored())
        else:
            self.seen = seen or self._seen_by(self.data)
            if seen or self.data.get("seen"):  # a page that never said what it saw has left nothing alone
                self._give_way()
            self._ask({key: Clash(key, self.seen.texts.get(key, "")) for key in self.seen.asked})

    def _keep_what_is_sealed(self) -> None:
        """A page that shows the facts as text sends none of them."""
        facts = self.facts
        if self.data is None or not facts.sealed_by or facts.add_prefix("held_on") in self.data:
            return
        for name in FACTS:
            field = facts.fields[name]
            stands = text_of(field, facts.get_initial_for_field(field, name))
            put(self.data, facts.add_prefix(name), field, stands)

    def _homework_rows(self) -> Iterator[HomeworkRow]:
        people = self.page.people
        items = self.page.reading.new_homework
        for item in items:
            yield HomeworkRow(self.data, item=item, people=people, prefix=f"homework-{item.pk}")
        there = {str(item.pk) for item in items}
        for key in self.data or ():
            if (match := HOMEWORK_KEY.fullmatch(key)) and match[1] not in there:
                yield HomeworkRow(
                    self.data, item=None, people=people, prefix=f"homework-{match[1]}", is_gone=True
                )
        for number in range(self.row_count):
            yield HomeworkRow(self.data, item=None, people=people, prefix=f"homework-new{number}")

    def parts(self) -> list[forms.Form]:
        """In the order of the page."""
        return [
            self.ticks,
            self.questions,
            *self.reviews.values(),
            self.words,
            *self.costs.values(),
            self.notes,
            *self.homework,
            self.facts,
        ]

    def fields(self) -> Iterator[tuple[str, forms.Form, str]]:
        for form in self.parts():
            for name in form.fields:
                yield form.add_prefix(name), form, name

    def _seen_by(self, data: QueryDict) -> Seen:
        """When the page was made, maybe before its meeting was, and since then as it saved itself
        (static/js/meeting.js)."""
        signed, first = data.get("seen", ""), about(self.page.sheet, None)
        is_first = Seen.signed_about(signed) == first
        seen = Seen.read(first if is_first else self.about, signed)
        if Seen.signed_about(signed) not in (first, self.about):
            return seen
        texts, cells = dict(seen.texts), page_cells(self.parts())
        for key, wire in read_since(data.get("since", "")).items():
            if key in cells:
                texts |= dict(zip(cells[key].keys, wire, strict=False))
        return Seen(texts, seen.asked)

    # --- comparing -----------------------------------------------------------------------------------

    def stored(self) -> dict[str, str]:
        """A row that is gone counts as it was seen: left alone it stays away, written in it comes back."""
        return {
            key: self.seen.texts.get(key, "")
            if getattr(form, "is_gone", False)
            else text_of(form.fields[name], form.get_initial_for_field(form.fields[name], name))
            for key, form, name in self.fields()
        }

    def _give_way(self) -> None:
        """What this writer left alone is read as it stands now, before anything of it can be called wrong or missing;
        so are rows that came in while the page was open."""
        texts = dict(self.seen.texts)
        for key, form, name in self.fields():
            field, before = form.fields[name], texts.get(key, "")
            if key in self.seen.asked or _raw_text(self.data, key, field) != before:
                continue
            initial = form.get_initial_for_field(field, name)
            stands = before if getattr(form, "is_gone", False) else text_of(field, initial)
            if stands != before:
                put(self.data, key, field, stands)
                texts[key] = stands
        self.seen = Seen(texts, self.seen.asked)

    def is_ready(self) -> bool:
        """Everything readable, nobody overwritten. Otherwise the forms say what is wrong or ask which text holds."""
        if [form for form in self.parts() if not form.is_valid()]:  # all of them, so that all errors are told
            return False
        stored = self.stored()
        typed = {
            key: text_of(form.fields[name], form.cleaned_data.get(name)) for key, form, name in self.fields()
        }
        merged = merge(seen=self.seen, typed=typed, stored=stored, chosen=self._chosen())
        self.written = merged.written
        if not merged.clashes:
            return self._still_fits()
        self._show_what_stands(merged, typed, stored)
        self._ask(merged.clashes)
        return False

    def _chosen(self) -> dict[str, str]:
        data: Any = self.data or {}
        return {key: str(data.get(f"choose-{key}", "")) for key in self.seen.asked}

    def _still_fits(self) -> bool:
        """The texts of two people may contradict each other where each alone did not."""
        for form in self.parts():
            if isinstance(form, MeetingPart):
                for name, error in form.contradictions(self.values_of(form)).items():
                    form.add_error(name, error)
        return not any(form.errors for form in self.parts())

    def _show_what_stands(self, merged: Merged, typed: dict[str, str], stored: dict[str, str]) -> None:
        """Fields this writer left alone show what the other wrote; clashing ones keep the typed text."""
        texts = dict(self.seen.texts)
        for key, form, name in self.fields():
            if key in merged.written or key in merged.clashes:
                continue
            if typed[key] != stored[key]:
                put(self.data, key, form.fields[name], stored[key])
            texts[key] = stored[key]
        texts |= {key: clash.theirs for key, clash in merged.clashes.items()}
        self.seen = Seen(texts, frozenset(merged.clashes))

    def _ask(self, clashes: dict[str, Clash]) -> None:
        chosen = self._chosen()
        for key, form, name in self.fields():
            field: Any = form.fields[name]
            clash = clashes.get(key)
            field.clash = clash and Clash(key, label_of(field, clash.theirs), chosen.get(key, ""))

    def signed_seen(self) -> str:
        return self.seen.sign(self.about)

    def tell_cells(self, reader: User) -> None:
        """Says at every field which cell it belongs to, for the script that saves them one by one."""
        typed = {key: self._shown(key, form.fields[name]) for key, form, name in self.fields()}
        for cell in page_cells(self.parts()).values():
            told = self._told(cell, typed, reader)
            for bound in cell.bound:
                field: Any = bound.field
                field.cell = told

    def _told(self, cell: PageCell, typed: dict[str, str], reader: User) -> CellOnPage:
        seen, unsaved, theirs = cell.texts(self.seen.texts), "", ""
        clashes = {bound.html_name: getattr(bound.field, "clash", None) for bound in cell.bound}
        if at_odds := [clash for clash in clashes.values() if clash]:
            unsaved = "conflict"
            shown = [seen[n] if clashes.get(key) else typed.get(key, "") for n, key in enumerate(cell.keys)]
            told: dict[str, Any] = {
                "stored": seen,
                "shown": shown,
                "theirs": " ".join(clash.theirs for clash in at_odds),
            }
            told |= {"unsaved": shown != seen, **written_by(cell, self.page, reader)}
            theirs = json.dumps(told, ensure_ascii=False)
        elif seen != cell.texts(typed):
            unsaved = "typed"
        return CellOnPage(
            key=cell.key,
            names=" ".join(cell.keys),
            fields=cell.bound,
            seen=json.dumps(seen, ensure_ascii=False) if any(seen) else "",
            unsaved=unsaved,
            theirs=theirs,
        )

    def _shown(self, key: str, field: forms.Field) -> str:
        return self.seen.texts.get(key, "") if self.data is None else _raw_text(self.data, key, field)

    # --- what is wrong ---------------------------------------------------------------------------------

    def problems(self) -> list[Problem]:
        found = []
        places = self._places()
        for _key, form, name in self.fields():
            bound = form[name]
            anchor = bound.id_for_label or f"{bound.auto_id}_0"
            place = "" if name == "word" else places.get(form.prefix or "")  # its question names the outcome
            label = "　".join(filter(None, (place, str(form.fields[name].label))))
            found += [Problem(anchor, label, str(error)) for error in bound.errors]
            if getattr(form.fields[name], "clash", None):
                ask = gettext("ほかの人も書きかえました。どちらを残すかを選んでください。")
                found.append(Problem(anchor, label, ask))
        return found

    def _places(self) -> dict[str, str]:
        """Which of several like it a form is: ①, or the number of its row."""
        rows = {
            row.prefix or "": gettext("宿題の%(number)d行目") % {"number": number}
            for number, row in enumerate(self.homework, start=1)
        }
        return rows | {f"{form.prefix}": form.block.plan.label for form in self.reviews.values()}

    def doubtful(self) -> list[BoundField]:
        return doubtful_fields(*self.parts())

    # --- what to save ------------------------------------------------------------------------------------

    def values_of(self, form: forms.Form) -> dict[str, Any]:
        """What the fields come to: the writer's where they wrote, else what stands."""
        return {
            name: form.cleaned_data.get(name)
            if form.add_prefix(name) in self.written or getattr(form, "is_gone", False)
            else form.get_initial_for_field(field, name)
            for name, field in form.fields.items()
        }

    def _is_written(self, form: forms.Form) -> bool:
        return any(form.add_prefix(name) in self.written for name in form.fields)

    def content(self) -> MeetingContent:
        """Only what this writer changed. Call it after is_ready."""
        reviews = {pk: self.values_of(form) for pk, form in self.reviews.items() if self._is_written(form)}
        costs = {code: self.values_of(form) for code, form in self.costs.items() if self._is_written(form)}
        rows = [homework_content(row, self.values_of(row)) for row in self.homework if self._is_written(row)]
        return MeetingContent(
            facts=self._facts(),
            ticks={int(name): bool(value) for name, value in self._written_values(self.ticks)},
            settled={int(name): bool(value) for name, value in self._written_values(self.questions)},
            words={int(name): value for name, value in self._written_values(self.words)},
            reviews={
                pk: ReviewContent(
                    values["word"], values["sentence"] or "", frozenset(map(int, values["outputs"] or ()))
                )
                for pk, values in reviews.items()
            },
            costs={
                code: CostContent(values["status"], values["consultation"]) for code, values in costs.items()
            },
            notes=dict(self._written_values(self.notes)),
            homework=tuple(row for row in rows if row is not None),
        )

    def _written_values(self, form: forms.Form) -> list[tuple[str, Any]]:
        return [(n, form.cleaned_data[n]) for n in form.fields if form.add_prefix(n) in self.written]

    def _facts(self) -> MeetingFacts | None:
        """None when there is no meeting, or nothing about it is new: written, come due, or taken up by this sheet."""
        values, meeting = self.values_of(self.facts), self.page.meeting
        if values["held_on"] is None or not (self._is_written(self.facts) or self._is_due(meeting)):
            return None
        upcoming = meeting.next_meeting if meeting else None
        kept = upcoming is not None and upcoming.held
        return MeetingFacts(
            held_on=values["held_on"],
            starts_at=values["starts_at"],
            ends_at=values["ends_at"],
            place=values["place"] or "",
            form=values["form"] or Meeting.Form.IN_PERSON,
            present=tuple(self._present(values)),
            other_sheet_ids=frozenset(map(int, values["sheets"] or ())),
            next=None if kept or values["next_on"] is None else Appointment(
                on=values["next_on"],
                starts_at=values["next_at"],
                place=values["next_place"] or "",
                form=values["next_form"] or Meeting.Form.IN_PERSON,
            ),
        )  # fmt: skip

    def _is_due(self, meeting: Meeting | None) -> bool:
        if meeting is None:
            return False
        is_over = not meeting.held and meeting.held_on <= clock.today()
        return is_over or self.page.sheet not in meeting.sheets.all()

    def _present(self, values: dict[str, Any]) -> Iterator[Present]:
        for side in (Side.GRANTEE, Side.FOUNDATION):
            persons = {str(person.id): person for person in self.page.people[side]}
            for pk in values[f"{side.value}_people"] or ():
                yield Present(side, persons[pk].name, persons[pk].title, persons[pk].id)
            yield from guests_in(values[f"{side.value}_guests"] or "", side)

    # --- what the template walks through --------------------------------------------------------------------

    @property
    def tick_rows(self) -> list[tuple[ActionItem, BoundField]]:
        return [(item, self.ticks[str(item.pk)]) for item in self.page.reading.earlier_homework]

    @property
    def question_rows(self) -> list[QuestionRow]:
        threads = self.page.threads
        return [
            QuestionRow(
                row=threads.row_of(thread),
                said=[
                    (s, self.questions[str(s.comment.pk)] if s.opens_meeting else None) for s in thread.said
                ],
            )
            for thread in threads.for_meeting
        ]

    @property
    def cost_forms(self) -> list[CostForm]:
        return list(self.costs.values())

    @property
    def given_homework(self) -> list[HomeworkRow]:
        return [row for row in self.homework if row.item or row.is_gone]

    @property
    def blank_homework(self) -> list[HomeworkRow]:
        """The rows to write new homework in: one, and those in which something was typed."""
        blank = [row for row in self.homework if not (row.item or row.is_gone)]
        return [row for row in blank if row is blank[0] or self.has_further_rows or row.has_changed()]

    @property
    def pattern_row(self) -> HomeworkRow:
        """What the page's script makes further rows of; PATTERN stands where their number goes."""
        row = HomeworkRow(item=None, people=self.page.people, prefix=f"homework-new{PATTERN}")
        cell = page_cells([row])[f"homework-new{PATTERN}"]
        for bound in cell.bound:
            field: Any = bound.field
            field.cell = self._told(cell, {}, self.page.by)
        return row

    @property
    def further_shared_notes(self) -> list[FieldNote]:
        return self.page.further_notes


def _count(data: QueryDict | None) -> int:
    """How many blank rows of homework the page had."""
    typed = data.get("rows", "") if data is not None else ""
    return (
        max(int(typed), BLANK_ROWS) if typed.isascii() and typed.isdigit() and len(typed) < 4 else BLANK_ROWS
    )


def _raw_text(data: Any, key: str, field: forms.Field) -> str:
    """What was typed in its wire form, as far as it can be read."""
    typed = field.widget.value_from_datadict(data, {}, key)
    try:
        return text_of(field, field.to_python(typed) if isinstance(field, TypedField) else typed)
    except forms.ValidationError:
        return str(typed)


def put(data: Any, key: str, field: forms.Field, text: str) -> None:
    if isinstance(field, forms.MultipleChoiceField):
        data.setlist(key, text.split(",") if text else [])
    elif isinstance(field, forms.BooleanField) and not text:
        data.pop(key, None)
    else:
        data[key] = text
