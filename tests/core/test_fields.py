import datetime as dt
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from core.fields import FigureField, JapaneseDateField, JapaneseTimeField, MonthField, YenField


def error_of(field, typed):
    with pytest.raises(ValidationError) as caught:
        field.clean(typed)
    return caught.value.messages[0]


def test_figure_names_what_was_typed_and_what_was_asked():
    assert error_of(FigureField(unit="人"), "１２人くらい") == (
        "「１２人くらい」を人数として読めませんでした。数だけを入れてください（例 12）。"
    )


def test_figure_blank_is_none_and_zero_is_zero():
    assert FigureField().clean("") is None
    assert FigureField().clean("　") is None
    assert FigureField().clean("０") == 0


def test_figure_limits():
    assert error_of(FigureField(decimal_places=0), "1.5") == "小数点のない数を入れてください。"
    assert error_of(FigureField(), "1.234") == "小数点以下は2桁までで入れてください。"
    assert error_of(FigureField(min_value=0), "-1") == "0以上の数を入れてください。"
    assert error_of(FigureField(max_digits=5), "1000") == "数が大きすぎます。桁をたしかめてください。"


def test_yen():
    assert YenField().clean("１２０，０００円") == 120_000
    assert isinstance(YenField().clean("5"), int)
    assert YenField().clean("") is None
    assert error_of(YenField(), "1.5") == "円より細かい金額は入れられません。"
    assert error_of(YenField(required=True), "") == "まだ入っていません。ご記入をお願いします。"


def test_nothing_typed_is_lost_and_widths_are_no_change():
    class Form(forms.Form):
        count = FigureField(unit="人")
        day = JapaneseDateField()

    form = Form({"count": "１２人くらい", "day": "きのう"}, initial={"count": Decimal(5)})
    assert not form.is_valid()
    assert "１２人くらい" in form.as_p()
    assert "きのう" in form.as_p()
    assert 'type="text"' in form.as_p()
    same = Form(
        {"count": "５", "day": "2022/10/12"}, initial={"count": Decimal(5), "day": dt.date(2022, 10, 12)}
    )
    assert same.changed_data == []


def test_initial_values_are_shown_the_japanese_way():
    class Form(forms.Form):
        count = FigureField()
        day = JapaneseDateField()
        at = JapaneseTimeField()
        month = MonthField()

    html = Form(
        initial={
            "count": Decimal("1234.50"),
            "day": dt.date(2022, 10, 12),
            "at": dt.time(9, 5),
            "month": dt.date(2022, 9, 1),
        }
    ).as_p()
    for shown in ("1,234.5", "2022年10月12日", "9:05", "2022年9月"):
        assert f'value="{shown}"' in html


def test_in_english_a_date_in_its_field_is_one_that_can_be_typed():
    with translation.override("en"):
        day, month = JapaneseDateField(), MonthField()
        assert day.prepare_value(dt.date(2022, 10, 2)) == "2022-10-02"
        assert month.prepare_value(dt.date(2022, 9, 1)) == "2022-09"
        assert not day.has_changed(dt.date(2022, 10, 2), "2022-10-02")
        assert not month.has_changed(dt.date(2022, 9, 1), "2022-09")


@pytest.mark.parametrize(
    "typed",
    [
        "2022-10-12", "2022/10/12", "20221012", "2022年10月12日", "２０２２年１０月１２日", "令和4年10月12日",
        "R4.10.12", "2022.10.12", "２０２２／１０／１２", "2022年10月12日（水）",
        "２０２２−１０−１２", "令和４年１０月１２日",
    ],
)  # fmt: skip
def test_dates(typed):
    assert JapaneseDateField().clean(typed) == dt.date(2022, 10, 12)


def test_first_year_of_an_era():
    assert JapaneseDateField().clean("令和元年5月1日") == dt.date(2019, 5, 1)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("1/20", dt.date(2024, 1, 20)),
        ("２月１０日", dt.date(2024, 2, 10)),
        ("12/20", dt.date(2023, 12, 20)),
        ("7/20", dt.date(2023, 7, 20)),
        ("6/30", dt.date(2024, 6, 30)),
        ("2/29", dt.date(2024, 2, 29)),
    ],
)
def test_a_date_without_its_year_is_the_nearest(typed, day, settings):
    """In a meeting everybody says 2月10日; the field shows it back with its year."""
    settings.DEMO_TODAY = "2024-01-09"
    assert JapaneseDateField().clean(typed) == day


@pytest.mark.parametrize(
    "typed", ["13/12", "2/30", "10", "2022-13-01", "2022年2月30日", "きのう", "22/10/12"]
)
def test_dates_refused(typed):
    assert error_of(JapaneseDateField(), typed) == (
        f"「{typed}」を日付として読めませんでした（例 2022年10月12日、2022/10/12）。"
    )


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        (JapaneseDateField(), "9999年12月31日"),
        (JapaneseDateField(), "2200-01-01"),
        (JapaneseDateField(), "1899/12/31"),
        (MonthField(), "９９９９年１２月"),
        (MonthField(), "2200-01"),
    ],
)
def test_a_year_out_of_reach_is_asked_about(field, typed):
    """For “some day” people write 9999, after which no calendar and no month can be reckoned."""
    assert error_of(field, typed) == (
        f"「{typed}」の年をたしかめてください（1900年から2199年まで）。まだ決まっていなければ、空けておいてください。"
    )


def test_the_last_year_in_reach():
    assert JapaneseDateField().clean("2199-12-31") == dt.date(2199, 12, 31)
    assert MonthField().clean("2199-12") == dt.date(2199, 12, 1)


@pytest.mark.parametrize(
    ("typed", "time"),
    [
        ("10:00", dt.time(10)),
        ("１０時３０分", dt.time(10, 30)),
        ("10時", dt.time(10)),
        ("10時半", dt.time(10, 30)),
        ("午後2時", dt.time(14)),
        ("1000", dt.time(10)),
        ("930", dt.time(9, 30)),
        ("９：０５", dt.time(9, 5)),
        ("10:30:00", dt.time(10, 30)),
    ],
)
def test_times(typed, time):
    assert JapaneseTimeField().clean(typed) == time


@pytest.mark.parametrize("typed", ["25:00", "10:60", "夕方", "10;30"])
def test_times_refused(typed):
    assert error_of(JapaneseTimeField(), typed).startswith(f"「{typed}」を時刻として")


@given(st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2199, 12, 31)))
def test_a_shown_date_can_be_typed(day):
    field = JapaneseDateField()
    assert field.clean(field.prepare_value(day)) == day


@given(st.times().map(lambda time: time.replace(second=0, microsecond=0)))
def test_a_shown_time_can_be_typed(time):
    field = JapaneseTimeField()
    assert field.clean(field.prepare_value(time)) == time


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_a_shown_amount_can_be_typed(amount):
    field = YenField()
    assert field.clean(field.prepare_value(amount)) == amount
