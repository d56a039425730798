"""Rows become boxes, indicators and links; every doubt stands at its cell, and no word is lost."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.plan_import.draft import Draft, DraftIndicator
from grants.plan_import.reading import read_draft
from grants.plan_import.table import SourceRow
from grants.plan_text.headings import TEN, Column
from tests.plan.test_plan_table import TEN as HEADS
from tests.plan.test_plan_table import table
from tests.plan.texts import PERIOD


def draft_of(text: str, heads: str = HEADS) -> Draft:
    """`\\n` in a cell is written as two signs."""
    lines = f"{heads}\n{text.strip()}"
    read = table(lines)
    rows = [SourceRow(r.at, {c: t.replace("\\n", "\n") for c, t in r.cells.items()}) for r in read.rows]
    return read_draft(rows, PERIOD)


def doubts(draft: Draft) -> list[tuple[int, str, str]]:
    return [(remark.row, remark.column.value, remark.doubt.code) for remark in draft.remarks]


def only(draft: Draft) -> DraftIndicator:
    (indicator,) = draft.indicators()
    return indicator


def test_a_whole_plan() -> None:
    draft = draft_of(
        """
中長期アウトカム	①	孤立せずに暮らしている
短期アウトカム	①（①）	相談できる	割合	25%	80%	2024年1月	聞き取り
アウトプット	①-1（②）	居場所がひらかれる	ひらいた日数（合計）	0日	48日（合計）	3年目末	日誌	居場所を開く	毎週土曜
			来所（のべ）	0人	のべ400人
