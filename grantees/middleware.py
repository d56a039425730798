from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import SimpleLazyObject

from grantees.hats import NO_HAT, SESSION_KEY, Hat, choose_hat, hats_of


class HatMiddleware:
    """`request.hats` (all that may be worn today) and `request.hat` (the one worn now, or NO_HAT).

    Both are lazy, and both together cost one query.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        request.hats = SimpleLazyObject(
            lambda: hats_of(request.user) if request.user.is_authenticated else ()
        )
        request.hat = SimpleLazyObject(lambda: _hat_of(request))
        return self.get_response(request)


def _hat_of(request: Any) -> Hat:
    if not request.user.is_authenticated:
        return NO_HAT
    return choose_hat(request.hats, request.session.get(SESSION_KEY, "")).on(request.path)
