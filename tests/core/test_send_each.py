"""Several mails over one connection: one that fails keeps no other back, and a dead server is waited for once."""

import smtplib
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend

from core.mail import send_each


class Server(BaseEmailBackend):
    """Answers each address as `answers` says; notes who was tried."""

    answers: dict[str, Exception] = {}
    refuses: Exception | None = None
    tried: list[str] = []
    opened = closed = 0

    def open(self) -> bool:
        if Server.refuses:
            Server.opened += 1
            raise Server.refuses
        return True

    def close(self) -> None:
        Server.closed += 1

    def send_messages(self, email_messages: Any) -> int:
        for message in email_messages:
            Server.tried.append(message.to[0])
            if error := Server.answers.get(message.to[0]):
                raise error
        return len(email_messages)


@pytest.fixture(autouse=True)
def server(settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Server"
    Server.answers, Server.refuses, Server.tried, Server.opened, Server.closed = {}, None, [], 0, 0


def send(*addresses: str) -> list[str]:
    return list(send_each([mail.EmailMessage("件名", "本文", to=[address]) for address in addresses]))


def test_all_go_and_the_connection_is_closed() -> None:
    assert send("a@example.test", "b@example.test") == ["", ""]
    assert Server.tried == ["a@example.test", "b@example.test"]
    assert Server.closed == 1


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPRecipientsRefused({"a@example.test": (550, b"unknown")}),
        smtplib.SMTPDataError(552, b"too large"),
        ValueError("a line end in the subject"),
    ],
)
def test_one_refused_letter_keeps_no_other_back(error: Exception) -> None:
    Server.answers = {"a@example.test": error}
    first, second = send("a@example.test", "b@example.test")
    assert type(error).__name__ in first
    assert second == ""
    assert Server.tried == ["a@example.test", "b@example.test"]


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPServerDisconnected("gone"),
        TimeoutError("timed out"),
        OSError(28, "No space left on device"),
    ],
)
def test_after_a_broken_connection_nothing_more_is_tried(error: Exception) -> None:
    Server.answers = {"b@example.test": error}
    results = send("a@example.test", "b@example.test", "c@example.test", "d@example.test")
    assert results[0] == ""
    assert results[1] == results[2] == results[3] != ""
    assert Server.tried == ["a@example.test", "b@example.test"]


@pytest.mark.parametrize(
    "error", [ConnectionRefusedError(111, "refused"), smtplib.SMTPAuthenticationError(535, b"no")]
)
def test_a_server_that_does_not_answer_is_asked_once(error: Exception) -> None:
    Server.refuses = error
    results = send("a@example.test", "b@example.test")
    assert [type(error).__name__ in result for result in results] == [True, True]
    assert (Server.opened, Server.tried) == (1, [])


def test_a_long_reason_is_cut() -> None:
    Server.answers = {"a@example.test": ValueError("x" * 1000)}
    assert len(send("a@example.test")[0]) == 300
