"""The picture in words: the same boxes, figures and links, as a list for screen readers, telephones and search."""

from dataclasses import dataclass

from grants.plan import ActivityPlan, LongTermOutcomePlan, OutcomePlan, OutputPlan
from mentoring.picture import IndicatorState, Link, Picture


@dataclass(frozen=True, slots=True)
class OutputWords:
    plan: OutputPlan
    label: str  # ①-1
    states: list[IndicatorState]
    links: list[Link]
    activities: list[ActivityPlan]


@dataclass(frozen=True, slots=True)
class OutcomeWords:
    plan: OutcomePlan
    states: list[IndicatorState]
    purposes: list[LongTermOutcomePlan]
    outputs: list[OutputWords]  # those that serve it first
    further: list[Link]  # from outputs that stand under another outcome


@dataclass(frozen=True, slots=True)
class ModelOutline:
    purposes: list[LongTermOutcomePlan]
    outcomes: list[OutcomeWords]
    loose: list[OutputWords]  # outputs under no outcome of this plan
    activities: list[tuple[ActivityPlan, list[str]]]  # with the labels of what they produce


def outline_of(picture: Picture) -> ModelOutline:
    plan = picture.plan
    labels = {output.id: plan.output_label(output) for output in plan.outputs}
    return ModelOutline(
        purposes=list(plan.long_term),
        outcomes=[
            OutcomeWords(
                outcome,
                picture.states(outcome.indicators),
                [purpose for purpose in plan.long_term if purpose.id in outcome.leads_to],
                [_output(picture, output) for output in plan.outputs_under(outcome.id)],
                [link for link in picture.links_to(outcome) if link.output.first_outcome_id != outcome.id],
            )
            for outcome in plan.outcomes
        ],
        loose=[_output(picture, output) for output in plan.outputs_under(None)],
        activities=[
            (activity, [labels[pk] for pk in activity.produces if pk in labels])
            for activity in plan.activities
        ],
    )


def _output(picture: Picture, output: OutputPlan) -> OutputWords:
    return OutputWords(
        output,
        picture.plan.output_label(output),
        picture.states(output.indicators),
        picture.links_from(output),
        [activity for activity in picture.plan.activities if output.id in activity.produces],
    )
