"""Photos and files of a sheet: one page with the list, the form, and what was taken away lately."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.access import UserRequest, takes
from core.doubtful import were_shown
from core.doubts import doubts_in, words_about
from core.uploads import LARGEST
from mentoring.access import attachment_to_change, sheet_to_enter, sheet_to_read_whole
from mentoring.forms.attachments import AT_ONCE, AttachmentForm, DescriptionForm
from mentoring.models import Attachment, ProgressSheet
from mentoring.selectors import attachments_of
from mentoring.services.attachments import (
    MOST_FILES,
    Added,
    NoRoom,
    PurgedAlready,
    ThereAlready,
    add_attachments,
    describe_attachment,
    remove_attachment,
    restore_attachment,
)
from mentoring.turns import Sides
from mentoring.views.held import HELD_FILES, held_typed, keeps_typed_files, let_go_of_held
from mentoring.views.sheet_head import sheet_head
from mentoring.workflow import WrongState


@require_safe
@takes(sheet_to_read_whole)
def sheet_files(request: UserRequest, sheet: ProgressSheet) -> HttpResponse:
    held = held_typed(request, sheet.pk, HELD_FILES)
    initial = {name: held.get(name, "") for name in ("caption", "people", "consent")} if held else None
    let_go_of_held(request, sheet.pk, HELD_FILES)  # said once
    form = AttachmentForm(sheet=sheet, initial=initial)
    return files_page(request, sheet, form, was_held=held is not None)


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_typed_files
@takes(sheet_to_enter)
def sheet_files_add(request: UserRequest, sheet: ProgressSheet) -> HttpResponse:
    """Every file that may be kept is kept; of the others each is told why not."""
    if request.method != "POST":  # somebody who reloaded the address
        return redirect("mentoring:sheet_files", sheet.pk)
    form = AttachmentForm(request.POST, request.FILES, sheet=sheet)
    try:
        if not Sides.of(request.user, sheet.grant).may_attach(sheet):
            raise WrongState(sheet, "attach")
        form.is_valid()
        added = add_attachments(
            sheet=sheet,
            files=form.checked,
            caption=form.cleaned_data.get("caption", ""),
            shows_people=form.shows_people,
            by=request.user,
        )
    except WrongState:
        return _too_late(request, sheet, form)
    problems = [*form.problems, *(_no_room(file.name) for file in added.left_out)]
    if _wants_json(request):
        told = problems or [str(error) for errors in form.errors.values() for error in errors]
        return JsonResponse({"kept": len(added.kept), "problems": told}, status=422 if told else 200)
    if problems or form.errors:
        return files_page(request, sheet, form, status=422, problems=problems, kept=added.kept)
    _say_added(request, added)
    return redirect("mentoring:sheet_files", sheet.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@takes(attachment_to_change)
def attachment_edit(request: UserRequest, attachment: Attachment) -> HttpResponse:
    """Saves, and shows once more what in it could tell who somebody is."""
    sheet = _whole_sheet(attachment)
    back = reverse("mentoring:sheet_files", args=[sheet.pk])
    if attachment.removed_at or not Sides.of(request.user, sheet.grant).may_attach(sheet):
        messages.warning(request, gettext("この写真・ファイルは、いまは直せません。"))
        return redirect(back)
    form = DescriptionForm(request.POST if request.method == "POST" else None, attachment=attachment)
    if request.method == "POST" and form.is_valid():
        try:
            describe_attachment(attachment=attachment, words=form.words(), by=request.user)
        except WrongState:
            return _too_late(request, sheet)
        if were_shown(form.doubtful(), request.POST):
            messages.success(request, gettext("保存しました。"))
            return redirect(back)
        messages.warning(request, gettext("保存しました。書いたことばを、もう一度たしかめてください。"))
        return redirect("mentoring:attachment_edit", attachment.pk)
    context = {**_head(request, sheet), "attachment": attachment, "form": form, "back": back}
    status = 422 if form.is_bound else 200
    return render(request, "mentoring/attachment_edit.html", context, status=status)


@require_POST
@takes(attachment_to_change)
def attachment_remove(request: UserRequest, attachment: Attachment) -> HttpResponse:
    sheet = _whole_sheet(attachment)
    reason = " ".join(request.POST.get("reason", "").replace("\0", "").split())[:200]
    try:
        row = remove_attachment(attachment=attachment, by=request.user, reason=reason)
    except WrongState:
        return _too_late(request, sheet)
    messages.success(
        request, gettext("「%(name)s」を消しました。30日のあいだ戻せます。") % {"name": row.name}
    )
    return redirect("mentoring:sheet_files", sheet.pk)


@require_POST
@takes(attachment_to_change)
def attachment_restore(request: UserRequest, attachment: Attachment) -> HttpResponse:
    sheet = _whole_sheet(attachment)
    try:
        row = restore_attachment(attachment=attachment, by=request.user)
    except WrongState:
        return _too_late(request, sheet)
    except PurgedAlready:
        messages.warning(request, gettext("消してから30日を過ぎたので、もう戻せません。"))
    except ThereAlready:
        messages.info(request, gettext("同じものが、もうこのシートにあります。"))
    except NoRoom as error:
        messages.warning(request, _no_room(error.names[0]))
    else:
        messages.success(request, gettext("「%(name)s」を戻しました。") % {"name": row.name})
    return redirect("mentoring:sheet_files", sheet.pk)


# --- the page ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Listed:
    attachment: Attachment
    doubt: str  # what in its name or caption could tell who somebody is; for those who may mend it
    is_signed: bool  # its properties say who wrote it; for those who may send another instead


def files_page(
    request: UserRequest, sheet: ProgressSheet, form: AttachmentForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    """`more`: problems and kept after a post, was_held, too_late."""
    sides = Sides.of(request.user, sheet.grant)
    may_attach = sides.may_attach(sheet)
    known = (sheet.grant.organisation.name, sheet.grant.foundation.short_name)
    removed = Attachment.objects.filter(sheet=sheet).removed().with_names().order_by("-removed_at")
    context = {
        **sheet_head(sheet, sides),
        "listed": [
            Listed(
                row,
                words_about(doubts_in(f"{row.name}\n{row.caption}", known)) if may_attach else "",
                may_attach and row.names_author,
            )
            for row in attachments_of(sheet)
        ],
        "removed": removed if may_attach else [],
        "form": form,
        "may_attach": may_attach,
        "may_enter": sides.may_enter(sheet),
        "largest": LARGEST,
        "at_once": AT_ONCE,
        **more,
    }
    return render(request, "mentoring/sheet_files.html", context, status=status)


def _head(request: UserRequest, sheet: ProgressSheet) -> dict[str, Any]:
    return sheet_head(sheet, Sides.of(request.user, sheet.grant))


def _whole_sheet(attachment: Attachment) -> ProgressSheet:
    return ProgressSheet.objects.with_names().get(pk=attachment.sheet_id)


def _too_late(request: UserRequest, sheet: ProgressSheet, form: AttachmentForm | None = None) -> HttpResponse:
    """The month moved on while the page was open: nothing was done, and the caption is there to be copied."""
    sheet = ProgressSheet.objects.with_names().get(pk=sheet.pk)
    words = gettext("いまは「%(state)s」なので、写真・ファイルは変えられません。何も変わっていません。") % {
        "state": sheet.get_state_display()
    }
    if _wants_json(request):
        return JsonResponse({"kept": 0, "problems": [words]}, status=409)
    typed = str(form.data.get("caption", "")).strip() if form is not None else ""
    page = AttachmentForm(sheet=sheet)
    return files_page(request, sheet, page, status=409, too_late=words, typed=typed)


def _wants_json(request: UserRequest) -> bool:
    """static/js/files.js sends one file at a time and tells by itself what became of it."""
    return request.headers.get("Accept", "").startswith("application/json")


def _no_room(name: str) -> str:
    words = gettext(
        "「%(name)s」は、残していません。1つのシートに置けるのは%(most)d個・200MBまでです（消したものも30日のあいだ数えます）。"
    )
    return words % {"name": name, "most": MOST_FILES}


def _say_added(request: UserRequest, added: Added) -> None:
    if count := len(added.kept):
        words = ngettext("%(count)d個のファイルを残しました。", "%(count)d個のファイルを残しました。", count)
        messages.success(request, words % {"count": count})
    for row in added.there_already:
        messages.info(
            request, gettext("「%(name)s」は、もうこのシートにあるものと同じです。") % {"name": row.name}
        )
