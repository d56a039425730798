"""Running totals in SQL against a plain Python model: the six methods, gaps, baselines, replaced indicators."""

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.months import add_months, fiscal_year
from grants.models import Indicator, YearTarget
from grants.plan import IndicatorPlan
from grants.plan_reading import plan_in_force
from mentoring.models import Figure, ProgressSheet
from mentoring.reading import read_sheet
from mentoring.totals import Total, running_totals
from tests.factories import (
    FigureFactory,
    GrantFactory,
    IndicatorFactory,
    IndicatorVersionFactory,
    OutputVersionFactory,
    PlanRows,
    SheetFactory,
    make_plan,
)

pytestmark = pytest.mark.django_db
START = dt.date(2022, 1, 1)

numbers = st.decimals(min_value=-500, max_value=100_000, places=2)
counts = st.integers(min_value=0, max_value=500).map(Decimal)
words = st.sampled_from(["", "ahead", "ontrack", "behind", "other"])


@dataclass(frozen=True)
class Entry:
    """What stands in one period. All blank: a row that only carries a remark, or none at all."""

    fields: dict[str, Any]

    @property
    def is_blank(self) -> bool:
        return not any(value is not None and value != "" for value in self.fields.values())


def entries_of(method: str) -> st.SearchStrategy[Entry | None]:
    fields: st.SearchStrategy[dict[str, Any]]
    if method == "ratio":
        fields = st.tuples(counts, counts).map(lambda pair: {"numerator": pair[0], "denominator": pair[1]})
    elif method == "state":
        fields = st.fixed_dictionaries(
            {"step": words, "sentence": st.sampled_from(["", "よく話す", "変わらない"])}
        )
    elif method == "presence":
        fields = st.fixed_dictionaries({"presence": st.sampled_from(["none", "in_progress", "present"])})
    else:
        fields = st.fixed_dictionaries({"value": numbers | st.just(Decimal(0))})
    remark_only = st.just(Entry({}))
    return st.none() | remark_only | fields.map(Entry)


@dataclass(frozen=True)
class Story:
    method: str
    pooled: bool
    baseline: Decimal
    target: Decimal
    months: int
    since: int  # the period from which the indicator is in the plan
    entries: list[Entry | None]
    up_to: int

    def month(self, index: int) -> dt.date:
        return add_months(START, index * self.months)


@st.composite
def stories(draw: st.DrawFn) -> Story:
    method = draw(st.sampled_from([str(m) for m in Indicator.Method.values]))
    length = draw(st.integers(min_value=1, max_value=7))
    since = draw(st.integers(min_value=0, max_value=length - 1))
    later = draw(st.lists(entries_of(method), min_size=length - since, max_size=length - since))
    return Story(
        method=method,
        pooled=draw(st.booleans()),
        baseline=draw(st.decimals(min_value=-50, max_value=100, places=2)),
        target=draw(st.decimals(min_value=-50, max_value=100, places=2)),
        months=draw(st.sampled_from([1, 3])),
        since=since,
        entries=[None] * since + later,
        up_to=draw(st.integers(min_value=since, max_value=length - 1)),
    )


def modelled(story: Story) -> Total:
    """The rules of product.md, read aloud."""
    until = story.entries[: story.up_to + 1]
    entered = [
        (story.month(index), entry.fields)
        for index, entry in enumerate(until)
        if entry is not None and not entry.is_blank
    ]
    gaps = sum(
        1
        for index, entry in enumerate(until[:-1])
        if index >= story.since and (entry is None or entry.is_blank)
    )
    if not entered:
        return Total(gaps=gaps)
    last_month, last = entered[-1]
    total: dict[str, Any] = {"gaps": gaps, "as_of": last_month}
    began = dt.date(fiscal_year(story.month(story.up_to)), 4, 1)
    if story.method in ("sum", "new_unique"):
        total["value"] = story.baseline + sum(fields["value"] for _, fields in entered)
        this_year = [fields["value"] for month, fields in entered if month >= began]
        total["year_value"] = sum(this_year) if this_year else None
    elif story.method == "latest":
        total["value"] = total["year_value"] = last["value"]
    elif story.method == "ratio":
        pairs = [fields for _, fields in entered] if story.pooled else [last]
        part = total["numerator"] = sum(pair["numerator"] for pair in pairs)
        whole = total["denominator"] = sum(pair["denominator"] for pair in pairs)
        total["value"] = part * 100 / whole if whole else None
    else:
        total |= last
    return Total(**total)


