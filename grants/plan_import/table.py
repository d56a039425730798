"""A table of text, wherever it came from, as the rows of a plan: which column is which, which rows are heads."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from grants.plan_text.doubts import Doubt
from grants.plan_text.headings import HEADS, KIND_LABELS, TEN, Column, Kind, column_named, kind_named

MOST_ROWS = 300  # a plan of forty boxes has a third of it
LONGEST = 120_000  # characters in all
OWN = (Column.KIND, Column.NUMBER, Column.TEXT, Column.INDICATOR, Column.ACTIVITY)  # say what a row is about


class NoPlan(Exception):
    """Nothing of the table can be taken for a plan; the message says what helps."""


@dataclass(frozen=True, slots=True)
class TextRow:
    """A row as it stands in its file. `joined` are the columns whose text comes from a merged cell above."""

    at: str  # 計画!5
    cells: tuple[str, ...]
    joined: frozenset[int] = frozenset()
    doubts: tuple[tuple[int, Doubt], ...] = ()  # of reading the file, by the place of the cell


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A row under its heads; blank cells are not in `cells`."""

    at: str
    cells: dict[Column, str]
    doubts: tuple[tuple[Column, Doubt], ...] = ()

    def __getitem__(self, column: Column) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Heading:
    at: str
    words: str
    column: Column | None  # None: unknown, its cells are kept under その他


@dataclass(frozen=True, slots=True)
class SourceTable:
    rows: tuple[SourceRow, ...]
    headings: tuple[Heading, ...] = ()
    left_out: tuple[TextRow, ...] = ()  # titles and notes above the first head
    doubts: tuple[Doubt, ...] = ()


def read_table(table: Sequence[TextRow]) -> SourceTable:
    """Raises NoPlan when there is no row, no head that can be recognised, or far too much."""
    rows = [row for row in table if any(cell.strip() for cell in row.cells)]
    if not rows:
        raise NoPlan(gettext("表に何も書かれていません。"))
    if sum(len(cell) for row in rows for cell in row.cells) > LONGEST:
        raise NoPlan(gettext("文字が多すぎます。計画の表だけを選んで、もう一度お試しください。"))
    reader = _Reader()
    for row in rows:
        reader.take(row)
    if reader.heads is None:
        return _without_heads(rows)
    if not reader.rows:
        raise NoPlan(gettext("見出しの下に、計画の行がありません。"))
    return _limited(reader.table())


def _limited(table: SourceTable) -> SourceTable:
    if len(table.rows) > MOST_ROWS:
        words = gettext("行が%(count)d行あります。%(most)d行までにしてください。")
        raise NoPlan(words % {"count": len(table.rows), "most": MOST_ROWS})
    return table


class _Reader:
    """Goes down the rows once; a head holds until the next one."""

    def __init__(self) -> None:
        self.heads: list[Column | None] | None = None
        self.words: list[str] = []
        self.kind: Kind | None = None
        self.below_section = False
        self.rows: list[SourceRow] = []
        self.headings: list[Heading] = []
        self.left_out: list[TextRow] = []

    def take(self, row: TextRow) -> None:
        if not self._names_its_kind(row) and (heads := _heads(row)) is not None:
            self._begin(row, heads)
        elif (told := self._told_in_words(row)) is not None:
            self.rows.append(told)
        elif (kind := _section(row)) is not None and not self._has(Column.KIND):
            self.kind, self.below_section = kind, True
        elif self.heads is None:
            self.left_out.append(row)
        else:
            self._row(row)

    def _has(self, column: Column) -> bool:
        return self.heads is not None and column in self.heads

    def _names_its_kind(self, row: TextRow) -> bool:
        """A row of the plan, even when its words are those of heads."""
        place = self.heads.index(Column.KIND) if self.heads and Column.KIND in self.heads else -1
        return 0 <= place < len(row.cells) and kind_named(row.cells[place]) is not None

    def _told_in_words(self, row: TextRow) -> SourceRow | None:
        """Outside a table: 中長期アウトカム | 若者が…, or a line of text below the name of its kind."""
        filled = [cell.strip() for cell in row.cells if cell.strip()]
        if self._has(Column.KIND):
            return None
        if len(filled) == 2 and (kind := kind_named(filled[0])) is not None:
            return SourceRow(row.at, {Column.KIND: KIND_LABELS[kind], Column.TEXT: filled[1]})
        if self.below_section and self.kind is not None and len(filled) == 1 and _section(row) is None:
            return SourceRow(row.at, {Column.KIND: KIND_LABELS[self.kind], Column.TEXT: filled[0]})
        return None

    def _begin(self, row: TextRow, heads: list[tuple[Column | None, Kind | None]]) -> None:
        self.heads = [column for column, _kind in heads]
        self.below_section = False
        self.words = [cell.strip() for cell in row.cells]
        if (
            Column.TEXT not in self.heads
            and Column.ACTIVITY in self.heads
            and Column.INDICATOR not in self.heads
        ):
            self.kind = Kind.ACTIVITY
        named = [kind for column, kind in heads if kind is not None and column == Column.TEXT]
        self.kind = named[0] if named else self.kind
        self.headings += [
            Heading(row.at, words, column)
            for words, column in zip(self.words, self.heads, strict=True)
            if words and not any(h.words == words and h.column == column for h in self.headings)
        ]

    def _row(self, row: TextRow) -> None:
        assert self.heads is not None
        cells: dict[Column, list[str]] = {}
        about_itself = self._has_own_indicator(row)
        for index, cell in enumerate(row.cells):
            text = cell.replace("\r\n", "\n").replace("\r", "\n").strip()
            column = self.heads[index] if index < len(self.heads) else None
            if not text or (index in row.joined and (column in OWN or not about_itself)):
                continue
            if column is None:
                head = self.words[index] if index < len(self.words) else ""
                text = f"{head}: {text}" if head else text
            cells.setdefault(column or Column.OTHER, []).append(text)
        begins = {Column.NUMBER} if Column.NUMBER in self.heads else {Column.TEXT, Column.ACTIVITY}
        if self.kind is not None and Column.KIND not in self.heads and {*cells} & begins:
            cells.setdefault(Column.KIND, [KIND_LABELS[self.kind]])
        if cells:
            texts = {column: "\n".join(parts) for column, parts in cells.items()}
            doubts = tuple((self._column(index), doubt) for index, doubt in row.doubts)
            self.rows.append(SourceRow(row.at, texts, doubts))

    def _column(self, index: int) -> Column:
        column = self.heads[index] if self.heads and index < len(self.heads) else None
        return column or Column.OTHER

    def _has_own_indicator(self, row: TextRow) -> bool:
        """A due day in a merged cell belongs to each of the indicators beside it."""
        return any(
            column in (Column.INDICATOR, Column.TARGET, Column.ACTIVITY)
            and index < len(row.cells)
            and row.cells[index].strip()
            and index not in row.joined
            for index, column in enumerate(self.heads or ())
        )

    def table(self) -> SourceTable:
        return SourceTable(
            tuple(self.rows),
            tuple(self.headings),
            tuple(self.left_out),
            tuple(_doubts_about_heads(self.headings)),
        )


