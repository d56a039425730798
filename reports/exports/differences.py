"""The page between an upload and the sheet: cell by cell what stands, what would stand, and what to look at first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.core import signing
from django.utils.translation import gettext

from accounts.models import User
from core.doubtful import doubts_of
from core.doubts import words_about
from core.fields import TypedField
from mentoring.cells import Cell, Kind, Settled, Value, Wire, is_blank, settle, to_wire
from mentoring.forms.clashes import clash_in
from mentoring.forms.entry import EntryForm, stored_wire
from mentoring.models import ProgressSheet
from mentoring.reading import SheetReading
from mentoring.standing import stand_of
from reports.exports.claims import Claim, Problem

SALT = "reports.exports.pending"
LASTS = 12 * 60 * 60  # seconds between an upload and its confirmation
LONGEST = 2_000_000  # characters; Django refuses a post of 2.5 MB


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell that would change. `checked`: taken over unless somebody says no."""

    claim: Claim
    label: str
    now: str
    new: str
    before: str  # what the workbook came with, when somebody else changed it since; else empty
    doubts: list[str]
    is_conflict: bool
    is_emptying: bool
    theirs: Wire
    written: str = ""  # who wrote what stands, and when, where that is asked

    @property
    def key(self) -> str:
        return self.claim.key

    @property
    def checked(self) -> bool:
        return not (self.is_conflict or self.is_emptying or self.doubts)


@dataclass(frozen=True, slots=True)
class Comparison:
    form: EntryForm
    differences: list[Difference]
    problems: list[Problem]
    typed: Mapping[str, Value]

    @property
    def conflicts(self) -> list[Difference]:
        return [difference for difference in self.differences if difference.is_conflict]


def compare(reading: SheetReading, claims: Iterable[Claim]) -> Comparison:
    """Against the sheet as it stands now. A claim that says what stands already, or stood before, is no difference."""
    claims = list(claims)
    form = _bound(reading, claims)
    form.is_valid()
    typed = form.typed()
    differences, problems = [], []
    for claim in claims:
        cell = form.by_key.get(claim.key)
        if cell is None:
            problems.append(_gone(claim))
        elif errors := [error for name in cell.names for error in form.errors.get(name, [])]:
            problems.append(Problem(claim.at, form.label_of(cell), " ".join(map(str, errors))))
        elif (found := _difference(form, cell, claim, to_wire(typed[claim.key]))) is not None:
            differences.append(found)
    return Comparison(form, differences, problems, typed)


def with_writers(comparison: Comparison, sheet: ProgressSheet, reader: User) -> Comparison:
    """Says of each conflict who wrote what stands now, and when. Asks the history, once for each."""
    return replace(
        comparison,
        differences=[
            replace(found, written=_writer(comparison.form, found, sheet, reader))
            if found.is_conflict
            else found
            for found in comparison.differences
        ],
    )


def _writer(form: EntryForm, found: Difference, sheet: ProgressSheet, reader: User) -> str:
    cell = form.by_key[found.key]
    fields = [form.fields[name] for name in cell.names]
    clash = clash_in(stand_of(sheet.pk, cell, reader), found.theirs, fields, reader)
    return " ".join(filter(None, (clash.by, clash.at)))


def _bound(reading: SheetReading, claims: list[Claim]) -> EntryForm:
    """The entry page's own form reads what was typed, so that both ways in agree on what a number is."""
    unbound = EntryForm(reading=reading)
    data: dict[str, str] = {}
    for claim in claims:
        if (cell := unbound.by_key.get(claim.key)) is None:
            continue
        for name, text in zip(cell.names, claim.texts, strict=True):
            if cell.kind != Kind.HOMEWORK or text:
                data[name] = text
    return EntryForm(data, reading=reading, seen={claim.key: claim.before for claim in claims})


def _gone(claim: Claim) -> Problem:
    text = gettext("計画の見直しで、この行がなくなりました。書かれていたもの: %(text)s")
    return Problem(claim.at, "", text % {"text": "／".join(filter(None, claim.texts))})


def _difference(form: EntryForm, cell: Cell, claim: Claim, mine: Wire) -> Difference | None:
    theirs = stored_wire(form.reading, cell)
    settled = settle(claim.before, mine, theirs)
    if settled in (Settled.SAME, Settled.KEEP):
        return None
    is_conflict = settled == Settled.CONFLICT
    doubts = [
        form.doubt(cell),
        *(words_about(found) for name in cell.names if (found := doubts_of(form[name]))),
    ]
    return Difference(
        claim=claim,
        label=form.label_of(cell),
        now=words_of(form, cell, theirs),
        new=words_of(form, cell, mine),
        before=words_of(form, cell, claim.before) if is_conflict else "",
        doubts=[doubt for doubt in doubts if doubt],
        is_conflict=is_conflict,
        is_emptying=is_blank(mine) and not is_blank(theirs),
        theirs=theirs,
    )


def words_of(form: EntryForm, cell: Cell, wire: Wire) -> str:
    """1,234 for a number, 順調 for fine, 済 for homework that is done; 未入力 for nothing."""
    if cell.kind == Kind.HOMEWORK:
        return gettext("済") if not is_blank(wire) else gettext("まだ")
    shown = []
    for name, text in zip(cell.names, wire, strict=True):
        entry = form.fields[name]
        shown.append(
            str(entry.show(entry.to_python(text))) if text and isinstance(entry, TypedField) else text
        )
    return form.readable(cell, shown)


def kept_labels(reading: SheetReading, untouched: Mapping[str, Wire]) -> list[str]:
    """Cells that the workbook left alone and somebody else changed since: theirs stand."""
    form = EntryForm(reading=reading)
    return [
        form.label_of(cell)
        for cell in form.cells
        if cell.key in untouched and untouched[cell.key] != stored_wire(reading, cell)
    ]


# --- between the two pages ------------------------------------------------------------------------------


class Expired(ValueError):
    """The page of differences is too old, or not this person's, or not of this sheet."""


def sign_pending(differences: Iterable[Difference], sheet: ProgressSheet, user: User) -> str:
    """What was uploaded, on its way through the browser: nothing is kept here. What the page shows as standing goes
    with it, so that a change that comes in after it asks again."""
    cells = [
        (found.key, found.claim.at, found.claim.texts, found.claim.before, found.theirs)
        for found in differences
    ]
    return signing.dumps({"sheet": sheet.pk, "user": user.pk, "cells": cells}, salt=SALT, compress=True)


def read_pending(signed: str, sheet: ProgressSheet, user: User) -> list[Claim]:
    try:
        data = signing.loads(signed, salt=SALT, max_age=LASTS)
    except signing.BadSignature as error:
        raise Expired from error
    if (data["sheet"], data["user"]) != (sheet.pk, user.pk):
        raise Expired
    return [
        Claim(key, at, tuple(texts), before=tuple(before), shown=tuple(shown))
        for key, at, texts, before, shown in data["cells"]
    ]
