"""Error pages in our own look, and the addresses that machines ask."""

from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template import loader
from django.templatetags.static import static

from core.access import public
from core.autosave import refusal


@public
def healthz(request: HttpRequest) -> HttpResponse:
    """Answers ok when the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


@public
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask here for pages without a link to it, such as the admin's."""
    return redirect(static("img/favicon.svg"))


@public
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    if request.headers.get("accept") == "application/json":  # a page that saves itself (core.autosave)
        return refusal("csrf", 403)
    return render(request, "403_csrf.html", status=403)


@public
def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """413 for what was more than config.settings takes at once, which can be sent in parts."""
    if isinstance(exception, (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)):
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)


@public
def permission_denied(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "403.html", status=403)


@public
def page_not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "404.html", status=404)


@public
def server_error(request: HttpRequest) -> HttpResponse:
    """Without context processors: what broke may be the database or the session they ask."""
    return HttpResponse(loader.get_template("500.html").render(), status=500)
