"""How long ago each link was spoken of: between an output and an outcome, and of an outcome as a whole.

今月は話していない is no talk about the link; a review names the outputs it speaks of, and only those edges get young again.
"""

import datetime
from dataclasses import dataclass, field

from django.db.models import Min

from core.months import months_between
from grants.models import Contribution, Grant, ShortTermOutcomeVersion
from mentoring.models import OutcomeReview

STALE_MONTHS = 3
Edge = tuple[int, int]  # output, outcome


@dataclass(frozen=True, slots=True)
class Talk:
    """A month in which the link was spoken of, and the word it got."""

    month: datetime.date
    word: str


@dataclass(frozen=True, slots=True)
class LinkAge:
    """`age`: months since the last talk up to and with the month asked about, or since the link exists.
    `earlier_age` and `earlier` leave that month itself out: what one knew when its meeting began."""

    age: int
    earlier_age: int
    earlier: Talk | None

    def is_stale(self, period_months: int = 1) -> bool:
        """Of a quarterly sheet the last talk is never younger than three months; there it takes more."""
        return self.age >= STALE_MONTHS and self.age > period_months

    def was_stale(self, period_months: int = 1) -> bool:
        return self.earlier_age >= STALE_MONTHS and self.earlier_age > period_months


YOUNG = LinkAge(0, 0, None)


@dataclass(frozen=True, slots=True)
class LinkAges:
    edges: dict[Edge, LinkAge] = field(default_factory=dict)
    outcomes: dict[int, LinkAge] = field(default_factory=dict)

    def edge(self, output_id: int, outcome_id: int) -> LinkAge:
        return self.edges.get((output_id, outcome_id), YOUNG)

    def outcome(self, outcome_id: int) -> LinkAge:
        return self.outcomes.get(outcome_id, YOUNG)


def edge_ages(grant: Grant, month: datetime.date) -> LinkAges:
    """The ages as they stand in the month. Four queries, however many links and months there are."""
    spoken = OutcomeReview.objects.filter(sheet__grant=grant, sheet__month__lte=month).exclude(
        word=OutcomeReview.Word.UNSPOKEN
    )
    edge_talks: dict[Edge, list[Talk]] = {}
    named = OutcomeReview.outputs.through.objects.filter(outcomereview__in=spoken)
    for output_id, outcome_id, talked, word in named.order_by("outcomereview__sheet__month").values_list(
        "output_id", "outcomereview__outcome_id", "outcomereview__sheet__month", "outcomereview__word"
    ):
        edge_talks.setdefault((output_id, outcome_id), []).append(Talk(talked, word))
    outcome_talks: dict[int, list[Talk]] = {}
    for outcome_id, talked, word in spoken.order_by("sheet__month").values_list(
        "outcome_id", "sheet__month", "word"
    ):
        outcome_talks.setdefault(outcome_id, []).append(Talk(talked, word))
    return LinkAges(
        edges={edge: _age(edge_talks.get(edge, []), begun, month) for edge, begun in _edges(grant, month)},
        outcomes={pk: _age(outcome_talks.get(pk, []), begun, month) for pk, begun in _outcomes(grant, month)},
    )


def _edges(grant: Grant, month: datetime.date) -> list[tuple[Edge, datetime.date]]:
    rows = (
        Contribution.objects.filter(version__output__grant=grant, version__valid_from__lte=month)
        .order_by()
        .values_list("version__output_id", "outcome_id")
        .annotate(begun=Min("version__valid_from"))
    )
    return [((output_id, outcome_id), begun) for output_id, outcome_id, begun in rows]


def _outcomes(grant: Grant, month: datetime.date) -> list[tuple[int, datetime.date]]:
    return list(
        ShortTermOutcomeVersion.objects.filter(outcome__grant=grant, valid_from__lte=month)
        .order_by()
        .values_list("outcome_id")
        .annotate(begun=Min("valid_from"))
    )


def _age(talks: list[Talk], begun: datetime.date, month: datetime.date) -> LinkAge:
    earlier = [talk for talk in talks if talk.month < month]
    return LinkAge(
        age=months_between(talks[-1].month if talks else begun, month),
        earlier_age=months_between(earlier[-1].month if earlier else begun, month),
        earlier=earlier[-1] if earlier else None,
    )
