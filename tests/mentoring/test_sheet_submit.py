"""提出する: saves first, asks for what is ※必須, shows every other blank, and pins the plan."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import JournalEntry, User
from grants.plan import Plan
from mentoring.models import Figure, OutcomeChange, ProgressSheet
from mentoring.selectors import plan_of
from tests.factories import IndicatorVersionFactory, PlanRows, SheetFactory
from tests.mentoring.entry import change, fields_of, figure, full_month, open_entry, plan_money, submit

SignIn = Callable[[User], Client]


@pytest.fixture
def sheet(plan: PlanRows) -> ProgressSheet:
    plan_money(plan)
    return SheetFactory(grant=plan.grant)


@pytest.fixture
def client(sign_in: SignIn, representative: User) -> Client:
    return sign_in(representative)


def state_of(sheet: ProgressSheet) -> str:
    return ProgressSheet.objects.get(pk=sheet.pk).state


def test_works(
    client: Client,
    sheet: ProgressSheet,
    plan: PlanRows,
    representative: User,
    officer: User,
    mailoutbox: list[object],
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        response = submit(client, sheet, {**open_entry(client, sheet), **full_month(plan)})
    assert response.status_code == 302
    assert response["Location"] == f"/sheets/{sheet.pk}/"
    sheet.refresh_from_db()
    assert sheet.state == "submitted"
    assert Figure.objects.get(indicator=plan.indicators["sum"]).value == 6
    event = sheet.events.get()
    assert (event.act, event.by, event.from_state, event.to_state) == (
        "submit", representative, "draft", "submitted",
    )  # fmt: skip
    assert JournalEntry.objects.filter(verb="sheet.submit", actor=representative).count() == 1
    (mail,) = mailoutbox
    assert mail.to == [officer.email]  # type: ignore[attr-defined]
    assert mail.subject == "あおぞらの会の2022年10月のシートが届きました"  # type: ignore[attr-defined]
    assert f"/sheets/{sheet.pk}/" in mail.body  # type: ignore[attr-defined]


def test_pins_the_plan_it_was_written_against(client: Client, sheet: ProgressSheet, plan: PlanRows) -> None:
    submit(client, sheet, {**open_entry(client, sheet), **full_month(plan)})
    sheet.refresh_from_db()
    assert sheet.plan_snapshot is not None
    pinned = Plan.from_json(sheet.plan_snapshot)
    IndicatorVersionFactory(indicator=plan.indicators["sum"], valid_from=sheet.month, name="あとで直した名前")
    assert plan_of(sheet) == pinned
    assert "居場所を開いた回数" in [indicator.name for indicator in plan_of(sheet).indicators()]


def test_get_leads_to_the_page_and_submits_nothing(client: Client, sheet: ProgressSheet) -> None:
    """So that signing in again, or the address itself, ends on the page."""
    response = client.get(f"/sheets/{sheet.pk}/submit/")
    assert response["Location"] == f"/sheets/{sheet.pk}/entry/"
    assert state_of(sheet) == "draft"


@pytest.mark.parametrize(
    ("who", "status"),
    [("stranger", 404), ("other_grantee", 404), ("board", 404), ("officer", 403), ("admin", 403), ("adviser", 403)],
)  # fmt: skip
def test_only_the_grantee_submits(
    request: pytest.FixtureRequest,
    sign_in: SignIn,
    sheet: ProgressSheet,
    plan: PlanRows,
    who: str,
    status: int,
) -> None:
    response = submit(sign_in(request.getfixturevalue(who)), sheet, full_month(plan))
    assert response.status_code == status
    assert state_of(sheet) == "draft"
    assert not Figure.objects.exists()


def test_required_fields_are_told_and_the_rest_is_saved(
    client: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    fields = {**open_entry(client, sheet), **full_month(plan), change(plan, 1): " ", "cost-direct-status": ""}
    response = submit(client, sheet, {**fields, "accept_blanks": "1"})
    assert response.status_code == 422
    html = response.content.decode()
    assert "まだ提出していません。2か所を見てください。" in html
    assert f'href="#id_{change(plan, 1)}"' in html
    assert "「変わらない」も大事な記録です" in html
    assert "いずれかを選んでください" in html
    assert state_of(sheet) == "draft"
    assert Figure.objects.get(indicator=plan.indicators["sum"]).value == 6
    assert OutcomeChange.objects.get().text == "顔なじみの若者が増えました。"


def test_every_blank_is_seen_before_it_goes(client: Client, sheet: ProgressSheet, plan: PlanRows) -> None:
    fields = {
        **open_entry(client, sheet),
        **full_month(plan),
        figure(plan, "latest"): "",
        figure(plan, "state", "step"): "",
        figure(plan, "state", "sentence"): "",
        "spent-direct-amount_yen": "",
    }
    response = submit(client, sheet, fields)
    assert response.status_code == 422
    html = response.content.decode()
    assert "未入力が、あと3か所あります。" in html
    for name in (figure(plan, "latest"), figure(plan, "state", "step"), "spent-direct-amount_yen"):
        assert f'<a href="#id_{name}">' in html
    assert "未入力のまま提出します" in html
    assert state_of(sheet) == "draft"
    confirmed = {**fields_of(response), "accept_blanks": "1"}
    assert submit(client, sheet, confirmed).status_code == 302
    assert state_of(sheet) == "submitted"
    assert not Figure.objects.filter(indicator=plan.indicators["latest"]).exists()


def test_a_zero_is_no_blank(client: Client, sheet: ProgressSheet, plan: PlanRows) -> None:
    fields = {**open_entry(client, sheet), **full_month(plan)}
    fields |= {
        figure(plan, "latest"): "0",
        figure(plan, "ratio", "numerator"): "0",
        "spent-direct-amount_yen": "0",
    }
    assert submit(client, sheet, fields).status_code == 302


def test_a_wrong_number_stops_the_submission_not_the_saving(
    client: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    fields = {**open_entry(client, sheet), **full_month(plan), figure(plan, "sum"): "６回ぐらい"}
    response = submit(client, sheet, {**fields, "accept_blanks": "1"})
    assert response.status_code == 422
    assert "「６回ぐらい」を回数として読めませんでした" in response.content.decode()
    assert state_of(sheet) == "draft"
    assert Figure.objects.get(indicator=plan.indicators["latest"]).value == 11


def test_without_a_budget_no_word_on_it_is_asked(client: Client, plan: PlanRows) -> None:
    sheet = SheetFactory(grant=plan.grant)
    fields = {name: text for name, text in full_month(plan).items() if not name.startswith(("cost", "spent"))}
    assert submit(client, sheet, {**open_entry(client, sheet), **fields}).status_code == 302


def test_a_returned_sheet_is_submitted_again(client: Client, plan: PlanRows) -> None:
    sheet = SheetFactory(grant=plan.grant, state="returned")
    fields = {**open_entry(client, sheet), **full_month(plan)}
    assert submit(client, sheet, fields).status_code == 302
    assert state_of(sheet) == "submitted"
