"""Sheets open with their month: by the timer and by the first visit, in the program's rhythm."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from grants.models import Grant
from mentoring.models import ProgressSheet, SheetEvent
from mentoring.services.opening import open_due_sheets
from tests.factories import GrantFactory


def open_sheets(date: str) -> str:
    out = StringIO()
    call_command("open_sheets", "--date", date, stdout=out)
    return out.getvalue()


def months(grant: Grant) -> list[dt.date]:
    return list(ProgressSheet.objects.filter(grant=grant).values_list("month", flat=True))


@pytest.fixture
def monthly(db: None) -> Grant:
    return GrantFactory(starts_on=dt.date(2022, 8, 15), ends_on=dt.date(2022, 10, 20))


def test_opens_every_period_that_has_begun_and_says_which(monthly: Grant) -> None:
    said = open_sheets("2022-09-01")
    assert months(monthly) == [dt.date(2022, 8, 1), dt.date(2022, 9, 1)]
    assert f"{monthly.organisation} 2022年9月" in said
    assert "開いたシート: 2" in said
    sheet = ProgressSheet.objects.get(month=dt.date(2022, 9, 1))
    assert (sheet.state, sheet.months, sheet.due_on) == ("draft", 1, dt.date(2022, 10, 10))
    event = SheetEvent.objects.get(sheet=sheet)
    assert (event.act, event.by, event.to_state) == ("open", None, "draft")


def test_running_it_again_opens_nothing(monthly: Grant) -> None:
    open_sheets("2022-09-30")
    assert "開いたシート: 0" in open_sheets("2022年9月30日")
    assert "開いたシート: 1" in open_sheets("2022-10-01")
    assert SheetEvent.objects.count() == 3


def test_stops_with_the_grant(monthly: Grant) -> None:
    open_sheets("2023-06-01")
    assert months(monthly)[-1] == dt.date(2022, 10, 1)


def test_nothing_before_the_grant(monthly: Grant) -> None:
    assert "開いたシート: 0" in open_sheets("2022-08-14")


def test_a_quarter_is_one_sheet(db: None) -> None:
    grant = GrantFactory(
        program__rhythm="quarterly",
        program__due_day=20,
        starts_on=dt.date(2022, 11, 1),
        ends_on=dt.date(2023, 6, 30),
    )
    open_sheets("2023-06-30")
    assert months(grant) == [dt.date(2022, 11, 1), dt.date(2023, 2, 1), dt.date(2023, 5, 1)]
    first = ProgressSheet.objects.get(month=dt.date(2022, 11, 1))
    assert (first.months, first.due_on, first.label) == (3, dt.date(2023, 2, 20), "2022年11月〜2023年1月")


def test_no_month_stands_in_two_sheets_when_the_rhythm_changes(db: None) -> None:
    grant = GrantFactory(
        program__rhythm="quarterly", starts_on=dt.date(2022, 11, 1), ends_on=dt.date(2023, 6, 30)
    )
    open_sheets("2022-11-30")
    grant.program.rhythm = "monthly"
    grant.program.save()
    open_sheets("2023-02-28")
    assert months(grant) == [dt.date(2022, 11, 1), dt.date(2023, 2, 1)]


def test_a_program_without_sheets_opens_none(db: None) -> None:
    GrantFactory(program__rhythm="none")
    assert "開いたシート: 0" in open_sheets("2022-10-01")


def test_only_the_grants_asked_for(monthly: Grant) -> None:
    GrantFactory()
    opened = open_due_sheets(grants=Grant.objects.filter(pk=monthly.pk), day=dt.date(2022, 8, 31))
    assert [sheet.grant_id for sheet in opened] == [monthly.pk]


def test_a_day_it_cannot_read_is_said(db: None) -> None:
    with pytest.raises(CommandError, match="あした"):
        open_sheets("あした")
