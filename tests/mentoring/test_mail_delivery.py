"""Mails leave once, a failure undoes no closing and is told, and a date that moves is told anew."""

import datetime as dt
import logging
import smtplib
from collections.abc import Callable
from functools import partial
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.test import Client
from icalendar import Calendar

from accounts.models import JournalEntry, User
from core import clock
from grantees.models import Membership
from mentoring.models import Meeting, ProgressSheet, SheetMail
from mentoring.services.mails import deliver, retry_mails, tell_moved_meeting, tell_settled_dates
from tests.factories import PlanRows, SheetFactory, SheetMailFactory, moment
from tests.mentoring.months import arrange_next, close_and_commit, make_ready_sheet, press_close

SignIn = Callable[[User], Client]
Commit = Callable[..., Any]
NOON = "2022-11-15 12:00:00+09:00"


class Broken(EmailBackend):
    def open(self) -> bool:
        raise ConnectionRefusedError(111, "Connection refused")


class Choosy(EmailBackend):
    def send_messages(self, messages: Any) -> int:
        if messages[0].to[0].startswith("refused"):
            raise smtplib.SMTPRecipientsRefused({messages[0].to[0]: (550, b"no such user")})
        return super().send_messages(messages)


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


# --- failing -----------------------------------------------------------------------------------------------------


