"""A program's outcomes, and figures that add up its grantees'."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from grants.models import Grant, IndicatorVersion, ProgramIndicator, ProgramIndicatorPart
from mentoring.program_picture import closed_until, read_program
from tests.factories import (
    FigureFactory,
    GrantFactory,
    IndicatorVersionFactory,
    OrganisationFactory,
    PlanRows,
    ProgramIndicatorFactory,
    SheetFactory,
    make_plan,
    moment,
)

SignIn = Callable[[User], Client]
SEPTEMBER, OCTOBER = dt.date(2022, 9, 1), dt.date(2022, 10, 1)


@pytest.fixture(autouse=True)
def november() -> Any:
    with time_machine.travel(moment(2022, 11, 6), tick=False):
        yield


@pytest.fixture
def other(grant: Grant, officer: User) -> PlanRows:
    organisation = OrganisationFactory(foundation=grant.foundation, name="うみべの会", kana="うみべのかい")
    return make_plan(GrantFactory(program=grant.program, organisation=organisation, officer=officer))


@pytest.fixture
def whole(plan: PlanRows, other: PlanRows) -> ProgramIndicator:
    """September is closed everywhere with 5 and 7; in October the one has 4 more and the other nothing."""
    made: ProgramIndicator = ProgramIndicatorFactory(outcome__program=plan.grant.program)
    for rows, value in ((plan, 5), (other, 7)):
        sheet = SheetFactory(grant=rows.grant, month=SEPTEMBER, closed=True)
        FigureFactory(sheet=sheet, indicator=rows.indicators["sum"], value=value)
        ProgramIndicatorPart.objects.create(whole=made, indicator=rows.indicators["sum"])
    october = SheetFactory(grant=plan.grant, month=OCTOBER, state="submitted")
    FigureFactory(sheet=october, indicator=plan.indicators["sum"], value=4)
    return made


def url(whole: ProgramIndicator, query: str = "") -> str:
    return f"/programs/{whole.outcome.program_id}/{query}"


def parts_url(whole: ProgramIndicator) -> str:
    return f"/program-indicators/{whole.pk}/parts/"


def test_the_sum_and_its_parts(whole: ProgramIndicator, sign_in: SignIn, officer: User) -> None:
    html = sign_in(officer).get(url(whole)).content.decode()
    assert "16／200回" in html.replace('<span class="fig">', "")
    assert "あおぞらの会9回・うみべの会7回" in html
    assert "達成 8.0%" in html
    september = sign_in(officer).get(url(whole, "?m=2022-09")).content.decode()
    assert "あおぞらの会5回・うみべの会7回" in september


def test_the_board_sees_what_is_closed_everywhere(
    whole: ProgramIndicator, sign_in: SignIn, board: User
) -> None:
    assert closed_until(whole.outcome.program) == SEPTEMBER
    html = sign_in(board).get(url(whole, "?m=2022-10")).content.decode()
    assert "あおぞらの会5回・うみべの会7回" in html
    assert "9回" not in html
    assert "足し合わせる指標を選ぶ" not in html


def test_what_cannot_be_added_is_refused_with_its_reason(
    whole: ProgramIndicator, plan: PlanRows, sign_in: SignIn, officer: User
) -> None:
    client = sign_in(officer)
    html = client.get(parts_url(whole)).content.decode()
    assert "単位がちがいます（人）" in html
    assert "割合は足し合わせられません" in html
    wrong = [plan.indicators["latest"].pk, plan.indicators["ratio"].pk]
    response = client.post(parts_url(whole), {"parts": wrong})
    assert response.status_code == 422
    assert response.content.decode().count("は足せません") == 2
    assert whole.part_rows.count() == 2


def test_parts_are_chosen_and_let_go(
    whole: ProgramIndicator, plan: PlanRows, other: PlanRows, sign_in: SignIn, officer: User
) -> None:
    sign_in(officer).post(parts_url(whole), {"parts": [other.indicators["sum"].pk]})
    assert [part.indicator_id for part in whole.part_rows.all()] == [other.indicators["sum"].pk]


def test_an_indicator_of_another_program_is_no_choice(
    whole: ProgramIndicator, stranger_grant: Grant, sign_in: SignIn, officer: User
) -> None:
    foreign = make_plan(stranger_grant).indicators["sum"]
    assert sign_in(officer).post(parts_url(whole), {"parts": [foreign.pk]}).status_code == 422


def test_a_unit_that_changed_later_takes_the_part_out_of_the_sum(
    whole: ProgramIndicator, other: PlanRows
) -> None:
    IndicatorVersion.objects.filter(indicator=other.indicators["sum"]).update(unit="件")
    row = read_program(whole.outcome.program, OCTOBER).outcomes[0].wholes[0]
    assert row.total == 9
    assert [part.refusal for part in row.missing] == ["単位がちがいます（件）"]


def test_a_part_that_left_its_plan_is_told_and_the_months_it_counted_in_keep_it(
    whole: ProgramIndicator, plan: PlanRows, other: PlanRows, sign_in: SignIn, officer: User
) -> None:
    """Replaced from October on: September's sum stays, October's says what it goes without, and saving the choice of
    today takes nothing from September."""
    gone = other.indicators["sum"]
    gone.retired_from = OCTOBER
    gone.save()
    new = IndicatorVersionFactory(
        indicator__grant=other.grant, indicator__output=other.outputs[0], indicator__replaces=gone,
        valid_from=OCTOBER, name="開いた回数（夜だけ）", unit="回",
    ).indicator  # fmt: skip
    client = sign_in(officer)
    html = client.get(url(whole)).content.decode()
    assert (
        "うみべの会: 「居場所を開いた回数」は、団体の計画からなくなりました（合計に入っていません）" in html
    )
    assert "計画からなくなりました" not in client.get(url(whole, "?m=2022-09")).content.decode()
    client.post(parts_url(whole), {"parts": [plan.indicators["sum"].pk, new.pk]})
    september, october = (
        read_program(whole.outcome.program, month).outcomes[0].wholes[0] for month in (SEPTEMBER, OCTOBER)
    )
    assert (september.total, len(september.parts), len(october.parts)) == (12, 2, 2)


def test_nothing_entered_is_no_zero(plan: PlanRows) -> None:
    whole = ProgramIndicatorFactory(outcome__program=plan.grant.program)
    ProgramIndicatorPart.objects.create(whole=whole, indicator=plan.indicators["sum"])
    assert read_program(plan.grant.program, OCTOBER).outcomes[0].wholes[0].total is None


@pytest.mark.parametrize("more", [0, 2])
def test_queries_do_not_grow(
    whole: ProgramIndicator, sign_in: SignIn, officer: User, more: int, django_assert_num_queries: Any
) -> None:
    for _grant in range(more):
        rows = make_plan(GrantFactory(program=whole.outcome.program, officer=officer))
        ProgramIndicatorPart.objects.create(whole=whole, indicator=rows.indicators["sum"])
    client = sign_in(officer)
    client.get(url(whole))
    with django_assert_num_queries(13):
        client.get(url(whole))
