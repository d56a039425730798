"""計画の見直し: proposals of a grant, one proposal, and its moves. Each button has an address of its own."""

from collections.abc import Callable
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from core.access import UserRequest, takes
from core.months import month_label
from core.redirects import wanted_next
from grants.access import grant_to_view
from grants.models import Grant, PlanAgreement, PlanProposal
from grants.recounting import CountedAnotherWay
from grants.services.plans import PlanMoved
from mentoring.access import grant_to_revise, proposal_to_edit, proposal_to_manage, proposal_to_view
from mentoring.drawing import draw
from mentoring.forms.proposal_terms import AgreementForm, ReasonForm, TermsForm
from mentoring.meeting_reading import people_of
from mentoring.picture import plain_picture
from mentoring.plan_months import open_from
from mentoring.proposal_pages import read_proposal
from mentoring.services import proposals as services
from mentoring.services.proposals import (
    AlreadyOne,
    DraftMoved,
    MonthHandedOver,
    NothingChanged,
    WrongMove,
)
from mentoring.turns import Sides
from mentoring.views.moved import say_moved

State, Side = PlanProposal.State, PlanAgreement.Side


@require_safe
@takes(grant_to_view)
def proposal_list(request: UserRequest, grant: Grant) -> HttpResponse:
    proposals = PlanProposal.objects.visible_to(request.user).filter(grant=grant).with_names()
    sides = Sides.of(request.user, grant)
    context = {
        "grant": grant,
        "proposals": proposals,
        "may_propose": (sides.enters or sides.manages) and not any(p.is_live for p in proposals),
    }
    return render(request, "mentoring/proposal_list.html", context)


@require_POST
@takes(grant_to_revise)
def proposal_start(request: UserRequest, grant: Grant) -> HttpResponse:
    try:
        proposal = services.start_proposal(grant=grant, month=open_from(grant).first, by=request.user)
    except AlreadyOne as error:
        messages.info(request, gettext("もう進んでいる案があります。こちらにいっしょに書きましょう。"))
        proposal = error.proposal
    if proposal.state == State.DRAFT:
        return redirect("mentoring:proposal_edit", proposal.pk)
    return redirect(proposal)


@require_safe
@takes(proposal_to_view)
def proposal_detail(request: UserRequest, proposal: PlanProposal) -> HttpResponse:
    return proposal_page(request, proposal)


def proposal_page(
    request: UserRequest, proposal: PlanProposal, *, status: int = 200, **given: object
) -> HttpResponse:
    """`given`: terms_form or reason_form when they come back with errors."""
    page, sides = read_proposal(proposal), Sides.of(request.user, proposal.grant)
    changed = page.changed_boxes
    addresses: Callable[[str, int], str] = lambda kind, pk: f"#change-{kind}-{pk}"  # noqa: E731
    drawings = [
        draw(
            plain_picture(proposal.grant, plan),
            addresses=addresses,
            stories=lambda link: f"#change-output-{link.output.id}",
            marks=changed,
        )
        for plan in (page.base, page.draft)
    ]
    terms = given.get("terms_form")
    months = terms.months if isinstance(terms, TermsForm) else open_from(proposal.grant)
    context = {
        "grant": proposal.grant,
        "proposal": proposal,
        "page": page,
        "drawings": drawings,
        "sides": sides,
        "left_out": page.left_out if page.left_out and _reads_whole(request.user, proposal) else None,
        "may_edit": (sides.enters or sides.manages) and proposal.state == State.DRAFT,
        "may_answer": (sides.enters or sides.manages) and proposal.state == State.OPEN,
        "own_side": Side.FOUNDATION if sides.manages else Side.GRANTEE,
        "agreed_sides": {agreement.side for agreement in page.agreements},
        "is_over": not proposal.is_live,
        "is_too_late": proposal.is_live and proposal.holds_from < months.first,
        "is_handed_over": proposal.holds_from < months.unsent,
        "first_open": months.first,
        "terms_form": TermsForm(proposal=proposal, months=months),
        "next": wanted_next(request),
        "reason_form": ReasonForm(),
        "agreement_form": _agreement_form(proposal)
        if sides.manages and proposal.state == State.OPEN
        else None,
        **given,
    }
    return render(request, "mentoring/proposal_detail.html", context, status=status)


