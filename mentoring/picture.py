"""The logic model of one month with what was counted and said up to then: what its drawing and its outline both show."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import takewhile

from django.utils.translation import gettext

from accounts.models import User
from core import clock
from core.figures import format_figure, format_percent
from core.money import percent_of
from core.months import first_of_month, last_day_of_period, parse_month, period_label
from grants.models import Grant, Indicator
from grants.plan import IndicatorPlan, OutcomePlan, OutputPlan, Plan
from grants.plan_reading import read_plan
from mentoring.links import Edge, LinkAge, LinkAges, Talk, Talks, ages_of, talks_about
from mentoring.models import Presence, ProgressSheet
from mentoring.totals import Total, running_totals


@dataclass(frozen=True, slots=True)
class Period:
    """A sheet, as far as choosing a month needs it."""

    month: datetime.date
    months: int
    state: str
    pk: int

    @property
    def label(self) -> str:
        return period_label(self.month, self.months)

    @property
    def is_closed(self) -> bool:
        return self.state == ProgressSheet.State.CLOSED


@dataclass(frozen=True, slots=True)
class IndicatorState:
    """`is_plain`: of a plan alone; its target is shown and no total."""

    plan: IndicatorPlan
    total: Total
    is_plain: bool = False

    @property
    def achievement(self) -> Decimal | None:
        return self.total.achievement(self.plan)

    @property
    def shown(self) -> str:
        """52, 80.0 for a ratio, a word for what is no number; 未入力 where nobody ever entered anything."""
        total, method = self.total, self.plan.method
        if self.is_plain:
            return f"{format_figure(self.plan.baseline)} → " if self.plan.target_value is not None else ""
        if method == Indicator.Method.PRESENCE:
            return str(Presence(total.presence).label) if total.presence else gettext("未入力")
        if method == Indicator.Method.STATE:
            return gettext("文で記録") if total.sentence or total.step else gettext("未入力")
        if total.value is None:
            return gettext("未入力")
        if method == Indicator.Method.RATIO:
            return format_percent(total.value).removesuffix("%")
        return format_figure(total.value)

    @property
    def beside(self) -> str:
        """What stands behind it: ／96回 with a target, 回 without one."""
        if self.is_plain:
            target = format_figure(self.plan.target_value)
            return f"{target}{self.plan.value_unit}" if target else self.plan.target_state
        if self.plan.method == Indicator.Method.PRESENCE:
            return gettext("／あり")
        if self.plan.target_value is not None:
            return f"／{format_figure(self.plan.target_value)}{self.plan.value_unit}"
        return self.plan.value_unit if self.total.value is not None else ""


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
    periods: list[Period]  # those one may choose from
    totals: dict[int, Total] = field(repr=False)
    ages: LinkAges = field(repr=False)
    links: list[Link] = field(repr=False)
    is_plain: bool = False

    @property
    def calendar(self) -> Decimal | None:
        """How much of the grant's time is over at the end of the period, in percent."""
        last = last_day_of_period(self.month, self.period.months if self.period else 1)
        over = (min(last, self.grant.ends_on) - self.grant.starts_on).days + 1
        return percent_of(over, (self.grant.ends_on - self.grant.starts_on).days + 1)

    @property
    def earlier(self) -> Period | None:
        return self._beside(-1)

    @property
    def later(self) -> Period | None:
        return self._beside(1)

    def _beside(self, step: int) -> Period | None:
        if self.period not in self.periods:
            return None
        place = self.periods.index(self.period) + step
        return self.periods[place] if 0 <= place < len(self.periods) else None

    @property
    def number(self) -> int:
        """The how manieth of the periods it is; 0 outside them."""
        return self.periods.index(self.period) + 1 if self.period in self.periods else 0

    @property
    def stale_links(self) -> list[Link]:
        """The oldest first: what the next meeting should speak of."""
        return sorted((link for link in self.links if link.is_stale), key=lambda link: -link.age.age)

    def states(self, indicators: tuple[IndicatorPlan, ...]) -> list[IndicatorState]:
        return [IndicatorState(plan, self.totals.get(plan.id, Total()), self.is_plain) for plan in indicators]

    def links_from(self, output: OutputPlan) -> list[Link]:
        return [link for link in self.links if link.output.id == output.id]

    def links_to(self, outcome: OutcomePlan) -> list[Link]:
        return [link for link in self.links if link.outcome.id == outcome.id]


def periods_of(grant: Grant) -> list[Period]:
    """Every sheet of the grant, by month. One query."""
    rows = ProgressSheet.objects.filter(grant=grant).order_by("month")
    return [Period(*row) for row in rows.values_list("month", "months", "state", "pk")]


def closed_run(periods: list[Period]) -> list[Period]:
    """The first ones up to the first that is not closed: within them nothing of a month still at work can show."""
    return list(takewhile(lambda period: period.is_closed, periods))


def periods_open_to(user: User, grant: Grant) -> list[Period]:
    """The months this person may look at: the board sees what is closed, up to the first month still at work."""
    periods = [period for period in periods_of(grant) if period.month <= clock.today()]
    reads_whole = Grant.objects.read_whole_by(user).filter(pk=grant.pk).exists()
    return periods if reads_whole else closed_run(periods)


def picture_of_month(grant: Grant, periods: list[Period], wanted: str) -> Picture:
    """`wanted` as a month is written in an address (2022-10). What cannot be read or lies outside the periods is the
    nearest there is: the latest that was handed over, the latest at all; without any, the plan as it stands."""
    if not periods:
        today = first_of_month(min(max(clock.today(), grant.starts_on), grant.ends_on))
        return read_picture(grant, today, periods)
    try:
        month = min(
            max(parse_month(wanted), periods[0].month),
            last_day_of_period(periods[-1].month, periods[-1].months),
        )
    except ValueError:
        told = [period for period in periods if period.state != ProgressSheet.State.DRAFT]
        month = (told or periods)[-1].month
    return read_picture(grant, month, periods)


def read_picture(grant: Grant, month: datetime.date, periods: list[Period]) -> Picture:
    """Six queries at most, however many boxes and months there are: the submitted plan, the plan in force (three), the
    totals, the talks. What was submitted shows the plan it was written against.
    """
    period = next((p for p in periods if p.month <= month <= last_day_of_period(p.month, p.months)), None)
    reading = read_plan(grant, period.month if period else month)
    plan = (_submitted_plan(period) if period else None) or reading.plan
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


def plain_picture(grant: Grant, plan: Plan) -> Picture:
    """A plan alone, a draft perhaps: without figures and without anything that was said. No query."""
    talks = Talks({}, {})
    ages = ages_of(talks, {}, {}, plan.month)
    return Picture(
        grant=grant,
        plan=plan,
        month=plan.month,
        period=None,
        periods=[],
        totals={},
        ages=ages,
        links=list(_links(plan, talks, ages, 1)),
        is_plain=True,
    )


def _submitted_plan(period: Period) -> Plan | None:
    snapshot = ProgressSheet.objects.values_list("plan_snapshot", flat=True).get(pk=period.pk)
    return Plan.from_json(snapshot) if snapshot else None


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
