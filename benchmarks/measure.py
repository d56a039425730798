"""Measures one set, in a process of its own: `python -m benchmarks.measure demo|national`. Prints JSON."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import django

django.setup()

# Only after setup: these read the settings.
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from benchmarks.model import drawing_beside_bare_rows, saved_crossings  # noqa: E402
from benchmarks.saving import saving  # noqa: E402
from benchmarks.spreadsheet import convert, scratch, soffice, write_spreadsheet  # noqa: E402
from benchmarks.timing import medians  # noqa: E402
from mentoring.models import Figure, ProgressSheet  # noqa: E402
from mentoring.reading import read_sheet  # noqa: E402
from mentoring.services.closing import close_sheet  # noqa: E402
from mentoring.workflow import move_sheet  # noqa: E402
from reports.pdf.press import HERE, read_static  # noqa: E402
from reports.pdf.sheet import render_sheet_html, render_sheet_pdf  # noqa: E402

# The rows a page is made of, and nothing around them.
FIGURES_OF_SHEET = """SELECT f.* FROM mentoring_figure f JOIN mentoring_progresssheet s ON s.id = f.sheet_id
                      WHERE s.grant_id = %s AND s.month <= %s"""
SHEETS_OF_HOME = """SELECT s.* FROM mentoring_progresssheet s JOIN grants_grant g ON g.id = s.grant_id
                    JOIN grants_program p ON p.id = g.program_id JOIN grants_fund f ON f.id = p.fund_id
                    WHERE f.foundation_id = %s AND s.state <> 'closed'"""


@dataclass(frozen=True)
class Measured:
    name: str
    queries: int
    milliseconds: float
    ratio: float
    beside: str  # what the ratio compares with


def load(name: str) -> None:
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    if name == "demo":
        call_command("load_demo", force=True, no_pdf=True, stdout=sys.stderr)
    else:
        options = {key: int(value) for key, value in (item.split("=") for item in sys.argv[2:])}
        call_command("seed_national", stdout=sys.stderr, **options)


def chosen_sheet() -> ProgressSheet:
    """The last closed month of a grant in the middle."""
    grants = (
        ProgressSheet.objects.filter(state="closed")
        .order_by("grant")
        .values_list("grant", flat=True)
        .distinct()
    )
    grant = grants[len(grants) // 2]
    return ProgressSheet.objects.with_names().filter(grant=grant, state="closed").latest("month")


def fetch(sql: str, *values: Any) -> Callable[[], Any]:
    def act() -> Any:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall()

    return act


def page(client: Client, name: str, url: str, select: Callable[[], Any], beside: str) -> Measured:
    def act() -> None:
        response = client.get(url)
        assert response.status_code == 200, response.status_code

    act()
    with CaptureQueriesContext(connection) as captured:
        act()
        queries = len(captured)  # the next request empties the log
    taken, bare = medians(act, select, runs=25)
    return Measured(name, queries, taken * 1000, taken / bare, f"{beside}（{len(select())}行）")


def paper(sheet: ProgressSheet) -> list[Measured]:
    import weasyprint

    html = render_sheet_html(sheet)
    css = weasyprint.CSS(string=read_static(f"{HERE}/static/css/print.css")[1].decode())

    def bare() -> None:
        weasyprint.HTML(string=html).write_pdf(stylesheets=[css], pdf_variant="pdf/ua-1")

    def again() -> None:
        """Reopened and closed, and then as if nothing had happened."""
        with transaction.atomic():
            officer = sheet.grant.officer
            reopened = move_sheet(sheet=sheet, act="reopen", by=officer, reason="計測")
            document = close_sheet(sheet=reopened, by=officer, render_pdf=render_sheet_pdf)
            document.file.delete(save=False)
            transaction.set_rollback(True)

    counted = []
    for act in (lambda: render_sheet_pdf(sheet), again):
        act()
        with CaptureQueriesContext(connection) as captured:
            act()
        counted.append(len(captured))
    taken, whole, engine = medians(lambda: render_sheet_pdf(sheet), again, bare, runs=9)
    beside = "WeasyPrint、同じ仕上がりのHTML"
    return [
        Measured("月次面談のPDF", counted[0], taken * 1000, taken / engine, beside),
        Measured("再開して確定（PDFの保存まで）", counted[1], whole * 1000, whole / engine, beside),
    ]


def beside_libreoffice(sheet: ProgressSheet) -> list[Measured]:
    """A running process against one start of LibreOffice; and a process of its own against the same."""
    if soffice() is None:
        return []
    folder = scratch()
    try:
        spreadsheet = folder / "sheet.fods"
        write_spreadsheet(read_sheet(sheet), spreadsheet)
        command = [sys.executable, "manage.py", "sheet_pdf", str(sheet.grant_id), f"{open_month(sheet):%Y-%m}",
                   str(folder / "own.pdf")]  # fmt: skip
        taken, own, office = medians(
            lambda: render_sheet_pdf(sheet),
            lambda: subprocess.run(command, check=True, capture_output=True),
            lambda: convert(spreadsheet, folder / "profile"),
            runs=5,
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    beside = f"LibreOffice、同じシートの表計算ファイル（{office * 1000:,.0f} ms）"
    return [
        Measured("月次面談のPDF", 0, taken * 1000, taken / office, beside),
        Measured("manage.py sheet_pdf（起動から）", 0, own * 1000, own / office, beside),
    ]


def cell() -> Measured:
    queries, taken, empty = saving()
    beside = f"空の要求、サインイン済み（{empty * 1000:,.1f} ms）"
    return Measured("1か所の保存", queries, taken * 1000, taken / empty, beside)


def drawing(sheet: ProgressSheet) -> list[Measured]:
    """40 boxes and 60 arrows in the grant's next open month; taken back afterwards."""
    with transaction.atomic():
        rows = [Measured(*row) for row in drawing_beside_bare_rows(sheet.grant)]
        transaction.set_rollback(True)
    return rows


