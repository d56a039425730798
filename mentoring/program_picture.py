"""A program as a whole in one month: its outcomes, what its figures come to, and from which grantees."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from core.digits import circled
from core.figures import format_figure
from core.months import add_months
from grants.models import Grant, Program, ProgramIndicator, ProgramOutcome
from grants.plan import IndicatorPlan
from grants.plan_reading import indicator_plans
from grants.program_parts import grants_of, names_of_gone, refusal
from mentoring.models import ProgressSheet
from mentoring.totals import Total, totals_across_grants


@dataclass(frozen=True, slots=True)
class PartRow:
    """One grantee's share. `refusal`: why it cannot be added any more (its unit was changed); it counts as nothing then."""

    grant: Grant
    plan: IndicatorPlan
    total: Total
    refusal: str

    @property
    def value(self) -> Decimal | None:
        return None if self.refusal else self.total.value

    @property
    def shown(self) -> str:
        """いっぽの会96回"""
        value = format_figure(self.value) if self.value is not None else "－"
        return f"{self.grant.organisation.name}{value}{self.plan.unit}"


@dataclass(frozen=True, slots=True)
class GonePart:
    """What was chosen and has left its grantee's plan since: the sum goes without it from that month on."""

    grant: Grant
    name: str


@dataclass(frozen=True, slots=True)
class WholeRow:
    indicator: ProgramIndicator
    parts: list[PartRow]
    gone: list[GonePart]

    @property
    def total(self) -> Decimal | None:
        """None when nobody entered anything yet."""
        values = [part.value for part in self.parts if part.value is not None]
        return sum(values, Decimal(0)) if values else None

    @property
    def missing(self) -> list[PartRow]:
        """Parts the sum goes without."""
        return [part for part in self.parts if part.value is None]

    @property
    def achievement(self) -> Decimal | None:
        """Percent of the target, one decimal."""
        target = self.indicator.target_value
        if self.total is None or not target:
            return None
        return (self.total / target * 100).quantize(Decimal("0.1"))


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    outcome: ProgramOutcome
    wholes: list[WholeRow]

    @property
    def label(self) -> str:
        return circled(self.outcome.position)


@dataclass(frozen=True, slots=True)
class ProgramPicture:
    program: Program
    month: datetime.date
    outcomes: list[OutcomeRow]
    grants: list[Grant]

    @property
    def links(self) -> list[tuple[Grant, OutcomeRow]]:
        """Which grantee carries to which outcome."""
        return [
            (grant, outcome)
            for grant in self.grants
            for outcome in self.outcomes
            if any(part.grant.pk == grant.pk for whole in outcome.wholes for part in whole.parts)
        ]


def read_program(program: Program, month: datetime.date) -> ProgramPicture:
    """Six queries, however many grantees there are; one more when a part has left its plan."""
    grants = grants_of(program)
    outcomes = list(program.outcomes.prefetch_related("indicators__part_rows"))
    chosen = {
        part.indicator_id
        for outcome in outcomes
        for whole in outcome.indicators.all()
        for part in whole.part_rows.all()
    }
    found = {plan.id: (grant_id, plan) for grant_id, plan in indicator_plans(month, indicator__in=chosen)}
    totals = totals_across_grants([plan for _grant_id, plan in found.values()], month)
    gone = {
        pk: GonePart(grants[grant_id], name)
        for pk, (grant_id, name) in names_of_gone(chosen - set(found), month).items()
    }

    def part_row(indicator_id: int, unit: str) -> PartRow | None:
        if indicator_id not in found:
            return None  # not in the plan of the month (any more)
        grant_id, plan = found[indicator_id]
        return PartRow(grants[grant_id], plan, totals[plan.id], refusal(unit, plan))

    return ProgramPicture(
        program=program,
        month=month,
        grants=list(grants.values()),
        outcomes=[
            OutcomeRow(
                outcome,
                [
                    WholeRow(
                        whole,
                        [
                            row
                            for part in whole.part_rows.all()
                            if (row := part_row(part.indicator_id, whole.unit)) is not None
                        ],
                        [
                            gone[part.indicator_id]
                            for part in whole.part_rows.all()
                            if part.indicator_id in gone
                        ],
                    )
                    for whole in outcome.indicators.all()
                ],
            )
            for outcome in outcomes
        ],
    )


def closed_until(program: Program) -> datetime.date | None:
    """The last month up to which every sheet of the program is closed: what the board may see. None: there is none."""
    sheets = ProgressSheet.objects.filter(grant__program=program)
    first_open = sheets.unfinished().order_by("month").first()
    if first_open is not None:
        earlier = add_months(first_open.month, -1)
        return earlier if sheets.filter(month__lte=earlier).exists() else None
    last = sheets.order_by("-month").first()
    return last.month if last else None


def told_until(program: Program) -> datetime.date | None:
    """The latest month for which a sheet was handed over. None: there is none."""
    last = (
        ProgressSheet.objects.filter(grant__program=program)
        .exclude(state=ProgressSheet.State.DRAFT)
        .order_by("-month")
        .first()
    )
    return last.month if last else None
