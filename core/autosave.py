"""The addresses that static/js/saving.js posts to: JSON in and out, for pages that save themselves as one types.

In: {"user": who the page was made for, "cells": {key: {"typed": [text, …], "seen": [text, …]}}}. A cell is what is
saved as a whole; `typed` has a text for each of its inputs, `seen` is what stood there as far as the page knows.
The answer is never a redirect and never a page: whoever typed stays where the text is.
"""

import functools
import json
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext

from core.access import View

MOST_CELLS = 500


@dataclass(frozen=True, slots=True)
class Sent:
    typed: tuple[str, ...]
    seen: tuple[str, ...]


class NotASave(ValueError):
    """The body is no such request."""


def autosaves(view: View) -> View:
    """Goes outermost but for the method. The view gets the sent cells as `sent`, by their keys.

    401: nobody is signed in. 403 other_person: somebody else than the page was made for, whose text it is not.
    403, 404: as everywhere. 400: no such request.
    """

    @functools.wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.is_authenticated:
            return refusal("signed_out", 401)
        try:
            user, sent = read_sent(request.body)
        except (NotASave, RequestDataTooBig):
            return refusal("not_a_save", 400)
        if user != request.user.pk:
            return refusal(
                "other_person", 403, gettext("いまは別の人がサインインしているので、送りませんでした。")
            )
        try:
            return view(request, *args, sent=sent, **kwargs)
        except PermissionDenied:
            words = gettext("ここに書く権限がなくなりました。担当の人にたしかめてください。")
            return refusal("not_allowed", 403, words)
        except Http404:
            return refusal("not_found", 404, gettext("保存する先が見つかりません。"))

    return login_not_required(wrapper)


def refusal(reason: str, status: int, message: str = "", **more: Any) -> JsonResponse:
    return JsonResponse({"reason": reason, "message": message, **more}, status=status)


def read_sent(body: bytes) -> tuple[int, dict[str, Sent]]:
    try:
        data = json.loads(body)
        user, cells = data["user"], data["cells"]
        sent = {_text(key): Sent(_texts(cell["typed"]), _texts(cell["seen"])) for key, cell in cells.items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise NotASave from error
    if type(user) is not int or not 0 < len(sent) <= MOST_CELLS:
        raise NotASave
    return user, sent


def _texts(values: Any) -> tuple[str, ...]:
    if not isinstance(values, list):
        raise NotASave
    return tuple(map(_text, values))


def _text(value: Any) -> str:
    """As the database takes it: half of a surrogate pair, which a script can send, is no letter."""
    if not isinstance(value, str):
        raise NotASave
    return value.encode("utf-8", "replace").decode()
