"""Writing a changed plan, and saying what a change changes."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from accounts.models import User
from grants.models import Grant, Indicator, IndicatorVersion, Output, OutputVersion, PlanRevision
from grants.plan import ActivityPlan, ContributionPlan, IndicatorPlan, OutcomePlan, OutputPlan, Plan
from grants.plan_diff import Act, Kind, carried_over, changes_between, kinds_of
from grants.plan_reading import plan_in_force
from grants.recounting import CountedAnotherWay
from grants.services.plans import PlanMoved, write_plan
from tests.factories import FigureFactory, OutputVersionFactory, PlanRows, SheetFactory, make_plan

APRIL_21 = dt.date(2021, 4, 1)
MARCH_22 = dt.date(2022, 3, 1)
APRIL_22 = dt.date(2022, 4, 1)


@pytest.fixture
def rows(grant: Grant) -> PlanRows:
    return make_plan(grant, valid_from=APRIL_21)


@pytest.fixture
def base(rows: PlanRows) -> Plan:
    return plan_in_force(rows.grant, APRIL_22)


def write(base: Plan, draft: Plan, grant: Grant, by: User) -> list[PlanRevision]:
    return write_plan(grant=grant, base=base, draft=draft, month=APRIL_22, reason="一年の振り返りから", by=by)


def with_output(plan: Plan, number: int, **values: object) -> Plan:
    outputs = list(plan.outputs)
    outputs[number] = replace(outputs[number], **values)  # type: ignore[arg-type]
    return replace(plan, outputs=tuple(outputs))


def indicator(pk: int, name: str, **values: object) -> IndicatorPlan:
    return IndicatorPlan(
        **{  # type: ignore[arg-type]
            "id": pk, "name": name, "method": "sum", "ratio_is_pooled": True, "unit": "回",
            "baseline": Decimal(0), "target_value": Decimal(12), "target_state": "", "due_on": None,
            "verification": "", "since": APRIL_22, "year_targets": (), **values,
        }
    )  # fmt: skip


def undated(plan: Plan) -> Plan:
    return replace(plan, month=APRIL_21)


def test_a_reworded_output_holds_from_its_month(
    rows: PlanRows, base: Plan, grant: Grant, officer: User
) -> None:
    before = plan_in_force(grant, MARCH_22)
    draft = with_output(base, 0, text="居場所が週3日開かれている")
    (change,) = changes_between(base, draft)
    assert (change.kind, change.act, change.place) == (Kind.WORDING, Act.CHANGED, "アウトプット ①-1")
    assert (change.before, change.after) == ("居場所が開かれている", "居場所が週3日開かれている")
    (revision,) = write(base, draft, grant, officer)
    assert (revision.kind, revision.holds_from, revision.reason) == (
        "wording",
        APRIL_22,
        "一年の振り返りから",
    )
    assert plan_in_force(grant, MARCH_22) == before
    assert plan_in_force(grant, APRIL_22) == replace(draft, month=APRIL_22)
    assert OutputVersion.objects.filter(output__grant=grant).count() == 4, (
        "only what changed has a new version"
    )


def test_a_reworded_indicator_keeps_its_figures_and_a_replaced_one_begins_anew(
    rows: PlanRows, base: Plan, grant: Grant, officer: User
) -> None:
    counted, other = base.outputs[0].indicators
    FigureFactory(sheet=SheetFactory(grant=grant, month=MARCH_22), indicator_id=counted.id, value=5)
    draft = with_output(
        base, 0, indicators=(
            replace(counted, name="居場所を開いた回数（のべ）", target_value=Decimal(200)),
            indicator(-1, "夜に開いた回数", replaces=other.id),
        ),
    )  # fmt: skip
    changes = changes_between(base, draft)
    assert [(c.kind, c.act) for c in changes] == [
        (Kind.WORDING, Act.CHANGED), (Kind.TARGET, Act.CHANGED), (Kind.INDICATOR, Act.REPLACED),
    ]  # fmt: skip
    write(base, draft, grant, officer)
    now = plan_in_force(grant, APRIL_22).outputs[0].indicators
    assert [i.name for i in now] == ["居場所を開いた回数（のべ）", "夜に開いた回数"]
    assert now[0].id == counted.id, "its figures stay"
    assert now[1].replaces == other.id
    assert not Indicator.objects.get(pk=now[1].id).figures.exists()
    assert Indicator.objects.get(pk=other.id).retired_from == APRIL_22


def test_another_way_of_counting_is_another_indicator(base: Plan, grant: Grant, officer: User) -> None:
    counted, *others = base.outputs[0].indicators
    draft = with_output(base, 0, indicators=(replace(counted, method="latest"), *others))
    with pytest.raises(CountedAnotherWay, match="replace them"):
        write(base, draft, grant, officer)
    assert not PlanRevision.objects.exists()


def test_new_boxes_are_connected_as_drawn(rows: PlanRows, base: Plan, grant: Grant, officer: User) -> None:
    outcome = OutcomePlan(
        -1, 3, "地域の人が担い手になっている", "", (base.long_term[0].id,), (indicator(-5, "担い手"),)
    )
    output = OutputPlan(
        -2, 1, "担い手の講座がある", "", (ContributionPlan(-1, True, "学んだ人が担うから"),
                                  ContributionPlan(base.outcomes[0].id, False, "居場所に立つから")), (),
    )  # fmt: skip
    draft = replace(
        base,
        outcomes=(*base.outcomes, outcome),
        outputs=(*base.outputs, output),
        activities=(*base.activities, ActivityPlan(-3, "講座をひらく", (-2, base.outputs[0].id))),
    )
    changes = changes_between(base, draft)
    assert kinds_of(changes) == [Kind.CONTENT, Kind.INDICATOR]
    write(base, draft, grant, officer)
    now = plan_in_force(grant, APRIL_22)
    made = (
        now.outputs[-1]
        if now.outputs[-1].text == "担い手の講座がある"
        else next(o for o in now.outputs if o.text == "担い手の講座がある")
    )
    assert now.output_label(made) == "③-1"
    assert [o.label for o in now.also_serves(made)] == ["①"]
    assert made.contributions[0].reason == "学んだ人が担うから"
    assert now.activities[-1].produces == tuple(sorted((made.id, base.outputs[0].id)))
    assert now.outcomes[-1].leads_to == (base.long_term[0].id,)
    assert changes_between(plan_in_force(grant, MARCH_22), base) == []


def test_what_the_draft_no_longer_holds_goes_from_the_month(
    rows: PlanRows, base: Plan, grant: Grant, officer: User
) -> None:
    draft = replace(base, outputs=base.outputs[1:])
    gone_box, its_activity = changes_between(base, draft)
    assert (gone_box.kind, gone_box.act, gone_box.before) == (
        Kind.CONTENT,
        Act.RETIRED,
        "居場所が開かれている",
    )
    assert (its_activity.aspect, its_activity.before, its_activity.after) == (
        "うみだすアウトプット",
        "①-1",
        "",
    )
    write(base, draft, grant, officer)
    gone = Output.objects.get(pk=base.outputs[0].id)
    assert gone.retired_from == APRIL_22
    assert base.outputs[0] in plan_in_force(grant, MARCH_22).outputs
    now = plan_in_force(grant, APRIL_22)
    assert gone.pk not in {o.id for o in now.outputs}
    assert not {i.id for i in base.outputs[0].indicators} & {i.id for i in now.indicators()}


def test_another_order_is_kept(base: Plan, grant: Grant, officer: User) -> None:
    draft = replace(base, activities=base.activities[::-1])
    write(base, draft, grant, officer)
    assert [a.text for a in plan_in_force(grant, APRIL_22).activities] == [a.text for a in draft.activities]


def test_a_first_plan_needs_no_revision(grant: Grant, officer: User) -> None:
    empty = plan_in_force(grant, APRIL_22)
    draft = replace(empty, outcomes=(OutcomePlan(-1, 1, "変わる", "", (), ()),))
    assert write(empty, draft, grant, officer) == []
    assert [o.text for o in plan_in_force(grant, APRIL_22).outcomes] == ["変わる"]


def test_a_plan_that_moved_on_is_not_overwritten(
    rows: PlanRows, base: Plan, grant: Grant, officer: User
) -> None:
    OutputVersionFactory(output=rows.outputs[1], valid_from=APRIL_22, position=2, text="ほかの人が先に書いた")
    draft = with_output(base, 0, text="わたしの言い方")
    with pytest.raises(PlanMoved) as moved:
        write(base, draft, grant, officer)
    merged = carried_over(base, draft, moved.value.now)
    assert {o.text for o in merged.outputs} >= {"わたしの言い方", "ほかの人が先に書いた"}
    write(moved.value.now, merged, grant, officer)
    assert plan_in_force(grant, APRIL_22).outputs == merged.outputs


def test_a_later_plan_is_not_undermined(rows: PlanRows, base: Plan, grant: Grant, officer: User) -> None:
    OutputVersionFactory(output=rows.outputs[1], valid_from=dt.date(2022, 6, 1), text="6月からの文")
    with pytest.raises(PlanMoved):
        write(base, with_output(base, 0, text="4月からの文"), grant, officer)


def test_writing_the_same_month_again_changes_its_version(
    rows: PlanRows, base: Plan, grant: Grant, officer: User
) -> None:
    write(base, with_output(base, 0, text="一度め"), grant, officer)
    once = plan_in_force(grant, APRIL_22)
    write(once, with_output(once, 0, text="二度め"), grant, officer)
    assert plan_in_force(grant, APRIL_22).outputs[0].text == "二度め"
    assert IndicatorVersion.objects.filter(indicator__grant=grant).count() == 6


def test_a_draft_survives_its_way_through_json(base: Plan) -> None:
    draft = with_output(base, 0, indicators=(indicator(-1, "夜に開いた回数", replaces=3),))
    assert Plan.from_json(draft.to_json()) == draft
