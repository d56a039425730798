"""File and row in step, whatever happens; and letting go after 30 days."""

import datetime as dt
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import IntegrityError, transaction

from accounts.models import JournalEntry, User
from core.file_kinds import FileKind
from core.uploads import CheckedFile, check_upload
from mentoring.models import Attachment, ProgressSheet
from mentoring.services import attachments as service
from mentoring.services.attachments import (
    Added,
    AttachmentWords,
    NoRoom,
    PurgedAlready,
    ThereAlready,
    add_attachments,
    describe_attachment,
    purge_removed,
    remove_attachment,
    restore_attachment,
    sweep_orphans,
)
from mentoring.workflow import WrongState
from tests.factories import AttachmentFactory, PlanRows, SheetFactory, moment
from tests.mentoring.attaching import photo, stored
from tests.samples import PDF, upload


@pytest.fixture
def sheet(plan: PlanRows) -> ProgressSheet:
    return SheetFactory(grant=plan.grant)


def checked(name: str = "芋煮会.jpg", width: int = 60) -> CheckedFile:
    return check_upload(photo(name, width))


def add(
    sheet: ProgressSheet, by: User, *files: CheckedFile, caption: str = "", people: bool = False
) -> Added:
    return add_attachments(sheet=sheet, files=files, caption=caption, shows_people=people, by=by)


def test_a_photo_is_kept_with_its_files_and_its_trace(sheet: ProgressSheet, representative: User) -> None:
    before = stored()
    [kept] = add(sheet, representative, checked(), caption="火をおこすところ").kept
    row = Attachment.objects.get()
    assert (row.name, row.caption, row.kind, row.width, row.height) == (
        "芋煮会.jpg", "火をおこすところ", FileKind.JPEG, 60, 40,
    )  # fmt: skip
    assert (row.uploaded_by, row.shows_people, row.consent_by, row.consent_at) == (
        representative,
        False,
        None,
        None,
    )
    assert stored() - before == {row.file.name, row.thumbnail.name}
    assert row.size == row.file.size
    assert "芋煮会" not in row.file.name
    assert str(sheet.grant_id) in row.file.name
    line = JournalEntry.objects.get(verb="attachment.add")
    assert (line.subject_id, line.actor, line.foundation_id) == (
        kept.pk,
        representative,
        sheet.grant.foundation.pk,
    )
    assert (
        "芋煮会" not in f"{line.subject_label} {line.details}"
    )  # a file's name may tell something; the journal stays


def test_consent_says_who_and_when_and_documents_show_nobody(
    sheet: ProgressSheet, representative: User
) -> None:
    pdf = check_upload(upload("ちらし.pdf", PDF))
    image, document = add(sheet, representative, checked(), pdf, people=True).kept
    assert (image.shows_people, image.consent_by) == (True, representative)
    assert image.consent_at is not None
    assert (document.shows_people, document.consent_by, document.consent_at) == (False, None, None)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"shows_people": True}, "attachment_people_agreed"),
        ({"consent_at": moment(2022, 11, 2)}, "attachment_people_agreed"),
        ({"width": None}, "attachment_images_have_a_size"),
        ({"document": True, "width": 3, "height": 3}, "attachment_images_have_a_size"),
        ({"removed_at": moment(2022, 11, 2)}, "attachment_removed_by_somebody"),
        ({"removal_reason": "理由"}, "attachment_removed_by_somebody"),
        ({"purged_at": moment(2022, 12, 12), "removed": True}, "attachment_purged_keeps_no_file"),
        ({"file": ""}, "attachment_purged_keeps_no_file"),
        ({"name": ""}, "attachment_purged_keeps_no_file"),
        ({"size": 0}, "attachment_not_empty"),
    ],
)
def test_the_database_keeps_what_must_hold(
    sheet: ProgressSheet, fields: dict[str, Any], constraint: str
) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        AttachmentFactory(sheet=sheet, **fields)


