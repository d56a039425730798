"""Choosing a language, for the pages of this browser and for the mails to who is signed in; and what allauth lacks of
signing in and out: coming back from a sign-in beside a page, and leaving nothing behind."""

from typing import Any

from allauth.account.views import logout
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe
from django.views.i18n import set_language

from accounts.models import User
from accounts.services import remember_language
from core.access import UserRequest, public, signed_in


@public
def language_choose(request: HttpRequest) -> HttpResponse:
    """Django's own view does the work, by POST only; a GET goes back and changes nothing."""
    response: HttpResponse = set_language(request)
    chosen = response.cookies.get(settings.LANGUAGE_COOKIE_NAME)
    if chosen is not None and isinstance(request.user, User):
        remember_language(user=request.user, language=chosen.value)
    return response


@require_safe
@ensure_csrf_cookie  # the page that waits sends its text with the new one
@signed_in
def signed_in_again(request: UserRequest) -> HttpResponse:
    """For a tab that was opened beside a page whose sign-in had run out; static/js/signed_in.js tells that page."""
    return render(request, "account/back.html")


@public
def sign_out(request: HttpRequest) -> Any:
    """allauth's, and what this browser kept of texts that could not be sent goes with it. Over plain http browsers do not
    obey the header; the page that follows clears it too (static/js/signed_out.js)."""
    response = logout(request)
    if request.method == "POST":
        response["Clear-Site-Data"] = '"storage"'
    return response
