"""The logic model as it holds in one month: plain frozen values that a page, a PDF and a snapshot can share."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, DateField, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast

from core.digits import circled
from core.prepared import Given, Prepared
from grants.models import (
    ActivityVersion,
    Contribution,
    Grant,
    Indicator,
    IndicatorVersion,
    LongTermOutcomeVersion,
    OutputVersion,
    ShortTermOutcomeVersion,
)


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
    def method_label(self) -> str:
        return str(Indicator.Method(self.method).label)

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


@dataclass(frozen=True, slots=True)
class PlanReading:
    """The plan of a month, and since which month each link and each outcome has stood in a plan."""

    plan: Plan
    edges_since: dict[tuple[int, int], datetime.date]  # output, outcome
    outcomes_since: dict[int, datetime.date]


def plan_in_force(grant: Grant, month: datetime.date) -> Plan:
    """The plan of the month. Three queries, however large it is."""
    return read_plan(grant, month).plan


def read_plan(grant: Grant, month: datetime.date) -> PlanReading:
    """Three queries: the wordings, the edges, the indicators with their yearly targets."""
    wordings = _wordings(grant.pk, month)
    edges = _edges(grant.pk, month)
    latest = {box: _in_force(rows) for box, rows in wordings.items()}
    indicators = _indicators_by_place(grant.pk, month)
    plan = Plan(
        month=month,
        long_term=tuple(LongTermOutcomePlan(w.id, w.text) for w in latest[Box.LONG_TERM]),
        outcomes=tuple(
            OutcomePlan(
                id=w.id,
                number=w.position,
                text=w.text,
                short_text=w.aside,
                leads_to=tuple(sorted(edge.to for edge in edges[w.version])),
                indicators=tuple(indicators[Box.OUTCOME, w.id]),
            )
            for w in latest[Box.OUTCOME]
        ),
        outputs=tuple(
            OutputPlan(
                id=w.id,
                number=w.position,
                text=w.text,
                short_text=w.aside,
                contributions=tuple(
                    ContributionPlan(edge.to, edge.is_first, edge.reason) for edge in edges[w.version]
                ),
                indicators=tuple(indicators[Box.OUTPUT, w.id]),
            )
            for w in latest[Box.OUTPUT]
        ),
        activities=tuple(
            ActivityPlan(w.id, w.text, tuple(sorted(edge.to for edge in edges[w.version])), w.aside)
            for w in latest[Box.ACTIVITY]
        ),
    )
    edges_since: dict[tuple[int, int], datetime.date] = {}
    for wording in wordings[Box.OUTPUT]:
        for edge in edges[wording.version]:
            edges_since.setdefault((wording.id, edge.to), wording.valid_from)
    outcomes_since = {w.id: w.valid_from for w in reversed(wordings[Box.OUTCOME])}
    return PlanReading(plan, edges_since, outcomes_since)


class Box(StrEnum):
    """What stands in the plan beside its indicators."""

    LONG_TERM = "long_term"
    OUTCOME = "outcome"
    OUTPUT = "output"
    ACTIVITY = "activity"


VersionKey = tuple[str, int]  # the kind of box, the version's id


class _Wording(NamedTuple):
    version: VersionKey
    id: int
    position: int
    text: str
    aside: str  # its short words; of an activity its period
    valid_from: datetime.date


class _Edge(NamedTuple):
    to: int
    is_first: bool
    reason: str


Month = datetime.date | OuterRef | Given


def indicators_in_force(month: Month) -> "QuerySet[IndicatorVersion]":
    """Every wording up to `month` of the indicators which that month's plan has; the newest is the one that holds.

    A wording comes once for each wording of the outcome or output that its indicator belongs to.
    """
    place = _stands("indicator__outcome", month) | _stands("indicator__output", month)
    return IndicatorVersion.objects.filter(_holds("indicator", month) & place)


def outcomes_in_force(month: Month) -> "QuerySet[ShortTermOutcomeVersion]":
    """Every wording up to `month` of the short-term outcomes which that month's plan has."""
    return ShortTermOutcomeVersion.objects.filter(_holds("outcome", month))


