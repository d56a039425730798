"""The states of a sheet: one table, one door. Nobody else assigns `.state`."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services import record_act
from core import clock
from mentoring.models import ProgressSheet, SheetEvent

State = ProgressSheet.State


@dataclass(frozen=True, slots=True)
class Transition:
    sources: frozenset[str]
    target: str
    needs_reason: bool = False


TRANSITIONS = {
    "submit": Transition(frozenset({State.DRAFT, State.RETURNED}), State.SUBMITTED),
    "return": Transition(frozenset({State.SUBMITTED}), State.RETURNED, needs_reason=True),
    "close": Transition(frozenset({State.SUBMITTED, State.REOPENED}), State.CLOSED),
    "reopen": Transition(frozenset({State.CLOSED}), State.REOPENED, needs_reason=True),
}

# Whose turn it is, by state: one word beside the state on every page. None: nobody's.
GRANTEE, FOUNDATION = "grantee", "foundation"
TURN = {
    State.DRAFT: GRANTEE,
    State.RETURNED: GRANTEE,
    State.SUBMITTED: FOUNDATION,
    State.REOPENED: FOUNDATION,
    State.CLOSED: None,
}

# In which states which side may write what.
ENTRY_OPEN_TO_GRANTEE = frozenset({State.DRAFT, State.RETURNED, State.REOPENED})
ENTRY_OPEN_TO_OFFICER = frozenset({State.REOPENED})
MEETING_OPEN = frozenset({State.DRAFT, State.RETURNED, State.SUBMITTED, State.REOPENED})
COMMENTS_OPEN = MEETING_OPEN  # both sides ask and answer until the month is closed

ACT_LABELS = {
    "open": _("シートができました"),
    "submit": _("提出しました"),
    "return": _("差し戻しました"),
    "close": _("確定しました"),
    "reopen": _("再開しました"),
}


class WrongState(Exception):
    """The sheet has moved on meanwhile; `sheet.state` says where to."""

    def __init__(self, sheet: ProgressSheet, act: str) -> None:
        self.sheet = sheet
        self.act = act
        super().__init__(f"cannot {act} a sheet that is {sheet.state}")


class ReasonMissing(ValueError):
    """This act needs a reason in words."""


def may(act: str, sheet: ProgressSheet) -> bool:
    return sheet.state in TRANSITIONS[act].sources


def locked(sheet: ProgressSheet) -> ProgressSheet:
    """The row with its names, locked until the transaction ends. Figures and money under it move only while it is
    held."""
    return ProgressSheet.objects.with_names().select_for_update(of=("self",)).get(pk=sheet.pk)


@transaction.atomic
def move_sheet(*, sheet: ProgressSheet, act: str, by: User, reason: str = "") -> ProgressSheet:
    """Makes the move and writes its event and journal line. Returns the fresh row.

    Raises WrongState when the table does not allow it (any more), ReasonMissing when a reason is due.
    """
    transition = TRANSITIONS[act]
    row = locked(sheet)
    if row.state not in transition.sources:
        raise WrongState(row, act)
    reason = reason.strip()
    if transition.needs_reason and not reason:
        raise ReasonMissing(act)
    now = clock.now()
    before, row.state, row.turn_since = row.state, transition.target, now
    row.version += 1
    fields = ["state", "turn_since", "version", "updated_at"]
    if row.state == State.CLOSED:
        row.closed_at, row.closed_by = now, by
        fields += ["closed_at", "closed_by"]
    row.save(update_fields=fields)
    SheetEvent.objects.create(
        sheet=row, act=act, from_state=before, to_state=row.state, by=by, at=now, reason=reason
    )
    record_act(
        verb=f"sheet.{act}",
        subject=row,
        by=by,
        foundation_id=row.grant.program.fund.foundation_id,
        reason=reason,
    )
    return row
