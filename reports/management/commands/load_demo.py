"""manage.py load_demo: the demonstration, once. A second run keeps everything that was entered since."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from reports.demo.build import build_demo
from reports.demo.people import ACCOUNTS, PASSWORD, person


class Command(BaseCommand):
    help = "Loads the demonstration: one foundation, its grants and every month up to December 2023."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--force", action="store_true", help="also outside DEBUG (the passwords are public)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.DEBUG or options["force"]):
            raise CommandError(
                _(
                    "デモのパスワードは公開されています。DEBUG=1 のときだけ入れられます（承知のうえなら --force）。"
                )
            )
        began = time.monotonic()
        if build_demo():
            self.stdout.write(
                _("デモデータを入れました（%(seconds).1f秒）。") % {"seconds": time.monotonic() - began}
            )
        else:
            self.stdout.write(_("デモデータはもう入っています。入力されたものは、そのまま残しました。"))
        self._print_accounts()

    def _print_accounts(self) -> None:
        self.stdout.write("")
        self.stdout.write(f"{settings.SITE_URL}/")
        self.stdout.write(_("パスワードはどれも %(password)s です。") % {"password": PASSWORD})
        for key, role in ACCOUNTS:
            one = person(key)
            self.stdout.write(f"  {one.email:<32}{one.name}　{role}")
