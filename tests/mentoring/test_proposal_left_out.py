"""What stands written in open months about an indicator or an outcome that a change takes away: nothing vanishes silently."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from grants.models import PlanProposal
from grants.plan import Plan
from grants.plan_edit import remove_box, remove_indicator
from grants.plan_reading import Box, plan_in_force
from mentoring.models import Figure, OutcomeChange, ProgressSheet
from mentoring.services import proposals as services
from tests.factories import (
    FigureFactory,
    OutcomeChangeFactory,
    OutcomeReviewFactory,
    PlanProposalFactory,
    PlanRows,
    SheetFactory,
)
from tests.mentoring.test_proposals import url

SignIn = Callable[[User], Client]
OCTOBER, NOVEMBER, DECEMBER = (dt.date(2022, month, 1) for month in (10, 11, 12))
NOTE = "なくすものに、2022年11月、2022年12月のシートでもう書いてあるものがあります。"


@pytest.fixture
def sheets(plan: PlanRows) -> tuple[ProgressSheet, ProgressSheet, ProgressSheet]:
    """October is handed over; in November and December somebody writes already."""
    october, november, december = (
        SheetFactory(grant=plan.grant, month=OCTOBER, state="submitted"),
        SheetFactory(grant=plan.grant, month=NOVEMBER),
        SheetFactory(grant=plan.grant, month=DECEMBER),
    )
    FigureFactory(sheet=october, indicator=plan.indicators["sum"], value=111)
    FigureFactory(sheet=november, indicator=plan.indicators["sum"], value=1234, note="雨の日が多かった")
    FigureFactory(sheet=december, indicator=plan.indicators["sum"], value=None, note="年末に書きかけた")
    FigureFactory(sheet=november, indicator=plan.indicators["latest"], value=987)
    return october, november, december


@pytest.fixture
def draft(plan: PlanRows, sheets: object, officer: User) -> PlanProposal:
    """Takes away how often the place was open."""
    proposal: PlanProposal = PlanProposalFactory(grant=plan.grant)
    return changed(proposal, lambda now: remove_indicator(now, plan.indicators["sum"].pk), officer)


def changed(proposal: PlanProposal, change: Callable[[Plan], Plan], by: User) -> PlanProposal:
    return services.change_draft(proposal=proposal, words="指標", change=change, by=by)


def agreed(proposal: PlanProposal, officer: User, representative: User) -> PlanProposal:
    row = services.propose(proposal=proposal, by=officer)
    return services.agree_both(proposal=row, grantee=representative, version=row.version, by=officer)


def test_the_page_says_which_months_hold_figures_for_it(
    draft: PlanProposal, sign_in: SignIn, officer: User, representative: User
) -> None:
    for person in (officer, representative):
        client = sign_in(person)
        html = client.get(url(draft)).content.decode()
        assert NOTE in html
        assert "1,234回" in html
        assert "雨の日が多かった" in html
        assert "年末に書きかけた" in html
        assert "2023年1月からの見直しにすれば、シートにもそのまま残ります。" in html
        assert "111回" not in html, "October keeps its plan"
        assert "987" not in html, "that one stays"
        assert NOTE in client.get(url(draft, "edit/")).content.decode()


def test_it_stands_where_both_sides_agree(
    draft: PlanProposal, sheets: tuple[ProgressSheet, ...], sign_in: SignIn, officer: User
) -> None:
    services.propose(proposal=draft, by=officer)
    client = sign_in(officer)
    html = client.get(url(draft)).content.decode()
    assert html.index(NOTE) < html.index("この案に合意する")
    meeting = client.get(f"/sheets/{sheets[0].pk}/meeting/").content.decode()
    assert "1,234回" in meeting
    assert "雨の日が多かった" in meeting


def test_what_was_typed_stays_readable_after_the_yes(
    draft: PlanProposal,
    plan: PlanRows,
    sheets: tuple[ProgressSheet, ...],
    sign_in: SignIn,
    officer: User,
    representative: User,
    board: User,
) -> None:
    agreed(draft, officer, representative)
    assert plan.indicators["sum"].pk not in {i.id for i in plan_in_force(plan.grant, NOVEMBER).indicators()}
    assert Figure.objects.get(sheet=sheets[1], indicator=plan.indicators["sum"]).value == 1234
    sheet = sign_in(officer).get(f"/sheets/{sheets[1].pk}/").content.decode()
    assert "1,234" not in sheet
    ProgressSheet.objects.filter(pk=sheets[1].pk).update(state="submitted")
    for person in (officer, representative):
        html = sign_in(person).get(url(draft)).content.decode()
        assert "見直す前に書かれていたものです" in html
        assert "1,234回" in html
        assert "年末に書きかけた" in html
        assert "111回" not in html
    html = sign_in(board).get(url(draft)).content.decode()
    assert "居場所を開いた回数" in html, "the board reads what was agreed on"
    assert "1,234" not in html, "and nothing of an open month"
    assert "雨の日が多かった" not in html


def test_what_takes_its_place_leaves_it_out_too(
    plan: PlanRows, sheets: object, sign_in: SignIn, officer: User
) -> None:
    proposal = PlanProposalFactory(grant=plan.grant)
    client, old = sign_in(officer), plan.indicators["sum"]
    client.post(
        url(proposal, f"output/{old.output_id}/indicators/0/?replaces={old.pk}"),
        {"name": "夜に開いた回数", "method": "sum", "unit": "回", "baseline": "0", "target_value": "50"},
    )
    html = client.get(url(proposal)).content.decode()
    assert NOTE in html
    assert "1,234回" in html


def test_all_that_goes_with_an_outcome_is_told(
    plan: PlanRows, sheets: tuple[ProgressSheet, ...], sign_in: SignIn, officer: User, representative: User
) -> None:
    november = sheets[1]
    OutcomeChangeFactory(sheet=november, outcome=plan.outcomes[1], text="自分から電話をくれました。")
    OutcomeReviewFactory(sheet=november, outcome=plan.outcomes[1], word="seen", sentence="窓口の声から")
    FigureFactory(
        sheet=november, indicator=plan.indicators["state"], value=None, step="ahead", sentence="増えています"
    )
    proposal = PlanProposalFactory(grant=plan.grant)
    changed(proposal, lambda now: remove_box(now, Box.OUTCOME, plan.outcomes[1].pk), officer)
    for _state in ("draft", "agreed"):
        html = sign_in(officer).get(url(proposal)).content.decode()
        for words in (
            "自分から電話をくれました。",
            "見えた　窓口の声から",
            "計画より進んでいる",
            "増えています",
        ):
            assert words in html
        if _state == "draft":
            agreed(proposal, officer, representative)
    assert OutcomeChange.objects.get(sheet=november).text == "自分から電話をくれました。"


def test_a_later_month_leaves_nothing_out(draft: PlanProposal, sign_in: SignIn, officer: User) -> None:
    services.set_terms(proposal=draft, read=lambda _row: (dt.date(2023, 1, 1), "年始から"), by=officer)
    assert "もう書いてあるものがあります" not in sign_in(officer).get(url(draft)).content.decode()


@pytest.mark.parametrize("act", ["withdraw", "reject"])
def test_what_came_to_nothing_leaves_nothing_out(
    draft: PlanProposal, sign_in: SignIn, officer: User, act: str
) -> None:
    if act == "reject":
        services.propose(proposal=draft, by=officer)
    getattr(services, act)(proposal=draft, reason="やめます", by=officer)
    assert "1,234回" not in sign_in(officer).get(url(draft)).content.decode()


def test_a_cleared_field_is_nothing(plan: PlanRows, sign_in: SignIn, officer: User) -> None:
    FigureFactory(
        sheet=SheetFactory(grant=plan.grant, month=NOVEMBER), indicator=plan.indicators["sum"], value=None
    )
    proposal = PlanProposalFactory(grant=plan.grant)
    changed(proposal, lambda now: remove_indicator(now, plan.indicators["sum"].pk), officer)
    html = sign_in(officer).get(url(proposal)).content.decode()
    assert "もう書いてあるものがあります" not in html


@pytest.mark.parametrize("more", [0, 4])
def test_queries_do_not_grow(
    draft: PlanProposal,
    plan: PlanRows,
    sign_in: SignIn,
    officer: User,
    more: int,
    django_assert_num_queries: Any,
) -> None:
    for month in range(1, 1 + more):
        sheet = SheetFactory(grant=plan.grant, month=dt.date(2023, month, 1))
        FigureFactory(sheet=sheet, indicator=plan.indicators["sum"], value=month)
    client = sign_in(officer)
    client.get(url(draft))
    with django_assert_num_queries(12):
        client.get(url(draft))
