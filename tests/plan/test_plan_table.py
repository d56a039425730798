"""Which rows are heads, which are rows of the plan, and what stands outside."""

import pytest

from grants.plan_import.table import MOST_ROWS, NoPlan, SourceTable, TextRow, read_table
from grants.plan_text.headings import Column, Kind, column_named, kind_named

TEN = "種別\t番号\t内容\t指標\t初期値\t目標値\t達成時期\t把握方法\t活動\t時期"


def table(text: str, joined: dict[int, set[int]] | None = None) -> SourceTable:
    """Rows by line, cells by tab; `joined` names cells that were merged with the one above."""
    rows = [
        TextRow(str(at), tuple(line.split("\t")), frozenset((joined or {}).get(at, ())))
        for at, line in enumerate(text.strip("\n").split("\n"), start=1)
    ]
    return read_table(rows)


@pytest.mark.parametrize(
    ("head", "column"),
    [
        ("種別", Column.KIND), ("No.", Column.NUMBER), ("№", Column.NUMBER), ("番号", Column.NUMBER),
        ("内容", Column.TEXT), ("項目", Column.TEXT), ("アウトカム", Column.TEXT), ("(1) 短期アウトカム", Column.TEXT),
        ("指標", Column.INDICATOR), ("評価指標（※）", Column.INDICATOR),
        ("初期値／初期状態", Column.BASELINE), ("現状", Column.BASELINE),
        ("目標値・目標状態", Column.TARGET), ("目標値\n/目標状態", Column.TARGET), ("目標", Column.TARGET),
        ("目標達成時期", Column.DUE), ("指標の把握方法", Column.MEANS), ("測定方法", Column.MEANS),
        ("主な活動", Column.ACTIVITY), ("活動", Column.ACTIVITY), ("実施時期", Column.PERIOD),
        ("対応するアウトカム", Column.SERVES), ("数え方", Column.METHOD), ("備考", None), ("担当", None),
    ],
)  # fmt: skip
def test_heads_as_forms_have_them(head: str, column: Column | None) -> None:
    assert column_named(head)[0] == column


def test_kinds_by_their_names() -> None:
    assert [kind_named(text) for text in ("中長期アウトカム", "■短期アウトカム", "アウトプット①", "活動", "居場所")] == [
        Kind.LONG_TERM, Kind.OUTCOME, Kind.OUTPUT, Kind.ACTIVITY, None,
    ]  # fmt: skip


def test_the_ten_columns() -> None:
    read = table(f"{TEN}\nアウトプット\t①-1\t居場所\t日数\t0日\t48日\t2024年1月\t日誌\t開く\t毎週")
    assert list(read.rows[0].cells) == list(Column)[:10]
    assert read.doubts == ()


def test_titles_above_are_left_out_and_told() -> None:
    read = table(f"はこぶね 事業計画\n\n{TEN}\n短期アウトカム\t①\t相談できる")
    assert [row.cells for row in read.left_out] == [("はこぶね 事業計画",)]
    assert [row.at for row in read.rows] == ["4"]


def test_several_tables_in_one_sheet_each_with_their_head() -> None:
    read = table(
        "■中長期アウトカム\n孤立せずに暮らす\n"
        "短期アウトカム\t指標\t目標値\n①相談できる\t割合\t80%\n"
        "アウトプット\t指標\t目標値\n①-1 居場所\t日数\t48日\n"
        "活動\t時期\n居場所を開く\t毎週"
    )
    assert [row[Column.KIND] for row in read.rows] == [
        "中長期アウトカム",
        "短期アウトカム",
        "アウトプット",
        "活動",
    ]
    assert read.rows[3].cells[Column.ACTIVITY] == "居場所を開く"


def test_a_line_beside_the_name_of_its_kind() -> None:
    read = table(f"中長期アウトカム\t孤立せずに暮らす\n{TEN}\n短期アウトカム\t①\t相談できる")
    assert read.rows[0].cells == {Column.KIND: "中長期アウトカム", Column.TEXT: "孤立せずに暮らす"}


def test_an_unknown_column_is_doubted_and_its_words_stay_with_the_row() -> None:
    read = table("番号\t内容\t指標\t備考\n①\t相談できる\t割合\t毎年見直す")
    assert [doubt.code for doubt in read.doubts] == ["unknown_columns"]
    assert read.rows[0][Column.OTHER] == "備考: 毎年見直す"


def test_merged_cells_begin_no_box_again_and_give_their_due_day_to_each_indicator() -> None:
    text = f"{TEN}\nアウトプット\t①-1\t居場所\t日数\t\t48日\t2024年1月\nアウトプット\t①-1\t居場所\t人数\t\t20人\t2024年1月"
    read = table(text, {3: {0, 1, 2, 6}})
    assert read.rows[1].cells == {Column.INDICATOR: "人数", Column.TARGET: "20人", Column.DUE: "2024年1月"}


def test_without_heads_the_ten_columns_are_taken_in_their_order() -> None:
    read = table("短期アウトカム\t①\t相談できる\t割合\t25%\t80%")
    assert read.rows[0][Column.TARGET] == "80%"
    assert [doubt.code for doubt in read.doubts] == ["no_heads"]


def test_words_that_are_also_heads_do_not_make_a_head_of_a_row() -> None:
    read = table(f"{TEN}\nアウトプット\t\t活動\n活動\t\t内容")
    assert [row[Column.TEXT] for row in read.rows] == ["活動", "内容"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("あれこれ\tいろいろ", "見出しの行が見つかりません"),
        (TEN, "計画の行がありません"),
        ("\n\t\n", "何も書かれていません"),
        (TEN + "\n短期アウトカム\t①\tあ" * (MOST_ROWS + 1), f"{MOST_ROWS}行まで"),
        (TEN + "\n短期アウトカム\t①\t" + "あ" * 130_000, "文字が多すぎます"),
    ],
)
def test_what_is_no_plan_says_what_helps(text: str, words: str) -> None:
    with pytest.raises(NoPlan, match=words):
        table(text)
