"""A closed month with every part filled in, for documents and their pages. All people are invented."""

import datetime as dt
from decimal import Decimal
from io import BytesIO
from typing import Any

from pypdf import PdfReader

from accounts.models import User
from grants.models import Indicator, Purpose
from mentoring.models import (
    CostReview,
    Figure,
    Meeting,
    OutcomeReview,
    Presence,
    ProgressSheet,
    ProgressWord,
)
from mentoring.models.meetings import Side
from tests.factories import (
    ActionItemFactory,
    AttendeeFactory,
    BudgetLineFactory,
    CostReviewFactory,
    ExpenditureFactory,
    FieldNoteFactory,
    FigureFactory,
    IndicatorFactory,
    IndicatorVersionFactory,
    InterventionFactory,
    MeetingFactory,
    OutcomeChangeFactory,
    OutcomeReviewFactory,
    PlanRows,
    SheetFactory,
)

SEPTEMBER, OCTOBER = dt.date(2022, 9, 1), dt.date(2022, 10, 1)
Method = Indicator.Method


def pages_of(pdf: bytes) -> list[str]:
    """The words of each page, without spaces and line ends: where paper breaks a line is its own affair."""
    return ["".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages]


def words_of(pdf: bytes) -> str:
    return "".join(pages_of(pdf))


def named(sheet: ProgressSheet) -> ProgressSheet:
    """As the loaders hand it out."""
    return ProgressSheet.objects.with_names().get(pk=sheet.pk)


def fill_month(
    plan: PlanRows, *, month: dt.date = OCTOBER, closed: bool = True, **values: Any
) -> ProgressSheet:
    """Figures of all six methods; nothing else. `values` replaces the value of the sum."""
    sheet = SheetFactory(grant=plan.grant, month=month, closed=closed)
    figure = {"sheet": sheet, "value": None}
    FigureFactory(sheet=sheet, indicator=plan.indicators[Method.SUM], value=values.get("sum", Decimal(6)), note="2回は夜に開いた。",
                  progress=ProgressWord.ON_TRACK)  # fmt: skip
    FigureFactory(sheet=sheet, indicator=plan.indicators[Method.NEW_UNIQUE], value=Decimal(2))
    FigureFactory(
        sheet=sheet, indicator=plan.indicators[Method.LATEST], value=Decimal(11), progress=ProgressWord.AHEAD
    )
    FigureFactory(
        **figure, indicator=plan.indicators[Method.RATIO], numerator=Decimal(5), denominator=Decimal(8)
    )
    FigureFactory(**figure, indicator=plan.indicators[Method.STATE], step=ProgressWord.BEHIND,
                  sentence="相談の日を決めたところ。")  # fmt: skip
    FigureFactory(**figure, indicator=plan.indicators[Method.PRESENCE], presence=Presence.IN_PROGRESS)
    return sheet


def full_month(plan: PlanRows, officer: User, representative: User) -> ProgressSheet:
    """October 2022, closed, with September before it: every part of the paper has something to say."""
    grant = plan.grant
    before = fill_month(plan, month=SEPTEMBER, sum=Decimal(4))
    sheet = fill_month(plan)
    for outcome, word in zip(
        plan.outcomes, (OutcomeReview.Word.SEEN, OutcomeReview.Word.NOT_YET), strict=True
    ):
        OutcomeChangeFactory(sheet=sheet, outcome=outcome, text=f"変わったことの文{outcome.pk}。")
        OutcomeReviewFactory(
            sheet=sheet,
            outcome=outcome,
            word=word,
            sentence=f"話の中身{outcome.pk}。",
            outputs=[plan.outputs[0]],
        )
    for purpose, granted, spent in (
        (Purpose.ADMINISTRATIVE, 2_078_692, 73_240),
        (Purpose.DIRECT, 14_564_172, 402_318),
    ):
        BudgetLineFactory(grant=grant, purpose=purpose, granted_yen=granted, own_yen=0)
        ExpenditureFactory(grant=grant, month=SEPTEMBER, purpose=purpose, amount_yen=100_000)
        ExpenditureFactory(grant=grant, month=OCTOBER, purpose=purpose, amount_yen=spent)
    CostReviewFactory(
        sheet=sheet,
        purpose=Purpose.ADMINISTRATIVE,
        status=CostReview.Status.OVERSPENDING,
        consultation="電気料金の値上がり。",
    )
    CostReviewFactory(
        sheet=sheet,
        purpose=Purpose.DIRECT,
        status=CostReview.Status.SLOW,
        consultation="講師の日程が動いた。",
    )
    InterventionFactory(grant=grant, content="帳簿の付け方を確かめた。", result="領収書の箱を分けた。")
    _meet(sheet, officer, representative)
    ActionItemFactory(sheet=before, text="当番表をつくる", person=representative, due_on=dt.date(2022, 10, 31),
                      done_on=dt.date(2022, 10, 20), done_by=representative)  # fmt: skip
    ActionItemFactory(
        sheet=before, text="夜の連絡先を決める", side=Side.GRANTEE, due_on=dt.date(2022, 11, 30)
    )
    ActionItemFactory(
        sheet=sheet, text="農家を紹介する", side=Side.FOUNDATION, person=officer, due_on=dt.date(2023, 1, 8)
    )
    FieldNoteFactory(
        grant=grant, sheet=sheet, author=representative, text="次はぼくが火の番をする、という声。"
    )
    sheet.remark = "芋煮会がよかった。"
    sheet.save(update_fields=["remark"])
    return sheet


def _meet(sheet: ProgressSheet, officer: User, representative: User) -> Meeting:
    upcoming = MeetingFactory(
        grant=sheet.grant, held=False, held_on=dt.date(2022, 12, 15), starts_at=dt.time(10, 0), ends_at=None,
        place="", form=Meeting.Form.ONLINE,
    )  # fmt: skip
    meeting = MeetingFactory(grant=sheet.grant, held_on=dt.date(2022, 11, 17), form=Meeting.Form.VISIT, sheets=[sheet],
                             next_meeting=upcoming)  # fmt: skip
    AttendeeFactory(
        meeting=meeting, side=Side.GRANTEE, user=representative, name=representative.name, title="代表"
    )
    AttendeeFactory(meeting=meeting, side=Side.FOUNDATION, user=officer, name=officer.name)
    return meeting


def add_indicators(plan: PlanRows, sheet: ProgressSheet, count: int, **wording: Any) -> list[Figure]:
    """More counted indicators under output ①-1, each with a figure."""
    figures = []
    for number in range(count):
        indicator = IndicatorFactory(output=plan.outputs[0])
        IndicatorVersionFactory(
            indicator=indicator, position=10 + number, name=f"ふえた指標{number + 1}番", **wording
        )
        figures.append(FigureFactory(sheet=sheet, indicator=indicator, value=Decimal(number)))
    return figures
