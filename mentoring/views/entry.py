"""Entering a month: save what is there so far, or save and hand it over."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from core.access import UserRequest, takes
from core.doubtful import were_shown
from mentoring.access import sheet_to_enter, sheet_to_submit
from mentoring.forms.clashes import clash_in
from mentoring.forms.entry import EntryForm
from mentoring.forms.entry_page import EntryPage
from mentoring.models import ProgressSheet
from mentoring.reading import read_sheet
from mentoring.selectors import attachments_of
from mentoring.services.entry import SavedEntry, save_entry
from mentoring.services.moves import submit_sheet
from mentoring.standing import stand_of
from mentoring.threads import answer_url, ask_url, threads_of
from mentoring.turns import Sides
from mentoring.views.halves import as_typed, halves_of, keep_halves, let_go_of_halves
from mentoring.views.held import held_typed, keeps_typed, let_go_of_held
from mentoring.views.moved import moved_on
from mentoring.views.sheet_head import sheet_head
from mentoring.workflow import WrongState

ACCEPT = "accept_blanks"


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_typed
@takes(sheet_to_enter)
def sheet_entry(request: UserRequest, sheet: ProgressSheet) -> HttpResponse:
    """The form; a post of it is 一時保存, which takes a half-filled month."""
    if request.method == "POST":
        goes_on = "close" in request.POST and _may_close(request, sheet)
        return _save(
            request, sheet, onward=reverse("reports:sheet_close", args=[sheet.pk]) if goes_on else ""
        )
    held, halves = held_typed(request, sheet.pk), halves_of(request, sheet.pk)
    may_enter = Sides.of(request.user, sheet.grant).may_enter(sheet)
    if not may_enter and held is None and not halves:
        messages.info(request, gettext("いまは入力できない段階です。シートの内容はこちらで読めます。"))
        return redirect(sheet)
    form = EntryForm(held, reading=read_sheet(sheet), is_held=held is not None, halves=halves)
    if not may_enter:  # it moved on while the writer was signed out, or elsewhere
        if held is None:
            form = EntryForm(as_typed(form, halves), reading=form.reading)
        form.is_valid()
        return moved_on(request, sheet, form)
    return _page(request, form, status=200, was_held=held is not None)


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_typed
@takes(sheet_to_submit)
def sheet_submit(request: UserRequest, sheet: ProgressSheet) -> HttpResponse:
    """Saves, then hands over. What is ※必須 must be there; other blanks, and doubts about what
    was written, must have been seen by whoever submits."""
    if request.method != "POST":  # somebody who signed in again, or reloaded the address
        return redirect("mentoring:sheet_entry", sheet.pk)
    form = EntryForm(request.POST, reading=read_sheet(sheet))
    try:
        saved = _write(request, sheet, form)
        form.require_for_submit(saved.stored)
        page = EntryPage(form)
        unseen = bool(page.blanks_to_accept) and ACCEPT not in request.POST
        unseen |= not page.has_shown(request.POST.get("shown_counts", ""))
        if page.problems or form.homeless or unseen or not were_shown(page.doubtful, request.POST):
            return _page(request, form, status=422, is_submitting=True)
        submit_sheet(sheet=sheet, by=request.user)
    except WrongState:
        return moved_on(request, sheet, form)
    name = sheet.grant.foundation.short_name
    messages.success(
        request, gettext("提出しました。%(name)sの担当に、メールでもお知らせしています。") % {"name": name}
    )
    return redirect(sheet)


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_typed
@takes(sheet_to_enter)
def sheet_entry_files(request: UserRequest, sheet: ProgressSheet) -> HttpResponse:
    """Saves, and goes to the page of photos and files, which leads back here."""
    if request.method != "POST":
        return redirect("mentoring:sheet_entry", sheet.pk)
    return _save(request, sheet, onward=reverse("mentoring:sheet_files", args=[sheet.pk]), comes_back=True)


@require_POST
@keeps_typed
@takes(sheet_to_enter)
def entry_question(request: UserRequest, sheet: ProgressSheet) -> HttpResponse:
    """Saves, and goes to the page of a question or an answer, which leads back to its row here."""
    return _save(request, sheet, onward=_question_page(request, sheet), comes_back=True)


def _may_close(request: UserRequest, sheet: ProgressSheet) -> bool:
    """Whoever corrects a reopened month closes it again."""
    return sheet.state == ProgressSheet.State.REOPENED and Sides.of(request.user, sheet.grant).manages


def _question_page(request: UserRequest, sheet: ProgressSheet) -> str:
    """The pressed button says which: `ask` a row, or `answer` a question."""
    here = reverse("mentoring:sheet_entry", args=[sheet.pk])
    question = request.POST.get("answer", "")
    answer = answer_url(question, f"{here}#comment-{question}")
    return answer or ask_url(sheet.pk, request.POST.get("ask", ""), here)


def _save(
    request: UserRequest, sheet: ProgressSheet, *, onward: str = "", comes_back: bool = False
) -> HttpResponse:
    """`onward`: another page to go to once everything is saved; where one `comes_back` from it, half a ratio waits."""
    form = EntryForm(request.POST, reading=read_sheet(sheet))
    try:
        saved = _write(request, sheet, form)
    except WrongState:
        return moved_on(request, sheet, form)
    waits = comes_back and not form.is_wrong
    if (form.errors and not waits) or saved.conflicts or form.homeless:
        if onward:
            messages.info(request, gettext("下の欄をたしかめて保存すると、先のページへ進めます。"))
        return _page(request, form, status=422)
    if saved.written or saved.kept or not onward:
        _say_saved(request, form, saved)
    if form.half_cells:
        keep_halves(request, form)
        messages.info(
            request, gettext("入れかけの割合は、そのまま取ってあります。戻ると、つづきから入力できます。")
        )
    return redirect(onward or reverse("mentoring:sheet_entry", args=[sheet.pk]))


def _write(request: UserRequest, sheet: ProgressSheet, form: EntryForm) -> SavedEntry:
    """Saves every cell that could be read, and lets the form show the sheet as it stands then."""
    form.is_valid()
    saved = save_entry(sheet=sheet, cells=form.cells, typed=form.typed(), seen=form.seen, by=request.user)
    let_go_of_held(request, sheet.pk)
    let_go_of_halves(request, form)
    sheet.refresh_from_db(fields=["version", "remark", "state", "updated_at"])
    form.take_over(saved, read_sheet(sheet))
    for key, wire in saved.conflicts.items():
        cell = form.by_key[key]
        fields = [form.fields[name] for name in cell.names]
        form.clashes[key] = clash_in(stand_of(sheet.pk, cell, request.user), wire, fields, request.user)
    return saved


def _say_saved(request: UserRequest, form: EntryForm, saved: SavedEntry) -> None:
    if saved.written:
        messages.success(request, gettext("保存しました。つづきはいつでも入力できます。"))
    else:
        messages.info(request, gettext("すべて保存してあります。つづきはいつでも入力できます。"))
    if saved.kept:
        labels = gettext("、").join(form.label_of(form.by_key[key]) for key in saved.kept)
        text = ngettext(
            "ほかの人が先に保存した入力が%(count)dか所あります。そのまま残しました: %(labels)s",
            "ほかの人が先に保存した入力が%(count)dか所あります。そのまま残しました: %(labels)s",
            len(saved.kept),
        )
        messages.info(request, text % {"count": len(saved.kept), "labels": labels})


def _page(
    request: UserRequest,
    form: EntryForm,
    *,
    status: int,
    is_submitting: bool = False,
    was_held: bool = False,
) -> HttpResponse:
    sheet, sides = form.sheet, Sides.of(request.user, form.sheet.grant)
    context = {
        **sheet_head(sheet, sides),
        "page": EntryPage(form),
        "form": form,
        "reading": form.reading,
        "attachments": attachments_of(sheet),
        "threads": replace(threads_of(sheet, form.reading.plan, sides, request.user), saves_first=True),
        "is_submitting": is_submitting,
        "was_held": was_held,
        "may_close": _may_close(request, sheet),
        "may_submit": sides.enters
        and sheet.state in (ProgressSheet.State.DRAFT, ProgressSheet.State.RETURNED),
    }
    return render(request, "mentoring/sheet_entry.html", context, status=status)
