"""What a workbook asks to change, and what of it cannot be read: every cell against what stood in it when it was made."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext

from mentoring.cells import Wire
from reports.exports.layout import HEAD, Column, Layout, Line, Slot, Style
from reports.exports.passport import digest, fingerprint
from reports.exports.reading import FilledBook, FilledLine
from reports.exports.texts import plain
from reports.exports.typed import NotReadable, typed_text


@dataclass(frozen=True, slots=True)
class Claim:
    """One cell of the sheet (mentoring.cells) with another text than the workbook came with."""

    key: str
    at: str  # H12, or H12・I12 for a ratio
    texts: tuple[str, ...]  # for the inputs of the entry page
    before: Wire
    shown: Wire | None = None  # what stood in the sheet when the page of differences was made


@dataclass(frozen=True, slots=True)
class Problem:
    """`at` is empty where no single cell is meant."""

    at: str
    title: str
    text: str


def in_order_of_the_page(problems: Iterable[Problem]) -> list[Problem]:
    """By row, then by column; what is said of whole rows comes first."""
    return sorted(problems, key=lambda problem: (_row_of(problem.at), problem.at))


def _row_of(at: str) -> int:
    first = at.split("・")[0]
    return int("".join(filter(str.isdigit, first)) or 0)


@dataclass(frozen=True, slots=True)
class Claims:
    claims: list[Claim] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    not_taken: list[Problem] = field(
        default_factory=list
    )  # changed where nothing is to be typed: told, not asked
    untouched: dict[str, Wire] = field(
        default_factory=dict
    )  # left as they came, with what stood in them then
    plan_changed: bool = False


def claims_of(book: FilledBook, layout: Layout) -> Claims:
    """`layout` is of the sheet as it stands now."""
    passport = book.passport
    claims = Claims(plan_changed=passport.plan != fingerprint(layout.reading.plan))
    for line in layout.lines:
        if line.key not in passport.fixed:
            continue  # new since; the workbook has no row for it
        filled = book.lines.get(line.key)
        if filled is None:
            claims.problems.extend(_row_gone(book, line))
            continue
        _claim_line(claims, book, line, filled)
        claims.not_taken.extend(_changed_around(book, line, filled))
    claims.problems.extend(_without_a_place(book, layout))
    return claims


def _row_gone(book: FilledBook, line: Line) -> Iterator[Problem]:
    if rows := book.twice.get(line.key):
        numbers = gettext("、").join(gettext("%(row)d行目") % {"row": row} for row in rows)
        text = gettext(
            "同じ行が2つ以上あります（%(rows)s）。どれを取り込むか分からないので、1つだけにしてください。"
        )
        yield Problem("", line.title, text % {"rows": numbers})
    elif line.slots:
        yield Problem("", line.title, gettext("この行がなくなっています。ここは取り込みません。"))


# --- the yellow cells -----------------------------------------------------------------------------------


def _claim_line(claims: Claims, book: FilledBook, line: Line, filled: FilledLine) -> None:
    """Slots of one cell of the sheet (a ratio has two) are taken together or not at all."""
    by_cell: dict[str, list[tuple[Column, Slot]]] = {}
    for column, slot in line.slots.items():
        by_cell.setdefault(slot.cell.key, []).append((column, slot))
    for key, slots in by_cell.items():
        before = book.passport.cells.get(key)
        if before is None:
            continue
        slots.sort(key=lambda pair: pair[1].cell.names.index(pair[1].name))
        places = [book.at(filled, column) for column, _slot in slots]
        problems, texts = [], []
        for (column, slot), at in zip(slots, places, strict=True):
            try:
                texts.append(_text(book, filled, column, slot))
            except NotReadable as error:
                problems.append(Problem(at, line.title, str(error)))
        if problems:
            claims.problems.extend(problems)
        elif [plain(text) for text in before] == texts:
            claims.untouched[key] = before
        else:
            claims.claims.append(Claim(key, "・".join(places), tuple(texts), before))


def _text(book: FilledBook, filled: FilledLine, column: Column, slot: Slot) -> str:
    if joined := book.joined_into(filled, column):
        raise NotReadable(
            gettext("セルが結合されています（%(range)s）。結合を解いて、入れなおしてください。")
            % {"range": joined}
        )
    return typed_text(filled.cells.get(column), slot)


# --- everything else ------------------------------------------------------------------------------------


def _changed_around(book: FilledBook, line: Line, filled: FilledLine) -> Iterator[Problem]:
    """What was written where nothing is to be typed. It is compared with what the workbook came with, not with today."""
    for code, known in book.passport.fixed[line.key].items():
        column = Column(code)
        if column not in book.letters:
            continue  # a column that only shows something was taken out: no harm
        raw = filled.cells.get(column)
        text = "" if raw is None or raw.value is None else str(raw.value)
        if digest(text) == known:
            continue
        title = gettext("見出し") if line.key == HEAD else line.title if line.style == Style.ROW else ""
        yield Problem(
            book.at(filled, column),
            title,
            gettext("「%(text)s」は取り込みません。黄色のところではないためです。")
            % {"text": plain(text)[:60]}
            if text
            else gettext("消えていますが、取り込むところではないので、そのままで大丈夫です。"),
        )


def _without_a_place(book: FilledBook, layout: Layout) -> Iterator[Problem]:
    """What was typed into rows that are not in the sheet: added by hand, or gone from the plan since."""
    known = {line.key for line in layout.lines}
    for key, filled in book.lines.items():
        if key in known:
            continue
        slots = set(Column) - {Column(code) for code in book.passport.fixed[key]} - {Column.KEY}
        for column in sorted(slots):
            raw = filled.cells.get(column)
            if raw is not None and not raw.is_blank:
                text = gettext("計画の見直しで、この行がなくなりました。書かれていたもの: %(text)s")
                yield Problem(raw.at, "", text % {"text": plain(str(raw.value))})
    for raw in book.strays:
        text = gettext("ダウンロードしたファイルにはない行です。取り込みません。書かれていたもの: %(text)s")
        yield Problem(raw.at, "", text % {"text": plain(str(raw.value))})
