import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import months
from core.months import add_months, fiscal_year, months_between, parse_month, period_label

month_starts = st.dates(min_value=dt.date(1950, 1, 1), max_value=dt.date(2150, 1, 1)).map(
    months.first_of_month
)


@given(month_starts, st.integers(min_value=-600, max_value=600))
def test_adding_and_measuring_agree(month, count):
    later = add_months(month, count)
    assert later.day == 1
    assert months_between(month, later) == count
    assert add_months(later, -count) == month


def test_range_includes_both_ends():
    assert list(months.month_range(dt.date(2022, 12, 1), dt.date(2023, 2, 1))) == [
        dt.date(2022, 12, 1),
        dt.date(2023, 1, 1),
        dt.date(2023, 2, 1),
    ]
    assert list(months.month_range(dt.date(2023, 2, 1), dt.date(2022, 12, 1))) == []


def test_fiscal_year_turns_in_april():
    assert fiscal_year(dt.date(2022, 3, 31)) == 2021
    assert fiscal_year(dt.date(2022, 4, 1)) == 2022
    assert months.fiscal_year_label(2022) == "2022年度"


def test_last_day():
    assert months.last_day_of_period(dt.date(2024, 2, 1), 1) == dt.date(2024, 2, 29)
    assert months.last_day_of_period(dt.date(2022, 11, 1), 3) == dt.date(2023, 1, 31)


def test_labels():
    assert months.month_label(dt.date(2022, 10, 1)) == "2022年10月"
    assert months.short_month_label(dt.date(2022, 4, 1)) == "4月"
    assert period_label(dt.date(2022, 10, 1), 1) == "2022年10月"
    assert period_label(dt.date(2022, 10, 1), 3) == "2022年10月〜12月"
    assert period_label(dt.date(2022, 11, 1), 3) == "2022年11月〜2023年1月"


@pytest.mark.parametrize(
    "typed",
    [
        "2022-09",
        "2022-9",
        "2022/09",
        "202209",
        "2022年9月",
        "２０２２年９月",
        " ２０２２－０９ ",
        "2022年9月分",
    ],
)
def test_parse(typed):
    assert parse_month(typed) == dt.date(2022, 9, 1)


@pytest.mark.parametrize("typed", ["", "9月", "2022", "2022-13", "2022-00", "来月", "0022-09"])
def test_parse_refuses(typed):
    with pytest.raises(ValueError):  # noqa: PT011  the text itself is the message
        parse_month(typed)


@given(month_starts)
def test_what_is_shown_can_be_typed(month):
    assert parse_month(months.month_label(month)) == month
