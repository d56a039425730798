"""One foundation with its people and one grant, and beside it everybody who must not see in.

officer, admin, board, adviser and accountant work for `foundation` (the last two were let read `grant`);
representative and member belong to `organisation`; other_grantee is of another organisation of the same
foundation; stranger is an officer, stranger_admin an admin of another foundation with a grant of its own.
"""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from foundations.models import Foundation, Staff
from grantees.models import Membership, Organisation
from grants.models import Grant, Program
from tests.factories import (
    FoundationFactory,
    GrantFactory,
    GrantReaderFactory,
    MembershipFactory,
    OrganisationFactory,
    PlanRows,
    ProgramFactory,
    StaffFactory,
    UserFactory,
    make_plan,
)


@pytest.fixture
def foundation(db: None) -> Foundation:
    return FoundationFactory(name="公益財団法人ちばのＷＡ基金", short_name="ちばのWA", kana="ちばのわききん")


@pytest.fixture
def program(foundation: Foundation) -> Program:
    return ProgramFactory(fund__foundation=foundation, name="若者の居場所をつくる助成")


@pytest.fixture
def organisation(foundation: Foundation) -> Organisation:
    return OrganisationFactory(foundation=foundation, name="あおぞらの会", kana="あおぞらのかい")


@pytest.fixture
def officer(foundation: Foundation) -> User:
    return _staff(foundation, Staff.Role.OFFICER, "小野 彩")


@pytest.fixture
def grant(program: Program, organisation: Organisation, officer: User) -> Grant:
    return GrantFactory(
        program=program, organisation=organisation, officer=officer, title="こころをつなぐ事業"
    )


@pytest.fixture
def plan(grant: Grant) -> PlanRows:
    return make_plan(grant)


@pytest.fixture
def admin(foundation: Foundation) -> User:
    return _staff(foundation, Staff.Role.ADMIN, "管野 理")


@pytest.fixture
def board(foundation: Foundation) -> User:
    return _staff(foundation, Staff.Role.BOARD, "理事 正子", title="理事")


@pytest.fixture
def adviser(grant: Grant) -> User:
    return _reader(grant, Staff.Role.ADVISER, "評価 進")


@pytest.fixture
def accountant(grant: Grant) -> User:
    return _reader(grant, Staff.Role.ACCOUNTANT, "会田 計子")


@pytest.fixture
def representative(organisation: Organisation) -> User:
    return _member(organisation, Membership.Role.REPRESENTATIVE, "青木 空")


@pytest.fixture
def member(organisation: Organisation) -> User:
    return _member(organisation, Membership.Role.MEMBER, "空野 みお")


@pytest.fixture
def other_grant(program: Program, officer: User) -> Grant:
    """Of another organisation in the same program."""
    return GrantFactory(
        program=program,
        officer=officer,
        title="となりの事業",
        organisation=OrganisationFactory(
            foundation=program.fund.foundation, name="となりの会", kana="となりのかい"
        ),
    )


@pytest.fixture
def other_grantee(other_grant: Grant) -> User:
    return _member(other_grant.organisation, Membership.Role.REPRESENTATIVE, "隣 人志")


@pytest.fixture
def other_foundation(db: None) -> Foundation:
    return FoundationFactory(name="公益財団法人よその基金", short_name="よそ", kana="よそのききん")


@pytest.fixture
def stranger(other_foundation: Foundation) -> User:
    return _staff(other_foundation, Staff.Role.OFFICER, "余所 見子")


@pytest.fixture
def stranger_admin(other_foundation: Foundation) -> User:
    return _staff(other_foundation, Staff.Role.ADMIN, "余所 管")


@pytest.fixture
def stranger_grant(other_foundation: Foundation, stranger: User) -> Grant:
    return GrantFactory(
        program__fund__foundation=other_foundation, officer=stranger, title="よその土地の事業"
    )


@pytest.fixture
def sign_in() -> Callable[[User], Client]:
    """A client of its own for each person, so that one test can be two people."""

    def as_user(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return as_user


def _staff(foundation: Foundation, role: str, name: str, title: str = "") -> User:
    return StaffFactory(foundation=foundation, role=role, title=title, user=UserFactory(name=name)).user


def _member(organisation: Organisation, role: str, name: str) -> User:
    return MembershipFactory(organisation=organisation, role=role, user=UserFactory(name=name)).user


def _reader(grant: Grant, role: str, name: str) -> User:
    return GrantReaderFactory(grant=grant, staff__role=role, staff__user=UserFactory(name=name)).staff.user


@pytest.fixture
def in_november() -> Iterator[None]:
    """On the 20th of November 2022, when October is talked about."""
    with time_machine.travel(dt.datetime(2022, 11, 20, 3, 0, tzinfo=dt.UTC), tick=False):
        yield
