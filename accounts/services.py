"""Writing the journal, and opening an account."""

from typing import Any

from allauth.account.models import EmailAddress
from django.db import models, transaction

from accounts.models import JournalEntry, User
from core import clock


def record_act(
    *,
    verb: str,
    subject: models.Model,
    by: User | None,
    foundation_id: int | None,
    reason: str = "",
    label: str = "",
    **details: Any,
) -> JournalEntry:
    """Call it inside the transaction of the act. `verb` is a code such as "sheet.submitted"; `by` None is a timer.
    `label` names the subject where saying it by itself would cost a query.

    `foundation_id` decides which foundation's admins can read the line; None keeps it from all of them.
    """
    return JournalEntry.objects.create(
        at=clock.now(),
        actor=by,
        verb=verb,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        subject_label=(label or str(subject))[:200],
        foundation_id=foundation_id,
        reason=reason,
        details=details,
    )


@transaction.atomic
def open_account(
    *,
    email: str,
    name: str,
    password: str | None,
    by: User | None,
    foundation_id: int | None,
    kana: str = "",
    language: str = User.Language.JAPANESE,
) -> User:
    """The address counts as proven: the caller sent an invitation to it, or knows the person.

    `by` None: the person did it alone. A password of None makes an account to be entered after a reset only.
    """
    user = User.objects.create_user(email, password, name=name, kana=kana, language=language)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    record_act(verb="account.opened", subject=user, by=by or user, foundation_id=foundation_id)
    return user


def remember_language(*, user: User, language: str) -> None:
    """Mails to this person speak it from now on. A language that mails do not know changes nothing."""
    if language in User.Language.values and language != user.language:
        user.language = language
        user.save(update_fields=["language"])
