"""A proposal from its first word to the month it holds from. One door for each move, all under the lock of its row."""

import datetime
from collections.abc import Callable

from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.services import record_act
from core import clock
from grants.models import Grant, PlanAgreement, PlanProposal, PlanProposalEvent, PlanProposalStep
from grants.plan import Plan
from grants.plan_diff import carried_over, changes_between
from grants.plan_reading import plan_in_force
from grants.recounting import refuse_another_count
from grants.services.plans import write_plan
from mentoring.plan_months import first_open_month, hold_open_months, open_from

State = PlanProposal.State
Side = PlanAgreement.Side
Terms = tuple[datetime.date, str]  # from which month, and why

# act → states from which it may be made, and the state it leads to
MOVES: dict[str, tuple[tuple[State, ...], State]] = {
    "propose": ((State.DRAFT,), State.OPEN),
    "take_back": ((State.OPEN,), State.DRAFT),
    "withdraw": ((State.DRAFT, State.OPEN), State.WITHDRAWN),
    "reject": ((State.OPEN,), State.REJECTED),
    "agree": ((State.OPEN,), State.AGREED),
    "carry_over": ((State.DRAFT, State.OPEN), State.DRAFT),
}


class WrongMove(Exception):
    """The proposal is no longer in a state for this act; `proposal` is the row as it stands."""

    def __init__(self, proposal: PlanProposal, act: str) -> None:
        super().__init__(act)
        self.proposal = proposal


class DraftMoved(WrongMove):
    """The draft was written on since the page of whoever decides showed it."""


class AlreadyOne(Exception):
    """The grant has a proposal under way; `proposal` is that one."""

    def __init__(self, proposal: PlanProposal) -> None:
        super().__init__()
        self.proposal = proposal


class NothingChanged(Exception):
    """The draft is the plan as it is."""


class MonthHandedOver(Exception):
    """A sheet of the month, or of a later one, was handed over meanwhile. `first` is the first month still open."""

    def __init__(self, first: datetime.date) -> None:
        super().__init__()
        self.first = first


@transaction.atomic
def start_proposal(
    *, grant: Grant, month: datetime.date, by: User, draft: Plan | None = None
) -> PlanProposal:
    """From the plan in force in `month`; `draft` when it comes from elsewhere (an import). Raises AlreadyOne.

    The insert waits while the proposal before is being agreed on, so the plan is read once more behind it.
    """
    base = plan_in_force(grant, month)
    try:
        with transaction.atomic():
            proposal = PlanProposal.objects.create(
                grant=grant, author=by, holds_from=month, base=base.to_json(), draft=(draft or base).to_json()
            )
    except IntegrityError:
        raise AlreadyOne(PlanProposal.objects.live().with_names().get(grant=grant)) from None
    if plan_in_force(grant, month) != base:
        _carry(proposal)
        proposal.save(update_fields=["base", "draft", "version", "updated_at"])
    _record(proposal, "start", by)
    return proposal


@transaction.atomic
def change_draft(
    *, proposal: PlanProposal, words: str, change: Callable[[Plan], Plan], by: User
) -> PlanProposal:
    """Applies `change` to the draft as it stands under the lock, so that nobody's edit is written over. A change that
    changes nothing leaves no step. `change` may raise what it likes; nothing is kept then. Raises WrongMove."""
    row = _locked(proposal)
    if row.state != State.DRAFT:
        raise WrongMove(row, "edit")
    before = Plan.from_json(row.draft)
    after = change(before)
    if after == before:
        return row
    PlanProposalStep.objects.create(proposal=row, by=by, at=clock.now(), words=words[:200], before=row.draft)
    row.draft = after.to_json()
    row.version += 1
    row.save(update_fields=["draft", "version", "updated_at"])
    return row


@transaction.atomic
def undo_step(*, proposal: PlanProposal, step: int, by: User) -> PlanProposalStep | None:
    """Goes back before the last step. None when `step` is not the last any more: somebody went on meanwhile."""
    row = _locked(proposal)
    if row.state != State.DRAFT:
        raise WrongMove(row, "undo")
    last = row.steps.filter(is_undone=False).last()
    if last is None or last.pk != step:
        return None
    last.is_undone = True
    last.save(update_fields=["is_undone"])
    row.draft = last.before
    row.version += 1
    row.save(update_fields=["draft", "version", "updated_at"])
    return last


@transaction.atomic
def set_terms(*, proposal: PlanProposal, read: Callable[[PlanProposal], Terms], by: User) -> PlanProposal:
    """When it shall hold from, and why. `read` is given the row under its lock, to compare what was typed with what stands
    there by now; it may raise what it likes, and nothing is kept then. Another month takes the plan in force there as its
    base. Raises WrongMove, MonthHandedOver."""
    row = _locked(proposal)
    if row.state != State.DRAFT:
        raise WrongMove(row, "edit")
    _set_terms(row, *read(row))
    return row


@transaction.atomic
def propose(
    *,
    proposal: PlanProposal,
    by: User,
    read: Callable[[PlanProposal], Terms] | None = None,
    version: int | None = None,
) -> PlanProposal:
    """Onto the agenda of the next meeting. `read`: the terms when they come with it, as in set_terms. Raises WrongMove,
    NothingChanged, CountedAnotherWay, MonthHandedOver; nothing is kept then."""
    row = _locked(proposal)
    _check(row, "propose")
    terms = read(row) if read is not None else None
    _check_seen(row, "propose", version)
    if terms is not None:
        _set_terms(row, *terms)
    if not changes_between(Plan.from_json(row.base), Plan.from_json(row.draft)):
        raise NothingChanged
    refuse_another_count(Plan.from_json(row.base), Plan.from_json(row.draft))
    _still_open(row.grant, row.holds_from)
    return _move(row, "propose", by)


