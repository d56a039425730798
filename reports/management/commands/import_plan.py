import json
from argparse import RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from core.months import month_label, parse_month
from grants.models import Grant, PlanProposal
from grants.plan_import.comparison import Comparison
from grants.plan_import.table import NoPlan, SourceTable, read_table
from mentoring.services.plan_import import NothingToChange, PlanRefused, compared, import_plan, open_months
from mentoring.services.proposals import AlreadyOne
from reports.exports.tables import NoTable, read_table_file
from reports.management.naming import grant_named
from reports.plan_telling import plan_as_data, plan_as_lines


class Command(BaseCommand):
    help = (
        "計画を表（.xlsx、.csv、.tsv）から取り込みます。読みとったことと迷ったことを、行ごとに書き出します。\n"
        "列: 種別、番号、内容、指標、初期値、目標値、達成時期、把握方法、活動、時期\n"
        "計画のまだない助成にはそのまま入れ、計画のある助成では見直しの案にします。\n"
        "例: manage.py import_plan はこぶね plan.xlsx --dry-run"
    )

    def create_parser(self, *args: Any, **kwargs: Any) -> CommandParser:
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("grant", metavar="GRANT", help="団体名かその一部、または助成の番号")
        parser.add_argument("file", metavar="FILE", type=Path, help="取り込むファイル")
        parser.add_argument("--dry-run", action="store_true", help="読みとるだけで、何も書きません")
        parser.add_argument("--json", action="store_true", help="JSONで書き出します（docs/operations.md）")
        parser.add_argument(
            "--from", dest="month", metavar="MONTH", help="この月から。2022-09、2022年9月 など"
        )
        parser.add_argument("--reason", default="", help="計画のある助成で、見直しの案に書く理由")
        parser.add_argument("--by", metavar="EMAIL", help="取り込む人。ふつうは担当のプログラム・オフィサー")

    def handle(self, *args: Any, **options: Any) -> None:
        grant = grant_named(options["grant"])
        by = _person(options["by"]) if options["by"] else grant.officer
        month = _month(options["month"]) if options["month"] else open_months(grant).default
        try:
            table = _table(options["file"])
        except (NoTable, NoPlan, OSError) as error:
            words = getattr(error, "strerror", None) or str(error)
            if options["json"]:
                self.print_json({"file": options["file"].name, "applied": False, "error": words})
            raise CommandError(f"{options['file']} を読めませんでした。{words}") from error
        comparison = compared(grant, table.rows, month)
        head = {
            "grant": {"id": grant.pk, "organisation": grant.organisation.name, "title": grant.title},
            "file": options["file"].name,
            "month": f"{month:%Y-%m}",
            "dry_run": options["dry_run"],
        }
        if not options["json"]:
            self.tell(grant, comparison, table, options["file"].name)
        done: dict[str, Any] = {"applied": False, "proposal": None, "message": ""}
        refused: Exception | None = None
        if not options["dry_run"]:
            try:
                proposal = import_plan(
                    grant=grant, rows=table.rows, month=month, by=by, source=options["file"].name, reason=options["reason"]
                )  # fmt: skip
                done = _done(proposal, month_label(month))
            except NothingToChange as nothing:
                done["message"] = nothing.message
            except (PlanRefused, AlreadyOne) as error:
                refused = error
                done["message"] = _why(error)
        if options["json"]:
            self.print_json({**head, **done, **plan_as_data(comparison, table)})
        if refused is not None:
            raise CommandError(f"何も書いていません。{done['message']}") from refused
        if not options["json"]:
            self.stdout.write("")
            self.stdout.write(done["message"] or "読みとっただけで、何も書いていません。")

    def tell(self, grant: Grant, comparison: Comparison, table: SourceTable, name: str) -> None:
        self.stdout.write(f"{grant}　{name}")
        for line in plan_as_lines(comparison, table):
            self.stdout.write(line)
        self.stdout.write("")
        self.stdout.write(
            f"{len(table.rows)}行を読みました。迷ったところ {len(comparison.doubts)}、"
            f"直さないと取り込めないところ {len(comparison.problems)}。"
        )

    def print_json(self, data: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(data, ensure_ascii=False, indent=2))


def _table(path: Path) -> SourceTable:
    with path.open("rb") as file:
        found = read_table_file(file, path.name)
    table = read_table(found.rows)
    return SourceTable(table.rows, table.headings, table.left_out, (*found.doubts, *table.doubts))


def _done(proposal: PlanProposal | None, month: str) -> dict[str, Any]:
    if proposal is None:
        return {"applied": True, "proposal": None, "message": f"{month}からの計画として取り込みました。"}
    words = f"{month}からの見直しの案（番号 {proposal.pk}）にしました。双方が合意すると、計画が変わります。"
    return {"applied": True, "proposal": proposal.pk, "message": words}


def _why(error: Exception) -> str:
    if isinstance(error, AlreadyOne):
        return f"見直しの案（番号 {error.proposal.pk}）が、もう進んでいます。"
    return getattr(error, "message", "") or str(error)


def _month(typed: str) -> Any:
    try:
        return parse_month(typed)
    except ValueError as error:
        raise CommandError(
            f"「{typed}」を月として読めませんでした。2022-09 のように書いてください。"
        ) from error


def _person(email: str) -> User:
    person = User.objects.filter(email__iexact=email, is_active=True).first()
    if person is None:
        raise CommandError(f"{email} という利用者はいません。")
    return person
