"""One logic model per grant: 1 long-term and 3 short-term outcomes, 7 outputs, indicators of all six methods."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from grants.models import (
    Contribution,
    Indicator,
    IndicatorVersion,
    LongTermOutcome,
    LongTermOutcomeVersion,
    Output,
    OutputVersion,
    ShortTermOutcome,
    ShortTermOutcomeVersion,
)
from grants.plan import ContributionPlan, IndicatorPlan, LongTermOutcomePlan, OutcomePlan, OutputPlan, Plan
from reports.national.build import Size
from reports.national.copying import copy_rows, reset_sequences

OUTCOMES, OUTPUTS = 3, 7
LONG_TERM = "だれもが地域のなかに居場所をもち、孤立せずに暮らしている。"
OUTCOME_TEXTS = (
    "来る人が、困りごとを自分から話せている。",
    "地域の人が、担い手として続けて関わっている。",
    "関係する機関が、たがいに顔の見える関係にある。",
)
OUTPUT_TEXT = "居場所がひらかれ、人が集まっている（{number}）。"
METHODS = ("ratio", "state", "latest", "sum", "sum", "new_unique", "sum", "latest", "presence", "sum")
REASON = "顔を合わせる場が、相談のはじまりになるから。"
OF_OUTCOMES = 6  # indicators that stand under outcomes, two each; the others under outputs


def method_of(index: int) -> str:
    return METHODS[index % len(METHODS)]


def indicator_id(size: Size, grant: int, index: int) -> int:
    return (grant - 1) * size.indicators + index + 1


def outcome_id(grant: int, index: int) -> int:
    return (grant - 1) * OUTCOMES + index + 1


def output_id(grant: int, index: int) -> int:
    return (grant - 1) * OUTPUTS + index + 1


def write_plans(size: Size) -> None:
    grants, since = size.grant_numbers, size.first
    copy_rows(LongTermOutcome, ("id", "grant"), ((g, g) for g in grants))
    copy_rows(
        LongTermOutcomeVersion, ("outcome", "valid_from", "text"), ((g, since, LONG_TERM) for g in grants)
    )
    outcomes = [(g, o) for g in grants for o in range(OUTCOMES)]
    copy_rows(ShortTermOutcome, ("id", "grant"), ((outcome_id(g, o), g) for g, o in outcomes))
    copy_rows(
        ShortTermOutcomeVersion,
        ("id", "outcome", "valid_from", "position", "text"),
        ((outcome_id(g, o), outcome_id(g, o), since, o + 1, OUTCOME_TEXTS[o]) for g, o in outcomes),
    )
    copy_rows(
        ShortTermOutcomeVersion.leads_to.through,
        ("shorttermoutcomeversion", "longtermoutcome"),
        ((outcome_id(g, o), g) for g, o in outcomes),
    )
    outputs = [(g, o) for g in grants for o in range(OUTPUTS)]
    copy_rows(Output, ("id", "grant"), ((output_id(g, o), g) for g, o in outputs))
    copy_rows(
        OutputVersion,
        ("id", "output", "valid_from", "position", "text"),
        (
            (output_id(g, o), output_id(g, o), since, _number(o), OUTPUT_TEXT.format(number=o + 1))
            for g, o in outputs
        ),
    )
    copy_rows(
        Contribution,
        ("version", "outcome", "is_first", "reason"),
        ((output_id(g, o), outcome_id(g, o % OUTCOMES), True, REASON) for g, o in outputs),
    )
    copy_rows(Indicator, ("id", "grant", "outcome", "output", "method"), _identities(size))
    copy_rows(
        IndicatorVersion,
        ("indicator", "valid_from", "position", "name", "unit", "baseline", "target_value", "target_state"),
        _wordings(size),
    )
    reset_sequences(LongTermOutcome, LongTermOutcomeVersion, ShortTermOutcome, ShortTermOutcomeVersion, Output,
                    OutputVersion, Contribution, Indicator, IndicatorVersion)  # fmt: skip


def _number(output: int) -> int:
    """Its own number under the outcome it serves first."""
    return output // OUTCOMES + 1


def _parent(grant: int, index: int) -> tuple[int | None, int | None]:
    """Outcome or output of the indicator."""
    if index < OF_OUTCOMES:
        return outcome_id(grant, index % OUTCOMES), None
    return None, output_id(grant, (index - OF_OUTCOMES) % OUTPUTS)


def _identities(size: Size) -> Iterator[tuple[Any, ...]]:
    for grant in size.grant_numbers:
        for index in range(size.indicators):
            yield (indicator_id(size, grant, index), grant, *_parent(grant, index), method_of(index))


def wording_of(index: int) -> tuple[str, str, Decimal | None, str]:
    """Name, unit, target value and target state."""
    match method_of(index):
        case "ratio":
            return f"相談できる人がいると答えた割合{index + 1}", "人", Decimal(80), ""
        case "state":
            return f"相談のようす{index + 1}", "", None, "自分から相談する人が増えている"
        case "presence":
            return f"相談の手引き{index + 1}", "", None, "手引きができている"
        case "latest":
            return f"登録している担い手{index + 1}", "人", Decimal(16), ""
        case _:
            return f"居場所に来た人{index + 1}", "人", Decimal(300), ""


def _wordings(size: Size) -> Iterator[tuple[Any, ...]]:
    for grant in size.grant_numbers:
        for index in range(size.indicators):
            name, unit, target, state = wording_of(index)
            yield (
                indicator_id(size, grant, index),
                size.first,
                index + 1,
                name,
                unit,
                Decimal(0),
                target,
                state,
            )


def plan_of_grant(size: Size, grant: int) -> Plan:
    """What grants.plan_reading.plan_in_force reads from these rows, without reading them."""
    indicators = [_indicator(size, grant, index) for index in range(size.indicators)]

    def under(outcome: int | None, output: int | None) -> tuple[IndicatorPlan, ...]:
        return tuple(plan for i, plan in enumerate(indicators) if _parent(grant, i) == (outcome, output))

    return Plan(
        month=size.first,
        long_term=(LongTermOutcomePlan(grant, LONG_TERM),),
        outcomes=tuple(
            OutcomePlan(
                outcome_id(grant, o), o + 1, OUTCOME_TEXTS[o], "", (grant,), under(outcome_id(grant, o), None)
            )
            for o in range(OUTCOMES)
        ),
        outputs=tuple(
            OutputPlan(
                id=output_id(grant, o),
                number=_number(o),
                text=OUTPUT_TEXT.format(number=o + 1),
                short_text="",
                contributions=(ContributionPlan(outcome_id(grant, o % OUTCOMES), True, REASON),),
                indicators=under(None, output_id(grant, o)),
            )
            for o in range(OUTPUTS)
        ),
        activities=(),
    )


def _indicator(size: Size, grant: int, index: int) -> IndicatorPlan:
    name, unit, target, state = wording_of(index)
    return IndicatorPlan(
        id=indicator_id(size, grant, index), name=name, method=method_of(index), ratio_is_pooled=True, unit=unit,
        baseline=Decimal(0), target_value=target, target_state=state, due_on=None, verification="",
        since=size.first, year_targets=(),
    )  # fmt: skip
