"""The unit of an indicator in a change of the plan: called otherwise it keeps its running total, another one begins anew."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from grants.models import Indicator, PlanProposal, PlanRevision
from grants.plan import IndicatorPlan, Plan
from grants.plan_edit import put_indicator
from grants.plan_reading import Box, plan_in_force
from grants.recounting import CountedAnotherWay, is_same_count
from grants.services.plans import write_plan
from mentoring.models import ProgressSheet
from mentoring.reading import IndicatorRow, read_sheet
from mentoring.services import proposals as services
from tests.factories import FigureFactory, PlanProposalFactory, PlanRows, SheetFactory
from tests.mentoring.test_proposals import form_data, url

SignIn = Callable[[User], Client]
OCTOBER, NOVEMBER = dt.date(2022, 10, 1), dt.date(2022, 11, 1)
ANEW = "置きかえて、累計を新しくはじめる"


@pytest.fixture
def visitors(plan: PlanRows) -> Indicator:
    """6 people came in October, and that was handed over."""
    indicator = plan.indicators["new_unique"]
    october = SheetFactory(grant=plan.grant, month=OCTOBER, closed=True)
    FigureFactory(sheet=october, indicator=indicator, value=6)
    return indicator


@pytest.fixture
def draft(plan: PlanRows, visitors: Indicator) -> PlanProposal:
    proposal: PlanProposal = PlanProposalFactory(grant=plan.grant)
    return proposal


def stands(proposal: PlanProposal) -> list[IndicatorPlan]:
    proposal.refresh_from_db()
    return list(Plan.from_json(proposal.draft).outputs[0].indicators)


def november(plan: PlanRows, indicator: int, value: int) -> IndicatorRow:
    """The row of the month from which the change holds, with a figure typed there."""
    sheet = SheetFactory(grant=plan.grant, month=NOVEMBER)
    FigureFactory(sheet=sheet, indicator_id=indicator, value=value)
    return read_sheet(ProgressSheet.objects.with_names().get(pk=sheet.pk)).rows[indicator]


def agreed(proposal: PlanProposal, officer: User, representative: User) -> None:
    row = services.propose(proposal=proposal, by=officer)
    services.agree_both(proposal=row, grantee=representative, version=row.version, by=officer)


def address_of(proposal: PlanProposal, indicator: Indicator) -> str:
    return url(proposal, f"output/{indicator.output_id}/indicators/{indicator.pk}/")


@pytest.mark.parametrize(
    ("method", "before", "after", "same"),
    [
        ("sum", "人", "名", True), ("sum", "名", "人", True), ("latest", "か所", "箇所", True),
        ("sum", "ヶ月", "か月", True), ("sum", "ＫＧ", "kg", True), ("sum", "回 ", "回", True),
        ("sum", "", "回", True),  # what had no name is given one
        ("ratio", "%", "人", True),  # nor had what a ratio counts
        ("state", "人", "回", True),  # no number there
        ("sum", "人", "回", False), ("new_unique", "人", "のべ人", False), ("latest", "円", "万円", False),
        ("ratio", "人", "件", False), ("sum", "人", "", False), ("sum", "回", "団体", False),
    ],
)  # fmt: skip
def test_the_rule(method: str, before: str, after: str, same: bool) -> None:
    assert is_same_count(method, before, after) is same


def test_called_otherwise_it_goes_on_counting(
    plan: PlanRows,
    draft: PlanProposal,
    visitors: Indicator,
    sign_in: SignIn,
    officer: User,
    representative: User,
) -> None:
    client = sign_in(officer)
    address = address_of(draft, visitors)
    assert client.post(address, {**form_data(client.get(address)), "unit": "名"}).status_code == 302
    agreed(draft, officer, representative)
    assert [r.kind for r in PlanRevision.objects.all()] == ["wording"], "and no target changed"
    row = november(plan, visitors.pk, 4)
    assert (row.total.value, row.plan.unit) == (Decimal(10), "名")
    october = plan_in_force(plan.grant, OCTOBER)
    assert {i.unit for i in october.outputs[0].indicators} == {"回", "人"}, "the past says what it said"


def test_another_unit_is_offered_to_begin_anew_and_keeps_what_was_typed(
    plan: PlanRows,
    draft: PlanProposal,
    visitors: Indicator,
    sign_in: SignIn,
    officer: User,
    representative: User,
) -> None:
    client = sign_in(officer)
    address = address_of(draft, visitors)
    page = client.get(address)
    assert ANEW not in page.content.decode()
    typed = {**form_data(page), "key": page.context["form"].key}
    typed |= {"name": "居場所に来た回数", "unit": "回", "target_value": "300"}
    typed.pop("method")  # as a browser leaves out what is disabled
    response = client.post(address, typed)
    html = response.content.decode()
    assert response.status_code == 422
    assert "「回」で数えると、これまでの「人」の数とは足しあわせられません。" in html
    assert 'value="居場所に来た回数"' in html
    assert 'value="300"' in html
    assert ANEW in html
    assert visitors.pk in {i.id for i in stands(draft)}
    [method] = {i.method for i in stands(draft) if i.id == visitors.pk}
    assert f'<input type="hidden" name="method" value="{method}">' in html
    again = {**typed, "method": method, "instead": "1"}
    for _press in range(2):
        assert client.post(address, again).status_code == 302
    new = stands(draft)[-1]
    assert (new.name, new.unit, new.target_value, new.replaces) == (
        "居場所に来た回数",
        "回",
        300,
        visitors.pk,
    )
    assert len(stands(draft)) == 2
    agreed(draft, officer, representative)
    made = plan_in_force(plan.grant, NOVEMBER).outputs[0].indicators[-1]
    row = november(plan, made.id, 4)
    assert (row.total.value, row.plan.unit) == (Decimal(4), "回"), "people and times are not added up"


def test_what_is_wrong_elsewhere_comes_back_in_the_same_step(
    draft: PlanProposal, visitors: Indicator, sign_in: SignIn, officer: User
) -> None:
    client = sign_in(officer)
    address = address_of(draft, visitors)
    page = client.get(address)
    typed = {**form_data(page), "unit": "回", "target_value": "たくさん", "instead": "1"}
    response = client.post(address, typed)
    assert response.status_code == 422
    html = response.content.decode()
    assert '<input type="hidden" name="instead" value="1">' in html, "the next press goes on replacing"
    assert 'value="たくさん"' in html


def test_all_that_is_wrong_is_told_at_once(
    draft: PlanProposal, visitors: Indicator, sign_in: SignIn, officer: User
) -> None:
    client = sign_in(officer)
    address = address_of(draft, visitors)
    typed = {**form_data(client.get(address)), "unit": "回", "target_value": "たくさん"}
    form = client.post(address, typed).context["form"]
    assert set(form.errors) == {"unit", "target_value"}


def recounted(proposal: PlanProposal, visitors: Indicator, by: User) -> None:
    """As a draft from before this was looked at may have it."""

    def change(plan: Plan) -> Plan:
        box = next(o for o in plan.outputs if o.id == visitors.output_id)
        old = next(i for i in box.indicators if i.id == visitors.pk)
        return put_indicator(plan, Box.OUTPUT, box.id, replace(old, unit="回"))

    services.change_draft(proposal=proposal, words="指標", change=change, by=by)


def test_no_such_draft_is_put_forward_or_agreed_on(
    draft: PlanProposal, visitors: Indicator, sign_in: SignIn, officer: User, representative: User
) -> None:
    client = sign_in(officer)
    recounted(draft, visitors, officer)
    page: Any = client.get(url(draft)).context
    typed = {
        "seen": page["terms_form"].signed_seen(),
        "version": page["proposal"].version,
        "holds_from": "2022年11月",
        "reason": "長い理由",
    }
    html = client.post(url(draft, "propose/"), typed).content.decode()
    assert "単位や数え方がかわる指標があります: 「居場所に来た人」（人→回）。" in html
    assert "長い理由</textarea>" in html
    PlanProposal.objects.filter(pk=draft.pk).update(state="open")
    draft.refresh_from_db()
    answer = client.post(
        url(draft, "agree-both/"), {"version": draft.version, "person": representative.pk}, follow=True
    )
    assert "「置きかえる」を選んでください" in answer.content.decode()
    draft.refresh_from_db()
    assert (draft.state, draft.agreements.count()) == ("open", 0)


def test_the_plan_itself_is_not_written_so(plan: PlanRows, visitors: Indicator, officer: User) -> None:
    base = plan_in_force(plan.grant, NOVEMBER)
    output = base.outputs[0]
    wrong = tuple(replace(i, unit="団体") for i in output.indicators)
    changed = replace(base, outputs=(replace(output, indicators=wrong), *base.outputs[1:]))
    with pytest.raises(CountedAnotherWay) as refused:
        write_plan(grant=plan.grant, base=base, draft=changed, month=NOVEMBER, reason="声から", by=officer)
    assert [(old.unit, new.unit) for old, new in refused.value.pairs] == [("回", "団体"), ("人", "団体")]
    assert not PlanRevision.objects.exists()
