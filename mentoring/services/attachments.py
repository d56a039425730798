"""Photos and files of a sheet: adding, describing, taking away, getting back, and letting go after 30 days.

A file is written before its row is committed and taken away again when the transaction fails; it is deleted only after
the commit that lets go of it. What a crash leaves in between, no row names: `sweep_orphans` finds it.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, default_storage
from django.db import transaction
from django.db.models import Sum

from accounts.models import User
from accounts.services import record_act
from core import clock
from core.uploads import CheckedFile
from mentoring.access import may_attach
from mentoring.models import Attachment, ProgressSheet
from mentoring.models.attachments import FOLDER, KEPT_AFTER_REMOVAL
from mentoring.workflow import WrongState, locked

MOST_FILES = 60  # standing, in one sheet
MOST_BYTES = 200 * 1024 * 1024  # in one sheet, with those that can still be had back
YOUNG = dt.timedelta(days=1)  # a file without a row may be one that is being written


class NoRoom(Exception):
    """The sheet has as many files as it may; `names` are those that were left out."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        super().__init__(", ".join(names))


class PurgedAlready(Exception):
    """The 30 days are over."""


class ThereAlready(Exception):
    """The very same file stands in the sheet."""


@dataclass(frozen=True, slots=True)
class Added:
    kept: list[Attachment]
    there_already: list[Attachment]  # the same bytes stand in the sheet: sent twice
    left_out: list[CheckedFile]  # the sheet has no more room


def add_attachments(
    *, sheet: ProgressSheet, files: Sequence[CheckedFile], caption: str, shows_people: bool, by: User
) -> Added:
    """`shows_people` True says that `by` made sure of the consent of those in the photos; documents show nobody.

    Raises WrongState when the sheet takes no files from this person (any more).
    """
    written: list[str] = []
    try:
        with transaction.atomic():
            row = locked(sheet)
            if not may_attach(by, row):
                raise WrongState(row, "attach")
            added = Added([], [], [])
            for file in files:
                _add(row, file, added, written, caption=caption, shows_people=shows_people, by=by)
    except BaseException:
        for name in written:
            default_storage.delete(name)
        raise
    return added


def _add(
    sheet: ProgressSheet, file: CheckedFile, added: Added, written: list[str], *,
    caption: str, shows_people: bool, by: User,
) -> None:  # fmt: skip
    standing = Attachment.objects.filter(sheet=sheet).standing()
    if there := standing.filter(sha256=file.sha256).first():
        added.there_already.append(there)
        return
    if standing.count() >= MOST_FILES or _bytes_of(sheet) + file.size > MOST_BYTES:
        added.left_out.append(file)
        return
    shows_people = shows_people and file.kind.is_image
    now = clock.now()
    attachment = Attachment(
        sheet=sheet,
        kind=file.kind,
        name=file.name,
        size=file.size,
        sha256=file.sha256,
        width=file.width,
        height=file.height,
        names_author=file.names_author,
        caption=caption,
        shows_people=shows_people,
        consent_by=by if shows_people else None,
        consent_at=now if shows_people else None,
        uploaded_by=by,
        uploaded_at=now,
    )
    write_file(attachment, file, written)
    attachment.save()
    added.kept.append(attachment)
    _record("attachment.add", attachment, by, sha256=file.sha256, bytes=file.size, shows_people=shows_people)


def write_file(attachment: Attachment, file: CheckedFile, written: list[str]) -> None:
    """Names in `written` what stands in the storage now, for whoever has to take it away again."""
    attachment.file.save(file.kind.extension, File(file.content), save=False)
    written.append(attachment.file.name)
    if file.thumbnail is not None:
        attachment.thumbnail.save("jpg", ContentFile(file.thumbnail), save=False)
        written.append(attachment.thumbnail.name)


def _bytes_of(sheet: ProgressSheet) -> int:
    kept = Attachment.objects.filter(sheet=sheet, purged_at=None)
    return kept.aggregate(bytes=Sum("size"))["bytes"] or 0


@dataclass(frozen=True, slots=True)
class AttachmentWords:
    name: str
    caption: str
    shows_people: bool


@transaction.atomic
def describe_attachment(*, attachment: Attachment, words: AttachmentWords, by: User) -> Attachment:
    """A new name, caption or answer to who is in the photo. Consent said before stays with whoever said it.

    Raises WrongState.
    """
    row = _locked_with_sheet(attachment, by)
    changed = [name for name in words.__slots__ if getattr(row, name) != getattr(words, name)]
    if not changed:
        return row
    for name in changed:
        setattr(row, name, getattr(words, name))
    if "shows_people" in changed:
        row.consent_by, row.consent_at = (by, clock.now()) if row.shows_people else (None, None)
    row.save(update_fields=[*changed, "consent_by", "consent_at", "updated_at"])
    _record("attachment.edit", row, by, fields=changed)
    return row