def _holds(identity: str, month: Month) -> Q:
    return Q(valid_from__lte=month) & _is_there(identity, month)


def _stands(identity: str, month: Month) -> Q:
    """The same, asked of what belongs to it."""
    return Q(**{f"{identity}__versions__valid_from__lte": month}) & _is_there(identity, month)


def _is_there(identity: str, month: Month) -> Q:
    return Q(**{f"{identity}__retired_from__isnull": True}) | Q(**{f"{identity}__retired_from__gt": month})


# Pages that show a plan ask these three with every request (core.prepared).
GRANT, MONTH = Given("grant", BigIntegerField()), Given("month", DateField())


def _wordings_of_grant() -> "QuerySet[Any, Any]":
    queries = [
        versions.filter(_holds(identity, MONTH), **{f"{identity}__grant": GRANT})
        .order_by()
        .annotate(box=_text(box), aside=aside)
        .values_list("box", "pk", f"{identity}_id", "position", "text", "aside", "valid_from")
        for box, versions, identity, aside in (
            (Box.LONG_TERM, LongTermOutcomeVersion.objects, "outcome", _text("")),
            (Box.OUTCOME, ShortTermOutcomeVersion.objects, "outcome", Cast("short_text", TextField())),
            (Box.OUTPUT, OutputVersion.objects, "output", Cast("short_text", TextField())),
            (Box.ACTIVITY, ActivityVersion.objects, "activity", Cast("period", TextField())),
        )
    ]
    return queries[0].union(*queries[1:], all=True)


WORDINGS = Prepared(_wordings_of_grant)


def _wordings(grant_id: int, month: datetime.date) -> dict[Box, list[_Wording]]:
    """Every wording up to the month of the boxes that are still there, the oldest first. One query."""
    by_box: dict[Box, list[_Wording]] = {box: [] for box in Box}
    for box, pk, *wording in WORDINGS.rows(grant=grant_id, month=month):
        by_box[Box(box)].append(_Wording((box, pk), *wording))
    for wordings in by_box.values():
        wordings.sort(key=lambda wording: (wording.valid_from, wording.version))
    return by_box


def _in_force(wordings: Iterable[_Wording]) -> list[_Wording]:
    """Of each box the last of its wordings, which come by month; in the order of their positions."""
    latest = {wording.id: wording for wording in wordings}
    return sorted(latest.values(), key=lambda wording: (wording.position, wording.id))


def _edges_of_grant() -> "QuerySet[Any, Any]":
    leads_to, produces = ShortTermOutcomeVersion.leads_to.through, ActivityVersion.produces.through
    serves = (
        Contribution.objects.filter(version__output__grant=GRANT, version__valid_from__lte=MONTH)
        .order_by()
        .annotate(box=_text(Box.OUTPUT))
        .values_list("box", "version_id", "pk", "outcome_id", "is_first", "reason")
    )
    plain = [
        through.objects.filter(**{f"{name}__{identity}__grant": GRANT, f"{name}__valid_from__lte": MONTH})
        .annotate(box=_text(box), is_first=Value(False), reason=_text(""))
        .values_list("box", f"{name}_id", "pk", f"{to}_id", "is_first", "reason")
        for box, through, name, identity, to in (
            (Box.OUTCOME, leads_to, "shorttermoutcomeversion", "outcome", "longtermoutcome"),
            (Box.ACTIVITY, produces, "activityversion", "activity", "output"),
        )
    ]
    return serves.union(*plain, all=True)


EDGES = Prepared(_edges_of_grant)


def _edges(grant_id: int, month: datetime.date) -> dict[VersionKey, list[_Edge]]:
    """The arrows that leave each wording up to the month, to the box it serves first before the others. One query."""
    rows = sorted(EDGES.rows(grant=grant_id, month=month), key=lambda row: (not row[4], row[2]))
    leaving: dict[VersionKey, list[_Edge]] = defaultdict(list)
    for box, version, _pk, to, is_first, reason in rows:
        leaving[box, version].append(_Edge(to, bool(is_first), reason))
    return leaving