短期アウトカム	②	仕事に就く	就職した若者（実人数）		18人	2024年1月
活動	2（①-1）							広報	随時
"""
    )
    assert [(o.number, o.text, o.leads_to) for o in draft.outcomes] == [
        (1, "相談できる", (1,)),
        (2, "仕事に就く", None),
    ]
    (output,) = draft.outputs
    assert (output.path, output.text, output.also) == ((1, 1), "居場所がひらかれる", (2,))
    assert [(i.name, i.method, i.target_value, i.unit) for i in output.indicators] == [
        ("ひらいた日数（合計）", "sum", 48, "日"),
        ("来所（のべ）", "sum", 400, "人"),
    ]
    share = draft.outcomes[0].indicators[0]
    assert (share.method, share.baseline, share.target_value, share.unit) == ("ratio", 25, 80, "")
    assert (share.due_on, share.verification) == (dt.date(2024, 1, 31), "聞き取り")
    assert [(a.text, a.period, a.produces) for a in draft.activities] == [
        ("居場所を開く", "毎週土曜", ((1, 1),)),
        ("広報", "随時", ((1, 1),)),
    ]
    assert doubts(draft) == []
    assert [(row.label, row.entry) for row in draft.rows] == [
        ("①", 0), ("①", 1), ("①-1", 2), ("①-1", 2), ("②", 4), ("②", 5),
    ]  # fmt: skip


# --- several indicators in one cell ------------------------------------------------------------------------


def test_several_indicators_in_one_cell() -> None:
    draft = draft_of(
        "短期アウトカム\t①\t相談できる\t①参加施設\\n②開催回数\t①０施設 ②０回\t①3施設 ②12回\t2024年1月\t①名簿 ②記録"
    )
    assert [(i.name, i.baseline, i.target_value, i.unit, i.verification) for i in draft.indicators()] == [
        ("参加施設", 0, 3, "施設", "名簿"),
        ("開催回数", 0, 12, "回", "記録"),
    ]
    assert {i.due_on for i in draft.indicators()} == {dt.date(2024, 1, 31)}


def test_the_marks_and_not_the_order_say_what_belongs_together() -> None:
    draft = draft_of("短期アウトカム\t①\tあ\t①施設 ②回数\t\t①3施設 ②12回")
    assert [i.target_value for i in draft.indicators()] == [3, 12]
    swapped = draft_of("短期アウトカム\t①\tあ\t①施設 ②回数\t\t②12回")
    assert [(i.name, i.target_value) for i in swapped.indicators()] == [("施設", None), ("回数", 12)]
    assert (0, "target", "items_missing") in doubts(swapped)


def test_a_target_too_many_stays_with_the_last_indicator() -> None:
    draft = draft_of("短期アウトカム\t①\tあ\t①施設 ②回数\t\t①3施設 ②12回 ③20人")
    assert (0, "target", "left_over") in doubts(draft)
    assert "③20人" in list(draft.indicators())[1].target_state


def test_one_name_for_several_targets() -> None:
    draft = draft_of("短期アウトカム\t①\tあ\t連携\t\t①3施設 ②12回")
    assert [i.name for i in draft.indicators()] == ["連携（施設）", "連携（回）"]
    assert (0, "indicator", "name_shared") in doubts(draft)


def test_two_figures_of_one_mark() -> None:
    draft = draft_of("短期アウトカム\t①\tあ\t①寄付額/寄付者 ②会員\t\t①30万円/100名 ②20人（最新値）")
    assert [(i.name, i.target_value, i.unit) for i in draft.indicators()] == [
        ("寄付額", 300_000, "円"),
        ("寄付者", 100, "名"),
        ("会員", 20, "人"),
    ]
    assert (0, "target", "split_figures") in doubts(draft)


def test_lines_of_names_and_figures_are_paired_with_a_doubt() -> None:
    draft = draft_of("短期アウトカム\t①\tあ\t施設\\n回数\t\t3施設\\n12回")
    assert [(i.name, i.target_value) for i in draft.indicators()] == [("施設", 3), ("回数", 12)]
    assert (0, "indicator", "lines_split") in doubts(draft)


def test_yearly_targets_become_what_each_year_adds() -> None:
    indicator = only(
        draft_of("短期アウトカム\t①\tあ\t協力企業\t5社\t1年目:累計20社 2年目:累計50社 3年目:累計100社")
    )
    assert (indicator.target_value, indicator.baseline) == (100, 5)
    assert indicator.year_targets == ((2021, Decimal(15)), (2022, Decimal(30)), (2023, Decimal(50)))


# --- what is doubted ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ("短期アウトカム\t①\tあ\t企業\t0社\t1施設3回以上", (0, "target", "rate")),
        ("短期アウトカム\t①\tあ\t企業\t3名\t10社", (0, "baseline", "units_differ")),
        ("短期アウトカム\t①\tあ\t企業\t3社\t80%", (0, "baseline", "units_differ")),
        ("短期アウトカム\t①\tあ\t企業\tなし\t10社", (0, "baseline", "baseline_words")),
        ("短期アウトカム\t①\tあ\t企業\t0社\t10", (0, "target", "method_unsure")),
        ("短期アウトカム\t①\tあ\t\t\t10回", (0, "indicator", "name_missing")),
        ("短期アウトカム\t①\tあ\t就職\t\t10", (0, "target", "unit_missing")),
        ("短期アウトカム\t①\tあ\t額\t\t99999999999999円", (0, "target", "does_not_fit")),
        ("短期アウトカム\t①\tあ\t額\t\t1.234%", (0, "target", "does_not_fit")),
        ("短期アウトカム\t①\tあ\t回\t\t2回\t随時", (0, "due", "due_unreadable")),
        ("目的\t①\tあ", (0, "kind", "kind_unknown")),
        ("短期アウトカム\tその1\tあ", (0, "number", "number_unreadable")),
        ("アウトプット\t1月2日\tあ", (0, "number", "number_was_date")),
        ("アウトプット\t②-1\tあ", (0, "number", "outcome_missing")),
        ("アウトプット\t\tあ", (0, "number", "outcome_unsaid")),
        ("活動\t\tあ", (0, "number", "output_unsaid")),
        ("活動\t1（①-1）\tあ", (0, "number", "link_missing")),
        ("短期アウトカム\t①\t\t相談の回数\t\t3回", (0, "text", "text_missing")),
        ("中長期アウトカム\t①\tあ\t率\t\t80%", (0, "target", "kept_in_text")),
        ("アウトプット\t\tあ\t回\t\t3回\t\t\t\t毎月", (0, "period", "period_as_due")),
    ],
)
def test_doubts_stand_at_their_cells(cells: str, expected: tuple[int, str, str]) -> None:
    assert expected in doubts(draft_of(cells))


def test_a_target_below_its_baseline_is_no_doubt() -> None:
    draft = draft_of("短期アウトカム\t①\tあ\t離職した人の割合\t50%\t20%以下")
    assert doubts(draft) == []
    assert (0, "target", "at_most") in doubts(draft_of("短期アウトカム\t①\tあ\t離職\t\t5件以下"))


def test_what_has_no_place_stands_below_the_words() -> None:
    draft = draft_of("中長期アウトカム\t①\t孤立しない\t孤立の率\t\t10%")
    assert draft.long_term[0].text == "孤立しない\n指標: 孤立の率\n目標値: 10%"
    activity = draft_of("活動\t1\t訪ねる\t訪問\t\t12回\t3年目\t日誌").activities[0]
    assert (activity.text, activity.period) == ("訪ねる\n指標: 訪問\n目標値: 12回\n把握方法: 日誌", "3年目")


@pytest.mark.parametrize(("column", "length"), [("指標", 301), ("目標値", 1001), ("把握方法", 501)])
def test_what_the_database_cannot_hold_is_a_problem_and_no_doubt(column: str, length: int) -> None:
    cells = {"指標": "名前", "目標値": "状態", "把握方法": "日誌"} | {column: "あ" * length}
    draft = draft_of(
        f"①\tあ\t{cells['指標']}\t{cells['目標値']}\t{cells['把握方法']}",
        "番号\t内容\t指標\t目標値\t把握方法",
    )
    assert [problem.doubt.code for problem in draft.problems] == ["too_long"]


# --- which row is what -------------------------------------------------------------------------------------


def test_blank_kinds_follow_the_row_above_and_the_numbers() -> None:
    draft = draft_of("短期アウトカム\t①\tあ\n\t②\tい\n\t①-1\tう\n\t①-2\tえ\n\t③\tお")
    assert [o.text for o in draft.outcomes] == ["あ", "い", "お"]
    assert [(o.path, o.text) for o in draft.outputs] == [((1, 1), "う"), ((1, 2), "え")]


def test_blank_numbers_continue_the_row_above() -> None:
    draft = draft_of("短期アウトカム\t①\tあ\t回数\t\t3回\n\t\t\t人数\t\t20人\n\t\t続き")
    assert draft.outcomes[0].text == "あ\n続き"
    assert [i.name for i in draft.outcomes[0].indicators] == ["回数", "人数"]
    assert (2, "text", "text_continued") in doubts(draft)


def test_a_row_told_twice_is_one_box() -> None:
    draft = draft_of(
        "アウトプット\t①-1\tあ\t回数\t\t3回\nアウトプット\t①-1\tあ\t人数\t\t20人\n短期アウトカム\t①\tい"
    )
    assert [len(output.indicators) for output in draft.outputs] == [2]


def test_numbers_in_the_words() -> None:
    draft = draft_of("短期アウトカム\t\t①相談できる\nアウトプット\t\t①-1 居場所")
    assert draft.outcomes[0].text == "相談できる"
    assert (draft.outputs[0].path, draft.outputs[0].text) == ((1, 1), "居場所")


def test_several_boxes_in_one_cell() -> None:
    draft = draft_of("中長期アウトカム\t\t①孤立しない\\n②担い手が続く")
    assert [(o.number, o.text) for o in draft.long_term] == [(1, "孤立しない"), (2, "担い手が続く")]


def test_outputs_without_a_number_belong_to_the_outcome_above_where_they_take_turns() -> None:
    draft = draft_of("短期アウトカム\t①\tあ\nアウトプット\t\tう\n短期アウトカム\t②\tい\nアウトプット\t\tえ")
    assert [(o.path, o.text) for o in draft.outputs] == [((1, 1), "う"), ((2, 1), "え")]
    assert [code for _row, _column, code in doubts(draft)] == ["outcome_above", "outcome_above"]


def test_the_same_number_twice() -> None:
    draft = draft_of(
        "短期アウトカム\t①\tあ\n短期アウトカム\t①\tい\nアウトプット\t①-1\tう\nアウトプット\t①-1\tえ"
    )
    assert [(o.number, o.text) for o in draft.outcomes] == [(1, "あ"), (2, "い")]
    assert [(o.path, o.text) for o in draft.outputs] == [((1, 1), "う"), ((1, 2), "え")]
    assert {code for _row, _column, code in doubts(draft)} == {"number_changed"}


def test_links_from_a_column_and_from_the_words() -> None:
    heads = "種別\t番号\t内容\t対応"
    draft = draft_of(
        "短期アウトカム\t①\tあ\n短期アウトカム\t②\tい\nアウトプット\t1\tう\t①②\n活動\t1\tお\t①-1", heads
    )
    assert (draft.outputs[0].path, draft.outputs[0].also) == ((1, 1), (2,))
    assert draft.activities[0].produces == ((1, 1),)
    words = draft_of("短期アウトカム\t①\tあ\n短期アウトカム\t②\tい\nアウトプット\t①-1\tう（①②）")
    assert words.outputs[0].also == (2,)


def test_one_activity_for_two_outputs_is_one() -> None:
    draft = draft_of(
        "短期アウトカム\t①\tあ\nアウトプット\t①-1\tう\t\t\t\t\t\t養成講座\nアウトプット\t①-2\tえ\t\t\t\t\t\t①養成講座\\n②広報"
    )
    assert [(a.text, a.produces) for a in draft.activities] == [
        ("養成講座", ((1, 1), (1, 2))),
        ("広報", ((1, 2),)),
    ]


def test_the_column_for_the_method_settles_it() -> None:
    heads = "番号\t内容\t指標\t目標値\t数え方"
    indicator = only(draft_of("①\tあ\t来所\t400人\t合計", heads))
    assert (indicator.method, indicator.says_method) == ("sum", True)
    assert (0, "method", "method_unknown") in doubts(draft_of("①\tあ\t来所\t400人\tてきとう", heads))


# --- no word is lost ---------------------------------------------------------------------------------------

SIGNS = "①②-1 2０人名回円%割年社以上のべ約〜/・、。（）×若者が相談状態なし\n"


@given(st.lists(st.dictionaries(st.sampled_from(TEN), st.text(SIGNS, max_size=14), max_size=6), max_size=5))
def test_reading_never_fails_and_every_box_has_words(cells: list[dict[Column, str]]) -> None:
    rows = [
        SourceRow(str(n), {c: t.strip() for c, t in row.items() if t.strip()}) for n, row in enumerate(cells)
    ]
    draft = read_draft(rows, PERIOD)
    assert len(draft.rows) == len(rows)
    for box in (*draft.long_term, *draft.outcomes, *draft.outputs, *draft.activities):
        assert box.text
    for indicator in draft.indicators():
        assert indicator.name
        assert indicator.method
    assert all(0 <= remark.row < len(rows) and remark.doubt.words for remark in draft.remarks)


@given(
    st.fixed_dictionaries(
        {column: st.text("若者が相談できる場所のようす見る人、 ", max_size=20) for column in (Column.INDICATOR, Column.BASELINE, Column.TARGET, Column.DUE, Column.MEANS, Column.ACTIVITY, Column.PERIOD)}
    ),
    st.sampled_from(["中長期アウトカム", "短期アウトカム", "アウトプット", "活動"]),
)  # fmt: skip
def test_every_word_of_a_row_finds_a_place_in_the_plan(cells: dict[Column, str], kind: str) -> None:
    row = {Column.KIND: kind, Column.NUMBER: "①", Column.TEXT: "ことば"}
    row |= {column: text.strip() for column, text in cells.items() if text.strip()}
    draft = read_draft([SourceRow("1", row)], PERIOD)
    places = [box.text for box in (*draft.long_term, *draft.outcomes, *draft.outputs, *draft.activities)]
    places += [activity.period for activity in draft.activities]
    for i in draft.indicators():
        places += [i.name, i.baseline_state, i.target_state, i.due_note, i.verification]
    for column in set(cells) & set(row):
        assert any("".join(row[column].split()) in "".join(place.split()) for place in places), column
