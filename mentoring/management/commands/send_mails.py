from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext

from mentoring.services.mails import retry_mails, tell_settled_dates


class Command(BaseCommand):
    help = (
        "Sends the mails of closed months that have not gone yet, and tells of next dates that changed after they were "
        "told. Fit for a timer: running it again sends nothing twice."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        moved = tell_settled_dates()
        self.stdout.write(gettext("変わった日を知らせた面談: %(count)d") % {"count": moved})
        sent = retry_mails()
        self.stdout.write(gettext("送りなおしたメール: %(count)d") % {"count": sent})
