import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import User
from foundations.models import Foundation, Staff
from grantees.hats import NO_HAT, choose_hat, hats_of
from grantees.middleware import HatMiddleware
from grantees.models import Membership, Organisation
from tests.factories import MembershipFactory

SignIn = Callable[[User], Client]


@pytest.fixture
def two_hats(officer: User, organisation: Organisation) -> User:
    """An officer here who also sits in a grantee organisation."""
    MembershipFactory(user=officer, organisation=organisation, role=Membership.Role.REPRESENTATIVE)
    return officer


def hat_in(user: User, session: dict[str, Any] | None = None, path: str = "/") -> Any:
    request: Any = RequestFactory().get(path)
    request.user = user
    request.session = session or {}
    HatMiddleware(lambda request: None)(request)
    return request.hat


def test_label_names_place_and_role(officer: User, member: User) -> None:
    assert hat_in(officer).label == "ちばのWA　プログラム・オフィサー"
    assert hat_in(officer).foundation_name == hat_in(member).foundation_name == "公益財団法人ちばのＷＡ基金"
    assert hat_in(member).label == "あおぞらの会　担当"


def test_board_member_is_called_by_title(board: User) -> None:
    assert hat_in(board).label == "ちばのWA　理事"


def test_nobody_without_a_hat(stranger: User) -> None:
    Staff.objects.filter(user=stranger).delete()
    hat = hat_in(stranger)
    assert not hat
    assert hat.label == ""
    assert hat.nav == ()


def test_starts_and_ends_with_its_term(officer: User) -> None:
    Staff.objects.filter(user=officer).update(starts_on="2023-04-01", ends_on="2023-06-30")
    for day, worn in [
        ("2023-03-31", False),
        ("2023-04-01", True),
        ("2023-06-30", True),
        ("2023-07-01", False),
    ]:
        with time_machine.travel(dt.datetime.fromisoformat(f"{day}T12:00+09:00"), tick=False):
            assert bool(hats_of(officer)) is worn, day


def test_deactivated_person_wears_none(officer: User) -> None:
    User.objects.filter(pk=officer.pk).update(is_active=False)
    assert hats_of(officer) == ()


def test_both_kinds_in_one_query(two_hats: User, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        hats = hats_of(two_hats)
    assert [hat.role for hat in hats] == [Staff.Role.OFFICER, Membership.Role.REPRESENTATIVE]
    assert hats[0].organisation_id is None
    assert hats[1].organisation_id is not None
    assert hats[0].foundation_id == hats[1].foundation_id


def test_lazy(officer: User, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        hat = hat_in(officer)
    with django_assert_num_queries(1):
        assert hat.role == hat.role == Staff.Role.OFFICER


def test_remembered_hat_is_worn_until_it_ends(two_hats: User) -> None:
    membership = Membership.objects.get(user=two_hats)
    session = {"hat": f"organisation-{membership.pk}"}
    assert hat_in(two_hats, session).role == Membership.Role.REPRESENTATIVE
    membership.ends_on = dt.date(2021, 1, 1)
    membership.save()
    assert hat_in(two_hats, session).role == Staff.Role.OFFICER


def test_choose_hat_without_any() -> None:
    assert choose_hat((), "foundation-1") is NO_HAT


def test_navigation_of_each_role(admin: User, officer: User, representative: User) -> None:
    def words(user: User) -> list[str]:
        return [item.label for item in hat_in(user).nav if item.label != "ホーム"]

    assert words(admin) == ["助成", "管理"]
    assert words(officer) == ["助成"]
    assert words(representative) == ["助成", "団体の人"]


def test_navigation_knows_where_it_stands(admin: User) -> None:
    nav = hat_in(admin, path=reverse("admin:index")).nav
    assert [item.label for item in nav if item.is_current] == ["管理"]


@pytest.mark.parametrize(
    "path", ["/grants/", "/grants/3/budget/", "/sheets/7/entry/", "/programs/2/", "/proposals/1/"]
)
def test_whatever_belongs_to_a_grant_stands_below_the_grants(officer: User, path: str) -> None:
    assert [item.label for item in hat_in(officer, path=path).nav if item.is_current] == ["助成"]


def test_switch(two_hats: User, sign_in: SignIn) -> None:
    client = sign_in(two_hats)
    other = hats_of(two_hats)[1]
    response = client.post(reverse("grantees:hat_switch"), {"hat": other.key})
    assert response.status_code == 302
    assert response["Location"] == "/"
    assert client.session["hat"] == other.key


def test_switch_to_somebody_elses_hat_changes_nothing(
    two_hats: User, board: User, sign_in: SignIn, foundation: Foundation
) -> None:
    client = sign_in(two_hats)
    theirs = hats_of(board)[0]
    client.post(reverse("grantees:hat_switch"), {"hat": theirs.key})
    assert "hat" not in client.session


def test_switch_rejects_get_and_strangers(officer: User, sign_in: SignIn, client: Client) -> None:
    assert sign_in(officer).get(reverse("grantees:hat_switch")).status_code == 405
    assert client.post(reverse("grantees:hat_switch")).status_code == 302
