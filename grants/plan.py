"""The logic model as it holds in one month: plain frozen values that a page, a PDF and a snapshot can share."""

import datetime
import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from core.digits import circled
from core.figures import format_figure
from core.months import fiscal_year_label, month_label
from grants.models import Indicator


@dataclass(frozen=True, slots=True)
class IndicatorPlan:
    id: int
    name: str
    method: str
    ratio_is_pooled: bool
    unit: str
    baseline: Decimal
    target_value: Decimal | None
    target_state: str
    due_on: datetime.date | None
    verification: str
    since: datetime.date  # the month of its first version: earlier months owe no figure
    year_targets: tuple[tuple[int, Decimal], ...]  # fiscal year, target
    baseline_state: str = ""  # snapshots from before these were kept do not have them
    due_note: str = ""
    replaces: int | None = None  # the indicator whose place it took; its own total starts anew
    replaces_name: str = field(default="", compare=False)  # its last name; older snapshots do not have it

    @property
    def key(self) -> str:
        """Its id as an address writes it."""
        return str(self.id)

    @property
    def mark(self) -> str:
        return mark_of(self)

    @property
    def is_counted(self) -> bool:
        """One number a month."""
        return self.method in (Indicator.Method.SUM, Indicator.Method.NEW_UNIQUE, Indicator.Method.LATEST)

    @property
    def value_unit(self) -> str:
        """The unit of its value, target and baseline: a ratio's are percents, `unit` counts its two parts."""
        return "%" if self.method == Indicator.Method.RATIO else self.unit

    @property
    def entered_unit(self) -> str:
        return unit_entered(self.method, self.unit)

    @property
    def replaced(self) -> str:
        """What it took the place of, as a sentence for page and paper; empty for most."""
        if not self.replaces_name:
            return ""
        return gettext("「%(name)s」にかわり、%(month)sから新しく数えています") % {
            "name": self.replaces_name,
            "month": month_label(self.since),
        }

    @property
    def method_label(self) -> str:
        return str(Indicator.Method(self.method).label)

    @property
    def years_in_words(self) -> str:
        """2022年度 30回、2023年度 55回"""
        return gettext("、").join(
            f"{fiscal_year_label(year)} {format_figure(value)}{self.value_unit}"
            for year, value in self.year_targets
        )

    def year_target(self, fiscal_year: int) -> Decimal | None:
        return dict(self.year_targets).get(fiscal_year)


def unit_entered(method: str, unit: str) -> str:
    """The unit of the numbers typed; a ratio whose unit is % counts something that has no name."""
    return "" if method == Indicator.Method.RATIO and unit in ("%", "％") else unit


@dataclass(frozen=True, slots=True)
class LongTermOutcomePlan:
    id: int
    text: str


@dataclass(frozen=True, slots=True)
class OutcomePlan:
    id: int
    number: int
    text: str
    short_text: str
    leads_to: tuple[int, ...]
    indicators: tuple[IndicatorPlan, ...]

    @property
    def label(self) -> str:
        return circled(self.number)

    @property
    def brief(self) -> str:
        return self.short_text or self.text


@dataclass(frozen=True, slots=True)
class ContributionPlan:
    outcome_id: int
    is_first: bool
    reason: str


@dataclass(frozen=True, slots=True)
class OutputPlan:
    id: int
    number: int
    text: str
    short_text: str
    contributions: tuple[ContributionPlan, ...]
    indicators: tuple[IndicatorPlan, ...]

    @property
    def first_outcome_id(self) -> int | None:
        """The outcome it stands under; None when nobody has said which it serves first."""
        return next((c.outcome_id for c in self.contributions if c.is_first), None)

    @property
    def brief(self) -> str:
        return self.short_text or self.text

    def serves(self, outcome_id: int) -> bool:
        return any(c.outcome_id == outcome_id for c in self.contributions)


@dataclass(frozen=True, slots=True)
class ActivityPlan:
    id: int
    text: str
    produces: tuple[int, ...]
    period: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """Of a draft what is new has a negative id. The order of the tuples is that of the page."""

    month: datetime.date
    long_term: tuple[LongTermOutcomePlan, ...]
    outcomes: tuple[OutcomePlan, ...]
    outputs: tuple[OutputPlan, ...]
    activities: tuple[ActivityPlan, ...]

    def outcome(self, pk: int) -> OutcomePlan | None:
        return next((outcome for outcome in self.outcomes if outcome.id == pk), None)

    def outputs_under(self, outcome_id: int | None) -> list[OutputPlan]:
        """The outputs that stand under this outcome on paper; None asks for those under no outcome of this plan."""
        known = {outcome.id for outcome in self.outcomes}
        wanted = {outcome_id} if outcome_id is not None else None
        return [
            output
            for output in self.outputs
            if (output.first_outcome_id in wanted if wanted else output.first_outcome_id not in known)
        ]

    def outputs_serving(self, outcome_id: int) -> list[OutputPlan]:
        return [output for output in self.outputs if output.serves(outcome_id)]

    def output_label(self, output: OutputPlan) -> str:
        """①-1: the outcome it serves first, then its own number."""
        first = output.first_outcome_id
        outcome = self.outcome(first) if first is not None else None
        return f"{outcome.label}-{output.number}" if outcome else f"－{output.number}"

    def also_serves(self, output: OutputPlan) -> list[OutcomePlan]:
        return [o for o in self.outcomes if output.serves(o.id) and o.id != output.first_outcome_id]

    def indicators(self) -> Iterator[IndicatorPlan]:
        """In the order of the paper: the outcomes', then the outputs' under their outcome."""
        for outcome in self.outcomes:
            yield from outcome.indicators
        yield from self.output_indicators()

    def output_indicators(self) -> Iterator[IndicatorPlan]:
        for group in [*(o.id for o in self.outcomes), None]:
            for output in self.outputs_under(group):
                yield from output.indicators

    def to_json(self) -> dict[str, Any]:
        return _jsonable(asdict(self))  # type: ignore[no-any-return]

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Plan":
        return cls(
            month=_day(data["month"]),
            long_term=tuple(LongTermOutcomePlan(**row) for row in data["long_term"]),
            outcomes=tuple(
                OutcomePlan(
                    **{
                        **row,
                        "leads_to": tuple(row["leads_to"]),
                        "indicators": tuple(_indicator_from_json(i) for i in row["indicators"]),
                    }
                )
                for row in data["outcomes"]
            ),
            outputs=tuple(
                OutputPlan(
                    **{
                        **row,
                        "contributions": tuple(ContributionPlan(**c) for c in row["contributions"]),
                        "indicators": tuple(_indicator_from_json(i) for i in row["indicators"]),
                    }
                )
                for row in data["outputs"]
            ),
            activities=tuple(
                ActivityPlan(**{**row, "produces": tuple(row["produces"])}) for row in data["activities"]
            ),
        )


def _jsonable(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _jsonable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_jsonable(inner) for inner in value]
    if isinstance(value, datetime.date | Decimal):
        return str(value)
    return value


def mark_of(part: Any) -> str:
    """Tells one state of a box or an indicator from another: what a page showed from what stands by now."""
    told = json.dumps(_jsonable(asdict(part)), sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def _indicator_from_json(row: dict[str, Any]) -> IndicatorPlan:
    return IndicatorPlan(
        **{
            **row,
            "baseline": Decimal(row["baseline"]),
            "target_value": None if row["target_value"] is None else Decimal(row["target_value"]),
            "due_on": None if row["due_on"] is None else _day(row["due_on"]),
            "since": _day(row["since"]),
            "year_targets": tuple((year, Decimal(value)) for year, value in row["year_targets"]),
        }
    )
