"""What another person wrote into the cell that this writer also changed: shown beside theirs, to be chosen from."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django import forms
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from core import clock
from core.dates import short_date_label, time_label
from mentoring.cells import Wire
from mentoring.forms.cell_fields import readable, shown
from mentoring.standing import Standing
from mentoring.writers import last_writer


@dataclass(frozen=True, slots=True)
class Clash:
    stored: list[str]  # the wire form
    shown: list[str]  # as the inputs show it
    theirs: str  # in words
    by: str
    at: str

    def as_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


def clash_in(standing: Standing, stored: Wire, fields: Sequence[forms.Field], reader: User) -> Clash:
    """Asks the history who it was."""
    who, at = last_writer(standing, stored)
    return Clash(
        stored=list(stored),
        shown=[shown(field, text) for field, text in zip(fields, stored, strict=True)],
        theirs=readable(fields[0], stored),
        by=name_for(who, reader),
        at=moment_label(at) if at else "",
    )


def name_for(who: User | None, reader: User) -> str:
    if who is None:
        return gettext("ほかの人")
    if who == reader:
        return gettext("ほかの画面のあなた")
    return gettext("%(name)sさん") % {"name": who}


def moment_label(at: dt.datetime) -> str:
    """14:30 today, else 11月8日 14:30."""
    local = timezone.localtime(at)
    label = time_label(local.time())
    return label if local.date() == clock.today() else f"{short_date_label(local.date())} {label}"
