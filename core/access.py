"""Every view says who may open it. A view without a mark is refused, even to staff.

Domain apps write loaders (`grant_to_view(user, pk) -> Grant`) in their access.py, and views take the
object instead of the id, so that the check cannot be skipped.
"""

import functools
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.generic import RedirectView

if TYPE_CHECKING:  # a name of the type stubs only: AUTH_USER_MODEL, so that core need not know accounts
    from django.contrib.auth.models import _User

T = TypeVar("T")
P = ParamSpec("P")
View = Callable[..., HttpResponseBase]

# Views that are not ours carry no mark. These packages guard themselves: allauth asks for sign-in where
# it is needed, the admin asks has_permission of its site.
OPENED_ELSEWHERE = (
    "allauth.",
    "django.contrib.admin.",
    "django.views.i18n",
    "django.views.static",
    "django.contrib.staticfiles.",
    "simple_history.admin",
)
URL_KEYS = ("pk", "token")


class UserRequest(HttpRequest):
    """A request behind sign-in: its user is a real one, its hat the role the person wears now."""

    user: "_User"
    hat: Any  # grantees.hats.Hat; falsy when the person holds no role today
    hats: Any  # every Hat the person may wear today


def takes(
    loader: Callable[[Any, Any], T],
) -> Callable[[Callable[Concatenate[UserRequest, T, P], HttpResponseBase]], View]:
    """Swaps the URL's pk (or token) for the object that `loader(user, pk)` lets this user have."""

    def decorate(view: Callable[Concatenate[UserRequest, T, P], HttpResponseBase]) -> View:
        @functools.wraps(view)
        def wrapper(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            key = next(key for key in URL_KEYS if key in kwargs)
            loaded = loader(request.user, kwargs.pop(key))
            return view(request, loaded, *args, **kwargs)

        wrapper.access_mark = f"takes:{loader.__name__}"  # type: ignore[attr-defined]
        return wrapper

    return decorate


def signed_in(view: Callable[Concatenate[UserRequest, P], HttpResponseBase]) -> View:
    """For pages that belong to whoever is signed in; LoginRequiredMiddleware does the asking."""

    @functools.wraps(view)
    def wrapper(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    wrapper.access_mark = "signed_in"  # type: ignore[attr-defined]
    return wrapper


def public(view: Callable[Concatenate[Any, P], HttpResponseBase]) -> View:
    """Open to everybody, without sign-in. Goes outermost when combined with `takes`."""

    @functools.wraps(view)
    def wrapper(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    wrapper.access_mark = "public"  # type: ignore[attr-defined]
    return login_not_required(wrapper)


def is_marked(view: Any) -> bool:
    return any(_says_who_may_open_it(layer) for layer in _layers(view))


def _says_who_may_open_it(layer: Any) -> bool:
    if getattr(layer, "access_mark", "") or hasattr(layer, "admin_site"):
        return True
    if layer is RedirectView:  # shows nothing itself; the admin has some for its old addresses
        return True
    return (getattr(layer, "__module__", "") or "").startswith(OPENED_ELSEWHERE)


def _layers(view: Any) -> Iterator[Any]:
    """The view, and what it wraps: decorated functions, partials, the class behind as_view()."""
    while view is not None:
        yield view
        if view_class := getattr(view, "view_class", None):
            yield view_class
        view = getattr(view, "func", None) or getattr(view, "__wrapped__", None)
