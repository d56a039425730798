"""What both sides are written when a month is closed: each person once, in their language, and nothing internal."""

import datetime as dt
from collections.abc import Callable, Iterator
from email.message import Message
from typing import Any

import pytest
import time_machine
from icalendar import Calendar, Event

from accounts.models import User
from foundations.models import Foundation, Staff
from grantees.models import Organisation
from grants.models import GrantReader
from mentoring.models import (
    CostReview,
    FieldNote,
    Meeting,
    OutcomeReview,
    ProgressSheet,
    SheetMail,
)
from mentoring.models.meetings import Side
from mentoring.services.closing import close_sheet
from mentoring.services.entry import CORRECTION
from mentoring.services.moves import reopen_sheet
from tests.factories import (
    ActionItemFactory,
    AttendeeFactory,
    FieldNoteFactory,
    FigureFactory,
    MembershipFactory,
    OutcomeChangeFactory,
    PlanRows,
    SheetFactory,
    StaffFactory,
    UserFactory,
)
from tests.mentoring.months import arrange_next, make_ready_sheet

Commit = Callable[..., Any]
Close = Callable[[], list[Any]]


@pytest.fixture
def ready(plan: PlanRows, officer: User, representative: User, member: User) -> ProgressSheet:
    return make_ready_sheet(plan, officer)


@pytest.fixture
def close(
    ready: ProgressSheet, officer: User, mailoutbox: list[Any], django_capture_on_commit_callbacks: Commit
) -> Close:
    """Closes the month and returns the mails that left by it."""

    def act() -> list[Any]:
        mailoutbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            close_sheet(sheet=ready, by=officer, render_pdf=lambda sheet: b"%PDF-1.7")
            assert mailoutbox == []  # not before the commit
        return mailoutbox

    return act


@pytest.fixture
def close_again(ready: ProgressSheet, officer: User, close: Close) -> Callable[..., list[Any]]:
    """Reopens, lets `between` act, and closes once more."""

    def act(between: Callable[[], object] = lambda: None) -> list[Any]:
        close()
        ready.refresh_from_db()
        reopen_sheet(sheet=ready, by=officer, reason="人数に誤りがありました")
        between()
        return close()

    return act


@pytest.fixture
def days() -> Iterator[time_machine.Traveller]:
    with time_machine.travel("2022-11-15 12:00:00+09:00", tick=False) as traveller:
        yield traveller


def mail_to(person: User, mails: list[Any]) -> Any:
    (mail,) = [mail for mail in mails if mail.to == [person.email]]
    return mail


def files_of(mail: Any) -> list[Calendar]:
    """Read from the bytes that a mail server gets."""
    parts: list[Message] = [
        part for part in mail.message().walk() if part.get_content_type() == "text/calendar"
    ]
    return [Calendar.from_ical(part.get_payload(decode=True).decode()) for part in parts]  # type: ignore[union-attr]


def event_of(mail: Any) -> Event:
    (calendar,) = files_of(mail)
    return calendar.events[0]


# --- who -------------------------------------------------------------------------------------------------------


def told(mails: list[Any]) -> set[str]:
    addresses = [address for mail in mails for address in mail.to]
    assert len(addresses) == len(set(addresses))
    assert all(len(mail.to) == 1 and not mail.cc and not mail.bcc for mail in mails)
    return set(addresses)


def test_both_sides_are_told(close: Close, representative: User, member: User, officer: User) -> None:
    assert told(close()) == {representative.email, member.email, officer.email}


def test_who_was_there_for_the_foundation_is_told_too(
    close: Close, ready: ProgressSheet, foundation: Foundation, admin: User, board: User
) -> None:
    """As long as they read the sheet whole: the board reads the PDF."""
    colleague = StaffFactory(foundation=foundation).user
    absent = StaffFactory(foundation=foundation).user
    for person in (colleague, admin, board):
        AttendeeFactory(meeting=ready.meetings.get(), side=Side.FOUNDATION, user=person)
    addresses = told(close())
    assert {colleague.email, admin.email} <= addresses
    assert not {absent.email, board.email} & addresses


