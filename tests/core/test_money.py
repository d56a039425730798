from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import money

yen_amounts = st.integers(min_value=0, max_value=10**10)


@pytest.mark.parametrize(
    ("value", "rounded"),
    [(Fraction(5, 2), 3), (Fraction(-5, 2), -3), (Fraction(7, 3), 2), (Decimal("0.5"), 1), (7, 7)],
)
def test_half_goes_away_from_zero(value, rounded):
    assert money.round_half_up(value) == rounded


def test_settlement_counts_spending_in_the_planned_proportion():
    assert money.settle_purpose(14_861_824, 14_564_172, 484_600) == 14_383_244


def test_settlement_never_passes_the_planned_grant():
    assert money.settle_purpose(2_114_407, 2_078_692, 0) == 2_078_692


def test_settlement_of_a_purpose_without_plan():
    assert money.settle_purpose(1_000, 0, 0) == 0


@given(yen_amounts, yen_amounts, yen_amounts)
def test_settlement_stays_between_nothing_and_the_grant(actual, grant, own):
    assert 0 <= money.settle_purpose(actual, grant, own) <= grant


@given(yen_amounts, yen_amounts, yen_amounts)
def test_spending_all_of_the_plan_earns_all_of_the_grant(grant, own, more):
    assert money.settle_purpose(grant + own + more, grant, own) == grant


def test_execution_rate():
    assert money.execution_rate(541, 1000) == Decimal("54.1")
    assert money.execution_rate(1, 3) == Decimal("33.3")
    assert money.execution_rate(0, 3) == Decimal("0.0")
    assert money.execution_rate(3, 0) is None


def test_execution_rate_is_capped_and_full_only_when_nothing_is_left():
    assert money.execution_rate(1_200, 1_000) == Decimal("100.0")
    assert money.execution_rate(1_000_000, 1_000_000) == Decimal("100.0")
    assert money.execution_rate(999_999, 1_000_000) == Decimal("99.9")
    assert money.remaining(999_999, 1_000_000) == 1


def test_support_rate():
    assert money.support_rate(17_357_000 + 2_643_000, 12_269_632) == Decimal("62.0")
    assert money.support_rate(0, 0) is None


def test_yen():
    assert money.yen(1_234_567) == "1,234,567円"
    assert money.yen(0) == "0円"
    assert money.yen(-500) == "-500円"
    assert money.yen(None) == ""
