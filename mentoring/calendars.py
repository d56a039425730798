"""The next meeting as a calendar file (RFC 5545): a name, a time and a place. Nothing that was said goes in.

A file that came later replaces the earlier one in a calendar: same UID, higher SEQUENCE.
"""

import datetime as dt
from dataclasses import dataclass
from email.utils import parseaddr
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext
from icalendar import Calendar, Event, Timezone, vCalAddress, vText

from core import clock
from grants.models import Grant
from mentoring.models import Meeting

PRODUCT = "-//Banso//Monthly meetings//JA"
USUAL_LENGTH = dt.timedelta(hours=1)  # of an appointment that does not say when it ends
PUBLISH, CANCEL = "PUBLISH", "CANCEL"


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """`method` PUBLISH: take it in, or put it in the place of an earlier one. CANCEL: take it out again."""

    name: str
    method: str
    text: str


def meeting_file(meeting: Meeting, grant: Grant) -> CalendarFile:
    """Needs the grant with its names. Its words are in the language of now."""
    event = Event()
    event.add("uid", meeting_uid(meeting.pk))
    event.add("sequence", meeting_sequence(meeting))
    event.add("dtstamp", clock.now().astimezone(dt.UTC))
    event.add("last-modified", meeting.updated_at.astimezone(dt.UTC))
    _add_time(event, meeting)
    event.add("summary", gettext("%(name)s 月次面談") % {"name": grant.organisation.name})
    if place := _place(meeting):
        event.add("location", place)
    event.add("organizer", _organiser(grant))
    event.add("url", settings.SITE_URL + _address(meeting, grant), {"VALUE": "URI"})
    event.add("status", "CONFIRMED")
    return CalendarFile(_filename(meeting), PUBLISH, _wrapped(event, PUBLISH))


def cancelled_file(file: CalendarFile) -> CalendarFile:
    """Takes out of a calendar what `file` has put in. Works without the meeting, which may be gone."""
    event = Calendar.from_ical(file.text).events[0]
    changes = (
        ("sequence", (event.sequence or 0) + 1),
        ("dtstamp", clock.now().astimezone(dt.UTC)),
        ("status", "CANCELLED"),
    )
    for name, value in changes:
        del event[name]
        event.add(name, value)
    return CalendarFile(file.name, CANCEL, _wrapped(event, CANCEL))


def uid_of(file: CalendarFile) -> str:
    return str(Calendar.from_ical(file.text).events[0]["uid"])


def meeting_uid(pk: int) -> str:
    return f"meeting-{pk}@{urlsplit(settings.SITE_URL).hostname}"


def meeting_sequence(meeting: Meeting) -> int:
    """The seconds between the first and the last writing of the row: it only grows, and nobody has to count."""
    return int((meeting.updated_at - meeting.created_at).total_seconds())


def _add_time(event: Event, meeting: Meeting) -> None:
    """Without a time of day it is the whole day, and keeps nobody from other appointments."""
    if meeting.starts_at is None:
        event.add("dtstart", meeting.held_on)
        event.add("dtend", meeting.held_on + dt.timedelta(days=1))
        event.add("transp", "TRANSPARENT")
        return
    zone = _zone()
    start = dt.datetime.combine(meeting.held_on, meeting.starts_at, zone)
    end = dt.datetime.combine(meeting.held_on, meeting.ends_at, zone) if meeting.ends_at else None
    event.add("dtstart", start)
    event.add("dtend", end if end and end > start else start + USUAL_LENGTH)
    event.add("transp", "OPAQUE")


def _place(meeting: Meeting) -> str:
    form = meeting.get_form_display()
    return (
        gettext("%(place)s（%(form)s）") % {"place": meeting.place, "form": form} if meeting.place else form
    )


def _organiser(grant: Grant) -> vCalAddress:
    """The foundation under the address that its mails come from; no person's own."""
    address = vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    address.params["CN"] = vText(grant.foundation.short_name)
    return address


def _address(meeting: Meeting, grant: Grant) -> str:
    sheets = sorted(meeting.sheets.all(), key=lambda sheet: sheet.month)
    return sheets[0].get_absolute_url() if sheets else grant.get_absolute_url()


def _wrapped(event: Event, method: str) -> str:
    calendar = Calendar()
    for name, value in (
        ("version", "2.0"),
        ("prodid", PRODUCT),
        ("calscale", "GREGORIAN"),
        ("method", method),
    ):
        calendar.add(name, value)
    start = event.start
    if isinstance(start, dt.datetime):
        calendar.add_component(_timezone(start.date()))
    calendar.add_component(event)
    text: str = calendar.to_ical().decode()
    return text


def _timezone(day: dt.date) -> Timezone:
    zone = Timezone.from_tzinfo(
        _zone(), first_date=day - dt.timedelta(days=366), last_date=day + dt.timedelta(days=366)
    )
    zone.pop("comment", None)  # says that it was computed for two years, which nobody asked
    return zone


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


def _filename(meeting: Meeting) -> str:
    return (
        f"meeting-{meeting.held_on:%Y-%m-%d}.ics"  # plain letters: not every mail program reads others here
    )
