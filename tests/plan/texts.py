"""Plans and indicators for hypothesis: short texts as people write them, with every sign that could mislead a reader."""

import datetime as dt
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from grants.models import Indicator
from grants.plan import (
    ActivityPlan,
    ContributionPlan,
    IndicatorPlan,
    LongTermOutcomePlan,
    OutcomePlan,
    OutputPlan,
    Plan,
)
from grants.plan_text.dues import Period

PERIOD = Period(dt.date(2021, 4, 1), dt.date(2024, 1, 31))
Method = Indicator.Method
SIGNS = "①②③0123４5人名回円%割月年社か所のべ以上約〜/・、。（）()「」=+-@'\"万千ー若者が相談できる居場所状態目標: \n"
words = st.text(SIGNS, min_size=1, max_size=24).map(lambda text: "\n".join(" ".join(line.split()) for line in text.split("\n") if line.strip())).filter(
    lambda text: bool(text.strip()) and text.strip() not in {"-", "/", "…"}
).map(str.strip)  # fmt: skip
# What people write in a cell of their own: no list of several, and no name for a state.
plain_words = (
    st.text("若者が相談できる居場所のようすを見る人 123回%", min_size=1, max_size=20)
    .map(str.strip)
    .filter(bool)
)
figures = st.decimals(min_value=0, max_value=10**7, places=2, allow_nan=False, allow_infinity=False).map(
    lambda value: value.normalize() + 0
) | st.integers(0, 5000).map(Decimal)  # fmt: skip
units = st.sampled_from(["人", "名", "回", "件", "円", "か所", "社", "団体", "冊", "市町村", ""])


@st.composite
def indicators(draw: st.DrawFn, pk: int = 1, texts: st.SearchStrategy[str] = plain_words) -> IndicatorPlan:
    method = draw(st.sampled_from(Method.values))
    worded = method in (Method.STATE, Method.PRESENCE)
    has_figure = not worded and draw(st.booleans())
    has_years = has_figure and draw(st.booleans()) and draw(st.booleans())
    return IndicatorPlan(
        id=pk,
        name=draw(texts),
        method=method,
        ratio_is_pooled=draw(st.booleans()) if method == Method.RATIO else True,
        unit="" if worded else draw(units),
        baseline=Decimal(0) if worded else draw(figures),
        target_value=draw(figures) if has_figure else None,
        target_state=draw(texts) if not has_figure or draw(st.booleans()) else "",
        due_on=draw(st.none() | st.dates(PERIOD.starts_on, PERIOD.ends_on)),
        verification=draw(st.just("") | texts),
        since=PERIOD.starts_on,
        year_targets=tuple((year, draw(figures)) for year in (2021, 2022, 2023)) if has_years else (),
        baseline_state=draw(st.just("") | texts),
        due_note="",
    )


@st.composite
def plans(draw: st.DrawFn, texts: st.SearchStrategy[str] = plain_words) -> Plan:
    """Any plan a foundation could have; identities are numbered through, and no two boxes of a kind say the same."""
    ids = iter(range(1, 1000))

    def sentences(most: int, least: int = 0) -> list[str]:
        unique = st.lists(texts, min_size=least, max_size=most, unique_by=lambda text: "".join(text.split()))
        return draw(unique)

    def some_indicators() -> tuple[IndicatorPlan, ...]:
        found = [draw(indicators(pk=next(ids), texts=texts)) for _ in range(draw(st.integers(0, 2)))]
        names = {"".join(one.name.split()): one for one in found}
        return tuple(names.values())

    def some_of(boxes: tuple[Any, ...]) -> tuple[int, ...]:
        return tuple(sorted(draw(st.sets(st.sampled_from([box.id for box in boxes]))))) if boxes else ()

    long_term = tuple(LongTermOutcomePlan(next(ids), text) for text in sentences(2))
    outcomes = tuple(
        OutcomePlan(next(ids), number, text, "", some_of(long_term), some_indicators())
        for number, text in enumerate(sentences(3), start=1)
    )
    outputs: list[OutputPlan] = []
    for text in sentences(4):
        served = some_of(outcomes)
        first = served[0] if served and draw(st.booleans()) else None
        edges = tuple(ContributionPlan(outcome, outcome == first, "理由") for outcome in served)
        number = 1 + sum(1 for other in outputs if other.first_outcome_id == first)
        outputs.append(OutputPlan(next(ids), number, text, "", edges, some_indicators()))
    activities = tuple(
        ActivityPlan(next(ids), text, some_of(tuple(outputs)), draw(st.just("") | plain_words))
        for text in sentences(3)
    )
    return Plan(PERIOD.starts_on, long_term, outcomes, tuple(outputs), activities)
