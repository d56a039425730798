"""One arrow from its beginning: month by month what the output came to, beside what was said about the outcome."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from grants.models import Indicator
from grants.plan import IndicatorPlan
from mentoring.models import Figure, OutcomeReview
from mentoring.picture import Link, Period, Picture


@dataclass(frozen=True, slots=True)
class Counted:
    """What one indicator of the output came to in the period; `total` is None for what is not added up."""

    plan: IndicatorPlan
    figure: Figure | None
    total: Decimal | None

    @property
    def is_entered(self) -> bool:
        return self.figure is not None and self.figure.is_entered


@dataclass(frozen=True, slots=True)
class Chapter:
    """`review` None: nothing was written down. `named` says whether it spoke of this very output."""

    period: Period
    counted: list[Counted]
    review: OutcomeReview | None
    named: bool

    @property
    def label(self) -> str:
        return self.period.label

    @property
    def is_unspoken(self) -> bool:
        return self.review is None or self.review.word == OutcomeReview.Word.UNSPOKEN


def tell_link(picture: Picture, link: Link) -> list[Chapter]:
    """The newest first, up to the month of the picture. Three queries."""
    periods = [period for period in picture.periods if period.month <= picture.month]
    sheets = [period.pk for period in periods]
    reviews = {
        review.sheet_id: review
        for review in OutcomeReview.objects.filter(
            sheet__in=sheets, outcome=link.outcome.id
        ).prefetch_related("outputs")
    }
    indicators = {plan.id: plan for plan in link.output.indicators}
    figures = {
        (figure.sheet_id, figure.indicator_id): figure
        for figure in Figure.objects.filter(sheet__in=sheets, indicator__in=indicators)
    }
    sums = {pk: plan.baseline for pk, plan in indicators.items()}
    chapters = []
    for period in periods:
        review = reviews.get(period.pk)
        chapters.append(
            Chapter(
                period,
                list(_counted(period, indicators, figures, sums)),
                review,
                named=review is not None and any(o.pk == link.output.id for o in review.outputs.all()),
            )
        )
    return chapters[::-1]


def _counted(
    period: Period,
    indicators: dict[int, IndicatorPlan],
    figures: dict[tuple[int, int], Figure],
    sums: dict[int, Decimal],
) -> Iterator[Counted]:
    """Adds this period to `sums` on the way."""
    for pk, plan in indicators.items():
        figure = figures.get((period.pk, pk))
        adds_up = plan.method in (Indicator.Method.SUM, Indicator.Method.NEW_UNIQUE)
        if adds_up and figure is not None and figure.value is not None:
            sums[pk] += figure.value
        yield Counted(plan, figure, sums[pk] if adds_up else None)
