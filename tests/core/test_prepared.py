"""Queries whose SQL is made once ask what the querysets ask, on another day anew."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.db.models import BigIntegerField, Exists, F, OuterRef
from django.test.utils import CaptureQueriesContext

from accounts.models import JournalEntry, User
from core.prepared import Given, Prepared
from foundations.models import Foundation, Staff
from tests.factories import StaffFactory

PK: Any = BigIntegerField()


@pytest.fixture
def staff(foundation: Foundation) -> Staff:
    return StaffFactory(foundation=foundation, starts_on=dt.date(2022, 1, 1), ends_on=dt.date(2022, 11, 8))


def test_values_are_put_in_when_it_runs(officer: User, admin: User) -> None:
    query = Prepared(lambda: User.objects.filter(pk=Given("pk", PK)).values_list("name", "date_joined"))
    for user in (officer, admin):
        assert list(query.rows(pk=user.pk)) == [[user.name, user.date_joined]]
    assert list(query.rows(pk=0)) == []


def test_its_sql_is_made_once_a_day(staff: Staff, settings: Any) -> None:
    made = []

    def make() -> Any:
        made.append(True)
        return Staff.objects.active().filter(user=Given("user", PK)).values_list("pk")

    query = Prepared(make)
    settings.DEMO_TODAY = "2022-11-08"
    assert list(query.rows(user=staff.user_id)) == list(query.rows(user=staff.user_id)) == [[staff.pk]]
    settings.DEMO_TODAY = "2022-11-09"
    assert list(query.rows(user=staff.user_id)) == []
    assert len(made) == 2


def test_a_row_is_changed_in_one_query(officer: User, admin: User) -> None:
    query, kana = Prepared(lambda: User.objects.filter(pk=Given("pk", PK)), kana=F("name")), admin.kana
    with CaptureQueriesContext(connection) as captured:
        assert query.update(pk=officer.pk) == 1
    assert len(captured) == 1
    officer.refresh_from_db()
    admin.refresh_from_db()
    assert (officer.kana, admin.kana) == (officer.name, kana)
    assert query.update(pk=0) == 0


def test_a_value_can_stand_anywhere(officer: User, admin: User) -> None:
    """In a subquery, more than once, and as text that would mean something in SQL."""
    lines = JournalEntry.objects.filter(
        actor=OuterRef("pk"), verb=Given("verb", User._meta.get_field("name"))
    )
    query = Prepared(
        lambda: (
            User.objects.filter(pk__in=[officer.pk, admin.pk])
            .annotate(did=Exists(lines), same=Exists(lines))
            .order_by("pk")
            .values_list("did", "same")
        )
    )
    verb = "100% '; %s"
    JournalEntry.objects.create(
        at="2022-11-08T00:00Z", actor=officer, verb=verb, subject_type="x", subject_id=1
    )
    assert sorted(map(tuple, query.rows(verb=verb))) == [(False, False), (True, True)]


def test_a_value_that_was_forgotten_is_an_error(db: None) -> None:
    query = Prepared(lambda: User.objects.filter(pk=Given("pk", PK)).values_list("pk"))
    with pytest.raises(KeyError, match="pk"):
        list(query.rows())
