from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from core.access import UserRequest, signed_in
from grantees.hats import SESSION_KEY


@require_POST
@signed_in
def hat_switch(request: UserRequest) -> HttpResponse:
    """Puts on another of one's own hats and goes home. A hat that ended meanwhile changes nothing."""
    key = request.POST.get("hat", "")
    if any(hat.key == key for hat in request.hats):
        request.session[SESSION_KEY] = key
    return redirect("/")
