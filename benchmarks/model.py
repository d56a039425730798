"""The logic model's drawing: 40 boxes and 60 arrows, and how many crossings the order saves on random models."""

import datetime
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.timing import medians
from core.layers import arrange, crossings
from core.phrases import lines
from grants.models import Grant
from grants.plan import (
    ActivityPlan,
    ContributionPlan,
    IndicatorPlan,
    LongTermOutcomePlan,
    OutcomePlan,
    OutputPlan,
    Plan,
)
from grants.plan_edit import numbered
from grants.plan_reading import plan_in_force
from grants.services.plans import write_plan
from mentoring.drawing import draw
from mentoring.models import Figure, ProgressSheet
from mentoring.picture import periods_of, read_picture
from mentoring.plan_months import first_open_month

BOXES = {"activities": 12, "outputs": 16, "outcomes": 8, "long_term": 4}  # 40
ARROWS = {"produces": 20, "contributions": 28, "leads_to": 12}  # 60
MODELS = 200
SENTENCE = "退所した若者が、困ったときに居場所や仲間に自分から相談できている。"


def large_plan(empty: Plan) -> Plan:
    """40 boxes with an indicator for every outcome and output, 60 arrows laid at random, the same every time."""
    dice, number = Random(40), iter(range(-1, -10_000, -1))
    long_term = [LongTermOutcomePlan(next(number), SENTENCE) for _n in range(BOXES["long_term"])]
    outcomes = [
        OutcomePlan(next(number), place, f"{place} {SENTENCE}", "", (), (_indicator(next(number)),))
        for place in range(1, BOXES["outcomes"] + 1)
    ]
    outputs = [
        OutputPlan(next(number), place, f"{place} {SENTENCE}", "", (), (_indicator(next(number)),))
        for place in range(1, BOXES["outputs"] + 1)
    ]
    activities = [ActivityPlan(next(number), f"活動 {n}", ()) for n in range(BOXES["activities"])]
    serves = _laid(dice, outputs, outcomes, ARROWS["contributions"])
    leads = _laid(dice, outcomes, long_term, ARROWS["leads_to"])
    makes = _laid(dice, activities, outputs, ARROWS["produces"])
    return numbered(
        replace(
            empty,
            long_term=tuple(long_term),
            outcomes=tuple(replace(o, leads_to=tuple(sorted(leads[o.id]))) for o in outcomes),
            outputs=tuple(
                replace(
                    o,
                    contributions=tuple(
                        ContributionPlan(to, place == 0, "つながる理由")
                        for place, to in enumerate(serves[o.id])
                    ),
                )
                for o in outputs
            ),
            activities=tuple(replace(a, produces=tuple(sorted(makes[a.id]))) for a in activities),
        )
    )


def _indicator(pk: int) -> IndicatorPlan:
    return IndicatorPlan(
        pk,
        "利用した若者（実人数）",
        "sum",
        True,
        "人",
        Decimal(0),
        Decimal(20),
        "",
        None,
        "",
        datetime.date.min,
        (),
    )


def _laid(dice: Random, starts: list[Any], ends: list[Any], many: int) -> dict[int, list[int]]:
    """`many` different arrows; every start has one at least."""
    laid: dict[int, list[int]] = {start.id: [dice.choice(ends).id] for start in starts}
    while sum(map(len, laid.values())) < many:
        start, end = dice.choice(starts).id, dice.choice(ends).id
        if end not in laid[start]:
            laid[start].append(end)
    return laid


def drawing_beside_bare_rows(grant: Grant) -> list[tuple[str, int, float, float, str]]:
    """Name, queries, milliseconds, ratio, what it compares with. The large plan replaces the grant's own from its next
    open month on; the page of that month is what is drawn."""
    month = first_open_month(grant)
    base = plan_in_force(grant, month)
    write_plan(grant=grant, base=base, draft=large_plan(base), month=month, reason="計測", by=grant.officer)
    _fill(grant, month)
    periods = periods_of(grant)

    def whole() -> str:
        picture = read_picture(grant, month, periods)
        return draw(picture, addresses=lambda kind, pk: f"#{kind}-{pk}", stories=lambda _link: "#")

    def from_the_start() -> str:
        arrange.cache_clear()
        lines.cache_clear()
        return whole()

    whole()
    with CaptureQueriesContext(connection) as captured:
        whole()
        statements = [query["sql"] for query in captured]
    bare = _fetching(statements)
    warm, cold, rows = medians(whole, from_the_start, bare, runs=25)
    beside = f"同じ{len(statements)}つのSELECTだけ"
    return [
        ("事業設計図の絵（40箱・60本）", len(statements), warm * 1000, warm / rows, beside),
        ("同（並べ方と改行から考える）", len(statements), cold * 1000, cold / rows, beside),
    ]


def _fill(grant: Grant, month: datetime.date) -> None:
    """A figure in every month of the grant's for every indicator, so that there is something to add up."""
    sheets = ProgressSheet.objects.filter(grant=grant, month__lte=month)
    plans = plan_in_force(grant, month).indicators()
    Figure.objects.bulk_create(
        Figure(sheet=sheet, indicator_id=plan.id, value=1) for sheet in sheets for plan in plans
    )


def _fetching(statements: list[str]) -> Callable[[], Any]:
    def act() -> Any:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement.replace("%", "%%"), [])
                cursor.fetchall()

    return act


def saved_crossings() -> tuple[int, int]:
    """Over 200 random models: crossings in the order as typed, and in ours."""
    dice = Random(2026)
    typed = ours = 0
    for _model in range(MODELS):
        layers, arrows = _random_model(dice)
        typed += crossings(layers, arrows)
        ours += crossings(arrange(layers, arrows), arrows)
    return typed, ours


def _random_model(dice: Random) -> tuple[tuple[tuple[int, ...], ...], tuple[tuple[int, int], ...]]:
    sizes = (dice.randint(5, 14), dice.randint(6, 16), dice.randint(2, 8), dice.randint(1, 4))
    layers = tuple(tuple(100 * column + n for n in range(size)) for column, size in enumerate(sizes))
    arrows = {
        (start, dice.choice(layers[column + 1]))
        for column in range(3)
        for start in layers[column]
        for _arrow in range(dice.choice((1, 1, 2, 2, 3)))
    }
    return layers, tuple(sorted(arrows))
