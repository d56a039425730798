"""Choosing what a program's figure adds up."""

from collections.abc import Collection

from django.db import transaction

from accounts.models import User
from accounts.services import record_act
from grants.models import ProgramIndicator, ProgramIndicatorPart


@transaction.atomic
def choose_parts(
    *, whole: ProgramIndicator, indicators: Collection[int], offered: Collection[int], by: User
) -> None:
    """`indicators`: ids of grantees' indicators that the form found addable. Of those it `offered` the others go; one
    that has left its plan since was not offered, and the months in which it counted keep it."""
    ProgramIndicator.objects.select_for_update().get(pk=whole.pk)
    present = set(whole.part_rows.values_list("indicator_id", flat=True))
    wanted = set(indicators) | (present - set(offered))
    if wanted == present:
        return
    whole.part_rows.exclude(indicator_id__in=wanted).delete()
    ProgramIndicatorPart.objects.bulk_create(
        ProgramIndicatorPart(whole=whole, indicator_id=pk) for pk in sorted(wanted - present)
    )
    record_act(
        verb="program.parts",
        subject=whole,
        by=by,
        foundation_id=whole.outcome.program.fund.foundation_id,
        added=sorted(wanted - present),
        removed=sorted(present - wanted),
    )
