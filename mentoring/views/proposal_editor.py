"""The editor of a proposal: a list of boxes, one form at a time. With htmx only the list is exchanged; the addresses and
the pages are the same without it."""

import re
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.access import UserRequest, takes
from core.doubtful import doubtful_fields, were_shown
from core.months import fiscal_year
from core.redirects import whole_page
from grants.models import PlanProposal
from grants.plan import IndicatorPlan, Plan, mark_of
from grants.plan_diff import place_of
from grants.plan_edit import (
    all_indicators,
    find_box,
    find_indicator,
    id_in_key,
    id_of_key,
    move_box,
    numbered,
    put_box,
    put_indicator,
    remove_box,
    remove_indicator,
)
from grants.plan_reading import Box
from mentoring.access import proposal_to_edit
from mentoring.forms.proposals import BOX_FORMS, DraftForm, IndicatorForm
from mentoring.proposal_pages import place_key, read_proposal
from mentoring.services.proposals import WrongMove, change_draft, undo_step
from mentoring.views.held import HELD_COMMENT, held_typed, keeps_typed_comment, let_go_of_held, sign_here
from mentoring.views.moved import say_moved

State = PlanProposal.State
NEW = 0
UNDO = "undo"  # where the cursor goes when the step itself left no place


class NotReady(Exception):
    """Something in the form is unreadable, doubtful or written by two; `form` says what."""

    def __init__(self, form: DraftForm, status: int = 422) -> None:
        super().__init__()
        self.form, self.status = form, status


class WrittenMeanwhile(Exception):
    """What is to be taken away was written on since the page showed it; it stands at `place`."""

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place


@require_safe
@takes(proposal_to_edit)
def proposal_edit(request: UserRequest, proposal: PlanProposal) -> HttpResponse:
    if proposal.state != State.DRAFT:
        messages.info(request, gettext("いまは書きかえられない段階です。"))
        return redirect(proposal)
    return _editor(request, proposal, at=request.GET.get("at", ""))


@keeps_typed_comment
@require_http_methods(["GET", "HEAD", "POST"])
@takes(proposal_to_edit)
def box_edit(request: UserRequest, proposal: PlanProposal, kind: str, box: int) -> HttpResponse:
    """`box` 0 is a new one."""
    box_kind = _kind(kind)
    about = f"proposal-{proposal.pk}-{kind}-{box}"

    def form_for(plan: Plan, data: Any = None) -> DraftForm:
        current = find_box(plan, box_kind, box or _made_before(data))
        return BOX_FORMS[box_kind](data, plan=plan, current=current, about=about)

    def change(plan: Plan) -> Plan:
        form = form_for(plan, request.POST)
        if box and form.current is None:
            raise NotReady(form, status=409)
        _require(request, form)
        where["made"] = box or id_of_key(plan, form.key, form.current)
        return numbered(put_box(plan, box_kind, form.box(form.values, where["made"])))

    plan = Plan.from_json(proposal.draft)
    where: dict[str, Any] = {"open_kind": kind, "open_box": box, "open_indicator": None}
    if request.method != "POST":
        is_gone = bool(box) and find_box(plan, box_kind, box) is None
        return _opened(request, proposal, form_for(plan, _held(request)), where, is_gone=is_gone)
    found = find_box(plan, box_kind, box) if box else None
    words = place_of(plan, kind, found) if found else str(gettext("新しく加えたもの"))
    return _changed(request, proposal, change, words, where, form_for)


