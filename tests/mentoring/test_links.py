"""How old a link is: an edge is as old as the last review that named it."""

import datetime as dt
from collections.abc import Callable

import pytest

from grants.models import Grant
from mentoring.links import LinkAge, Talk, edge_ages
from mentoring.models import OutcomeReview
from tests.factories import OutcomeReviewFactory, PlanRows, SheetFactory, make_plan

Word = OutcomeReview.Word


def month(number: int) -> dt.date:
    return dt.date(2022, number, 1)


@pytest.fixture
def spoken(grant: Grant) -> PlanRows:
    """The plan holds from 2022-04. ① was spoken of in May (naming ①-1), June (without a name) and July (not at all)."""
    plan = make_plan(grant, valid_from=month(4))
    first = plan.outcomes[0]
    for number, word, outputs in (
        (5, Word.COUNTER, [plan.outputs[0]]),
        (6, Word.SEEN, []),
        (7, Word.UNSPOKEN, [plan.outputs[0]]),
    ):
        OutcomeReviewFactory(
            sheet=SheetFactory(grant=grant, month=month(number)),
            outcome=first,
            word=word,
            outputs=outputs,
            sentence=f"{number}月の話",
        )
    return plan


def test_an_edge_is_as_old_as_the_last_review_that_named_it(spoken: PlanRows) -> None:
    ages = edge_ages(spoken.grant, month(8))
    first, second = spoken.outcomes
    assert ages.edge(spoken.outputs[0].pk, first.pk) == LinkAge(3, 3, Talk(month(5), "counter", "5月の話"))
    assert ages.edge(spoken.outputs[1].pk, first.pk) == LinkAge(4, 4, None)  # never named: since it exists
    assert ages.edge(spoken.outputs[2].pk, second.pk).age == 4
    assert ages.outcome(first.pk) == LinkAge(2, 2, Talk(month(6), "seen", "6月の話"))
    assert ages.outcome(second.pk) == LinkAge(4, 4, None)


def test_three_months_is_stale_and_two_is_not(spoken: PlanRows) -> None:
    output, outcome = spoken.outputs[0].pk, spoken.outcomes[0].pk
    assert not edge_ages(spoken.grant, month(7)).edge(output, outcome).is_stale()
    assert edge_ages(spoken.grant, month(8)).edge(output, outcome).is_stale()


def test_a_quarterly_sheet_is_stale_after_a_quarter_without_a_word(spoken: PlanRows) -> None:
    output, outcome = spoken.outputs[0].pk, spoken.outcomes[0].pk
    assert not edge_ages(spoken.grant, month(8)).edge(output, outcome).is_stale(period_months=3)
    assert edge_ages(spoken.grant, month(11)).edge(output, outcome).is_stale(period_months=3)


def test_the_month_itself_makes_the_link_young_but_is_told_apart(spoken: PlanRows) -> None:
    output, outcome = spoken.outputs[0], spoken.outcomes[0]
    OutcomeReviewFactory(
        sheet=SheetFactory(grant=spoken.grant, month=month(9)),
        outcome=outcome,
        word=Word.SEEN,
        outputs=[output],
    )
    age = edge_ages(spoken.grant, month(9)).edge(output.pk, outcome.pk)
    assert (age.age, age.earlier_age) == (0, 4)
    assert age.was_stale()
    assert not age.is_stale()
    assert age.earlier == Talk(month(5), "counter", "5月の話")


def test_what_is_said_later_does_not_change_an_earlier_month(spoken: PlanRows) -> None:
    OutcomeReviewFactory(
        sheet=SheetFactory(grant=spoken.grant, month=month(12)),
        outcome=spoken.outcomes[1],
        word=Word.SEEN,
        outputs=[spoken.outputs[2]],
    )
    assert edge_ages(spoken.grant, month(8)).outcome(spoken.outcomes[1].pk).age == 4


def test_another_grant_says_nothing_about_ours(spoken: PlanRows, other_grant: Grant) -> None:
    other = make_plan(other_grant, valid_from=month(4))
    OutcomeReviewFactory(
        sheet=SheetFactory(grant=other_grant, month=month(8)), outcome=other.outcomes[0], word=Word.SEEN
    )
    ages = edge_ages(spoken.grant, month(8))
    assert set(ages.outcomes) == {outcome.pk for outcome in spoken.outcomes}
    assert ages.outcome(spoken.outcomes[0].pk).age == 2


def test_queries_do_not_grow(
    spoken: PlanRows, grant: Grant, django_assert_num_queries: Callable[..., object]
) -> None:
    with django_assert_num_queries(3):
        edge_ages(spoken.grant, month(8))
    make_plan(grant, valid_from=month(4))
    with django_assert_num_queries(3):
        edge_ages(spoken.grant, month(8))
