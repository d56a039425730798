"""Yearly targets in a change of the plan: typed, compared, put together from two writers, and shown in the month."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from grants.models import Indicator, IndicatorVersion, PlanProposal, PlanRevision, YearTarget
from grants.plan import IndicatorPlan, Plan
from grants.plan_reading import plan_in_force
from mentoring.models import ProgressSheet
from mentoring.reading import read_sheet
from mentoring.services import proposals as services
from tests.factories import FigureFactory, PlanProposalFactory, PlanRows, SheetFactory
from tests.mentoring.test_proposals import form_data, url

SignIn = Callable[[User], Client]
NOVEMBER = dt.date(2022, 11, 1)


@pytest.fixture
def counted(plan: PlanRows) -> Indicator:
    """It had a target for 2022 already."""
    indicator = plan.indicators["sum"]
    version = IndicatorVersion.objects.get(indicator=indicator)
    YearTarget.objects.create(version=version, fiscal_year=2022, target_value=30)
    return indicator


@pytest.fixture
def draft(plan: PlanRows, counted: Indicator) -> PlanProposal:
    proposal: PlanProposal = PlanProposalFactory(grant=plan.grant)
    return proposal


def address_of(proposal: PlanProposal, indicator: Indicator) -> str:
    kind = "output" if indicator.output_id else "outcome"
    return url(proposal, f"{kind}/{indicator.output_id or indicator.outcome_id}/indicators/{indicator.pk}/")


def stands(proposal: PlanProposal, pk: int) -> IndicatorPlan:
    proposal.refresh_from_db()
    return next(i for i in Plan.from_json(proposal.draft).indicators() if i.id == pk)


def test_every_fiscal_year_of_the_grant_has_a_field(
    draft: PlanProposal, counted: Indicator, sign_in: SignIn, officer: User
) -> None:
    grant = draft.grant
    html = sign_in(officer).get(address_of(draft, counted)).content.decode()
    first = grant.starts_on.year - (grant.starts_on.month < 4)
    last = grant.ends_on.year - (grant.ends_on.month < 4)
    for year in range(first, last + 1):
        assert f"{year}年度の目標" in html
    assert f"{first - 1}年度の目標" not in html
    assert f"{last + 1}年度の目標" not in html
    assert 'name="year_2022" value="30"' in html


def test_it_is_shown_before_and_after_and_holds(
    plan: PlanRows,
    draft: PlanProposal,
    counted: Indicator,
    sign_in: SignIn,
    officer: User,
    representative: User,
) -> None:
    client = sign_in(officer)
    address = address_of(draft, counted)
    typed = form_data(client.get(address))
    client.post(address, {**typed, "year_2022": "４０回", "year_2023": "1,045"})
    assert stands(draft, counted.pk).year_targets == ((2022, 40), (2023, 1045))
    assert "2022年度 40回、2023年度 1,045回" in client.get(url(draft, "edit/")).content.decode()
    html = client.get(url(draft)).content.decode()
    assert "種類: 目標値" in html
    assert "<del>2022年度 30回</del>" in html
    assert "<ins>2022年度 40回、2023年度 1,045回</ins>" in html
    row = services.propose(proposal=draft, by=officer)
    services.agree_both(proposal=row, grantee=representative, version=row.version, by=officer)
    assert [r.kind for r in PlanRevision.objects.all()] == ["target"]
    october = plan_in_force(plan.grant, dt.date(2022, 10, 1))
    assert next(i for i in october.indicators() if i.id == counted.pk).year_targets == ((2022, 30),)
    sheet = SheetFactory(grant=plan.grant, month=NOVEMBER)
    FigureFactory(sheet=sheet, indicator=counted, value=4)
    read = read_sheet(ProgressSheet.objects.with_names().get(pk=sheet.pk)).rows[counted.pk]
    assert (read.year_target, read.total.year_value) == (40, 4)
    assert "この年度 4／40回" in client.get(f"/sheets/{sheet.pk}/").content.decode()


def test_an_emptied_year_has_no_target(
    draft: PlanProposal, counted: Indicator, sign_in: SignIn, officer: User
) -> None:
    client = sign_in(officer)
    address = address_of(draft, counted)
    client.post(address, {**form_data(client.get(address)), "year_2022": "", "year_2023": "0"})
    assert stands(draft, counted.pk).year_targets == ((2023, 0),), "blank is none, zero is zero"


def test_a_year_that_the_grant_no_longer_has_is_kept(
    plan: PlanRows, draft: PlanProposal, counted: Indicator, sign_in: SignIn, officer: User
) -> None:
    version = IndicatorVersion.objects.get(indicator=counted)
    YearTarget.objects.create(version=version, fiscal_year=2040, target_value=7)
    services.carry_over(proposal=draft, by=officer)
    client = sign_in(officer)
    address = address_of(draft, counted)
    client.post(address, {**form_data(client.get(address)), "year_2023": "45"})
    assert stands(draft, counted.pk).year_targets == ((2022, 30), (2023, 45), (2040, 7))


def test_two_writers_of_two_years_both_stand_and_of_one_are_asked(
    draft: PlanProposal, counted: Indicator, sign_in: SignIn, officer: User, representative: User
) -> None:
    mine, theirs = sign_in(officer), sign_in(representative)
    address = address_of(draft, counted)
    my_page, their_page = form_data(mine.get(address)), form_data(theirs.get(address))
    theirs.post(address, {**their_page, "year_2022": "35"})
    assert mine.post(address, {**my_page, "year_2023": "45"}).status_code == 302
    assert stands(draft, counted.pk).year_targets == ((2022, 35), (2023, 45))
    response = mine.post(address, {**my_page, "year_2022": "38"})
    assert response.status_code == 422
    assert response.context["form"].clashes == ["2022年度の目標"]
    assert 'value="38"' in response.content.decode()
    mine.post(address, {**my_page, **form_data(response), "year_2022": "38", "choose-year_2022": "mine"})
    assert stands(draft, counted.pk).year_targets == ((2022, 38), (2023, 45))


def test_what_is_no_number_stays_in_its_field(
    draft: PlanProposal, counted: Indicator, sign_in: SignIn, officer: User
) -> None:
    client = sign_in(officer)
    address = address_of(draft, counted)
    wrong = {**form_data(client.get(address)), "year_2022": "たくさん", "year_2023": "10.123"}
    response = client.post(address, wrong)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"year_2022", "year_2023"}
    assert 'value="たくさん"' in response.content.decode()


def test_a_new_indicator_and_one_that_takes_a_place_have_them(
    draft: PlanProposal, counted: Indicator, sign_in: SignIn, officer: User
) -> None:
    client = sign_in(officer)
    new = url(draft, f"output/{counted.output_id}/indicators/0/")
    typed = {
        **form_data(client.get(new)),
        "name": "夜に来た人",
        "unit": "人",
        "target_value": "9",
        "year_2022": "4",
    }
    client.post(new, typed)
    replacing = f"{new}?replaces={counted.pk}"
    typed = {**form_data(client.get(replacing)), "name": "夜に開いた回数", "year_2023": "12"}
    client.post(replacing, typed)
    draft.refresh_from_db()
    made = {i.name: i.year_targets for i in Plan.from_json(draft.draft).indicators() if i.id < 0}
    assert made == {"夜に来た人": ((2022, 4),), "夜に開いた回数": ((2022, 30), (2023, 12))}
    html = client.get(url(draft)).content.decode()
    assert "夜に来た人（合計、0人 → 9人、2022年度 4人）" in html


@pytest.mark.parametrize("method", ["ratio", "state", "presence"])
def test_what_is_not_counted_up_has_none(
    plan: PlanRows, draft: PlanProposal, sign_in: SignIn, officer: User, method: str
) -> None:
    """One that a table brought stays until somebody touches it."""
    indicator = plan.indicators[method]
    version = IndicatorVersion.objects.get(indicator=indicator)
    YearTarget.objects.create(version=version, fiscal_year=2023, target_value=50)
    services.carry_over(proposal=draft, by=officer)
    client = sign_in(officer)
    address = address_of(draft, indicator)
    typed: dict[str, Any] = form_data(client.get(address))
    assert "2022年度の目標" not in client.get(address).content.decode()
    response = client.post(address, {**typed, "year_2023": "60"})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"year_2023"}
    assert client.post(address, {**typed, "name": "言いかえた名前"}).status_code == 302
    assert stands(draft, indicator.pk).year_targets == ((2023, 50),)
    new = address.replace(f"indicators/{indicator.pk}/", "indicators/0/")
    typed = {"name": "新しい指標", "method": method, "baseline": "0", "year_2022": "40"}
    assert set(client.post(new, typed).context["form"].errors) == {"year_2022"}
