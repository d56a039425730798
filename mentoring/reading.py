"""One sheet, read whole: what the entry page, the meeting, the sheet's page and its PDF all show.

Everything here is shared between the two sides. What is internal to the foundation (FieldNote.internal)
is read only where the foundation's inside is on the page, never here.
"""

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext

from core.money import percent_of
from core.months import add_months, fiscal_year, short_month_label
from grants.budget import PurposeBudget, project_cost, purpose_budgets
from grants.models import Indicator
from grants.plan import IndicatorPlan, OutcomePlan, OutputPlan, Plan
from mentoring.arranged import Arranged, arranged_in
from mentoring.models import (
    ActionItem,
    CostReview,
    FieldNote,
    Figure,
    Intervention,
    Meeting,
    OutcomeChange,
    OutcomeReview,
    ProgressSheet,
    SheetEvent,
)
from mentoring.selectors import homework_before, interventions_of, plan_of, previous_sheet
from mentoring.totals import Total, percent_of_pair, running_totals


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One line of the sheet. `now` and `last` are None where nothing was ever saved for that period."""

    plan: IndicatorPlan
    now: Figure | None
    last: Figure | None
    total: Total
    owes_now: bool  # the period's figure is still blank and somebody will be asked for it
    year_target: Decimal | None = (
        None  # of the fiscal year the period begins in; its total is total.year_value
    )

    @property
    def is_entered(self) -> bool:
        return self.now is not None and self.now.is_entered

    @property
    def achievement(self) -> Decimal | None:
        return self.total.achievement(self.plan)

    @property
    def now_percent(self) -> Decimal | None:
        """This period's own ratio in percent, one decimal."""
        return _rounded(percent_of_pair(self.now.numerator, self.now.denominator)) if self.now else None

    @property
    def last_percent(self) -> Decimal | None:
        return _rounded(percent_of_pair(self.last.numerator, self.last.denominator)) if self.last else None

    @property
    def gaps(self) -> int:
        """Periods without an entry, this one too once nobody is going to fill it any more."""
        return self.total.gaps + (0 if self.is_entered or self.owes_now else 1)

    @property
    def is_ratio(self) -> bool:
        return self.plan.method == Indicator.Method.RATIO


@dataclass(frozen=True, slots=True)
class OutcomeBlock:
    plan: OutcomePlan
    rows: list[IndicatorRow]
    change: str
    last_change: str
    review: OutcomeReview | None
    last_review: OutcomeReview | None  # of the previous period
    outputs: list["OutputBlock"]  # all that serve it, first or also


@dataclass(frozen=True, slots=True)
class OutputBlock:
    plan: OutputPlan
    label: str  # ①-1
    also_serves: list[OutcomePlan]
    rows: list[IndicatorRow]


@dataclass(frozen=True, slots=True)
class OutputGroup:
    """The outputs under the outcome they serve first. `outcome` None: under none of this plan's outcomes."""

    outcome: OutcomePlan | None
    outputs: list[OutputBlock]


@dataclass(frozen=True, slots=True)
class CostRow:
    budget: PurposeBudget
    review: CostReview | None
    last_review: CostReview | None


@dataclass(frozen=True, slots=True)
class SheetReading:
    sheet: ProgressSheet
    previous: ProgressSheet | None
    plan: Plan
    outcomes: list[OutcomeBlock]
    output_groups: list[OutputGroup]
    costs: list[CostRow]  # administrative, then direct: the order of the paper
    evaluation: PurposeBudget
    project_cost: PurposeBudget
    interventions: list[Intervention]
    meetings: list[Meeting]
    earlier_homework: list[ActionItem]
    new_homework: list[ActionItem]
    shared_notes: list[FieldNote]
    events: list[SheetEvent]
    rows: dict[int, IndicatorRow] = field(repr=False)

    @property
    def standing_reason(self) -> SheetEvent | None:
        """Why the sheet came back or was opened again, as long as it stands so."""
        last = self.events[-1] if self.events else None
        return last if last and last.reason and last.to_state == self.sheet.state else None

    @property
    def now_label(self) -> str:
        """10月, or 10月〜12月 for a quarter."""
        return short_period_label(self.sheet)

    @property
    def last_label(self) -> str:
        return short_period_label(self.previous) if self.previous else ""

    @property
    def may_say_last_month(self) -> bool:
        """The period before was the calendar month before: 先月."""
        return self.previous is not None and (
            self.sheet.months == self.previous.months == 1
            and self.previous.month == add_months(self.sheet.month, -1)
        )

    @property
    def end_label(self) -> str:
        """The month up to which the running totals go."""
        return short_month_label(self.sheet.last_day)

    @property
    def calendar(self) -> Decimal | None:
        """How much of the grant's time is over at the end of the period, in percent: the wedge of the bars."""
        grant = self.sheet.grant
        over = (min(self.sheet.last_day, grant.ends_on) - grant.starts_on).days + 1
        return percent_of(over, (grant.ends_on - grant.starts_on).days + 1)

    @property
    def meeting(self) -> Meeting | None:
        """The meeting the paper's head speaks of: the last one held, else the next appointment."""
        held = [meeting for meeting in self.meetings if meeting.held]
        return held[-1] if held else (self.meetings[0] if self.meetings else None)

    @property
    def upcoming(self) -> Meeting | None:
        """The meeting that was arranged at the last one that arranged any."""
        return next((m.next_meeting for m in reversed(self.meetings) if m.next_meeting), None)

    @property
    def arranged(self) -> Arranged | None:
        return arranged_in(self.sheet, self.upcoming)

    @property
    def moved_to(self) -> Meeting | None:
        """Where the next meeting went since the month said its day; None while it is as it was said, and once it is over."""
        upcoming, arranged = self.upcoming, self.arranged
        if upcoming is None or upcoming.held or (arranged and arranged.is_still(upcoming)):
            return None
        return upcoming

    @property
    def blank_indicators(self) -> list[IndicatorRow]:
        return [row for row in self.rows.values() if not row.is_entered]

    @property
    def blank_changes(self) -> list[OutcomeBlock]:
        return [block for block in self.outcomes if not block.change]


