"""Where to go after an act: back to the page that asked for it, and never out of the house."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

NEXT = "next"


def wanted_next(request: HttpRequest) -> str:
    """The address of ours, from its first slash on, that the form or the link asks to return to; an empty text for any
    other."""
    url = request.POST.get(NEXT) or request.GET.get(NEXT) or ""
    if url.startswith("/") and url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return url
    return ""


def whole_page(request: HttpRequest, url: str) -> HttpResponse:
    """Leads there also when htmx asked for a part of a page, which would look for that part in the page it is led to."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)
