"""行の質問 of one sheet, row by row, as one reader sees them. The board reads none: give it no SheetThreads."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext

from accounts.models import User
from core import clock
from core.digits import circled
from grants.models import Purpose
from grants.plan import Plan
from mentoring.models import CostReview, ProgressSheet, RowComment
from mentoring.models.comments import CORRECTABLE
from mentoring.models.meetings import Side
from mentoring.turns import Sides
from mentoring.workflow import COMMENTS_OPEN

WHOLE_SHEET = "sheet"


@dataclass(frozen=True, slots=True)
class Row:
    """What can be asked about. `key` goes through addresses and is the anchor of the row (`row-…`)."""

    key: str  # indicator-12, outcome-3, output-5, cost-direct, sheet
    label: str

    @property
    def anchor(self) -> str:
        return f"row-{self.key}"

    @property
    def fields(self) -> dict[str, str]:
        """The fields of a RowComment that say which row it is."""
        kind, _dash, of = self.key.partition("-")
        if self.key == WHOLE_SHEET:
            return {}
        return {"purpose": of} if kind == "cost" else {f"{kind}_id": of}


def rows_of(plan: Plan) -> dict[str, Row]:
    """Every row of a sheet under this plan, in the order of the paper."""
    rows: list[tuple[str, str]] = []
    for outcome in plan.outcomes:
        rows.append((f"outcome-{outcome.id}", f"{outcome.label} {outcome.brief}"))
        rows += [(f"indicator-{i.id}", f"{outcome.label} {i.name}") for i in outcome.indicators]
    for output in plan.outputs:
        label = plan.output_label(output)
        rows.append((f"output-{output.id}", f"{label} {output.brief}"))
        rows += [(f"indicator-{i.id}", f"{label} {i.name}") for i in output.indicators]
    rows += [(f"cost-{purpose.value}", str(purpose.label)) for purpose in CostReview.PURPOSES]
    rows.append((WHOLE_SHEET, gettext("シート全体")))
    return {key: Row(key, label) for key, label in rows}


def row_label(comment: RowComment) -> str:
    """For lists over many sheets. Needs `with_row_names` and, of an answer, its question."""
    if comment.row_name:
        number = f"{circled(comment.row_number)} " if comment.row_number else ""
        return f"{number}{comment.row_name}"
    question = comment.question or comment
    return str(Purpose(question.purpose).label) if question.purpose else gettext("シート全体")


@dataclass(frozen=True, slots=True)
class Said:
    """One comment for one reader."""

    comment: RowComment
    by: str  # 森下 佳代さん（ちばのWA）
    waits_for: str  # the other side's name while it has not answered; else empty
    waits_for_reader: bool
    may_settle: bool
    may_unsettle: bool
    may_withdraw: bool  # the reader's own
    may_correct: bool  # and still fresh

    @property
    def opens_meeting(self) -> bool:
        """Still without an answer, or ticked off in the meeting instead of one."""
        return self.comment.is_waiting or self.comment.settled_at is not None


@dataclass(frozen=True, slots=True)
class Thread:
    question: RowComment
    said: list[Said]  # the question first

    @property
    def waiting(self) -> list[Said]:
        return [said for said in self.said if said.comment.is_waiting]

    @property
    def waits_for_reader(self) -> bool:
        return any(said.waits_for_reader for said in self.said)


@dataclass(frozen=True, slots=True)
class RowTalk:
    """The threads of one row, and whether the reader may write there now."""

    row: Row
    sheet_id: int
    threads: list[Thread]
    may_write: bool
    saves_first: bool

    def __bool__(self) -> bool:
        return bool(self.threads)


@dataclass(frozen=True, slots=True)
class SheetThreads:
    sheet: ProgressSheet
    rows: dict[str, Row]
    threads: list[Thread]
    may_write: bool
    saves_first: bool = False  # the page is a form being filled in: its buttons save it before they lead away

    def on(self, key: str) -> RowTalk:
        row = self.rows.get(key) or Row(key, gettext("いまの計画にない行"))
        threads = [thread for thread in self.threads if thread.question.row_key == key]
        return RowTalk(row, self.sheet.pk, threads, self.may_write, self.saves_first)

    @property
    def elsewhere(self) -> list[RowTalk]:
        """About the whole sheet, and about rows that the plan no longer has."""
        gone = dict.fromkeys(t.question.row_key for t in self.threads if t.question.row_key not in self.rows)
        return [self.on(WHOLE_SHEET), *(self.on(key) for key in gone)]

    @property
    def waiting(self) -> list[Thread]:
        return [thread for thread in self.threads if thread.waiting]

    @property
    def for_meeting(self) -> list[Thread]:
        return [thread for thread in self.threads if any(said.opens_meeting for said in thread.said)]

    def row_of(self, thread: Thread) -> Row:
        return self.on(thread.question.row_key).row


def may_be_corrected(comment: RowComment, thread: Iterable[RowComment]) -> bool:
    """A short time, and only while nobody has answered: a question does not change under its answer."""
    is_last = all(other.pk <= comment.pk for other in thread)
    return comment.withdrawn_at is None and is_last and clock.now() - comment.created_at < CORRECTABLE


def threads_of(sheet: ProgressSheet, plan: Plan, sides: Sides, reader: User) -> SheetThreads:
    """One query. Needs the sheet with_names; `sides` are the reader's."""
    comments = list(RowComment.objects.filter(sheet=sheet).with_names().with_waiting())
    replies: dict[int, list[RowComment]] = defaultdict(list)
    for comment in comments:
        if comment.question_id is not None:
            replies[comment.question_id].append(comment)
    may_write = sides.side is not None and sheet.state in COMMENTS_OPEN
    side = sides.side if may_write else None
    return SheetThreads(
        sheet=sheet,
        rows=rows_of(plan),
        threads=[
            _thread([question, *replies[question.pk]], sheet, side, reader)
            for question in comments
            if question.question_id is None
        ],
        may_write=may_write,
    )


