"""Ticking homework off. Its words belong to the sheet of its meeting; whether it is done does not, so that
October's homework is ticked in November, when October is long closed."""

from django.db import transaction

from accounts.models import User
from accounts.services import record_act
from core import clock
from mentoring.models import ActionItem


@transaction.atomic
def tick_homework(*, item: ActionItem, by: User) -> ActionItem:
    """Done today. Ticking twice keeps the first day and person."""
    row = _locked(item)
    if row.done_on is None:
        row.done_on, row.done_by = clock.today(), by
        row.save(update_fields=["done_on", "done_by", "updated_at"])
        _record("homework.ticked", row, by)
    return row


@transaction.atomic
def untick_homework(*, item: ActionItem, by: User) -> ActionItem:
    row = _locked(item)
    if row.done_on is not None:
        row.done_on, row.done_by = None, None
        row.save(update_fields=["done_on", "done_by", "updated_at"])
        _record("homework.unticked", row, by)
    return row


def _locked(item: ActionItem) -> ActionItem:
    return ActionItem.objects.select_for_update().get(pk=item.pk)


def _record(verb: str, item: ActionItem, by: User) -> None:
    record_act(verb=verb, subject=item, by=by, foundation_id=item.grant.program.fund.foundation_id)
