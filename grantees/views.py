from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from core import clock
from core.access import UserRequest, public, signed_in, takes
from foundations.models import Staff
from grantees import access, selectors
from grantees.forms import NewPersonForm, PersonInviteForm
from grantees.hats import FOUNDATION, ORGANISATION, SESSION_KEY
from grantees.models import Invitation, Membership, Organisation
from grantees.services import invitations
from grantees.services.memberships import end_membership


@require_POST
@signed_in
def hat_switch(request: UserRequest) -> HttpResponse:
    """Puts on another of one's own hats and goes home. A hat that ended meanwhile changes nothing."""
    key = request.POST.get("hat", "")
    if any(hat.key == key for hat in request.hats):
        request.session[SESSION_KEY] = key
    return redirect("/")


# --- the letter, as its receiver opens it -------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "POST"])
@public
@takes(access.invitation_of_letter)
def invitation_accept(request: UserRequest, invitation: Invitation | None) -> HttpResponse:
    """One page for each case. Only a new person fills in a form here; an account is added to by joining."""
    if invitation is None:
        return render(request, "grantees/invitation_unknown.html", status=404)
    status = invitations.status_of(invitation)
    if status != invitations.Status.OPEN:
        return _letter(request, invitation, f"invitation_{status}", status=410)
    if request.user.is_authenticated:
        mine = request.user.email.lower() == invitation.email.lower()
        return _letter(
            request,
            invitation,
            "invitation_join" if mine else "invitation_other",
            status=200 if mine else 403,
        )
    account = User.objects.filter(email__iexact=invitation.email).first()
    if account is not None:
        return _letter(request, invitation, "invitation_sign_in", account=account)
    form = NewPersonForm(request.POST or None, invitation=invitation)
    if request.method == "POST" and form.is_valid():
        return _welcome(request, invitation, form)
    return _letter(
        request, invitation, "invitation_accept", form=form, status=422 if request.method == "POST" else 200
    )


def _letter(
    request: HttpRequest, invitation: Invitation, page: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    context |= {"invitation": invitation, "place": invitations.place_of(invitation)}
    return render(request, f"grantees/{page}.html", context, status=status)


def _welcome(request: HttpRequest, invitation: Invitation, form: NewPersonForm) -> HttpResponse:
    try:
        user, hat = invitations.accept_as_new_person(
            invitation=invitation,
            name=form.cleaned_data["name"],
            kana=form.cleaned_data["kana"],
            password=form.cleaned_data["password1"],
            language=get_language() or User.Language.JAPANESE,
        )
    except (invitations.InvitationClosed, invitations.AccountExists):
        return redirect(request.path)  # somebody was quicker: the page now says what holds
    login(request, user)
    return _go_home_with(request, hat)


@require_POST
@takes(access.invitation_to_join)
def invitation_join(request: UserRequest, invitation: Invitation) -> HttpResponse:
    try:
        hat = invitations.accept_invitation(invitation=invitation, by=request.user)
    except invitations.InvitationClosed as closed:
        return _letter(request, invitation, f"invitation_{closed.status}", status=410)
    return _go_home_with(request, hat)


def _go_home_with(request: HttpRequest, hat: Staff | Membership) -> HttpResponse:
    kind = FOUNDATION if isinstance(hat, Staff) else ORGANISATION
    request.session[SESSION_KEY] = f"{kind}-{hat.pk}"
    messages.success(request, gettext("ようこそ。これからよろしくお願いします。"))
    return redirect("/")


# --- the people of an organisation ----------------------------------------------------------------------


@require_GET
@takes(access.organisation_to_view)
def people(request: UserRequest, organisation: Organisation) -> HttpResponse:
    return _people(request, organisation, PersonInviteForm(organisation=organisation))


@require_POST
@takes(access.organisation_to_manage)
def people_invite(request: UserRequest, organisation: Organisation) -> HttpResponse:
    form = PersonInviteForm(request.POST, organisation=organisation)
    if not form.is_valid():
        return _people(request, organisation, form, status=422)
    invitations.invite(
        foundation=organisation.foundation, organisation=organisation, by=request.user, **form.cleaned_data
    )
    messages.success(
        request,
        gettext("%(name)sさんに招待のメールを送りました。") % {"name": form.cleaned_data["name"]},
    )
    return redirect("grantees:people", organisation.pk)


def _people(
    request: UserRequest, organisation: Organisation, form: PersonInviteForm, *, status: int = 200
) -> HttpResponse:
    may_manage = access.may_manage_people(request.user, organisation)
    context = {
        "organisation": organisation,
        "memberships": selectors.people_of(organisation),
        "invitations": selectors.open_invitations(organisation) if may_manage else [],
        "may_manage": may_manage,
        "now": clock.now(),
        "form": form,
    }
    return render(request, "grantees/people.html", context, status=status)


@require_POST
@takes(access.invitation_to_manage)
def invitation_revoke(request: UserRequest, invitation: Invitation) -> HttpResponse:
    try:
        invitations.revoke_invitation(invitation=invitation, by=request.user)
        messages.success(request, gettext("招待を取り消しました。前のリンクは、もう使えません。"))
    except invitations.InvitationClosed:
        messages.warning(request, gettext("この招待は、すでに受けていただいています。"))
    return redirect("grantees:people", invitation.organisation_id)


@require_POST
@takes(access.invitation_to_manage)
def invitation_resend(request: UserRequest, invitation: Invitation) -> HttpResponse:
    try:
        invitations.resend_invitation(invitation=invitation, by=request.user)
        messages.success(request, gettext("新しいリンクを送りました。前のリンクは、もう使えません。"))
    except invitations.InvitationClosed:
        messages.warning(request, gettext("この招待は、もう送り直せません。新しく招いてください。"))
    return redirect("grantees:people", invitation.organisation_id)


@require_POST
@takes(access.membership_to_manage)
def membership_end(request: UserRequest, membership: Membership) -> HttpResponse:
    end_membership(membership=membership, by=request.user)
    messages.success(
        request,
        gettext("%(name)sさんの役割は、今日いっぱいで終わります。これまでの記録はそのまま残ります。")
        % {"name": membership.user.name},
    )
    return redirect("grantees:people", membership.organisation_id)
