"""Entries become boxes: they get their numbers, and the numbers they name become links."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext

from grants.plan_import.draft import (
    Draft,
    DraftActivity,
    DraftIndicator,
    DraftLongTerm,
    DraftOutcome,
    DraftOutput,
    RowReading,
)
from grants.plan_import.entries import Entry, Remarks
from grants.plan_import.indicators import LONGEST, read_indicators
from grants.plan_text.doubts import Doubt
from grants.plan_text.dues import Period
from grants.plan_text.headings import HEADS, KIND_LABELS, Column, Kind
from grants.plan_text.numbering import Path, number_label, split_numbered

LONGEST_TEXT, LONGEST_PERIOD = 2000, 200


def boxes_of(
    entries: Sequence[Entry], readings: Sequence[RowReading], period: Period, remarks: Remarks
) -> Draft:
    return _Boxes(entries, period, remarks).draft(readings)


class _Boxes:
    def __init__(self, entries: Sequence[Entry], period: Period, remarks: Remarks) -> None:
        self.entries, self.period, self.remarks = entries, period, remarks
        self.indicators = {id(entry): self._indicators(entry) for entry in entries}
        self.outcomes: dict[int, Entry] = {}
        self.outputs: dict[Path, Entry] = {}
        self.long_term: dict[int, Entry] = {}
        self.final: dict[int, Path] = {}  # by the entry's id: its number in the draft

    def of(self, kind: Kind) -> list[Entry]:
        return [entry for entry in self.entries if entry.kind == kind]

    def draft(self, readings: Sequence[RowReading]) -> Draft:
        self._fill_blank_texts()
        self.long_term = self._numbered(Kind.LONG_TERM)
        self.outcomes = self._numbered(Kind.OUTCOME)
        outputs = self._outputs()
        activities = self._activities()
        by_row = {entry.row: self.final.get(id(entry), ()) for entry in self.entries}
        draft = Draft(
            long_term=tuple(DraftLongTerm(e.row, n, e.text) for n, e in self.long_term.items()),
            outcomes=tuple(self._outcome(n, entry) for n, entry in self.outcomes.items()),
            outputs=outputs,
            activities=activities,
            rows=tuple(replace(r, path=by_row.get(r.entry, r.path)) for r in readings),
        )
        self._refuse_too_long(draft)
        return replace(draft, remarks=tuple(sorted(self.remarks.all, key=lambda r: (r.row, list(Column).index(r.column)))))  # fmt: skip

    def say(self, entry: Entry, column: Column, code: str, words: str) -> None:
        self.remarks.say(entry.row, column, Doubt(code, words))

    # --- indicators and texts --------------------------------------------------------------------------------

    def _indicators(self, entry: Entry) -> tuple[DraftIndicator, ...]:
        found: list[DraftIndicator] = []
        for group in entry.indicators:

            def say(column: Column, doubt: Doubt, row: int = group.row) -> None:
                self.remarks.say(row, column, doubt)

            found += read_indicators(group, entry.text, self.period, say)
        return tuple(found)

    def _fill_blank_texts(self) -> None:
        for entry in self.entries:
            if not entry.text:
                names = [indicator.name for indicator in self.indicators[id(entry)]]
                entry.text = names[0] if names else gettext(KIND_LABELS[entry.kind])
                words = gettext("内容が書かれていません。「%(text)s」としました。")
                self.say(entry, Column.TEXT, "text_missing", words % {"text": entry.text})

    def _refuse_too_long(self, draft: Draft) -> None:
        for indicator in draft.indicators():
            for column, text in (
                (Column.INDICATOR, indicator.name),
                (Column.BASELINE, indicator.baseline_state),
                (Column.TARGET, indicator.target_state),
                (Column.DUE, indicator.due_note),
                (Column.MEANS, indicator.verification),
            ):
                self._measure(indicator.row, column, text, LONGEST[column])
        for entry in self.entries:
            if entry.kind != Kind.ACTIVITY:
                self._measure(entry.row, Column.TEXT, entry.text, LONGEST_TEXT)
        for activity in draft.activities:
            self._measure(activity.row, Column.ACTIVITY, activity.text, LONGEST_TEXT)
            self._measure(activity.row, Column.PERIOD, activity.period, LONGEST_PERIOD)

    def _measure(self, row: int, column: Column, text: str, longest: int) -> None:
        if len(text) > longest:
            words = gettext(
                "%(head)sは%(longest)d字までです（いま%(count)d字）。短くするか、内容に分けてください。"
            )
            said = {"head": gettext(HEADS[column]), "longest": longest, "count": len(text)}
            self.remarks.say(row, column, Doubt("too_long", words % said), is_problem=True)

    # --- ① ② ③ -----------------------------------------------------------------------------------------------

    def _numbered(self, kind: Kind) -> dict[int, Entry]:
        """Each under its own number; without one, or when it is taken, under the next free one."""
        taken: dict[int, Entry] = {}
        waiting: list[Entry] = []
        for entry in self.of(kind):
            path = entry.number.path
            if len(path) == 1 and path[0] > 0 and path[0] not in taken:
                taken[path[0]] = entry
            else:
                waiting.append(entry)
        for entry in waiting:
            number = _free(taken)
            taken[number] = entry
            if entry.number.path:
                words = gettext("番号%(typed)sは使えないので、%(number)sとしました。")
                said = {"typed": number_label(entry.number.path), "number": number_label((number,))}
                self.say(entry, Column.NUMBER, "number_changed", words % said)
        for number, entry in taken.items():
            self.final[id(entry)] = (number,)
        return dict(sorted(taken.items()))

    def _outcome(self, number: int, entry: Entry) -> DraftOutcome:
        said = self._said(entry)
        leads_to = None if said is None else self._known(entry, [p[0] for p in said], self.long_term)
        return DraftOutcome(entry.row, number, entry.text, leads_to, self.indicators[id(entry)])

    def _said(self, entry: Entry) -> tuple[Path, ...] | None:
        """What it leads to, when the table says so: behind its number, or in a column of its own."""
        if not entry.number.says_also and entry.serves is None:
            return None
        return (*entry.number.also, *(entry.serves or ()))

    def _known(self, entry: Entry, numbers: Iterable[int], boxes: Iterable[int]) -> tuple[int, ...]:
        known, wanted = set(boxes), dict.fromkeys(numbers)
        if missing := [number for number in wanted if number not in known]:
            words = gettext("%(numbers)sは表にないので、つなぎませんでした。")
            said = {"numbers": "".join(number_label((number,)) for number in missing)}
            self.say(entry, Column.NUMBER, "link_missing", words % said)
        return tuple(number for number in wanted if number in known)

    # --- ①-1 -------------------------------------------------------------------------------------------------

    def _outputs(self) -> tuple[DraftOutput, ...]:
        places = {id(entry): self._place_of_output(entry) for entry in self.of(Kind.OUTPUT)}
        waiting = []
        for entry in self.of(Kind.OUTPUT):
            under, own = places[id(entry)].under, _own_number(entry)
            if own and (under, own) not in self.outputs:
                self.outputs[under, own] = entry
            else:
                waiting.append(entry)
        for entry in waiting:
            under = places[id(entry)].under
            number = _free({own for first, own in self.outputs if first == under})
            self.outputs[under, number] = entry
            if _own_number(entry):
                words = gettext("同じ番号がほかの行にもあるので、%(number)sとしました。")
                self.say(
                    entry, Column.NUMBER, "number_changed", words % {"number": number_label((under, number))}
                )
        for path, entry in self.outputs.items():
            self.final[id(entry)] = path
        return tuple(
            DraftOutput(
                e.row, own, e.text, under, places[id(e)].is_said, places[id(e)].also, self.indicators[id(e)]
            )
            for (under, own), e in sorted(self.outputs.items(), key=lambda row: (row[0][0] == 0, row[0]))
        )

    def _place_of_output(self, entry: Entry) -> "_Place":
        path, said = entry.number.path, self._said(entry)
        under = path[0] if len(path) > 1 else None
        is_said = under == 0 or under in self.outcomes
        if under and under not in self.outcomes:
            words = gettext(
                "短期アウトカム%(number)sは表にありません。どのアウトカムにもつながっていません。"
            )
            self.say(entry, Column.NUMBER, "outcome_missing", words % {"number": number_label((under,))})
            under = 0
        served = None if said is None else self._known(entry, [p[0] for p in said], self.outcomes)
        if under is None:
            is_said = bool(served)
            under = served[0] if served else self._outcome_above(entry)
        also = None if served is None else tuple(number for number in served if number != under)
        return _Place(under, is_said, also)

    def _outcome_above(self, entry: Entry) -> int:
        """Of an output whose number does not say: the outcome above it, where outcomes and outputs take turns."""
        if len(self.outcomes) == 1:
            return next(iter(self.outcomes))
        kinds = [e.kind for e in self.entries if e.kind in (Kind.OUTCOME, Kind.OUTPUT)]
        take_turns = Kind.OUTPUT in kinds and Kind.OUTCOME in kinds[kinds.index(Kind.OUTPUT) :]
        above = [n for n, e in self.outcomes.items() if self._stands_before(e, entry)] if take_turns else []
        if above:
            under = max(above, key=lambda n: self.entries.index(self.outcomes[n]))
            words = gettext("番号にないので、すぐ上の短期アウトカム%(number)sにつなぎました。")
            self.say(entry, Column.NUMBER, "outcome_above", words % {"number": number_label((under,))})
            return under
        words = gettext(
            "どの短期アウトカムのためのものか、番号から分かりません（例 ①-1）。どこにもつないでいません。"
        )
        self.say(entry, Column.NUMBER, "outcome_unsaid", words)
        return 0

    def _stands_before(self, one: Entry, other: Entry) -> bool:
        return self.entries.index(one) < self.entries.index(other)

    # --- activities ------------------------------------------------------------------------------------------

    def _activities(self) -> tuple[DraftActivity, ...]:
        told: list[_Told] = []
        for entry in self.entries:
            if entry.kind == Kind.ACTIVITY:
                told.append(_Told(entry.row, entry.text, entry.period, self._produced(entry)))
                self.final[id(entry)] = entry.number.path
            for cells in entry.activities:
                told += self._told_beside(entry, cells.row, cells.text, cells.period)
        merged: dict[tuple[str, str], _Told] = {}
        for one in told:
            same = merged.get((one.text, one.period))
            merged[one.text, one.period] = one if same is None else same.also(one)
        return tuple(
            DraftActivity(one.row, number, one.text, one.period, one.produces)
            for number, one in enumerate(merged.values(), start=1)
        )

    def _told_beside(self, entry: Entry, row: int, text: str, period: str) -> list["_Told"]:
        """Activities in the row of an output, perhaps several in one cell, with their periods."""
        produces = (self.final[id(entry)],) if entry.kind == Kind.OUTPUT else None
        split, periods = split_numbered(text), split_numbered(period)
        paired = periods.is_list and len(periods.items) == len(split.items)
        return [
            _Told(row, item.text, periods.items[index].text if paired else period, produces)
            for index, item in enumerate(split.items)
        ]

    def _produced(self, entry: Entry) -> tuple[Path, ...] | None:
        path, said = entry.number.path, self._said(entry)
        wanted = [path[:2]] if len(path) > 1 else []
        wanted += [p[:2] for p in said or ()]
        if said is None and not wanted:
            words = gettext(
                "どのアウトプットのための活動か、番号から分かりません（例 1（①-1））。どこにもつないでいません。"
            )
            self.say(entry, Column.NUMBER, "output_unsaid", words)
            return None
        known = []
        for path in dict.fromkeys(wanted):
            if len(path) == 1:
                known += [p for p in self.outputs if p[0] == path[0]]
            elif path in self.outputs:
                known.append(path)
            else:
                words = gettext("アウトプット%(number)sは表にないので、つなぎませんでした。")
                self.say(entry, Column.NUMBER, "link_missing", words % {"number": number_label(path)})
        return tuple(dict.fromkeys(known))


@dataclass(frozen=True, slots=True)
class _Place:
    """The outcome an output stands under (0: none), and what it serves besides."""

    under: int
    is_said: bool
    also: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class _Told:
    row: int
    text: str
    period: str
    produces: tuple[Path, ...] | None

    def also(self, other: "_Told") -> "_Told":
        """The same activity told again, for another output."""
        if self.produces is None or other.produces is None:
            return replace(self, produces=self.produces or other.produces)
        return replace(self, produces=tuple(dict.fromkeys((*self.produces, *other.produces))))


def _own_number(entry: Entry) -> int:
    """Of ①-2 the 2; 0 when it has none."""
    return entry.number.path[min(1, len(entry.number.path) - 1)] if entry.number.path else 0


def _free(taken: Iterable[int]) -> int:
    numbers = set(taken)
    return next(number for number in range(1, len(numbers) + 2) if number not in numbers)
