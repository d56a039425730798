"""The rows of a table as a draft of a plan: which row begins a box, and which one continues the one above."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext

from grants.plan_import.boxes import boxes_of
from grants.plan_import.draft import Draft, RowReading
from grants.plan_import.entries import ActivityCells, Entry, Remarks
from grants.plan_import.indicators import CELLS, IndicatorCells
from grants.plan_import.table import SourceRow
from grants.plan_text.doubts import Doubt
from grants.plan_text.dues import Period
from grants.plan_text.headings import HEADS, KIND_LABELS, Column, Kind, kind_named
from grants.plan_text.numbering import (
    Number,
    number_in_text,
    read_number,
    references,
    split_numbered,
    trailing_references,
)

WORDS = (Column.INDICATOR, Column.BASELINE, Column.TARGET, Column.DUE, Column.MEANS, Column.METHOD, Column.ACTIVITY, Column.PERIOD)  # fmt: skip


def read_draft(rows: Sequence[SourceRow], period: Period) -> Draft:
    """What the rows say, with every doubt at its cell. Nothing in it depends on the plan in force."""
    reader = _Reader(Remarks())
    for index, row in enumerate(rows):
        reader.take(index, row)
    return boxes_of(reader.entries, reader.readings(), period, reader.remarks)


@dataclass
class _Reader:
    remarks: Remarks
    entries: list[Entry] = field(default_factory=list)
    entry_of_row: list[int] = field(default_factory=list)  # for each row the place of its entry; -1 for none
    carried: Kind | None = None

    @property
    def current(self) -> Entry | None:
        return self.entries[-1] if self.entries else None

    def take(self, index: int, row: SourceRow) -> None:
        for column, doubt in row.doubts:
            self.remarks.say(index, column, doubt)
        said = self._kind_said(index, row)
        number, text = self._number_and_text(index, row)
        if self._only_names_a_kind(row):
            self.carried = said
            self.entry_of_row.append(-1)
        elif self._continues(said, number, text, row):
            self._continue(index, row, text)
        else:
            self._begin(index, row, said, number, text)

    def _kind_said(self, index: int, row: SourceRow) -> Kind | None:
        kind = kind_named(row[Column.KIND])
        if row[Column.KIND] and kind is None:
            words = gettext("種別「%(kind)s」が分かりません。番号から読みました。")
            self.remarks.say(index, Column.KIND, Doubt("kind_unknown", words % {"kind": row[Column.KIND]}))
        return kind

    def _number_and_text(self, index: int, row: SourceRow) -> tuple[Number, str]:
        typed, text = row[Column.NUMBER], row[Column.TEXT]
        if not typed:
            typed, text = number_in_text(text)
        number = read_number(typed)
        if typed and not number.is_readable:
            words = gettext("番号「%(number)s」を読めませんでした（例 ①、①-1）。")
            self.remarks.say(index, Column.NUMBER, Doubt("number_unreadable", words % {"number": typed}))
        if number.was_date:
            words = gettext("日付に変わっていたので、%(first)d-%(second)dと読みました。")
            said = {"first": number.path[0], "second": number.path[1]}
            self.remarks.say(index, Column.NUMBER, Doubt("number_was_date", words % said))
        return number, text

    def _only_names_a_kind(self, row: SourceRow) -> bool:
        return set(row.cells) <= {Column.KIND, Column.OTHER} and bool(row[Column.KIND])

    # --- the same box goes on --------------------------------------------------------------------------------

    def _continues(self, said: Kind | None, number: Number, text: str, row: SourceRow) -> bool:
        current = self.current
        if current is None or (said is not None and said != current.kind):
            return False
        if current.kind == Kind.ACTIVITY and (text or row[Column.ACTIVITY]):
            return False
        if number.path:
            return number.path == current.number.path and text in ("", current.text)
        if not text:
            return True
        if text == current.text:
            return True
        return said is None and bool(current.number.path)

    def _continue(self, index: int, row: SourceRow, text: str) -> None:
        entry = self.entries[-1]
        self.entry_of_row.append(len(self.entries) - 1)
        if text and text != entry.text:
            entry.text = f"{entry.text}\n{text}" if entry.text else text
            words = gettext("番号がないので、上の行の続きとして読みました。")
            self.remarks.say(index, Column.TEXT, Doubt("text_continued", words))
        self._cells(index, row, entry)

    # --- a new box -------------------------------------------------------------------------------------------

    def _begin(self, index: int, row: SourceRow, said: Kind | None, number: Number, text: str) -> None:
        kind = said or self._kind_carried(number, row)
        self.carried = kind
        if said is None and not row[Column.KIND] and self.current is None:
            words = gettext("種別が書かれていないので、%(kind)sとして読みました。")
            self.remarks.say(
                index, Column.KIND, Doubt("kind_guessed", words % {"kind": gettext(KIND_LABELS[kind])})
            )
        if kind == Kind.ACTIVITY and not text:
            text = row[Column.ACTIVITY]
        for one_number, one in self._several(kind, number, text, row):
            self.entries.append(Entry(kind, one_number, one, index))
        self.entry_of_row.append(len(self.entries) - 1)
        self._cells(index, row, self.entries[-1])

    def _kind_carried(self, number: Number, row: SourceRow) -> Kind:
        """A merged or blank 種別: the one above, unless the number says otherwise."""
        depth, carried = len(number.path), self.carried
        if not number.path and row[Column.ACTIVITY] and not row[Column.TEXT]:
            return Kind.ACTIVITY
        if depth == 3:
            return Kind.ACTIVITY
        if depth == 2 and carried != Kind.ACTIVITY:
            return Kind.OUTPUT
        if depth == 1 and carried == Kind.OUTPUT and self._outputs_are_numbered_under_outcomes():
            return Kind.OUTCOME
        return carried or (Kind.OUTCOME if number.path or row[Column.INDICATOR] else Kind.LONG_TERM)

    def _outputs_are_numbered_under_outcomes(self) -> bool:
        return any(len(e.number.path) == 2 for e in self.entries if e.kind == Kind.OUTPUT)

    def _several(self, kind: Kind, number: Number, text: str, row: SourceRow) -> list[tuple[Number, str]]:
        """①…②… in one cell without indicators are several boxes."""
        split = split_numbered(text)
        alone = not any(row[column] for column in CELLS) and not number.path
        if not (alone and split.is_list) or (kind == Kind.ACTIVITY and row[Column.PERIOD]):
            return [(number, text)]
        return [(read_number(item.mark) if item.number else number, item.text) for item in split.items]

    # --- the cells -------------------------------------------------------------------------------------------

    def _cells(self, index: int, row: SourceRow, entry: Entry) -> None:
        if row[Column.SERVES]:
            entry.serves = (entry.serves or ()) + references(row[Column.SERVES])
            if not references(row[Column.SERVES]):
                words = gettext("どこにつながるかを番号で読めませんでした（例 ①②、①-1）。")
                self.remarks.say(index, Column.SERVES, Doubt("serves_unreadable", words))
        unsaid = entry.serves is None and not entry.number.says_also
        if unsaid and entry.kind == Kind.OUTPUT and (spoken_of := trailing_references(entry.text)):
            entry.serves = spoken_of
        if entry.kind == Kind.ACTIVITY:
            self._cells_of_activity(index, row, entry)
        elif entry.kind == Kind.LONG_TERM:
            self._keep_in_text(index, row, entry, WORDS)
        else:
            self._cells_with_indicators(index, row, entry)

    def _cells_of_activity(self, index: int, row: SourceRow, entry: Entry) -> None:
        entry.period = row[Column.PERIOD] or entry.period or row[Column.DUE]
        left = [column for column in WORDS if column not in (Column.PERIOD, Column.DUE)]
        if row[Column.DUE] and entry.period != row[Column.DUE]:
            left.append(Column.DUE)
        if row[Column.ACTIVITY] == entry.text or not row[Column.TEXT]:
            left.remove(Column.ACTIVITY)
        self._keep_in_text(index, row, entry, left)

    def _keep_in_text(self, index: int, row: SourceRow, entry: Entry, columns: Sequence[Column]) -> None:
        """What has no place of its own here stands below the words."""
        for column in columns:
            if row[column]:
                entry.text = "\n".join(filter(None, [entry.text, f"{HEADS[column]}: {row[column]}"]))
                words = gettext("%(kind)sには%(head)sの欄がないので、文のあとに残しました。")
                said = {"kind": gettext(KIND_LABELS[entry.kind]), "head": gettext(HEADS[column])}
                self.remarks.say(index, column, Doubt("kept_in_text", words % said))

    def _cells_with_indicators(self, index: int, row: SourceRow, entry: Entry) -> None:
        cells = {column: row[column] for column in CELLS if row[column]}
        if row[Column.ACTIVITY]:
            entry.activities.append(ActivityCells(index, row[Column.ACTIVITY], row[Column.PERIOD]))
        elif row[Column.PERIOD] and Column.DUE not in cells:
            cells[Column.DUE] = row[Column.PERIOD]
            words = gettext("活動が書かれていないので、時期を達成時期として読みました。")
            self.remarks.say(index, Column.PERIOD, Doubt("period_as_due", words))
        elif row[Column.PERIOD]:
            self._keep_in_text(index, row, entry, [Column.PERIOD])
        if cells:
            self._indicator_cells(index, cells, entry)

    def _indicator_cells(self, index: int, cells: dict[Column, str], entry: Entry) -> None:
        last = entry.indicators[-1] if entry.indicators else None
        name = cells.get(Column.INDICATOR, "")
        if last is None or (name and name != last.get(Column.INDICATOR)):
            entry.indicators.append(IndicatorCells(index, cells))
            return
        for column, text in cells.items():
            if text in last.get(column).split("\n") or text == last.get(column):
                continue
            if last.get(column) and column in (Column.TARGET, Column.BASELINE):
                words = gettext("指標の名前がないので、上の行の指標の続きとして読みました。")
                self.remarks.say(index, column, Doubt("indicator_continued", words))
            last.cells[column] = "\n".join(filter(None, [last.get(column), text]))

    def readings(self) -> list[RowReading]:
        rows = []
        for place in self.entry_of_row:
            entry = self.entries[place] if place >= 0 else None
            rows.append(
                RowReading(
                    entry.kind if entry else None,
                    entry.number.path if entry else (),
                    entry.row if entry else -1,
                )
            )
        return rows