def told(story: Story) -> tuple[ProgressSheet, Indicator]:
    """The rows of the story; the sheet asked about, and the indicator."""
    grant = GrantFactory(starts_on=START, ends_on=dt.date(2025, 12, 31))
    output = OutputVersionFactory(output__grant=grant).output
    indicator = IndicatorFactory(output=output, method=story.method, ratio_is_pooled=story.pooled)
    IndicatorVersionFactory(
        indicator=indicator,
        valid_from=story.month(story.since),
        baseline=story.baseline,
        target_value=story.target,
    )
    sheets = [
        SheetFactory(grant=grant, month=story.month(index), months=story.months)
        for index in range(len(story.entries))
    ]
    for sheet, entry in zip(sheets, story.entries, strict=True):
        if entry is not None:
            FigureFactory(sheet=sheet, indicator=indicator, **{"value": None, "note": "備考", **entry.fields})
    return sheets[story.up_to], indicator


def total_of(sheet: ProgressSheet, indicator: Indicator) -> Total:
    plan = plan_in(sheet, indicator)
    return running_totals(sheet.grant_id, [plan], sheet.month)[indicator.pk]


def plan_in(sheet: ProgressSheet, indicator: Indicator) -> IndicatorPlan:
    return next(i for i in plan_in_force(sheet.grant, sheet.month).indicators() if i.id == indicator.pk)


@settings(max_examples=120)
@given(story=stories())
def test_totals_are_what_the_rules_say(story: Story) -> None:
    sheet, indicator = told(story)
    assert total_of(sheet, indicator) == modelled(story)


@settings(max_examples=60)
@given(story=stories())
def test_achievement_is_the_share_of_the_way(story: Story) -> None:
    sheet, indicator = told(story)
    plan = plan_in(sheet, indicator)
    total, expected = total_of(sheet, indicator), modelled(story).value
    if expected is None or story.target == story.baseline:
        assert total.achievement(plan) is None
        return
    way = (expected - story.baseline) / (story.target - story.baseline) * 100
    assert total.achievement(plan) == way.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


@settings(max_examples=40)
@given(story=stories(), data=st.data())
def test_a_corrected_month_changes_every_later_total_alike(story: Story, data: st.DataObject) -> None:
    sheet, indicator = told(story)
    index = data.draw(st.integers(min_value=story.since, max_value=story.up_to))
    entry = data.draw(entries_of(story.method).filter(lambda e: e is not None and not e.is_blank))
    assert entry is not None
    corrected = ProgressSheet.objects.get(grant=sheet.grant, month=story.month(index))
    Figure.objects.update_or_create(sheet=corrected, indicator=indicator, defaults=entry.fields)
    entries = [*story.entries[:index], entry, *story.entries[index + 1 :]]
    told_anew = Story(**{**story.__dict__, "entries": entries})
    assert total_of(sheet, indicator) == modelled(told_anew)


# --- by name -----------------------------------------------------------------------------------------------


def quarter(plan: PlanRows, count: int = 3) -> list[ProgressSheet]:
    return [SheetFactory(grant=plan.grant, month=dt.date(2022, 8 + index, 1)) for index in range(count)]


def test_blank_is_not_zero(plan: PlanRows) -> None:
    august, september, october = quarter(plan)
    indicator = plan.indicators["sum"]
    FigureFactory(sheet=august, indicator=indicator, value=5)
    blank, zero = total_of(october, indicator), None
    FigureFactory(sheet=september, indicator=indicator, value=0)
    zero = total_of(october, indicator)
    assert (blank.value, blank.gaps, blank.as_of) == (5, 1, august.month)
    assert (zero.value, zero.gaps, zero.as_of) == (5, 0, september.month)


def test_nothing_entered_is_no_total(plan: PlanRows) -> None:
    *_, october = quarter(plan)
    for indicator in plan.indicators.values():
        assert total_of(october, indicator) == Total(gaps=2)


