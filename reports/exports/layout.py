"""What stands in the workbook of a sheet, line by line in the order of the paper; which file format it is, is not known here.

A line is found again by its key and a column by its code, so that sorting lines or moving columns does no harm.
What may be typed stands in slots: each is one input of the entry page, with its name.
"""

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django import forms
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext, gettext_lazy

from core.dates import date_label
from core.fields import TypedField
from core.money import yen
from core.months import short_month_label
from grants.budget import PurposeBudget, purpose_budgets
from grants.models import Indicator
from mentoring.cells import Cell, Kind, Wire
from mentoring.forms.entry import EntryForm, stored_wire
from mentoring.models import ActionItem
from mentoring.reading import IndicatorRow, OutcomeBlock, SheetReading
from mentoring.totals import Total, running_totals
from reports.pdf.rows import entered_text, gaps_text, method_text, pair_text, total_text, with_unit

Method = Indicator.Method


class Column(StrEnum):
    """The codes in the hidden first row, in the order of the columns."""

    KEY = "key"
    PLACE = "place"
    NAME = "name"
    METHOD = "method"
    TARGET = "target"
    LAST = "last"
    LAST_NOTE = "last_note"
    NOW = "now"
    WHOLE = "whole"  # a ratio's second number
    UNIT = "unit"
    TOTAL = "total"
    NOTE = "note"


SLOT_COLUMNS = (Column.NOW, Column.WHOLE, Column.NOTE)
BAND_LETTERS = 90  # full-width letters that the columns side by side have room for
DONE = (("1", gettext_lazy("済")),)
HEAD = "head"  # the key of the line with the words over the columns


class Style(StrEnum):
    HEAD = "head"
    SECTION = "section"
    BAND = "band"
    ROW = "row"


class Take(StrEnum):
    NUMBER = "number"
    TEXT = "text"
    CHOICE = "choice"
    TICK = "tick"


@dataclass(frozen=True, slots=True)
class Slot:
    """One yellow cell. `stored` is its part of the wire form: a code where one chooses."""

    cell: Cell
    name: str
    take: Take
    stored: str
    choices: tuple[tuple[str, str], ...] = ()  # code, word on the screen
    accepts: Mapping[str, str] = field(default_factory=dict)  # the words in every language → their code

    @property
    def shown(self) -> str:
        return dict(self.choices).get(self.stored, self.stored)


@dataclass(frozen=True, slots=True)
class Line:
    key: str
    style: Style
    texts: dict[Column, str]
    slots: dict[Column, Slot] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """How the line is spoken of: ①-1 居場所を開いた回数."""
        return " ".join(filter(None, (self.texts.get(Column.PLACE), self.texts.get(Column.NAME))))


@dataclass(frozen=True, slots=True)
class Layout:
    form: EntryForm
    lines: list[Line]

    @property
    def reading(self) -> SheetReading:
        return self.form.reading

    def line(self, key: str) -> Line | None:
        return next((line for line in self.lines if line.key == key), None)

    @property
    def stored(self) -> dict[str, Wire]:
        """What stands in every cell that the workbook has a slot for."""
        cells = {slot.cell.key: slot.cell for line in self.lines for slot in line.slots.values()}
        return {key: stored_wire(self.reading, cell) for key, cell in cells.items()}


@dataclass(frozen=True, slots=True)
class Before:
    """How things stood at the end of the period before: totals and money without this one. Empty before the first."""

    totals: dict[int, Total]
    budgets: dict[str, PurposeBudget]


def lay_out(reading: SheetReading) -> Layout:
    """Four queries more than the reading, and none before the first period."""
    form, previous = EntryForm(reading=reading), reading.previous
    before = Before({}, {})
    if previous is not None:
        grant = reading.sheet.grant
        before = Before(
            running_totals(grant.pk, reading.plan.indicators(), previous.month),
            purpose_budgets(grant, previous.month),
        )
    return Layout(form, list(_Lines(form, before).all()))


