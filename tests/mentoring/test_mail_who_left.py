"""What waits to be sent goes to nobody who left meanwhile, and never after something newer was written."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from core import clock
from foundations.models import Foundation, Staff
from grantees.models import Membership
from grants.models import GrantReader
from mentoring.models import Attendee, ProgressSheet, SheetMail
from mentoring.models.meetings import Side
from mentoring.recipients import recipients_of
from mentoring.services.mails import deliver, retry_mails
from mentoring.services.moves import reopen_sheet
from tests.factories import AttendeeFactory, MembershipFactory, PlanRows, SheetMailFactory, StaffFactory
from tests.mentoring.months import arrange_next, close_and_commit, make_ready_sheet

SignIn = Callable[[User], Client]
Commit = Callable[..., Any]


@pytest.fixture
def ready(plan: PlanRows, officer: User, representative: User, member: User) -> ProgressSheet:
    return make_ready_sheet(plan, officer)


@pytest.fixture
def close(
    ready: ProgressSheet, officer: User, django_capture_on_commit_callbacks: Commit
) -> Callable[[], None]:
    return partial(close_and_commit, ready, officer, django_capture_on_commit_callbacks)


def waiting() -> int:
    return SheetMail.objects.waiting().count()


def leave(person: User) -> None:
    """Yesterday was the last day."""
    yesterday = clock.today() - dt.timedelta(days=1)
    Membership.objects.filter(user=person).update(ends_on=yesterday)
    Staff.objects.filter(user=person).update(ends_on=yesterday)


def sent_to(mails: list[Any]) -> set[str]:
    return {address for mail in mails for address in mail.to}


@pytest.fixture
def unsent(close: Callable[[], None], settings: Any, mailoutbox: list[Any]) -> None:
    """The month is closed, and the mail server was down just then."""
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "tests.mentoring.test_mail_delivery.Broken"
    close()
    settings.EMAIL_BACKEND = backend


def test_who_left_meanwhile_gets_nothing(
    unsent: None,
    ready: ProgressSheet,
    officer: User,
    representative: User,
    member: User,
    mailoutbox: list[Any],
) -> None:
    leave(member)
    assert waiting() == 2
    assert deliver(SheetMail.objects.filter(sheet=ready)) == 2
    assert retry_mails() == 0
    assert sent_to(mailoutbox) == {officer.email, representative.email}
    left = SheetMail.objects.get(person=member)
    assert (left.sent_at, left.taken_at) == (None, None)
    Membership.objects.filter(user=member).update(ends_on=None)
    assert retry_mails() == 1  # who came back is told


def test_who_gave_the_grant_to_a_colleague_gets_nothing(
    unsent: None, ready: ProgressSheet, foundation: Foundation, officer: User, mailoutbox: list[Any]
) -> None:
    grant = ready.grant
    grant.officer = StaffFactory(foundation=foundation).user
    grant.save()
    assert waiting() == 3  # was there, and may read it still
    Attendee.objects.filter(user=officer).delete()
    assert retry_mails() == 2
    assert officer.email not in sent_to(mailoutbox)


def test_the_foundation_s_people_need_a_running_term(
    unsent: None, officer: User, mailoutbox: list[Any]
) -> None:
    leave(officer)
    assert retry_mails() == 2
    assert officer.email not in sent_to(mailoutbox)


def test_a_member_of_another_organisation_is_no_member_here(
    unsent: None, member: User, mailoutbox: list[Any]
) -> None:
    leave(member)
    MembershipFactory(user=member)
    assert retry_mails() == 2
    assert member.email not in sent_to(mailoutbox)


@pytest.mark.parametrize("is_reader", [True, False])
def test_an_adviser_who_was_there_is_told_while_the_grant_is_read(
    is_reader: bool, ready: ProgressSheet, adviser: User, mailoutbox: list[Any]
) -> None:
    AttendeeFactory(meeting=ready.meetings.get(), side=Side.FOUNDATION, user=adviser)
    SheetMailFactory(sheet=ready, person=adviser)
    if not is_reader:
        GrantReader.objects.filter(staff__user=adviser).delete()
    assert retry_mails() == is_reader


@pytest.mark.parametrize("is_there", [True, False])
def test_who_is_written_to_is_who_is_sent_to(
    is_there: bool, ready: ProgressSheet, adviser: User, admin: User, officer: User, member: User, board: User
) -> None:
    """One rule for writing and for sending, whoever it is."""
    people = [adviser, admin, officer, member, board]
    for person in people:
        SheetMailFactory(sheet=ready, person=person)
        if is_there and person != officer:
            AttendeeFactory(meeting=ready.meetings.get(), side=Side.FOUNDATION, user=person)
    told = {recipient.person for recipient in recipients_of(ready)}
    assert {mail.person for mail in SheetMail.objects.waiting()} == told & set(people)


def test_what_waits_from_an_earlier_edition_is_not_sent_any_more(
    unsent: None, ready: ProgressSheet, officer: User, close: Callable[[], None], mailoutbox: list[Any]
) -> None:
    ready.refresh_from_db()
    reopen_sheet(sheet=ready, by=officer, reason="人数に誤りがありました")
    mailoutbox.clear()
    close()
    assert {mail.subject for mail in mailoutbox} == {
        "2022年10月の月次面談を、訂正して確定しました（あおぞらの会）"
    }
    assert waiting() == 0
    assert deliver(SheetMail.objects.filter(sheet=ready)) == 0
    assert SheetMail.objects.filter(sent_at__isnull=True, document__edition=1).count() == 3


def test_a_date_that_never_reached_a_calendar_is_not_taken_out_of_it(
    ready: ProgressSheet, officer: User, member: User, request: pytest.FixtureRequest, mailoutbox: list[Any]
) -> None:
    upcoming = arrange_next(ready)
    request.getfixturevalue("unsent")
    ready.refresh_from_db()
    reopen_sheet(sheet=ready, by=officer, reason="もう一度")
    mailoutbox.clear()
    upcoming.delete()
    request.getfixturevalue("close")()
    (mail,) = [mail for mail in mailoutbox if mail.to == [member.email]]
    assert "前にお知らせした予定はなくなりました" not in mail.body
    assert mail.message().get_content_type() == "text/plain"


def test_the_page_says_to_whom_nothing_goes_any_more(
    unsent: None, ready: ProgressSheet, sign_in: SignIn, officer: User, member: User, mailoutbox: list[Any]
) -> None:
    address, why = f"/sheets/{ready.pk}/close/", "この助成を離れたので、送りません"
    client = sign_in(officer)
    page = client.get(address).content.decode()
    assert why not in page
    assert "離れた方には" not in page
    leave(member)
    page = client.get(address).content.decode()
    assert page.count("まだ送れていません") == 2
    assert page.count(why) == page.count("離れた方には") == 1
    page = client.post(f"/sheets/{ready.pk}/mails/", follow=True).content.decode()
    assert "メールを2通、送りました。" in page
    assert "まだ送れないメールがあります" not in page
    assert "いま送りなおす" not in page
    assert page.count(why) == 1
    assert member.email not in sent_to(mailoutbox)
