"""Choosing a language: for the pages of this browser, and for the mails to who is signed in."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.i18n import set_language

from accounts.models import User
from accounts.services import remember_language
from core.access import public


@public
def language_choose(request: HttpRequest) -> HttpResponse:
    """Django's own view does the work, by POST only; a GET goes back and changes nothing."""
    response: HttpResponse = set_language(request)
    chosen = response.cookies.get(settings.LANGUAGE_COOKIE_NAME)
    if chosen is not None and isinstance(request.user, User):
        remember_language(user=request.user, language=chosen.value)
    return response
