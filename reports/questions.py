"""Questions on a row that wait for an answer, for a home page: what waits for the reader, and what they wait for."""

from dataclasses import dataclass

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext

from core.months import short_month_label
from grants.models import Grant
from mentoring.models import ProgressSheet, RowComment
from mentoring.models.meetings import Side
from mentoring.threads import row_label, row_url, side_name

SHOWN = 10  # of each kind; the sheets hold the rest


@dataclass(frozen=True, slots=True)
class WaitingQuestion:
    comment: RowComment
    row: str  # ①-2 模擬面接の回数
    place: str  # はこぶね　10月
    by: str  # who asked: 森下 佳代さん（ちばのWA）
    url: str  # its row on the sheet's page


@dataclass(frozen=True, slots=True)
class WaitingQuestions:
    """The oldest first; `…_more` is how many are not shown."""

    mine: list[WaitingQuestion]
    mine_more: int
    theirs: list[WaitingQuestion]
    theirs_more: int

    def __bool__(self) -> bool:
        return bool(self.mine or self.theirs)


def waiting_questions(grants: QuerySet[Grant], own: Side) -> WaitingQuestions:
    """Of months that are not closed yet, on the side of `own`. One query."""
    comments = (
        RowComment.objects.waiting()
        .with_row_names()
        .filter(sheet__grant__in=grants, sheet__in=ProgressSheet.objects.unfinished())
        .select_related(
            "author", "question", "sheet__grant__organisation", "sheet__grant__program__fund__foundation"
        )
    )
    mine: list[RowComment] = []
    theirs: list[RowComment] = []
    for comment in comments:
        (theirs if comment.side == own else mine).append(comment)
    return WaitingQuestions(
        mine=[_question(comment) for comment in mine[:SHOWN]],
        mine_more=max(len(mine) - SHOWN, 0),
        theirs=[_question(comment) for comment in theirs[:SHOWN]],
        theirs_more=max(len(theirs) - SHOWN, 0),
    )


def _question(comment: RowComment) -> WaitingQuestion:
    sheet, question = comment.sheet, comment.question or comment
    names = {"name": comment.author, "side": side_name(sheet, Side(comment.side))}
    return WaitingQuestion(
        comment=comment,
        row=row_label(comment),
        place=f"{sheet.grant.organisation.name}　{short_month_label(sheet.month)}",
        by=gettext("%(name)sさん（%(side)s）") % names,
        url=row_url(sheet, question.row_key),
    )


def answers_of_grantee() -> Coalesce:
    """How much the grantee has written below questions on the rows of a sheet."""
    answers = RowComment.objects.filter(
        sheet=OuterRef("pk"), question__isnull=False, side=Side.GRANTEE, withdrawn_at=None
    )
    counted = answers.order_by().values("sheet").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0, output_field=IntegerField())
