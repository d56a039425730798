"""When an indicator would be counted another way. Its figures can be added to no others, so a new one takes its place."""

from grants.models import Indicator
from grants.plan import IndicatorPlan, Plan, unit_entered
from grants.plan_text.quantities import is_same_unit

WORDED = (Indicator.Method.STATE, Indicator.Method.PRESENCE)  # no number, no unit


class CountedAnotherWay(ValueError):
    """These indicators, as they hold and as they would, have to be replaced."""

    def __init__(self, pairs: list[tuple[IndicatorPlan, IndicatorPlan]]) -> None:
        super().__init__(f"indicators {[old.id for old, _new in pairs]} counted another way; replace them")
        self.pairs = pairs


def is_same_count(method: str, before: str, after: str) -> bool:
    """Whether figures in the unit `before` may stay under the unit `after`: a unit may be called otherwise (人 and 名), and
    one may be named that had no name. Any other unit counts something else."""
    if method in WORDED:
        return True
    before, after = unit_entered(method, before.strip()), unit_entered(method, after.strip())
    return not before or is_same_unit(before, after)


def is_counted_alike(before: IndicatorPlan, after: IndicatorPlan) -> bool:
    ways = [(i.method, i.ratio_is_pooled) for i in (before, after)]
    return ways[0] == ways[1] and is_same_count(before.method, before.unit, after.unit)


def refuse_another_count(now: Plan, draft: Plan) -> None:
    """Raises CountedAnotherWay with all of them at once."""
    held = {indicator.id: indicator for indicator in now.indicators()}
    pairs = [(held[i.id], i) for i in draft.indicators() if i.id in held]
    if recounted := [pair for pair in pairs if not is_counted_alike(*pair)]:
        raise CountedAnotherWay(recounted)