def _thread(comments: list[RowComment], sheet: ProgressSheet, side: Side | None, reader: User) -> Thread:
    return Thread(comments[0], [_said(comment, comments, sheet, side, reader) for comment in comments])


def _said(
    comment: RowComment, thread: list[RowComment], sheet: ProgressSheet, side: Side | None, reader: User
) -> Said:
    asked = Side(comment.side)
    settles = side is not None and (side == asked or side == Side.FOUNDATION)
    is_own = side is not None and comment.author_id == reader.pk
    return Said(
        comment=comment,
        by=gettext("%(name)sさん（%(side)s）") % {"name": comment.author, "side": side_name(sheet, asked)},
        waits_for=side_name(sheet, asked.other) if comment.is_waiting else "",
        waits_for_reader=comment.is_waiting and side == asked.other,
        may_settle=settles and comment.is_waiting,
        may_unsettle=settles and comment.settled_at is not None,
        may_withdraw=is_own and comment.withdrawn_at is None,
        may_correct=is_own and may_be_corrected(comment, thread),
    )


def side_name(sheet: ProgressSheet, side: Side) -> str:
    """はこぶね or ちばのWA."""
    return sheet.grant.foundation.short_name if side == Side.FOUNDATION else sheet.grant.organisation.name


def ask_url(sheet_id: int, key: str, page: str) -> str:
    """The page to ask beside a row, which leads back to the row on `page`."""
    query = urlencode({"row": key, "next": f"{page}#row-{key}"})
    return f"{reverse('mentoring:comment_new', args=[sheet_id])}?{query}"


def answer_url(question: str, back: str) -> str:
    """The page to write below a question, which leads back. `question` is its number as it came from a form; an empty
    text when that is none."""
    if not (question.isascii() and question.isdigit() and len(question) < 16):
        return ""
    query = urlencode({"next": back})
    return f"{reverse('mentoring:comment_reply', args=[int(question)])}?{query}"


def row_url(sheet: ProgressSheet, key: str) -> str:
    """Where the row stands on the sheet's page."""
    return f"{sheet.get_absolute_url()}#row-{key}"
