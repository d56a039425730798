"""The factories make rows the database accepts, and keep a parent's children in its foundation."""

import inspect

import pytest
from factory.django import DjangoModelFactory

from accounts.models import User
from foundations.models import Foundation, Staff
from grants.models import Contribution, Grant, Indicator, IndicatorVersion
from tests import factories
from tests.factories import GrantFactory, InterventionFactory, PlanRows, SheetFactory

FACTORIES = [
    value
    for name, value in inspect.getmembers(factories, inspect.isclass)
    if issubclass(value, DjangoModelFactory) and value is not DjangoModelFactory
]


@pytest.mark.django_db
@pytest.mark.parametrize("make", FACTORIES)
def test_every_factory_works_alone_and_twice(make: type[DjangoModelFactory]) -> None:
    make()
    make()


def test_plan_has_every_method_and_shared_output(plan: PlanRows) -> None:
    assert set(plan.indicators) == {code for code, _ in Indicator.Method.choices}
    assert IndicatorVersion.objects.filter(indicator__grant=plan.grant).count() == 6
    assert Contribution.objects.filter(version__output=plan.outputs[2]).count() == 2


@pytest.mark.django_db
def test_children_stay_in_the_foundation() -> None:
    grant = GrantFactory()
    intervention = InterventionFactory(grant=grant)
    assert intervention.item.foundation == grant.program.fund.foundation
    assert intervention.item.category.foundation == grant.program.fund.foundation
    assert grant.organisation.foundation == grant.program.fund.foundation
    assert Foundation.objects.count() == 1


def test_people_see_what_their_hats_say(
    grant: Grant,
    other_grant: Grant,
    stranger_grant: Grant,
    officer: User,
    board: User,
    adviser: User,
    accountant: User,
    member: User,
    other_grantee: User,
    stranger: User,
) -> None:
    def seen(user: User) -> set[int]:
        return set(Grant.objects.visible_to(user).values_list("pk", flat=True))

    assert seen(officer) == seen(board) == {grant.pk, other_grant.pk}
    assert seen(adviser) == seen(accountant) == seen(member) == {grant.pk}
    assert seen(other_grantee) == {other_grant.pk}
    assert seen(stranger) == {stranger_grant.pk}


def test_an_admin_hat_opens_the_admin(admin: User, officer: User) -> None:
    assert admin.is_staff
    assert not officer.is_staff
    assert Staff.objects.active().holding(Staff.Role.ADMIN).filter(user=admin).exists()


@pytest.mark.django_db
def test_closed_sheet_says_by_whom() -> None:
    sheet = SheetFactory(closed=True)
    assert sheet.is_closed
    assert sheet.closed_by == sheet.grant.officer
