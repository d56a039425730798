"""What stands beside a figure on the entry page: the months so far, and what the page's script needs to let the
running total follow the typing. Numbers go to the script as plain decimal texts, words come ready from here.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext

from core.charts import Column, month_columns
from core.digits import TABLE
from core.figures import UNITS, format_figure, format_percent
from core.months import month_label
from grants.budget import PurposeBudget
from grants.models import Indicator
from grants.plan import IndicatorPlan
from mentoring.models import Figure, Presence
from mentoring.past import Entry, Past
from mentoring.reading import IndicatorRow
from mentoring.totals import Total, percent_of_pair

VALUES = "{values}"  # the place of the columns' values in their sentence


@dataclass(frozen=True, slots=True)
class LiveFigure:
    plan: IndicatorPlan
    before: Total  # without this period
    without: str  # what to say of a total that stands without this period
    values: Sequence["Value"]  # oldest first, this period last
    sentence: str  # 2023年2月〜2024年1月: {values}

    @property
    def columns(self) -> list[Column]:
        return month_columns([value.height for value in self.values])

    @property
    def words(self) -> str:
        return self.sentence.replace(VALUES, gettext("、").join(value.word for value in self.values))

    @property
    def data(self) -> str:
        plan, before = self.plan, self.before
        data: dict[str, Any] = {
            "method": plan.method,
            "pooled": plan.ratio_is_pooled,
            "unit": plan.unit,
            "enteredUnit": plan.entered_unit,
            "baseline": _text(plan.baseline),
            "target": _text(plan.target_value),
            "before": {
                "value": "" if plan.method == "ratio" else _text(before.value),
                "numerator": _text(before.numerator),
                "denominator": _text(before.denominator),
                "presence": str(Presence(before.presence).label) if before.presence else "",
                "year": _text(before.year_value),
            },
            "past": [[_text(value.height), value.word] for value in self.values[:-1]],
            "sentence": self.sentence,
        }
        return json.dumps(data, ensure_ascii=False)


def live_figure(row: IndicatorRow, past: Past, before: Total, without: str) -> LiveFigure:
    shown = past.shown(row.plan)
    months = [month for month, _ in shown] + past.periods[-1:]
    labels = {"start": month_label(months[0]), "end": month_label(months[-1]), "values": VALUES}
    return LiveFigure(
        plan=row.plan,
        before=before,
        without=without,
        values=[
            _value(row.plan, entry) for entry in (*(e for _, e in shown), row.now if row.is_entered else None)
        ],
        sentence=gettext("%(start)s〜%(end)s: %(values)s") % labels,
    )


@dataclass(frozen=True, slots=True)
class Value:
    """One column: a count, or a ratio in percent with one decimal."""

    height: Decimal | None
    word: str


def _value(plan: IndicatorPlan, entry: Entry | Figure | None) -> Value:
    if entry is None:
        return Value(None, gettext("未入力"))
    if plan.method != Indicator.Method.RATIO:
        return Value(entry.value, f"{format_figure(entry.value)}{plan.unit}")
    percent = percent_of_pair(entry.numerator, entry.denominator)
    if percent is None:  # nobody was asked
        return Value(Decimal(0), "－")
    return Value(percent.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP), format_percent(percent))


def live_cost(budget: PurposeBudget) -> str:
    """The purpose without this period's spending, for the script."""
    data = {
        "before": str(budget.total - (budget.period or 0)),
        "plan": str(budget.plan),
        "yen": gettext("%(amount)s円") % {"amount": "{amount}"},
    }
    return json.dumps(data, ensure_ascii=False)


def reading_rules() -> str:
    """How a typed number is read (core.figures), for the script to read it alike."""
    signs = {chr(code): sign for code, sign in TABLE.items()}
    return json.dumps({"signs": signs, "units": UNITS.pattern}, ensure_ascii=False)


def _text(value: Decimal | None) -> str:
    return "" if value is None else f"{value:f}"
