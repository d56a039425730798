"""What is written to both sides when a month is closed, and when the next date changes afterwards.

Only what both sides share goes in: homework, dates, the names of what was corrected. Remarks, sentences about outcomes
and whatever is internal stay on pages that ask who is reading.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

from django.utils import translation
from django.utils.translation import gettext

from core.dates import short_date_label
from core.mail import written_mail
from mentoring.calendars import PUBLISH, CalendarFile, cancelled_file, meeting_file, uid_of
from mentoring.corrections import corrections_of
from mentoring.models import ActionItem, Meeting, ProgressSheet, SheetDocument, SheetEvent, SheetMail
from mentoring.models.meetings import Side
from mentoring.reading import SheetReading
from mentoring.recipients import Recipient, recipients_of
from mentoring.told import as_told

SHORT_ENOUGH = 20  # letters; a number or a chosen word, and no sentence


@dataclass(frozen=True, slots=True)
class HomeworkLine:
    text: str
    note: str  # 12月5日まで　あなた


@dataclass(frozen=True, slots=True)
class HomeworkOfSide:
    name: str  # of the side, as its people call it
    lines: list[HomeworkLine]


def closing_mails(document: SheetDocument, reading: SheetReading) -> list[SheetMail]:
    """One for each person, in their language; not saved yet. `reading` is the sheet as it was just before closing."""
    sheet, is_again = reading.sheet, document.edition > 1
    upcoming = reading.upcoming if reading.upcoming and not reading.upcoming.held else None
    earlier = _last_mails(sheet)
    mails = []
    for language, recipients in _by_language(sheet):
        with translation.override(language):
            published = meeting_file(upcoming, sheet.grant) if upcoming else None
            shared = {
                "document": document,
                "upcoming": upcoming,
                "reopened": _reopening(reading) if is_again else None,
                "corrections": _corrections(reading) if is_again else [],
            }
            for recipient in recipients:
                gone = _no_longer_true(earlier.get(recipient.person.pk), published)
                context = {**shared, "homework": _homework(reading, recipient), "gone": gone}
                files = [file for file in (published, gone) if file]
                mails.append(_mail("sheet_closed", recipient, sheet, upcoming, files, context, document))
    return mails


def moved_mails(sheet: ProgressSheet, meeting: Meeting) -> list[SheetMail]:
    """The next date is another one now. `sheet` is the month whose closing told the earlier date."""
    mails = []
    for language, recipients in _by_language(sheet):
        with translation.override(language):
            files = [meeting_file(meeting, sheet.grant)]
            context = {"upcoming": meeting}
            mails += [_mail("meeting_moved", each, sheet, meeting, files, context) for each in recipients]
    return mails


def _by_language(sheet: ProgressSheet) -> Iterator[tuple[str, list[Recipient]]]:
    recipients = recipients_of(sheet)
    for language in dict.fromkeys(recipient.person.language for recipient in recipients):
        yield language, [recipient for recipient in recipients if recipient.person.language == language]


def _mail(
    template: str,
    recipient: Recipient,
    sheet: ProgressSheet,
    upcoming: Meeting | None,
    files: list[CalendarFile],
    shared: Mapping[str, object],
    document: SheetDocument | None = None,
) -> SheetMail:
    context = {**shared, "sheet": sheet, "person": recipient.person}
    subject, body = written_mail(template, context, language=recipient.person.language)
    return SheetMail(
        sheet=sheet,
        document=document,
        meeting=upcoming,
        told=as_told(upcoming) if upcoming else "",
        person=recipient.person,
        side=recipient.side,
        email=recipient.person.email,
        subject=subject[:300],
        body=body,
        calendars=[asdict(file) for file in files],
    )


# --- homework ------------------------------------------------------------------------------------------------


def _homework(reading: SheetReading, recipient: Recipient) -> list[HomeworkOfSide]:
    """What is still open: the reader's own side first, and there what is theirs in person."""
    grant = reading.sheet.grant
    names = {Side.GRANTEE: grant.organisation.name, Side.FOUNDATION: grant.foundation.short_name}
    items = [item for item in (*reading.earlier_homework, *reading.new_homework) if item.done_on is None]
    other = Side.FOUNDATION if recipient.side == Side.GRANTEE else Side.GRANTEE
    return [
        HomeworkOfSide(names[side], [_line(item, recipient) for item in _sorted(items, side, recipient)])
        for side in (recipient.side, other)
    ]


def _sorted(items: list[ActionItem], side: Side, recipient: Recipient) -> list[ActionItem]:
    def order(item: ActionItem) -> tuple[bool, bool, str]:
        return item.person_id != recipient.person.pk, item.due_on is None, str(item.due_on)

    return sorted((item for item in items if item.side == side), key=order)


def _line(item: ActionItem, recipient: Recipient) -> HomeworkLine:
    due = (
        gettext("%(day)sまで") % {"day": short_date_label(item.due_on)}
        if item.due_on
        else gettext("日は未定")
    )
    who = ""
    if item.person is not None:
        is_mine = item.person.pk == recipient.person.pk
        who = gettext("あなた") if is_mine else gettext("%(name)sさん") % {"name": item.person.name}
    return HomeworkLine(item.text, "　".join(filter(None, (due, who))))


# --- a second edition --------------------------------------------------------------------------------------


def _reopening(reading: SheetReading) -> SheetEvent | None:
    return next((event for event in reversed(reading.events) if event.act == "reopen"), None)


def _corrections(reading: SheetReading) -> list[str]:
    """What was put right since the month was closed before, oldest first; of free words only where they stand."""
    closings = [event.at for event in reading.events if event.act == "close"]
    if not closings:
        return []
    found = [c for c in corrections_of(reading.sheet, reading) if c.at > closings[-1]]
    lines = []
    for correction in reversed(found):
        is_short = max(len(correction.before), len(correction.after)) <= SHORT_ENOUGH
        change = f"　{correction.before} → {correction.after}" if is_short and not correction.is_text else ""
        lines.append(correction.what + change)
    return list(dict.fromkeys(lines))


# --- what lies in people's calendars already -------------------------------------------------------------------


def _last_mails(sheet: ProgressSheet) -> dict[int, SheetMail]:
    """By person, the last mail about this month that has gone or is on its way: one that waits is replaced by the new."""
    gone = SheetMail.objects.filter(sheet=sheet).exclude(sent_at__isnull=True, taken_at__isnull=True)
    return {mail.person_id: mail for mail in gone.select_related("meeting").order_by("pk")}


def _no_longer_true(mail: SheetMail | None, published: CalendarFile | None) -> CalendarFile | None:
    """Takes out of the calendar what the last mail has put in, when that meeting is not going to take place any more."""
    if mail is None or (mail.meeting is not None and mail.meeting.held):
        return None
    told = [CalendarFile(**file) for file in mail.calendars if file["method"] == PUBLISH]
    if not told or (published is not None and uid_of(told[0]) == uid_of(published)):
        return None
    return cancelled_file(told[0])
