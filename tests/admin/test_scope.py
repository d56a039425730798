"""Two foundations, both filled. The admin of one sees, opens, chooses and edits nothing of the other."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin import AdminSite
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from accounts.models import JournalEntry, User
from foundations.models import Foundation, Staff
from grantees.models import ConsortiumMember, Membership, Organisation
from grants.models import Fund, Grant, LedgerEntry
from tests.admin.pages import MODELS, fill, page
from tests.factories import FundFactory, OrganisationFactory, StaffFactory

SignIn = Callable[[User], Client]
Rows = dict[type[Model], Any]


@pytest.fixture
def ours(foundation: Foundation) -> Rows:
    return fill(foundation)


@pytest.fixture
def theirs(other_foundation: Foundation) -> Rows:
    return fill(other_foundation)


@pytest.fixture
def here(admin: User, ours: Rows, theirs: Rows, sign_in: SignIn) -> Client:
    return sign_in(admin)


def listed(response: Any) -> set[int]:
    return {row.pk for row in response.context["cl"].result_list}


def test_every_list_shows_the_own_rows_only(here: Client, ours: Rows, theirs: Rows) -> None:
    for model in MODELS:
        response = here.get(page(model, "changelist"))
        assert response.status_code == 200, model
        shown = listed(response)
        assert ours[model].pk in shown, model
        assert theirs[model].pk not in shown, model


def test_every_page_of_the_own_rows_opens(here: Client, ours: Rows) -> None:
    for model in MODELS:
        for name in ("change", "history"):
            assert here.get(page(model, name, ours[model].pk)).status_code == 200, (model, name)


def test_no_page_of_another_foundations_rows_opens(here: Client, theirs: Rows) -> None:
    for model in MODELS:
        for name in ("change", "history", "delete"):
            response = here.get(page(model, name, theirs[model].pk))
            assert response.status_code in (302, 403, 404), (model, name)
            if response.status_code == 302:
                assert response["Location"] == reverse("admin:index")
        response = here.post(page(model, "change", theirs[model].pk), {"name": "乗っ取り"})
        assert response.status_code in (302, 403, 404), model


def test_every_add_page_offers_own_rows_only(here: Client, theirs: Rows) -> None:
    for model in MODELS:
        response = here.get(page(model, "add"))
        if response.status_code == 403:
            continue
        assert response.status_code == 200, model
        for form in forms_of(response):
            for name, field in form.fields.items():
                if name != "id" and hasattr(field, "queryset") and field.queryset.model in theirs:
                    offered = set(field.queryset.values_list("pk", flat=True))
                    assert theirs[field.queryset.model].pk not in offered, (model, name)


def test_every_change_page_offers_own_rows_only(here: Client, ours: Rows, theirs: Rows) -> None:
    for model in MODELS:
        response = here.get(page(model, "change", ours[model].pk))
        for form in forms_of(response):
            for name, field in form.fields.items():
                if name != "id" and hasattr(field, "queryset") and field.queryset.model in theirs:
                    offered = set(field.queryset.values_list("pk", flat=True))
                    assert theirs[field.queryset.model].pk not in offered, (model, name)


def forms_of(response: Any) -> list[Any]:
    formsets = [inline.formset for inline in response.context["inline_admin_formsets"]]
    return [
        response.context["adminform"].form,
        *(form for formset in formsets for form in (*formset.forms, formset.empty_form)),
    ]


def test_filters_name_nothing_of_others(here: Client, theirs: Rows) -> None:
    other = theirs[Grant]
    names = (
        other.organisation.name,
        other.title,
        other.officer.name,
        other.program.name,
        other.foundation.name,
    )
    for model in MODELS:
        text = here.get(page(model, "changelist")).content.decode()
        for name in names:
            assert name not in text, (model, name)


def test_filtering_by_others_keeps_the_scope(here: Client, theirs: Rows) -> None:
    other = theirs[Grant]
    response = here.get(page(Grant, "changelist"), {"program__id__exact": other.program_id})
    assert listed(response) == set()


def test_autocomplete_finds_own_rows_only(here: Client, ours: Rows, theirs: Rows) -> None:
    sources = [
        (Grant, "organisation", Organisation),
        (Grant, "program", type(ours[Grant].program)),
        (Staff, "user", User),
        (Membership, "user", User),
        (ConsortiumMember, "organisation", Organisation),
    ]
    for model, field, target in sources:
        response = here.get(
            reverse("admin:autocomplete"),
            {"app_label": model._meta.app_label, "model_name": model._meta.model_name, "field_name": field},
        )
        assert response.status_code == 200
        found = {int(result["id"]) for result in response.json()["results"]}
        assert found <= set(target.objects.values_list("pk", flat=True))
        assert theirs[target].pk not in found, (model, field)
        assert ours[target].pk in found, (model, field)


def test_a_posted_choice_of_others_is_refused(here: Client, ours: Rows, theirs: Rows) -> None:
    grant = ours[Grant]
    data = {
        "program": grant.program_id,
        "organisation": theirs[Organisation].pk,
        "officer": theirs[Grant].officer_id,
        "title": "横取り",
        "starts_on": "2021-04-01",
        "ends_on": "2022-03-31",
        **no_rows("readers", "budget_lines"),
    }
    response = here.post(page(Grant, "add"), data)
    assert response.status_code == 200
    assert set(response.context["adminform"].form.errors) == {"organisation", "officer"}
    assert not Grant.objects.filter(title="横取り").exists()


def no_rows(*prefixes: str) -> dict[str, Any]:
    return {
        f"{prefix}-{name}": value
        for prefix in prefixes
        for name, value in (("TOTAL_FORMS", 0), ("INITIAL_FORMS", 0))
    }


def test_an_admin_of_two_foundations_does_not_mix_them(
    admin: User, ours: Rows, theirs: Rows, other_foundation: Foundation, sign_in: SignIn
) -> None:
    StaffFactory(user=admin, foundation=other_foundation, role=Staff.Role.ADMIN)
    client = sign_in(admin)
    assert {ours[Fund].pk, theirs[Fund].pk} <= listed(client.get(page(Fund, "changelist")))
    data = {
        "program": ours[Grant].program_id,
        "organisation": theirs[Organisation].pk,
        "officer": ours[Grant].officer_id,
        "title": "まぜこぜ",
        "starts_on": "2021-04-01",
        "ends_on": "2022-03-31",
        **no_rows("readers", "budget_lines"),
    }
    response = client.post(page(Grant, "add"), data)
    assert response.status_code == 200
    assert "ほかの財団のものは、いっしょに選べません" in response.content.decode()
    assert not Grant.objects.filter(title="まぜこぜ").exists()


def test_inline_rows_of_two_foundations_do_not_mix(
    admin: User, ours: Rows, theirs: Rows, other_foundation: Foundation, sign_in: SignIn
) -> None:
    StaffFactory(user=admin, foundation=other_foundation, role=Staff.Role.ADMIN)
    consortium = OrganisationFactory(foundation=ours[Organisation].foundation, is_consortium=True)
    response = sign_in(admin).post(
        page(Organisation, "change", consortium.pk),
        {
            "name": consortium.name,
            "is_consortium": "on",
            **no_rows("memberships"),
            "consortium_members-TOTAL_FORMS": 1,
            "consortium_members-INITIAL_FORMS": 0,
            "consortium_members-0-organisation": theirs[Organisation].pk,
        },
    )
    assert response.status_code == 200
    assert "ほかの財団のものは" in response.content.decode()
    assert not ConsortiumMember.objects.filter(consortium=consortium).exists()


def test_superuser_sees_all(ours: Rows, theirs: Rows, sign_in: SignIn) -> None:
    root = User.objects.create_superuser("root@example.test", "rakuda-no-mizuumi-21", name="根本 管")
    client = sign_in(root)
    for model in MODELS:
        assert {ours[model].pk, theirs[model].pk} <= listed(client.get(page(model, "changelist"))), model


# --- who is let in ------------------------------------------------------------------------------------------


def test_only_admins_are_let_in(
    admin: User,
    officer: User,
    board: User,
    adviser: User,
    accountant: User,
    representative: User,
    member: User,
    sign_in: SignIn,
    client: Client,
) -> None:
    urls = [reverse("admin:index"), *(page(model, "changelist") for model in MODELS)]
    for url in urls:
        assert sign_in(admin).get(url).status_code == 200
        assert client.get(url, follow=True).redirect_chain[-1][0].startswith("/accounts/login/")
        for user in (officer, board, adviser, accountant, representative, member):
            response = sign_in(user).get(url, follow=True)
            assert response.status_code == 403, (user, url)


def test_is_staff_alone_opens_nothing(admin: User, sign_in: SignIn) -> None:
    Staff.objects.filter(user=admin).update(ends_on="2021-03-31")
    assert admin.is_staff
    assert sign_in(admin).get(reverse("admin:index"), follow=True).status_code == 403


def test_no_page_asks_whether_a_row_exists() -> None:
    with pytest.raises(NoReverseMatch):
        reverse("admin:view_on_site", args=[1, 1])


def test_pages_of_other_packages_stay_out() -> None:
    labels = {model._meta.app_label for model in admin.site._registry}
    assert labels <= {"accounts", "foundations", "grantees", "grants", "mentoring"}
    assert isinstance(admin.site, AdminSite) or admin.site


def test_remarks_have_no_page() -> None:
    assert "mentoring.FieldNote" not in {model._meta.label for model in MODELS}


def test_nothing_is_deleted_in_bulk(here: Client) -> None:
    for model in MODELS:
        assert "delete_selected" not in here.get(page(model, "changelist")).content.decode(), model


# --- what is written down -----------------------------------------------------------------------------------


def test_every_change_stands_in_the_journal(here: Client, admin: User, foundation: Foundation) -> None:
    fund = FundFactory(foundation=foundation, name="古い名前")
    data = {"kind": "theme", "name": "新しい名前", **no_rows("ledger_entries")}
    assert here.post(page(Fund, "change", fund.pk), data).status_code == 302
    entry = JournalEntry.objects.about(fund).get()
    assert (entry.verb, entry.actor, entry.foundation_id) == ("admin.changed", admin, foundation.pk)
    assert entry.details["changes"]


def test_a_fund_with_its_ledger(here: Client, foundation: Foundation) -> None:
    data = {
        "foundation": foundation.pk,
        "kind": "named",
        "name": "はな基金",
        "ledger_entries-TOTAL_FORMS": 2,
        "ledger_entries-INITIAL_FORMS": 0,
        "ledger_entries-0-on": "２０２２年４月１日",
        "ledger_entries-0-kind": "individual",
        "ledger_entries-0-amount_yen": "１，０００，０００円",
        "ledger_entries-1-on": "2022/05/01",
        "ledger_entries-1-kind": "cost",
        "ledger_entries-1-amount_yen": "1,500",
    }
    assert here.post(page(Fund, "add"), data).status_code == 302
    fund = Fund.objects.get(name="はな基金")
    assert sorted(LedgerEntry.objects.filter(fund=fund).values_list("amount_yen", flat=True)) == [
        1500,
        1000000,
    ]
    assert "998,500円" in here.get(page(Fund, "changelist")).content.decode()


# --- size ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_queries_of_a_list_do_not_grow(
    model: Any, admin: User, foundation: Foundation, sign_in: SignIn
) -> None:
    if model is Foundation:
        pytest.skip("an admin of several foundations is rare, and has one row for each")
    client = sign_in(admin)
    fill(foundation)
    url = page(model, "changelist")
    client.get(url)
    count = queries_of(client, url)
    for _ in range(2):
        fill(foundation)
    assert queries_of(client, url) == count


def queries_of(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)
