"""A page that was open too long: whoever is signed out by then loses nothing of what they typed.

The post of a signed-out person is kept in their own session, which survives signing in, and the entry page shows it
again. Only a post that carries our signature of that very sheet's page is kept, so nobody can fill the session
table from outside.
"""

import functools
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse

from core.access import View
from core.doubtful import SHOWN
from mentoring.forms.entry import read_seen

HELD = "held_entry"
LONGEST = 400_000  # characters of one kept post


def keeps_typed(view: View) -> View:
    """Goes outermost. Asks for sign-in itself, in place of LoginRequiredMiddleware, and leads back to the entry page."""

    @functools.wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        pk = kwargs["pk"]
        if request.method == "POST" and read_seen(pk, request.POST.get("seen", "")) is not None:
            typed = request.POST.copy()
            for name in ("csrfmiddlewaretoken", SHOWN):
                typed.pop(name, None)
            if len(text := typed.urlencode()) <= LONGEST:
                request.session[HELD] = {"sheet": pk, "typed": text}
        return redirect_to_login(reverse("mentoring:sheet_entry", args=[pk]))

    return login_not_required(wrapper)


def held_typed(request: HttpRequest, pk: int) -> QueryDict | None:
    held = request.session.get(HELD)
    return QueryDict(held["typed"]) if held and held["sheet"] == pk else None


def let_go_of_held(request: HttpRequest, pk: int) -> None:
    if (held := request.session.get(HELD)) and held["sheet"] == pk:
        del request.session[HELD]
