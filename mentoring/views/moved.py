"""When a sheet or a proposal has moved on while somebody still had its old page open."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from core.access import UserRequest
from mentoring.forms.entry import EntryForm, stored_wire
from mentoring.models import ProgressSheet
from mentoring.reading import read_sheet
from mentoring.services.proposals import DraftMoved, WrongMove
from mentoring.turns import Sides
from mentoring.views.sheet_head import sheet_head


def say_moved(request: UserRequest, error: WrongMove) -> None:
    """Where the proposal is now."""
    if isinstance(error, DraftMoved):
        messages.warning(
            request,
            gettext("そのあいだに、案が書きかわりました。いまの案をたしかめて、もう一度おしてください。"),
        )
        return
    state = error.proposal.get_state_display()
    messages.warning(
        request, gettext("ほかの人が先に進めました。いまは「%(state)s」です。") % {"state": state}
    )


def moved_on(
    request: UserRequest, sheet: ProgressSheet, form: EntryForm | None = None, reason: str = ""
) -> HttpResponse:
    """Says where the sheet is now and gives back what was typed, to be copied; nothing was saved.

    Whoever only pressed a button twice has nothing to copy and is led to the sheet.
    """
    sheet = ProgressSheet.objects.with_names().get(pk=sheet.pk)
    texts: list[tuple[str, str]] = [(gettext("理由"), reason)] if reason else []
    if form is not None:
        reading = read_sheet(sheet)
        texts = form.typed_texts({cell.key: stored_wire(reading, cell) for cell in form.cells})
        if not texts:
            messages.info(request, gettext("このシートは、もう次の段階に進んでいます。"))
            return redirect(sheet)
    context = {**sheet_head(sheet, Sides.of(request.user, sheet.grant)), "texts": texts}
    return render(request, "mentoring/sheet_moved.html", context, status=409)