def test_one_file_stands_once_in_a_sheet(sheet: ProgressSheet) -> None:
    AttachmentFactory(sheet=sheet, sha256="a" * 64)
    AttachmentFactory(sheet=sheet, sha256="a" * 64, removed=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        AttachmentFactory(sheet=sheet, sha256="a" * 64)


def test_when_the_row_cannot_be_written_no_file_stays(
    sheet: ProgressSheet, representative: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = stored()

    def fail(**kwargs: Any) -> None:
        raise RuntimeError("the journal is full")

    add(sheet, representative, checked(width=80))
    between = stored()
    monkeypatch.setattr(service, "record_act", fail)
    with pytest.raises(RuntimeError):
        add(sheet, representative, checked(width=90), checked(width=100))
    assert Attachment.objects.count() == 1
    assert stored() == between != before


def test_the_same_file_twice_is_one(sheet: ProgressSheet, representative: User) -> None:
    [first] = add(sheet, representative, checked()).kept
    before = stored()
    again = add(sheet, representative, checked("べつの名前.jpg"))
    assert (again.kept, again.there_already) == ([], [first])
    assert stored() == before
    other = SheetFactory(grant=sheet.grant, month=dt.date(2022, 9, 1))
    assert len(add(other, representative, checked()).kept) == 1


def test_a_sheet_holds_so_many_and_no_more(
    sheet: ProgressSheet, representative: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_FILES", 2)
    removed = AttachmentFactory(sheet=sheet, removed=True, removed_at=moment(2022, 11, 10))
    added = add(sheet, representative, *(checked(f"{width}.jpg", width) for width in (60, 70, 80)))
    assert [file.name for file in added.left_out] == ["80.jpg"]
    assert [row.name for row in added.kept] == ["60.jpg", "70.jpg"]
    with pytest.raises(NoRoom):
        restore_attachment(attachment=removed, by=representative)


def test_bytes_count_as_long_as_they_lie_there(
    sheet: ProgressSheet, representative: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_BYTES", checked().size + 10)
    row = AttachmentFactory(sheet=sheet, size=11, removed=True)
    assert len(add(sheet, representative, checked()).left_out) == 1
    Attachment.objects.filter(pk=row.pk).update(
        purged_at=moment(2022, 12, 12), file="", thumbnail="", name="", caption=""
    )
    assert len(add(sheet, representative, checked()).kept) == 1


# --- who and when ---


@pytest.mark.parametrize(
    ("who", "state", "may"),
    [
        ("representative", "draft", True),
        ("member", "returned", True),
        ("member", "reopened", True),
        ("member", "submitted", False),
        ("member", "closed", False),
        ("officer", "draft", True),
        ("officer", "submitted", True),
        ("officer", "returned", True),
        ("officer", "reopened", True),
        ("officer", "closed", False),
        ("admin", "draft", False),
        ("adviser", "draft", False),
        ("board", "draft", False),
    ],
)
def test_who_adds_takes_away_and_gets_back(
    request: pytest.FixtureRequest, plan: PlanRows, who: str, state: str, may: bool
) -> None:
    extra = {"closed": True} if state == "closed" else {"state": state}
    sheet, user = SheetFactory(grant=plan.grant, **extra), request.getfixturevalue(who)
    standing, removed = AttachmentFactory(sheet=sheet), AttachmentFactory(sheet=sheet, removed=True)
    words = AttachmentWords("a.jpg", "ことば", False)
    before = stored()
    acts = (
        lambda: add(sheet, user, checked()),
        lambda: describe_attachment(attachment=standing, words=words, by=user),
        lambda: remove_attachment(attachment=standing, by=user),
        lambda: restore_attachment(attachment=removed, by=user),
    )
    for act in acts:
        if may:
            act()
        else:
            with pytest.raises(WrongState):
                act()
    standing.refresh_from_db()
    removed.refresh_from_db()
    assert (standing.removed_at is not None, removed.removed_at is None) == (may, may)
    assert standing.caption == ("ことば" if may else "")
    assert may or stored() == before


def test_taking_away_twice_keeps_the_first(sheet: ProgressSheet, representative: User, officer: User) -> None:
    row = AttachmentFactory(sheet=sheet)
    remove_attachment(attachment=row, by=representative, reason="まちがえた")
    remove_attachment(attachment=row, by=officer, reason="べつの理由")
    row.refresh_from_db()
    assert (row.removed_by, row.removal_reason) == (representative, "まちがえた")
    assert JournalEntry.objects.get(verb="attachment.remove").reason == "まちがえた"
    restore_attachment(attachment=row, by=officer)
    restore_attachment(attachment=row, by=officer)
    row.refresh_from_db()
    assert (row.removed_at, row.removed_by, row.removal_reason) == (None, None, "")
    assert JournalEntry.objects.filter(verb="attachment.restore").count() == 1


def test_what_was_added_anew_is_not_had_back_a_second_time(
    sheet: ProgressSheet, representative: User
) -> None:
    [row] = add(sheet, representative, checked()).kept
    remove_attachment(attachment=row, by=representative)
    add(sheet, representative, checked())
    with pytest.raises(ThereAlready):
        restore_attachment(attachment=row, by=representative)


def test_consent_stays_with_who_said_it(sheet: ProgressSheet, representative: User, officer: User) -> None:
    [row] = add(sheet, representative, checked(), people=True).kept
    row = describe_attachment(attachment=row, words=AttachmentWords("a.jpg", "新しい", True), by=officer)
    assert (row.caption, row.consent_by) == ("新しい", representative)
    row = describe_attachment(attachment=row, words=AttachmentWords("a.jpg", "新しい", False), by=officer)
    assert (row.shows_people, row.consent_by, row.consent_at) == (False, None, None)
    row = describe_attachment(attachment=row, words=AttachmentWords("a.jpg", "新しい", True), by=officer)
    assert row.consent_by == officer


# --- letting go ---


def test_after_thirty_days_the_file_is_gone_and_the_row_a_trace(
    sheet: ProgressSheet, representative: User, django_capture_on_commit_callbacks: Any
) -> None:
    with time_machine.travel("2022-11-10 10:00+09:00", tick=False):
        standing, row = add(sheet, representative, checked(), checked("b.jpg", 70), caption="ことば").kept
        remove_attachment(attachment=row, by=representative, reason="まちがえた")
    names = {row.file.name, row.thumbnail.name}
    with (
        time_machine.travel("2022-12-10 10:00+09:00", tick=False),
        django_capture_on_commit_callbacks(execute=True),
    ):
        assert purge_removed() == []
    with (
        time_machine.travel("2022-12-10 10:01+09:00", tick=False),
        django_capture_on_commit_callbacks(execute=True),
    ):
        assert purge_removed() == [row]
        assert purge_removed() == []
        assert names <= stored()  # nothing is deleted before the commit
    assert not names & stored()
    assert standing.file.name in stored()
    row.refresh_from_db()
    assert (row.file.name, row.thumbnail.name, row.name, row.caption) == ("", "", "", "")
    assert (row.removed_by, row.removal_reason, row.sha256 != "") == (representative, "まちがえた", True)
    assert row.purged_at is not None
    line = JournalEntry.objects.get(verb="attachment.purge")
    assert (line.actor, line.subject_id) == (None, row.pk)
    with pytest.raises(PurgedAlready):
        restore_attachment(attachment=row, by=representative)


def test_what_was_had_back_stays(sheet: ProgressSheet, representative: User) -> None:
    row = AttachmentFactory(sheet=sheet, removed=True)
    restore_attachment(attachment=row, by=representative)
    assert purge_removed() == []


def test_leftovers_are_swept_when_they_are_a_day_old(sheet: ProgressSheet) -> None:
    row = AttachmentFactory(sheet=sheet)
    default_storage.save("attachments/1/leftover.jpg", ContentFile(b"x"))
    assert sweep_orphans() == []
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=2)):
        assert "attachments/1/leftover.jpg" in sweep_orphans()
    assert {row.file.name, row.thumbnail.name} <= stored()
    assert "attachments/1/leftover.jpg" not in stored()


def test_the_command_says_what_it_did_and_what_is_missing(sheet: ProgressSheet) -> None:
    AttachmentFactory(sheet=sheet, removed=True)
    lost = AttachmentFactory(sheet=sheet)
    default_storage.delete(lost.thumbnail.name)
    out, errors = StringIO(), StringIO()
    call_command("purge_files", stdout=out, stderr=errors)
    assert "30日を過ぎて、なくしたファイル: 1" in out.getvalue()
    assert f"{lost.pk} {lost.file.name}" in errors.getvalue()
    again = StringIO()
    call_command("purge_files", stdout=again, stderr=StringIO())
    assert "なくしたファイル: 0" in again.getvalue()
