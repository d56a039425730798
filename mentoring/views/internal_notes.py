"""Notes that stay inside the foundation. They are on no page that a GET can open: two steps lead to them, and the
second says that nobody else sees the screen."""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from core import clock
from core.access import UserRequest, takes
from core.autosave import NotASave, Sent, autosaves, refusal
from core.dates import time_label
from core.doubtful import doubtful_fields, doubts_of, were_shown
from core.doubts import words_about
from mentoring import workflow
from mentoring.access import sheet_to_manage
from mentoring.forms.internal_note import (
    KEY,
    InternalNoteForm,
    OpeningForm,
    about_internal,
    own_and_further,
)
from mentoring.merging import Seen
from mentoring.models import FieldNote, ProgressSheet
from mentoring.services.meetings import MeetingContent, Stale, save_meeting
from mentoring.views.held import HELD_INTERNAL, held_typed, keeps_typed_internal, let_go_of_held

TRIES = 5


@require_safe
@takes(sheet_to_manage)
def internal_ask(request: UserRequest, sheet: ProgressSheet) -> HttpResponse:
    """The first step. Holds nothing internal."""
    context = {"sheet": sheet, "grant": sheet.grant, "form": OpeningForm()}
    return render(request, "mentoring/internal_ask.html", context)


@require_POST
@never_cache
@takes(sheet_to_manage)
def internal_open(request: UserRequest, sheet: ProgressSheet) -> HttpResponse:
    """The second. `?pane` asks for the pane alone, to stand beside the meeting."""
    asked = OpeningForm(request.POST)
    if not asked.is_valid():
        context = {"sheet": sheet, "grant": sheet.grant, "form": asked}
        return render(request, "mentoring/internal_ask.html", context, status=422)
    return _show(request, sheet, held_typed(request, sheet.pk, HELD_INTERNAL))


@require_POST
@never_cache
@keeps_typed_internal
@takes(sheet_to_manage)
def internal_save(request: UserRequest, sheet: ProgressSheet) -> HttpResponse:
    """Saves and closes; a text with a doubt is looked at once more before."""
    for _try in range(TRIES):
        fresh = ProgressSheet.objects.with_names().get(pk=sheet.pk)
        form = InternalNoteForm(request.POST, sheet=fresh, stands=_notes(fresh, request.user)[0])
        let_go_of_held(request, sheet.pk, HELD_INTERNAL)
        if not form.is_ready():
            return _show(request, fresh, request.POST, status=422, form=form)
        try:
            _save(fresh, form, request.user)
        except Stale:
            continue
        except workflow.WrongState as error:
            return _show(request, error.sheet, request.POST, status=409, form=form)
        if not were_shown(doubtful_fields(form), request.POST):
            return _show(request, fresh, None, is_saved=True)
        messages.success(request, gettext("内部メモを保存して、閉じました。"))
        return redirect("mentoring:meeting_edit", sheet.pk)
    return _show(request, sheet, request.POST, status=409, form=form)


@require_POST
@autosaves
@takes(sheet_to_manage)
def internal_cells(request: UserRequest, sheet: ProgressSheet, sent: dict[str, Sent]) -> JsonResponse:
    """The pane beside the meeting saves itself. Its texts are kept in no browser."""
    try:
        typed, seen = _one_text(sent)
    except NotASave:
        return refusal("not_a_save", 400)
    for _try in range(TRIES):
        fresh = ProgressSheet.objects.with_names().get(pk=sheet.pk)
        if fresh.is_closed:
            return _closed(fresh)
        data = QueryDict(mutable=True)
        data.update({KEY: typed, "seen": Seen({KEY: seen}).sign(about_internal(sheet))})
        form = InternalNoteForm(data, sheet=fresh, stands=_notes(fresh, request.user)[0])
        is_ready = form.is_ready()
        try:
            version = _save(fresh, form, request.user) if is_ready else fresh.version
        except Stale:
            continue
        except workflow.WrongState as error:
            words = gettext(
                "%(month)sは確定しています。内部メモは保存できませんでした。写してお使いください。"
            )
            return refusal("moved_on", 409, words % {"month": error.sheet.label})
        answer = {"saved_at": time_label(clock.now().time()), "version": version, "renamed": {}}
        return JsonResponse({**answer, "cells": {KEY: _answer(form, is_ready)}})
    return refusal("busy", 503)


def _closed(sheet: ProgressSheet) -> JsonResponse:
    words = gettext("%(month)sは確定しています。内部メモは保存できませんでした。写してお使いください。")
    return refusal("moved_on", 409, words % {"month": sheet.label})


def _one_text(sent: dict[str, Sent]) -> tuple[str, str]:
    if set(sent) != {KEY} or len(sent[KEY].typed) != 1 or len(sent[KEY].seen) > 1:
        raise NotASave
    return sent[KEY].typed[0], "".join(sent[KEY].seen)


def _answer(form: InternalNoteForm, is_ready: bool) -> dict[str, object]:
    if form.errors:
        errors = [{"name": KEY, "text": text} for text in form.errors["internal"]]
        return {"state": "wrong", "errors": errors, "doubts": []}
    if not is_ready:
        theirs = {"theirs": form.stands, "by": gettext("ほかの画面のあなた"), "at": ""}
        return {"state": "conflict", "stored": [form.stands], "shown": [form.stands], **theirs}
    doubts = doubts_of(form["internal"])
    return {
        "state": "saved" if form.is_written else "same",
        "stored": [form.typed],
        "shown": [form.typed],
        "errors": [],
        "doubts": [{"name": KEY, "text": words_about(doubts)}] if doubts else [],
    }


def _save(sheet: ProgressSheet, form: InternalNoteForm, by: User) -> int:
    """The version of the sheet afterwards. Raises Stale and WrongState."""
    notes = {FieldNote.Visibility.INTERNAL.value: form.typed} if form.is_written else {}
    saved = save_meeting(
        sheet=sheet,
        meeting=None,
        content=MeetingContent(notes=notes),
        version=sheet.version,
        by=by,
        piece_by_piece=True,
    )
    return saved.version


def _notes(sheet: ProgressSheet, user: User) -> tuple[str, list[FieldNote]]:
    notes = FieldNote.objects.visible_to(user).internal().filter(sheet=sheet).select_related("author")
    return own_and_further(sheet, list(notes), user.pk)


def _show(
    request: UserRequest,
    sheet: ProgressSheet,
    typed: QueryDict | None,
    *,
    status: int = 200,
    form: InternalNoteForm | None = None,
    is_saved: bool = False,
) -> HttpResponse:
    own, further = _notes(sheet, request.user)
    form = form or InternalNoteForm(typed, sheet=sheet, stands=own)
    context = {
        "sheet": sheet,
        "grant": sheet.grant,
        "form": form,
        "further": further,
        "doubtful": doubtful_fields(form),
        "status": status,
        "is_saved": is_saved,
        "was_held": typed is not None and status == 200,
        "back": reverse("mentoring:meeting_edit", args=[sheet.pk]),
    }
    is_pane = "pane" in request.GET
    page = "mentoring/_internal_pane.html" if is_pane else "mentoring/internal_open.html"
    return render(request, page, context, status=status)
