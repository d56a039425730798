"""What one plan changes in another, in the scheme's four kinds: 内容, 表現, 指標, 目標値."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.dates import date_label
from core.figures import format_figure
from grants.models import PlanRevision
from grants.plan import (
    ActivityPlan,
    ContributionPlan,
    IndicatorPlan,
    LongTermOutcomePlan,
    OutcomePlan,
    OutputPlan,
    Plan,
)
from grants.plan_edit import numbered
from grants.recounting import is_counted_alike

Kind = PlanRevision.Kind
Box = LongTermOutcomePlan | OutcomePlan | OutputPlan | ActivityPlan


class Act(models.TextChoices):
    ADDED = "added", _("加える")
    CHANGED = "changed", _("変える")
    REPLACED = "replaced", _("置きかえる")
    RETIRED = "retired", _("なくす")


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a proposal. `before` is empty for what is new, `after` for what goes."""

    kind: Kind
    act: Act
    box: tuple[str, int]  # where it shows on the drawing: (kind of box, id)
    place: str  # アウトプット ①-2
    aspect: str  # 文, 目標値, つながり …
    before: str
    after: str


def changes_between(base: Plan, draft: Plan) -> list[Change]:
    """In the order of the drawing, from the long-term outcomes to the activities."""
    return [
        *_boxes("long_term", base, draft, base.long_term, draft.long_term, _long_term_aspects),
        *_boxes("outcome", base, draft, base.outcomes, draft.outcomes, _outcome_aspects),
        *_boxes("output", base, draft, base.outputs, draft.outputs, _output_aspects),
        *_boxes("activity", base, draft, base.activities, draft.activities, _activity_aspects),
    ]


def kinds_of(changes: Iterable[Change]) -> list[Kind]:
    """The kinds that occur, in the scheme's order."""
    found = {change.kind for change in changes}
    return [kind for kind in Kind if kind in found]


def place_of(plan: Plan, kind: str, box: Box) -> str:
    """アウトプット ①-2"""
    if isinstance(box, OutcomePlan):
        return f"{gettext('短期アウトカム')} {box.label}"
    if isinstance(box, OutputPlan):
        return f"{gettext('アウトプット')} {plan.output_label(box)}"
    if kind == "activity":
        return gettext("活動")
    return gettext("中長期アウトカム")


# --- boxes -----------------------------------------------------------------------------------------------

Aspect = tuple[Kind, str, str]  # kind of change, name, how it reads
Aspects = Callable[[Plan, Any], list[Aspect]]


def _boxes(
    kind: str, base: Plan, draft: Plan, before: tuple[Any, ...], after: tuple[Any, ...], aspects: Aspects
) -> Iterator[Change]:
    was = {box.id: box for box in before}
    now = {box.id: box for box in after}
    for box in after:
        where, place = (kind, box.id), place_of(draft, kind, box)
        if box.id not in was:
            yield Change(Kind.CONTENT, Act.ADDED, where, place, gettext("文"), "", box.text)
            for _kind, name, text in aspects(draft, box)[1:]:
                if text and name != gettext("番号"):  # it stands in the place already
                    yield Change(Kind.CONTENT, Act.ADDED, where, place, name, "", text)
        else:
            pairs = zip(aspects(base, was[box.id]), aspects(draft, box), strict=True)
            for (change_kind, name, old), (_kind, _name, new) in pairs:
                if old != new:
                    yield Change(change_kind, Act.CHANGED, where, place, name, old, new)
        yield from _indicators(where, place, was.get(box.id), box)
    for box in before:
        if box.id not in now:
            place = place_of(base, kind, box)
            yield Change(Kind.CONTENT, Act.RETIRED, (kind, box.id), place, gettext("文"), box.text, "")


def _long_term_aspects(_plan: Plan, box: LongTermOutcomePlan) -> list[Aspect]:
    return [(Kind.WORDING, gettext("文"), box.text)]


def _outcome_aspects(plan: Plan, box: OutcomePlan) -> list[Aspect]:
    texts = {purpose.id: purpose.text for purpose in plan.long_term}
    leads = "\n".join(texts[pk] for pk in sorted(box.leads_to) if pk in texts)
    return [
        (Kind.WORDING, gettext("文"), box.text),
        (Kind.WORDING, gettext("短い言い方"), box.short_text),
        (Kind.WORDING, gettext("番号"), box.label),
        (Kind.CONTENT, gettext("つながる中長期アウトカム"), leads),
    ]


def _output_aspects(plan: Plan, box: OutputPlan) -> list[Aspect]:
    return [
        (Kind.WORDING, gettext("文"), box.text),
        (Kind.WORDING, gettext("短い言い方"), box.short_text),
        (Kind.WORDING, gettext("番号"), plan.output_label(box)),
        (Kind.CONTENT, gettext("つながる短期アウトカム"), _edges(plan, box.contributions)),
        (Kind.WORDING, gettext("つながると考える理由"), _reasons(plan, box.contributions)),
    ]


def _activity_aspects(plan: Plan, box: ActivityPlan) -> list[Aspect]:
    labels = {output.id: plan.output_label(output) for output in plan.outputs}
    produced = "、".join(sorted(labels[pk] for pk in box.produces if pk in labels))
    return [
        (Kind.WORDING, gettext("文"), box.text),
        (Kind.WORDING, gettext("時期"), box.period),
        (Kind.CONTENT, gettext("うみだすアウトプット"), produced),
    ]


