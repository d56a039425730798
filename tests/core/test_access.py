import functools

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from django.urls import path
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from core import access, checks
from core.middleware import AccessMarkMiddleware


def thing_to_view(user, pk):
    if pk == 404:
        raise Http404
    return f"thing {pk} of {user}"


@access.takes(thing_to_view)
def marked(request, thing, extra=""):
    return HttpResponse(thing + extra)


def unmarked(request):
    return HttpResponse("open to all by mistake")


@pytest.fixture
def request_():
    request = RequestFactory().get("/")
    request.user = "Mori"
    return request


def test_takes_swaps_the_id_for_the_object(request_):
    assert marked(request_, pk=7, extra="!").content == b"thing 7 of Mori!"


def test_takes_swaps_a_token(request_):
    assert marked(request_, token="abc").content == b"thing abc of Mori"


def test_takes_lets_the_loader_refuse(request_):
    with pytest.raises(Http404):
        marked(request_, pk=404)


@pytest.mark.parametrize(
    "view",
    [
        marked,
        require_POST(marked),
        functools.partial(marked, extra="x"),
        access.signed_in(unmarked),
        access.public(unmarked),
        access.public(marked),
    ],
)
def test_marked(view):
    assert access.is_marked(view)


@pytest.mark.parametrize(
    "view", [unmarked, require_POST(unmarked), functools.partial(unmarked), TemplateView.as_view()]
)
def test_unmarked(view):
    assert not access.is_marked(view)


def test_public_asks_for_no_sign_in():
    assert access.public(unmarked).login_required is False
    assert getattr(access.signed_in(unmarked), "login_required", True) is True


def test_middleware_refuses_unmarked_views_whoever_asks(request_, caplog):
    request_.user = AnonymousUser()
    middleware = AccessMarkMiddleware(unmarked)
    with pytest.raises(PermissionDenied):
        middleware.process_view(request_, unmarked, (), {})
    assert "no access mark" in caplog.text
    assert middleware.process_view(request_, marked, (), {}) is None


def test_the_system_check_finds_an_unmarked_url(monkeypatch):
    class Resolver:
        url_patterns = [path("open/", unmarked), path("closed/", marked)]

    monkeypatch.setattr(checks, "get_resolver", Resolver)
    errors = checks.every_url_is_marked()
    assert [error.id for error in errors] == ["core.E001"]
    assert "open/" in errors[0].msg


def test_every_url_of_the_product_is_marked():
    assert checks.every_url_is_marked() == []
