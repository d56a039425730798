"""訂正の記録: what was changed in a sheet after it had been closed once, from the history of its rows."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from accounts.models import User
from core.figures import format_figure
from core.money import yen
from grants.models import Expenditure, Purpose
from mentoring.models import CostReview, Figure, OutcomeChange, Presence, ProgressSheet, ProgressWord
from mentoring.reading import SheetReading
from mentoring.services.entry import CORRECTION

FIGURE_PARTS = ("value", "numerator", "denominator", "step", "sentence", "presence", "note")


@dataclass(frozen=True, slots=True)
class Correction:
    at: datetime.datetime
    by: User | None
    what: str
    before: str
    after: str


def corrections_of(sheet: ProgressSheet, reading: SheetReading) -> list[Correction]:
    """Latest first. Four queries."""
    names = _names(reading)
    found: list[Correction] = []
    spent = Expenditure.history.filter(grant=sheet.grant_id, month=sheet.month)
    for history, key, parts in (
        (Figure.history.filter(sheet=sheet), "indicator_id", FIGURE_PARTS),
        (OutcomeChange.history.filter(sheet=sheet), "outcome_id", ("text",)),
        (CostReview.history.filter(sheet=sheet), "purpose", ("status", "consultation")),
        (spent, "purpose", ("amount_yen",)),
    ):
        found += _differences(
            history.order_by("id", "history_id").select_related("history_user"), key, parts, names
        )
    return sorted(found, key=lambda correction: correction.at, reverse=True)


def _differences(
    records: Iterable[Any], key: str, parts: tuple[str, ...], names: dict[tuple[str, Any], str]
) -> Iterator[Correction]:
    before: Any = None
    for record in records:
        if before is not None and before.id != record.id:
            before = None
        if record.history_change_reason == CORRECTION:
            for groups in _together(parts):
                old = _words([getattr(before, part, None) for part in groups], groups)
                new = _words([getattr(record, part) for part in groups], groups)
                if old != new:
                    what = names.get((key, getattr(record, key)), gettext("いまの計画にない行"))
                    what = _qualified(what, groups[0])
                    yield Correction(record.history_date, record.history_user, what, old, new)
        before = record


def _together(parts: tuple[str, ...]) -> list[tuple[str, ...]]:
    """A ratio's two numbers change as one."""
    pairs = [("numerator", "denominator")] if "numerator" in parts else []
    return [*pairs, *((part,) for part in parts if part not in ("numerator", "denominator"))]


def _words(values: list[Any], parts: tuple[str, ...]) -> str:
    choices = {"step": ProgressWord, "presence": Presence, "status": CostReview.Status}.get(parts[0])
    texts = []
    for value in values:
        if value in (None, ""):
            continue
        if parts == ("amount_yen",):
            texts.append(yen(value))
        elif choices is not None:
            texts.append(str(choices(value).label))
        else:
            texts.append(format_figure(value) if isinstance(value, Decimal) else str(value))
    return "／".join(texts) or gettext("未入力")


def _qualified(what: str, part: str) -> str:
    """A row has several cells; its remark and its words say which one."""
    suffix = {
        "note": gettext("備考"),
        "consultation": gettext("確認・相談など"),
        "status": gettext("ようす"),
        "amount_yen": gettext("支出"),
    }.get(part)
    return f"{what} {suffix}" if suffix else what


def _names(reading: SheetReading) -> dict[tuple[str, Any], str]:
    names: dict[tuple[str, Any], str] = {}
    for block in reading.outcomes:
        names["outcome_id", block.plan.id] = gettext("%(outcome)sのひとこと") % {"outcome": block.plan.label}
        for row in block.rows:
            names["indicator_id", row.plan.id] = f"{block.plan.label} {row.plan.name}"
    for group in reading.output_groups:
        for output in group.outputs:
            for row in output.rows:
                names["indicator_id", row.plan.id] = f"{output.label} {row.plan.name}"
    for purpose in Purpose:
        names["purpose", purpose.value] = str(purpose.label)
    return names
