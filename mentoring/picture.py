"""The logic model of one month with what was counted and said up to then: what its drawing and its outline both show."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Case, F, JSONField, Value, When

from core.money import percent_of
from core.months import add_months, last_day_of_period
from grants.models import Grant
from grants.plan import IndicatorPlan, OutcomePlan, OutputPlan, Plan, read_plan
from mentoring.links import Edge, LinkAge, LinkAges, Talk, Talks, ages_of, talks_about
from mentoring.models import ProgressSheet
from mentoring.totals import Total, running_totals


@dataclass(frozen=True, slots=True)
class Period:
    """A sheet, as far as choosing a month needs it."""

    month: datetime.date
    months: int
    state: str
    pk: int

    @property
    def is_closed(self) -> bool:
        return self.state == ProgressSheet.State.CLOSED


@dataclass(frozen=True, slots=True)
class IndicatorState:
    plan: IndicatorPlan
    total: Total

    @property
    def achievement(self) -> Decimal | None:
        return self.total.achievement(self.plan)


@dataclass(frozen=True, slots=True)
class Link:
    """An arrow from an output to an outcome. `last` None: never spoken of yet."""

    output: OutputPlan
    outcome: OutcomePlan
    label: str  # ①-1, of the output
    reason: str
    age: LinkAge
    last: Talk | None
    is_stale: bool

    @property
    def edge(self) -> Edge:
        return self.output.id, self.outcome.id


@dataclass(frozen=True, slots=True)
class Picture:
    grant: Grant
    plan: Plan
    month: datetime.date
    period: Period | None  # None: the month has no sheet yet
    periods: list[Period]
    totals: dict[int, Total] = field(repr=False)
    ages: LinkAges = field(repr=False)
    links: list[Link] = field(repr=False)

    @property
    def calendar(self) -> Decimal | None:
        """How much of the grant's time is over at the end of the period, in percent."""
        last = last_day_of_period(self.month, self.period.months if self.period else 1)
        over = (min(last, self.grant.ends_on) - self.grant.starts_on).days + 1
        return percent_of(over, (self.grant.ends_on - self.grant.starts_on).days + 1)

    @property
    def stale_links(self) -> list[Link]:
        """The oldest first: what the next meeting should speak of."""
        return sorted((link for link in self.links if link.is_stale), key=lambda link: -link.age.age)

    def states(self, indicators: tuple[IndicatorPlan, ...]) -> list[IndicatorState]:
        return [IndicatorState(plan, self.totals.get(plan.id, Total())) for plan in indicators]

    def links_from(self, output: OutputPlan) -> list[Link]:
        return [link for link in self.links if link.output.id == output.id]

    def links_to(self, outcome: OutcomePlan) -> list[Link]:
        return [link for link in self.links if link.outcome.id == outcome.id]


def read_picture(grant: Grant, month: datetime.date) -> Picture:
    """Six queries, however many boxes and months there are: the plan (three), the sheets, the totals, the talks.

    What was submitted shows the plan it was written against.
    """
    snapshots = _periods(grant, month)
    periods = list(snapshots)
    period = next((p for p in periods if p.month <= month <= last_day_of_period(p.month, p.months)), None)
    snapshot = snapshots[period] if period else None
    reading = read_plan(grant, period.month if period else month)
    plan = Plan.from_json(snapshot) if snapshot else reading.plan
    talks = talks_about(grant, plan.month)
    ages = ages_of(talks, reading.edges_since, reading.outcomes_since, plan.month)
    return Picture(
        grant=grant,
        plan=plan,
        month=plan.month,
        period=period,
        periods=periods,
        totals=running_totals(grant.pk, plan.indicators(), plan.month, periods=[p.month for p in periods]),
        ages=ages,
        links=list(_links(plan, talks, ages, period.months if period else 1)),
    )


def _periods(grant: Grant, month: datetime.date) -> dict[Period, dict[str, Any] | None]:
    """Every sheet of the grant by month; with those whose period may hold `month`, the plan that was submitted."""
    near = When(month__lte=month, month__gt=add_months(month, -3), then=F("plan_snapshot"))
    snapshot = Case(near, default=Value(None, JSONField()), output_field=JSONField())
    rows = ProgressSheet.objects.filter(grant=grant).order_by("month").annotate(snapshot=snapshot)
    return {
        Period(first, months, state, pk): plan
        for first, months, state, pk, plan in rows.values_list("month", "months", "state", "pk", "snapshot")
    }


def _links(plan: Plan, talks: Talks, ages: LinkAges, period_months: int) -> Iterator[Link]:
    for output in plan.outputs:
        for contribution in output.contributions:
            outcome = plan.outcome(contribution.outcome_id)
            if outcome is None:
                continue
            age, said = ages.edge(output.id, outcome.id), talks.edges.get((output.id, outcome.id))
            yield Link(
                output=output,
                outcome=outcome,
                label=plan.output_label(output),
                reason=contribution.reason,
                age=age,
                last=said[-1] if said else None,
                is_stale=age.is_stale(period_months),
            )
