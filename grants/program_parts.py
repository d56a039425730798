"""Which indicators of a program's grantees may be added up, and why others may not."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext

from core.search import fold
from grants.models import Grant, Indicator, Program, ProgramIndicator
from grants.plan import IndicatorPlan
from grants.plan_reading import indicator_plans, last_name


@dataclass(frozen=True, slots=True)
class Candidate:
    grant: Grant
    plan: IndicatorPlan
    refusal: str  # why it cannot be added; empty when it can


def refusal(unit: str, plan: IndicatorPlan) -> str:
    """Empty when the indicator can be added to a figure in `unit`."""
    if plan.method not in ProgramIndicator.ADDABLE:
        return gettext("%(method)sは足し合わせられません") % {"method": plan.method_label}
    if fold(plan.unit) != fold(unit):
        return gettext("単位がちがいます（%(unit)s）") % {"unit": plan.unit or gettext("単位なし")}
    return ""


def candidates(program: Program, month: datetime.date, unit: str) -> list[Candidate]:
    """Every indicator in force in the month, by grantee. Two queries."""
    grants = grants_of(program)
    found = indicator_plans(month, indicator__grant__program=program)
    order = {pk: place for place, pk in enumerate(grants)}
    found.sort(key=lambda pair: order[pair[0]])
    return [Candidate(grants[grant_id], plan, refusal(unit, plan)) for grant_id, plan in found]


def names_of_gone(indicators: Collection[int], month: datetime.date) -> dict[int, tuple[int, str]]:
    """Of those that had left their plan by the month: the grant and the last name. One query; none without any."""
    rows = Indicator.objects.filter(pk__in=indicators, retired_from__lte=month)
    return {
        pk: (grant_id, name) for pk, grant_id, name in rows.values_list("pk", "grant_id", last_name("pk"))
    }


def grants_of(program: Program) -> dict[int, Grant]:
    """By id, in the order of their names."""
    rows = Grant.objects.filter(program=program).with_names().order_by("organisation__kana", "pk")
    return {grant.pk: grant for grant in rows}
