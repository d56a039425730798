import time
from argparse import ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from core.months import parse_month
from foundations.models import Foundation
from mentoring.models import Figure, ProgressSheet
from reports.national.build import Size, write_places
from reports.national.plans import write_plans
from reports.national.sheets import write_sheets


class Command(BaseCommand):
    help = (
        "計測のための全国規模のデータを、空のデータベースに書きます（300財団・1,500助成・36か月・指標20＝数およそ100万件）。"
        "すべて架空で、同じ大きさなら毎回同じ中身になります。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--foundations", type=_at_least(1), default=300)
        parser.add_argument("--grants", type=_at_least(1), default=1500)
        parser.add_argument("--months", type=_at_least(3), default=36)
        parser.add_argument("--indicators", type=_at_least(1), default=20, help="1つの助成の指標の数")
        parser.add_argument("--last", default="2023-12", help="最後のシートの月")

    def handle(self, *args: Any, **options: Any) -> None:
        if Foundation.objects.exists():
            raise CommandError(
                "財団がもう入っています。計測用の空のデータベースで使ってください。何も書いていません。"
            )
        size = Size(
            foundations=options["foundations"],
            grants=options["grants"],
            months=options["months"],
            indicators=options["indicators"],
            last=parse_month(options["last"]),
        )
        began = time.monotonic()
        with transaction.atomic():
            for write in (write_places, write_plans, write_sheets):
                write(size)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")  # as a database has it that has been running for a while
        self.stdout.write(
            f"財団{size.foundations}・助成{size.grants}・シート{ProgressSheet.objects.count():,}・"
            f"数{Figure.objects.count():,}件を{time.monotonic() - began:.0f}秒で書きました。"
        )


def _at_least(smallest: int) -> Any:
    def number(text: str) -> int:
        if not text.isdecimal() or int(text) < smallest:
            raise ArgumentTypeError(f"{smallest}以上の数にしてください: {text}")
        return int(text)

    return number