def test_an_adviser_who_was_there_is_told_while_the_grant_is_theirs_to_read(
    close: Close, close_again: Callable[..., list[Any]], ready: ProgressSheet, adviser: User
) -> None:
    AttendeeFactory(meeting=ready.meetings.get(), side=Side.FOUNDATION, user=adviser)
    assert adviser.email in told(close_again())
    ready.refresh_from_db()
    GrantReader.objects.all().delete()
    ProgressSheet.objects.filter(pk=ready.pk).update(state="reopened")
    assert adviser.email not in told(close())


def test_an_appointment_nobody_kept_makes_nobody_a_recipient(
    close: Close, ready: ProgressSheet, foundation: Foundation
) -> None:
    colleague = StaffFactory(foundation=foundation).user
    missed = Meeting.objects.create(grant=ready.grant, held_on=dt.date(2022, 11, 1), held=False)
    missed.sheets.add(ready)
    AttendeeFactory(meeting=missed, side=Side.FOUNDATION, user=colleague)
    assert colleague.email not in told(close())


def test_several_hats_make_one_mail(
    close: Close, ready: ProgressSheet, officer: User, organisation: Organisation, foundation: Foundation
) -> None:
    """The officer is in the grantee's association too, and is the foundation's admin besides."""
    MembershipFactory(organisation=organisation, user=officer)
    StaffFactory(foundation=foundation, user=officer, role=Staff.Role.ADMIN)
    second = ready.meetings.create(grant=ready.grant, held_on=dt.date(2022, 11, 16), held=True)
    AttendeeFactory(meeting=second, side=Side.FOUNDATION, user=officer)
    mails = close()
    told(mails)
    assert mail_to(officer, mails).body.index("■ ちばのWAの宿題") < mail_to(officer, mails).body.index(
        "■ あおぞらの会の宿題"
    )


def test_who_was_switched_off_or_left_is_not_told(
    close: Close,
    ready: ProgressSheet,
    member: User,
    officer: User,
    organisation: Organisation,
    foundation: Foundation,
) -> None:
    User.objects.filter(pk=member.pk).update(is_active=False)
    left = MembershipFactory(organisation=organisation, ends_on=dt.date(2022, 1, 1)).user
    coming = MembershipFactory(organisation=organisation, starts_on=dt.date(2999, 1, 1)).user
    former = StaffFactory(foundation=foundation, ends_on=dt.date(2022, 1, 1)).user
    AttendeeFactory(meeting=ready.meetings.get(), side=Side.FOUNDATION, user=former)
    Staff.objects.filter(user=officer).update(ends_on=dt.date(2022, 1, 1))
    addresses = told(close())
    assert not {member.email, left.email, coming.email, former.email, officer.email} & addresses
    assert len(addresses) == 1


def test_nobody_outside_is_told(
    close: Close, other_grantee: User, stranger: User, stranger_admin: User, board: User, accountant: User
) -> None:
    outside = {person.email for person in (other_grantee, stranger, stranger_admin, board, accountant)}
    assert not outside & told(close())


# --- what ------------------------------------------------------------------------------------------------------


def give_homework(sheet: ProgressSheet, member: User, officer: User) -> None:
    earlier = SheetFactory(grant=sheet.grant, month=dt.date(2022, 9, 1), closed=True)
    ActionItemFactory(sheet=earlier, text="前からの宿題", due_on=None)
    ActionItemFactory(sheet=earlier, text="もう済んだ宿題", done_on=dt.date(2022, 11, 1), done_by=officer)
    ActionItemFactory(sheet=sheet, text="手引きの案を送る", person=member, due_on=dt.date(2022, 12, 20))
    ActionItemFactory(sheet=sheet, text="勉強会の日を決める", due_on=dt.date(2022, 12, 5))
    ActionItemFactory(
        sheet=sheet,
        text="帳簿の見本を送る",
        side=Side.FOUNDATION,
        person=officer,
        due_on=dt.date(2022, 11, 30),
    )


def lines_under(head: str, mail: Any) -> list[str]:
    block = mail.body.split(f"{head}\n", 1)[1].split("\n\n", 1)[0]
    return [line for line in block.splitlines() if line]