def has_heads(rows: Sequence[TextRow]) -> bool:
    return any(_heads(row) is not None for row in rows)


def heads_of(row: TextRow) -> list[Column | None] | None:
    """The columns that a row of heads names; None for any other row."""
    heads = _heads(row)
    return None if heads is None else [column for column, _kind in heads]


def _heads(row: TextRow) -> list[tuple[Column | None, Kind | None]] | None:
    """At least two heads that are known, and they are most of the row."""
    named = [column_named(cell) for cell in row.cells]
    known = [column for column, _kind in named if column is not None]
    filled = sum(bool(cell.strip()) for cell in row.cells)
    if len(set(known)) < 2 or len(known) * 2 < filled:
        return None
    return _each_once(named)


def _each_once(named: list[tuple[Column | None, Kind | None]]) -> list[tuple[Column | None, Kind | None]]:
    """目標 may head the texts or the targets; 活動 the texts, when nothing else does."""
    taken: set[Column] = set()
    once: list[tuple[Column | None, Kind | None]] = []
    for column, kind in named:
        if column == Column.TARGET and Column.TARGET in taken:
            column = None
        once.append((column, kind))
        taken |= {column} if column is not None else set()
    return once


def _section(row: TextRow) -> Kind | None:
    """A line that only names a kind: ■アウトプット."""
    filled = [cell for cell in row.cells if cell.strip()]
    return kind_named(filled[0]) if len(filled) == 1 and len(filled[0]) < 30 else None


def _doubts_about_heads(headings: Sequence[Heading]) -> list[Doubt]:
    unknown = [heading.words for heading in headings if heading.column is None]
    if not unknown:
        return []
    words = gettext("「%(heads)s」の列は計画のどこに入るか分からないので、取り込みの記録にだけ残します。")
    return [Doubt("unknown_columns", words % {"heads": "」「".join(unknown)})]


def _without_heads(rows: Sequence[TextRow]) -> SourceTable:
    """Rows in the order of the ten columns, when their first cell names a kind."""
    widest = max(len(row.cells) for row in rows)
    if widest > len(TEN) or not any(kind_named(row.cells[0]) for row in rows if row.cells):
        raise NoPlan(
            gettext(
                "見出しの行が見つかりません。「%(heads)s」のような見出しの行を、表のいちばん上に入れてください。"
            )
            % {"heads": "」「".join(HEADS[column] for column in TEN)}
        )
    reader = _Reader()
    reader.heads, reader.words = list(TEN), [HEADS[column] for column in TEN]
    for row in rows:
        reader._row(row)
    table = reader.table()
    words = gettext("見出しの行がないので、種別・番号・内容・指標…の順として読みました。")
    return _limited(SourceTable(table.rows, (), (), (Doubt("no_heads", words),)))
