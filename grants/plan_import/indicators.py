"""The cells of one row as indicators: lists are split, figures read, and every word finds a place."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.utils.translation import gettext

from grants.plan_import.draft import DraftIndicator
from grants.plan_text.doubts import Doubt
from grants.plan_text.dues import Period, read_due
from grants.plan_text.headings import HEADS, Column
from grants.plan_text.methods import guess_method, unit_in_name
from grants.plan_text.numbering import Item, Split, split_numbered
from grants.plan_text.quantities import is_same_unit
from grants.plan_text.targets import (
    ABSENT,
    BETWEEN,
    LABELS,
    LATEST,
    LATEST_PAIR,
    NOTHING,
    PRESENCE,
    RATIO,
    STATE,
    STATED,
    Target,
    read_target,
)

CELLS = (Column.INDICATOR, Column.BASELINE, Column.TARGET, Column.DUE, Column.MEANS, Column.METHOD)
LONGEST = {
    Column.INDICATOR: 300,
    Column.TARGET: 1000,
    Column.BASELINE: 1000,
    Column.DUE: 200,
    Column.MEANS: 500,
}
LARGEST = Decimal(10) ** 13  # what the database can hold, with two places
QUOTED_NAME = re.compile(r"『(.+)』", re.DOTALL)  # one name, whatever marks and lines stand in it
COUNTED = ("sum", "new_unique", LATEST)
Say = Callable[[Column, Doubt], None]
Cells = dict[Column, str]


@dataclass
class IndicatorCells:
    """The cells of one row, or of several that belong together."""

    row: int
    cells: Cells = field(default_factory=dict)

    def get(self, column: Column) -> str:
        return self.cells.get(column, "")


def read_indicators(group: IndicatorCells, text: str, period: Period, say: Say) -> list[DraftIndicator]:
    """`text` is what the indicators belong to; `say` takes a doubt about a column of the row."""
    return [
        _indicator(group.row, one, target, period, say)
        for cells in _items(group, say)
        for one, target in _figures(_named(cells, text, say), say)
    ]


# --- one cell, several indicators -----------------------------------------------------------------------------


def _items(group: IndicatorCells, say: Say) -> Iterator[Cells]:
    """①…②… in one cell are several indicators; the other cells are dealt out by the same marks."""
    splits = {column: _split(group.get(column)) for column in CELLS}
    texts = {column: group.get(column) for column in CELLS}
    if quoted := QUOTED_NAME.fullmatch(texts[Column.INDICATOR]):
        texts[Column.INDICATOR] = quoted[1]
        splits[Column.INDICATOR] = Split("", (Item("", None, quoted[1]),))
    elif not any(splits[column].is_list for column in CELLS[:3]) and _lines_match(splits):
        splits |= {c: _by_lines(splits[c]) for c in (Column.INDICATOR, Column.TARGET, Column.BASELINE)}
        say(Column.INDICATOR, Doubt("lines_split", gettext("指標と目標値を、行ごとに組にしました。")))
    lead = next((splits[c] for c in CELLS[:3] if splits[c].is_list), splits[Column.INDICATOR])
    dealt = {c: _dealt(c, split, lead, texts[c], say) for c, split in splits.items()}
    for index in range(len(lead.items)):
        yield {column: texts[index] for column, texts in dealt.items()}


def _split(text: str) -> Split:
    """A cell that names its state in a line of its own is one item, whatever marks stand in it."""
    return Split("", (Item("", None, text),)) if STATED.search(text) else split_numbered(text)


def _lines_match(splits: dict[Column, Split]) -> bool:
    names, targets = (splits[c].items[0].text.split("\n") for c in (Column.INDICATOR, Column.TARGET))
    return len(names) == len(targets) > 1 and all(read_target(line).is_figure for line in targets)


def _by_lines(split: Split) -> Split:
    lines = split.items[0].text.split("\n")
    return (
        Split("", tuple(replace(split.items[0], text=line.strip()) for line in lines))
        if len(lines) > 1
        else split
    )


def _dealt(column: Column, split: Split, lead: Split, text: str, say: Say) -> list[str]:
    """A text for each item of `lead`. One that is there only once belongs to all of them."""
    count = len(lead.items)
    if split.items[0].text == "":
        return [""] * count
    if count == 1 and (column in (Column.INDICATOR, Column.MEANS) or split.is_list):
        return [text]  # a mark alone is part of the name; a list for one indicator is its words
    if not split.is_list and (count == 1 or not split.is_numbered):
        text = split.items[0].text
        return [text] if count == 1 else _shared(column, text, lead, say)
    texts = [_joined(split.preamble, _item_for(split, lead, index)) for index in range(count)]
    used = {id(_place(split, lead, index)) for index in range(count)}
    left = [item for item in split.items if id(item) not in used]
    if left:
        words = gettext("%(head)sの「%(items)s」は、どの指標のものか分からないので、最後の指標に付けました。")
        said = " ".join(item.mark + item.text for item in left)
        say(column, Doubt("left_over", words % {"head": gettext(HEADS[column]), "items": said}))
        texts[-1] = "\n".join(filter(None, [texts[-1], *(item.mark + item.text for item in left)]))
    if any(not text for text in texts) and column in CELLS[:3]:
        words = gettext("指標は%(count)dつあり、%(head)sが足りません。番号をたしかめてください。")
        say(column, Doubt("items_missing", words % {"count": count, "head": gettext(HEADS[column])}))
    return texts


def _joined(preamble: str, text: str) -> str:
    return f"{preamble} {text}" if preamble and text else text


def _place(split: Split, lead: Split, index: int) -> object:
    wanted = lead.items[index].number
    if wanted is not None and split.is_numbered:
        return next((item for item in split.items if item.number == wanted), None)
    return split.items[index] if index < len(split.items) else None


def _item_for(split: Split, lead: Split, index: int) -> str:
    item = _place(split, lead, index)
    return getattr(item, "text", "")


def _shared(column: Column, text: str, lead: Split, say: Say) -> list[str]:
    count = len(lead.items)
    if column == Column.INDICATOR:
        say(column, Doubt("name_shared", gettext("目標が%(count)dつあるので、指標を%(count)dつに分けました。名前をたしかめてください。") % {"count": count}))  # fmt: skip
        return [f"{text}（{_distinction(lead, index)}）" for index in range(count)]
    is_zero = (figure := read_target(text)).is_figure and figure.value == 0
    if column == Column.TARGET or (column == Column.BASELINE and not is_zero):
        words = gettext("%(head)sが1つだけです。%(count)dつの指標のどれにも同じものを付けました。")
        say(column, Doubt("one_for_all", words % {"head": gettext(HEADS[column]), "count": count}))
    return [text] * count


def _distinction(lead: Split, index: int) -> str:
    """The unit, where it tells the figures apart; else the mark."""
    units = [read_target(item.text).unit for item in lead.items]
    if len(set(units)) == len(units) and all(units):
        return units[index]
    return lead.items[index].mark or str(index + 1)


def _named(cells: Cells, text: str, say: Say) -> Cells:
    if cells[Column.INDICATOR]:
        return cells
    words = gettext("指標の名前が書かれていません。内容の文を名前にしました。")
    say(Column.INDICATOR, Doubt("name_missing", words))
    return {**cells, Column.INDICATOR: text[: LONGEST[Column.INDICATOR]] or gettext("名前のない指標")}


def _figures(cells: Cells, say: Say) -> Iterator[tuple[Cells, Target]]:
    """30万円/100名 are two indicators."""
    target = read_target(cells[Column.TARGET])
    before = read_target(cells[Column.BASELINE]).value
    falls = before is not None and target.value is not None and before > target.value
    for doubt in target.doubts:
        if not (falls and doubt.code == "at_most"):
            say(Column.TARGET, doubt)
    if not target.parts:
        yield cells, target
        return
    names = _names_of_parts(cells[Column.INDICATOR], target)
    baselines = _baselines_of_parts(cells[Column.BASELINE], target)
    for name, baseline, part in zip(names, baselines, target.parts, strict=True):
        for doubt in part.doubts:
            say(Column.TARGET, doubt)
        yield {**cells, Column.INDICATOR: name, Column.BASELINE: baseline}, part


def _names_of_parts(name: str, target: Target) -> list[str]:
    names = [part.strip() for part in BETWEEN.split(name) if part.strip()]
    if len(names) == len(target.parts):
        return names
    return [f"{name}（{part.unit or '%'}）" for part in target.parts]


def _baselines_of_parts(text: str, target: Target) -> list[str]:
    baseline = read_target(text)
    if len(baseline.parts) == len(target.parts):
        return [part.raw for part in baseline.parts]
    if baseline.is_figure and baseline.value == 0:  # nothing is nothing in every unit
        return [text if is_same_unit(part.unit, baseline.unit) else "0" for part in target.parts]
    return [text] * len(target.parts)


# --- one indicator ---------------------------------------------------------------------------------------------


def _indicator(row: int, cells: Cells, target: Target, period: Period, say: Say) -> DraftIndicator:
    name = cells[Column.INDICATOR]
    target = _counted_as(target, cells[Column.METHOD], say)
    baseline_unit = read_target(cells[Column.BASELINE])
    unit = target.unit or unit_in_name(name) or baseline_unit.unit
    if target.method != RATIO and target.is_figure and not target.unit and baseline_unit.method == RATIO:
        target = replace(target, method=RATIO)
    says_method = bool(target.method) and (target.method != STATE or cells[Column.METHOD] in LABELS)
    method, doubt = guess_method(name, target, unit)
    if doubt is not None:
        say(Column.TARGET, doubt)
    unit = "" if method in (STATE, PRESENCE) or (method == RATIO and unit in ("%", "％")) else unit
    if method in COUNTED and target.is_figure and not unit:
        words = gettext("単位が書かれていません（人、回、件など）。")
        say(Column.TARGET, Doubt("unit_missing", words))
    value, state = _held(target, say)
    baseline, baseline_state = _baseline(cells[Column.BASELINE], method, unit, say)
    due = read_due(cells[Column.DUE], period)
    for doubt in due.doubts:
        say(Column.DUE, doubt)
    return DraftIndicator(
        row=row,
        name=name,
        method=method,
        says_method=says_method,
        is_pooled=target.is_pooled,
        unit=unit,
        baseline=baseline,
        baseline_state=baseline_state,
        target_value=value,
        target_state=state,
        year_targets=_year_targets(target, method, baseline, period, say),
        due_on=due.on,
        due_note=due.note,
        verification=cells[Column.MEANS] if cells[Column.MEANS] not in NOTHING else "",
    )


def _counted_as(target: Target, label: str, say: Say) -> Target:
    """The column 数え方, when the table has one, settles it."""
    if not label:
        return target
    method = LABELS.get(label)
    if method is None:
        words = gettext(
            "数え方「%(label)s」が分かりません。合計・新規の実人数・最新値・割合・状態・有無のどれかにしてください。"
        )
        say(Column.METHOD, Doubt("method_unknown", words % {"label": label}))
        return target
    if method in (STATE, PRESENCE):
        return Target(target.raw, state=target.state or target.raw, method=method)
    return replace(target, method=method, is_pooled=label != LATEST_PAIR)


def _held(target: Target, say: Say) -> tuple[Decimal | None, str]:
    """What the database can hold of it; a figure that is too fine or too large stays in words."""
    if target.value is None:
        return None, target.state
    if not _fits(target.value):
        words = gettext("小数点以下が3桁より多いか、大きすぎる数です。目標状態として残しました。")
        say(Column.TARGET, Doubt("does_not_fit", words))
        return None, target.state or target.raw
    return target.value, target.state


def _fits(value: Decimal) -> bool:
    return abs(value) < LARGEST and value == value.quantize(Decimal("0.01"))


def _baseline(text: str, method: str, unit: str, say: Say) -> tuple[Decimal, str]:
    """A figure, or 0 and the words. Words are no doubt where the indicator itself is told in words."""
    read = read_target(text)
    if not read.raw or read.raw in NOTHING:
        return Decimal(0), ""
    if read.value is not None and method not in (STATE, PRESENCE) and _fits(read.value):
        _compare_units(read, method, unit, say)
        return read.value, "" if not read.state else read.state
    if method in (STATE, PRESENCE) and not (read.is_figure and read.value == 0 and not read.unit):
        return Decimal(0), read.state or read.raw
    if read.is_figure and not read.state and method in (STATE, PRESENCE):
        return Decimal(0), ""
    if read.raw in ABSENT:
        words = gettext("「%(text)s」を0として読みました。")
    else:
        words = gettext("「%(text)s」を数として読めませんでした。はじめの値は0とし、言葉は残してあります。")
    say(Column.BASELINE, Doubt("baseline_words", words % {"text": read.raw}))
    return Decimal(0), read.state or read.raw


def _compare_units(read: Target, method: str, unit: str, say: Say) -> None:
    if (read.method == RATIO) != (method == RATIO) and not (read.value == 0 and read.method != RATIO):
        words = gettext("初期値と目標値の、片方だけが割合（%）です。")
        say(Column.BASELINE, Doubt("units_differ", words))
    elif method != RATIO and read.unit and unit and not is_same_unit(read.unit, unit):
        words = gettext("初期値の単位「%(before)s」が、目標値の単位「%(after)s」と違います。")
        say(Column.BASELINE, Doubt("units_differ", words % {"before": read.unit, "after": unit}))
    for doubt in read.doubts:
        say(Column.BASELINE, doubt)


def _year_targets(
    target: Target, method: str, baseline: Decimal, period: Period, say: Say
) -> tuple[tuple[int, Decimal], ...]:
    """What each fiscal year adds; a stock or a ratio is told as it stands at the end of the year."""
    told: list[tuple[int, Decimal]] = []
    before = baseline
    for figure in target.years:
        year, value = figure.fiscal_year(period.first_year), figure.value
        if figure.is_cumulative and method in ("sum", "new_unique"):
            value, before = value - before, value
        told.append((year, value))
    if any(not period.first_year <= year <= period.last_year for year, _value in told):
        words = gettext("助成の期間にない年度の目標があります。")
        say(Column.TARGET, Doubt("year_outside", words))
    return tuple((year, value) for year, value in told if _fits(value))