def test_the_grantee_reads_its_own_homework_first(
    close: Close, ready: ProgressSheet, member: User, representative: User, officer: User
) -> None:
    give_homework(ready, member, officer)
    mails = close()
    mail = mail_to(member, mails)
    assert mail.subject == "2022年10月の月次面談を確定しました（あおぞらの会）"
    assert mail.body.startswith("空野 みおさん\n\n2022年10月の月次面談の記録が確定しました。")
    assert lines_under("■ あおぞらの会の宿題", mail) == [
        "・手引きの案を送る（12月20日まで　あなた）",
        "・勉強会の日を決める（12月5日まで）",
        "・前からの宿題（日は未定）",
    ]
    assert lines_under("■ ちばのWAの宿題", mail) == ["・帳簿の見本を送る（11月30日まで　小野 彩さん）"]
    assert mail.body.index("あおぞらの会の宿題") < mail.body.index("ちばのWAの宿題")
    assert "もう済んだ宿題" not in mail.body
    other = mail_to(representative, mails)
    assert (
        lines_under("■ あおぞらの会の宿題", other)[1] == "・手引きの案を送る（12月20日まで　空野 みおさん）"
    )


def test_the_foundation_reads_its_own_homework_first(
    close: Close, ready: ProgressSheet, member: User, officer: User
) -> None:
    give_homework(ready, member, officer)
    mail = mail_to(officer, close())
    assert lines_under("■ ちばのWAの宿題", mail) == ["・帳簿の見本を送る（11月30日まで　あなた）"]
    assert mail.body.index("ちばのWAの宿題") < mail.body.index("あおぞらの会の宿題")


def test_without_homework_and_date_it_says_so(close: Close, member: User) -> None:
    mail = mail_to(member, close())
    assert (
        lines_under("■ あおぞらの会の宿題", mail) == lines_under("■ ちばのWAの宿題", mail) == ["ありません。"]
    )
    assert lines_under("■ 次回", mail) == ["次回の日は、まだ決まっていません。"]
    assert mail.attachments == []


def test_it_links_to_the_pdf_and_does_not_carry_it(
    close: Close, ready: ProgressSheet, member: User, settings: Any
) -> None:
    settings.SITE_URL = "https://banso.example.org"
    arrange_next(ready)
    mail = mail_to(member, close())
    assert f"https://banso.example.org/documents/{ready.documents.get().pk}/" in mail.body
    kinds = {part.get_content_type() for part in mail.message().walk()}
    assert kinds == {"multipart/mixed", "text/plain", "text/calendar"}


def test_the_next_date_comes_as_a_calendar_file(close: Close, ready: ProgressSheet, member: User) -> None:
    upcoming = arrange_next(ready)
    mail = mail_to(member, close())
    assert lines_under("■ 次回", mail) == [
        "2022年12月13日（火）10:00〜　団体の事務所（対面）",
        "添付のファイルを開くと、カレンダーに入ります。前にお送りしたものがあれば、置きかわります。",
    ]
    event = event_of(mail)
    assert event["summary"] == "あおぞらの会 月次面談"
    assert event["uid"].startswith(f"meeting-{upcoming.pk}@")
    (part,) = [part for part in mail.message().walk() if part.get_content_type() == "text/calendar"]
    assert part.get_param("method") == "PUBLISH"
    assert part.get_filename() == "meeting-2022-12-13.ics"


def test_what_already_took_place_is_no_next_date(close: Close, ready: ProgressSheet, member: User) -> None:
    arrange_next(ready, held=True)
    mail = mail_to(member, close())
    assert lines_under("■ 次回", mail) == ["次回の日は、まだ決まっていません。"]
    assert files_of(mail) == []