def read_sheet(sheet: ProgressSheet) -> SheetReading:
    """Needs `sheet.grant` with its names (ProgressSheet.objects.with_names). The number of queries is constant."""
    plan, previous = plan_of(sheet), previous_sheet(sheet)
    rows = _rows(sheet, previous, plan)
    outputs = output_blocks(plan, rows)
    budgets = purpose_budgets(sheet.grant, sheet.month)
    costs = {
        (review.sheet_id, review.purpose): review
        for review in CostReview.objects.filter(sheet__in=_pair(sheet, previous))
    }
    return SheetReading(
        sheet=sheet,
        previous=previous,
        plan=plan,
        outcomes=_outcome_blocks(sheet, previous, plan, rows, outputs),
        output_groups=output_groups(plan, outputs),
        costs=[
            CostRow(
                budget=budgets[purpose],
                review=costs.get((sheet.pk, purpose)),
                last_review=costs.get((previous.pk, purpose)) if previous else None,
            )
            for purpose in CostReview.PURPOSES
        ],
        evaluation=budgets["evaluation"],
        project_cost=project_cost(budgets),
        interventions=list(interventions_of(sheet)),
        meetings=list(
            sheet.meetings.select_related("next_meeting").prefetch_related(
                "attendees", "sheets", "next_meeting__sheets"
            )
        ),
        earlier_homework=list(homework_before(sheet)),
        new_homework=list(sheet.action_items.select_related("person")),
        shared_notes=list(sheet.field_notes.shared().select_related("author")),
        events=list(sheet.events.select_related("by")),
        rows=rows,
    )


def _rows(sheet: ProgressSheet, previous: ProgressSheet | None, plan: Plan) -> dict[int, IndicatorRow]:
    figures = {
        (figure.sheet_id, figure.indicator_id): figure
        for figure in Figure.objects.filter(sheet__in=_pair(sheet, previous))
    }
    indicators = list(plan.indicators())
    totals = running_totals(sheet.grant_id, indicators, sheet.month)
    return {
        indicator.id: IndicatorRow(
            plan=indicator,
            now=figures.get((sheet.pk, indicator.id)),
            last=figures.get((previous.pk, indicator.id)) if previous else None,
            total=totals.get(indicator.id, Total()),
            owes_now=not sheet.is_closed,
            year_target=indicator.year_target(fiscal_year(sheet.month)) if indicator.is_counted else None,
        )
        for indicator in indicators
    }


def _outcome_blocks(
    sheet: ProgressSheet,
    previous: ProgressSheet | None,
    plan: Plan,
    rows: dict[int, IndicatorRow],
    outputs: dict[int, OutputBlock],
) -> list[OutcomeBlock]:
    pair = _pair(sheet, previous)
    changes = {(c.sheet_id, c.outcome_id): c.text for c in OutcomeChange.objects.filter(sheet__in=pair)}
    reviews = {
        (review.sheet_id, review.outcome_id): review
        for review in OutcomeReview.objects.filter(sheet__in=pair).prefetch_related("outputs")
    }
    last = previous.pk if previous else 0
    return [
        OutcomeBlock(
            plan=outcome,
            rows=[rows[indicator.id] for indicator in outcome.indicators],
            change=changes.get((sheet.pk, outcome.id), ""),
            last_change=changes.get((last, outcome.id), ""),
            review=reviews.get((sheet.pk, outcome.id)),
            last_review=reviews.get((last, outcome.id)),
            outputs=[outputs[output.id] for output in plan.outputs_serving(outcome.id)],
        )
        for outcome in plan.outcomes
    ]


def output_blocks(plan: Plan, rows: dict[int, IndicatorRow]) -> dict[int, OutputBlock]:
    return {
        output.id: OutputBlock(
            plan=output,
            label=plan.output_label(output),
            also_serves=plan.also_serves(output),
            rows=[rows[indicator.id] for indicator in output.indicators],
        )
        for output in plan.outputs
    }


def output_groups(plan: Plan, outputs: dict[int, OutputBlock]) -> list[OutputGroup]:
    groups = [
        OutputGroup(outcome, [outputs[output.id] for output in plan.outputs_under(outcome.id)])
        for outcome in plan.outcomes
    ]
    groups.append(OutputGroup(None, [outputs[output.id] for output in plan.outputs_under(None)]))
    return [group for group in groups if group.outputs]


def short_period_label(sheet: ProgressSheet) -> str:
    first, last = short_month_label(sheet.month), short_month_label(sheet.last_day)
    return first if first == last else gettext("%(start)s〜%(end)s") % {"start": first, "end": last}


def _pair(sheet: ProgressSheet, previous: ProgressSheet | None) -> list[int]:
    return [sheet.pk, previous.pk] if previous else [sheet.pk]


def _rounded(percent: Decimal | None) -> Decimal | None:
    return None if percent is None else percent.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
