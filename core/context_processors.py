from typing import Any

from django.conf import settings
from django.http import HttpRequest

from core import clock


def product(request: HttpRequest) -> dict[str, Any]:
    return {
        "is_demo": bool(settings.DEMO_TODAY),
        "site_url": settings.SITE_URL,
        "today": clock.today(),
        "hat": getattr(request, "hat", None),
    }
