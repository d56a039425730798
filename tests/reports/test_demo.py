"""The demonstration: public facts to the yen, everything else invented and always the same."""

import datetime as dt
from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Sum

from foundations.models import Foundation
from grants.models import BudgetLine, Contribution, Grant, Indicator, Program

# (name, legal form, city): granted direct, granted administrative, own funds, evaluation
FACTS = {
    ("はこぶね", "一般社団法人", "船橋市"): (14_564_172, 2_078_692, 988_800, 755_000),
    ("ベストサポート", "株式会社", "千葉市"): (17_357_000, 2_643_000, 12_269_632, 867_360),
    ("いっぽの会", "一般社団法人", "松戸市"): (20_000_000, 0, 4_461_695, 962_850),
    ("ちば子ども若者アフターケアコンソーシアム", "任意団体", "千葉市"): (
        17_269_000,
        2_731_000,
        5_000_000,
        989_100,
    ),
}


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Loaded once for the module and taken away again."""
    from django.db import connection, transaction

    with django_db_blocker.unblock():
        with transaction.atomic():
            call_command("load_demo", "--force", stdout=StringIO())
            yield
            transaction.set_rollback(True)
        connection.close()


@pytest.fixture(autouse=True)
def inside_the_demo(demo: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


def test_foundation_says_what_it_says_of_itself() -> None:
    foundation = Foundation.objects.get(name="公益財団法人ちばのWA地域づくり基金")
    assert foundation.is_demo
    assert (foundation.granted_total_yen, foundation.granted_count) == (246_902_751, 139)
    assert foundation.history_entries.filter(year=2012, month=5, text__contains="個人171名・25法人").exists()


@pytest.mark.parametrize("grantee", FACTS, ids=[name for name, *_ in FACTS])
def test_amounts_to_the_yen(grantee: tuple[str, str, str]) -> None:
    name, form, city = grantee
    grant = Grant.objects.get(organisation__name=name)
    assert (grant.organisation.legal_form.name, grant.organisation.city) == (form, city)
    assert (grant.starts_on, grant.ends_on) == (dt.date(2021, 4, 1), dt.date(2024, 1, 31))
    lines = BudgetLine.objects.filter(grant=grant)
    granted = {
        purpose: lines.filter(purpose=purpose).aggregate(n=Sum("granted_yen"))["n"] or 0
        for purpose in ("direct", "administrative", "evaluation")
    }
    own = lines.aggregate(n=Sum("own_yen"))["n"]
    assert (granted["direct"], granted["administrative"], own, granted["evaluation"]) == FACTS[grantee]


def test_the_program() -> None:
    program = Program.objects.get(total_yen=80_000_000)
    assert program.ends_on == dt.date(2024, 1, 31)
    assert program.approaches.count() == 4


def test_every_plan_uses_all_methods() -> None:
    for grant in Grant.objects.all():
        methods = set(Indicator.objects.filter(grant=grant).values_list("method", flat=True))
        assert methods == set(Indicator.Method.values), grant


def test_edges_have_reasons_and_some_outputs_serve_two() -> None:
    for grant in Grant.objects.exclude(organisation__name__startswith="しおかぜ"):
        edges = Contribution.objects.filter(version__output__grant=grant)
        assert not edges.filter(reason="").exists()
        assert edges.filter(is_first=False).exists()


def test_refuses_outside_debug() -> None:
    with pytest.raises(CommandError, match="--force"):
        call_command("load_demo", stdout=StringIO())
