"""Small changes of a draft: each takes a plan and returns another. What is new gets a negative id."""

import re
import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from grants.plan import ContributionPlan, IndicatorPlan, OutcomePlan, OutputPlan, Plan
from grants.plan_reading import Box

FIELD = {
    Box.LONG_TERM: "long_term",
    Box.OUTCOME: "outcomes",
    Box.OUTPUT: "outputs",
    Box.ACTIVITY: "activities",
}


def boxes(plan: Plan, kind: Box) -> tuple[Any, ...]:
    found: tuple[Any, ...] = getattr(plan, FIELD[kind])
    return found


def find_box(plan: Plan, kind: Box, pk: int) -> Any | None:
    return next((box for box in boxes(plan, kind) if box.id == pk), None)


def all_indicators(plan: Plan) -> list[IndicatorPlan]:
    measured: list[OutcomePlan | OutputPlan] = [*plan.outcomes, *plan.outputs]
    return [indicator for box in measured for indicator in box.indicators]


def find_indicator(box: OutcomePlan | OutputPlan | None, pk: int) -> IndicatorPlan | None:
    """Of this box only: an indicator never moves to another, nor does what replaces it."""
    return next((i for i in box.indicators if i.id == pk), None) if box is not None else None


def new_id(plan: Plan) -> int:
    ids: list[int] = [box.id for kind in Box for box in boxes(plan, kind)]
    return min([0, *ids, *(indicator.id for indicator in all_indicators(plan))]) - 1


KEY = re.compile("[1-9][0-9]{8}")


def new_key() -> str:
    """Goes with the form of something new. It becomes the id of what the form makes, so that the form sent twice finds its
    own box there already."""
    return str(10**8 + secrets.randbelow(9 * 10**8))


def id_in_key(key: str) -> int:
    """Of what a form with this key makes; 0 when it is no key of ours."""
    return -int(key) if KEY.fullmatch(key) else 0


def id_of_key(plan: Plan, key: str, mine: Any | None = None) -> int:
    """`mine`: what the key made before. Without a key of ours, or with one that something else has, the next free id."""
    pk = id_in_key(key)
    return pk if pk and (mine is not None or not _is_taken(plan, pk)) else new_id(plan)


def _is_taken(plan: Plan, pk: int) -> bool:
    return any(
        part.id == pk for part in (*(b for kind in Box for b in boxes(plan, kind)), *all_indicators(plan))
    )


def put_box(plan: Plan, kind: Box, box: Any) -> Plan:
    """Takes the place of the box with its id, or stands at the end."""
    present = boxes(plan, kind)
    if any(b.id == box.id for b in present):
        return _with(plan, kind, tuple(box if b.id == box.id else b for b in present))
    return numbered(_with(plan, kind, (*present, box)))


def remove_box(plan: Plan, kind: Box, pk: int) -> Plan:
    """With it go its indicators and every arrow that led to it."""
    plan = _with(plan, kind, tuple(box for box in boxes(plan, kind) if box.id != pk))
    if kind == Box.LONG_TERM:
        plan = _each(
            plan, Box.OUTCOME, lambda o: replace(o, leads_to=tuple(i for i in o.leads_to if i != pk))
        )
    elif kind == Box.OUTCOME:
        plan = _each(plan, Box.OUTPUT, lambda o: replace(o, contributions=_led(o.contributions, without=pk)))
    elif kind == Box.OUTPUT:
        plan = _each(
            plan, Box.ACTIVITY, lambda a: replace(a, produces=tuple(i for i in a.produces if i != pk))
        )
    return numbered(plan)


def _led(edges: tuple[ContributionPlan, ...], *, without: int) -> tuple[ContributionPlan, ...]:
    """When the outcome an output stood under goes, it stands under the next one it serves."""
    kept = tuple(edge for edge in edges if edge.outcome_id != without)
    if kept and not any(edge.is_first for edge in kept):
        return (replace(kept[0], is_first=True), *kept[1:])
    return kept


def move_box(plan: Plan, kind: Box, pk: int, step: int) -> Plan:
    """One place up (-1) or down (+1): an output among those under the same outcome, others in their column."""
    row = list(boxes(plan, kind))
    box = next(box for box in row if box.id == pk)
    beside = [b for b in row if kind != Box.OUTPUT or b.first_outcome_id == box.first_outcome_id]
    place = beside.index(box) + step
    if not 0 <= place < len(beside):
        return plan
    here, there = row.index(box), row.index(beside[place])
    row[here], row[there] = row[there], row[here]
    return numbered(_with(plan, kind, tuple(row)))


def numbered(plan: Plan) -> Plan:
    """①②③ down the column of outcomes; 1, 2, 3 among the outputs under one outcome, in their order."""
    outcomes = tuple(replace(o, number=place) for place, o in enumerate(plan.outcomes, start=1))
    counts: dict[int | None, int] = {}
    outputs = []
    for output in plan.outputs:
        under = output.first_outcome_id
        counts[under] = counts.get(under, 0) + 1
        outputs.append(replace(output, number=counts[under]))
    return replace(plan, outcomes=outcomes, outputs=tuple(outputs))


def put_indicator(plan: Plan, kind: Box, box_id: int, indicator: IndicatorPlan) -> Plan:
    """Takes the place of the one with its id or of the one it replaces, or stands at the end."""

    def placed(box: OutcomePlan | OutputPlan) -> Any:
        wanted = {indicator.id, indicator.replaces}
        if any(i.id in wanted for i in box.indicators):
            row = tuple(indicator if i.id in wanted else i for i in box.indicators)
            return replace(box, indicators=row)
        return replace(box, indicators=(*box.indicators, indicator))

    return _each(plan, kind, lambda box: placed(box) if box.id == box_id else box)


def remove_indicator(plan: Plan, pk: int) -> Plan:
    for kind in (Box.OUTCOME, Box.OUTPUT):
        plan = _each(
            plan, kind, lambda box: replace(box, indicators=tuple(i for i in box.indicators if i.id != pk))
        )
    return plan


def _each(plan: Plan, kind: Box, change: Callable[[Any], Any]) -> Plan:
    return _with(plan, kind, tuple(change(box) for box in boxes(plan, kind)))


def _with(plan: Plan, kind: Box, row: tuple[Any, ...]) -> Plan:
    changed: dict[str, Any] = {FIELD[kind]: row}
    return replace(plan, **changed)
