"""What day it is. Domain code asks here, never timezone.now(), so that the demo can stand still."""

import datetime as dt

from django.conf import settings
from django.utils import timezone


def today() -> dt.date:
    """The local date; the demo's fixed date when settings.DEMO_TODAY is given."""
    if settings.DEMO_TODAY:
        return dt.date.fromisoformat(settings.DEMO_TODAY)
    return timezone.localdate()


def now() -> dt.datetime:
    """Aware. In the demo the date is fixed and the time of day is real, so that acts keep their order."""
    moment = timezone.localtime()
    if settings.DEMO_TODAY:
        return dt.datetime.combine(today(), moment.timetz())
    return moment


def machine_now() -> dt.datetime:
    """Real time, also in the demo: to be compared with created_at and updated_at (core.models)."""
    return timezone.localtime()
