"""Whose turn it is and what comes next, in words for one reader."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from accounts.models import User
from core import clock
from core.dates import date_label, date_label_with_weekday
from grants.models import Grant
from mentoring import workflow
from mentoring.models import ProgressSheet
from mentoring.models.meetings import Side
from mentoring.selectors import turn_of

State = ProgressSheet.State

# The path 入力中―提出―面談―確定, and on which step a sheet stands.
STEP = {State.DRAFT: 0, State.RETURNED: 0, State.SUBMITTED: 1, State.REOPENED: 2, State.CLOSED: 3}


@dataclass(frozen=True, slots=True)
class Sides:
    """On which sides of one grant this reader stands; both False for who only reads."""

    enters: bool
    manages: bool

    @classmethod
    def of(cls, user: User, grant: Grant) -> "Sides":
        return cls(enters=grant.is_entered_by(user), manages=grant.is_managed_by(user))

    @property
    def side(self) -> Side | None:
        """On which one they speak; who stands on both speaks for the foundation."""
        if self.manages:
            return Side.FOUNDATION
        return Side.GRANTEE if self.enters else None

    def may_enter(self, sheet: ProgressSheet) -> bool:
        return (self.enters and sheet.state in workflow.ENTRY_OPEN_TO_GRANTEE) or (
            self.manages and sheet.state in workflow.ENTRY_OPEN_TO_OFFICER
        )

    def may_attach(self, sheet: ProgressSheet) -> bool:
        """Photos and files; the officer until the month is closed."""
        return self.may_enter(sheet) or (self.manages and sheet.state in workflow.MEETING_OPEN)


@dataclass(frozen=True, slots=True)
class Turn:
    label: str
    mine: bool


def turn_for(sheet: ProgressSheet, sides: Sides) -> Turn | None:
    """あなたの番, はこぶねの番 or ちばのWAの番; None when the month is closed. Needs the sheet with_names."""
    turn = turn_of(sheet)
    if turn is None:
        return None
    if sides.enters if turn == workflow.GRANTEE else sides.manages:
        return Turn(gettext("あなたの番"), True)
    name = sheet.grant.organisation.name if turn == workflow.GRANTEE else sheet.grant.foundation.short_name
    return Turn(gettext("%(name)sの番") % {"name": name}, False)


def due_words(sheet: ProgressSheet, today: datetime.date | None = None) -> str:
    """11月10日（木）まで、あと4日 while the grantee writes; nothing afterwards."""
    if turn_of(sheet) != workflow.GRANTEE:
        return ""
    days = (sheet.due_on - (today or clock.today())).days
    if days < 0:
        return gettext("%(day)sの予定でした。ご入力をお待ちしています") % {"day": date_label(sheet.due_on)}
    day = date_label_with_weekday(sheet.due_on)
    if days == 0:
        return gettext("%(day)s、今日までです") % {"day": day}
    return ngettext("%(day)sまで、あと%(count)d日", "%(day)sまで、あと%(count)d日", days) % {
        "day": day,
        "count": days,
    }