def test_a_dead_mail_server_undoes_no_closing(
    close: Callable[[], None], ready: ProgressSheet, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    with caplog.at_level(logging.ERROR):
        close()
    ready.refresh_from_db()
    assert ready.state == ProgressSheet.State.CLOSED
    assert ready.documents.count() == 1
    assert waiting() == 3
    assert len([record for record in caplog.records if "has not gone" in record.getMessage()]) == 3
    for mail in SheetMail.objects.all():
        assert mail.error == "ConnectionRefusedError: [Errno 111] Connection refused"
        assert (mail.sent_at, mail.taken_at) == (None, None)
    failed = JournalEntry.objects.filter(verb="sheet.mail_failed")
    assert failed.count() == 3
    assert {entry.foundation_id for entry in failed} == {ready.grant.foundation.pk}
    assert {entry.actor for entry in failed} == {None}


def test_one_bad_address_keeps_no_other_back(
    close: Callable[[], None], member: User, settings: Any, mailoutbox: list[Any]
) -> None:
    User.objects.filter(pk=member.pk).update(email="refused@example.test")
    settings.EMAIL_BACKEND = f"{__name__}.Choosy"
    close()
    assert len(mailoutbox) == 2
    (left,) = SheetMail.objects.waiting()
    assert left.person == member
    assert "550" in left.error


def test_it_is_sent_again_and_then_never_more(
    close: Callable[[], None], settings: Any, mailoutbox: list[Any]
) -> None:
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    close()
    assert retry_mails() == 0
    assert (
        JournalEntry.objects.filter(verb="sheet.mail_failed").count() == 3
    )  # told once, however often it fails
    settings.EMAIL_BACKEND = backend
    assert retry_mails() == 3
    assert retry_mails() == 0
    assert len(mailoutbox) == 3
    assert not SheetMail.objects.exclude(error="").exists()


def test_what_somebody_else_is_sending_is_left_to_them(db: None, mailoutbox: list[Any]) -> None:
    now = clock.now()
    busy = SheetMailFactory(taken_at=now - dt.timedelta(minutes=1))
    died = SheetMailFactory(sheet=busy.sheet, taken_at=now - dt.timedelta(minutes=11))
    assert deliver(SheetMail.objects.all()) == 1
    died.refresh_from_db()
    busy.refresh_from_db()
    assert died.sent_at is not None
    assert busy.sent_at is None


def test_who_was_switched_off_meanwhile_gets_nothing(db: None, mailoutbox: list[Any]) -> None:
    mail = SheetMailFactory()
    User.objects.filter(pk=mail.person_id).update(is_active=False)
    assert deliver(SheetMail.objects.all()) == 0
    assert mailoutbox == []


def test_the_timer_gives_up_after_three_days_and_a_person_does_not(db: None, mailoutbox: list[Any]) -> None:
    mail = SheetMailFactory()
    SheetMail.objects.update(created_at=clock.machine_now() - dt.timedelta(days=4))
    assert retry_mails() == 0
    assert deliver(SheetMail.objects.filter(pk=mail.pk)) == 1


def test_the_command_says_what_it_did(db: None, mailoutbox: list[Any]) -> None:
    SheetMailFactory()
    out = StringIO()
    call_command("send_mails", stdout=out)
    assert "送りなおしたメール: 1" in out.getvalue()
    assert "変わった日を知らせた面談: 0" in out.getvalue()
    assert len(mailoutbox) == 1


# --- on pages ------------------------------------------------------------------------------------------------------


def test_after_closing_the_page_says_who_was_told(
    ready: ProgressSheet, sign_in: SignIn, officer: User, django_capture_on_commit_callbacks: Commit
) -> None:
    client = sign_in(officer)
    with django_capture_on_commit_callbacks(execute=True):
        response = press_close(client, ready)
    page = client.get(response.url).content.decode()
    for words in (
        "この月は確定しました",
        "メールで知らせた人",
        "青木 空さん",
        "空野 みおさん",
        "小野 彩さん",
        "に送りました",
    ):
        assert words in page
    assert "まだ送れていません" not in page
    assert "いま送りなおす" not in page
    assert "example.test" not in page  # names, no addresses


def test_the_page_says_what_has_not_gone_and_sends_it_again(
    ready: ProgressSheet, sign_in: SignIn, officer: User, settings: Any, mailoutbox: list[Any],
    django_capture_on_commit_callbacks: Commit,
) -> None:  # fmt: skip
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    client = sign_in(officer)
    with django_capture_on_commit_callbacks(execute=True):
        address = press_close(client, ready).url
    page = client.get(address).content.decode()
    assert page.count("まだ送れていません") == 3
    again = f"/sheets/{ready.pk}/mails/"
    assert f'action="{again}"' in page
    assert "まだ送れないメールがあります" in client.post(again, follow=True).content.decode()
    settings.EMAIL_BACKEND = backend
    page = client.post(again, follow=True).content.decode()
    assert "メールを3通、送りました。" in page
    assert "いま送りなおす" not in page
    client.post(again)
    assert len(mailoutbox) == 3


def test_the_admin_s_home_names_what_has_not_gone(
    sign_in: SignIn, admin: User, plan: PlanRows, member: User
) -> None:
    sheet = SheetFactory(grant=plan.grant, closed=True)
    SheetMailFactory(sheet=sheet, person=member, error="SMTPRecipientsRefused: 550")
    client = sign_in(admin)
    assert "送れていないメール" not in client.get("/").content.decode()  # it may be on its way
    SheetMail.objects.update(created_at=clock.machine_now() - dt.timedelta(minutes=11))
    page = client.get("/").content.decode()
    assert "送れていないメール" in page
    assert "空野 みおさん宛て　SMTPRecipientsRefused: 550" in page
    Membership.objects.update(ends_on=clock.today() - dt.timedelta(days=1))
    assert "送れていないメール" not in client.get("/").content.decode()  # nobody can put that right
    Membership.objects.update(ends_on=None)
    assert "送れていないメール" in client.get("/").content.decode()
    SheetMail.objects.update(sent_at=clock.now())
    assert "送れていないメール" not in client.get("/").content.decode()


def test_a_month_closed_before_there_were_mails_says_so(
    sign_in: SignIn, officer: User, plan: PlanRows
) -> None:
    sheet = SheetFactory(grant=plan.grant, closed=True)
    page = sign_in(officer).get(f"/sheets/{sheet.pk}/close/").content.decode()
    assert "この確定では、メールを送っていません。" in page


@pytest.mark.parametrize("people", [1, 3])
def test_queries_of_the_closed_page(
    people: int, sign_in: SignIn, officer: User, plan: PlanRows, django_assert_num_queries: Any
) -> None:
    sheet = SheetFactory(grant=plan.grant, closed=True)
    SheetMailFactory.create_batch(people, sheet=sheet)
    client = sign_in(officer)
    with django_assert_num_queries(12):
        client.get(f"/sheets/{sheet.pk}/close/")


# --- a date that moves ----------------------------------------------------------------------------------------------


@pytest.fixture
def told(ready: ProgressSheet, close: Callable[[], None], mailoutbox: list[Any]) -> Meeting:
    """A next meeting that everybody was told of; then it is put off by a week."""
    with time_machine.travel(NOON, tick=False) as traveller:
        upcoming = arrange_next(ready)
        close()
        traveller.shift(3600)
        upcoming.held_on = dt.date(2022, 12, 20)
        upcoming.save()
    mailoutbox.clear()
    return upcoming


def test_the_new_date_is_told_with_the_same_uid(
    told: Meeting,
    officer: User,
    member: User,
    mailoutbox: list[Any],
    django_capture_on_commit_callbacks: Commit,
) -> None:
    first = SheetMail.objects.get(person=member)
    with django_capture_on_commit_callbacks(execute=True):
        assert len(tell_moved_meeting(meeting=told, by=officer)) == 3
    (mail,) = [mail for mail in mailoutbox if mail.to == [member.email]]
    assert mail.subject == "次回の月次面談の予定が変わりました（あおぞらの会）"
    assert "2022年12月20日（火）10:00〜" in mail.body
    assert "2022年10月の面談のあとにお知らせした" in mail.body
    before = Calendar.from_ical(first.calendars[0]["text"]).events[0]
    after = Calendar.from_ical(
        SheetMail.objects.filter(person=member).latest("pk").calendars[0]["text"]
    ).events[0]
    assert after["uid"] == before["uid"]
    assert after["sequence"] == before["sequence"] + 3600
    assert after.start.date() == dt.date(2022, 12, 20)
    assert JournalEntry.objects.get(verb="meeting.moved_told").actor == officer


def test_only_the_newest_date_is_sent(
    told: Meeting,
    officer: User,
    settings: Any,
    mailoutbox: list[Any],
    django_capture_on_commit_callbacks: Commit,
) -> None:
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    for day in (20, 22):
        told.held_on = dt.date(2022, 12, day)
        told.save()
        with django_capture_on_commit_callbacks(execute=True):
            assert len(tell_moved_meeting(meeting=told, by=officer)) == 3
    settings.EMAIL_BACKEND = backend
    assert retry_mails() == 3
    assert all("2022年12月22日" in mail.body for mail in mailoutbox)


def test_it_is_told_once(told: Meeting, officer: User) -> None:
    assert tell_moved_meeting(meeting=told, by=officer)
    assert tell_moved_meeting(meeting=told, by=officer) == []
    assert JournalEntry.objects.filter(verb="meeting.moved_told").count() == 1


def test_a_date_moved_back_is_told_again(told: Meeting, officer: User) -> None:
    tell_moved_meeting(meeting=told, by=officer)
    told.held_on = dt.date(2022, 12, 13)
    told.save()
    assert tell_moved_meeting(meeting=told, by=officer)


def test_what_took_place_or_was_never_told_is_not_told(told: Meeting, officer: User) -> None:
    untold = Meeting.objects.create(grant=told.grant, held_on=dt.date(2023, 1, 10))
    assert tell_moved_meeting(meeting=untold, by=officer) == []
    Meeting.objects.filter(pk=told.pk).update(held=True)
    assert tell_moved_meeting(meeting=told, by=officer) == []


def test_the_timer_waits_until_the_date_has_settled(told: Meeting) -> None:
    Meeting.objects.filter(pk=told.pk).update(updated_at=clock.machine_now() - dt.timedelta(minutes=14))
    assert tell_settled_dates() == 0
    Meeting.objects.filter(pk=told.pk).update(updated_at=clock.machine_now() - dt.timedelta(minutes=16))
    assert tell_settled_dates() == 1
    assert tell_settled_dates() == 0


def test_the_pages_of_an_officer_offer_to_tell_it(
    told: Meeting, ready: ProgressSheet, sign_in: SignIn, officer: User, member: User
) -> None:
    following = SheetFactory(grant=ready.grant, month=dt.date(2022, 11, 1))
    told.sheets.add(following)
    client = sign_in(officer)
    pages = ("/", f"/sheets/{following.pk}/", f"/sheets/{ready.pk}/close/")
    for page in pages:
        assert "お知らせした日から変わっています" in client.get(page).content.decode(), page
    assert "お知らせした日から変わっています" not in sign_in(member).get(pages[1]).content.decode()
    response: Any = client.post(f"/meetings/{told.pk}/tell/", {"next": pages[1]})
    assert response.url == pages[1]
    assert "次回の日を3人に知らせました。" in client.get(pages[1]).content.decode()
    for page in pages:
        assert "お知らせした日から変わっています" not in client.get(page).content.decode(), page
    assert (
        "この日は、もう知らせてあります。"
        in client.post(f"/meetings/{told.pk}/tell/", follow=True).content.decode()
    )


@pytest.mark.parametrize("who", ["admin", "adviser", "representative", "member"])
def test_reader_gets_403(who: str, told: Meeting, sign_in: SignIn, request: pytest.FixtureRequest) -> None:
    assert sign_in(request.getfixturevalue(who)).post(f"/meetings/{told.pk}/tell/").status_code == 403
    assert SheetMail.objects.count() == 3


@pytest.mark.parametrize("who", ["board", "other_grantee", "stranger"])
def test_stranger_gets_404(who: str, told: Meeting, sign_in: SignIn, request: pytest.FixtureRequest) -> None:
    client = sign_in(request.getfixturevalue(who))
    assert client.post(f"/meetings/{told.pk}/tell/").status_code == 404


def test_rejects_get(told: Meeting, sign_in: SignIn, officer: User) -> None:
    for page in (f"/meetings/{told.pk}/tell/", f"/sheets/{told.previous_meeting.sheets.get().pk}/mails/"):
        assert sign_in(officer).get(page).status_code == 405


def test_the_demo_s_still_date_does_not_confuse_the_timer(told: Meeting, settings: Any) -> None:
    """Rows are written in real time; the story's day is another year."""
    settings.DEMO_TODAY = "2024-01-09"
    Meeting.objects.filter(pk=told.pk).update(updated_at=clock.machine_now() - dt.timedelta(minutes=16))
    assert tell_settled_dates() == 1
    assert clock.now() < moment(2024, 1, 11)