def _standing(plan: Plan, edges: tuple[ContributionPlan, ...]) -> list[tuple[OutcomePlan, ContributionPlan]]:
    by_id = {edge.outcome_id: edge for edge in edges}
    return [(outcome, by_id[outcome.id]) for outcome in plan.outcomes if outcome.id in by_id]


def _edges(plan: Plan, edges: tuple[ContributionPlan, ...]) -> str:
    first = gettext("（おもな役立ち先）")
    return "、".join(
        f"{outcome.label}{first if edge.is_first else ''}" for outcome, edge in _standing(plan, edges)
    )


def _reasons(plan: Plan, edges: tuple[ContributionPlan, ...]) -> str:
    return "\n".join(f"{outcome.label} {edge.reason}" for outcome, edge in _standing(plan, edges))


# --- indicators ------------------------------------------------------------------------------------------


def _indicators(where: tuple[str, int], place: str, before: Any, after: Any) -> Iterator[Change]:
    was = {i.id: i for i in getattr(before, "indicators", ())}
    now = {i.id: i for i in getattr(after, "indicators", ())}
    replaced = {i.replaces for i in now.values() if i.id not in was}
    for pk, indicator in now.items():
        if pk not in was:
            old = was.get(indicator.replaces) if indicator.replaces else None
            act = Act.REPLACED if old else Act.ADDED
            yield Change(
                Kind.INDICATOR, act, where, place, gettext("指標"),
                in_words(old) if old else "", in_words(indicator),
            )  # fmt: skip
            continue
        for (kind, aspect, old_text), (_k, _a, text) in _aspect_pairs(was[pk], indicator):
            if old_text != text:
                named = f"{indicator.name}　{aspect}"
                yield Change(kind, Act.CHANGED, where, place, named, old_text, text)
    for pk, indicator in was.items():
        if pk not in now and pk not in replaced:
            yield Change(Kind.INDICATOR, Act.RETIRED, where, place, gettext("指標"), in_words(indicator), "")


def _aspect_pairs(before: IndicatorPlan, after: IndicatorPlan) -> Iterator[tuple[Aspect, Aspect]]:
    """A unit that is only called otherwise changes its name and no target: 20人 and 20名 are the same."""
    alike = is_counted_alike(before, after)
    units = (Kind.WORDING if alike else Kind.INDICATOR, gettext("単位"))
    yield (*units, before.unit), (*units, after.unit)
    same = replace(before, unit=after.unit) if alike else before
    yield from zip(_indicator_aspects(same), _indicator_aspects(after), strict=True)


def _indicator_aspects(indicator: IndicatorPlan) -> list[Aspect]:
    unit = indicator.value_unit
    target = indicator.target_value
    return [
        (Kind.WORDING, gettext("指標の名前"), indicator.name),
        (Kind.TARGET, gettext("はじめの値"), f"{format_figure(indicator.baseline)}{unit}"),
        (Kind.TARGET, gettext("はじめの状態"), indicator.baseline_state),
        (Kind.TARGET, gettext("目標値"), "" if target is None else f"{format_figure(target)}{unit}"),
        (Kind.TARGET, gettext("目標状態"), indicator.target_state),
        (Kind.TARGET, gettext("いつまでに"), date_label(indicator.due_on) if indicator.due_on else ""),
        (Kind.TARGET, gettext("時期のことば"), indicator.due_note),
        (Kind.TARGET, gettext("年度の目標"), indicator.years_in_words),
        (Kind.WORDING, gettext("何で確かめるか"), indicator.verification),
    ]


def in_words(indicator: IndicatorPlan) -> str:
    """研修会の回数（合計、0回 → 7回、2022年度 3回、2023年度 4回）"""
    unit = indicator.value_unit
    if indicator.target_value is not None:
        way = f"{format_figure(indicator.baseline)}{unit} → {format_figure(indicator.target_value)}{unit}"
    else:
        way = indicator.target_state
    return f"{indicator.name}（{'、'.join(filter(None, [indicator.method_label, way, indicator.years_in_words]))}）"


# --- carrying a draft over to a plan that moved on ---------------------------------------------------------


def carried_over(base: Plan, draft: Plan, now: Plan) -> Plan:
    """The draft's own changes on top of the plan as it stands now. What the draft left alone follows the plan, box by
    box; where both changed one box, the draft's stands. Numbers that both gave to something new are dealt out again."""
    carried = replace(
        now,
        long_term=_carried(base.long_term, draft.long_term, now.long_term),
        outcomes=_carried(base.outcomes, draft.outcomes, now.outcomes),
        outputs=_carried(base.outputs, draft.outputs, now.outputs),
        activities=_carried(base.activities, draft.activities, now.activities),
    )
    labels = [box.label for box in carried.outcomes] + [carried.output_label(box) for box in carried.outputs]
    return numbered(carried) if len(set(labels)) < len(labels) else carried


def _carried(base: tuple[Any, ...], draft: tuple[Any, ...], now: tuple[Any, ...]) -> tuple[Any, ...]:
    was, stands = {box.id: box for box in base}, {box.id: box for box in now}
    kept = [
        stands[box.id] if was.get(box.id) == box and box.id in stands else box
        for box in draft
        if box.id not in was or box.id in stands or was[box.id] != box
    ]
    known = {box.id for box in kept} | set(was)
    return (*kept, *(box for box in now if box.id not in known))
