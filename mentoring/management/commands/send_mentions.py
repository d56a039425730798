from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext

from mentoring.services.mentions import send_mentions


class Command(BaseCommand):
    help = (
        "Mails to people what was asked and answered beside the rows of a sheet and names them. Fit for a timer: nobody "
        "gets more than one mail a day, also when it runs twice at once."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        sent = send_mentions()
        self.stdout.write(gettext("お知らせした人: %(count)d") % {"count": len(sent.told)})
        if sent.failed:
            raise CommandError("\n".join(f"{person.email}: {error}" for person, error in sent.failed))
