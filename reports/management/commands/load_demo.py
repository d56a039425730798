"""manage.py load_demo: the demonstration, once. A second run keeps everything that was entered since."""

import time
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from reports.demo.build import build_demo, demo_is_there
from reports.demo.documents import store_missing_pdfs
from reports.demo.people import ACCOUNTS, PASSWORD, person

SAID_EVERY = 20  # documents


class Command(BaseCommand):
    help = "Loads the demonstration: one foundation, its grants and every month up to December 2023."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--force", action="store_true", help="also outside DEBUG (the passwords are public)"
        )
        parser.add_argument("--no-pdf", action="store_true", help="leave the PDFs of closed months out")
        parser.add_argument(
            "--pdf-only", action="store_true", help="only the PDFs that are missing; goes on where it stopped"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.DEBUG or options["force"]):
            raise CommandError(
                _(
                    "デモのパスワードは公開されています。DEBUG=1 のときだけ入れられます（承知のうえなら --force）。"
                )
            )
        if not options["pdf_only"]:
            self._load()
        elif not demo_is_there():
            raise CommandError(_("デモデータがまだありません。さきに load_demo を実行してください。"))
        if not options["no_pdf"]:
            self._print_documents()
        if not options["pdf_only"]:
            self._print_accounts()

    def _load(self) -> None:
        began = time.monotonic()
        if build_demo():
            self.stdout.write(
                _("デモデータを入れました（%(seconds).1f秒）。") % {"seconds": time.monotonic() - began}
            )
        else:
            self.stdout.write(_("デモデータはもう入っています。入力されたものは、そのまま残しました。"))

    def _print_documents(self) -> None:
        """A machine without the PDF libraries still gets its demonstration, only without the stored PDFs."""
        try:
            count = store_missing_pdfs(progress=self._say_progress)
        except (OSError, BrokenProcessPool) as error:
            self.stderr.write(
                _("PDFを作れませんでした: %(error)s\n直したあと load_demo --pdf-only で続けられます。")
                % {"error": error}
            )
            return
        if count:
            self.stdout.write(_("確定した月のPDFを%(count)d通しまいました。") % {"count": count})

    def _say_progress(self, done: int, whole: int) -> None:
        if done % SAID_EVERY == 0 or done == whole:
            self.stdout.write(_("  PDF %(done)d／%(whole)d") % {"done": done, "whole": whole})
            self.stdout.flush()

    def _print_accounts(self) -> None:
        self.stdout.write("")
        self.stdout.write(f"{settings.SITE_URL}/")
        self.stdout.write(_("パスワードはどれも %(password)s です。") % {"password": PASSWORD})
        for key, role in ACCOUNTS:
            one = person(key)
            self.stdout.write(f"  {one.email:<32}{one.name}　{role}")
