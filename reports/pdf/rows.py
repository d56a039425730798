"""One indicator's line as paper prints it: texts, not numbers. The figures are those of mentoring.reading."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext

from core.charts import Bar, progress_bar_pdf
from core.figures import format_figure, format_percent
from core.months import fiscal_year, fiscal_year_label, month_label
from grants.models import Indicator
from grants.plan import IndicatorPlan
from mentoring.models import Figure, Presence, ProgressSheet, ProgressWord
from mentoring.reading import IndicatorRow
from mentoring.totals import Total, percent_of_pair

SHORT_TEXT = 6  # letters; あり stands in the column of figures like one
LONG_TEXT = 90  # letters; a longer remark gets the width of the page instead of a column of 13 letters


@dataclass(frozen=True, slots=True)
class PaperRow:
    """`total` empty: nothing to add up yet. `bar` None: no numeric target to measure against."""

    name: str
    method: str
    replaced: str
    target: str
    target_is_words: bool
    baseline: str
    now: str
    now_part: str  # 5／8人 beneath a ratio
    total: str
    total_part: str
    total_is_words: bool  # a sentence: it takes the columns of 当月 and 累計 together
    as_of: str  # the month a latest value is from, when it is not this sheet's
    year: str
    bar: Bar | None
    percent: str
    word: str
    gaps: str
    note: str

    @property
    def note_is_long(self) -> bool:
        return len(self.note) > LONG_TEXT

    @property
    def sentence(self) -> str:
        """What a state came to; beneath the line in full width when it is long."""
        return (self.now or self.total) if self.total_is_words else ""

    @property
    def sentence_is_long(self) -> bool:
        return len(self.sentence) > 2 * LONG_TEXT

    @property
    def is_long(self) -> bool:
        """Longer than what is kept on one page."""
        return len(self.note) + len(self.sentence) > 600


def paper_row(row: IndicatorRow, sheet: ProgressSheet, calendar: Decimal | None) -> PaperRow:
    """`calendar`: how much of the grant's time has passed, in percent."""
    plan, now, total, month = row.plan, row.now, row.total, sheet.month
    is_words = plan.method in (Indicator.Method.STATE, Indicator.Method.PRESENCE)
    achievement = None if is_words else row.achievement
    return PaperRow(
        name=plan.name,
        method=method_text(plan),
        replaced=plan.replaced,
        target=plan.target_state if plan.target_value is None else with_unit(plan.target_value, plan),
        target_is_words=plan.target_value is None and len(plan.target_state) > SHORT_TEXT,
        baseline=with_unit(plan.baseline, plan) if plan.baseline and not is_words else "",
        now=entered_text(plan, now),
        now_part=pair_text(plan, now.numerator, now.denominator) if now and row.is_ratio else "",
        total=total_text(plan, total),
        total_part=pair_text(plan, total.numerator, total.denominator) if row.is_ratio else "",
        total_is_words=plan.method == Indicator.Method.STATE,
        as_of=month_label(total.as_of) if _is_older(plan, total, month) and total.as_of else "",
        year=_year(plan, total, month),
        bar=None if achievement is None else progress_bar_pdf(achievement, calendar),
        percent=format_percent(achievement),
        word=(now.progress or now.step) if now else "",
        gaps=gaps_text(row.gaps, sheet),
        note=now.note.strip() if now else "",
    )


def method_text(plan: IndicatorPlan) -> str:
    if plan.method != Indicator.Method.RATIO:
        return plan.method_label
    return gettext("割合（累計どうしの割合）") if plan.ratio_is_pooled else gettext("割合（直近の割合）")


def with_unit(value: Decimal | None, plan: IndicatorPlan) -> str:
    if value is None:
        return ""
    return f"{format_figure(value)}{plan.value_unit}"


def pair_text(plan: IndicatorPlan, numerator: Decimal | None, denominator: Decimal | None) -> str:
    """5／8人: what a ratio was computed from."""
    if numerator is None or denominator is None:
        return ""
    return f"{format_figure(numerator)}／{format_figure(denominator)}{plan.entered_unit}"


def entered_text(plan: IndicatorPlan, figure: Figure | None) -> str:
    """What was entered in one period, in words; empty when nothing was."""
    if figure is None or not figure.is_entered:
        return ""
    if plan.method == Indicator.Method.RATIO:
        percent = percent_of_pair(figure.numerator, figure.denominator)
        return format_percent(percent) or "－"
    if plan.method == Indicator.Method.PRESENCE:
        return str(Presence(figure.presence).label)
    if plan.method == Indicator.Method.STATE:
        return figure.sentence.strip()
    return with_unit(figure.value, plan)


def total_text(plan: IndicatorPlan, total: Total) -> str:
    """A running total in words; empty when there is nothing to add up yet."""
    if plan.method == Indicator.Method.RATIO:
        return format_percent(total.value)
    if plan.method == Indicator.Method.PRESENCE:
        return str(Presence(total.presence).label) if total.presence else ""
    if plan.method == Indicator.Method.STATE:
        return total.sentence.strip() or (str(ProgressWord(total.step).label) if total.step else "")
    return with_unit(total.value, plan)


def _is_older(plan: IndicatorPlan, total: Total, month: datetime.date) -> bool:
    """A latest value stands for a month before this sheet's; sums and ratios of sums need no such word."""
    is_latest = plan.method not in (Indicator.Method.SUM, Indicator.Method.NEW_UNIQUE) and not (
        plan.method == Indicator.Method.RATIO and plan.ratio_is_pooled
    )
    return is_latest and total.as_of is not None and total.as_of < month


def _year(plan: IndicatorPlan, total: Total, month: datetime.date) -> str:
    """2022年度 12回（目標30回）, for indicators with yearly targets."""
    year = fiscal_year(month)
    target = plan.year_target(year)
    if target is None or total.year_value is None:
        return ""
    return gettext("%(year)s %(value)s（目標 %(target)s）") % {
        "year": fiscal_year_label(year),
        "value": with_unit(total.year_value, plan),
        "target": with_unit(target, plan),
    }


def gaps_text(count: int, sheet: ProgressSheet) -> str:
    if not count:
        return ""
    if sheet.months == 1:
        return gettext("未入力の月あり（%(count)dか月）") % {"count": count}
    return gettext("未入力の期あり（%(count)d回）") % {"count": count}
