"""訂正の記録: what was changed in a sheet after it had been closed once, from the history of its rows."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext

from accounts.models import User
from core.figures import format_figure
from core.money import yen
from grants.models import Expenditure, Purpose
from mentoring.models import (
    CostReview,
    Figure,
    OutcomeChange,
    OutcomeReview,
    Presence,
    ProgressSheet,
    ProgressWord,
)
from mentoring.reading import SheetReading
from mentoring.services.entry import CORRECTION

FIGURE_PARTS = ("value", "numerator", "denominator", "step", "sentence", "presence", "note", "progress")
FREE_WORDS = ("note", "sentence", "text", "consultation")
CHOICES: dict[str, type[TextChoices]] = {
    "step": ProgressWord,
    "progress": ProgressWord,
    "presence": Presence,
    "status": CostReview.Status,
    "word": OutcomeReview.Word,
}


@dataclass(frozen=True, slots=True)
class Correction:
    at: datetime.datetime
    by: User | None
    what: str
    before: str
    after: str
    is_text: bool = False  # free words, which a mail does not repeat


def corrections_of(sheet: ProgressSheet, reading: SheetReading) -> list[Correction]:
    """Latest first. Five queries."""
    names = _names(reading)
    found: list[Correction] = []
    for kind, key, parts, history in (
        ("figure", "indicator_id", FIGURE_PARTS, Figure.history.filter(sheet=sheet)),
        ("change", "outcome_id", ("text",), OutcomeChange.history.filter(sheet=sheet)),
        ("review", "outcome_id", ("word", "sentence"), OutcomeReview.history.filter(sheet=sheet)),
        ("cost", "purpose", ("status", "consultation"), CostReview.history.filter(sheet=sheet)),
        (
            "cost",
            "purpose",
            ("amount_yen",),
            Expenditure.history.filter(grant=sheet.grant_id, month=sheet.month),
        ),
    ):
        records = history.order_by("id", "history_id").select_related("history_user")
        for record, group, before, after in _differences(records, parts):
            what = names.get((kind, getattr(record, key)), gettext("いまの計画にない行"))
            found.append(
                Correction(
                    record.history_date,
                    record.history_user,
                    _qualified(what, group[0]),
                    before,
                    after,
                    is_text=group[0] in FREE_WORDS,
                )
            )
    return sorted(found, key=lambda correction: correction.at, reverse=True)


def _differences(
    records: Iterable[Any], parts: tuple[str, ...]
) -> Iterator[tuple[Any, tuple[str, ...], str, str]]:
    """Of records that come row by row in their order: the corrections, what they changed, from and to."""
    before: Any = None
    for record in records:
        if before is not None and before.id != record.id:
            before = None
        if record.history_change_reason == CORRECTION:
            for group in _together(parts):
                old = _words([getattr(before, part, None) for part in group], group)
                new = _words([getattr(record, part) for part in group], group)
                if old != new:
                    yield record, group, old, new
        before = record


def _together(parts: tuple[str, ...]) -> list[tuple[str, ...]]:
    """A ratio's two numbers change as one."""
    pairs = [("numerator", "denominator")] if "numerator" in parts else []
    return [*pairs, *((part,) for part in parts if part not in ("numerator", "denominator"))]


def _words(values: list[Any], parts: tuple[str, ...]) -> str:
    choices = CHOICES.get(parts[0])
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
        "progress": gettext("進み具合（面談）"),
        "consultation": gettext("確認・相談など"),
        "status": gettext("ようす"),
        "amount_yen": gettext("支出"),
    }.get(part)
    return f"{what} {suffix}" if suffix else what


def _names(reading: SheetReading) -> dict[tuple[str, Any], str]:
    names: dict[tuple[str, Any], str] = {}
    for block in reading.outcomes:
        outcome = {"outcome": block.plan.label}
        names["change", block.plan.id] = gettext("%(outcome)sのひとこと") % outcome
        names["review", block.plan.id] = gettext("%(outcome)sのつながり") % outcome
        for row in block.rows:
            names["figure", row.plan.id] = f"{block.plan.label} {row.plan.name}"
    for group in reading.output_groups:
        for output in group.outputs:
            for row in output.rows:
                names["figure", row.plan.id] = f"{output.label} {row.plan.name}"
    for purpose in Purpose:
        names["cost", purpose.value] = str(purpose.label)
    return names
