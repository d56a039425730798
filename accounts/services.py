"""Writing the journal."""

from typing import Any

from django.db import models

from accounts.models import JournalEntry, User
from core import clock


def record_act(
    *,
    verb: str,
    subject: models.Model,
    by: User | None,
    foundation_id: int | None,
    reason: str = "",
    **details: Any,
) -> JournalEntry:
    """Call it inside the transaction of the act. `verb` is a code such as "sheet.submitted"; `by` None is a timer.

    `foundation_id` decides which foundation's admins can read the line; None keeps it from all of them.
    """
    return JournalEntry.objects.create(
        at=clock.now(),
        actor=by,
        verb=verb,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        subject_label=str(subject)[:200],
        foundation_id=foundation_id,
        reason=reason,
        details=details,
    )
