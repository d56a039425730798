"""Mails: written to a folder and the console where no server is configured; sent after the commit."""

import contextlib
import smtplib
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

CONNECTION_GONE = (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError, smtplib.SMTPAuthenticationError)


class ConsoleAndFolderBackend(BaseEmailBackend):
    """Each mail becomes an .eml (for mail programs) and a .txt (for reading) in settings.MAIL_FOLDER."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.MAIL_FOLDER)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{timezone.localtime():%Y%m%d-%H%M%S}-{uuid4().hex[:6]}"
            readable = f"To: {', '.join(message.to)}\nSubject: {message.subject}\n\n{message.body}\n"
            (folder / f"{name}.eml").write_bytes(message.message().as_bytes())
            (folder / f"{name}.txt").write_text(readable, encoding="utf-8")
            sys.stdout.write(f"--- mail: {folder / name}.txt\n{readable}---\n")
        return len(email_messages)


def written_mail(template: str, context: Mapping[str, Any], *, language: str = "ja") -> tuple[str, str]:
    """Subject and body of templates/mail/<template>.txt, which extends mail/base.txt; its first line is the subject."""
    with translation.override(language):
        text = render_to_string(f"mail/{template}.txt", {**context, "site_url": settings.SITE_URL})
    subject, _, body = text.lstrip().partition("\n")
    return " ".join(subject.split()), body.strip() + "\n"


def send_mail_template(template: str, to: str, context: Mapping[str, Any], *, language: str = "ja") -> None:
    """Sends the mail once the transaction has committed. It is written now, so that it tells what held when the act
    was done."""
    subject, body = written_mail(template, context, language=language)
    message = EmailMessage(subject=subject, body=body, to=[to])
    transaction.on_commit(message.send)


def send_each(messages: Iterable[EmailMessage]) -> Iterator[str]:
    """For each message in turn "" when it has gone, or why it has not. Never raises: one bad address keeps nobody
    else's mail back, and a server that does not answer is waited for once and not once a message."""
    connection, broken = get_connection(), ""
    try:
        for message in messages:
            if broken:
                yield broken
                continue
            message.connection = connection
            error, is_gone = _error_of(message)
            broken = error if is_gone else ""
            yield error
    finally:
        with contextlib.suppress(Exception):
            connection.close()


def _error_of(message: EmailMessage) -> tuple[str, bool]:
    """What went wrong, and whether the connection is gone with it."""
    try:
        message.connection.open()
        message.send()
    except CONNECTION_GONE as error:
        return _why(error), True
    except smtplib.SMTPException as error:  # this address or this letter; also an OSError, so it comes first
        return _why(error), False
    except OSError as error:
        return _why(error), True
    except Exception as error:  # a backend may raise what it likes
        return _why(error), False
    return "", False


def _why(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]