def _reads_whole(user: User, proposal: PlanProposal) -> bool:
    """The board reads what was agreed on, and nothing of an open month."""
    return Grant.objects.read_whole_by(user).filter(pk=proposal.grant_id).exists()


def _agreement_form(proposal: PlanProposal) -> AgreementForm:
    return AgreementForm(people=people_of(proposal.grant)[Side.GRANTEE])


@require_POST
@takes(proposal_to_edit)
def proposal_terms(request: UserRequest, proposal: PlanProposal) -> HttpResponse:
    """Saves from when and why."""

    def save(by: User) -> PlanProposal:
        return services.set_terms(proposal=proposal, read=_read_terms(request), by=by)

    return _act(
        request, proposal, save, gettext("この月からと理由を保存しました。"), terms_form=_terms(request)
    )


@require_POST
@takes(proposal_to_edit)
def proposal_propose(request: UserRequest, proposal: PlanProposal) -> HttpResponse:
    """Saves the terms, and puts the proposal on the agenda."""
    version = _version(request)

    def put_forward(by: User) -> PlanProposal:
        return services.propose(proposal=proposal, read=_read_terms(request), version=version, by=by)

    done = gettext("提案しました。つぎの面談の議題にのります。")
    return _act(request, proposal, put_forward, done, terms_form=_terms(request))


class _NotReady(Exception):
    """The terms are unreadable, or somebody else wrote there too; `form` says what."""

    def __init__(self, form: TermsForm) -> None:
        super().__init__()
        self.form = form


def _terms(request: UserRequest) -> Callable[[PlanProposal], TermsForm]:
    return lambda row: TermsForm(request.POST, proposal=row, months=open_from(row.grant))


def _read_terms(request: UserRequest) -> Callable[[PlanProposal], services.Terms]:
    def read(row: PlanProposal) -> services.Terms:
        form = _terms(request)(row)
        if not form.is_ready():
            raise _NotReady(form)
        return form.values["holds_from"], form.values["reason"]

    return read


@require_POST
@takes(proposal_to_edit)
def proposal_take_back(request: UserRequest, proposal: PlanProposal) -> HttpResponse:
    return _act(
        request,
        proposal,
        lambda by: services.take_back(proposal=proposal, version=_version(request), by=by),
        gettext("下書きに戻しました。合意は、書きなおしたあとにもう一度お願いします。"),
    )


@require_POST
@takes(proposal_to_edit)
def proposal_withdraw(request: UserRequest, proposal: PlanProposal) -> HttpResponse:
    return _end(request, proposal, services.withdraw, gettext("取り下げました。案は読めるまま残ります。"))


@require_POST
@takes(proposal_to_edit)
def proposal_reject(request: UserRequest, proposal: PlanProposal) -> HttpResponse:
    return _end(
        request, proposal, services.reject, gettext("見送りにしました。案と理由は読めるまま残ります。")
    )


@require_POST
@takes(proposal_to_edit)
def proposal_agree(request: UserRequest, proposal: PlanProposal) -> HttpResponse:
    """The yes of the side the person stands on."""
    side = Side.FOUNDATION if proposal.grant.is_managed_by(request.user) else Side.GRANTEE
    version = _version(request)
    return _act(
        request,
        proposal,
        lambda by: services.agree(proposal=proposal, side=side, person=by, version=version, by=by),
        gettext("合意しました。"),
    )


