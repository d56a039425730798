"""Reading grants for the pages that list them."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from grantees.models import ConsortiumMember, Organisation
from grants.models import (
    ActivityVersion,
    BudgetLine,
    Grant,
    IndicatorVersion,
    LongTermOutcomeVersion,
    OutputVersion,
    PlanRevision,
    Purpose,
    ShortTermOutcomeVersion,
)
from grants.plan import OutcomePlan, OutputPlan, Plan

VERSIONS: tuple[tuple[Any, str], ...] = (
    (LongTermOutcomeVersion, "outcome"),
    (ShortTermOutcomeVersion, "outcome"),
    (OutputVersion, "output"),
    (ActivityVersion, "activity"),
    (IndicatorVersion, "indicator"),
)


def grants_found(grants: QuerySet[Grant], folded: str) -> QuerySet[Grant]:
    """Those whose organisation, title or program contains the words (folded by core.search), running ones first."""
    found = with_amounts(grants).select_related("organisation", "program__fund__foundation", "officer")
    if folded:
        found = found.filter(search_key__contains=folded) | found.filter(program__search_key__contains=folded)
    return found.order_by("-program__starts_on", "program", F("organisation__kana"), "pk")


def with_amounts(grants: QuerySet[Grant]) -> QuerySet[Grant]:
    """Annotates what was planned, in yen: `granted_yen` and `own_yen` of the project cost, `evaluation_yen`."""
    cost = (Purpose.DIRECT, Purpose.ADMINISTRATIVE)
    return grants.annotate(
        granted_yen=_planned("granted_yen", *cost),
        own_yen=_planned("own_yen", *cost),
        evaluation_yen=_planned("granted_yen", Purpose.EVALUATION),
    )


def _planned(column: str, *purposes: str) -> Coalesce:
    lines = BudgetLine.objects.filter(grant=OuterRef("pk"), purpose__in=purposes)
    summed = lines.order_by().values("grant").annotate(yen=Sum(column)).values("yen")
    return Coalesce(Subquery(summed), Value(0), output_field=BigIntegerField())


def consortium_members(organisation: Organisation) -> list[ConsortiumMember]:
    if not organisation.is_consortium:
        return []
    return list(organisation.consortium_members.select_related("organisation__legal_form"))


def plan_revisions(grant: Grant, until: datetime.date) -> QuerySet[PlanRevision]:
    """Those in force by the month, latest first."""
    return (
        PlanRevision.objects.filter(grant=grant, holds_from__lte=until)
        .select_related("approved_by")
        .order_by("-holds_from", "-pk")
    )


def newest_wordings(grant: str) -> list[Subquery]:
    """For each kind of box the month of its newest wording, of the grant that the outer query's `grant` names."""
    return [
        Subquery(
            versions.objects.filter(**{f"{of}__grant": OuterRef(grant)})
            .order_by("-valid_from")
            .values("valid_from")[:1]
        )
        for versions, of in VERSIONS
    ]


@dataclass(frozen=True, slots=True)
class OutlineOutput:
    label: str  # ①-1
    plan: OutputPlan
    also_serves: list[OutcomePlan]


@dataclass(frozen=True, slots=True)
class OutlineBlock:
    outcome: OutcomePlan
    outputs: list[OutlineOutput]


@dataclass(frozen=True, slots=True)
class Outline:
    """A plan as a list to read: each outcome with the outputs that serve it first."""

    plan: Plan
    blocks: list[OutlineBlock]
    loose_outputs: list[OutputPlan]  # which serve no outcome of this plan first


def outline(plan: Plan) -> Outline:
    return Outline(
        plan=plan,
        blocks=[
            OutlineBlock(
                outcome,
                [
                    OutlineOutput(plan.output_label(output), output, plan.also_serves(output))
                    for output in plan.outputs_under(outcome.id)
                ],
            )
            for outcome in plan.outcomes
        ],
        loose_outputs=plan.outputs_under(None),
    )
