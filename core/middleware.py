import logging
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from core.access import is_marked

log = logging.getLogger(__name__)


class AccessMarkMiddleware:
    """The net under the system check: also a view that was added while running is closed until marked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> None:
        if not is_marked(view):
            log.error("%s has no access mark (core.access) and was refused", request.path)
            raise PermissionDenied
