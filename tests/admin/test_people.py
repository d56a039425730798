"""Invitations, hats and people in the admin."""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import JournalEntry, User
from accounts.services import record_act
from accounts.verbs import VERBS
from core import clock
from foundations.models import Foundation, Staff
from grantees.models import Invitation, LegalForm, Membership, Organisation
from grants.models import Fund, Grant, GrantReader
from mentoring.models import Figure
from mentoring.workflow import TRANSITIONS
from tests.admin.pages import page
from tests.factories import (
    FigureFactory,
    FundFactory,
    InvitationFactory,
    LedgerEntryFactory,
    MembershipFactory,
    OrganisationFactory,
    PlanRows,
    SheetFactory,
    StaffFactory,
    UserFactory,
)

ROOT = Path(__file__).parents[2]
SignIn = Callable[[User], Client]


@pytest.fixture
def here(admin: User, sign_in: SignIn) -> Client:
    return sign_in(admin)


def listed(response: Any) -> set[str]:
    return {str(row) for row in response.context["cl"].result_list}


# --- invitations --------------------------------------------------------------------------------------------


def test_send_an_invitation(
    here: Client, foundation: Foundation, admin: User, django_capture_on_commit_callbacks: Any
) -> None:
    data = {"foundation": foundation.pk, "role": "officer", "name": "花田 咲", "email": "Hana@example.test"}
    with django_capture_on_commit_callbacks(execute=True):
        assert here.post(page(Invitation, "add"), data).status_code == 302
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.invited_by) == ("hana@example.test", admin)
    [message] = mail.outbox
    assert message.to == ["hana@example.test"]
    token = re.search(r"/invitations/([\w-]+)/", message.body)[1]  # type: ignore[index]
    for name, args in (("changelist", []), ("change", [invitation.pk])):
        text = here.get(page(Invitation, name, *args)).content.decode()
        assert token not in text
        assert invitation.token_hash not in text
    assert JournalEntry.objects.filter(verb="invitation.sent", actor=admin).exists()


def test_the_one_foundation_is_chosen_already(here: Client, foundation: Foundation) -> None:
    field = here.get(page(Invitation, "add")).context["adminform"].form.fields["foundation"]
    assert field.initial == foundation.pk
    assert field.empty_label is None


def test_role_and_place_must_fit(here: Client, foundation: Foundation, organisation: Organisation) -> None:
    data = {"foundation": foundation.pk, "email": "a@example.test"}
    into_nothing = here.post(page(Invitation, "add"), {**data, "role": "member"})
    assert "どの団体に招くかを選んでください" in into_nothing.content.decode()
    both = here.post(page(Invitation, "add"), {**data, "role": "admin", "organisation": organisation.pk})
    assert "団体を空にしてください" in both.content.decode()
    assert not Invitation.objects.exists()


def test_somebody_who_holds_the_role(here: Client, foundation: Foundation, officer: User) -> None:
    data = {"foundation": foundation.pk, "role": "officer", "email": officer.email.upper()}
    response = here.post(page(Invitation, "add"), data)
    assert "同じ役割をすでにお持ちです" in response.content.decode()


def test_resend_and_revoke_from_the_list(
    here: Client, foundation: Foundation, admin: User, django_capture_on_commit_callbacks: Any
) -> None:
    letter = InvitationFactory(
        foundation=foundation, invited_by=admin, expires_at=timezone.now() - dt.timedelta(days=1)
    )
    old = letter.token_hash
    chosen = {"_selected_action": [letter.pk]}
    with django_capture_on_commit_callbacks(execute=True):
        here.post(page(Invitation, "changelist"), {"action": "resend", **chosen})
    letter.refresh_from_db()
    assert letter.token_hash != old
    assert letter.expires_at > timezone.now()
    assert len(mail.outbox) == 1
    here.post(page(Invitation, "changelist"), {"action": "revoke", **chosen})
    letter.refresh_from_db()
    assert letter.revoked_at is not None
    response = here.post(page(Invitation, "changelist"), {"action": "resend", **chosen}, follow=True)
    assert "次の招待はそのままです" in response.content.decode()
    assert len(mail.outbox) == 1