@keeps_typed_comment
@require_http_methods(["GET", "HEAD", "POST"])
@takes(proposal_to_edit)
def indicator_edit(
    request: UserRequest, proposal: PlanProposal, kind: str, box: int, indicator: int
) -> HttpResponse:
    """`indicator` 0 is a new one; with `?replaces=` it takes the place of another, and so it does when the form of that
    other was sent with `instead`."""
    box_kind = _kind(kind)
    if box_kind not in (Box.OUTCOME, Box.OUTPUT):
        raise Http404
    replaces = request.GET.get("replaces", "")
    wanted = int(replaces) if re.fullmatch("[0-9]{1,12}", replaces) else 0
    about = f"proposal-{proposal.pk}-indicator-{indicator}-{replaces}"

    years = range(fiscal_year(proposal.grant.starts_on), fiscal_year(proposal.grant.ends_on) + 1)
    base = {held.id: held for held in all_indicators(Plan.from_json(proposal.base))}

    def form_for(plan: Plan, data: Any = None) -> IndicatorForm:
        of_box = find_box(plan, box_kind, box)
        is_instead = data is not None and "instead" in data
        old = find_indicator(of_box, indicator if is_instead else wanted)
        current = find_indicator(of_box, 0 if is_instead else indicator) or find_indicator(
            of_box, _made_before(data)
        )
        held = base.get(indicator)
        return IndicatorForm(
            data, plan=plan, current=current, replaces=old, held=held, years=years, about=about
        )

    def change(plan: Plan) -> Plan:
        form = form_for(plan, request.POST)
        takes_a_place = replaces or "instead" in request.POST
        is_gone = form.current is None and (form.replaces is None if takes_a_place else indicator)
        if find_box(plan, box_kind, box) is None or is_gone:
            raise NotReady(form, status=409)
        _require(request, form)
        is_new = not indicator or "instead" in request.POST
        where["made"] = id_of_key(plan, form.key, form.current) if is_new else indicator
        made: IndicatorPlan = form.box(form.values, where["made"])
        return put_indicator(plan, box_kind, box, made)

    plan = Plan.from_json(proposal.draft)
    where: dict[str, Any] = {
        "open_kind": kind,
        "open_box": box,
        "open_indicator": indicator,
        "replaces": replaces,
    }
    if request.method != "POST":
        found = find_box(plan, box_kind, box)
        asked = [indicator] if indicator else []
        asked += [wanted] if replaces else []
        is_gone = found is None or any(find_indicator(found, pk) is None for pk in asked)
        return _opened(request, proposal, form_for(plan, _held(request)), where, is_gone=is_gone)
    return _changed(request, proposal, change, gettext("指標"), where, form_for)


@require_POST
@takes(proposal_to_edit)
def box_remove(request: UserRequest, proposal: PlanProposal, kind: str, box: int) -> HttpResponse:
    box_kind = _kind(kind)

    def change(plan: Plan) -> Plan:
        _require_shown(request, find_box(plan, box_kind, box), place_key(box_kind, box))
        return remove_box(plan, box_kind, box)

    return _changed(request, proposal, change, gettext("箱をなくす"), {})


@require_POST
@takes(proposal_to_edit)
def box_move(request: UserRequest, proposal: PlanProposal, kind: str, box: int, step: int) -> HttpResponse:
    """`step` -1 is one place up, 1 one place down."""

    def change(plan: Plan) -> Plan:
        return move_box(plan, _kind(kind), box, step) if find_box(plan, _kind(kind), box) else plan

    return _changed(request, proposal, change, gettext("順番をかえる"), {"open_kind": kind, "open_box": box})


@require_POST
@takes(proposal_to_edit)
def indicator_remove(request: UserRequest, proposal: PlanProposal, indicator: int) -> HttpResponse:
    def change(plan: Plan) -> Plan:
        stands = next((i for i in all_indicators(plan) if i.id == indicator), None)
        _require_shown(request, stands, place_key("indicator", indicator))
        return remove_indicator(plan, indicator)

    return _changed(request, proposal, change, gettext("指標をなくす"), {})


@require_POST
@takes(proposal_to_edit)
def proposal_undo(request: UserRequest, proposal: PlanProposal, step: int) -> HttpResponse:
    try:
        undone = undo_step(proposal=proposal, step=step, by=request.user)
    except WrongMove as error:
        return _moved(request, error)
    if undone is None:
        messages.info(request, gettext("そのあとに手が入りました。いまの最後の手なおしから戻せます。"))
    else:
        messages.success(request, gettext("元に戻しました: %(words)s") % {"words": undone.words})
    return _back_to_list(proposal, UNDO)


# --- what they share -------------------------------------------------------------------------------------


def _kind(kind: str) -> Box:
    try:
        return Box(kind)
    except ValueError:
        raise Http404 from None


