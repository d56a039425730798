"""Mails about questions on a row: one a day for each person, and never to whom it does not concern."""

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils.translation import get_language

from accounts.models import User
from grantees.models import Membership
from grants.models import Grant
from mentoring.models import Mention, MentionMail, ProgressSheet, RowComment
from mentoring.models.meetings import Side
from mentoring.services import mentions
from mentoring.services.comments import answer_comment, settle_comment, withdraw_comment
from mentoring.services.mentions import Sent, send_mentions
from tests.factories import (
    MentionFactory,
    PlanRows,
    RowCommentFactory,
    SheetFactory,
    moment,
)
from tests.mentoring.test_sheet_races import at_once

WORDS = "延期した2回は、どの施設の予定ですか。"
Commits = Callable[..., AbstractContextManager[Any]]


@pytest.fixture(autouse=True)
def in_november() -> Any:
    with time_machine.travel("2022-11-08 07:30+09:00", tick=False):
        yield


@pytest.fixture
def sheet(plan: PlanRows) -> ProgressSheet:
    return SheetFactory(grant=plan.grant, state=ProgressSheet.State.SUBMITTED)


@pytest.fixture
def question(sheet: ProgressSheet, plan: PlanRows, officer: User, member: User) -> RowComment:
    question = RowCommentFactory(sheet=sheet, author=officer, indicator=plan.indicators["sum"], text=WORDS)
    MentionFactory(comment=question, person=member)
    return question


@pytest.fixture
def run(django_capture_on_commit_callbacks: Commits) -> Callable[[], Sent]:
    def once() -> Sent:
        with django_capture_on_commit_callbacks(execute=True):
            return send_mentions()

    return once


def test_tells_who_asked_what_and_where(
    run: Callable[[], Sent], question: RowComment, sheet: ProgressSheet, member: User, settings: Any
) -> None:
    assert run().told == [member]
    (message,) = mail.outbox
    assert message.to == [member.email]
    assert message.subject == "行の質問のお知らせ（1件）"
    body = str(message.body)
    assert "■ あおぞらの会　2022年10月　居場所を開いた回数" in body
    assert "小野 彩さん（ちばのWA）からの質問　11月2日" in body
    assert WORDS in body
    assert f"{settings.SITE_URL}/sheets/{sheet.pk}/#row-{question.row_key}" in body


def test_gathers_all_of_a_day_in_one_mail(
    run: Callable[[], Sent], question: RowComment, sheet: ProgressSheet, officer: User, member: User
) -> None:
    MentionFactory(comment=RowCommentFactory(sheet=sheet, author=officer, text="もうひとつ"), person=member)
    run()
    assert [message.subject for message in mail.outbox] == ["行の質問のお知らせ（2件）"]
    assert not Mention.objects.filter(mail=None).exists()


def test_no_second_mail_on_the_same_day_and_nothing_twice(
    run: Callable[[], Sent], question: RowComment, sheet: ProgressSheet, officer: User, member: User
) -> None:
    run()
    MentionFactory(
        comment=RowCommentFactory(sheet=sheet, author=officer, text="あとからの質問"), person=member
    )
    assert run().told == []
    assert len(mail.outbox) == 1
    with time_machine.travel("2022-11-09 07:30+09:00", tick=False):
        assert run().told == [member]
        assert run().told == []
    assert len(mail.outbox) == 2
    assert "あとからの質問" in str(mail.outbox[1].body)
    assert WORDS not in str(mail.outbox[1].body)
    with time_machine.travel("2022-11-10 07:30+09:00", tick=False):
        assert run().told == []