def test_letters_of_others_are_not_revoked(here: Client, other_foundation: Foundation) -> None:
    letter = InvitationFactory(foundation=other_foundation)
    here.post(page(Invitation, "changelist"), {"action": "revoke", "_selected_action": [letter.pk]})
    letter.refresh_from_db()
    assert letter.revoked_at is None


def test_status_filter(here: Client, foundation: Foundation, admin: User) -> None:
    yesterday = timezone.now() - dt.timedelta(days=1)
    made = {
        "open": InvitationFactory(foundation=foundation),
        "expired": InvitationFactory(foundation=foundation, expires_at=yesterday),
        "revoked": InvitationFactory(foundation=foundation, revoked_at=yesterday),
        "used": InvitationFactory(foundation=foundation, accepted_at=yesterday, accepted_by=admin),
    }
    for status, letter in made.items():
        response = here.get(page(Invitation, "changelist"), {"status": status})
        assert list(response.context["cl"].result_list) == [letter], status


# --- hats ---------------------------------------------------------------------------------------------------


def test_a_new_admin_hat_opens_the_admin_and_its_end_closes_it(
    here: Client, foundation: Foundation, officer: User, sign_in: SignIn
) -> None:
    data = {"foundation": foundation.pk, "user": officer.pk, "role": "admin", "starts_on": "2020-04-01"}
    assert here.post(page(Staff, "add"), data).status_code == 302
    theirs = sign_in(officer)
    assert theirs.get(reverse("admin:index")).status_code == 200
    hat = Staff.objects.get(user=officer, role=Staff.Role.ADMIN)
    response = here.post(page(Staff, "change", hat.pk), {"starts_on": "2020-04-01", "ends_on": "2022-03-31"})
    assert response.status_code == 302
    officer.refresh_from_db()
    assert not officer.is_staff
    assert theirs.get(reverse("admin:index"), follow=True).status_code == 403


def test_role_and_person_of_a_hat_are_fixed(here: Client, foundation: Foundation, officer: User) -> None:
    hat = Staff.objects.get(user=officer)
    here.post(page(Staff, "change", hat.pk), {"role": "admin", "starts_on": "2020-04-01"})
    hat.refresh_from_db()
    assert hat.role == Staff.Role.OFFICER


def test_nobody_shuts_the_door_behind_themselves(here: Client, admin: User) -> None:
    hat = Staff.objects.get(user=admin)
    response = here.post(
        page(Staff, "change", hat.pk), {"starts_on": "2020-04-01", "ends_on": f"{clock.today()}"}
    )
    assert "ほかの管理者に終えてもらってください" in response.content.decode()
    hat.refresh_from_db()
    assert hat.ends_on is None


def test_membership_from_the_page_of_the_organisation(
    here: Client, organisation: Organisation, member: User
) -> None:
    membership = Membership.objects.get(user=member)
    data = {
        "name": organisation.name,
        "memberships-TOTAL_FORMS": 1,
        "memberships-INITIAL_FORMS": 1,
        "memberships-0-id": membership.pk,
        "memberships-0-organisation": organisation.pk,
        "memberships-0-user": member.pk,
        "memberships-0-role": "representative",
        "memberships-0-starts_on": "2020-04-01",
    }
    assert here.post(page(Organisation, "change", organisation.pk), data).status_code == 302
    membership.refresh_from_db()
    assert membership.role == Membership.Role.REPRESENTATIVE


def test_a_membership_stays_with_its_person(
    here: Client, organisation: Organisation, member: User, other_grantee: User
) -> None:
    membership = Membership.objects.get(user=member)
    data = {
        "name": organisation.name,
        "memberships-TOTAL_FORMS": 1,
        "memberships-INITIAL_FORMS": 1,
        "memberships-0-id": membership.pk,
        "memberships-0-organisation": organisation.pk,
        "memberships-0-user": other_grantee.pk,
        "memberships-0-role": "member",
        "memberships-0-starts_on": "2020-04-01",
    }
    here.post(page(Organisation, "change", organisation.pk), data)
    membership.refresh_from_db()
    assert membership.user == member


