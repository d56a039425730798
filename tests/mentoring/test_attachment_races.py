"""Photos sent, taken away and let go of at the same moment. SQLite has no row locks: PostgreSQL only."""

import pytest
from django.db import connection

from accounts.models import User
from core.uploads import check_upload
from mentoring.models import Attachment, ProgressSheet
from mentoring.services.attachments import (
    Added,
    PurgedAlready,
    add_attachments,
    purge_removed,
    restore_attachment,
)
from tests.factories import (
    AttachmentFactory,
    FoundationFactory,
    GrantFactory,
    MembershipFactory,
    SheetFactory,
)
from tests.mentoring.attaching import photo, stored
from tests.mentoring.test_sheet_races import at_once

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs row locks"),
]


@pytest.fixture
def sheet(transactional_db: None) -> ProgressSheet:
    return SheetFactory(grant=GrantFactory(program__fund__foundation=FoundationFactory()))


def person_of(sheet: ProgressSheet) -> User:
    return MembershipFactory(organisation=sheet.grant.organisation).user


def test_one_photo_sent_twice_at_once_is_kept_once(sheet: ProgressSheet) -> None:
    before, writer = stored(), person_of(sheet)
    files = [check_upload(photo()) for _ in range(4)]
    results: list[Added] = at_once(
        *(
            lambda file=file: add_attachments(  # type: ignore[misc]
                sheet=sheet, files=[file], caption="", shows_people=False, by=writer
            )
            for file in files
        )
    )
    assert sorted(len(added.kept) for added in results) == [0, 0, 0, 1]
    row = Attachment.objects.get()
    assert stored() - before == {row.file.name, row.thumbnail.name}


def test_had_back_or_let_go_of_but_never_both(sheet: ProgressSheet) -> None:
    row, writer = AttachmentFactory(sheet=sheet, removed=True), person_of(sheet)
    restored, purged = at_once(lambda: restore_attachment(attachment=row, by=writer), purge_removed)
    names = {row.file.name, row.thumbnail.name}
    row.refresh_from_db()
    if isinstance(restored, PurgedAlready):
        assert [done.pk for done in purged] == [row.pk]
        assert (row.file.name, names & stored()) == ("", set())
    else:
        assert (purged, row.removed_at, names <= stored()) == ([], None, True)
