"""The measured country is a real one in small: its rows hold, its plans read as they were kept, its sheets print."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from foundations.models import Foundation
from grants.models import Grant
from grants.plan import Plan
from grants.plan_reading import plan_in_force
from mentoring.models import Figure, ProgressSheet
from mentoring.reading import read_sheet
from mentoring.services.opening import open_due_sheets
from mentoring.totals import running_totals
from tests.factories import FoundationFactory, IndicatorFactory
from tests.reports.papers import named

SMALL: dict[str, Any] = {"foundations": 2, "grants": 3, "months": 6, "indicators": 20}


@pytest.fixture
def nation(transactional_db: None) -> None:
    call_command("seed_national", **SMALL)


def test_sizes(nation: None) -> None:
    assert (Foundation.objects.count(), Grant.objects.count(), ProgressSheet.objects.count()) == (2, 3, 18)
    assert Figure.objects.count() == pytest.approx(3 * 6 * 20, rel=0.06)
    states = ProgressSheet.objects.filter(grant=1).order_by("month").values_list("state", flat=True)
    assert list(states) == ["closed"] * 4 + ["submitted", "draft"]


def test_constraints_hold(nation: None) -> None:
    connection.check_constraints()
    for sheet in ProgressSheet.objects.all():
        sheet.full_clean()


def test_the_kept_plan_is_the_plan_in_force(nation: None) -> None:
    sheet = ProgressSheet.objects.get(grant=2, state="submitted")
    assert sheet.plan_snapshot is not None
    in_force = plan_in_force(sheet.grant, sheet.grant.starts_on)
    assert Plan.from_json(sheet.plan_snapshot) == in_force


def test_totals_are_those_of_the_figures(nation: None) -> None:
    sheet = named(ProgressSheet.objects.filter(grant=1, state="closed").latest("month"))
    reading = read_sheet(sheet)
    for row in reading.rows.values():
        if row.plan.method == "sum":
            figures = Figure.objects.filter(indicator=row.plan.id, sheet__month__lte=sheet.month)
            assert row.total.value == sum(figure.value or 0 for figure in figures)
    assert running_totals(1, [], sheet.month) == {}


def test_rows_can_be_added_afterwards(nation: None) -> None:
    IndicatorFactory(output__grant=Grant.objects.get(pk=1))
    FoundationFactory()
    assert len(open_due_sheets(grants=Grant.objects.all())) == 9  # three more months of each grant


def test_the_same_size_gives_the_same_rows(nation: None) -> None:
    before = figures()
    call_command("flush", interactive=False, verbosity=0)
    call_command("seed_national", **SMALL)
    assert figures() == before


def figures() -> list[Any]:
    rows = Figure.objects.order_by("sheet", "indicator")
    return list(rows.values_list("sheet", "indicator", "value", "numerator", "sentence", "presence"))


def test_nothing_is_written_beside_a_real_foundation(db: None) -> None:
    FoundationFactory()
    with pytest.raises(CommandError, match="空のデータベース"):
        call_command("seed_national", **SMALL)
    assert Grant.objects.count() == 0