def test_a_grant_stays_with_its_organisation(here: Client, grant: Grant, other_grant: Grant) -> None:
    form = here.get(page(Grant, "change", grant.pk)).context["adminform"].form
    assert not {"program", "organisation"} & set(form.fields)


def test_only_officers_of_the_foundation_take_charge(
    here: Client, grant: Grant, officer: User, member: User, board: User
) -> None:
    field = here.get(page(Grant, "change", grant.pk)).context["adminform"].form.fields["officer"]
    assert list(field.queryset) == [officer]


def test_only_invited_readers_are_let_in(
    here: Client, grant: Grant, adviser: User, accountant: User, board: User
) -> None:
    GrantReader.objects.all().delete()
    response = here.get(page(Grant, "change", grant.pk))
    readers = response.context["inline_admin_formsets"][0].formset.empty_form.fields["staff"].queryset
    assert {hat.user for hat in readers} == {adviser, accountant}


# --- people -------------------------------------------------------------------------------------------------


def test_deactivate_instead_of_delete(here: Client, member: User) -> None:
    none = {
        f"{of}-{total}": 0
        for of in ("staff_hats", "memberships")
        for total in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    data = {"name": "空野 みお", "kana": "", **none, "memberships-TOTAL_FORMS": 0}
    assert here.post(page(User, "change", member.pk), data).status_code == 302
    member.refresh_from_db()
    assert not member.is_active


def test_nothing_of_the_password_is_shown(here: Client, member: User) -> None:
    text = here.get(page(User, "change", member.pk)).content.decode()
    assert member.password not in text
    assert 'name="email"' not in text
    assert 'name="is_superuser"' not in text


def test_a_person_of_two_foundations_is_nobodys_alone(
    here: Client, member: User, other_foundation: Foundation
) -> None:
    StaffFactory(user=member, foundation=other_foundation, role=Staff.Role.BOARD, title="よその監事")
    response = here.get(page(User, "change", member.pk))
    text = response.content.decode()
    assert "ほかの財団でも役割をお持ちです" in text
    assert "よその監事" not in text
    assert other_foundation.name not in text
    here.post(page(User, "change", member.pk), {"name": "乗っ取り"})
    member.refresh_from_db()
    assert member.is_active
    assert member.name == "空野 みお"


def test_former_people_are_still_found(here: Client, organisation: Organisation) -> None:
    MembershipFactory(organisation=organisation, user__name="元山 人", ends_on=dt.date(2021, 1, 1))
    assert "元山 人" in listed(here.get(page(User, "changelist")))


# --- search -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["ちばのwa", "ちばのＷＡ", "チバノwa", "ﾁﾊﾞﾉWA"])
def test_search_folds_width_case_and_kana(here: Client, foundation: Foundation, typed: str) -> None:
    OrganisationFactory(foundation=foundation, name="ちばのＷＡ応援団")
    OrganisationFactory(foundation=foundation, name="べつの会")
    response = here.get(page(Organisation, "changelist"), {"q": typed})
    assert listed(response) == {"ちばのＷＡ応援団"}
    assert listed(here.get(page(Foundation, "changelist"), {"q": typed})) == {foundation.name}


def test_search_wants_every_word(here: Client, foundation: Foundation) -> None:
    OrganisationFactory(foundation=foundation, name="はこぶね", city="船橋市")
    OrganisationFactory(foundation=foundation, name="いっぽの会", city="船橋市")
    assert listed(here.get(page(Organisation, "changelist"), {"q": "ハコブネ　船橋"})) == {"はこぶね"}


def test_search_finds_people_by_name_with_a_space(here: Client, organisation: Organisation) -> None:
    MembershipFactory(organisation=organisation, user=UserFactory(name="早川 ゆり", kana="はやかわ ゆり"))
    for typed in ("早川ゆり", "早川 ゆり", "ハヤカワ"):
        assert listed(here.get(page(User, "changelist"), {"q": typed})) == {"早川 ゆり"}, typed


def test_search_of_a_grant_by_its_organisation(here: Client, grant: Grant, other_grant: Grant) -> None:
    assert listed(here.get(page(Grant, "changelist"), {"q": "アオゾラ"})) == {str(grant)}


# --- lists --------------------------------------------------------------------------------------------------


def test_figures_are_listed_as_people_entered_them(here: Client, plan: PlanRows) -> None:
    sheet = SheetFactory(grant=plan.grant)
    for method, fields in {
        "sum": {"value": 12},
        "new_unique": {"value": None},
        "ratio": {"value": None, "numerator": 3, "denominator": 4},
        "presence": {"value": None, "presence": "in_progress"},
    }.items():
        FigureFactory(sheet=sheet, indicator=plan.indicators[method], **fields)
    text = here.get(page(Figure, "changelist")).content.decode()
    for words in ("居場所を開いた回数", "12回", "3 / 4", "作成中", "未入力"):
        assert words in text, words


def test_balance_stands_in_the_list(here: Client, foundation: Foundation) -> None:
    fund = FundFactory(foundation=foundation, name="はな基金")
    LedgerEntryFactory(fund=fund, kind="company", amount_yen=1_500_000)
    LedgerEntryFactory(fund=fund, kind="grant", amount_yen=265_433)
    assert "1,234,567円" in here.get(page(Fund, "changelist")).content.decode()
    assert "1,234,567円" in here.get(page(Fund, "change", fund.pk)).content.decode()


def test_order_of_a_master_list_is_changed_in_place(here: Client, foundation: Foundation) -> None:
    form = LegalForm.objects.create(foundation=foundation, name="任意団体", position=1)
    data = {
        "form-TOTAL_FORMS": 1,
        "form-INITIAL_FORMS": 1,
        "form-0-id": form.pk,
        "form-0-position": "５",
        "_save": "保存",
    }
    assert here.post(page(LegalForm, "changelist"), data).status_code == 302
    form.refresh_from_db()
    assert form.position == 5


def test_the_journal_speaks_japanese(here: Client, foundation: Foundation, admin: User) -> None:
    record_act(verb="invitation.sent", subject=foundation, by=admin, foundation_id=foundation.pk)
    record_act(verb="sheet.open", subject=foundation, by=None, foundation_id=foundation.pk)
    text = here.get(page(JournalEntry, "changelist")).content.decode()
    for words in ("招待を送りました", "シートができました", "自動"):
        assert words in text
    assert "invitation.sent</" not in text
    shown = here.get(page(JournalEntry, "changelist"), {"verb": "sheet.open"}).context["cl"].result_list
    assert [entry.verb for entry in shown] == ["sheet.open"]


def test_every_verb_has_a_word() -> None:
    """Codes are written by rooms above; their words stand in one place below."""
    rooms = ("accounts", "foundations", "grantees", "grants", "mentoring", "reports", "config")
    code = "\n".join(path.read_text() for room in rooms for path in sorted((ROOT / room).rglob("*.py")))
    found = set(re.findall(r'(?:verb=|verb = |_record\(\s*|record\(request, )"([a-z]+\.[a-z]+)"', code))
    assert len(found) > 10
    assert found <= set(VERBS)
    assert {f"sheet.{act}" for act in TRANSITIONS} <= set(VERBS)


def test_every_app_has_an_index(here: Client) -> None:
    for app in ("accounts", "foundations", "grantees", "grants", "mentoring"):
        assert here.get(reverse("admin:app_list", args=[app])).status_code == 200


def test_the_index_is_in_groups(here: Client) -> None:
    groups = [app["name"] for app in here.get(reverse("admin:index")).context["app_list"]]
    assert groups == ["財団と人", "基金と助成", "事業設計図", "一覧から選ぶことば", "毎月の記録（読むだけ）"]


def test_no_second_password_page_nor_sign_out(here: Client) -> None:
    assert here.get(reverse("admin:password_change"))["Location"] == reverse("account_change_password")
    assert here.post(reverse("admin:logout"))["Location"] == reverse("account_logout")


@pytest.mark.parametrize("lookup", ["password", "password__startswith", "password__regex"])
def test_nobody_asks_the_list_of_people_for_passwords(here: Client, lookup: str) -> None:
    assert here.get(page(User, "changelist"), {lookup: "argon2"}).status_code == 400
