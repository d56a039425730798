"""What was submitted keeps the plan it was written against; what was done is only read."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import JournalEntry, User
from grantees.models import Invitation
from grants.models import (
    Contribution,
    Fund,
    Grant,
    Indicator,
    IndicatorUnit,
    IndicatorVersion,
    OutputVersion,
    PlanRevision,
    Program,
    ShortTermOutcome,
    ShortTermOutcomeVersion,
    YearTarget,
)
from mentoring.admin.history import frozen_until
from mentoring.models import (
    Figure,
    Intervention,
    Meeting,
    ProgressSheet,
    SheetDocument,
    SheetEvent,
    SupportCategory,
)
from tests.admin.pages import fill, page
from tests.factories import (
    FigureFactory,
    LegalFormFactory,
    OrganisationFactory,
    PlanRevisionFactory,
    PlanRows,
    SheetFactory,
    SupportMenuItemFactory,
    make_plan,
)

SignIn = Callable[[User], Client]
OCTOBER = dt.date(2022, 10, 1)
State = ProgressSheet.State


@pytest.fixture
def here(admin: User, sign_in: SignIn) -> Client:
    return sign_in(admin)


def wordings(version: ShortTermOutcomeVersion, *, added: dict[str, Any] | None = None, **changed: Any) -> Any:
    """What the page of an outcome with one wording posts."""
    row = {
        "id": version.pk,
        "outcome": version.outcome_id,
        "valid_from": f"{version.valid_from:%Y年%m月}",
        "position": version.position,
        "text": version.text,
        "leads_to": list(version.leads_to.values_list("pk", flat=True)),
        **changed,
    }
    data: dict[str, Any] = {"versions-TOTAL_FORMS": 2 if added else 1, "versions-INITIAL_FORMS": 1}
    data |= {f"versions-0-{name}": value for name, value in row.items()}
    if added:
        data |= {f"versions-1-{name}": value for name, value in {"position": 1, **added}.items()}
    return data


@pytest.mark.parametrize(
    ("state", "frozen"),
    [
        (State.DRAFT, False),
        (State.RETURNED, False),
        (State.SUBMITTED, True),
        (State.CLOSED, True),
        (State.REOPENED, True),
    ],
)
def test_which_sheets_freeze_the_plan(plan: PlanRows, state: str, frozen: bool) -> None:
    sheet = SheetFactory(grant=plan.grant, month=OCTOBER)
    ProgressSheet.objects.filter(pk=sheet.pk).update(
        state=state, closed_by=plan.grant.officer, closed_at=sheet.turn_since
    )
    assert frozen_until(plan.grant.pk) == (OCTOBER if frozen else None)


def test_a_wording_nobody_used_yet_can_be_changed(plan: PlanRows, here: Client) -> None:
    version = plan.outcomes[0].versions.get()
    url = page(ShortTermOutcome, "change", version.outcome_id)
    assert here.post(url, wordings(version, text="言いなおした文")).status_code == 302
    version.refresh_from_db()
    assert version.text == "言いなおした文"


def test_a_wording_in_a_submitted_sheet_stays(plan: PlanRows, here: Client) -> None:
    SheetFactory(grant=plan.grant, month=OCTOBER, closed=True)
    version = plan.outcomes[0].versions.get()
    url = page(ShortTermOutcome, "change", version.outcome_id)
    text = here.get(url).content.decode()
    assert "2022年10月までのシートが提出されています" in text
    assert "2022年11月以降の月から始まる新しい行" in text
    before = version.text
    assert here.post(url, wordings(version, text="こっそり直した文")).status_code == 302
    version.refresh_from_db()
    assert version.text == before


def test_a_wording_in_a_submitted_sheet_is_not_deleted(plan: PlanRows, here: Client) -> None:
    SheetFactory(grant=plan.grant, month=OCTOBER, closed=True)
    version = plan.outcomes[0].versions.get()
    url = page(ShortTermOutcome, "change", version.outcome_id)
    here.post(url, wordings(version, DELETE="on"))
    assert ShortTermOutcomeVersion.objects.filter(pk=version.pk).exists()
    assert here.get(page(ShortTermOutcome, "delete", version.outcome_id)).status_code == 403


def test_a_new_wording_begins_after_the_submitted_months(plan: PlanRows, here: Client) -> None:
    SheetFactory(grant=plan.grant, month=OCTOBER, closed=True)
    version = plan.outcomes[0].versions.get()
    url = page(ShortTermOutcome, "change", version.outcome_id)
    late = {"valid_from": "２０２２年１０月", "text": "新しい文", "outcome": version.outcome_id}
    response = here.post(url, wordings(version, added=late))
    assert response.status_code == 200
    assert "2022年11月以降の月を入れてください" in response.content.decode()
    response = here.post(url, wordings(version, added={**late, "valid_from": "2022-11"}))
    assert response.status_code == 302
    assert version.outcome.versions.get(text="新しい文").valid_from == dt.date(2022, 11, 1)


def test_it_does_not_retire_in_the_past(plan: PlanRows, here: Client) -> None:
    SheetFactory(grant=plan.grant, month=OCTOBER, closed=True)
    version = plan.outcomes[0].versions.get()
    url = page(ShortTermOutcome, "change", version.outcome_id)
    assert here.post(url, {**wordings(version), "retired_from": "2022年10月"}).status_code == 200
    assert here.post(url, {**wordings(version), "retired_from": "2022年11月"}).status_code == 302
    plan.outcomes[0].refresh_from_db()
    assert plan.outcomes[0].retired_from == dt.date(2022, 11, 1)


def test_edges_of_a_submitted_month_are_read_only(plan: PlanRows, here: Client) -> None:
    version = plan.outputs[0].versions.get()
    url = page(OutputVersion, "change", version.pk)
    assert here.get(url).context["has_change_permission"]
    SheetFactory(grant=plan.grant, month=OCTOBER, closed=True)
    response = here.get(url)
    assert not response.context["has_change_permission"]
    assert "2022年10月までのシートが提出されています" in response.content.decode()
    assert here.post(url, {"text": "こっそり"}).status_code == 403
    assert here.post(page(OutputVersion, "delete", version.pk), {"post": "yes"}).status_code == 403
    assert OutputVersion.objects.filter(pk=version.pk).exists()


def test_edges_are_written_with_one_first(plan: PlanRows, here: Client) -> None:
    version = plan.outputs[0].versions.get()
    edge = version.contributions.get()
    data = {
        "valid_from": "2021年4月",
        "position": 1,
        "text": version.text,
        "contributions-TOTAL_FORMS": 2,
        "contributions-INITIAL_FORMS": 1,
        "contributions-0-id": edge.pk,
        "contributions-0-version": version.pk,
        "contributions-0-outcome": edge.outcome_id,
        "contributions-0-reason": edge.reason,
        "contributions-1-version": version.pk,
        "contributions-1-outcome": plan.outcomes[1].pk,
        "contributions-1-reason": "居場所で知った人に相談できるから",
    }
    url = page(OutputVersion, "change", version.pk)
    response = here.post(url, data)
    assert "「おもな役立ち先」を1つ選んでください" in response.content.decode()
    assert here.post(url, {**data, "contributions-1-is_first": "on"}).status_code == 302
    first = Contribution.objects.get(version=version, is_first=True)
    assert first.outcome == plan.outcomes[1]


def test_edges_stay_within_one_grant(plan: PlanRows, other_grant: Any, here: Client) -> None:
    other = make_plan(other_grant)
    version = plan.outputs[0].versions.get()
    response = here.get(page(OutputVersion, "change", version.pk))
    [inline] = response.context["inline_admin_formsets"]
    offered = set(inline.formset.forms[0].fields["outcome"].queryset)
    assert offered == set(plan.outcomes)
    assert not offered & set(other.outcomes)


def test_a_new_wording_of_an_output_keeps_its_edges(plan: PlanRows, here: Client) -> None:
    output = plan.outputs[2]
    version = output.versions.get()
    data = {
        "versions-TOTAL_FORMS": 2,
        "versions-INITIAL_FORMS": 1,
        "versions-0-id": version.pk,
        "versions-0-output": output.pk,
        "versions-0-valid_from": "2021年4月",
        "versions-0-position": 1,
        "versions-0-text": version.text,
        "versions-1-output": output.pk,
        "versions-1-valid_from": "2023年4月",
        "versions-1-position": 1,
        "versions-1-text": "窓口が週に3日開いている",
    }
    assert here.post(page(type(output), "change", output.pk), data).status_code == 302
    new = output.versions.get(text="窓口が週に3日開いている")
    assert set(new.contributions.values_list("outcome", flat=True)) == {o.pk for o in plan.outcomes}
    assert new.contributions.get(is_first=True).outcome == plan.outcomes[1]


def test_counting_of_an_indicator_stays_once_it_was_used(plan: PlanRows, here: Client) -> None:
    indicator = plan.indicators["sum"]
    url = page(Indicator, "change", indicator.pk)
    assert "method" in here.get(url).context["adminform"].form.fields
    FigureFactory(sheet=SheetFactory(grant=plan.grant, month=OCTOBER), indicator=indicator)
    assert "method" not in here.get(url).context["adminform"].form.fields


def test_yearly_targets_go_on_with_a_new_wording(plan: PlanRows, here: Client) -> None:
    indicator = plan.indicators["sum"]
    version = indicator.versions.get()
    YearTarget.objects.create(version=version, fiscal_year=2022, target_value=30)
    row = {"position": 1, "name": version.name, "unit": "回", "baseline": "0", "target_value": "85"}
    data = {
        "output": indicator.output_id,
        "method": "sum",
        "ratio_is_pooled": "on",
        "versions-TOTAL_FORMS": 2,
        "versions-INITIAL_FORMS": 1,
        "versions-0-id": version.pk,
        "versions-0-indicator": indicator.pk,
        "versions-0-valid_from": "2021年4月",
        **{f"versions-0-{name}": value for name, value in row.items()},
        "versions-1-indicator": indicator.pk,
        "versions-1-valid_from": "2023年4月",
        **{f"versions-1-{name}": value for name, value in {**row, "target_value": "１００回"}.items()},
    }
    response = here.post(page(Indicator, "change", indicator.pk), data)
    assert response.status_code == 302, response.context["errors"]
    new = IndicatorVersion.objects.get(indicator=indicator, valid_from=dt.date(2023, 4, 1))
    assert new.target_value == 100
    assert new.year_targets.get().fiscal_year == 2022


def test_an_indicator_belongs_to_a_row_of_its_own_grant(
    plan: PlanRows, other_grant: Any, here: Client
) -> None:
    data = {
        "grant": other_grant.pk,
        "output": plan.outputs[0].pk,
        "method": "sum",
        "versions-TOTAL_FORMS": 0,
        "versions-INITIAL_FORMS": 0,
    }
    response = here.post(page(Indicator, "add"), data)
    assert response.status_code == 200
    assert "output" in response.context["adminform"].form.errors


def test_a_revision_is_written_once(plan: PlanRows, officer: User, here: Client, admin: User) -> None:
    SheetFactory(grant=plan.grant, month=OCTOBER, closed=True)
    data = {
        "grant": plan.grant.pk,
        "holds_from": "2022年10月",
        "kind": "target",
        "reason": "参加者が増えたため",
        "approved_by": officer.pk,
    }
    assert here.post(page(PlanRevision, "add"), data).status_code == 200
    assert here.post(page(PlanRevision, "add"), {**data, "holds_from": "2022年11月"}).status_code == 302
    revision = PlanRevision.objects.get()
    assert revision.approved_at is not None
    assert here.post(page(PlanRevision, "change", revision.pk), data).status_code == 403


def test_rows_of_the_month_are_read_only(here: Client, foundation: Any) -> None:
    rows = fill(foundation)
    for model in (ProgressSheet, Figure, SheetEvent, Meeting, SheetDocument, Intervention, JournalEntry):
        row = rows[model]
        assert here.get(page(model, "add")).status_code == 403, model
        assert here.post(page(model, "change", row.pk), {}).status_code == 403, model
        assert here.post(page(model, "delete", row.pk), {"post": "yes"}).status_code == 403, model
        assert model._default_manager.filter(pk=row.pk).exists()


def test_people_funds_and_letters_are_never_deleted(here: Client, foundation: Any) -> None:
    rows = fill(foundation)
    for model in (User, Fund, Invitation, type(rows[Fund].foundation)):
        assert here.post(page(model, "delete", rows[model].pk), {"post": "yes"}).status_code == 403, model


def test_a_word_in_use_is_not_deleted_and_says_why(here: Client, foundation: Any) -> None:
    item = SupportMenuItemFactory(foundation=foundation, name="会計の相談")
    response = here.get(page(SupportCategory, "delete", item.category_id))
    text = response.content.decode()
    assert "使われているので、消せません" in text
    assert "会計の相談" in text
    here.post(page(SupportCategory, "delete", item.category_id), {"post": "yes"})
    assert SupportCategory.objects.filter(pk=item.category_id).exists()


def test_a_word_nobody_uses_is_deleted(here: Client, foundation: Any) -> None:
    unit = IndicatorUnit.objects.create(foundation=foundation, name="株")
    assert here.post(page(IndicatorUnit, "delete", unit.pk), {"post": "yes"}).status_code == 302
    assert not IndicatorUnit.objects.filter(pk=unit.pk).exists()
    assert JournalEntry.objects.filter(verb="admin.deleted", subject_id=unit.pk).exists()


def test_a_program_with_grants_is_not_deleted(here: Client, grant: Any) -> None:
    response = here.get(page(Program, "delete", grant.program_id))
    assert response.status_code == 200
    here.post(page(Program, "delete", grant.program_id), {"post": "yes"})
    assert Program.objects.filter(pk=grant.program_id).exists()


def test_a_grant_made_by_mistake_goes_while_it_has_no_plan(grant: Grant, here: Client) -> None:
    assert here.post(page(Grant, "delete", grant.pk), {"post": "yes"}).status_code == 302
    assert not Grant.objects.filter(pk=grant.pk).exists()


def test_a_grant_with_a_plan_stays(plan: PlanRows, here: Client) -> None:
    here.post(page(Grant, "delete", plan.grant.pk), {"post": "yes"})
    assert Grant.objects.filter(pk=plan.grant.pk).exists()


def test_a_grant_with_a_sheet_stays(plan: PlanRows, here: Client) -> None:
    SheetFactory(grant=plan.grant, month=OCTOBER)
    response = here.get(page(Grant, "delete", plan.grant.pk))
    assert "使われているので、消せません" in response.content.decode()
    here.post(page(Grant, "delete", plan.grant.pk), {"post": "yes"})
    assert Grant.objects.filter(pk=plan.grant.pk).exists()


def test_legal_form_in_use(here: Client, foundation: Any) -> None:
    form = LegalFormFactory(foundation=foundation)
    OrganisationFactory(foundation=foundation, legal_form=form, name="使っている会")
    assert "使っている会" in here.get(page(type(form), "delete", form.pk)).content.decode()


def test_revisions_offered_are_of_the_grant(plan: PlanRows, other_grant: Any, here: Client) -> None:
    mine = PlanRevisionFactory(grant=plan.grant)
    PlanRevisionFactory(grant=other_grant)
    response = here.get(page(ShortTermOutcome, "change", plan.outcomes[0].pk))
    [inline] = response.context["inline_admin_formsets"]
    assert list(inline.formset.forms[0].fields["revision"].queryset) == [mine]
