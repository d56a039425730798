"""The meeting: one page from last homework to the next date. Each of its buttons has an address of its own."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import JournalEntry, User
from core.access import UserRequest, takes
from core.dates import date_label
from core.doubtful import doubtful_fields, were_shown
from core.months import month_label
from grants.models import PlanProposal
from mentoring import workflow
from mentoring.access import sheet_to_manage
from mentoring.agenda import END, QUESTIONS, SUPPORT, agenda_of, is_reordered
from mentoring.forms.meeting_page import BLANK_ROWS, MeetingPage
from mentoring.forms.meeting_stage import alone_parts, stage_of
from mentoring.forms.meeting_support import support_on_page, support_problems
from mentoring.forms.support import SupportForm, closed_words
from mentoring.meeting_reading import MeetingReading, read_meeting
from mentoring.models import Intervention, ProgressSheet
from mentoring.services.meetings import Sealed, Stale, save_meeting
from mentoring.services.support import MonthClosed, add_support
from mentoring.threads import answer_url
from mentoring.turns import STEP, Sides, turn_for
from mentoring.views.held import HELD_MEETING, held_typed, keeps_typed_meeting, let_go_of_held

TRIES = 5  # how often we compare again when others keep saving in between


@require_http_methods(["GET", "POST"])
@keeps_typed_meeting
@takes(sheet_to_manage)
def meeting_edit(request: UserRequest, sheet: ProgressSheet) -> HttpResponse:
    here = reverse("mentoring:meeting_edit", args=[sheet.pk])
    if request.method == "POST":
        return save_page(request, sheet, here)
    held = held_typed(request, sheet.pk, HELD_MEETING)
    if sheet.is_closed and held is None:
        messages.info(
            request,
            gettext("%(month)sは確定しています。なおすときは、先に理由を書いて再開してください。")
            % {"month": sheet.label},
        )
        return redirect(sheet)
    wanted = (request.GET if held is None else held).get("meeting", "")
    page = MeetingPage(read_meeting(sheet, request.user, wanted), held)
    support = support_on_page(page.page, held)
    if sheet.is_closed:  # while the writer was signed out
        return _show(request, page, support, status=409, closed=sheet)
    return _show(request, page, support, was_held=held is not None)


@require_POST
@keeps_typed_meeting
@takes(sheet_to_manage)
def meeting_check(request: UserRequest, sheet: ProgressSheet) -> HttpResponse:
    """Saves, and goes on to the closing of the month; a text with a doubt is looked at once more before."""
    here = f"{reverse('mentoring:meeting_edit', args=[sheet.pk])}#{END}"
    return save_page(request, sheet, reverse("reports:sheet_close", args=[sheet.pk]), unless_doubtful=here)


@require_POST
@keeps_typed_meeting
@takes(sheet_to_manage)
def meeting_support(request: UserRequest, sheet: ProgressSheet) -> HttpResponse:
    """Saves, and goes to the page of the support that was begun here, or of a new one; it leads back here."""
    new = f"{reverse('mentoring:support_new', args=[sheet.grant_id])}?sheet={sheet.pk}&next="
    here = f"{reverse('mentoring:meeting_edit', args=[sheet.pk])}%23support"
    return save_page(request, sheet, new + here, details_first=True)


@require_POST
@keeps_typed_meeting
@takes(sheet_to_manage)
def meeting_proposal(request: UserRequest, sheet: ProgressSheet) -> HttpResponse:
    """Saves, and goes to the change of the plan that is on the agenda; without one, back to the page."""
    here = reverse("mentoring:meeting_edit", args=[sheet.pk])
    proposal = PlanProposal.objects.filter(grant=sheet.grant_id, state=PlanProposal.State.OPEN).first()
    return save_page(request, sheet, f"{proposal.get_absolute_url()}?next={here}" if proposal else here)


@require_POST
@keeps_typed_meeting
@takes(sheet_to_manage)
def meeting_question(request: UserRequest, sheet: ProgressSheet) -> HttpResponse:
    """Saves, and goes to write below the question that the pressed button names, which leads back here."""
    back = f"{reverse('mentoring:meeting_edit', args=[sheet.pk])}#{QUESTIONS}"
    return save_page(request, sheet, answer_url(request.POST.get("answer", ""), back) or back)


@require_POST
@keeps_typed_meeting
@takes(sheet_to_manage)
def meeting_aside(request: UserRequest, sheet: ProgressSheet) -> HttpResponse:
    """Saves, and goes to where internal notes are asked for, apart from what may be on a shared screen."""
    return save_page(request, sheet, reverse("mentoring:internal_ask", args=[sheet.pk]))


@require_POST
@keeps_typed_meeting
@takes(sheet_to_manage)
def meeting_rows(request: UserRequest, sheet: ProgressSheet) -> HttpResponse:
    """The page as it was typed, with further blank rows for homework. Saves nothing."""
    reading = read_meeting(sheet, request.user, request.POST.get("meeting", ""))
    page = MeetingPage(reading, request.POST, further_rows=BLANK_ROWS)
    return _show(request, page, support_on_page(reading, request.POST), at="homework")


def save_page(
    request: UserRequest,
    sheet: ProgressSheet,
    onward: str,
    *,
    unless_doubtful: str = "",
    details_first: bool = False,
    then: Callable[[MeetingReading], object] = lambda _reading: None,
) -> HttpResponse:
    """`unless_doubtful` is where to go instead when the page had not shown a doubt about what was typed in it; `then`
    is done after the page was saved. A support that was begun is written down with the page; `details_first` leads to
    its own page."""
    for _try in range(TRIES):
        fresh = ProgressSheet.objects.with_names().get(pk=sheet.pk)
        page = MeetingPage(read_meeting(fresh, request.user, request.POST.get("meeting", "")), request.POST)
        support = support_on_page(page.page, request.POST)
        let_go_of_held(request, sheet.pk, HELD_MEETING)  # from here on the answer carries what was typed
        if not page.is_ready() or support.errors:
            return _show(request, page, support, status=422)
        try:
            save_meeting(
                sheet=fresh,
                meeting=page.page.meeting,
                content=page.content(),
                version=fresh.version,
                by=request.user,
            )
        except (Stale, Sealed):
            continue  # read again, the page itself says what is in the way
        except workflow.WrongState as error:
            return _show(request, page, support, status=409, closed=error.sheet)
        then(page.page)
        try:
            given = _write_support(request, support)
        except MonthClosed as error:  # just now
            support.add_error("on", closed_words(error.sheet.label))
            return _show(request, page, support, status=422)
        if unless_doubtful and not were_shown(page.doubtful(), request.POST):
            words = gettext("保存しました。先へ進む前に、書いたことばをたしかめてください。")
            messages.warning(request, words)
            return redirect(unless_doubtful)
        messages.success(request, _kept(given, fresh) if given else gettext("保存しました。"))
        if given and (details_first or not were_shown(doubtful_fields(support), request.POST)):
            return redirect(_support_url(given, fresh))
        return redirect(onward)
    return _show(request, page, support, status=409)


def _write_support(request: UserRequest, support: SupportForm) -> Intervention | None:
    """None: nobody began one. Raises MonthClosed."""
    if not support.is_bound:
        return None
    return add_support(grant=support.grant, content=support.support_content(), by=request.user)


def _kept(support: Intervention, sheet: ProgressSheet) -> str:
    """What was written down on the day of the meeting belongs to the month of that day."""
    if sheet.month <= support.on <= sheet.last_day:
        return gettext("支援を残しました。")
    words = gettext("支援を残しました。%(day)sの支援なので、%(month)sのシートに載ります。")
    return words % {"day": date_label(support.on), "month": month_label(support.on)}


def _support_url(support: Intervention, sheet: ProgressSheet) -> str:
    """Its own page, which leads back to the meeting."""
    back = f"{reverse('mentoring:meeting_edit', args=[sheet.pk])}#{SUPPORT}"
    return f"{support.get_absolute_url()}?{urlencode({'next': back})}"


def _show(
    request: UserRequest,
    page: MeetingPage,
    support: SupportForm,
    *,
    status: int = 200,
    closed: ProgressSheet | None = None,
    at: str = "",
    was_held: bool = False,
) -> HttpResponse:
    sheet = page.page.sheet
    page.tell_cells(request.user)
    stage = stage_of(page, agenda_of(page.page))
    context = {
        "page": page,
        "stage": stage,
        "alone": alone_parts(page),
        "is_reordered": is_reordered(page.page),
        "reading": page.page.reading,
        "meeting": page.page.meeting,
        "sheet": sheet,
        "grant": sheet.grant,
        "turn": turn_for(sheet, Sides(enters=False, manages=True)),
        "step": STEP[ProgressSheet.State(sheet.state)],
        "closed": closed,
        "at": at,
        "was_held": was_held,
        "is_busy": status == 409 and closed is None,
        "support": support,
        "doubtful": [*page.doubtful(), *doubtful_fields(support)],
        "problems": [*page.problems(), *support_problems(support)] if status == 422 else [],
        "other": _last_writer(sheet, besides=request.user) if status == 422 else None,
    }
    return render(request, "mentoring/meeting_edit.html", context, status=status)


def _last_writer(sheet: ProgressSheet, besides: User) -> User | None:
    """Who else wrote into this month last: the one whose texts may stand against ours."""
    entries = JournalEntry.objects.about(sheet).exclude(actor=None).exclude(actor=besides)
    entry = entries.select_related("actor").first()
    return entry.actor if entry else None
