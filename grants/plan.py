"""The logic model as it holds in one month: plain frozen values that a page, a PDF and a snapshot can share."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from core.digits import circled
from grants.models import (
    ActivityVersion,
    Contribution,
    Grant,
    Indicator,
    IndicatorVersion,
    LongTermOutcomeVersion,
    OutputVersion,
    ShortTermOutcomeVersion,
    YearTarget,
)
from grants.models.logic import Version


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
        """The unit of the numbers typed; a ratio whose unit is % counts something that has no name."""
        return "" if self.method == Indicator.Method.RATIO and self.unit in ("%", "％") else self.unit

    @property
    def method_label(self) -> str:
        return str(Indicator.Method(self.method).label)

    def year_target(self, fiscal_year: int) -> Decimal | None:
        return dict(self.year_targets).get(fiscal_year)


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


@dataclass(frozen=True, slots=True)
class Plan:
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


def plan_in_force(grant: Grant, month: datetime.date) -> Plan:
    """The plan of the month, in nine queries however large it is."""
    indicators = _indicators_by_place(grant, month)
    long_term = _latest(
        LongTermOutcomeVersion.objects.filter(_holds("outcome", month), outcome__grant=grant), "outcome_id"
    )
    outcomes = _latest(
        ShortTermOutcomeVersion.objects.filter(
            _holds("outcome", month), outcome__grant=grant
        ).prefetch_related("leads_to"),
        "outcome_id",
    )
    outputs = _latest(OutputVersion.objects.filter(_holds("output", month), output__grant=grant), "output_id")
    activities = _latest(
        ActivityVersion.objects.filter(_holds("activity", month), activity__grant=grant).prefetch_related(
            "produces"
        ),
        "activity_id",
    )
    contributions: dict[int, list[ContributionPlan]] = defaultdict(list)
    for edge in Contribution.objects.filter(version__in=[v.pk for v in outputs]):
        contributions[edge.version_id].append(ContributionPlan(edge.outcome_id, edge.is_first, edge.reason))
    return Plan(
        month=month,
        long_term=tuple(LongTermOutcomePlan(v.outcome_id, v.text) for v in long_term),
        outcomes=tuple(
            OutcomePlan(
                id=v.outcome_id,
                number=v.position,
                text=v.text,
                short_text=v.short_text,
                leads_to=tuple(sorted(o.pk for o in v.leads_to.all())),
                indicators=tuple(indicators["outcome", v.outcome_id]),
            )
            for v in outcomes
        ),
        outputs=tuple(
            OutputPlan(
                id=v.output_id,
                number=v.position,
                text=v.text,
                short_text=v.short_text,
                contributions=tuple(contributions[v.pk]),
                indicators=tuple(indicators["output", v.output_id]),
            )
            for v in outputs
        ),
        activities=tuple(
            ActivityPlan(v.activity_id, v.text, tuple(sorted(o.pk for o in v.produces.all())))
            for v in activities
        ),
    )


def _holds(identity: str, month: datetime.date) -> Q:
    return Q(valid_from__lte=month) & (
        Q(**{f"{identity}__retired_from__isnull": True}) | Q(**{f"{identity}__retired_from__gt": month})
    )


V = TypeVar("V", bound=Version)


def _latest(versions: QuerySet[V], identity: str) -> list[V]:
    return _in_force(versions.order_by("valid_from"), identity)


def _in_force(versions: Iterable[V], identity: str) -> list[V]:
    """Of each identity the last of the versions, which come by month; in the order of their positions."""
    latest = {getattr(version, identity): version for version in versions}
    return sorted(latest.values(), key=lambda version: (version.position, version.pk))  # type: ignore[attr-defined]


def _indicators_by_place(grant: Grant, month: datetime.date) -> dict[tuple[str, int], list[IndicatorPlan]]:
    versions = list(
        IndicatorVersion.objects.filter(_holds("indicator", month), indicator__grant=grant)
        .select_related("indicator")
        .order_by("valid_from")
    )
    since: dict[int, datetime.date] = {}
    for version in versions:
        since.setdefault(version.indicator_id, version.valid_from)
    latest = _in_force(versions, "indicator_id")
    year_targets: dict[int, list[tuple[int, Decimal]]] = defaultdict(list)
    for target in YearTarget.objects.filter(version__in=[v.pk for v in latest]):
        year_targets[target.version_id].append((target.fiscal_year, target.target_value))
    by_place: dict[tuple[str, int], list[IndicatorPlan]] = defaultdict(list)
    for version in latest:
        indicator = version.indicator
        place = ("outcome", indicator.outcome_id) if indicator.outcome_id else ("output", indicator.output_id)
        by_place[place].append(  # type: ignore[index]
            IndicatorPlan(
                id=indicator.pk,
                name=version.name,
                method=indicator.method,
                ratio_is_pooled=indicator.ratio_is_pooled,
                unit=version.unit,
                baseline=version.baseline,
                target_value=version.target_value,
                target_state=version.target_state,
                due_on=version.due_on,
                verification=version.verification,
                since=since[indicator.pk],
                year_targets=tuple(year_targets[version.pk]),
            )
        )
    return by_place


def _jsonable(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _jsonable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_jsonable(inner) for inner in value]
    if isinstance(value, datetime.date | Decimal):
        return str(value)
    return value


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
