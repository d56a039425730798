"""Ticking homework off. Its words belong to the sheet of its meeting; whether it is done does not, so that
October's homework is ticked in November, when October is long closed."""

from collections.abc import Mapping

from django.db import transaction

from accounts.models import User
from accounts.services import record_act
from core import clock
from mentoring.models import ActionItem


@transaction.atomic
def tick_homework(*, item: ActionItem, by: User) -> ActionItem:
    """Done today. Ticking twice keeps the first day and person."""
    return tick_locked(item=_locked(item), done=True, by=by)


@transaction.atomic
def untick_homework(*, item: ActionItem, by: User) -> ActionItem:
    return tick_locked(item=_locked(item), done=False, by=by)


@transaction.atomic
def tick_several(*, ticks: Mapping[int, bool], by: User) -> dict[int, ActionItem]:
    """By the item's id: done or not. Locks all their rows at once."""
    rows = ActionItem.objects.select_for_update(of=("self",)).select_related("grant__program__fund")
    return {
        item.pk: tick_locked(item=item, done=ticks[item.pk], by=by)
        for item in rows.filter(pk__in=ticks).order_by("pk")
    }


def tick_locked(*, item: ActionItem, done: bool, by: User) -> ActionItem:
    """For a caller that holds the lock of the item's row."""
    if done is not (item.done_on is not None):
        item.done_on, item.done_by = (clock.today(), by) if done else (None, None)
        item.save(update_fields=["done_on", "done_by", "updated_at"])
        _record("homework.ticked" if done else "homework.unticked", item, by)
    return item


def _locked(item: ActionItem) -> ActionItem:
    return ActionItem.objects.select_for_update().get(pk=item.pk)


def _record(verb: str, item: ActionItem, by: User) -> None:
    record_act(verb=verb, subject=item, by=by, foundation_id=item.grant.program.fund.foundation_id)
