from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext

from core import clock
from core.dates import parse_date
from grants.models import Grant
from mentoring.models import ProgressSheet
from mentoring.services.opening import open_due_sheets


class Command(BaseCommand):
    help = "Opens the progress sheets of every period that has begun. Fit for a daily timer: running it again opens nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--date", help="as if it were this day, for example 2024-01-09 (today when left out)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        day = clock.today()
        if options["date"]:
            try:
                day = parse_date(options["date"])
            except ValueError as error:
                raise CommandError(f"not a date: {options['date']}") from error
        opened = open_due_sheets(grants=Grant.objects.all(), day=day)
        named = ProgressSheet.objects.filter(pk__in=[sheet.pk for sheet in opened]).with_names()
        for sheet in named.order_by("grant", "month"):
            self.stdout.write(str(sheet))
        self.stdout.write(gettext("開いたシート: %(count)d") % {"count": len(opened)})
