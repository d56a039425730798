"""Handing a sheet to the other side: submit, return, reopen. (Closing stores a document: services.closing.)"""

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from core.mail import send_mail_template
from mentoring.models import ProgressSheet
from mentoring.recipients import people_of_grantee
from mentoring.selectors import plan_of
from mentoring.workflow import move_sheet


@transaction.atomic
def submit_sheet(*, sheet: ProgressSheet, by: User) -> ProgressSheet:
    """Pins the plan the sheet was written against, and tells the officer in charge. Raises WrongState."""
    row = move_sheet(sheet=sheet, act="submit", by=by)
    row.plan_snapshot = plan_of(row).to_json()
    row.save(update_fields=["plan_snapshot"])
    _tell("sheet_submitted", [row.grant.officer], row, by=by)
    return row


@transaction.atomic
def return_sheet(*, sheet: ProgressSheet, by: User, reason: str) -> ProgressSheet:
    """Lets go of the pinned plan: what comes next is written against the plan then in force.

    Raises WrongState, or ReasonMissing when the reason is blank.
    """
    row = move_sheet(sheet=sheet, act="return", by=by, reason=reason)
    row.plan_snapshot = None
    row.save(update_fields=["plan_snapshot"])
    _tell("sheet_returned", people_of_grantee(row), row, by=by, reason=reason.strip())
    return row


@transaction.atomic
def reopen_sheet(*, sheet: ProgressSheet, by: User, reason: str) -> ProgressSheet:
    """The pinned plan and the PDF of the closing stay. Raises WrongState, or ReasonMissing when the reason is blank."""
    row = move_sheet(sheet=sheet, act="reopen", by=by, reason=reason)
    _tell("sheet_reopened", people_of_grantee(row), row, by=by, reason=reason.strip())
    return row


def _tell(
    template: str, people: "QuerySet[User] | list[User]", sheet: ProgressSheet, *, by: User, reason: str = ""
) -> None:
    for person in people:
        if person.is_active and person != by:
            context = {"sheet": sheet, "person": person, "by": by, "reason": reason}
            send_mail_template(template, person.email, context, language=person.language)
