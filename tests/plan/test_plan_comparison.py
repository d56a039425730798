"""A table beside the plan in force: what stays, what changes, and the plan that would hold."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings

from grants.plan import Plan
from grants.plan_diff import Act, Kind
from grants.plan_import.comparison import Comparison, compare
from grants.plan_import.reading import read_draft
from grants.plan_import.table import SourceRow
from grants.plan_import.writing import plan_rows, says_same
from grants.plan_text.headings import Column
from tests.plan.test_plan_reading import HEADS, table
from tests.plan.texts import PERIOD, plain_words, plans, words

EMPTY = Plan(dt.date(2021, 4, 1), (), (), (), ())
TEXT = f"""{HEADS}
中長期アウトカム	①	孤立せずに暮らしている
中長期アウトカム	②	担い手が動き続けている
短期アウトカム	①（①）	困ったときに相談できる	相談できる若者の割合	25%	80%（割合・人）	2024年1月	聞き取り
短期アウトカム	②（②）	担い手が活動を続ける
アウトプット	①-1（②）	居場所がひらかれる	ひらいた日数	0日	48日（合計）	2024年1月
			来所	0人	のべ400人	2024年1月
アウトプット	②-1	支える人がふえる	賛助会員	3人	22人（最新値）
活動	1（①-1）							居場所を開く	毎週土曜
"""


def rows_of(text: str) -> list[SourceRow]:
    return list(table(text).rows)


def compared(text: str, plan: Plan = EMPTY) -> Comparison:
    rows = rows_of(text)
    return compare(read_draft(rows, PERIOD), plan, rows)


def real(plan: Plan) -> Plan:
    """As if it had been written: identities instead of the negative ids, the same in the links."""

    def ids(pk: int) -> int:
        return abs(pk)

    def of(indicators: tuple) -> tuple:  # type: ignore[type-arg]
        return tuple(replace(i, id=ids(i.id)) for i in indicators)

    return replace(
        plan,
        long_term=tuple(replace(o, id=ids(o.id)) for o in plan.long_term),
        outcomes=tuple(
            replace(
                o, id=ids(o.id), leads_to=tuple(sorted(map(ids, o.leads_to))), indicators=of(o.indicators)
            )
            for o in plan.outcomes
        ),
        outputs=tuple(
            replace(
                o,
                id=ids(o.id),
                indicators=of(o.indicators),
                contributions=tuple(replace(c, outcome_id=ids(c.outcome_id)) for c in o.contributions),
            )
            for o in plan.outputs
        ),
        activities=tuple(
            replace(a, id=ids(a.id), produces=tuple(map(ids, a.produces))) for a in plan.activities
        ),
    )


@pytest.fixture
def plan() -> Plan:
    return real(compared(TEXT).target)


def lines(comparison: Comparison) -> list[tuple[Kind, Act, str, str, str, str]]:
    return [(c.kind, c.act, c.place, c.aspect, c.before, c.after) for c in comparison.changes]


def test_for_a_grant_without_a_plan_everything_is_new() -> None:
    comparison = compared(TEXT)
    assert not comparison.has_plan
    assert {change.act for change in comparison.changes} == {Act.ADDED}
    assert [comparison.verdicts(row) for row in range(len(rows_of(TEXT)))] == [
        ["new"], ["new"], ["new"], ["new"], ["new"], [], ["new"], ["new"],
    ]  # fmt: skip
    target = comparison.target
    assert [target.output_label(output) for output in target.outputs] == ["①-1", "②-1"]
    assert [o.label for o in target.also_serves(target.outputs[0])] == ["②"]
    assert all(edge.reason for output in target.outputs for edge in output.contributions)


def test_the_same_table_again_changes_nothing(plan: Plan) -> None:
    comparison = compared(TEXT, plan)
    assert comparison.changes == ()
    assert comparison.target == plan
    assert {word for row in range(8) for word in comparison.verdicts(row)} == {"same"}


def test_a_rewording_by_its_number(plan: Plan) -> None:
    comparison = compared(TEXT.replace("困ったときに相談できる", "困ったときに自分から相談できる"), plan)
    assert lines(comparison) == [
        (
            Kind.WORDING,
            Act.CHANGED,
            "短期アウトカム ①",
            "文",
            "困ったときに相談できる",
            "困ったときに自分から相談できる",
        )
    ]
    assert comparison.verdicts(2) == ["wording"]
    assert comparison.doubts == []


def test_a_rewording_that_says_something_else_is_doubted(plan: Plan) -> None:
    comparison = compared(TEXT.replace("困ったときに相談できる", "農業で働く人がふえる"), plan)
    assert [(r.row, r.doubt.code) for r in comparison.doubts] == [(2, "reworded_much")]


def test_a_box_that_moved_is_known_by_its_words(plan: Plan) -> None:
    """A new outcome comes first: the others keep their figures under their new numbers."""
    text = TEXT.replace("短期アウトカム\t②（②）", "短期アウトカム\t③（②）").replace(
        "アウトプット\t②-1", "アウトプット\t③-1"
    )
    text = text.replace("短期アウトカム\t①（①）", "短期アウトカム\t②（①）").replace(
        "アウトプット\t①-1（②）", "アウトプット\t②-1（③）"
    )
    text = text.replace("活動\t1（①-1）", "活動\t1（②-1）") + "短期アウトカム\t①（①）\t仕事に就く\n"
    comparison = compared(text, plan)
    assert [(o.number, o.id > 0) for o in comparison.target.outcomes] == [(1, False), (2, True), (3, True)]
    assert {c.kind for c in comparison.changes if c.act == Act.CHANGED} == {Kind.WORDING, Kind.CONTENT}
    assert not comparison.gone


def test_targets(plan: Plan) -> None:
    comparison = compared(TEXT.replace("48日", "60日").replace("聞き取り", "アンケート"), plan)
    assert [(kind, aspect, after) for kind, _act, _place, aspect, _before, after in lines(comparison)] == [
        (Kind.WORDING, "相談できる若者の割合　何で確かめるか", "アンケート"),
        (Kind.TARGET, "ひらいた日数　目標値", "60日"),
    ]
    indicator = comparison.target.outputs[0].indicators[0]
    assert indicator.id == plan.outputs[0].indicators[0].id


def test_what_is_missing_goes(plan: Plan) -> None:
    text = "\n".join(line for line in TEXT.split("\n") if "来所" not in line and "支える人" not in line)
    comparison = compared(text, plan)
    assert [(change.act, change.kind) for change in comparison.gone] == [
        (Act.RETIRED, Kind.INDICATOR),
        (Act.RETIRED, Kind.CONTENT),
    ]


def test_another_way_of_counting_is_another_indicator(plan: Plan) -> None:
    comparison = compared(TEXT.replace("のべ400人", "400人（実人数）"), plan)
    new = comparison.target.outputs[0].indicators[1]
    assert (new.id < 0, new.replaces) == (True, plan.outputs[0].indicators[1].id)
    assert [r.doubt.code for r in comparison.doubts] == ["method_changed"]


def test_another_unit_is_another_indicator(plan: Plan) -> None:
    """Days and times cannot be added up; 22人 and 22名 can."""
    comparison = compared(TEXT.replace("0日\t48日", "0回\t48回"), plan)
    new = comparison.target.outputs[0].indicators[0]
    assert (new.id < 0, new.replaces, new.unit) == (True, plan.outputs[0].indicators[0].id, "回")
    assert [r.doubt.code for r in comparison.doubts] == ["unit_changed"]
    alike = compared(TEXT.replace("22人（最新値）", "22名（最新値）"), plan)
    assert [(change.kind, change.before, change.after) for change in alike.changes] == [
        (Kind.WORDING, "人", "名")
    ]
    assert not alike.doubts


def test_a_guess_follows_the_way_it_is_counted_already(plan: Plan) -> None:
    """A form that only says 「400人」 does not make the visits of the plan in force into people."""
    comparison = compared(TEXT.replace("のべ400人", "400人").replace("22人（最新値）", "22人"), plan)
    assert comparison.changes == ()
    assert comparison.doubts == []


def test_a_column_that_the_table_does_not_have_says_nothing(plan: Plan) -> None:
    rows = [
        SourceRow(row.at, {c: text for c, text in row.cells.items() if c not in (Column.MEANS, Column.DUE)})
        for row in rows_of(TEXT)
    ]
    comparison = compare(read_draft(rows, PERIOD), plan, rows)
    assert comparison.changes == ()


def test_a_dash_that_stood_for_nothing_is_no_change(plan: Plan) -> None:
    outcome = plan.outcomes[0]
    dashed = replace(outcome, indicators=(replace(outcome.indicators[0], verification="ー"),))
    plan = replace(plan, outcomes=(dashed, *plan.outcomes[1:]))
    assert compared(TEXT.replace("聞き取り", "ー"), plan).changes == ()


def test_links_that_are_not_said_stay_and_said_ones_change(plan: Plan) -> None:
    unsaid = compared(TEXT.replace("①-1（②）", "①-1").replace("①（①）", "①").replace("1（①-1）", "1"), plan)
    assert unsaid.changes == ()
    said = compared(TEXT.replace("①-1（②）", "①-1（－）"), plan)
    assert [(kind, aspect) for kind, _act, _place, aspect, _b, _a in lines(said)] == [
        (Kind.CONTENT, "つながる短期アウトカム"),
        (Kind.WORDING, "つながると考える理由"),
    ]


def test_a_link_keeps_its_reason(plan: Plan) -> None:
    output = plan.outputs[0]
    told = replace(
        output, contributions=tuple(replace(c, reason="顔なじみになるから") for c in output.contributions)
    )
    plan = replace(plan, outputs=(told, *plan.outputs[1:]))
    comparison = compared(TEXT.replace("①-1（②）", "①-1（－）"), plan)
    assert [c.reason for c in comparison.target.outputs[0].contributions] == ["顔なじみになるから"]


def test_new_outcomes_lead_to_the_only_purpose_and_else_to_none() -> None:
    one = compared(f"{HEADS}\n中長期アウトカム\t①\tあ\n短期アウトカム\t①\tい")
    assert one.target.outcomes[0].leads_to == (one.target.long_term[0].id,)
    two = compared(f"{HEADS}\n中長期アウトカム\t①\tあ\n中長期アウトカム\t②\tう\n短期アウトカム\t①\tい")
    assert two.target.outcomes[0].leads_to == ()
    assert [r.doubt.code for r in two.doubts] == ["leads_unsaid"]


# --- out and in again --------------------------------------------------------------------------------------


def again(plan: Plan, before: Plan) -> Comparison:
    rows = plan_rows(plan, PERIOD)
    return compare(read_draft(rows, PERIOD), before, rows)


@settings(max_examples=60)
@given(plans(texts=plain_words))
def test_a_plan_written_and_read_again_is_no_change(plan: Plan) -> None:
    comparison = again(plan, plan)
    assert comparison.changes == ()
    assert comparison.problems == []


@pytest.mark.parametrize("name", ["②0③0", "①朝の会②夜の会", "『①朝』", "一行め\n二行め"])
def test_a_name_that_looks_like_a_list_stays_one_name(name: str) -> None:
    base = compared(f"{HEADS}\n短期アウトカム\t①\tあ\t回数\t0回\t3回").target
    (outcome,) = base.outcomes
    (counted,) = outcome.indicators
    plan = replace(base, outcomes=(replace(outcome, indicators=(replace(counted, name=name),)),))
    assert again(plan, plan).changes == ()


@settings(max_examples=60)
@given(plans(texts=words))
def test_not_even_with_words_that_look_like_marks_and_figures(plan: Plan) -> None:
    assert again(plan, plan).changes == ()


@settings(max_examples=60)
@given(plans(texts=plain_words))
def test_into_an_empty_grant_it_comes_as_the_same_plan(plan: Plan) -> None:
    """But for the short words and the reasons of links, which the ten columns do not have."""
    drawn = again(plan, EMPTY).draft
    assert [o.text for o in drawn.long_term] == [o.text for o in plan.long_term]
    longs = {o.id: number for number, o in enumerate(plan.long_term, start=1)}
    assert [(o.number, o.text, o.leads_to or ()) for o in drawn.outcomes] == [
        (o.number, o.text, tuple(longs[pk] for pk in o.leads_to)) for o in plan.outcomes
    ]
    expected = [i for group in (plan.outcomes, _by_path(plan)) for box in group for i in box.indicators]  # type: ignore[attr-defined]
    found = list(drawn.indicators())
    assert len(found) == len(expected)
    assert all(says_same(one, other) for one, other in zip(found, expected, strict=True))
    assert [(a.text, a.period) for a in drawn.activities] == _merged(
        [(a.text, a.period) for a in plan.activities]
    )


def _by_path(plan: Plan) -> list:  # type: ignore[type-arg]
    return [o for outcome in [*(x.id for x in plan.outcomes), None] for o in plan.outputs_under(outcome)]


def _merged(activities: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return list(dict.fromkeys(activities))


def test_figures_are_written_as_people_write_them(plan: Plan) -> None:
    rows = plan_rows(plan, PERIOD)
    assert [row[Column.NUMBER] for row in rows] == [
        "①",
        "②",
        "①（①）",
        "②（②）",
        "①-1（②）",
        "",
        "②-1",
        "1（①-1）",
    ]
    assert [row[Column.TARGET] for row in rows] == [
        "",
        "",
        "80%（割合・人）",
        "",
        "48日（合計）",
        "のべ400人",
        "22人（最新値）",
        "",
    ]
    assert rows[4].cells == {
        Column.KIND: "アウトプット",
        Column.NUMBER: "①-1（②）",
        Column.TEXT: "居場所がひらかれる",
        Column.INDICATOR: "ひらいた日数",
        Column.BASELINE: "0日",
        Column.TARGET: "48日（合計）",
        Column.DUE: "2024年1月",
    }
    assert rows[7].cells[Column.ACTIVITY] == "居場所を開く"


def test_yearly_targets_go_out_and_come_in(plan: Plan) -> None:
    indicator = replace(
        plan.outputs[0].indicators[0],
        year_targets=((2021, Decimal(10)), (2022, Decimal(20)), (2023, Decimal(18))),
        target_state="48日以上",
    )
    output = replace(plan.outputs[0], indicators=(indicator, *plan.outputs[0].indicators[1:]))
    plan = replace(plan, outputs=(output, *plan.outputs[1:]))
    assert again(plan, plan).changes == ()
