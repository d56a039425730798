"""python -m benchmarks [grants=1500 …]: measures the demo and a national-size set, prints a table, keeps it in docs/.
python -m benchmarks cell: only the saving of one cell, on every database there is.
python -m benchmarks effort: only the key presses of one month; keeps its part of docs/benchmarks.md.

The national set needs PostgreSQL (DATABASE_URL, or 127.0.0.1:5432); without one only the demo is measured,
on SQLite. Databases are made for this and dropped at the end.
"""

import json
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks import effort_report
from benchmarks.databases import fresh_database, postgres_url
from benchmarks.report import as_markdown, as_text

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "docs" / "benchmarks.md"


def measured(
    name: str, database_url: str, folder: Path, options: list[str], module: str = "benchmarks.measure"
) -> dict[str, Any]:
    result = folder / f"{name}.json"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DEBUG": "0",
        "HTTPS": "0",
        "SECRET_KEY": "only-for-the-benchmark-" * 3,
        "ALLOWED_HOSTS": "testserver,127.0.0.1",
        "DEMO_TODAY": "2024-01-09",
        "DATABASE_URL": database_url,
        "PRIVATE_ROOT": str(folder / f"{name}-private"),
        "STATIC_ROOT": str(folder / f"{name}-static"),
        "MAIL_FOLDER": str(folder / "mail"),
        "BENCH_RESULT": str(result),
    }
    print(f"{name} …", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", module, name, *options]
    subprocess.run(command, check=True, cwd=ROOT, env=environment)
    answer: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
    return answer


def effort(folder: Path) -> dict[str, Any]:
    """On SQLite: keys are counted, not seconds."""
    url = f"sqlite:///{folder / 'effort.sqlite3'}"
    return measured("effort", url, folder, [], module="benchmarks.effort")


def one_cell(folder: Path, stack: ExitStack, postgres: str | None) -> None:
    urls = [f"sqlite:///{folder / 'cell.sqlite3'}"]
    if postgres is not None:
        urls.append(stack.enter_context(fresh_database(postgres, "banso_bench_cell")))
    for url in urls:
        one = measured("demo", url, folder, ["cell"])
        print(
            f"{one['name']}（{one['vendor']}）: クエリ {one['queries']}、{one['milliseconds']:.1f} ms、"
            f"比 {one['ratio']:.2f}（{one['beside']}）。負荷 {one['load']:.1f}"
        )


def main() -> None:
    options = sys.argv[1:]
    url = postgres_url()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="banso-bench-")))
        if options == ["effort"]:
            counted = effort(folder)
            print(effort_report.as_text(counted))
            page = KEPT.read_text(encoding="utf-8")
            KEPT.write_text(
                effort_report.put_into(page, effort_report.as_markdown(counted)), encoding="utf-8"
            )
            return
        if options == ["cell"]:
            one_cell(folder, stack, url)
            return
        if url is None:
            print("PostgreSQL が見つからないので、デモだけを SQLite で測ります。", file=sys.stderr)
            sets = [measured("demo", f"sqlite:///{folder / 'demo.sqlite3'}", folder, [])]
        else:
            sets = [
                measured(name, stack.enter_context(fresh_database(url, f"banso_bench_{name}")), folder, extra)
                for name, extra in (("demo", []), ("national", options))
            ]
        counted = effort(folder)
    print(as_text(sets))
    print(f"\n{effort_report.as_text(counted)}")
    if url is not None and not options:
        page = effort_report.put_into(as_markdown(sets), effort_report.as_markdown(counted))
        KEPT.write_text(page, encoding="utf-8")
        print(f"\n{KEPT.relative_to(ROOT)} に残しました。")


if __name__ == "__main__":
    main()
