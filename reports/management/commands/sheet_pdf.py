from argparse import RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.months import month_label, parse_month
from grants.models import Grant
from mentoring.models import ProgressSheet
from reports.management.naming import grant_named
from reports.pdf.sheet import render_sheet_pdf
from reports.stored import BrokenDocument, latest_document, stored_bytes


class Command(BaseCommand):
    help = (
        "月次面談のPDFを書き出します。確定した月は保存してある文書をそのまま、まだの月は下書きを書きます。\n"
        "例: manage.py sheet_pdf はこぶね 2022-09 sheet.pdf"
    )

    def create_parser(self, *args: Any, **kwargs: Any) -> CommandParser:
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("grant", metavar="GRANT", help="団体名かその一部、または助成の番号")
        parser.add_argument("month", metavar="MONTH", help="2022-09、2022/9、2022年9月 など")
        parser.add_argument("file", metavar="FILE", type=Path, help="書き出すファイル")

    def handle(self, *args: Any, **options: Any) -> None:
        sheet = _sheet(grant_named(options["grant"]), options["month"])
        document = latest_document(sheet) if sheet.is_closed else None
        try:
            content = stored_bytes(document) if document else render_sheet_pdf(sheet, draft=True)
        except BrokenDocument as error:
            raise CommandError(
                f"保存してある文書を読めませんでした。何も書いていません（{error}）。"
            ) from error
        try:
            options["file"].write_bytes(content)
        except OSError as error:
            raise CommandError(f"{options['file']} に書けませんでした（{error.strerror}）。") from error
        kind = f"確定した文書（第{document.edition}版）" if document else "下書き"
        self.stdout.write(f"{sheet} の{kind}を {options['file']} に書きました。")


def _sheet(grant: Grant, wanted: str) -> ProgressSheet:
    try:
        month = parse_month(wanted)
    except ValueError as error:
        raise CommandError(
            f"「{wanted}」を月として読めませんでした。2022-09 のように書いてください。"
        ) from error
    sheets = list(ProgressSheet.objects.filter(grant=grant).with_names().order_by("month"))
    for sheet in sheets:
        if sheet.month <= month <= sheet.last_day:
            return sheet
    if not sheets:
        raise CommandError(f"{grant.organisation.name}には、まだシートがありません。")
    raise CommandError(
        f"{grant.organisation.name}に{month_label(month)}のシートはありません。"
        f"あるのは{sheets[0].label}から{sheets[-1].label}までの{len(sheets)}件です。"
    )
