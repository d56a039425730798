"""行の質問: a page to write a question or an answer on, which leads back to its row; and the marks on it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from core.access import UserRequest, takes
from core.doubtful import were_shown
from core.redirects import wanted_next
from mentoring.access import comment_to_answer, comment_to_correct, comment_to_settle, sheet_to_ask
from mentoring.forms.comments import CommentForm, WordsForm
from mentoring.models import ProgressSheet, RowComment
from mentoring.models.comments import CORRECTABLE
from mentoring.models.meetings import Side
from mentoring.selectors import plan_of
from mentoring.services.comments import (
    TooLate,
    answer_comment,
    ask_on_row,
    correct_comment,
    settle_comment,
    unsettle_comment,
    withdraw_comment,
)
from mentoring.threads import WHOLE_SHEET, RowTalk, may_be_corrected, row_url, side_name, threads_of
from mentoring.turns import Sides
from mentoring.views.held import (
    HELD_COMMENT,
    held_typed,
    keeps_typed_comment,
    let_go_of_held,
    sign_here,
)
from mentoring.views.sheet_head import sheet_head
from mentoring.workflow import COMMENTS_OPEN, WrongState

READS_AND_WRITES = ["GET", "HEAD", "POST"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody writes: a row with what was said there (of an answer: its thread only)."""

    sheet: ProgressSheet
    sides: Sides
    side: Side
    talk: RowTalk
    question: RowComment | None  # None: a new question

    @property
    def said(self) -> list[RowComment]:
        return [said.comment for thread in self.talk.threads for said in thread.said] if self.question else []


@require_http_methods(READS_AND_WRITES)
@keeps_typed_comment
@takes(sheet_to_ask)
def comment_new(request: UserRequest, sheet: ProgressSheet) -> HttpResponse:
    """`?row=` says beside which row (mentoring.threads.Row.key)."""
    place = _place(request, sheet, key=request.GET.get("row", WHOLE_SHEET))
    if place is None:
        why = gettext("この行は、いまの計画にはありません。計画が見直されたのかもしれません。")
        return _given_back(request, sheet, why)
    return _write(request, place)


@require_http_methods(READS_AND_WRITES)
@keeps_typed_comment
@takes(comment_to_answer)
def comment_reply(request: UserRequest, comment: RowComment) -> HttpResponse:
    place = _place(request, comment.sheet, question=comment.question or comment)
    assert place is not None
    return _write(request, place)


@require_http_methods(READS_AND_WRITES)
@keeps_typed_comment
@takes(comment_to_correct)
def comment_edit(request: UserRequest, comment: RowComment) -> HttpResponse:
    """Corrects one's own words within a short time; taking them back is the other button there."""
    sheet, here = comment.sheet, request.get_full_path()
    if sheet.state not in COMMENTS_OPEN:
        return _given_back(request, sheet, _closed_words(sheet))
    question = comment.question or comment
    place = _place(request, sheet, question=question)
    assert place is not None
    may_correct = may_be_corrected(comment, place.said)
    form = WordsForm(_data(request), sheet=sheet, initial={"text": comment.text})
    if request.method == "POST":
        let_go_of_held(request, here, HELD_COMMENT)
        if form.is_valid() and were_shown(form.doubtful(), request.POST):
            try:
                correct_comment(comment=comment, text=form.cleaned_data["text"], by=request.user)
            except TooLate:
                return _given_back(
                    request,
                    sheet,
                    gettext("なおせる時間がすぎたか、返事が届いていました。前の文のままです。"),
                )
            except WrongState as error:
                return _given_back(request, error.sheet, _closed_words(error.sheet))
            messages.success(request, gettext("文をなおしました。"))
            return redirect(_back(request, sheet, question))
    context = _page_context(request, place, form) | {
        "comment": comment,
        "may_correct": may_correct,
        "minutes": CORRECTABLE.seconds // 60,
    }
    return render(request, "mentoring/comment_edit.html", context, status=_status(request))


@require_POST
@takes(comment_to_correct)
def comment_withdraw(request: UserRequest, comment: RowComment) -> HttpResponse:
    done = gettext("取り下げました。文はもう、だれにも見えません。")
    return _mark(request, comment, withdraw_comment, done)


@require_POST
@takes(comment_to_settle)
def comment_settle(request: UserRequest, comment: RowComment) -> HttpResponse:
    return _mark(request, comment, settle_comment, gettext("話したことにしました。"))