@transaction.atomic
def take_back(*, proposal: PlanProposal, by: User, version: int | None = None) -> PlanProposal:
    """Back to the draft, to work on it; agreements so far were to another text and count no more."""
    row = _locked(proposal)
    _check(row, "take_back", version)
    row.version += 1
    return _move(row, "take_back", by)


@transaction.atomic
def withdraw(*, proposal: PlanProposal, reason: str, by: User, version: int | None = None) -> PlanProposal:
    row = _locked(proposal)
    _check(row, "withdraw", version)
    return _move(row, "withdraw", by, reason)


@transaction.atomic
def reject(*, proposal: PlanProposal, reason: str, by: User, version: int | None = None) -> PlanProposal:
    row = _locked(proposal)
    _check(row, "reject", version)
    return _move(row, "reject", by, reason)


@transaction.atomic
def agree(*, proposal: PlanProposal, side: str, person: User, version: int, by: User) -> PlanProposal:
    """One side's yes to the draft of `version`. With the second the plan is written, and holds from its month.

    Raises WrongMove (also when the draft is another by now), MonthHandedOver, CountedAnotherWay, and PlanMoved when the plan itself changed
    meanwhile: then nothing is kept, and somebody has to take it back and carry it over.
    """
    row = _locked(proposal)
    _say_yes(row, {side: person}, version, by)
    return row


@transaction.atomic
def agree_both(*, proposal: PlanProposal, grantee: User, version: int, by: User) -> PlanProposal:
    """What both sides said in a meeting, written down by its officer `by`. Raises as agree does."""
    row = _locked(proposal)
    _say_yes(row, {Side.GRANTEE: grantee, Side.FOUNDATION: by}, version, by)
    return row


def _say_yes(row: PlanProposal, people: dict[str, User], version: int, by: User) -> None:
    _check(row, "agree", version)
    agreed = {agreement.side: agreement for agreement in row.agreements.filter(version=version)}
    for side, person in people.items():
        if side not in agreed:
            agreed[side] = PlanAgreement.objects.create(
                proposal=row, side=side, version=version, person=person, at=clock.now(), recorded_by=by
            )
            _record(row, f"agree_{side}", by)
    if len(agreed) == len(Side):
        hold_open_months(row.grant)
        _still_open(row.grant, row.holds_from)
        write_plan(
            grant=row.grant,
            base=Plan.from_json(row.base),
            draft=Plan.from_json(row.draft),
            month=row.holds_from,
            reason=row.reason,
            by=agreed[Side.FOUNDATION].person,
        )
        _move(row, "agree", by)


@transaction.atomic
def carry_over(*, proposal: PlanProposal, by: User, version: int | None = None) -> PlanProposal:
    """The draft's own changes on the plan as it stands now, and on the first month it may still change. Raises
    WrongMove."""
    row = _locked(proposal)
    _check(row, "carry_over", version)
    row.holds_from = max(row.holds_from, open_from(row.grant).first)
    _carry(row)
    row.save(update_fields=["holds_from", "base", "draft", "updated_at"])
    return _move(row, "carry_over", by)


# --- what they share -------------------------------------------------------------------------------------


def _locked(proposal: PlanProposal) -> PlanProposal:
    return PlanProposal.objects.select_for_update(of=("self",)).with_names().get(pk=proposal.pk)


def _check(row: PlanProposal, act: str, version: int | None = None) -> None:
    if row.state not in MOVES[act][0]:
        raise WrongMove(row, act)
    _check_seen(row, act, version)


def _check_seen(row: PlanProposal, act: str, version: int | None) -> None:
    """`version`: of the draft that the page showed; None when whoever calls has just read it."""
    if version is not None and row.version != version:
        raise DraftMoved(row, act)


def _move(row: PlanProposal, act: str, by: User, reason: str = "") -> PlanProposal:
    row.state = MOVES[act][1]
    row.decided_at = None if row.is_live else clock.now()
    row.save(update_fields=["state", "decided_at", "version", "updated_at"])
    _record(row, act, by, reason)
    return row


def _record(row: PlanProposal, act: str, by: User, reason: str = "") -> None:
    PlanProposalEvent.objects.create(proposal=row, act=act, by=by, at=clock.now(), reason=reason)
    record_act(
        verb=f"proposal.{act}",
        subject=row,
        by=by,
        foundation_id=row.grant.program.fund.foundation_id,
        reason=reason,
    )


def _set_terms(row: PlanProposal, holds_from: datetime.date, reason: str) -> None:
    _still_open(row.grant, holds_from)
    row.reason = reason
    if holds_from != row.holds_from:
        row.holds_from = holds_from
        _carry(row)
    row.save(update_fields=["reason", "holds_from", "base", "draft", "version", "updated_at"])


def _still_open(grant: Grant, month: datetime.date) -> None:
    if month < (first := first_open_month(grant)):
        raise MonthHandedOver(first)


def _carry(row: PlanProposal) -> None:
    now = plan_in_force(row.grant, row.holds_from)
    row.draft = carried_over(Plan.from_json(row.base), Plan.from_json(row.draft), now).to_json()
    row.base = now.to_json()
    row.version += 1
    row.steps.update(is_undone=True)  # they lead back to a draft of another plan
