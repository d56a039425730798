"""What was understood of a table, row by row: as data for programs, and as lines for a terminal."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from core.figures import format_figure
from core.months import fiscal_year_label
from grants.models import Indicator
from grants.plan_import.comparison import Comparison
from grants.plan_import.draft import DraftIndicator, Remark
from grants.plan_import.table import SourceRow, SourceTable
from grants.plan_text.headings import HEADS, KIND_LABELS
from grants.plan_text.numbering import number_label


def plan_as_data(comparison: Comparison, table: SourceTable) -> dict[str, Any]:
    """The keys are documented in docs/operations.md and stay; figures are numbers, days and months ISO texts."""
    return {
        "columns": [
            {"head": h.words, "column": h.column.value if h.column else None} for h in table.headings
        ],
        "left_out": [
            {"row": row.at, "cells": [cell for cell in row.cells if cell]} for row in table.left_out
        ],
        "notes": [{"code": doubt.code, "text": doubt.words} for doubt in table.doubts],
        "rows": [_row(comparison, index, row) for index, row in enumerate(table.rows)],
        "changes": [
            {
                "kind": change.kind.value,
                "act": change.act.value,
                "place": change.place,
                "aspect": change.aspect,
                "before": change.before,
                "after": change.after,
            }
            for change in comparison.changes
        ],
        "doubts": len(comparison.doubts),
        "problems": len(comparison.problems),
    }


def _row(comparison: Comparison, index: int, row: SourceRow) -> dict[str, Any]:
    draft, reading = comparison.draft, comparison.draft.rows[index]
    return {
        "row": row.at,
        "kind": reading.kind.value if reading.kind else None,
        "number": reading.label,
        "cells": {column.value: text for column, text in row.cells.items()},
        "boxes": list(_boxes(comparison, index)),
        "indicators": [_indicator(one) for one in draft.indicators() if one.row == index],
        "verdicts": comparison.verdicts(index),
        "doubts": [_remark(remark) for remark in comparison.doubts if remark.row == index],
        "problems": [_remark(remark) for remark in comparison.problems if remark.row == index],
    }


def _boxes(comparison: Comparison, index: int) -> Iterator[dict[str, Any]]:
    """What begins in this row, with where it leads to."""
    draft = comparison.draft
    for long_term in draft.long_term:
        if long_term.row == index:
            yield _box("long_term", number_label((long_term.number,)), long_term.text, ())
    for outcome in draft.outcomes:
        if outcome.row == index:
            links = [number_label((number,)) for number in outcome.leads_to or ()]
            yield _box("outcome", number_label((outcome.number,)), outcome.text, links)
    for output in draft.outputs:
        if output.row == index:
            served = [*([output.under] if output.under else []), *(output.also or ())]
            yield _box("output", number_label(output.path), output.text, [number_label((n,)) for n in served])
    for activity in draft.activities:
        if activity.row == index:
            links = [number_label(path) for path in activity.produces or ()]
            yield {**_box("activity", str(activity.number), activity.text, links), "period": activity.period}


def _box(kind: str, number: str, text: str, links: Sequence[str]) -> dict[str, Any]:
    return {"kind": kind, "number": number, "text": text, "links": list(links)}


def _indicator(one: DraftIndicator) -> dict[str, Any]:
    return {
        "name": one.name,
        "method": one.method,
        "method_is_guessed": not one.says_method,
        "unit": one.value_unit,
        "baseline": number_of(one.baseline),
        "baseline_state": one.baseline_state,
        "target": number_of(one.target_value),
        "target_state": one.target_state,
        "year_targets": [
            {"fiscal_year": year, "target": number_of(value)} for year, value in one.year_targets
        ],
        "due_on": one.due_on.isoformat() if one.due_on else None,
        "due_note": one.due_note,
        "means": one.verification,
    }


def number_of(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _remark(remark: Remark) -> dict[str, str]:
    return {"column": remark.column.value, "code": remark.doubt.code, "text": remark.doubt.words}


# --- lines -----------------------------------------------------------------------------------------------------


def plan_as_lines(comparison: Comparison, table: SourceTable) -> Iterator[str]:
    for row in table.left_out:
        words = "　".join(cell for cell in row.cells if cell)
        yield gettext("%(row)s行: 見出しより上なので読みません　%(words)s") % {"row": row.at, "words": words}
    yield from (f"？ {doubt.words}" for doubt in table.doubts)
    for index, source in enumerate(table.rows):
        yield from _lines_of_row(comparison, index, source)
    if comparison.has_plan:
        yield ""
        yield gettext("いまの計画から変わるところ")
        for change in comparison.changes:
            moved = f"{change.before or '－'} → {change.after or '－'}".replace("\n", "　")
            yield f"  [{change.kind.label}] {change.place}　{change.aspect}: {moved}"


def _lines_of_row(comparison: Comparison, index: int, source: SourceRow) -> Iterator[str]:
    row = _row(comparison, index, source)
    yield gettext("%(row)s行") % {"row": source.at} + (f"　{row['number']}" if not row["boxes"] else "")
    for box in row["boxes"]:
        label = gettext(KIND_LABELS[box["kind"]])
        links = f" → {'、'.join(box['links'])}" if box["links"] else ""
        text = box["text"].replace("\n", "　")
        period = f"（{box['period']}）" if box.get("period") else ""
        yield f"    {label} {box['number']}{links}　{text}{period}"
    for one in comparison.draft.indicators():
        if one.row == index:
            yield f"    {gettext('指標')} {_in_words(one)}"
    for remark in (*comparison.problems, *comparison.doubts):
        if remark.row == index:
            sign = "✕" if remark.is_problem else "？"
            cell = source[remark.column].replace("\n", "　")
            yield f"    {sign} {gettext(HEADS[remark.column])}「{cell}」: {remark.doubt.words}"
    if other := source.cells.get(_OTHER):
        yield gettext("    取り込みの記録にだけ残る言葉　%(words)s") % {"words": other.replace("\n", "　")}


_OTHER = list(HEADS)[-1]


def _in_words(one: DraftIndicator) -> str:
    """訪問の回数　合計　0回 → 96回（2024-01-31まで、日誌）"""
    parts = [one.name, str(Indicator.Method(one.method).label)]
    if one.target_value is not None:
        unit = one.value_unit
        parts.append(f"{format_figure(one.baseline)}{unit} → {format_figure(one.target_value)}{unit}")
    if one.target_state:
        parts.append(gettext("目標状態「%(text)s」") % {"text": one.target_state})
    if one.baseline_state:
        parts.append(gettext("はじめの状態「%(text)s」") % {"text": one.baseline_state})
    parts += [
        f"{fiscal_year_label(year)} {format_figure(value)}{one.value_unit}"
        for year, value in one.year_targets
    ]
    if one.due_on:
        parts.append(gettext("%(day)sまで") % {"day": one.due_on.isoformat()})
    parts += [text for text in (one.due_note, one.verification) if text]
    return "　".join(parts).replace("\n", "　")
