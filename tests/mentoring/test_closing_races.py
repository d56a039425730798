"""The end of a meeting pressed twice at the same moment, on two real connections. PostgreSQL only: SQLite has no row
locks. What is sent is counted at the mail server."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from foundations.models import Staff
from mentoring.models import Meeting, ProgressSheet, SheetDocument, SheetMail
from mentoring.models.meetings import Side
from mentoring.services.mails import deliver, tell_moved_meeting
from tests.factories import (
    FoundationFactory,
    GrantFactory,
    MembershipFactory,
    OrganisationFactory,
    PlanRows,
    SheetMailFactory,
    StaffFactory,
    make_plan,
)
from tests.mentoring.months import arrange_next, make_ready_sheet
from tests.mentoring.test_sheet_races import at_once

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs row locks"),
]


@pytest.fixture
def officer(transactional_db: None) -> User:
    return StaffFactory(foundation=FoundationFactory(), role=Staff.Role.OFFICER).user


@pytest.fixture
def plan(officer: User) -> PlanRows:
    foundation = officer.staff_hats.get().foundation
    organisation = OrganisationFactory(foundation=foundation)
    MembershipFactory.create_batch(2, organisation=organisation)
    grant = GrantFactory(program__fund__foundation=foundation, organisation=organisation, officer=officer)
    return make_plan(grant)


@pytest.fixture
def ready(plan: PlanRows, officer: User) -> ProgressSheet:
    sheet = make_ready_sheet(plan, officer)
    arrange_next(sheet)
    return sheet


def presser(sheet: ProgressSheet, person: User) -> Callable[[], Any]:
    """Somebody with the page open and the finger on its button."""
    client, url = Client(), reverse("reports:sheet_close", args=[sheet.pk])
    client.force_login(person)
    seen = client.get(url).context["seen"]
    return lambda: client.post(url, {"seen": seen})


def addressees() -> list[str]:
    return sorted(address for message in mail.outbox for address in message.to)


def test_a_double_click_closes_once_and_writes_once(
    ready: ProgressSheet, officer: User, mailoutbox: list[Any]
) -> None:
    first, second = at_once(presser(ready, officer), presser(ready, officer))
    assert [first.status_code, second.status_code] == [302, 302]
    assert SheetDocument.objects.filter(sheet=ready).count() == 1
    assert ready.events.filter(act="close").count() == 1
    assert SheetMail.objects.count() == 3
    assert len(addressees()) == len(set(addressees())) == 3
    assert not SheetMail.objects.waiting().exists()


def test_two_officers_at_once_close_once(ready: ProgressSheet, officer: User, mailoutbox: list[Any]) -> None:
    colleague = StaffFactory(foundation=ready.grant.foundation).user
    results = at_once(presser(ready, officer), presser(ready, colleague))
    assert sorted(result.status_code for result in results) == [302, 409]
    assert SheetDocument.objects.filter(sheet=ready).count() == 1
    assert len(addressees()) == len(set(addressees())) == 3


def test_two_senders_send_each_mail_once(ready: ProgressSheet, mailoutbox: list[Any]) -> None:
    for membership in MembershipFactory.create_batch(8, organisation=ready.grant.organisation):
        SheetMailFactory(sheet=ready, person=membership.user, side=Side.GRANTEE)
    sent = at_once(*[lambda: deliver(SheetMail.objects.all())] * 3)
    assert sum(sent) == 8
    assert len(mail.outbox) == 8


def test_a_moved_date_is_told_once(ready: ProgressSheet, officer: User, mailoutbox: list[Any]) -> None:
    presser(ready, officer)()
    mail.outbox.clear()
    upcoming = Meeting.objects.get(held=False)
    upcoming.place = "図書館"
    upcoming.save()
    told = at_once(*[lambda: tell_moved_meeting(meeting=upcoming, by=officer)] * 3)
    assert sorted(map(len, told)) == [0, 0, 3]
    assert len(addressees()) == len(set(addressees())) == 3
