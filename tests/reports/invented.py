"""A month read without a database: every row invented and numbered by hand, so that a workbook made of it once fits
for good."""

import datetime as dt
from decimal import Decimal
from typing import Any

from foundations.models import Foundation
from grantees.models import Organisation
from grants.budget import PurposeBudget
from grants.models import Fund, Grant, Indicator, Program
from grants.plan import ContributionPlan, IndicatorPlan, OutcomePlan, OutputPlan, Plan
from mentoring.models import ActionItem, Figure, ProgressSheet
from mentoring.reading import CostRow, IndicatorRow, OutcomeBlock, OutputBlock, OutputGroup, SheetReading
from mentoring.totals import Total

Method = Indicator.Method
MONTH = dt.date(2022, 10, 1)
FIGURES = {101: Figure(value=Decimal(5), note="-5度の日も開いた。\n「=1+1」と書いた札。")}


def invented_reading() -> SheetReading:
    foundation = Foundation(name="公益財団法人みずうみ基金", short_name="みずうみ")
    program = Program(fund=Fund(foundation=foundation))
    grant = Grant(
        pk=7, program=program, organisation=Organisation(name="つりばしの会"), title="橋をかける事業"
    )
    sheet = ProgressSheet(pk=7001, grant=grant, month=MONTH, months=1, version=3)
    one = OutcomePlan(
        11, 1, "人が集まる場所がある", "", (), (_indicator(103, "安心できる割合", Method.RATIO, "人"),)
    )
    two = OutcomePlan(12, 2, "困ったときに話せる", "", (), (_indicator(104, "話のようす", Method.STATE, ""),))
    output = OutputPlan(
        21, 1, "場所を開く", "", (ContributionPlan(11, True, ""),),
        (_indicator(101, "開いた回数", Method.SUM, "回"), _indicator(102, "会員", Method.LATEST, "人"),
         _indicator(105, "手引き", Method.PRESENCE, "")),
    )  # fmt: skip
    plan = Plan(MONTH, (), (one, two), (output,), ())
    rows = {i.id: IndicatorRow(i, FIGURES.get(i.id), None, Total(), True) for i in plan.indicators()}
    block = OutputBlock(output, "①-1", [], [rows[i.id] for i in output.indicators])
    budgets = {purpose: _budget(purpose) for purpose in ("administrative", "direct", "evaluation")}
    nothing: dict[str, Any] = {
        name: [] for name in ("interventions", "meetings", "new_homework", "shared_notes", "events")
    }
    return SheetReading(
        sheet=sheet,
        previous=None,
        plan=plan,
        outcomes=[
            OutcomeBlock(outcome, [rows[i.id] for i in outcome.indicators], "", "", None, None, [])
            for outcome in plan.outcomes
        ],
        output_groups=[OutputGroup(one, [block])],
        costs=[CostRow(budgets["administrative"], None, None), CostRow(budgets["direct"], None, None)],
        evaluation=budgets["evaluation"],
        project_cost=budgets["direct"],
        earlier_homework=[ActionItem(pk=31, text="橋の名前を決める", side="grantee")],
        rows=rows,
        **nothing,
    )


def _indicator(pk: int, name: str, method: str, unit: str) -> IndicatorPlan:
    is_counted = method not in (Method.STATE, Method.PRESENCE)
    target, words = (Decimal(20), "") if is_counted else (None, "できている")
    return IndicatorPlan(pk, name, method, True, unit, Decimal(0), target, words, None, "", MONTH, ())


def _budget(purpose: str) -> PurposeBudget:
    return PurposeBudget(purpose, purpose, 0 if purpose == "evaluation" else 100_000, 0, None, 0)