class _Lines:
    def __init__(self, form: EntryForm, before: Before) -> None:
        self.form, self.reading, self.before = form, form.reading, before

    def all(self) -> Iterator[Line]:
        yield self._head()
        yield _section("s1", gettext("1. アウトカム"))
        for number, long_term in enumerate(self.reading.plan.long_term, start=1):
            text = gettext("中長期アウトカム: %(text)s") % {"text": long_term.text}
            yield from _band(f"long-{number}", text)
        for block in self.reading.outcomes:
            yield from self._outcome(block)
        yield _section("s2", gettext("2. アウトプット"))
        yield from self._outputs()
        yield _section("s3", gettext("3. 予算執行状況"))
        yield from self._money()
        yield _section("s4", gettext("4. 前回の宿題"))
        for item in self.reading.earlier_homework:
            yield self._homework(item)
        yield _section("s5", gettext("5. 備考・つぶやき"))
        yield self._remark()

    def _head(self) -> Line:
        reading = self.reading
        month, last = {"month": reading.now_label}, {"month": reading.last_label or gettext("前の月")}
        texts = {
            Column.PLACE: gettext("番号"),
            Column.NAME: gettext("指標"),
            Column.METHOD: gettext("方法"),
            Column.TARGET: gettext("目標"),
            Column.LAST: last["month"],
            Column.LAST_NOTE: gettext("%(month)sの備考・ひとこと") % last,
            Column.NOW: month["month"],
            Column.WHOLE: gettext("割合の、全体の数"),
            Column.UNIT: gettext("単位"),
            Column.TOTAL: gettext("累計（%(month)sまで）") % {"month": self._end_of_last()},
            Column.NOTE: gettext("%(month)sの備考・ひとこと") % month,
        }
        return Line(HEAD, Style.HEAD, texts)

    def _end_of_last(self) -> str:
        previous = self.reading.previous
        return short_month_label(previous.last_day) if previous else gettext("前の月")

    # --- outcomes and outputs ---

    def _outcome(self, block: OutcomeBlock) -> Iterator[Line]:
        plan = block.plan
        yield from _band(f"outcome-{plan.id}", f"{plan.label}　{plan.text}")
        change = self.form.by_key[f"{Kind.CHANGE}-{plan.id}-text"]
        question = gettext("%(month)s、何が変わりましたか") % {"month": self.reading.now_label}
        yield Line(
            f"change-{plan.id}",
            Style.ROW,
            {Column.PLACE: plan.label, Column.NAME: question, Column.LAST_NOTE: block.last_change},
            {Column.NOTE: self._slot(change)},
        )
        for row in block.rows:
            yield from self._indicator(row, plan.label)

    def _outputs(self) -> Iterator[Line]:
        for group in self.reading.output_groups:
            if group.outcome is not None:
                text = gettext("%(outcome)s に役立つアウトプット: %(text)s") % {
                    "outcome": group.outcome.label,
                    "text": group.outcome.brief,
                }
                yield from _band(f"group-{group.outcome.id}", text)
            for output in group.outputs:
                yield from _band(f"output-{output.plan.id}", f"{output.label}　{output.plan.text}")
                for row in output.rows:
                    yield from self._indicator(row, output.label)

    def _indicator(self, row: IndicatorRow, place: str) -> Iterator[Line]:
        plan, is_state = row.plan, row.plan.method == Method.STATE
        key = f"{Kind.FIGURE}-{plan.id}"
        cells = {cell.attributes[0]: cell for cell in self.form.cells if cell.key.startswith(f"{key}-")}
        note = cells.pop("note")
        first = next(iter(cells.values()))
        slots = {Column.NOW: self._slot(first), Column.NOTE: self._slot(note)}
        if row.is_ratio:
            slots[Column.WHOLE] = self._slot(first, 1)
        texts = {
            Column.PLACE: place,
            Column.NAME: plan.name,
            Column.METHOD: method_text(plan),
            Column.TARGET: _target(row),
            Column.LAST: self._last(row),
            Column.LAST_NOTE: row.last.note if row.last else "",
            Column.UNIT: plan.entered_unit,
            Column.TOTAL: self._total(row),
        }
        yield Line(key, Style.ROW, texts, slots)
        if is_state:
            name = gettext("%(name)s（状態を文で）") % {"name": plan.name}
            sentence = row.last.sentence if row.last else ""
            texts = {Column.PLACE: place, Column.NAME: name, Column.LAST_NOTE: sentence}
            yield Line(f"{key}-state", Style.ROW, texts, {Column.NOTE: self._slot(cells["sentence"])})

    def _last(self, row: IndicatorRow) -> str:
        last = row.last
        if self.reading.previous is None:
            return ""
        if last is None or not last.is_entered:
            return gettext("未入力")
        if row.plan.method == Method.STATE:
            return str(last.get_step_display())
        text = entered_text(row.plan, last)
        pair = pair_text(row.plan, last.numerator, last.denominator) if row.is_ratio else ""
        return "\n".join(filter(None, (text, pair)))

    def _total(self, row: IndicatorRow) -> str:
        """Up to the period before, as that period's own page and paper say it."""
        total = self.before.totals.get(row.plan.id)
        if total is None or row.plan.method == Method.STATE:
            return ""
        text = total_text(row.plan, total)
        pair = pair_text(row.plan, total.numerator, total.denominator) if row.is_ratio else ""
        previous = self.reading.previous
        missing = total.gaps + (0 if row.last is not None and row.last.is_entered else 1)
        owed = previous is not None and previous.month >= row.plan.since
        gaps = gaps_text(missing if owed else total.gaps, self.reading.sheet)
        return "\n".join(filter(None, (text, pair, gaps)))

    # --- money, homework, remark ---

    def _money(self) -> Iterator[Line]:
        for cost in self.reading.costs:
            yield self._spent(cost.budget)
            purpose, last = cost.budget.purpose, cost.last_review
            status, consultation = (
                self.form.by_key[f"{Kind.COST}-{purpose}-{name}"] for name in ("status", "consultation")
            )
            texts = {
                Column.PLACE: gettext("予算"),
                Column.NAME: gettext("%(purpose)sのようす、確認・相談など") % {"purpose": cost.budget.label},
                Column.LAST: str(last.get_status_display()) if last else "",
                Column.LAST_NOTE: last.consultation if last else "",
            }
            slots = {Column.NOW: self._slot(status), Column.NOTE: self._slot(consultation)}
            yield Line(f"{Kind.COST}-{purpose}", Style.ROW, texts, slots)
        if f"{Kind.SPENT}-{self.reading.evaluation.purpose}-amount_yen" in self.form.by_key:
            yield self._spent(self.reading.evaluation)

    def _spent(self, budget: PurposeBudget) -> Line:
        before = self.before.budgets.get(budget.purpose)
        texts = {
            Column.PLACE: gettext("予算"),
            Column.NAME: gettext("%(purpose)sの支出") % {"purpose": budget.label},
            Column.TARGET: gettext("計画 %(amount)s") % {"amount": yen(budget.plan)},
            Column.LAST: (yen(before.period) or gettext("未入力")) if before else "",
            Column.UNIT: gettext("円"),
            Column.TOTAL: yen(before.total) if before else "",
        }
        cell = self.form.by_key[f"{Kind.SPENT}-{budget.purpose}-amount_yen"]
        return Line(f"{Kind.SPENT}-{budget.purpose}", Style.ROW, texts, {Column.NOW: self._slot(cell)})

    def _homework(self, item: ActionItem) -> Line:
        who = gettext("%(name)sさん") % {"name": item.person} if item.person else item.get_side_display()
        until = gettext("%(day)sまで") % {"day": date_label(item.due_on)} if item.due_on else ""
        texts = {
            Column.PLACE: gettext("宿題"),
            Column.NAME: item.text,
            Column.METHOD: str(who),
            Column.TARGET: until,
        }
        cell = self.form.by_key[f"{Kind.HOMEWORK}-{item.pk}-done"]
        return Line(f"{Kind.HOMEWORK}-{item.pk}", Style.ROW, texts, {Column.NOW: self._slot(cell)})

    def _remark(self) -> Line:
        previous = self.reading.previous
        texts = {
            Column.PLACE: gettext("備考"),
            Column.NAME: gettext("財団と分かち合いたいこと、何でも"),
            Column.LAST_NOTE: previous.remark if previous else "",
        }
        return Line(
            "remark", Style.ROW, texts, {Column.NOTE: self._slot(self.form.by_key[f"{Kind.REMARK}-remark"])}
        )

    def _slot(self, cell: Cell, part: int = 0) -> Slot:
        name = cell.names[part]
        stored = stored_wire(self.reading, cell)[part]
        entry = self.form.fields[name]
        if isinstance(entry, forms.BooleanField):
            return Slot(cell, name, Take.TICK, stored, *_words(DONE))
        if isinstance(entry, forms.ChoiceField):
            return Slot(cell, name, Take.CHOICE, stored, *_words(entry.choices))  # type: ignore[arg-type]
        return Slot(cell, name, Take.NUMBER if isinstance(entry, TypedField) else Take.TEXT, stored)


def _words(choices: Iterable[tuple[Any, Any]]) -> tuple[tuple[tuple[str, str], ...], dict[str, str]]:
    """As they read now, and which code each means in any language: a workbook may be made in one and read in another."""
    lists = [(str(code), word) for code, word in choices if code]
    accepts: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            accepts |= {str(word): code for code, word in lists}
    return tuple((code, str(word)) for code, word in lists), accepts


def _section(key: str, text: str) -> Line:
    return Line(key, Style.SECTION, {Column.PLACE: text})


def _band(key: str, text: str) -> Iterator[Line]:
    """Runs over the cells beside it, and on in a second line: joined cells could not be sorted."""
    for number, piece in enumerate(textwrap.wrap(text, BAND_LETTERS), start=1):
        yield Line(key if number == 1 else f"{key}-{number}", Style.BAND, {Column.PLACE: piece})


def _target(row: IndicatorRow) -> str:
    plan = row.plan
    if plan.target_value is None:
        return plan.target_state
    target = with_unit(plan.target_value, plan)
    if not plan.baseline:
        return target
    return gettext("%(target)s（はじめは%(baseline)s）") % {
        "target": target, "baseline": with_unit(plan.baseline, plan),
    }  # fmt: skip