@transaction.atomic
def remove_attachment(*, attachment: Attachment, by: User, reason: str = "") -> Attachment:
    """From now on nobody opens it. Taking away twice keeps the first day and person. Raises WrongState."""
    row = _locked_with_sheet(attachment, by)
    if row.removed_at is None:
        row.removed_at, row.removed_by, row.removal_reason = clock.now(), by, reason
        row.save(update_fields=["removed_at", "removed_by", "removal_reason", "updated_at"])
        _record("attachment.remove", row, by, reason=reason)
    return row


@transaction.atomic
def restore_attachment(*, attachment: Attachment, by: User) -> Attachment:
    """Raises WrongState; PurgedAlready; ThereAlready when the same file was added anew meanwhile; NoRoom."""
    row = _locked_with_sheet(attachment, by)
    if row.purged_at is not None:
        raise PurgedAlready
    if row.removed_at is None:
        return row
    standing = Attachment.objects.filter(sheet=row.sheet_id).standing()
    if standing.filter(sha256=row.sha256).exists():
        raise ThereAlready
    if standing.count() >= MOST_FILES:
        raise NoRoom([row.name])
    row.removed_at, row.removed_by, row.removal_reason = None, None, ""
    row.save(update_fields=["removed_at", "removed_by", "removal_reason", "updated_at"])
    _record("attachment.restore", row, by)
    return row


def _locked_with_sheet(attachment: Attachment, by: User) -> Attachment:
    """The sheet's row is the lock, as for everything in it."""
    sheet = locked(attachment.sheet)
    if not may_attach(by, sheet):
        raise WrongState(sheet, "attach")
    row = Attachment.objects.get(pk=attachment.pk)
    row.sheet = sheet
    return row


def _record(verb: str, attachment: Attachment, by: User | None, reason: str = "", **details: Any) -> None:
    record_act(
        verb=verb,
        subject=attachment,
        by=by,
        foundation_id=attachment.sheet.grant.program.fund.foundation_id,
        reason=reason,
        **details,
    )


# --- letting go ----------------------------------------------------------------------------------------------------


def purge_removed() -> list[Attachment]:
    """Lets go of the files that were taken away more than 30 days ago. The rows stay as a trace."""
    due = Attachment.objects.removed().filter(removed_at__lt=clock.now() - KEPT_AFTER_REMOVAL)
    return [done for pk in list(due.values_list("pk", flat=True)) if (done := _purge(pk)) is not None]


@transaction.atomic
def _purge(pk: int) -> Attachment | None:
    """None when somebody had it back meanwhile."""
    sheet = locked(ProgressSheet.objects.get(attachments=pk))
    row = Attachment.objects.removed().filter(pk=pk).first()
    if row is None:
        return None
    row.sheet = sheet
    names = file_names(row)
    row.file, row.thumbnail, row.name, row.caption = "", "", "", ""
    row.purged_at = clock.now()
    row.save(update_fields=["file", "thumbnail", "name", "caption", "purged_at", "updated_at"])
    _record("attachment.purge", row, None)
    for name in names:
        transaction.on_commit(lambda name=name: default_storage.delete(name))  # type: ignore[misc]
    return row


def sweep_orphans() -> list[str]:
    """Deletes the files that no row names, unless they are young; answers their paths."""
    known = set(Attachment.objects.values_list("file", flat=True))
    known |= set(Attachment.objects.values_list("thumbnail", flat=True))
    border = clock.now() - YOUNG
    orphans = [
        name
        for name in _stored(default_storage, FOLDER)
        if name not in known and default_storage.get_modified_time(name) < border
    ]
    for name in orphans:
        default_storage.delete(name)
    return orphans


def missing_files() -> list[Attachment]:
    """Rows whose file is gone although nobody let go of it: a backup has to be asked."""
    rows = Attachment.objects.filter(purged_at=None).order_by("pk")
    return [row for row in rows.iterator() if not all(map(default_storage.exists, file_names(row)))]


def file_names(attachment: Attachment) -> list[str]:
    return [str(file.name) for file in (attachment.file, attachment.thumbnail) if file.name]


def _stored(storage: Storage, folder: str) -> Iterator[str]:
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in files)
    for name in folders:
        yield from _stored(storage, f"{folder}/{name}")