def _require(request: UserRequest, form: DraftForm) -> None:
    if not form.is_ready() or not were_shown(doubtful_fields(form), request.POST):
        raise NotReady(form)


def _require_shown(request: UserRequest, part: Any | None, place: str) -> None:
    """What is taken away is what the page showed: nobody's newer words go unread. What is gone already may go."""
    if part is not None and mark_of(part) != request.POST.get("mark"):
        raise WrittenMeanwhile(place)


def _made_before(data: Any) -> int:
    """By this form when it was sent before; 0 for one that has no key or was not sent."""
    return id_in_key(str(data.get("key", ""))) if data is not None else 0


def _held(request: UserRequest) -> QueryDict | None:
    """What was typed into this form before the sign-in ran out."""
    return held_typed(request, request.get_full_path(), HELD_COMMENT)


def _opened(
    request: UserRequest, proposal: PlanProposal, form: DraftForm, where: dict[str, Any], *, is_gone: bool
) -> HttpResponse:
    """What was held of a box that is gone by now is given back all the same."""
    if is_gone and not form.is_bound:
        raise Http404
    return _editor(request, proposal, status=409 if is_gone else 200, form=form, **where)


def _changed(
    request: UserRequest,
    proposal: PlanProposal,
    change: Any,
    words: str,
    where: dict[str, Any],
    form_for: Callable[[Plan, Any], DraftForm] | None = None,
) -> HttpResponse:
    """`form_for`: reads what was typed, to give it back when the proposal has moved on."""
    try:
        change_draft(proposal=proposal, words=words, change=change, by=request.user)
    except NotReady as error:
        fresh = PlanProposal.objects.with_names().get(pk=proposal.pk)
        return _editor(request, fresh, status=error.status, form=error.form, **where)
    except WrittenMeanwhile as error:
        words = gettext(
            "そのあいだに、ここが書きかえられました。いまの文をたしかめて、もう一度おしてください。"
        )
        messages.warning(request, words)
        return _back_to_list(proposal, error.place)
    except WrongMove as error:
        if form_for is None:
            return _moved(request, error)
        say_moved(request, error)
        typed = form_for(Plan.from_json(error.proposal.draft), request.POST)
        nowhere = {"open_kind": "", "open_box": 0}
        return _editor(request, error.proposal, status=409, form=typed, has_moved=True, **nowhere)
    let_go_of_held(request, request.get_full_path(), HELD_COMMENT)
    return _back_to_list(proposal, _place(where) if where else UNDO)


def _place(where: dict[str, Any]) -> str:
    """Of the box or indicator that was open, or was made."""
    if where.get("open_indicator") is not None:
        return place_key("indicator", where["made"])
    return place_key(where["open_kind"], where.get("made", where["open_box"]))


def _back_to_list(proposal: PlanProposal, at: str) -> HttpResponse:
    """The cursor goes `at` that place, so that who writes by keyboard goes on where they were."""
    return redirect(f"{reverse('mentoring:proposal_edit', args=[proposal.pk])}?at={at}#{at}")


def _moved(request: UserRequest, error: WrongMove) -> HttpResponse:
    say_moved(request, error)
    return whole_page(request, error.proposal.get_absolute_url())


def _way_back(where: dict[str, Any]) -> str:
    """From a form that is given up: to what it was about, or to the button that opened it."""
    if where.get("open_indicator"):
        return place_key("indicator", where["open_indicator"])
    return place_key(where["open_kind"], where["open_box"])


def _editor(
    request: UserRequest,
    proposal: PlanProposal,
    *,
    status: int = 200,
    form: DraftForm | None = None,
    **where: Any,
) -> HttpResponse:
    context = {
        "grant": proposal.grant,
        "proposal": proposal,
        "page": read_proposal(proposal),
        "form": form,
        "signed": sign_here(request.get_full_path()),
        "was_held": request.method != "POST" and form is not None and form.is_bound,
        "is_gone": status == 409,
        "back_to": _way_back(where) if form is not None else "",
        "doubtful": doubtful_fields(form) if form is not None else [],
        **where,
    }
    return render(request, "mentoring/proposal_edit.html", context, status=status)
