"""Which indicator of a table is which of the plan, and what would hold of it."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from django.utils.translation import gettext

from grants.models import Indicator
from grants.plan import IndicatorPlan
from grants.plan_import.draft import DraftIndicator
from grants.plan_text.doubts import Doubt
from grants.plan_text.headings import Column
from grants.plan_text.targets import NOTHING
from grants.recounting import is_same_count

Method = Indicator.Method
COUNTED = (Method.SUM, Method.NEW_UNIQUE, Method.LATEST)
WORDED = (Method.STATE, Method.PRESENCE)
CLOSE, STRANGE = 0.6, 0.3  # nearly the same words; hardly the same thing reworded


@dataclass(frozen=True, slots=True)
class IndicatorMatch:
    draft: DraftIndicator  # where the table says nothing, what held before
    old: IndicatorPlan | None
    replaces: IndicatorPlan | None = None  # of a new one: what it takes the place of
    doubts: tuple[Doubt, ...] = ()

    def plan(self, new_ids: Iterator[int], month: dt.date) -> IndicatorPlan:
        draft, old, replaced = self.draft, self.old, self.replaces
        return IndicatorPlan(
            id=old.id if old is not None else next(new_ids),
            name=kept(draft.name, old.name if old else ""),
            method=draft.method,
            ratio_is_pooled=draft.is_pooled,
            unit=draft.unit,
            baseline=draft.baseline,
            target_value=draft.target_value,
            target_state=kept(draft.target_state, old.target_state if old else ""),
            due_on=draft.due_on,
            verification=kept(draft.verification, old.verification if old else ""),
            since=old.since if old is not None else month,
            year_targets=draft.year_targets,
            baseline_state=kept(draft.baseline_state, old.baseline_state if old else ""),
            due_note=kept(draft.due_note, old.due_note if old else ""),
            replaces=old.replaces if old is not None else replaced.id if replaced else None,
            replaces_name=old.replaces_name if old is not None else replaced.name if replaced else "",
        )


def squeezed(text: str) -> str:
    """Words without their white space: a line break in a cell is no change."""
    return "".join(text.split())


def kept(text: str, before: str) -> str:
    """What stood before, where the table says the same; a dash that stood there says nothing, like a blank cell."""
    is_same = squeezed(text) == squeezed(before) or (not text and before in NOTHING)
    return before if is_same else text


def likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, squeezed(one), squeezed(other)).ratio()


def is_close(one: str, other: str) -> bool:
    return likeness(one, other) >= CLOSE


def match_indicators(
    drafts: Sequence[DraftIndicator], olds: Sequence[IndicatorPlan], said: frozenset[Column]
) -> tuple[IndicatorMatch, ...]:
    """Within one box: by the name; what is left in the order of the table."""
    left = list(olds)
    found: dict[int, IndicatorPlan] = {}
    for place, draft in enumerate(drafts):
        old = next((o for o in left if squeezed(o.name) == squeezed(draft.name)), None)
        if old is not None:
            found[place] = old
            left.remove(old)
    unnamed = [place for place in range(len(drafts)) if place not in found]
    found |= dict(zip(unnamed, left, strict=False))
    return tuple(_match(draft, found.get(place), said) for place, draft in enumerate(drafts))


def _match(draft: DraftIndicator, old: IndicatorPlan | None, said: frozenset[Column]) -> IndicatorMatch:
    if old is None:
        return IndicatorMatch(draft, None)
    if not _is_counted_alike(draft, old):
        words = gettext(
            "数え方が「%(before)s」から「%(after)s」に変わるので、新しい指標になります。累計ははじめからです。"
        )
        after = str(Method(draft.method).label)
        doubt = Doubt("method_changed", words % {"before": old.method_label, "after": after})
        return IndicatorMatch(draft, None, replaces=old, doubts=(doubt,))
    held = _holding(draft, old, said)
    if not is_same_count(old.method, old.unit, held.unit):
        words = gettext(
            "単位が「%(before)s」から「%(after)s」に変わるので、新しい指標になります。累計ははじめからです。"
        )
        doubt = Doubt("unit_changed", words % {"before": old.unit, "after": held.unit})
        anew = replace(draft, method=old.method, is_pooled=old.ratio_is_pooled)
        return IndicatorMatch(anew, None, replaces=old, doubts=(doubt,))
    doubts: tuple[Doubt, ...] = ()
    if likeness(old.name, draft.name) < STRANGE:
        words = gettext(
            "指標「%(before)s」の言いかえとして、累計を引きつぎます。別の指標なら、いまの指標の行も残してください。"
        )
        doubts = (Doubt("reworded_much", words % {"before": old.name}),)
    return IndicatorMatch(held, old, doubts=doubts)


def _is_counted_alike(draft: DraftIndicator, old: IndicatorPlan) -> bool:
    """A guess follows the way it is counted already; a word of the table's own, or a percent sign, does not."""
    if draft.method == old.method:
        return draft.is_pooled or not old.ratio_is_pooled or old.method != Method.RATIO
    if draft.says_method:
        return False
    if draft.target_value is None:
        return True  # words can be the target of any of them
    if draft.method in COUNTED and old.method in COUNTED:
        return True
    return old.method == Method.RATIO and not draft.unit


def _holding(draft: DraftIndicator, old: IndicatorPlan, said: frozenset[Column]) -> DraftIndicator:
    says_baseline, says_target = Column.BASELINE in said, Column.TARGET in said
    worded = old.method in WORDED
    return replace(
        draft,
        method=old.method,
        is_pooled=old.ratio_is_pooled,
        unit=old.unit if worded or not draft.unit else draft.unit,
        baseline=draft.baseline if says_baseline and not worded else old.baseline,
        baseline_state=draft.baseline_state if says_baseline else old.baseline_state,
        target_value=draft.target_value if says_target else old.target_value,
        target_state=draft.target_state if says_target else old.target_state,
        year_targets=draft.year_targets if says_target else old.year_targets,
        due_on=draft.due_on if Column.DUE in said else old.due_on,
        due_note=draft.due_note if Column.DUE in said else old.due_note,
        verification=draft.verification if Column.MEANS in said else old.verification,
    )