def test_each_reads_it_in_their_language(
    close: Close, ready: ProgressSheet, member: User, representative: User
) -> None:
    User.objects.filter(pk=member.pk).update(language="en")
    arrange_next(ready, form=Meeting.Form.ONLINE, place="")
    mails = close()
    english, japanese = mail_to(member, mails), mail_to(representative, mails)
    assert "October 2022" in english.subject
    assert "2022年10月" in japanese.subject
    assert "Tuesday" in english.body or "13 December 2022" in english.body
    assert "2022年12月13日（火）" in japanese.body
    assert event_of(english)["location"] == "Online"
    assert event_of(japanese)["location"] == "オンライン"
    assert event_of(english)["uid"] == event_of(japanese)["uid"]


def test_nothing_internal_and_nothing_told_in_confidence_is_mailed(
    close: Close, ready: ProgressSheet, plan: PlanRows, officer: User, admin: User
) -> None:
    """Every place where the month can hold words carries the same ones, but the homework and the next date."""
    secret = "だれにも言わないこと"
    arrange_next(ready)
    ProgressSheet.objects.filter(pk=ready.pk).update(remark=secret)
    for visibility in FieldNote.Visibility:
        FieldNoteFactory(grant=ready.grant, sheet=ready, author=officer, text=secret, visibility=visibility)
    FigureFactory(sheet=ready, indicator=plan.indicators["sum"], note=secret)
    FigureFactory(sheet=ready, indicator=plan.indicators["state"], value=None, sentence=secret)
    OutcomeChangeFactory(sheet=ready, outcome=plan.outcomes[0], text=secret)
    OutcomeReview.objects.filter(sheet=ready).update(sentence=secret)
    CostReview.objects.filter(sheet=ready).update(consultation=secret)
    ready.events.create(act="submit", to_state="submitted", by=officer, at=ready.turn_since, reason=secret)
    AttendeeFactory(meeting=ready.meetings.get(), side=Side.FOUNDATION, user=admin, title=secret)
    mails = close()
    assert len(mails) == 4
    for mail in mails:
        wire = mail.subject + mail.body + "".join(map(str, files_of(mail)))
        assert secret not in wire


# --- corrected and closed again ----------------------------------------------------------------------------------


def test_a_correction_says_what_was_corrected(
    close_again: Callable[..., list[Any]], ready: ProgressSheet, plan: PlanRows, member: User, officer: User
) -> None:
    figure = FigureFactory(sheet=ready, indicator=plan.indicators["new_unique"], value=12)
    change = OutcomeChangeFactory(sheet=ready, outcome=plan.outcomes[0], text="はじめの文")

    def correct() -> None:
        for row, values in ((figure, {"value": 11}), (change, {"text": "なおした文"})):
            for name, value in values.items():
                setattr(row, name, value)
            row._change_reason = CORRECTION
            row.save()

    mail = mail_to(member, close_again(correct))
    assert mail.subject == "2022年10月の月次面談を、訂正して確定しました（あおぞらの会）"
    assert "訂正して確定しました（第2版）" in mail.body
    assert "もう一度ひらいたわけ\n人数に誤りがありました" in mail.body
    assert lines_under("訂正したところ", mail) == ["・①-1 居場所に来た人　12 → 11", "・①のひとこと"]
    assert "なおした文" not in mail.body


def test_what_an_earlier_edition_corrected_is_not_told_again(
    close_again: Callable[..., list[Any]], ready: ProgressSheet, plan: PlanRows, member: User,
    days: time_machine.Traveller,
) -> None:  # fmt: skip
    figure = FigureFactory(sheet=ready, indicator=plan.indicators["new_unique"], value=12)

    def correct() -> None:
        days.shift(60)
        figure.value = 11
        figure._change_reason = CORRECTION
        figure.save()
        days.shift(60)

    assert "12 → 11" in mail_to(member, close_again(correct)).body
    ProgressSheet.objects.filter(pk=ready.pk).update(state="submitted")
    mail = mail_to(member, close_again(lambda: days.shift(60)))
    assert "12 → 11" not in mail.body
    assert "数と文に、訂正したところはありません。" in mail.body


