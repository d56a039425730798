"""Closing a month: the one act that makes a document out of a conversation."""

from collections.abc import Callable

from django.db import transaction

from accounts.models import User
from mentoring import workflow
from mentoring.closing import Missing, missing_for_closing
from mentoring.models import ProgressSheet, SheetDocument
from mentoring.reading import read_sheet
from mentoring.services.documents import store_document


class NotReady(Exception):
    """Something is missing; `missing` says what, in the order of the meeting's page."""

    def __init__(self, missing: list[Missing]) -> None:
        self.missing = missing
        super().__init__("; ".join(item.text for item in missing))


@transaction.atomic
def close_sheet(
    *, sheet: ProgressSheet, by: User, render_pdf: Callable[[ProgressSheet], bytes]
) -> SheetDocument:
    """Freezes the sheet and stores its PDF; when `render_pdf` fails, nothing has happened.

    Raises NotReady while something is missing, workflow.WrongState when the sheet is with the grantee
    or closed already. The lock is taken before reading, so what is checked is what is printed.
    """
    row = workflow.locked(sheet)
    if not workflow.may("close", row):
        raise workflow.WrongState(row, "close")
    missing = missing_for_closing(read_sheet(_with_names(row)))
    if missing:
        raise NotReady(missing)
    workflow.move_sheet(sheet=row, act="close", by=by)
    closed = _with_names(row)
    return store_document(sheet=closed, pdf=render_pdf(closed), by=by)


def _with_names(sheet: ProgressSheet) -> ProgressSheet:
    return ProgressSheet.objects.with_names().get(pk=sheet.pk)
