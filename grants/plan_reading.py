"""The plan in force in a month, read from the versions of its wordings, edges and indicators (docs/decisions/0012)."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, DateField, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast

from core.prepared import Given, Prepared
from grants.models import (
    ActivityVersion,
    Contribution,
    Grant,
    IndicatorVersion,
    LongTermOutcomeVersion,
    OutputVersion,
    ShortTermOutcomeVersion,
)
from grants.plan import (
    ActivityPlan,
    ContributionPlan,
    IndicatorPlan,
    LongTermOutcomePlan,
    OutcomePlan,
    OutputPlan,
    Plan,
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


def last_name(indicator: str) -> Subquery:
    """The newest name of the indicator that the outer query's field `indicator` is the id of."""
    versions = IndicatorVersion.objects.filter(indicator=OuterRef(indicator))
    return Subquery(versions.order_by("-valid_from").values("name")[:1])


def _indicator_rows(month: Month, **of: Any) -> "QuerySet[IndicatorVersion, tuple[Any, ...]]":
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
            last_name("indicator__replaces"),
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
