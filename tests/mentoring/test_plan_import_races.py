"""The same table twice at the same moment, on two real connections. SQLite has no row locks: PostgreSQL only."""

import datetime as dt

import pytest
from django.db import connection

from grants.models import Grant, ShortTermOutcome
from mentoring.services.plan_import import NothingToChange, import_plan
from tests.factories import FoundationFactory, GrantFactory
from tests.mentoring.test_sheet_races import at_once
from tests.plan.test_plan_comparison import TEXT, rows_of

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs row locks"),
]


def test_one_of_two_writes_the_plan(transactional_db: None) -> None:
    grant: Grant = GrantFactory(program__fund__foundation=FoundationFactory())
    rows = rows_of(TEXT)

    def take() -> None:
        import_plan(grant=grant, rows=rows, month=dt.date(2021, 4, 1), by=grant.officer)

    results = at_once(take, take)
    assert sorted(type(result).__name__ for result in results) == ["NoneType", NothingToChange.__name__]
    assert ShortTermOutcome.objects.filter(grant=grant).count() == 2