@require_POST
@takes(proposal_to_manage)
def proposal_agree_both(request: UserRequest, proposal: PlanProposal) -> HttpResponse:
    """Said in the meeting and written down by the officer: the grantee's yes by name, and the officer's own."""
    form = AgreementForm(request.POST, people=people_of(proposal.grant)[Side.GRANTEE])
    if not form.is_valid():
        return proposal_page(request, proposal, status=422, agreement_form=form)
    person = User.objects.get(pk=form.cleaned_data["person"])
    version = _version(request)

    def both(by: User) -> PlanProposal:
        return services.agree_both(proposal=proposal, grantee=person, version=version, by=by)

    return _act(request, proposal, both, gettext("合意しました。"))


@require_POST
@takes(proposal_to_edit)
def proposal_carry_over(request: UserRequest, proposal: PlanProposal) -> HttpResponse:
    return _act(
        request,
        proposal,
        lambda by: services.carry_over(proposal=proposal, version=_version(request), by=by),
        gettext("いまの計画に合わせました。中身をたしかめて、もう一度提案してください。"),
    )


def _version(request: UserRequest) -> int:
    """Of the draft that the page showed; -1 when it does not say."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def _recounted(error: CountedAnotherWay) -> str:
    words = gettext("「%(name)s」（%(before)s→%(after)s）")
    blank = gettext("単位なし")
    named = "".join(
        words % {"name": old.name, "before": old.unit or blank, "after": new.unit or blank}
        for old, new in error.pairs
    )
    return gettext(
        "単位や数え方がかわる指標があります: %(named)s。これまでの数とは足しあわせられないので、案のなかで「置きかえる」を選んでください。累計を新しくはじめます。"
    ) % {"named": named}


def _end(
    request: UserRequest, proposal: PlanProposal, act: Callable[..., PlanProposal], done: str
) -> HttpResponse:
    """For a reason, without which nothing is done."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return proposal_page(request, proposal, status=422, reason_form=form)
    reason, version = form.cleaned_data["reason"], _version(request)
    return _act(
        request,
        proposal,
        lambda by: act(proposal=proposal, reason=reason, version=version, by=by),
        done,
        reason_form=lambda _row: form,
    )


def _act(
    request: UserRequest,
    proposal: PlanProposal,
    act: Callable[[User], PlanProposal],
    done: str,
    **typed: Callable[[PlanProposal], forms.Form],
) -> HttpResponse:
    """One move, and kind words when it can no longer be made. `typed`: makes the form whose words are then given back, for
    the proposal as it stands."""
    is_elsewhere = False  # in a stage whose page has no such form
    try:
        row = act(request.user)
    except _NotReady as error:
        fresh = PlanProposal.objects.with_names().get(pk=proposal.pk)
        return proposal_page(request, fresh, status=422, terms_form=error.form)
    except WrongMove as error:
        is_elsewhere = not isinstance(error, DraftMoved)
        say_moved(request, error)
    except NothingChanged:
        messages.warning(
            request, gettext("いまの計画から変わったところがありません。先に案を書いてください。")
        )
    except MonthHandedOver as error:
        month = month_label(error.first)
        messages.warning(
            request,
            gettext("そのあいだに、その月のシートが提出されました。%(month)sから先の月にしてください。")
            % {"month": month},
        )
    except CountedAnotherWay as error:
        messages.warning(request, _recounted(error))
    except PlanMoved:
        messages.warning(
            request,
            gettext(
                "そのあいだに、計画のほうが書きかえられました。「いまの計画に合わせる」を押して、中身をたしかめてください。"
            ),
        )
    else:
        if row.state == State.AGREED:
            done = gettext("双方の合意がそろいました。%(month)sから計画が変わります。") % {
                "month": month_label(row.holds_from)
            }
        messages.success(request, done)
        typed = {}
    if typed:
        fresh = PlanProposal.objects.with_names().get(pk=proposal.pk)
        forms_typed = {name: form(fresh) for name, form in typed.items()}
        left_over = list(forms_typed.values()) if is_elsewhere else []
        return proposal_page(request, fresh, status=409, left_over=left_over, **forms_typed)
    query = urlencode({"next": wanted_next(request)}) if wanted_next(request) else ""
    return redirect(f"{proposal.get_absolute_url()}{'?' if query else ''}{query}")
