"""How long ago each link was spoken of: between an output and an outcome, and of an outcome as a whole.

今月は話していない is no talk about the link; a review names the outputs it speaks of, and only those edges get young again.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import BigIntegerField, DateField, Min

from core.months import months_between
from core.prepared import Given, Prepared
from grants.models import Contribution, Grant, ShortTermOutcomeVersion
from grants.plan import Plan
from mentoring.models import OutcomeReview, ProgressSheet

STALE_MONTHS = 3
Edge = tuple[int, int]  # output, outcome


@dataclass(frozen=True, slots=True)
class Talk:
    """A month in which the link was spoken of, the word it got and what was said."""

    month: datetime.date
    word: str
    sentence: str = ""


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
    """The ages as they stand in the month. Three queries, however many links and months there are."""
    return ages_of(
        talks_about(grant, month), dict(_edges(grant, month)), dict(_outcomes(grant, month)), month
    )


@dataclass(frozen=True, slots=True)
class WaitingLink:
    """A link of the plan that nobody spoke of for long. `output` is ①-1."""

    output: str
    months: int


def waiting_links(sheet: ProgressSheet, plan: Plan) -> dict[int, list[WaitingLink]]:
    """By outcome, the links that have waited too long, the oldest first. Three queries."""
    ages = edge_ages(sheet.grant, sheet.month)
    found: dict[int, list[WaitingLink]] = {}
    for outcome in plan.outcomes:
        of_outputs = [
            (plan.output_label(output), ages.edge(output.id, outcome.id))
            for output in plan.outputs_serving(outcome.id)
        ]
        stale = [WaitingLink(label, age.age) for label, age in of_outputs if age.is_stale(sheet.months)]
        found[outcome.id] = sorted(stale, key=lambda link: -link.months)
    return found


@dataclass(frozen=True, slots=True)
class Talks:
    """Every talk up to a month, the oldest first."""

    edges: dict[Edge, list[Talk]]
    outcomes: dict[int, list[Talk]]


TALKS = Prepared(
    lambda: (
        OutcomeReview.objects.filter(
            sheet__grant=Given("grant", BigIntegerField()), sheet__month__lte=Given("month", DateField())
        )
        .exclude(word=OutcomeReview.Word.UNSPOKEN)
        .order_by("sheet__month", "pk")
        .values_list("pk", "outcome_id", "outputs", "sheet__month", "word", "sentence")
    )
)


def talks_about(grant: Grant, month: datetime.date) -> Talks:
    """What was said of each link and outcome up to and with the month. One query."""
    edges: dict[Edge, list[Talk]] = defaultdict(list)
    outcomes: dict[int, dict[int, Talk]] = defaultdict(dict)
    for review, outcome_id, output_id, talked, word, sentence in TALKS.rows(grant=grant.pk, month=month):
        talk = Talk(talked, word, sentence)
        outcomes[outcome_id][review] = talk
        if output_id is not None:
            edges[output_id, outcome_id].append(talk)
    return Talks(dict(edges), {pk: list(talks.values()) for pk, talks in outcomes.items()})


def ages_of(
    talks: Talks,
    edges_since: Mapping[Edge, datetime.date],
    outcomes_since: Mapping[int, datetime.date],
    month: datetime.date,
) -> LinkAges:
    """`…_since`: the month in which a link or an outcome first stood in a plan."""
    return LinkAges(
        edges={edge: _age(talks.edges.get(edge, []), since, month) for edge, since in edges_since.items()},
        outcomes={pk: _age(talks.outcomes.get(pk, []), since, month) for pk, since in outcomes_since.items()},
    )


def _edges(grant: Grant, month: datetime.date) -> Iterator[tuple[Edge, datetime.date]]:
    rows = (
        Contribution.objects.filter(version__output__grant=grant, version__valid_from__lte=month)
        .order_by()
        .values_list("version__output_id", "outcome_id")
        .annotate(since=Min("version__valid_from"))
    )
    for output_id, outcome_id, since in rows:
        yield (output_id, outcome_id), since


def _outcomes(grant: Grant, month: datetime.date) -> Iterator[tuple[int, datetime.date]]:
    versions = ShortTermOutcomeVersion.objects.filter(outcome__grant=grant, valid_from__lte=month)
    yield from versions.order_by().values_list("outcome_id").annotate(since=Min("valid_from"))


def _age(talks: Sequence[Talk], since: datetime.date, month: datetime.date) -> LinkAge:
    earlier = [talk for talk in talks if talk.month < month]
    return LinkAge(
        age=months_between(talks[-1].month if talks else since, month),
        earlier_age=months_between(earlier[-1].month if earlier else since, month),
        earlier=earlier[-1] if earlier else None,
    )
