"""Home of the board, of an admin, of invited readers, and of somebody without a role."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import User
from foundations.models import Foundation, Staff
from grantees.models import Invitation
from grants.models import Fund, Grant, LedgerEntry, Program, Purpose
from mentoring.models import FieldNote, ProgressSheet
from tests.factories import (
    BudgetLineFactory,
    FieldNoteFactory,
    FundFactory,
    GrantFactory,
    InvitationFactory,
    LedgerEntryFactory,
    MembershipFactory,
    SheetDocumentFactory,
    SheetFactory,
    UserFactory,
    make_plan,
    moment,
)

SignIn = Callable[[User], Client]
State = ProgressSheet.State


@pytest.fixture(autouse=True)
def in_the_story() -> Any:
    with time_machine.travel("2022-11-08 10:00+09:00", tick=False):
        yield


def home_of(client: Client, **query: str) -> Any:
    return client.get(reverse("reports:home"), query)


# --- the board ---------------------------------------------------------------------------------------------


def test_board_reads_what_is_closed_newest_first(sign_in: SignIn, board: User, grant: Grant) -> None:
    august = SheetFactory(grant=grant, month=dt.date(2022, 8, 1), closed=True)
    september = SheetFactory(grant=grant, month=dt.date(2022, 9, 1), closed=True)
    SheetDocumentFactory(sheet=september)
    document = SheetDocumentFactory(sheet=september, edition=2)
    response = home_of(sign_in(board))
    assert list(response.context["page"]) == [september, august]
    assert reverse("reports:document", args=[document.pk]) in response.content.decode()


def test_board_never_sees_drafts_or_internal_notes(sign_in: SignIn, board: User, grant: Grant) -> None:
    for number, state in enumerate((State.DRAFT, State.SUBMITTED, State.RETURNED, State.REOPENED), start=5):
        SheetFactory(grant=grant, month=dt.date(2022, number, 1), state=state)
    FieldNoteFactory(grant=grant, text="財団の中だけの話", visibility=FieldNote.Visibility.INTERNAL)
    response = home_of(sign_in(board))
    assert list(response.context["page"]) == []
    assert "財団の中だけの話" not in response.content.decode()
    assert "確定したシートはまだありません" in response.content.decode()


def test_board_opens_no_sheets(sign_in: SignIn, board: User, grant: Grant) -> None:
    home_of(sign_in(board))
    assert not ProgressSheet.objects.exists()


def test_board_reads_the_portfolio(sign_in: SignIn, board: User, grant: Grant, stranger_grant: Grant) -> None:
    BudgetLineFactory(grant=grant, granted_yen=14_564_172, own_yen=988_800)
    text = home_of(sign_in(board)).content.decode()
    assert "14,564,172円" in text
    assert grant.title in text
    assert "よその土地の事業" not in text


def test_board_pages(sign_in: SignIn, board: User, program: Program) -> None:
    for grant in GrantFactory.create_batch(21, program=program):
        SheetFactory(grant=grant, closed=True)
    assert len(home_of(sign_in(board)).context["page"].object_list) == 20
    assert len(home_of(sign_in(board), page="2").context["page"].object_list) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_board_queries(
    sign_in: SignIn, board: User, program: Program, count: int, django_assert_num_queries: Any
) -> None:
    for grant in GrantFactory.create_batch(count, program=program):
        SheetDocumentFactory(sheet=SheetFactory(grant=grant, closed=True))
    client = sign_in(board)
    with django_assert_num_queries(8):
        home_of(client)


# --- an admin ----------------------------------------------------------------------------------------------


def notes_of(response: Any) -> dict[str, list[tuple[str, str]]]:
    return {
        group.code: [(item.label, item.note) for item in group.items] for group in response.context["groups"]
    }


def test_admin_is_told_what_only_an_admin_can_put_right(
    sign_in: SignIn, admin: User, foundation: Foundation, grant: Grant
) -> None:
    InvitationFactory(foundation=foundation, name="期限 近", expires_at=moment(2022, 11, 9))
    InvitationFactory(foundation=foundation, name="期限 切", expires_at=moment(2022, 11, 1))
    InvitationFactory(foundation=foundation, name="まだ 先", expires_at=moment(2022, 11, 14))
    InvitationFactory(
        foundation=foundation,
        name="取り 消し",
        expires_at=moment(2022, 11, 9),
        revoked_at=moment(2022, 11, 5),
    )
    LedgerEntryFactory(
        fund=FundFactory(foundation=foundation, name="からの基金"), kind=LedgerEntry.Kind.COST, amount_yen=5_000
    )  # fmt: skip
    SheetFactory(grant=grant, month=dt.date(2021, 4, 1))
    Staff.objects.filter(user=grant.officer).update(ends_on=dt.date(2022, 10, 31))
    assert notes_of(home_of(sign_in(admin))) | {"overdue": []} == {
        "invitations": [("期限 切", "11月1日に期限が切れました"), ("期限 近", "11月9日まで")],
        "funds": [("からの基金", "-5,000円")],
        "overdue": [],
        "plans": [("あおぞらの会", "こころをつなぐ事業")],
        "budgets": [("あおぞらの会", "こころをつなぐ事業")],
        "representatives": [("あおぞらの会", "")],
        "officers": [("あおぞらの会", "小野 彩")],
    }


def test_admin_is_told_of_late_sheets(sign_in: SignIn, admin: User, grant: Grant) -> None:
    overdue = notes_of(home_of(sign_in(admin)))["overdue"]
    assert overdue[0] == ("あおぞらの会 2021年4月", "2021年5月10日の予定でした　担当 小野 彩")


def test_admin_is_told_the_yen_above_a_ceiling(sign_in: SignIn, admin: User, grant: Grant) -> None:
    BudgetLineFactory(grant=grant, granted_yen=8_000_000)
    BudgetLineFactory(grant=grant, purpose=Purpose.ADMINISTRATIVE, granted_yen=2_000_000)
    assert notes_of(home_of(sign_in(admin)))["ceilings"] == [
        ("あおぞらの会", "管理的経費が上限を 500,000円こえています")
    ]


def test_admin_with_nothing_to_do_is_told_so(
    sign_in: SignIn, admin: User, representative: User, grant: Grant
) -> None:
    make_plan(grant)
    BudgetLineFactory(grant=grant)
    home_of(sign_in(admin))
    ProgressSheet.objects.update(state=State.SUBMITTED)
    text = home_of(sign_in(admin)).content.decode()
    assert "いま、気になることはありません" in text
    assert reverse("admin:index") in text


def test_admin_sees_nothing_of_another_foundation(
    sign_in: SignIn, admin: User, other_foundation: Foundation, stranger_grant: Grant
) -> None:
    InvitationFactory(foundation=other_foundation, expires_at=moment(2022, 11, 9))
    LedgerEntryFactory(fund=Fund.objects.get(foundation=other_foundation), kind=LedgerEntry.Kind.GRANT)
    assert Invitation.objects.open().exists()
    assert notes_of(home_of(sign_in(admin))) == {}


@pytest.mark.parametrize("count", [1, 3])
def test_admin_queries(
    sign_in: SignIn, admin: User, program: Program, count: int, django_assert_num_queries: Any
) -> None:
    for grant in GrantFactory.create_batch(count, program=program):
        BudgetLineFactory(grant=grant, purpose=Purpose.ADMINISTRATIVE)
        InvitationFactory(foundation=program.fund.foundation, expires_at=moment(2022, 11, 9))
    client = sign_in(admin)
    home_of(client)  # opens the sheets
    with django_assert_num_queries(16):
        home_of(client)


# --- invited readers ---------------------------------------------------------------------------------------


def test_adviser_reads_the_chosen_grants_and_their_sheets(
    sign_in: SignIn, adviser: User, grant: Grant, other_grant: Grant
) -> None:
    closed = SheetFactory(grant=grant, month=dt.date(2022, 8, 1), closed=True)
    document = SheetDocumentFactory(sheet=closed)
    returned = SheetFactory(grant=grant, month=dt.date(2022, 9, 1), state=State.RETURNED)
    SheetFactory(grant=grant, month=dt.date(2022, 10, 1))
    text = home_of(sign_in(adviser)).content.decode()
    assert "9月のシートを読む" in text
    assert returned.get_absolute_url() in text
    assert document.get_absolute_url() in text
    assert reverse("grants:budget", args=[grant.pk]) not in text
    assert other_grant.title not in text


def test_accountant_reads_budgets_too(sign_in: SignIn, accountant: User, grant: Grant) -> None:
    text = home_of(sign_in(accountant)).content.decode()
    assert reverse("grants:budget", args=[grant.pk]) in text
    assert "届いたシートはまだありません" in text


def test_reader_of_nothing_is_told_whom_to_ask(sign_in: SignIn, foundation: Foundation) -> None:
    user = UserFactory()
    Staff.objects.create(
        foundation=foundation, user=user, role=Staff.Role.ADVISER, starts_on=dt.date(2022, 1, 1)
    )
    assert "読める助成はまだ選ばれていません" in home_of(sign_in(user)).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_reader_queries(
    sign_in: SignIn, adviser: User, grant: Grant, count: int, django_assert_num_queries: Any
) -> None:
    reader = Staff.objects.get(user=adviser)
    for chosen in [grant, *GrantFactory.create_batch(count - 1, program=grant.program)]:
        chosen.readers.get_or_create(staff=reader)
        SheetDocumentFactory(sheet=SheetFactory(grant=chosen, closed=True))
    client = sign_in(adviser)
    with django_assert_num_queries(7):
        home_of(client)


# --- nobody ------------------------------------------------------------------------------------------------


def test_without_a_role_the_page_says_whom_to_ask(sign_in: SignIn, grant: Grant) -> None:
    response = home_of(sign_in(UserFactory()))
    assert response.status_code == 200
    assert "いま使える役割がありません" in response.content.decode()


def test_whose_term_ended_is_nobody(sign_in: SignIn, officer: User, grant: Grant) -> None:
    Staff.objects.filter(user=officer).update(ends_on=dt.date(2022, 11, 7))
    text = home_of(sign_in(officer)).content.decode()
    assert "いま使える役割がありません" in text
    assert grant.title not in text


def test_a_visitor_is_asked_to_sign_in(client: Client) -> None:
    assert home_of(client).url == f"{reverse('account_login')}?next=/"


def test_the_hat_worn_chooses_the_home(sign_in: SignIn, officer: User, grant: Grant) -> None:
    membership = MembershipFactory(user=officer, organisation=grant.organisation)
    client = sign_in(officer)
    assert "いま、誰の番か" in home_of(client).content.decode()
    client.post(reverse("grantees:hat_switch"), {"hat": f"organisation-{membership.pk}"})
    assert "わたしたちの宿題" in home_of(client).content.decode()
