"""Home is what the hat worn now is waiting for."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.access import UserRequest, signed_in


@require_safe
@signed_in
def home(request: UserRequest) -> HttpResponse:
    return render(request, "reports/home_nobody.html")
