"""The entry page of a sheet: one form over all its cells, and what of it the page shows."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext, gettext_lazy

from core.doubtful import know_organisations
from grants.models import Purpose
from grants.plan import IndicatorPlan
from mentoring.cells import Cell, Kind, Value, Wire, cells_of, entered_purposes, is_blank, to_wire
from mentoring.forms.cell_fields import fields_of, number_doubt, odd_count, pair_errors, readable, shown
from mentoring.forms.clashes import Clash
from mentoring.models import Presence, ProgressSheet
from mentoring.reading import IndicatorRow, SheetReading
from mentoring.services.entry import SavedEntry

SALT = "mentoring.entry.seen"
CHANGE_HINT = gettext_lazy("ひとことで大丈夫です。「変わらない」も大事な記録です。")


def half_name(key: str) -> str:
    """Posted by a page that shows this cell as it was left half."""
    return f"half-{key}"


def sign_seen(sheet: ProgressSheet, seen: Mapping[str, Wire]) -> str:
    """What the page showed in each cell, for its way through the browser; blank cells are left out."""
    cells = {key: list(wire) for key, wire in seen.items() if not is_blank(wire)}
    return signing.dumps(
        {"sheet": sheet.pk, "version": sheet.version, "cells": cells}, salt=SALT, compress=True
    )


def read_seen(pk: int, signed: str) -> dict[str, Wire] | None:
    """None when it is not ours or speaks of another sheet. Then every cell counts as seen blank: nothing that stands
    is overwritten without asking."""
    try:
        seen = signing.loads(signed, salt=SALT)
    except signing.BadSignature:
        return None
    if seen["sheet"] != pk:
        return None
    return {key: tuple(wire) for key, wire in seen["cells"].items()}


def _seen_in(pk: int, data: Any) -> Mapping[str, Wire]:
    """What the writer saw: when the page was made, and since then as it saved itself (static/js/entry.js)."""
    seen = read_seen(pk, data.get("seen", ""))
    return {} if seen is None else {**seen, **read_since(data.get("since", ""))}


def read_since(text: str) -> dict[str, Wire]:
    try:
        return {str(key): tuple(map(str, wire)) for key, wire in json.loads(text or "{}").items()}
    except (ValueError, TypeError, AttributeError, RecursionError):
        return {}


HALF = "half"  # the code of what is wrong with one number of a ratio as long as the other is not there


@dataclass(frozen=True, slots=True)
class Half:
    """Half a ratio that its writer left behind: as it was typed, and what stood there when they saw it."""

    typed: tuple[str, ...]
    seen: Wire


class EntryForm(forms.Form):
    """Its fields are the cells of `reading`. An invalid field keeps only its own cell from being saved."""

    def __init__(
        self,
        data: Any = None,
        *,
        reading: SheetReading,
        seen: Mapping[str, Wire] | None = None,
        is_held: bool = False,
        halves: Mapping[str, Half] | None = None,
    ) -> None:
        """`is_held`: the post was kept while its writer was signed out, and nothing of it is saved yet. `halves`, by
        the keys of their cells, stand in an unbound form in place of what is stored: not wrong until they are sent."""
        super().__init__(data, use_required_attribute=False)
        self.reading, self.sheet, self.is_held = reading, reading.sheet, is_held
        purposes = entered_purposes({"evaluation": bool(reading.evaluation.plan or reading.evaluation.total)})
        self.cells = cells_of(reading.plan, reading.earlier_homework, purposes)
        self.by_key = {cell.key: cell for cell in self.cells}
        self.halves = {key: half for key, half in (halves or {}).items() if key in self.by_key}
        self.theirs: dict[str, Wire] = {}
        self.clashes: dict[str, Clash] = {}  # the same, told to the writer
        self.homeless = [
            " ".join(filter(None, half.typed))
            for key, half in (halves or {}).items()
            if key not in self.by_key
        ]
        for cell in self.cells:
            unit = reading.rows[int(cell.of)].plan.entered_unit if cell.kind == Kind.FIGURE else ""
            for name, part, field in zip(
                cell.names, cell.attributes, fields_of(cell, unit=unit), strict=True
            ):
                field.label = self._label(cell, part)
                self.fields[name] = field
            if cell.attributes == ("presence",) and reading.rows[int(cell.of)].is_entered:
                self.fields[cell.key].choices = [*Presence.choices, ("", gettext("未入力に戻す"))]  # type: ignore[attr-defined]
        grant = self.sheet.grant
        know_organisations([self], (grant.organisation.name, grant.foundation.short_name))
        if data is not None:
            self.seen = seen if seen is not None else _seen_in(self.sheet.pk, data)

    # --- the fields ---

    def _label(self, cell: Cell, part: str) -> str:
        reading = self.reading
        if cell.kind == Kind.FIGURE:
            return _figure_label(
                reading.rows[int(cell.of)].plan, part, self.place(cell.of), reading.now_label
            )
        if cell.kind == Kind.CHANGE:
            outcome = next(block.plan for block in reading.outcomes if str(block.plan.id) == cell.of)
            return gettext("%(outcome)s %(month)s、何が変わりましたか") % {
                "outcome": outcome.label, "month": reading.now_label,
            }  # fmt: skip
        if cell.kind == Kind.HOMEWORK:
            return next(item.text for item in reading.earlier_homework if str(item.pk) == cell.of)
        if cell.kind == Kind.REMARK:
            return gettext("備考・つぶやき")
        words = {
            "amount_yen": gettext("%(purpose)s %(month)sの支出"),
            "status": gettext("%(purpose)sのようす"),
            "consultation": gettext("%(purpose)s 確認・相談など"),
        }
        return words[part] % {"purpose": Purpose(cell.of).label, "month": reading.now_label}

    def place(self, indicator: str) -> str:
        """① or ②-1: where the indicator stands on paper."""
        for block in self.reading.outcomes:
            if any(str(row.plan.id) == indicator for row in block.rows):
                return block.plan.label
        for group in self.reading.output_groups:
            for output in group.outputs:
                if any(str(row.plan.id) == indicator for row in output.rows):
                    return output.label
        return ""

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        return self._stored_values().get(field_name)

    def _stored_values(self) -> dict[str, Any]:
        """What the reading holds, by field name."""
        if not hasattr(self, "_stored"):
            self._stored = {
                name: value
                for cell in self.cells
                for name, value in zip(cell.names, self._standing(cell), strict=True)
            }
        return self._stored

    def _standing(self, cell: Cell) -> Sequence[Any]:
        half = self.halves.get(cell.key)
        return half.typed if half else stored_value(self.reading, cell)

    # --- reading what was typed ---

    def clean(self) -> dict[str, Any]:
        for row in self.reading.rows.values():
            if row.is_ratio:
                self._clean_ratio(row)
        return self.cleaned_data

    def _clean_ratio(self, row: IndicatorRow) -> None:
        names = [f"figure-{row.plan.id}-{part}" for part in ("numerator", "denominator")]
        if any(name in self.errors for name in names):
            return
        pair = [self.cleaned_data.get(name) for name in names]
        for index, text in pair_errors(*pair):
            self.add_error(names[index], forms.ValidationError(text, code=HALF if None in pair else "pair"))

    @property
    def half_cells(self) -> list[Cell]:
        """Of which one number came and not the other."""
        return [cell for cell in self.cells if any(self.has_error(name, HALF) for name in cell.names)]

    @property
    def is_wrong(self) -> bool:
        """Apart from halves."""
        halves = {name for cell in self.half_cells for name in cell.names}
        return not halves.issuperset(self.errors)

    def typed(self) -> dict[str, Value]:
        """The readable cells that came with the post. Homework left unticked comes as nothing at all."""
        values: dict[str, Value] = {}
        for cell in self.cells:
            if any(name in self.errors for name in cell.names):
                continue
            if f"theirs-{cell.key}" in self.data:
                continue
            if cell.kind != Kind.HOMEWORK and not all(name in self.data for name in cell.names):
                continue
            values[cell.key] = tuple(self.cleaned_data.get(name) for name in cell.names)
        return values

    def typed_texts(self, stored: Mapping[str, Wire]) -> list[tuple[str, str]]:
        """Label and text of every cell whose typed text differs from what stands: for copying it elsewhere."""
        typed = self.typed()
        different = []
        for cell in self.cells:
            raw = [str(self.data.get(name, "")).strip() for name in cell.names]
            if cell.kind == Kind.HOMEWORK or f"theirs-{cell.key}" in self.data or not any(raw):
                continue
            if cell.key in typed and _same(typed[cell.key], stored.get(cell.key, ())):
                continue
            different.append((self.label_of(cell), self.readable(cell, raw)))
        return different

    def homeless_texts(self) -> list[str]:
        """What was typed into rows that the plan no longer has: it was revised while the page was open."""
        kinds = (f"{Kind.CHANGE}-", f"{Kind.FIGURE}-")
        return [
            text.strip()
            for name, text in self.data.items()
            if name.startswith(kinds) and name not in self.fields and text.strip()
            and self.seen.get(name) != (text.strip(),)
        ]  # fmt: skip

    def readable(self, cell: Cell, texts: Sequence[str]) -> str:
        """Texts of a cell as words: 順調 for fine, 5／8 for a ratio, 未入力 for nothing."""
        return readable(self.fields[cell.key], texts)

    # --- what the page says about it ---

    def take_over(self, saved: SavedEntry, reading: SheetReading) -> None:
        """After a save that left something open: what is settled shows as it stands, the rest as it was typed.

        `reading` is the sheet read anew.
        """
        self.reading, self.sheet = reading, reading.sheet
        self.homeless = self.homeless_texts()
        data = dict(self.data.items())
        self.theirs = saved.conflicts
        seen = {}
        for cell in self.cells:
            is_wrong = any(name in self.errors for name in cell.names)
            seen[cell.key] = self.seen.get(cell.key, ()) if is_wrong else saved.stored[cell.key]
            data.pop(f"theirs-{cell.key}", None)
            if is_wrong or cell.key in saved.conflicts:
                continue
            for name, text in zip(cell.names, saved.stored[cell.key], strict=True):
                if cell.kind == Kind.HOMEWORK and not text:
                    data.pop(name, None)
                else:
                    data[name] = shown(self.fields[name], text)
        self.data, self.seen = data, seen

    def require_for_submit(self, stored: Mapping[str, Wire]) -> None:
        """※必須 at submission only: a sentence for each outcome, a word for each purpose that has a plan."""
        planned = {row.budget.purpose for row in self.reading.costs if row.budget.plan}
        for cell in self.cells:
            if not is_blank(stored[cell.key]) or cell.key in self.errors or cell.key in self.theirs:
                continue
            if cell.kind == Kind.CHANGE:
                self.add_error(cell.key, str(CHANGE_HINT))
            elif cell.kind == Kind.COST and cell.attributes == ("status",) and cell.of in planned:
                self.add_error(
                    cell.key, gettext("いずれかを選んでください。迷うときは、いちばん近いものを。")
                )

    def signed_seen(self) -> str:
        if self.is_bound:
            return sign_seen(self.sheet, self.seen)
        return sign_seen(self.sheet, {cell.key: self.seen_in(cell) for cell in self.cells})

    def seen_in(self, cell: Cell) -> Wire:
        """What the writer of this page sees, or saw, in a cell."""
        if self.is_bound:
            return tuple(self.seen.get(cell.key, ()))
        half = self.halves.get(cell.key)
        return half.seen if half else stored_wire(self.reading, cell)

    def label_of(self, cell: Cell) -> str:
        return str(self.fields[cell.key].label)

    def anchor_of(self, name: str) -> str:
        """The id to jump to; a group of radio buttons is reached at its first."""
        field = self[name]
        return field.id_for_label or f"{field.auto_id}_0"

    def problems(self) -> Iterator[tuple[str, str, str]]:
        """Anchor, label and words of every error and every conflict, in the order of the page."""
        for cell in self.cells:
            for name in cell.names:
                if errors := self.errors.get(name):
                    yield self.anchor_of(name), str(self.fields[name].label), " ".join(map(str, errors))
            if cell.key in self.theirs:
                yield self.anchor_of(cell.key), self.label_of(cell), gettext("ほかの人も書きかえました。")

    def doubt(self, cell: Cell) -> str:
        """What may be right and should be looked at again; never blocks."""
        if cell.kind != Kind.FIGURE or any(name in self.errors for name in cell.names):
            return ""
        plan = self.reading.rows[int(cell.of)].plan
        return number_doubt(
            cell, self._numbers(cell), method=plan.method, unit=plan.entered_unit, target=plan.target_value
        )

    def odd_counts(self) -> dict[str, Wire]:
        """Counts of whole things that are none, by the keys of their cells: looked at once before one submits."""
        return {
            cell.key: to_wire(numbers)
            for cell in self.cells
            if cell.kind == Kind.FIGURE
            and odd_count(
                cell, numbers := self._numbers(cell), self.reading.rows[int(cell.of)].plan.entered_unit
            )
        }

    def _numbers(self, cell: Cell) -> tuple[Any, ...]:
        return tuple(self._number(name) for name in cell.names)

    def _number(self, name: str) -> Any:
        try:
            return self.fields[name].clean(self[name].value())
        except forms.ValidationError:
            return None


def _figure_label(indicator: IndicatorPlan, part: str, place: str, month: str) -> str:
    title = f"{place} {indicator.name}"
    if part == "presence":
        return title
    unit = indicator.entered_unit
    words = {
        "note": gettext("%(title)s 備考"),
        "sentence": gettext("%(title)s %(month)sの状態"),
        "step": gettext("%(title)s %(month)sの進み具合"),
        "value": gettext("%(title)s %(month)sの数（%(unit)s）")
        if unit
        else gettext("%(title)s %(month)sの数"),
        "numerator": gettext("%(title)s あてはまる数"),
        "denominator": gettext("%(title)s 全体の数"),
    }
    return words[part] % {"title": title, "month": month, "unit": unit}


def stored_value(reading: SheetReading, cell: Cell) -> Value:
    """What the reading holds in a cell."""
    if cell.kind == Kind.REMARK:
        return (reading.sheet.remark,)
    if cell.kind == Kind.HOMEWORK:
        return (any(str(i.pk) == cell.of and i.done_on is not None for i in reading.earlier_homework),)
    if cell.kind == Kind.CHANGE:
        return (next(block.change for block in reading.outcomes if str(block.plan.id) == cell.of),)
    if cell.kind == Kind.SPENT:
        budgets = [row.budget for row in reading.costs] + [reading.evaluation]
        return (next(budget.period for budget in budgets if budget.purpose == cell.of),)
    row: object
    if cell.kind == Kind.COST:
        row = next(row.review for row in reading.costs if row.budget.purpose == cell.of)
    else:
        row = reading.rows[int(cell.of)].now
    return tuple(getattr(row, name, None) for name in cell.attributes)


def stored_wire(reading: SheetReading, cell: Cell) -> Wire:
    return to_wire(stored_value(reading, cell))


def _same(value: Value, wire: Wire) -> bool:
    return to_wire(value) == wire
