"""The order of a meeting's parts, and how long each of them was on stage."""

import re
from collections.abc import Mapping, Sequence

from django.db import transaction

from core import clock
from mentoring import workflow
from mentoring.models import ProgressSheet, TalkPart

KEY = re.compile(r"outcome-\d{1,18}|[a-z]{2,20}")
AT_FIRST = 10 * 60  # seconds that a page may have been open before it is heard of for the first time


@transaction.atomic
def order_parts(*, sheet: ProgressSheet, keys: Sequence[str]) -> None:
    """Keeps this order for the talk about the sheet; without keys it is the usual one again. Raises WrongState."""
    row = _locked(sheet)
    if row.state not in workflow.MEETING_OPEN:
        raise workflow.WrongState(row, "meet")
    TalkPart.objects.filter(sheet=row).exclude(key__in=keys).update(position=None)
    TalkPart.objects.bulk_create(
        [TalkPart(sheet=row, key=key, position=position) for position, key in enumerate(keys)],
        update_conflicts=True,
        unique_fields=["sheet", "key"],
        update_fields=["position"],
    )


@transaction.atomic
def add_time(*, sheet: ProgressSheet, spent: Mapping[str, int]) -> dict[str, int]:
    """Adds seconds by part, and answers with what there is now.

    All screens together are never granted more than the time that went by since one of them was heard of last: two
    people who look at one meeting do not make it twice as long.
    """
    row = _locked(sheet)
    parts = {part.key: part for part in TalkPart.objects.filter(sheet=row)}
    now = clock.now()
    heard = [part.measured_at for part in parts.values() if part.measured_at]
    left = int((now - max(heard)).total_seconds()) if heard else AT_FIRST
    if row.state in workflow.MEETING_OPEN:
        for key, seconds in spent.items():
            granted = min(max(seconds, 0), max(left, 0))
            if not granted or not KEY.fullmatch(key):
                continue
            left -= granted
            part = parts.setdefault(key, TalkPart(sheet=row, key=key))
            part.seconds = min(part.seconds + granted, TalkPart.MOST_SECONDS)
            part.measured_at = now
            part.save()
    return {key: part.seconds for key, part in parts.items()}


def _locked(sheet: ProgressSheet) -> ProgressSheet:
    return ProgressSheet.objects.select_for_update().get(pk=sheet.pk)