def open_month(sheet: ProgressSheet) -> Any:
    """A month whose PDF is made anew, not read from the store."""
    return ProgressSheet.objects.filter(grant=sheet.grant_id).exclude(state="closed").latest("month").month


def main(name: str, *options: str) -> None:
    load(name)
    if "drawing" in options:
        answer({"rows": [asdict(row) for row in drawing(chosen_sheet())], "crossings": saved_crossings()})
        return
    if "cell" in options:
        answer(asdict(cell()) | {"vendor": connection.vendor, "load": os.getloadavg()[0]})
        return
    busy = os.getloadavg()[0]  # what else the machine was doing
    sheet = chosen_sheet()
    client = Client()
    client.force_login(sheet.grant.officer)
    home = fetch(SHEETS_OF_HOME, sheet.grant.foundation.pk)
    figures = fetch(FIGURES_OF_SHEET, sheet.grant_id, sheet.month)
    rows = [
        page(client, "シートのページ", sheet.get_absolute_url(), figures, "助成のそれまでの数を全部"),
        page(client, "POのホーム", reverse("reports:home"), home, "財団の確定していないシートを全部"),
        cell(),
        *drawing(sheet),
        *paper(sheet),
        *(beside_libreoffice(sheet) if name == "demo" else []),
    ]
    result = {
        "set": name,
        "figures": Figure.objects.count(),
        "sheets": ProgressSheet.objects.count(),
        "indicators": len(read_sheet(sheet).rows),
        "months": ProgressSheet.objects.filter(grant=sheet.grant_id, month__lte=sheet.month).count(),
        "vendor": connection.vendor,
        "load": busy,
        "office": soffice() is not None,
        "crossings": saved_crossings(),
        "rows": [asdict(row) for row in rows],
    }
    answer(result)


def answer(result: dict[str, Any]) -> None:
    Path(os.environ["BENCH_RESULT"]).write_text(json.dumps(result, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