def test_speaks_the_language_of_the_person(
    question: RowComment, member: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    member.language = User.Language.ENGLISH
    member.save(update_fields=["language"])
    spoken = []
    monkeypatch.setattr(mentions, "row_label", lambda comment: spoken.append(get_language()) or "row")
    monkeypatch.setattr(mentions, "send_mail_template", lambda *args, language: spoken.append(language))
    send_mentions()
    assert spoken == ["en", "en"]


@pytest.mark.parametrize("gone", ["left", "deactivated", "closed", "never there"])
def test_never_to_who_may_not_read_it(
    run: Callable[[], Sent], question: RowComment, sheet: ProgressSheet, officer: User, member: User, board: User,
    gone: str,
) -> None:  # fmt: skip
    if gone == "left":
        Membership.objects.filter(user=member).update(ends_on=dt.date(2022, 11, 7))
    elif gone == "deactivated":
        User.objects.filter(pk=member.pk).update(is_active=False)
    elif gone == "closed":
        ProgressSheet.objects.filter(pk=sheet.pk).update(
            state="closed", closed_at=moment(2022, 11, 7), closed_by=officer
        )
    else:
        Mention.objects.update(person=board)
    assert run().told == []
    assert mail.outbox == []
    assert Mention.objects.get().mail is None


def test_what_was_answered_before_the_mail_is_dropped(
    run: Callable[[], Sent], question: RowComment, member: User, representative: User
) -> None:
    answer = answer_comment(question=question, text="2施設です", side=Side.GRANTEE, by=representative)
    assert run().told == []
    withdraw_comment(comment=answer, by=representative)
    assert run().told == [member]  # it waits again


def test_what_was_settled_or_taken_back_is_dropped(
    run: Callable[[], Sent], question: RowComment, sheet: ProgressSheet, officer: User, member: User
) -> None:
    other = RowCommentFactory(sheet=sheet, author=officer, text="取り下げるもの")
    MentionFactory(comment=other, person=member)
    settle_comment(comment=question, by=officer)
    withdraw_comment(comment=other, by=officer)
    assert run().told == []


def test_an_answer_is_told_unless_its_reader_has_written_below_it(
    run: Callable[[], Sent], question: RowComment, officer: User, member: User
) -> None:
    answer_comment(question=question, text="2施設です", people=[officer.pk], side=Side.GRANTEE, by=member)
    assert run().told == [officer]
    assert "空野 みおさん（あおぞらの会）からの返事" in str(mail.outbox[0].body)
    answer_comment(question=question, text="追記です", people=[officer.pk], side=Side.GRANTEE, by=member)
    answer_comment(question=question, text="読みました", side=Side.FOUNDATION, by=officer)
    with time_machine.travel("2022-11-09 07:30+09:00", tick=False):
        assert run().told == []


def test_each_person_has_a_mail_of_their_own(
    run: Callable[[], Sent], question: RowComment, sheet: ProgressSheet, officer: User, member: User,
    representative: User, other_grantee: User, other_grant: Grant,
) -> None:  # fmt: skip
    elsewhere = RowCommentFactory(
        sheet=SheetFactory(grant=other_grant), author=officer, text="となりの会への質問"
    )
    MentionFactory(comment=elsewhere, person=other_grantee)
    MentionFactory(comment=question, person=representative)
    assert set(run().told) == {member, representative, other_grantee}
    bodies = {message.to[0]: str(message.body) for message in mail.outbox}
    assert WORDS not in bodies[other_grantee.email]
    assert "となりの会への質問" not in bodies[member.email]


def test_the_database_keeps_it_to_one_a_day(member: User) -> None:
    day = dt.date(2022, 11, 8)
    MentionMail.objects.create(person=member, on=day)
    with pytest.raises(IntegrityError, match=r"mentionmail_once_a_day|UNIQUE"), transaction.atomic():
        MentionMail.objects.create(person=member, on=day)


def test_the_command_says_how_many(
    question: RowComment, django_capture_on_commit_callbacks: Commits, capsys: pytest.CaptureFixture[str]
) -> None:
    for count in (1, 0):
        with django_capture_on_commit_callbacks(execute=True):
            call_command("send_mentions")
        assert f"お知らせした人: {count}" in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_a_mail_that_could_not_be_sent_is_sent_the_next_time(
    question: RowComment, member: User, representative: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    MentionFactory(comment=question, person=representative)
    real = EmailMessage.send

    def refused(self: EmailMessage, *args: Any, **kwargs: Any) -> int:
        if self.to == [member.email]:
            raise ConnectionRefusedError("no mail server")
        return real(self, *args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", refused)
        with pytest.raises(CommandError, match=member.email):
            call_command("send_mentions")
    assert [message.to for message in mail.outbox] == [
        [representative.email]
    ]  # the others are told all the same
    assert send_mentions().told == [member]
    assert len(mail.outbox) == 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs two real connections")
def test_two_runs_at_once_write_once(question: RowComment, member: User) -> None:
    results = at_once(send_mentions, send_mentions)
    assert sorted(len(result.told) for result in results) == [0, 1]
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_queries_for_one_person_do_not_grow(
    question: RowComment,
    sheet: ProgressSheet,
    officer: User,
    member: User,
    count: int,
    django_assert_num_queries: Any,
) -> None:
    for _number in range(count):
        MentionFactory(comment=RowCommentFactory(sheet=sheet, author=officer), person=member)
    with django_assert_num_queries(9):
        send_mentions()
