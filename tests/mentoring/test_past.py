"""What stood before the period being entered: the same as SQL says of the period before."""

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from core.months import add_months
from grants.models import Indicator
from grants.plan_reading import plan_in_force
from mentoring.forms.live import live_figure
from mentoring.models import ProgressSheet
from mentoring.past import read_past
from mentoring.reading import read_sheet
from mentoring.totals import running_totals
from reports.demo.build import build_demo
from tests.factories import FigureFactory, PlanRows, SheetFactory, make_plan

pytestmark = pytest.mark.django_db
Method = Indicator.Method
MARCH = dt.date(2023, 3, 1)
NUMBERS = st.none() | st.decimals(-1000, 1000, places=2)
PARTS = st.none() | st.tuples(st.integers(0, 50), st.integers(0, 50))


def test_totals_before_are_those_of_the_month_before(settings: Any) -> None:
    settings.DEMO_TODAY = "2024-01-09"
    build_demo()
    for sheet in ProgressSheet.objects.with_names().filter(month__month__in=[1, 4, 12]):
        plan, past = plan_in_force(sheet.grant, sheet.month), read_past(sheet)
        totals = running_totals(sheet.grant_id, plan.indicators(), add_months(sheet.month, -1))
        for indicator in plan.indicators():
            expected = replace(totals[indicator.id], gaps=0, step="", sentence="", progress="")
            if sheet.month.month == 4:  # a new fiscal year has nothing yet, save what stands from before
                expected = replace(expected, year_value=past.total_before(indicator).year_value)
            assert past.total_before(indicator) == expected, (sheet, indicator.name)


class TestAnyMonths(TestCase):
    @given(st.lists(st.tuples(NUMBERS, PARTS), min_size=1, max_size=6), st.booleans())
    @settings(max_examples=15)
    def test_totals_before(
        self, months: list[tuple[Decimal | None, tuple[int, int] | None]], is_pooled: bool
    ) -> None:
        plan = make_plan(SheetFactory(month=dt.date(2022, 1, 1)).grant)
        Indicator.objects.filter(pk=plan.indicators["ratio"].pk).update(ratio_is_pooled=is_pooled)
        for index, (value, parts) in enumerate(months):
            sheet = SheetFactory(grant=plan.grant, month=add_months(dt.date(2022, 6, 1), index))
            for method in ("sum", "new_unique", "latest"):
                FigureFactory(sheet=sheet, indicator=plan.indicators[method], value=value)
            if parts is not None:
                numerator, denominator = min(parts), max(parts)
                FigureFactory(
                    sheet=sheet, indicator=plan.indicators["ratio"], value=None,
                    numerator=numerator, denominator=denominator,
                )  # fmt: skip
        now = SheetFactory(grant=plan.grant, month=MARCH)
        past, held = read_past(now), plan_in_force(plan.grant, MARCH)
        totals = running_totals(plan.grant.pk, held.indicators(), add_months(MARCH, -1))
        for indicator in held.indicators():
            assert past.total_before(indicator) == replace(totals[indicator.id], gaps=0, progress="")


def test_a_new_fiscal_year_begins_with_nothing(plan: PlanRows) -> None:
    for month, value in ((dt.date(2023, 3, 1), 5), (dt.date(2023, 4, 1), 7)):
        FigureFactory(
            sheet=SheetFactory(grant=plan.grant, month=month), indicator=plan.indicators["sum"], value=value
        )
    april = ProgressSheet.objects.get(month=dt.date(2023, 4, 1))
    may = SheetFactory(grant=plan.grant, month=dt.date(2023, 5, 1))
    counted = next(i for i in plan_in_force(plan.grant, MARCH).indicators() if i.method == "sum")
    assert read_past(april).total_before(counted).year_value is None
    assert read_past(may).total_before(counted).year_value == 7
    assert read_past(may).total_before(counted).value == 12


def test_columns_say_when_nobody_entered_anything(plan: PlanRows) -> None:
    months = [add_months(MARCH, -index) for index in range(14, -1, -1)]
    sheets = [SheetFactory(grant=plan.grant, month=month) for month in months]
    for sheet, value in zip(sheets, [9, 8, 7, 1, 2, None, 0, *range(3, 11)], strict=True):
        FigureFactory(sheet=sheet, indicator=plan.indicators["sum"], value=value)
    row = read_sheet(sheets[-1]).rows[plan.indicators["sum"].pk]
    past = read_past(sheets[-1])
    live = live_figure(row, past, past.total_before(row.plan), "")
    assert live.words == (
        "2022年4月〜2023年3月: 1回、2回、未入力、0回、3回、4回、5回、6回、7回、8回、9回、10回"
    )
    assert [value.height for value in live.values][:4] == [1, 2, None, 0]


def test_a_ratio_of_nobody_is_neither_blank_nor_zero_percent(plan: PlanRows) -> None:
    before = SheetFactory(grant=plan.grant, month=add_months(MARCH, -1))
    FigureFactory(sheet=before, indicator=plan.indicators["ratio"], value=None, numerator=0, denominator=0)
    sheet = SheetFactory(grant=plan.grant, month=MARCH)
    row, past = read_sheet(sheet).rows[plan.indicators["ratio"].pk], read_past(sheet)
    assert live_figure(row, past, past.total_before(row.plan), "").words == "2023年2月〜2023年3月: －、未入力"


def test_one_query(
    plan: PlanRows, django_assert_num_queries: Callable[[int], AbstractContextManager[Any]]
) -> None:
    sheet = SheetFactory(grant=plan.grant, month=MARCH)
    for back in range(1, 4):
        earlier = SheetFactory(grant=plan.grant, month=add_months(MARCH, -back))
        FigureFactory(sheet=earlier, indicator=plan.indicators["sum"], value=back)
    with django_assert_num_queries(1):
        assert len(read_past(sheet).entries[plan.indicators["sum"].pk]) == 3
