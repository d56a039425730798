"""Mails: written to a folder and the console where no server is configured; sent after the commit."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation


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


def send_mail_template(template: str, to: str, context: Mapping[str, Any], *, language: str = "ja") -> None:
    """Sends templates/mail/<template>.txt once the transaction has committed.

    The template extends mail/base.txt; its first line is the subject. It is rendered now, so that the
    mail tells what held when the act was done.
    """
    with translation.override(language):
        text = render_to_string(f"mail/{template}.txt", {**context, "site_url": settings.SITE_URL})
    subject, _, body = text.lstrip().partition("\n")
    message = EmailMessage(subject=" ".join(subject.split()), body=body.strip() + "\n", to=[to])
    transaction.on_commit(message.send)
