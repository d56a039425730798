from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.figures import FigureError, format_figure, format_percent, parse_figure


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("１，２３４", "1234"),
        ("1,234", "1234"),
        ("1 234", "1234"),
        ("1234", "1234"),
        ("　１２　", "12"),
        ("▲500", "-500"),
        ("△５００", "-500"),
        ("−5", "-5"),
        ("－5", "-5"),
        ("–5", "-5"),
        ("- 5", "-5"),
        ("+5", "5"),
        ("5件", "5"),
        ("５ 件", "5"),
        ("16人", "16"),
        ("のべ人数", None),
        ("85のべ人数", "85"),
        ("62.5%", "62.5"),
        ("６２．５％", "62.5"),
        ("3か所", "3"),
        ("¥1,000", "1000"),
        ("1,000円", "1000"),
        ("0", "0"),
        ("0.50", "0.5"),
        ("100", "100"),
    ],
)
def test_parse(typed, value):
    if value is None:
        with pytest.raises(FigureError):
            parse_figure(typed)
    else:
        assert parse_figure(typed) == Decimal(value)


@pytest.mark.parametrize("typed", ["", "  ", "　"])
def test_blank_is_not_zero(typed):
    assert parse_figure(typed) is None


def test_the_unit_of_the_indicator_is_accepted():
    assert parse_figure("3 きょうだい組", "きょうだい組") == 3


@pytest.mark.parametrize(
    "typed",
    [
        "12人くらい",
        "約12",
        "1,23",
        "1,5",
        "12 34",
        "１２〜１３",
        "①",
        "十二",
        "1.2.3",
        "--5",
        "5/8",
        "1e5",
        ".",
        "件",
        "9" * 16,
    ],
)
def test_refuses_and_keeps_what_was_typed(typed):
    with pytest.raises(FigureError) as caught:
        parse_figure(typed)
    assert caught.value.typed == typed


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_what_is_shown_can_be_typed(value):
    assert parse_figure(format_figure(value)) == value


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_full_width_reads_as_half_width(value):
    wide = f"{value:,}".translate(str.maketrans("0123456789,-", "０１２３４５６７８９，−"))
    assert parse_figure(wide) == value


def test_format():
    assert format_figure(Decimal("1234.50")) == "1,234.5"
    assert format_figure(Decimal("1000.00")) == "1,000"
    assert format_figure(Decimal("1E+3")) == "1,000"
    assert format_figure(Decimal("-0.00")) == "0"
    assert format_figure(100) == "100"
    assert format_figure(None) == ""


def test_percent_rounds_half_up():
    assert format_percent(Decimal("54.25")) == "54.3%"
    assert format_percent(Decimal("54.24")) == "54.2%"
    assert format_percent(Decimal("-0.04")) == "0.0%"
    assert format_percent(Decimal("100")) == "100.0%"
    assert format_percent(None) == ""
