"""What stands written in open months about parts that a change of the plan takes away.

The rows stay where they are, but no sheet shows them once the plan no longer has their part: so the proposal shows them,
before the yes of both sides and ever after.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext

from core.figures import format_figure
from core.months import add_months, first_of_month
from grants.models import PlanProposal
from grants.plan import IndicatorPlan, OutcomePlan, Plan
from grants.plan_diff import place_of
from mentoring.models import Figure, OutcomeChange, OutcomeReview, ProgressSheet


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One row of one sheet."""

    sheet: ProgressSheet
    place: str  # アウトプット ①-1
    name: str  # the indicator; of an outcome its text
    words: list[tuple[str, str]]  # label (or nothing) and what was written


@dataclass(frozen=True, slots=True)
class LeftOuts:
    rows: list[LeftOut]  # by month, in the order of the paper
    last: datetime.date  # of the grant: no change begins after it

    def __bool__(self) -> bool:
        return bool(self.rows)

    @property
    def months(self) -> list[str]:
        return list(dict.fromkeys(row.sheet.label for row in self.rows))

    @property
    def free_from(self) -> datetime.date | None:
        """From when the change would leave nothing out; None when the grant is over by then."""
        if not self.rows:
            return None
        sheet = self.rows[-1].sheet
        month = add_months(sheet.month, sheet.months)
        return month if month <= self.last else None


def left_out(proposal: PlanProposal, base: Plan, draft: Plan) -> LeftOuts:
    """Three queries, and none when the change takes nothing away that somebody writes about. A proposal that came to
    nothing leaves nothing out."""
    rows = [] if _came_to_nothing(proposal) else list(_rows(proposal, base, draft))
    rows.sort(key=lambda row: row.sheet.month)
    return LeftOuts(rows, first_of_month(proposal.grant.ends_on))


def _came_to_nothing(proposal: PlanProposal) -> bool:
    return not proposal.is_live and proposal.state != PlanProposal.State.AGREED


def _rows(proposal: PlanProposal, base: Plan, draft: Plan) -> Iterator[LeftOut]:
    sheets = ProgressSheet.objects.filter(grant=proposal.grant_id, month__gte=proposal.holds_from)
    if proposal.is_live:  # what was handed over keeps its plan, and shows it all
        sheets = sheets.filter(state=ProgressSheet.State.DRAFT)
    kept = {outcome.id for outcome in draft.outcomes}
    outcomes = {outcome.id: outcome for outcome in base.outcomes if outcome.id not in kept}
    if outcomes:
        yield from _of_outcomes(base, sheets, outcomes)
    counted = {indicator.id for indicator in draft.indicators()}
    indicators = {i.id: (place, i) for place, i in _placed(base) if i.id not in counted}
    if indicators:
        order = list(indicators)
        figures = Figure.objects.filter(sheet__in=sheets, indicator__in=order).select_related("sheet")
        for figure in sorted(figures, key=lambda figure: order.index(figure.indicator_id)):
            place, indicator = indicators[figure.indicator_id]
            if words := list(_told(indicator, figure)):
                yield LeftOut(figure.sheet, place, indicator.name, words)


def _placed(plan: Plan) -> Iterator[tuple[str, IndicatorPlan]]:
    for outcome in plan.outcomes:
        yield from ((place_of(plan, "outcome", outcome), indicator) for indicator in outcome.indicators)
    for output in plan.outputs:
        yield from ((place_of(plan, "output", output), indicator) for indicator in output.indicators)


def _of_outcomes(
    base: Plan, sheets: "QuerySet[ProgressSheet]", outcomes: dict[int, OutcomePlan]
) -> Iterator[LeftOut]:
    chosen = {"sheet__in": sheets, "outcome__in": list(outcomes)}
    for change in OutcomeChange.objects.filter(**chosen).exclude(text="").select_related("sheet"):
        outcome = outcomes[change.outcome_id]
        words = [(gettext("変わったこと"), change.text)]
        yield LeftOut(change.sheet, place_of(base, "outcome", outcome), outcome.text, words)
    for review in OutcomeReview.objects.filter(**chosen).select_related("sheet"):
        outcome = outcomes[review.outcome_id]
        words = [
            (
                gettext("つながり"),
                "　".join(filter(None, [review.get_word_display(), review.sentence])),
            )
        ]
        yield LeftOut(review.sheet, place_of(base, "outcome", outcome), outcome.text, words)


def _told(indicator: IndicatorPlan, figure: Figure) -> Iterator[tuple[str, str]]:
    """All that somebody entered there, also what the method of the indicator does not ask for."""
    unit = indicator.entered_unit
    if figure.value is not None:
        yield "", f"{format_figure(figure.value)}{unit}"
    if figure.denominator is not None:
        yield "", f"{format_figure(figure.numerator)}／{format_figure(figure.denominator)}{unit}"
    for label, text in (
        (gettext("有無"), figure.get_presence_display()),
        (gettext("進み具合（団体）"), figure.get_step_display()),
        (gettext("状態"), figure.sentence),
        (gettext("備考"), figure.note),
        (gettext("進み具合（面談）"), figure.get_progress_display()),
    ):
        if text:
            yield label, text
