"""Writing a plan: identities once, a dated version of whatever changed, and why."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, cast

from django.db import models, transaction

from accounts.models import User
from accounts.services import record_act
from core import clock
from grants.models import (
    Activity,
    ActivityVersion,
    Contribution,
    Grant,
    Indicator,
    IndicatorVersion,
    LongTermOutcome,
    LongTermOutcomeVersion,
    Output,
    OutputVersion,
    PlanRevision,
    ShortTermOutcome,
    ShortTermOutcomeVersion,
    YearTarget,
)
from grants.models.logic import Identity, Version
from grants.plan import IndicatorPlan, OutcomePlan, OutputPlan, Plan
from grants.plan_diff import Change, Kind, changes_between, kinds_of
from grants.plan_reading import plan_in_force
from grants.recounting import refuse_another_count


class PlanMoved(Exception):
    """The plan in force is no longer the one the draft was made from, or a later one is written already.

    `now` is the plan as it stands in the month."""

    def __init__(self, now: Plan) -> None:
        super().__init__()
        self.now = now


@transaction.atomic
def write_plan(
    *, grant: Grant, base: Plan, draft: Plan, month: datetime.date, reason: str, by: User
) -> list[PlanRevision]:
    """Makes `draft` the plan from `month` on; earlier months keep theirs. `base` is what the draft was made from.

    One revision for each kind of change, all with the reason; a first plan has none. What the draft no longer holds is
    retired from the month. A reworded indicator keeps its figures, one with a negative id begins anew. It is the caller's
    to know that no sheet of that month or later has been handed over. Raises PlanMoved, and CountedAnotherWay for one that
    would keep its figures though they cannot be added to what comes.
    """
    grant = Grant.objects.select_for_update(of=("self",)).select_related("program__fund").get(pk=grant.pk)
    now = plan_in_force(grant, month)
    if _undated(now) != _undated(base) or _is_written_beyond(grant, month):
        raise PlanMoved(now)
    refuse_another_count(now, draft)
    changes = changes_between(now, draft)
    is_first = not (now.long_term or now.outcomes or now.outputs or now.activities)
    revisions = {} if is_first else _revisions(grant, changes, month, reason, by)
    _Writer(grant, now, month, revisions, changes).write(draft)
    record_act(
        verb="plan.written",
        subject=grant,
        by=by,
        foundation_id=grant.program.fund.foundation_id,
        reason=reason,
        month=str(month),
        changes=len(changes),
    )
    return list(revisions.values())


def _undated(plan: Plan) -> Plan:
    return replace(plan, month=datetime.date.min)


def _is_written_beyond(grant: Grant, month: datetime.date) -> bool:
    later = models.Q(valid_from__gt=month)
    return any(
        versions.objects.filter(later, **{f"{identity}__grant": grant}).exists()
        for versions, identity in (
            (LongTermOutcomeVersion, "outcome"),
            (ShortTermOutcomeVersion, "outcome"),
            (OutputVersion, "output"),
            (ActivityVersion, "activity"),
            (IndicatorVersion, "indicator"),
        )
    )


def _revisions(
    grant: Grant, changes: Sequence[Change], month: datetime.date, reason: str, by: User
) -> dict[Kind, PlanRevision]:
    return {
        kind: PlanRevision.objects.create(
            grant=grant, holds_from=month, kind=kind, reason=reason, approved_by=by, approved_at=clock.now()
        )
        for kind in kinds_of(changes)
    }


class _Writer:
    """Holds what every write needs: the grant, the month, and the real ids of what was new in the draft."""

    def __init__(
        self,
        grant: Grant,
        now: Plan,
        month: datetime.date,
        revisions: dict[Kind, PlanRevision],
        changes: Sequence[Change],
    ) -> None:
        self.grant, self.now, self.month = grant, now, month
        self.revisions = revisions
        self.kind_of_box: dict[tuple[str, int], Kind] = {}
        for change in changes:
            self.kind_of_box.setdefault(change.box, change.kind)
        self.ids: dict[tuple[str, int], int] = {}
        self.of_month: dict[type[Version], dict[int, Any]] = {}

    def write(self, draft: Plan) -> None:
        """From the right of the drawing to the left, so that an arrow's head is there before the arrow."""
        self._boxes("long_term", self.now.long_term, draft.long_term, LongTermOutcome, self._write_long_term)
        self._boxes("outcome", self.now.outcomes, draft.outcomes, ShortTermOutcome, self._write_outcome)
        self._boxes("output", self.now.outputs, draft.outputs, Output, self._write_output)
        self._boxes("activity", self.now.activities, draft.activities, Activity, self._write_activity)
        self._indicators(draft)

    def _boxes(
        self,
        kind: str,
        before: Sequence[Any],
        after: Sequence[Any],
        identities: type[Identity],
        write: Callable[[int, int, Any], None],
    ) -> None:
        was = {box.id: box for box in before}
        moved = [box.id for box in before if box.id in {b.id for b in after}] != [
            box.id for box in after if box.id in was
        ]
        is_inserted = any(box.id not in was for box in after[: len(was)])
        for position, box in enumerate(after, start=1):
            if box.id not in was:
                self.ids[kind, box.id] = identities._default_manager.create(grant=self.grant).pk
            else:
                self.ids[kind, box.id] = box.id
            before_it = was.get(box.id)
            if before_it is None or _alone(before_it) != _alone(box) or moved or is_inserted:
                write(self.ids[kind, box.id], position, box)
        self._retire(identities, [pk for pk in was if pk not in {box.id for box in after}])

    def _retire(self, identities: type[Identity], ids: Sequence[int]) -> None:
        identities._default_manager.filter(grant=self.grant, pk__in=ids).update(retired_from=self.month)

    def _version(
        self, versions: type[Version], identity: dict[str, int], box: tuple[str, int], **values: Any
    ) -> Any:
        """The version of this month: written anew, or over when the month has one already."""
        revision = self.revisions.get(self.kind_of_box.get(box, Kind.WORDING)) or next(
            iter(self.revisions.values()), None
        )
        ((of, pk),) = identity.items()
        version = self._of_month(versions, of).get(pk) or versions(
            valid_from=self.month, **cast(Any, identity)
        )
        for name, value in {**values, "revision": revision}.items():
            setattr(version, name, value)
        version.save()
        return version

    def _of_month(self, versions: type[Version], of: str) -> dict[int, Any]:
        """By identity what was written for this very month before. One query for each kind of box."""
        if versions not in self.of_month:
            rows = versions._default_manager.filter(
                valid_from=self.month, **{f"{of.removesuffix('_id')}__grant": self.grant}
            )
            self.of_month[versions] = {getattr(row, of): row for row in rows}
        return self.of_month[versions]

    def _write_long_term(self, pk: int, position: int, box: Any) -> None:
        self._version(
            LongTermOutcomeVersion,
            {"outcome_id": pk},
            ("long_term", box.id),
            position=position,
            text=box.text,
        )

    def _write_outcome(self, pk: int, _position: int, box: OutcomePlan) -> None:
        version: ShortTermOutcomeVersion = self._version(
            ShortTermOutcomeVersion,
            {"outcome_id": pk},
            ("outcome", box.id),
            position=box.number,
            text=box.text,
            short_text=box.short_text,
        )
        self._link(ShortTermOutcomeVersion.leads_to, version, self._known("long_term", box.leads_to))

    def _write_output(self, pk: int, _position: int, box: OutputPlan) -> None:
        version: OutputVersion = self._version(
            OutputVersion,
            {"output_id": pk},
            ("output", box.id),
            position=box.number,
            text=box.text,
            short_text=box.short_text,
        )
        Contribution.objects.filter(version=version).delete()
        Contribution.objects.bulk_create(
            Contribution(
                version=version,
                outcome_id=self.ids["outcome", edge.outcome_id],
                is_first=edge.is_first,
                reason=edge.reason,
            )
            for edge in box.contributions
            if ("outcome", edge.outcome_id) in self.ids
        )

    def _write_activity(self, pk: int, position: int, box: Any) -> None:
        version: ActivityVersion = self._version(
            ActivityVersion,
            {"activity_id": pk},
            ("activity", box.id),
            position=position,
            text=box.text,
            period=box.period,
        )
        self._link(ActivityVersion.produces, version, self._known("output", box.produces))

    def _link(self, field: Any, version: Version, ids: Sequence[int]) -> None:
        """The arrows of a wording, all at once; `set` would ask for each of them."""
        through, of = field.through, field.field.m2m_field_name()
        to = field.field.m2m_reverse_field_name()
        through.objects.filter(**{of: version}).delete()
        through.objects.bulk_create(through(**{of: version, f"{to}_id": pk}) for pk in ids)

    def _known(self, kind: str, ids: Sequence[int]) -> list[int]:
        return [self.ids[kind, pk] for pk in ids if (kind, pk) in self.ids]

    # --- indicators ---

    def _indicators(self, draft: Plan) -> None:
        was = {indicator.id: indicator for indicator in self.now.indicators()}
        kept: set[int] = set()
        places: list[tuple[str, OutcomePlan | OutputPlan]] = [
            *(("outcome", box) for box in draft.outcomes),
            *(("output", box) for box in draft.outputs),
        ]
        for kind, box in places:
            for position, indicator in enumerate(box.indicators, start=1):
                if indicator.id in was:
                    kept.add(indicator.id)
                self._write_indicator(kind, box.id, position, indicator, was.get(indicator.id))
        self._retire(Indicator, [pk for pk in was if pk not in kept])

    def _write_indicator(
        self, kind: str, box: int, position: int, indicator: IndicatorPlan, before: IndicatorPlan | None
    ) -> None:
        if before == indicator and self._place_of(indicator.id) == position:
            return
        pk = indicator.id
        if before is None:
            place = {f"{kind}_id": self.ids[kind, box]}
            pk = Indicator.objects.create(
                grant=self.grant,
                method=indicator.method,
                ratio_is_pooled=indicator.ratio_is_pooled,
                replaces_id=indicator.replaces,
                **place,
            ).pk
        version: IndicatorVersion = self._version(
            IndicatorVersion,
            {"indicator_id": pk},
            (kind, box),
            position=position,
            name=indicator.name,
            unit=indicator.unit,
            baseline=indicator.baseline,
            target_value=indicator.target_value,
            target_state=indicator.target_state,
            due_on=indicator.due_on,
            due_note=indicator.due_note,
            baseline_state=indicator.baseline_state,
            verification=indicator.verification,
        )
        YearTarget.objects.filter(version=version).delete()
        YearTarget.objects.bulk_create(
            YearTarget(version=version, fiscal_year=year, target_value=value)
            for year, value in indicator.year_targets
        )

    def _place_of(self, indicator_id: int) -> int | None:
        """Its place among its box's indicators before; None when it is new."""
        boxes: list[OutcomePlan | OutputPlan] = [*self.now.outcomes, *self.now.outputs]
        for box in boxes:
            for place, indicator in enumerate(box.indicators, start=1):
                if indicator.id == indicator_id:
                    return place
        return None


def _alone(box: Any) -> Any:
    """A box without its indicators, which have versions of their own."""
    return replace(box, indicators=()) if hasattr(box, "indicators") else box
