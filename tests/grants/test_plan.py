"""A past month shows the plan that held then: identities stay, wordings are dated."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest

from grants.models import Indicator, YearTarget
from grants.plan import Plan
from grants.plan_reading import plan_in_force, read_plan
from tests.factories import (
    ContributionFactory,
    GrantFactory,
    IndicatorFactory,
    IndicatorVersionFactory,
    OutputFactory,
    OutputVersionFactory,
    PlanRows,
    make_plan,
)

APRIL_21 = dt.date(2021, 4, 1)
MARCH_23 = dt.date(2023, 3, 1)
APRIL_23 = dt.date(2023, 4, 1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows() -> PlanRows:
    return make_plan(GrantFactory(starts_on=APRIL_21), valid_from=APRIL_21)


def test_reads_the_whole_model(rows: PlanRows) -> None:
    plan = plan_in_force(rows.grant, APRIL_21)
    assert [outcome.label for outcome in plan.outcomes] == ["①", "②"]
    assert [plan.output_label(output) for output in plan.outputs_under(rows.outcomes[0].pk)] == ["①-1", "①-2"]
    assert [plan.output_label(output) for output in plan.outputs_under(rows.outcomes[1].pk)] == ["②-1"]
    assert [output.id for output in plan.outputs_serving(rows.outcomes[0].pk)] == [
        output.pk for output in (rows.outputs[0], rows.outputs[2], rows.outputs[1])
    ]
    assert [outcome.label for outcome in plan.also_serves(plan.outputs_under(rows.outcomes[1].pk)[0])] == [
        "①"
    ]
    assert {indicator.method for indicator in plan.indicators()} == set(Indicator.Method.values)
    assert len(plan.long_term) == 1
    assert [activity.produces for activity in plan.activities] == [
        (rows.outputs[0].pk,),
        (rows.outputs[2].pk,),
    ]


def test_nothing_holds_before_its_first_month(rows: PlanRows) -> None:
    plan = plan_in_force(rows.grant, dt.date(2021, 3, 1))
    assert (plan.outcomes, plan.outputs, plan.long_term, plan.activities) == ((), (), (), ())


def test_a_reworded_indicator_keeps_its_identity_and_its_past_wording(rows: PlanRows) -> None:
    indicator = rows.indicators["sum"]
    IndicatorVersionFactory(
        indicator=indicator, valid_from=APRIL_23, name="居場所を開いた日数", unit="日", target_value=120
    )
    before = {i.id: i for i in plan_in_force(rows.grant, MARCH_23).indicators()}[indicator.pk]
    after = {i.id: i for i in plan_in_force(rows.grant, APRIL_23).indicators()}[indicator.pk]
    assert (before.name, before.unit, before.target_value) == ("居場所を開いた回数", "回", Decimal(85))
    assert (after.name, after.unit, after.target_value) == ("居場所を開いた日数", "日", Decimal(120))
    assert before.since == after.since == APRIL_21


def test_a_replaced_indicator_is_gone_and_its_successor_owes_nothing_earlier(rows: PlanRows) -> None:
    old = rows.indicators["latest"]
    old.retired_from = APRIL_23
    old.save()
    new = IndicatorFactory(output=old.output, method=Indicator.Method.SUM, replaces=old)
    IndicatorVersionFactory(indicator=new, valid_from=APRIL_23)
    before = {i.id for i in plan_in_force(rows.grant, MARCH_23).indicators()}
    after = {i.id: i for i in plan_in_force(rows.grant, APRIL_23).indicators()}
    assert old.pk in before
    assert new.pk not in before
    assert old.pk not in after
    assert after[new.pk].since == APRIL_23
    assert after[new.pk].replaces_name == old.versions.get().name
    assert {i.replaces_name for i in after.values() if i.id != new.pk} == {""}


def test_an_output_without_a_first_outcome_stands_apart_and_is_not_lost(rows: PlanRows) -> None:
    version = OutputVersionFactory(output=OutputFactory(grant=rows.grant), valid_from=APRIL_21, position=9)
    plan = plan_in_force(rows.grant, APRIL_21)
    assert [output.id for output in plan.outputs_under(None)] == [version.output_id]
    assert plan.output_label(plan.outputs_under(None)[0]) == "－9"


def test_a_snapshot_reads_back_as_the_same_plan(rows: PlanRows) -> None:
    version = rows.indicators["sum"].versions.get()
    YearTarget.objects.create(version=version, fiscal_year=2022, target_value="30.5")
    plan = plan_in_force(rows.grant, APRIL_23)
    assert Plan.from_json(json.loads(json.dumps(plan.to_json()))) == plan
    restored = {i.id: i for i in Plan.from_json(plan.to_json()).indicators()}[rows.indicators["sum"].pk]
    assert restored.year_target(2022) == Decimal("30.5")
    assert restored.year_target(2023) is None


def test_words_stand_beside_figures_dates_and_activities(rows: PlanRows) -> None:
    rows.indicators["sum"].versions.update(baseline_state="まだ開いていない", due_note="事業終了時")
    rows.activities[0].versions.update(period="毎週土曜")
    plan = plan_in_force(rows.grant, APRIL_23)
    opened = {i.id: i for i in plan.indicators()}[rows.indicators["sum"].pk]
    assert (opened.baseline_state, opened.due_note) == ("まだ開いていない", "事業終了時")
    assert [activity.period for activity in plan.activities] == ["毎週土曜", ""]
    assert Plan.from_json(json.loads(json.dumps(plan.to_json()))) == plan


def test_a_copy_from_before_these_words_were_kept_is_still_read(rows: PlanRows) -> None:
    plan = plan_in_force(rows.grant, APRIL_23)
    copy = plan.to_json()
    for row in copy["activities"]:
        del row["period"]
    for box in (*copy["outcomes"], *copy["outputs"]):
        for indicator in box["indicators"]:
            del indicator["baseline_state"], indicator["due_note"]
    assert Plan.from_json(copy) == plan


def test_the_number_of_queries_does_not_grow(rows: PlanRows, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(3):
        plan_in_force(rows.grant, APRIL_21)
    for position in range(3, 6):
        version = OutputVersionFactory(
            output=OutputFactory(grant=rows.grant), valid_from=APRIL_21, position=position
        )
        ContributionFactory(version=version, outcome=rows.outcomes[0], is_first=True)
        IndicatorVersionFactory(indicator=IndicatorFactory(output=version.output), valid_from=APRIL_21)
    with django_assert_num_queries(3):
        plan_in_force(rows.grant, APRIL_21)


def test_a_link_and_an_outcome_know_since_when_they_stand(rows: PlanRows) -> None:
    later = read_plan(rows.grant, APRIL_23)
    first = rows.outcomes[0]
    assert later.outcomes_since[first.pk] == APRIL_21
    assert later.edges_since[rows.outputs[0].pk, first.pk] == APRIL_21
    assert set(later.outcomes_since) >= {outcome.id for outcome in later.plan.outcomes}
