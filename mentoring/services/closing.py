"""Closing a month: the one act that makes a document out of a conversation."""

from collections.abc import Callable

from django.db import transaction

from accounts.models import User
from mentoring import workflow
from mentoring.arranged import snapshot_of
from mentoring.closing import Missing, missing_for_closing
from mentoring.closing_mail import closing_mails
from mentoring.models import ProgressSheet, SheetDocument
from mentoring.printed import Marks, PrintedPart, changed_parts, printed_parts
from mentoring.reading import read_sheet
from mentoring.services.documents import store_document
from mentoring.services.mails import post_mails


class NotReady(Exception):
    """Something is missing; `missing` says what, in the order of the meeting's page."""

    def __init__(self, missing: list[Missing]) -> None:
        self.missing = missing
        super().__init__("; ".join(item.text for item in missing))


class ChangedMeanwhile(Exception):
    """Something is not as it was read; `parts` says what, in the order of the paper."""

    def __init__(self, parts: list[PrintedPart]) -> None:
        self.parts = parts
        super().__init__("; ".join(part.label for part in parts))


@transaction.atomic
def close_sheet(
    *,
    sheet: ProgressSheet,
    by: User,
    render_pdf: Callable[[ProgressSheet], bytes],
    seen: Marks | None = None,
) -> SheetDocument:
    """Freezes the sheet, stores its PDF and writes to both sides; when `render_pdf` fails, nothing has happened. Mails
    leave after the commit, and one that fails undoes nothing.

    Raises NotReady while something is missing, ChangedMeanwhile when it is not what was `seen` (None: nobody looked),
    workflow.WrongState when the sheet is with the grantee or closed already. The lock is taken before reading, so what is checked is what is printed.
    """
    row = workflow.locked(sheet)
    if not workflow.may("close", row):
        raise workflow.WrongState(row, "close")
    reading = read_sheet(_with_names(row))
    missing = missing_for_closing(reading)
    if missing:
        raise NotReady(missing)
    if seen is not None and (changed := changed_parts(printed_parts(reading), seen)):
        raise ChangedMeanwhile(changed)
    workflow.move_sheet(sheet=row, act="close", by=by)
    ProgressSheet.objects.filter(pk=row.pk).update(next_snapshot=snapshot_of(reading.upcoming))
    closed = _with_names(row)
    document = store_document(sheet=closed, pdf=render_pdf(closed), by=by)
    post_mails(closing_mails(document, reading))
    return document


def _with_names(sheet: ProgressSheet) -> ProgressSheet:
    return ProgressSheet.objects.with_names().get(pk=sheet.pk)