@require_POST
@takes(comment_to_settle)
def comment_unsettle(request: UserRequest, comment: RowComment) -> HttpResponse:
    return _mark(request, comment, unsettle_comment, gettext("返事を待っている質問に戻しました。"))


def _mark(
    request: UserRequest, comment: RowComment, service: Callable[..., RowComment], done: str
) -> HttpResponse:
    try:
        service(comment=comment, by=request.user)
    except WrongState as error:
        messages.info(request, _closed_words(error.sheet))
    else:
        messages.success(request, done)
    return redirect(_back(request, comment.sheet, comment.question or comment))


def _place(
    request: UserRequest, sheet: ProgressSheet, *, key: str = "", question: RowComment | None = None
) -> Place | None:
    """None when the plan has no such row."""
    sides = Sides.of(request.user, sheet.grant)
    assert sides.side is not None  # the loaders saw to it
    threads = threads_of(sheet, plan_of(sheet), sides, request.user)
    if question is None and key not in threads.rows:
        return None
    talk = threads.on(key if question is None else question.row_key)
    if question is not None:
        talk = replace(talk, threads=[t for t in talk.threads if t.question.pk == question.pk])
    return Place(sheet, sides, sides.side, talk, question)


def _write(request: UserRequest, place: Place) -> HttpResponse:
    sheet, here = place.sheet, request.get_full_path()
    if sheet.state not in COMMENTS_OPEN:
        return _given_back(request, sheet, _closed_words(sheet))
    form = CommentForm(
        _data(request), sheet=sheet, side=place.side, writer_id=request.user.pk, thread=place.said
    )
    if request.method == "POST":
        let_go_of_held(request, here, HELD_COMMENT)
        if form.is_valid() and were_shown(form.doubtful(), request.POST):
            try:
                _save(request, place, form)
            except WrongState as error:
                return _given_back(request, error.sheet, _closed_words(error.sheet))
            return redirect(_back(request, sheet, place.question, place.talk.row.key))
    context = _page_context(request, place, form)
    return render(request, "mentoring/comment_form.html", context, status=_status(request))


def _save(request: UserRequest, place: Place, form: CommentForm) -> None:
    text, people = form.cleaned_data["text"], form.people_ids
    if place.question is None:
        ask_on_row(
            sheet=place.sheet, row=place.talk.row, text=text, people=people, side=place.side, by=request.user
        )
        done = gettext("質問を送りました。%(name)sのホームにも出ます。")
        messages.success(request, done % {"name": side_name(place.sheet, place.side.other)})
        return
    asks = form.cleaned_data["asks"]
    answer_comment(
        question=place.question, text=text, asks=asks, people=people, side=place.side, by=request.user
    )
    messages.success(request, gettext("返事を送りました。"))


def _page_context(request: UserRequest, place: Place, form: WordsForm) -> dict[str, object]:
    here = request.get_full_path()
    return {
        **sheet_head(place.sheet, place.sides),
        "talk": replace(place.talk, may_write=False),
        "question": place.question,
        "form": form,
        "doubtful": form.doubtful() if form.is_bound else [],
        "signed": sign_here(here),
        "was_held": request.method != "POST" and form.is_bound,
        "leads_to": wanted_next(request),
        "back": _back(request, place.sheet, place.question, place.talk.row.key),
    }


def _data(request: UserRequest) -> object:
    if request.method == "POST":
        return request.POST
    return held_typed(request, request.get_full_path(), HELD_COMMENT)


def _status(request: UserRequest) -> int:
    return 422 if request.method == "POST" else 200


def _back(request: UserRequest, sheet: ProgressSheet, question: RowComment | None, key: str = "") -> str:
    return wanted_next(request) or row_url(sheet, question.row_key if question else key)


def _closed_words(sheet: ProgressSheet) -> str:
    return gettext("%(month)sは確定しました。質問と返事は、このまま残ります。") % {"month": sheet.label}


def _given_back(request: UserRequest, sheet: ProgressSheet, why: str) -> HttpResponse:
    """What was typed cannot be kept any more: it is shown to be copied. Who typed nothing is led to the sheet."""
    data = _data(request)
    text = data.get("text", "").strip() if data else ""  # type: ignore[attr-defined]
    let_go_of_held(request, request.get_full_path(), HELD_COMMENT)
    if not text:
        messages.info(request, why)
        return redirect(sheet)
    context = {**sheet_head(sheet, Sides.of(request.user, sheet.grant)), "why": why, "text": text}
    return render(request, "mentoring/comment_given_back.html", context, status=409)
