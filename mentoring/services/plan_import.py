"""A plan that came in a table. It belongs to grants, but sheets handed over guard it, and only this room knows sheets."""

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext

from accounts.models import User
from accounts.services import record_act
from core import clock
from core.months import first_of_month, month_label
from grants.models import Grant, PlanProposal
from grants.plan import Plan
from grants.plan_import.comparison import Comparison, compare
from grants.plan_import.reading import read_draft
from grants.plan_import.table import SourceRow
from grants.plan_reading import plan_in_force
from grants.plan_text.dues import Period
from grants.services.plans import write_plan
from mentoring.plan_months import hold_open_months, open_from
from mentoring.services.proposals import set_terms, start_proposal


class PlanRefused(Exception):
    """Nothing was written; the message says why."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class MonthNotOpen(PlanRefused):
    """A sheet of the month was handed over, or a later wording stands already."""


class PlanDiffers(PlanRefused):
    """Somebody changed the plan since it was compared."""


class NothingToChange(PlanRefused):
    """The plan says already what the table says: a second press, or the same file again."""


class NotWritable(PlanRefused):
    """Something in the table does not fit into the database."""


@dataclass(frozen=True, slots=True)
class OpenMonths:
    """From which months a table may hold. None of them when `earliest` lies after `latest`."""

    earliest: dt.date
    latest: dt.date
    has_plan: bool

    @property
    def any_open(self) -> bool:
        return self.earliest <= self.latest

    @property
    def default(self) -> dt.date:
        """The first plan holds from its beginning; a change from now on."""
        if not self.has_plan or not self.any_open:
            return self.earliest
        return min(max(self.earliest, first_of_month(clock.today())), self.latest)

    def refuse(self, month: dt.date) -> None:
        if not self.any_open:
            raise MonthNotOpen(gettext("助成のすべての月が決まっているので、計画はもう変えられません。"))
        if not self.earliest <= month <= self.latest:
            words = gettext(
                "%(earliest)sから%(latest)sまでの月を選んでください。それより前は、提出されたシートか、もう決まった計画があります。"
            )
            raise MonthNotOpen(
                words % {"earliest": month_label(self.earliest), "latest": month_label(self.latest)}
            )


def open_months(grant: Grant) -> OpenMonths:
    months = open_from(grant)
    return OpenMonths(months.first, first_of_month(grant.ends_on), months.written is not None)


def period_of(grant: Grant) -> Period:
    return Period(grant.starts_on, grant.ends_on)


def compared(grant: Grant, rows: Sequence[SourceRow], month: dt.date) -> Comparison:
    """What the rows would do to the plan of the month."""
    return compare(read_draft(rows, period_of(grant)), plan_in_force(grant, month), rows)


def seal_of(plan: Plan) -> str:
    """Tells one plan from another, whatever the month it was asked for."""
    told = {key: value for key, value in plan.to_json().items() if key != "month"}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:24]


@transaction.atomic
def import_plan(
    *,
    grant: Grant,
    rows: Sequence[SourceRow],
    month: dt.date,
    by: User,
    source: str = "",
    reason: str = "",
    seen: str | None = None,
) -> PlanProposal | None:
    """The first plan of a grant is written at once; a plan that holds already changes only by a decision that both
    sides take, so there the rows become the draft of a proposal, which is the answer.

    `seen` is the seal of the plan the rows were compared with; `source` names where they came from. The table itself
    stays in the journal, every word of it. Raises a PlanRefused, or AlreadyOne when a proposal is under way.
    """
    hold_open_months(grant)  # no sheet is handed over while the plan beneath it changes
    Grant.objects.select_for_update(of=("self",)).get(pk=grant.pk)
    comparison = compared(grant, rows, month)
    _refuse(comparison, open_months(grant), seen)
    proposal = None
    if comparison.has_plan:
        proposal = start_proposal(grant=grant, month=month, by=by, draft=comparison.target)
        if reason.strip():
            proposal = set_terms(proposal=proposal, read=lambda _row: (month, reason.strip()), by=by)
    else:
        write_plan(grant=grant, base=comparison.plan, draft=comparison.target, month=month, reason="", by=by)
    record_act(
        verb="plan.import",
        subject=grant,
        by=by,
        foundation_id=grant.program.fund.foundation_id,
        reason=reason.strip(),
        source=source,
        month=month.isoformat(),
        table=[{"at": row.at, **{column.value: text for column, text in row.cells.items()}} for row in rows],
    )
    return proposal


def _refuse(comparison: Comparison, months: OpenMonths, seen: str | None) -> None:
    if not comparison.changes:
        raise NothingToChange(gettext("計画は、もうこの表のとおりです。何も変えていません。"))
    months.refuse(comparison.plan.month)
    if seen is not None and seen != seal_of(comparison.plan):
        raise PlanDiffers(
            gettext(
                "この画面を開いているあいだに、計画が変わりました。いまの計画と比べなおしたので、もう一度たしかめてください。"
            )
        )
    if comparison.problems:
        words = gettext("直さないと取り込めないところが%(count)dか所あります。")
        raise NotWritable(words % {"count": len(comparison.problems)})
