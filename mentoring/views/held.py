"""A page that was open too long: whoever is signed out by then loses nothing of what they typed.

The post of a signed-out person is kept in their own session, which survives signing in, and the entry page shows it
again, and so do the meeting's and that of a question. Only a post that carries our signature of that very sheet's page is kept, so nobody
can fill the session table from outside.
"""

import functools
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse

from core.access import View
from core.doubtful import SHOWN
from core.redirects import whole_page
from mentoring.forms.attachments import page_of
from mentoring.forms.entry import read_seen
from mentoring.forms.meeting import is_about
from mentoring.merging import Seen

HELD = "held_entry"
HELD_MEETING = "held_meeting"
HELD_INTERNAL = "held_internal"
HELD_FILES = "held_files"
HELD_COMMENT = "held_comment"
HERE_SALT = "mentoring.held.here"
LONGEST = 400_000  # characters of one kept post


def keeps_typed(view: View) -> View:
    """Goes outermost. Asks for sign-in itself, in place of LoginRequiredMiddleware, and leads back to the entry page."""
    return keeping(view, HELD, "mentoring:sheet_entry", lambda pk, seen: read_seen(pk, seen) is not None)


def keeps_typed_meeting(view: View) -> View:
    """The same for the meeting's page."""
    return keeping(
        view,
        HELD_MEETING,
        "mentoring:meeting_edit",
        lambda pk, seen: is_about(Seen.signed_about(seen), pk),
    )


def keeps_typed_files(view: View) -> View:
    """The words beside photos and files; the files themselves have to be chosen again."""
    return keeping(
        view, HELD_FILES, "mentoring:sheet_files", lambda pk, seen: Seen.signed_about(seen) == page_of(pk)
    )


def keeps_typed_internal(view: View) -> View:
    """The same for the note beside it that stays inside; it comes back behind the question whether one is alone."""
    return keeping(
        view,
        HELD_INTERNAL,
        "mentoring:internal_ask",
        lambda pk, seen: is_about(Seen.signed_about(seen), pk),
    )


def keeping(view: View, key: str, page: str, is_ours: Callable[[int, str], bool]) -> View:
    """`page` is where sign-in leads back to, `is_ours` knows the signature in the posted `seen`."""

    @functools.wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        pk = kwargs["pk"]
        if request.method == "POST" and is_ours(pk, request.POST.get("seen", "")):
            _hold(request, key, pk)
        return redirect_to_login(reverse(page, args=[pk]))

    return login_not_required(wrapper)


def keeps_typed_comment(view: View) -> View:
    """For a page of few words: sign-in leads back to the very address they were written at."""

    @functools.wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        here = request.get_full_path()
        if request.method == "POST" and _is_signed_for(here, request.POST.get("here", "")):
            _hold(request, HELD_COMMENT, here)
        return whole_page(request, redirect_to_login(here).url)

    return login_not_required(wrapper)


def sign_here(path: str) -> str:
    """Goes with the page as `here`, so that a post without a session is known to come from it."""
    return signing.dumps(path, salt=HERE_SALT)


def _is_signed_for(path: str, signed: str) -> bool:
    try:
        return bool(signing.loads(signed, salt=HERE_SALT) == path)
    except signing.BadSignature:
        return False


def _hold(request: HttpRequest, key: str, place: int | str) -> None:
    typed = request.POST.copy()
    for name in ("csrfmiddlewaretoken", SHOWN):
        typed.pop(name, None)
    if len(text := typed.urlencode()) <= LONGEST:
        request.session[key] = {"sheet": place, "typed": text}


def held_typed(request: HttpRequest, place: int | str, key: str = HELD) -> QueryDict | None:
    """`place`: the number of the sheet; of a question its address."""
    held = request.session.get(key)
    return QueryDict(held["typed"]) if held and held["sheet"] == place else None


def let_go_of_held(request: HttpRequest, place: int | str, key: str = HELD) -> None:
    if (held := request.session.get(key)) and held["sheet"] == place:
        del request.session[key]
