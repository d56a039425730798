"""Targets as people really write them come out right, or are marked as doubtful, and lose no word."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.plan_text.methods import guess_method, unit_in_name
from grants.plan_text.targets import Target, read_target


def codes(target: Target) -> list[str]:
    return [doubt.code for doubt in target.doubts]


@pytest.mark.parametrize(
    ("text", "value", "unit", "method"),
    [
        ("０施設", 0, "施設", ""),
        ("０回", 0, "回", ""),
        ("96回", 96, "回", ""),
        ("１，２３４人", 1234, "人", ""),
        ("1.5万人", 15000, "人", ""),
        ("30万円", 300_000, "円", ""),
        ("1億2,000万円", 120_000_000, "円", ""),
        ("5千円", 5000, "円", ""),
        ("三十人", 30, "人", ""),
        ("のべ400人", 400, "人", "sum"),
        ("延べ400名", 400, "名", "sum"),
        ("400人（のべ）", 400, "人", "sum"),
        ("累計100社", 100, "社", "sum"),
        ("20人（実人数）", 20, "人", "new_unique"),
        ("実人数20人", 20, "人", "new_unique"),
        ("16人（最新値）", 16, "人", "latest"),
        ("80%", 80, "", "ratio"),
        ("８０％", 80, "", "ratio"),
        ("80%（割合・人）", 80, "人", "ratio"),
        ("80%（人）", 80, "人", "ratio"),
    ],
)
def test_plain_figures(text: str, value: int, unit: str, method: str) -> None:
    target = read_target(text)
    assert (target.value, target.unit, target.method) == (Decimal(value), unit, method)
    assert (target.state, target.doubts) == ("", ())  # the figure says it all


@pytest.mark.parametrize(
    ("text", "value", "unit", "method"),
    [
        ("8割以上", 80, "", "ratio"),
        ("7割5分", 75, "", "ratio"),
        ("80％以上", 80, "", "ratio"),
        ("20人以上", 20, "人", ""),
        ("一人以上", 1, "人", ""),
        ("少なくとも3か所", 3, "か所", ""),
        ("84人(月間3人×28か月)", 84, "人", ""),
        ("12回×3年=36回", 36, "回", "sum"),
        ("3年間で100人", 100, "人", ""),
        ("2023年3月までに20人", 20, "人", ""),
        ("20人（アンケートで把握）", 20, "人", ""),
    ],
)
def test_figures_whose_words_are_kept_beside_them(text: str, value: int, unit: str, method: str) -> None:
    target = read_target(text)
    assert (target.value, target.unit, target.method) == (Decimal(value), unit, method)
    assert (target.state, target.doubts) == (text, ())


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("20〜30人", 20, "range"),
        ("20人から30人", 20, "range"),
        ("約50人", 50, "about"),
        ("50人程度", 50, "about"),
        ("10件未満", 10, "strict"),
        ("100人を超える", 100, "strict"),
        ("5件以下", 5, "at_most"),
        ("120%", 120, "over_100"),
        ("12回×3年", 36, "multiplied"),
        ("月間3人×28か月", 84, "multiplied"),
        ("90人(月間3人×28か月)", 90, "product_differs"),
        ("12回×3年=30回", 30, "product_differs"),
        ("10人（うち若者5人）", 10, "figures_in_note"),
        ("研修会を7回開催", 7, "figure_among_words"),
        ("ボランティア16名", 16, "figure_among_words"),
        ("20代の若者10人", 10, "figure_among_words"),
        ("6か月", 6, "span"),
    ],
)
def test_figures_that_could_mean_something_else_are_doubtful(text: str, value: int, code: str) -> None:
    target = read_target(text)
    assert target.value == Decimal(value)
    assert code in codes(target)
    assert all(doubt.words for doubt in target.doubts)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1施設3回以上", "rate"),
        ("各施設2回", "rate"),
        ("1人あたり3回", "rate"),
        ("月2回", "rate"),
        ("年間12回", "rate"),
        ("毎月1回", "rate"),
        ("20%増", "change"),
        ("▲5%", "negative"),
        ("-5件", "negative"),
        ("5/10", "several_figures"),
        ("20人、30人", "several_figures"),
        ("全員", "vague"),
        ("数十人", "vague"),
        ("6施設で続いている状態", "figures_in_words"),
        ("調査中", "not_known"),
    ],
)
def test_what_is_no_clear_figure_becomes_a_target_state_with_a_doubt(text: str, code: str) -> None:
    target = read_target(text)
    assert (target.value, target.state) == (None, text)
    assert codes(target) == [code]


@pytest.mark.parametrize(
    "text",
    [
        "一人以上と話せる状態",
        "困ったときに相談できる状態",
        "職員のほうから求めている",
        "担い手が自分で決めること",
    ],
)
def test_states_are_states(text: str) -> None:
    target = read_target(text)
    assert (target.value, target.state, target.method, target.doubts) == (None, text, "state", ())


@pytest.mark.parametrize("text", ["あり", "有", "完成", "なし", "作成中"])
def test_presence(text: str) -> None:
    assert (read_target(text).method, read_target(text).state) == ("presence", text)


@pytest.mark.parametrize("text", ["", " ", "－", "-", "ー"])
def test_blank_and_a_dash_say_nothing(text: str) -> None:
    target = read_target(text)
    assert (target.value, target.state, target.method, target.doubts) == (None, "", "", ())


@pytest.mark.parametrize(
    "text", ["一" * 5000 + "人", "〇" * 20000, "3分の" + "1" * 33, "1" * 5000 + "分の1", "二" * 21 + "人"]
)
def test_a_run_of_signs_that_is_no_number_of_anything_stays_in_words(text: str) -> None:
    target = read_target(text)
    assert (target.state, target.raw) == (text, text)


def test_two_figures_in_one_cell_are_two() -> None:
    target = read_target("30万円/100名")
    assert [(part.value, part.unit) for part in target.parts] == [(300_000, "円"), (100, "名")]
    assert codes(target) == ["split_figures"]
    assert [(p.value, p.method) for p in read_target("30万円・のべ100名").parts] == [
        (300_000, ""),
        (100, "sum"),
    ]


@pytest.mark.parametrize(
    ("text", "value", "years", "doubts"),
    [
        ("1年目:累計20社 2年目:累計50社 3年目:累計100社", 100, [(1, 20, True), (2, 50, True), (3, 100, True)], []),
        ("2021年度 2回 2022年度 3回 2023年度 2回", 7, [(2021, 2, False), (2022, 3, False), (2023, 2, False)], ["years_unsure"]),
        ("1年目10人、2年目20人", 30, [(1, 10, False), (2, 20, False)], ["years_unsure"]),
        ("初年度：50% 2年目：60% 3年目：80%", 80, [(1, 50, False), (2, 60, False), (3, 80, False)], []),
        ("年度ごと: 令和3年度:2回 令和4年度:3回", 5, [(2021, 2, False), (2022, 3, False)], []),
        ("7回（2021年度: 2回、2022年度: 3回、2023年度: 2回）", 7, [(2021, 2, False), (2022, 3, False), (2023, 2, False)], []),
        ("100社（1年目: 20社、2年目: 50社、3年目: 100社）", 100, [(1, 20, True), (2, 50, True), (3, 100, True)], []),
        ("9回（2021年度: 2回、2022年度: 3回）", 9, [(2021, 2, False), (2022, 3, False)], ["years_differ"]),
    ],
)  # fmt: skip
def test_yearly_targets(text: str, value: int, years: list[tuple[int, int, bool]], doubts: list[str]) -> None:
    target = read_target(text)
    assert target.value == value
    assert [(y.year, int(y.value), y.is_cumulative) for y in target.years] == years
    assert codes(target) == doubts


def test_a_year_that_is_no_figure_keeps_all_in_words() -> None:
    target = read_target("1年目:準備 2年目:20人")
    assert (target.value, target.state, codes(target)) == (
        None,
        "1年目:準備 2年目:20人",
        ["years_unreadable"],
    )


def test_a_figure_and_a_state_can_stand_in_one_cell() -> None:
    target = read_target("20人（最新値）\n目標状態: 自分から声をかけている")
    assert (target.value, target.method, target.state) == (20, "latest", "自分から声をかけている")


SIGNS = "①②0123９０人名回円%割月年社か所のべ以上約〜～/・、。（）()×=+-▲1年目:累計 一二十万千ー若者が状態\n"


@given(st.text(SIGNS, max_size=40))
def test_no_word_is_lost(text: str) -> None:
    """Every sign of the text is in the target as written, whatever was understood; parts are parts of it."""
    target = read_target(text)
    assert "".join(target.raw.split()) == "".join(text.split())
    assert all(part.raw in text for part in target.parts)
    if target.value is None and not target.parts and target.raw:
        assert target.state in text


@given(st.text(SIGNS, max_size=40))
def test_a_figure_without_a_doubt_stands_in_its_text(text: str) -> None:
    target = read_target(text)
    if target.is_figure and not target.doubts:
        assert any(sign in text for sign in "0123456789０９一二十")


# --- how it is counted -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "method", "is_sure"),
    [
        ("施設での活動", "96回", "sum", True),
        ("交流会の参加者（のべ）", "85人", "sum", True),
        ("利用した若者（実人数）", "20人", "new_unique", True),
        ("相談の件数", "300件", "sum", True),
        ("寄付", "30万円", "sum", True),
        ("相談できる若者の割合", "80", "ratio", True),
        ("緊急時の手順書", "あり", "presence", True),
        ("相談のようす", "自分から相談できる状態", "state", True),
        ("登録している担い手", "16人", "latest", False),
        ("講座の参加者", "85人", "sum", False),
        ("就職した若者", "18人", "new_unique", False),
        ("訪問している施設", "3か所", "latest", False),
        ("掲載している支援先", "80件", "latest", False),
        ("ひらいた日", "48日", "sum", False),
        ("来所（のべ）", "", "sum", False),
    ],
)
def test_the_method_is_told_or_guessed_and_doubted(name: str, text: str, method: str, is_sure: bool) -> None:
    target = read_target(text)
    found, doubt = guess_method(name, target, target.unit or unit_in_name(name))
    assert (found, doubt is None) == (method, is_sure)


def test_a_doubt_about_the_method_names_what_can_be_copied_into_the_cell() -> None:
    _method, doubt = guess_method("訪問している施設", read_target("3か所"), "か所")
    assert doubt is not None
    assert "3か所（合計）" in doubt.words


def test_the_demo_s_own_indicators_are_guessed_right_or_doubted() -> None:
    from reports.demo.plans import GRANTS

    for grant in GRANTS:
        for indicator in grant.indicators():
            unit = "%" if indicator.method == "ratio" else indicator.unit
            target = read_target(
                f"{indicator.target}{unit}" if indicator.target is not None else indicator.state
            )
            method, doubt = guess_method(indicator.name, target, target.unit)
            assert method == indicator.method or doubt is not None, indicator.name