def test_totals_do_not_restart_with_the_fiscal_year(plan: PlanRows) -> None:
    indicator = plan.indicators["sum"]
    version = indicator.versions.get()
    YearTarget.objects.create(version=version, fiscal_year=2023, target_value=30)
    for month, value in ((dt.date(2023, 2, 1), 4), (dt.date(2023, 3, 1), 5), (dt.date(2023, 4, 1), 6)):
        sheet = SheetFactory(grant=plan.grant, month=month)
        FigureFactory(sheet=sheet, indicator=indicator, value=value)
    row = read_sheet(sheet).rows[indicator.pk]
    assert (row.total.value, row.total.year_value, row.year_target) == (15, 6, 30)


def test_a_year_of_a_ratio_or_of_words_adds_nothing_up(plan: PlanRows) -> None:
    """A table may bring such targets; beside 80% of the people who were asked stands no 0／80人."""
    *_, october = quarter(plan)
    for method in ("ratio", "state", "presence"):
        version = plan.indicators[method].versions.get()
        YearTarget.objects.create(version=version, fiscal_year=2022, target_value=80)
    rows = read_sheet(october).rows
    assert [rows[plan.indicators[method].pk].year_target for method in ("ratio", "state", "presence")] == [
        None
    ] * 3


def test_a_target_below_the_baseline_is_reached_downwards(plan: PlanRows) -> None:
    *_, october = quarter(plan)
    indicator = IndicatorFactory(output=plan.outputs[0], method="latest")
    IndicatorVersionFactory(indicator=indicator, baseline=40, target_value=10)
    FigureFactory(sheet=october, indicator=indicator, value=25)
    assert read_sheet(october).rows[indicator.pk].achievement == Decimal("50.0")


def test_a_reworded_indicator_keeps_its_total(plan: PlanRows) -> None:
    august, _september, october = quarter(plan)
    indicator = plan.indicators["sum"]
    FigureFactory(sheet=august, indicator=indicator, value=5)
    IndicatorVersionFactory(
        indicator=indicator, valid_from=october.month, name="言い直した指標", baseline=2, target_value=40
    )
    row = read_sheet(october).rows[indicator.pk]
    assert (row.plan.name, row.total.value, row.gaps) == ("言い直した指標", 7, 1)


def test_a_replaced_indicator_starts_a_new_total_and_owes_nothing_for_before(plan: PlanRows) -> None:
    august, september, october = quarter(plan)
    old = plan.indicators["sum"]
    FigureFactory(sheet=august, indicator=old, value=5)
    old.retired_from = september.month
    old.save()
    new = IndicatorFactory(output=plan.outputs[0], method="sum", replaces=old)
    IndicatorVersionFactory(indicator=new, valid_from=september.month)
    FigureFactory(sheet=october, indicator=new, value=3)
    rows = read_sheet(october).rows
    assert old.pk not in rows
    assert (rows[new.pk].total.value, rows[new.pk].gaps) == (3, 1)
    assert read_sheet(august).rows[old.pk].total.value == 5


def test_another_grant_does_not_count(plan: PlanRows) -> None:
    *_, october = quarter(plan)
    other = make_plan(GrantFactory())
    FigureFactory(sheet=SheetFactory(grant=other.grant), indicator=other.indicators["sum"], value=99)
    FigureFactory(sheet=october, indicator=plan.indicators["sum"], value=1)
    assert total_of(october, plan.indicators["sum"]).value == 1


def test_a_closed_month_counts_its_own_blank_as_a_gap(plan: PlanRows) -> None:
    sheet = SheetFactory(grant=plan.grant, closed=True)
    row = read_sheet(sheet).rows[plan.indicators["sum"].pk]
    assert (row.total.gaps, row.gaps) == (0, 1)


def test_two_queries_however_many_indicators(plan: PlanRows, django_assert_num_queries: Any) -> None:
    *_, october = quarter(plan)
    indicators = list(plan_in_force(plan.grant, october.month).indicators())
    for some in (indicators[:1], indicators[:3], indicators):
        with django_assert_num_queries(2):
            running_totals(plan.grant.pk, some, october.month)
