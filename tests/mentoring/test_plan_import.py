"""A table becomes the plan: at once for a new grant, from a month on for one that has a plan."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine

from accounts.models import JournalEntry, User
from grants.models import (
    Contribution,
    Grant,
    IndicatorVersion,
    OutputVersion,
    PlanAgreement,
    PlanProposal,
    PlanRevision,
    ShortTermOutcome,
    YearTarget,
)
from grants.plan import Plan
from grants.plan_diff import changes_between
from grants.plan_import.table import SourceRow
from grants.plan_import.writing import plan_rows
from grants.plan_reading import plan_in_force
from mentoring.models import ProgressSheet
from mentoring.services.plan_import import (
    MonthNotOpen,
    NothingToChange,
    NotWritable,
    PlanDiffers,
    compared,
    import_plan,
    open_months,
    period_of,
    seal_of,
)
from mentoring.services.proposals import AlreadyOne, agree, propose
from tests.factories import FigureFactory, PlanRows, SheetFactory
from tests.plan.test_plan_comparison import TEXT, rows_of

APRIL_21 = dt.date(2021, 4, 1)
OCTOBER_22 = dt.date(2022, 10, 1)
NOVEMBER_22 = dt.date(2022, 11, 1)


@pytest.fixture(autouse=True)
def in_the_story() -> Any:
    with time_machine.travel("2022-11-08 10:00+09:00", tick=False):
        yield


@pytest.fixture
def take(grant: Grant, officer: User) -> Callable[..., Any]:
    def import_it(rows: list[SourceRow], month: dt.date = APRIL_21, **more: Any) -> PlanProposal | None:
        return import_plan(grant=grant, rows=rows, month=month, by=officer, **more)

    return import_it


def test_a_new_grant_gets_its_plan_from_its_first_month(
    grant: Grant, officer: User, take: Callable[..., Any]
) -> None:
    take(rows_of(TEXT), source="計画.xlsx")
    plan = plan_in_force(grant, APRIL_21)
    assert [o.text for o in plan.long_term] == ["孤立せずに暮らしている", "担い手が動き続けている"]
    assert [(o.label, o.text) for o in plan.outcomes] == [
        ("①", "困ったときに相談できる"),
        ("②", "担い手が活動を続ける"),
    ]
    assert [plan.output_label(o) for o in plan.outputs] == ["①-1", "②-1"]
    opened, visits = plan.outputs[0].indicators
    assert (opened.name, opened.method, opened.target_value, opened.unit) == ("ひらいた日数", "sum", 48, "日")
    assert (visits.name, visits.method, visits.due_on) == ("来所", "sum", dt.date(2024, 1, 31))
    assert [(a.text, a.period, a.produces) for a in plan.activities] == [
        ("居場所を開く", "毎週土曜", (plan.outputs[0].id,))
    ]
    assert PlanRevision.objects.count() == 0  # the first plan explains itself
    assert Contribution.objects.filter(is_first=True).count() == 2
    entry = JournalEntry.objects.about(grant).get(verb="plan.import")
    assert (entry.actor, entry.foundation_id) == (officer, grant.foundation.pk)
    assert entry.details["source"] == "計画.xlsx"
    assert "のべ400人" in str(entry.details["table"])


def test_yearly_targets_are_written(grant: Grant, take: Callable[..., Any]) -> None:
    take(rows_of(TEXT.replace("のべ400人", "1年目:累計100人 2年目:累計250人 3年目:累計400人")))
    assert list(YearTarget.objects.values_list("fiscal_year", "target_value")) == [
        (2021, 100),
        (2022, 150),
        (2023, 150),
    ]


def test_the_same_table_again_writes_nothing(grant: Grant, take: Callable[..., Any]) -> None:
    take(rows_of(TEXT))
    versions = IndicatorVersion.objects.count()
    with pytest.raises(NothingToChange):
        take(rows_of(TEXT))
    assert IndicatorVersion.objects.count() == versions
    assert JournalEntry.objects.filter(verb="plan.import").count() == 1


def test_what_the_plan_says_goes_out_and_comes_in_again_without_a_change(
    grant: Grant, plan: PlanRows, take: Callable[..., Any]
) -> None:
    rows = plan_rows(plan_in_force(grant, OCTOBER_22), period_of(grant))
    with pytest.raises(NothingToChange):
        take(rows, OCTOBER_22)


# --- a plan that holds already -----------------------------------------------------------------------------


@pytest.fixture
def handed_over(grant: Grant, plan: PlanRows) -> ProgressSheet:
    """October is closed: November is the first month that is still open."""
    sheet: ProgressSheet = SheetFactory(grant=grant, month=OCTOBER_22, closed=True)
    FigureFactory(sheet=sheet, indicator=plan.indicators["sum"], value=7)
    return sheet


def edited(grant: Grant, before: str, after: str) -> list[SourceRow]:
    rows = plan_rows(plan_in_force(grant, NOVEMBER_22), period_of(grant))
    return [
        SourceRow(row.at, {column: text.replace(before, after) for column, text in row.cells.items()})
        for row in rows
    ]


def test_a_plan_that_holds_becomes_a_proposal_and_stays_as_it_is(
    grant: Grant, plan: PlanRows, handed_over: ProgressSheet, officer: User, take: Callable[..., Any]
) -> None:
    before = {month: plan_in_force(grant, month).to_json() for month in (OCTOBER_22, NOVEMBER_22)}
    rows = edited(grant, "居場所を開いた回数", "居場所を開いた日数")
    proposal = take(rows, NOVEMBER_22, reason="日で数えるため")
    assert (proposal.state, proposal.author, proposal.holds_from) == ("draft", officer, NOVEMBER_22)
    assert proposal.reason == "日で数えるため"
    assert {month: plan_in_force(grant, month).to_json() for month in before} == before
    changes = changes_between(Plan.from_json(proposal.base), Plan.from_json(proposal.draft))
    assert [(c.kind, c.before, c.after) for c in changes] == [
        ("wording", "居場所を開いた回数", "居場所を開いた日数")
    ]
    assert JournalEntry.objects.about(grant).filter(verb="plan.import").count() == 1


def test_agreed_it_holds_from_its_month_and_the_past_keeps_its_plan(
    grant: Grant, plan: PlanRows, handed_over: ProgressSheet, officer: User, take: Callable[..., Any]
) -> None:
    october = plan_in_force(grant, OCTOBER_22).to_json()
    rows = edited(grant, "85回", "96回（合計）")
    row = take(rows, NOVEMBER_22, reason="増えたので")
    row = propose(proposal=row, by=officer)
    for side in PlanAgreement.Side:
        row = agree(proposal=row, side=side, person=officer, version=row.version, by=officer)
    assert plan_in_force(grant, OCTOBER_22).to_json() == october
    targets = {i.id: i.target_value for i in plan_in_force(grant, NOVEMBER_22).indicators()}
    assert targets[plan.indicators["sum"].pk] == 96
    assert PlanRevision.objects.get().kind == "target"
    with pytest.raises(NothingToChange):
        take(rows, NOVEMBER_22)


def test_there_is_one_proposal_at_a_time(
    grant: Grant, handed_over: ProgressSheet, take: Callable[..., Any]
) -> None:
    first = take(edited(grant, "85回", "96回"), NOVEMBER_22)
    with pytest.raises(AlreadyOne) as refused:
        take(edited(grant, "85回", "99回"), NOVEMBER_22)
    assert refused.value.proposal == first
    assert JournalEntry.objects.filter(verb="plan.import").count() == 1


@pytest.mark.parametrize("month", [OCTOBER_22, dt.date(2022, 4, 1), dt.date(2024, 2, 1), dt.date(2021, 3, 1)])
def test_a_month_that_is_handed_over_or_outside_is_refused(
    grant: Grant, handed_over: ProgressSheet, take: Callable[..., Any], month: dt.date
) -> None:
    rows = edited(grant, "居場所を開いた回数", "開いた日数")
    versions = IndicatorVersion.objects.count()
    with pytest.raises(MonthNotOpen) as refused:
        take(rows, month)
    assert "2022年11月" in refused.value.message
    assert IndicatorVersion.objects.count() == versions


def test_months_before_a_later_wording_are_refused(grant: Grant, plan: PlanRows) -> None:
    IndicatorVersion.objects.filter(indicator=plan.indicators["sum"]).update(valid_from=dt.date(2023, 4, 1))
    assert open_months(grant).earliest == dt.date(2023, 4, 1)


def test_a_plan_that_changed_meanwhile_is_compared_anew(
    grant: Grant, plan: PlanRows, handed_over: ProgressSheet, take: Callable[..., Any]
) -> None:
    seen = seal_of(plan_in_force(grant, NOVEMBER_22))
    rows = edited(grant, "85回", "96回")
    plan.outputs[0].versions.update(text="居場所が毎日開かれている")
    with pytest.raises(PlanDiffers):
        take(rows, NOVEMBER_22, seen=seen)
    assert OutputVersion.objects.get(output=plan.outputs[0]).text == "居場所が毎日開かれている"
    assert take(rows, NOVEMBER_22, seen=seal_of(plan_in_force(grant, NOVEMBER_22))).state == "draft"


def test_what_does_not_fit_is_refused_whole(grant: Grant, take: Callable[..., Any]) -> None:
    with pytest.raises(NotWritable, match="1か所"):
        take(rows_of(TEXT.replace("聞き取り", "あ" * 501)))
    assert ShortTermOutcome.objects.count() == 0


def test_when_every_month_is_over_there_is_nothing_to_choose(
    grant: Grant, plan: PlanRows, take: Callable[..., Any]
) -> None:
    rows = edited(grant, "85回", "96回")
    SheetFactory(grant=grant, month=dt.date(2024, 1, 1), closed=True)
    assert not open_months(grant).any_open
    with pytest.raises(MonthNotOpen, match="すべての月"):
        take(rows, dt.date(2024, 1, 1))


def test_the_month_offered(grant: Grant) -> None:
    assert open_months(grant).default == APRIL_21
    import_plan(grant=grant, rows=rows_of(TEXT), month=APRIL_21, by=grant.officer)
    assert open_months(grant).default == NOVEMBER_22  # from now on
    with time_machine.travel("2030-01-01 10:00+09:00", tick=False):
        assert open_months(grant).default == dt.date(2024, 1, 1)


def test_comparing_writes_nothing_in_few_queries(
    grant: Grant, plan: PlanRows, django_assert_num_queries: Any
) -> None:
    rows = edited(grant, "85回", "96回")
    with django_assert_num_queries(3):
        comparison = compared(grant, rows, NOVEMBER_22)
    assert [change.after for change in comparison.changes] == ["96回"]