def test_a_moved_date_replaces_the_file_of_the_first_closing(
    close: Close, ready: ProgressSheet, officer: User, member: User, days: time_machine.Traveller
) -> None:
    upcoming = arrange_next(ready)
    first = event_of(mail_to(member, close()))
    ready.refresh_from_db()
    reopen_sheet(sheet=ready, by=officer, reason="日を変える")
    days.shift(3600)
    upcoming.held_on = dt.date(2022, 12, 20)
    upcoming.save()
    second = event_of(mail_to(member, close()))
    assert second["uid"] == first["uid"]
    assert second["sequence"] > first["sequence"]
    assert second.start.date() == dt.date(2022, 12, 20)


def test_a_date_that_was_taken_back_leaves_the_calendar(
    close_again: Callable[..., list[Any]], close: Close, ready: ProgressSheet, member: User, officer: User
) -> None:
    upcoming = arrange_next(ready)
    key = upcoming.pk
    mails = close_again(upcoming.delete)
    mail = mail_to(member, mails)
    (calendar,) = files_of(mail)
    assert calendar["method"] == "CANCEL"
    assert calendar.events[0]["uid"].startswith(f"meeting-{key}@")
    assert calendar.events[0]["status"] == "CANCELLED"
    assert "添付のファイルを開くと、カレンダーからも消えます。" in mail.body
    ready.refresh_from_db()
    reopen_sheet(sheet=ready, by=officer, reason="もう一度")
    assert files_of(mail_to(member, close())) == []  # it is told once


def test_another_meeting_in_its_place_takes_the_first_one_out(
    close_again: Callable[..., list[Any]], ready: ProgressSheet, member: User
) -> None:
    first = arrange_next(ready)
    key = first.pk

    def replace() -> None:
        first.delete()
        arrange_next(ready, held_on=dt.date(2022, 12, 27))

    published, cancelled = files_of(mail_to(member, close_again(replace)))
    assert (published["method"], cancelled["method"]) == ("PUBLISH", "CANCEL")
    assert published.events[0].start.date() == dt.date(2022, 12, 27)
    assert cancelled.events[0]["uid"].startswith(f"meeting-{key}@")


def test_a_meeting_that_took_place_meanwhile_stays_in_the_calendar(
    close_again: Callable[..., list[Any]], ready: ProgressSheet, member: User
) -> None:
    upcoming = arrange_next(ready)
    mails = close_again(lambda: Meeting.objects.filter(pk=upcoming.pk).update(held=True))
    assert files_of(mail_to(member, mails)) == []


# --- once, and kept --------------------------------------------------------------------------------------------


def test_what_was_written_is_kept_with_the_document(close: Close, ready: ProgressSheet, member: User) -> None:
    mails = close()
    kept = SheetMail.objects.get(person=member)
    assert (kept.sheet, kept.document, kept.side) == (ready, ready.documents.get(), Side.GRANTEE)
    assert (kept.subject, kept.body) == (mail_to(member, mails).subject, mail_to(member, mails).body)
    assert kept.sent_at is not None
    assert kept.error == ""


def test_a_closing_that_fails_writes_to_nobody(
    ready: ProgressSheet, officer: User, mailoutbox: list[Any], django_capture_on_commit_callbacks: Commit
) -> None:
    def fail(sheet: ProgressSheet) -> bytes:
        raise RuntimeError("no paper")

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(RuntimeError):
        close_sheet(sheet=ready, by=officer, render_pdf=fail)
    assert mailoutbox == []
    assert not SheetMail.objects.exists()


def test_queries_do_not_grow_with_the_people(
    ready: ProgressSheet, officer: User, organisation: Organisation, django_assert_num_queries: Any
) -> None:
    def close() -> None:
        close_sheet(sheet=ready, by=officer, render_pdf=lambda sheet: b"%PDF-1.7")

    arrange_next(ready)
    with django_assert_num_queries(42):
        close()
    SheetMail.objects.all().delete()
    ready.documents.all().delete()
    ready.events.all().update(act="submit")
    ProgressSheet.objects.filter(pk=ready.pk).update(state="submitted")
    MembershipFactory.create_batch(5, organisation=organisation)
    for _ in range(3):
        ActionItemFactory(sheet=ready, person=UserFactory())
    with django_assert_num_queries(42):
        close()
    assert SheetMail.objects.count() == 8
