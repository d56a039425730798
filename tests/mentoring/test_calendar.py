"""The next meeting as a calendar file, read back the way a calendar reads it."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.utils import translation
from icalendar import Calendar, Event

from accounts.models import User
from grants.models import Grant
from mentoring.calendars import CalendarFile, cancelled_file, meeting_file, uid_of
from mentoring.models import FieldNote, Meeting
from tests.factories import (
    ActionItemFactory,
    AttendeeFactory,
    FieldNoteFactory,
    MeetingFactory,
    SheetFactory,
)

SignIn = Callable[[User], Client]
TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.fixture
def meeting(grant: Grant) -> Meeting:
    sheet = SheetFactory(grant=grant, month=dt.date(2022, 11, 1))
    made: Meeting = MeetingFactory(
        grant=grant,
        sheets=[sheet],
        held=False,
        held_on=dt.date(2022, 12, 13),
        starts_at=dt.time(10, 0),
        ends_at=dt.time(11, 30),
        place="団体の事務所, 2階; 会議室",
        form=Meeting.Form.VISIT,
    )
    return made


def file_of(meeting: Meeting) -> CalendarFile:
    return meeting_file(meeting, meeting.grant)


def read(text: str) -> tuple[Calendar, Event]:
    calendar = Calendar.from_ical(text)
    (event,) = calendar.events
    return calendar, event


def event_of(meeting: Meeting) -> Event:
    return read(file_of(Meeting.objects.get(pk=meeting.pk)).text)[1]


def test_it_says_what_when_and_where(meeting: Meeting, settings: Any) -> None:
    settings.SITE_URL = "https://banso.example.org"
    settings.DEFAULT_FROM_EMAIL = "伴走 <post@banso.example.org>"
    calendar, event = read(file_of(meeting).text)
    assert (calendar["version"], calendar["method"], calendar["calscale"]) == ("2.0", "PUBLISH", "GREGORIAN")
    assert event["summary"] == "あおぞらの会 月次面談"
    assert event.start == dt.datetime(2022, 12, 13, 10, 0, tzinfo=TOKYO)
    assert event.end == dt.datetime(2022, 12, 13, 11, 30, tzinfo=TOKYO)
    assert event["dtstart"].params["TZID"] == "Asia/Tokyo"
    assert event["location"] == "団体の事務所, 2階; 会議室（訪問）"
    assert event["organizer"] == "mailto:post@banso.example.org"
    assert event["organizer"].params["CN"] == "ちばのWA"
    assert event["url"] == f"https://banso.example.org/sheets/{meeting.sheets.get().pk}/"
    assert event["uid"] == f"meeting-{meeting.pk}@banso.example.org"
    assert (event["status"], event["transp"]) == ("CONFIRMED", "OPAQUE")
    assert event["dtstamp"].dt.utcoffset() == dt.timedelta(0)


def test_it_brings_its_time_zone_along(meeting: Meeting) -> None:
    calendar, _ = read(file_of(meeting).text)
    (zone,) = calendar.timezones
    assert zone["tzid"] == "Asia/Tokyo"
    (standard,) = zone.standard
    assert standard["tzoffsetto"].td == dt.timedelta(hours=9)


def test_lines_are_folded_and_end_as_the_standard_wants(meeting: Meeting) -> None:
    meeting.place = "とても長い名前の会議室" * 10
    raw = file_of(meeting).text.encode()
    assert raw.endswith(b"END:VCALENDAR\r\n")
    lines = raw.split(b"\r\n")
    assert not any(b"\n" in line for line in lines)
    assert max(map(len, lines)) <= 75
    assert read(raw.decode())[1]["location"] == f"{meeting.place}（訪問）"


def test_without_a_time_it_is_the_whole_day(meeting: Meeting) -> None:
    meeting.starts_at = meeting.ends_at = None
    calendar, event = read(file_of(meeting).text)
    assert (event.start, event.end) == (dt.date(2022, 12, 13), dt.date(2022, 12, 14))
    assert event["dtstart"].params["VALUE"] == "DATE"
    assert event["transp"] == "TRANSPARENT"
    assert calendar.timezones == []


@pytest.mark.parametrize("ends_at", [None, dt.time(10, 0)])
def test_without_an_end_it_takes_an_hour(meeting: Meeting, ends_at: dt.time | None) -> None:
    meeting.ends_at = ends_at
    event = read(file_of(meeting).text)[1]
    assert event.end - event.start == dt.timedelta(hours=1)


def test_without_a_place_it_says_how(meeting: Meeting) -> None:
    meeting.place, meeting.form = "", Meeting.Form.ONLINE
    assert read(file_of(meeting).text)[1]["location"] == "オンライン"


def test_a_line_end_in_a_place_adds_no_line_of_its_own(meeting: Meeting) -> None:
    meeting.place = "会議室\r\nATTENDEE:mailto:nobody@example.test"
    event = read(file_of(meeting).text)[1]
    assert "attendee" not in event
    assert event["location"].startswith("会議室\n")


def test_a_later_file_replaces_the_earlier_one(grant: Grant) -> None:
    with time_machine.travel("2022-11-15 12:00:00+09:00", tick=False) as traveller:
        meeting = MeetingFactory(grant=grant, held=False, held_on=dt.date(2022, 12, 13))
        first = event_of(meeting)
        traveller.shift(dt.timedelta(days=3))
        meeting.held_on = dt.date(2022, 12, 14)
        meeting.save(update_fields=["held_on", "updated_at"])
        second = event_of(meeting)
    assert first["uid"] == second["uid"]
    assert first["sequence"] == 0
    assert second["sequence"] > first["sequence"]
    assert second["dtstamp"].dt > first["dtstamp"].dt
    assert second.start.date() == dt.date(2022, 12, 14)


def test_a_cancelled_meeting_leaves_the_calendar_again(meeting: Meeting) -> None:
    file = file_of(meeting)
    published = read(file.text)[1]
    meeting.delete()
    calendar, event = read(cancelled_file(file).text)
    assert (calendar["method"], event["status"]) == ("CANCEL", "CANCELLED")
    assert event["uid"] == published["uid"] == uid_of(file)
    assert event["sequence"] == published["sequence"] + 1
    assert event.start == published.start
    assert len(calendar.timezones) == 1


def test_it_speaks_the_language_of_its_reader(meeting: Meeting) -> None:
    with translation.override("en"):
        event = read(file_of(meeting).text)[1]
    assert "あおぞらの会" in event["summary"]
    assert "Visit" in event["location"]


def test_nothing_that_was_said_goes_in(meeting: Meeting, officer: User) -> None:
    """Every text that hangs on the meeting and its month carries the same word."""
    sheet = meeting.sheets.get()
    sheet.remark = "ひみつのことば"
    sheet.save()
    for visibility in FieldNote.Visibility:
        FieldNoteFactory(grant=meeting.grant, sheet=sheet, visibility=visibility, text="ひみつのことば")
    ActionItemFactory(sheet=sheet, text="ひみつのことば")
    AttendeeFactory(meeting=meeting, name="ひみつのことば")
    text = file_of(Meeting.objects.get(pk=meeting.pk)).text.replace("\r\n ", "")
    assert "ひみつのことば" not in text
    for person in (officer.name, officer.email):
        assert person not in text


# --- the page ------------------------------------------------------------------------------------------------


def url(meeting: Meeting) -> str:
    return f"/meetings/{meeting.pk}/calendar.ics"


def test_it_is_downloaded(meeting: Meeting, sign_in: SignIn, member: User) -> None:
    response: Any = sign_in(member).get(url(meeting))
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    assert response["Content-Disposition"] == 'attachment; filename="meeting-2022-12-13.ics"'
    assert response["Cache-Control"] == "private, no-store"
    event = read(b"".join(response.streaming_content).decode())[1]
    assert event["summary"] == "あおぞらの会 月次面談"


@pytest.mark.parametrize("who", ["officer", "admin", "adviser", "accountant", "representative"])
def test_whoever_works_on_the_grant_may_take_it(
    who: str, meeting: Meeting, sign_in: SignIn, request: pytest.FixtureRequest
) -> None:
    assert sign_in(request.getfixturevalue(who)).get(url(meeting)).status_code == 200


@pytest.mark.parametrize("who", ["board", "other_grantee", "stranger", "stranger_admin"])
def test_stranger_gets_404(
    who: str, meeting: Meeting, sign_in: SignIn, request: pytest.FixtureRequest
) -> None:
    assert sign_in(request.getfixturevalue(who)).get(url(meeting)).status_code == 404


def test_it_takes_no_post(meeting: Meeting, sign_in: SignIn, officer: User) -> None:
    assert sign_in(officer).post(url(meeting)).status_code == 405


def test_queries(
    meeting: Meeting, sign_in: SignIn, officer: User, django_assert_num_queries: Callable[..., Any]
) -> None:
    client = sign_in(officer)
    with django_assert_num_queries(4):
        client.get(url(meeting))


# --- where it is offered ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["officer", "member"])
def test_it_is_offered_at_home_and_on_the_sheet(
    who: str, meeting: Meeting, sign_in: SignIn, request: pytest.FixtureRequest
) -> None:
    client = sign_in(request.getfixturevalue(who))
    for page in ("/", f"/sheets/{meeting.sheets.get().pk}/"):
        assert f'href="{url(meeting)}"' in client.get(page).content.decode(), page


def test_the_closed_sheet_offers_the_next_one_but_not_to_the_board(
    meeting: Meeting, sign_in: SignIn, officer: User, board: User
) -> None:
    closed = SheetFactory(grant=meeting.grant, closed=True)
    MeetingFactory(grant=meeting.grant, sheets=[closed], next_meeting=meeting)
    page = f"/sheets/{closed.pk}/"
    assert f'href="{url(meeting)}"' in sign_in(officer).get(page).content.decode()
    seen = sign_in(board).get(page).content.decode()
    assert "2022年12月13日" in seen
    assert "calendar.ics" not in seen


def test_what_took_place_is_not_offered(meeting: Meeting, sign_in: SignIn, officer: User) -> None:
    Meeting.objects.update(held=True)
    page = sign_in(officer).get(f"/sheets/{meeting.sheets.get().pk}/").content.decode()
    assert "calendar.ics" not in page