def _text(words: str) -> Value:
    return Value(str(words), output_field=TextField())


class _IndicatorRow(NamedTuple):
    """A version of an indicator and one of its yearly targets; the version's only row when it has none."""

    grant_id: int
    outcome_id: int | None
    output_id: int | None
    id: int
    method: str
    ratio_is_pooled: bool
    replaces: int | None
    version: int
    valid_from: datetime.date
    position: int
    name: str
    unit: str
    baseline: Decimal
    baseline_state: str
    target_value: Decimal | None
    target_state: str
    due_on: datetime.date | None
    due_note: str
    verification: str
    year: int | None
    year_target: Decimal
    replaces_name: str | None

    @property
    def place(self) -> tuple[Box, int]:
        """The box that it belongs to."""
        return (
            (Box.OUTPUT, self.output_id or 0) if self.outcome_id is None else (Box.OUTCOME, self.outcome_id)
        )


def _indicator_rows(month: Month, **of: Any) -> "QuerySet[IndicatorVersion, tuple[Any, ...]]":
    replaced = IndicatorVersion.objects.filter(indicator=OuterRef("indicator__replaces"))
    return (
        IndicatorVersion.objects.filter(_holds("indicator", month), **of)
        .order_by("valid_from", "year_targets__fiscal_year")
        .values_list(
            "indicator__grant_id",
            "indicator__outcome_id",
            "indicator__output_id",
            "indicator_id",
            "indicator__method",
            "indicator__ratio_is_pooled",
            "indicator__replaces_id",
            "pk",
            "valid_from",
            "position",
            "name",
            "unit",
            "baseline",
            "baseline_state",
            "target_value",
            "target_state",
            "due_on",
            "due_note",
            "verification",
            "year_targets__fiscal_year",
            "year_targets__target_value",
            Subquery(replaced.order_by("-valid_from").values("name")[:1]),
        )
    )


INDICATORS = Prepared(lambda: _indicator_rows(MONTH, indicator__grant=GRANT))


def _indicators_by_place(grant_id: int, month: datetime.date) -> dict[tuple[Box, int], list[IndicatorPlan]]:
    by_place: dict[tuple[Box, int], list[IndicatorPlan]] = defaultdict(list)
    for row, plan in _plans_of(INDICATORS.rows(grant=grant_id, month=month)):
        by_place[row.place].append(plan)
    return by_place


def indicator_plans(month: datetime.date, **of: Any) -> list[tuple[int, IndicatorPlan]]:
    """Each with the id of its grant: the indicators that a lookup of their versions chooses, as they hold in the month,
    by position. One query."""
    return [(row.grant_id, plan) for row, plan in _plans_of(_indicator_rows(month, **of))]


def _plans_of(rows: Iterable[Iterable[Any]]) -> list[tuple[_IndicatorRow, IndicatorPlan]]:
    """Of each indicator the last of its versions, which come by month; by position."""
    since: dict[int, datetime.date] = {}
    latest: dict[int, _IndicatorRow] = {}
    year_targets: dict[int, list[tuple[int, Decimal]]] = defaultdict(list)
    for row in map(_IndicatorRow._make, rows):
        since.setdefault(row.id, row.valid_from)
        latest[row.id] = row
        if row.year is not None:
            year_targets[row.version].append((row.year, row.year_target))
    return [
        (
            row,
            IndicatorPlan(
                id=row.id,
                name=row.name,
                method=row.method,
                ratio_is_pooled=row.ratio_is_pooled,
                unit=row.unit,
                baseline=row.baseline,
                target_value=row.target_value,
                target_state=row.target_state,
                due_on=row.due_on,
                baseline_state=row.baseline_state,
                due_note=row.due_note,
                verification=row.verification,
                since=since[row.id],
                year_targets=tuple(year_targets[row.version]),
                replaces=row.replaces,
                replaces_name=row.replaces_name or "",
            ),
        )
        for row in sorted(latest.values(), key=lambda row: (row.position, row.id))
    ]


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
