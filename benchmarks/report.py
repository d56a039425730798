"""The table, for the terminal and for docs/benchmarks.md."""

import os
import platform
from importlib.metadata import version
from typing import Any

AIMS = {"WeasyPrint": 1.2, "LibreOffice": 0.6, "空の要求": 3, "同じ": 4}
DRAWING = "事業設計図の絵（40箱・60本）"
NAMES = {"demo": "デモ", "national": "全国規模"}


def machine() -> str:
    """In general words: nothing that names one."""
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
        size = f"、メモリ {memory:.0f} GiB"
    except (ValueError, OSError):
        size = ""
    return f"{os.cpu_count()}コア{size}、Python {platform.python_version()}、Django {version('django')}、WeasyPrint {version('weasyprint')}"


def _describe(one: dict[str, Any]) -> str:
    return (
        f"{NAMES[one['set']]}: 数 {one['figures']:,}件、シート {one['sheets']:,}件（{one['vendor']}）。"
        f"測ったシートは指標 {one['indicators']}、{one['months']}か月め。測るまえの負荷 {one['load']:.1f}。"
    )


def _aim(row: dict[str, Any]) -> str:
    """The closing writes too, and the command also starts a process: the aims are for the document itself."""
    if row["name"] not in ("月次面談のPDF", "1か所の保存", DRAWING):
        return "－"
    return next((f"{aim}以下" for word, aim in AIMS.items() if row["beside"].startswith(word)), "－")


def lines(sets: list[dict[str, Any]]) -> list[list[str]]:
    """One line per thing measured; the sets beside each other."""
    head = [
        "測ったもの",
        *(f"{what}（{NAMES[one['set']]}）" for one in sets for what in ("クエリ", "中央値", "比")),
        "比べた相手",
        "めやす",
    ]
    table = [head]
    for index, row in enumerate(sets[0]["rows"]):
        cells = [row["name"]]
        for one in sets:
            other = one["rows"][index] if index < len(one["rows"]) else None
            cells += (
                [str(other["queries"] or "－"), f"{other['milliseconds']:,.1f} ms", f"{other['ratio']:.2f}"]
                if other
                else ["－"] * 3
            )
        last = sets[-1]["rows"]
        beside = (
            row["beside"]
            if index >= len(last) or last[index]["beside"] == row["beside"]
            else last[index]["beside"]
        )
        table.append([*cells, beside, _aim(row)])
    return table


def verdict(sets: list[dict[str, Any]]) -> str:
    if len(sets) < 2:
        return "全国規模は測っていません（PostgreSQL がありません）。"
    grown = [
        f"{a['name']} {a['queries']}→{b['queries']}"
        for a, b in zip(sets[0]["rows"], sets[1]["rows"], strict=False)
        if b["queries"] > a["queries"]
    ]
    if grown:
        return f"クエリの数が全国規模で多いもの: {'、'.join(grown)}。ほかは増えません。"
    return "クエリの数は、全国規模でも増えません。"


def _crossings(sets: list[dict[str, Any]]) -> str:
    typed, ours = sets[0]["crossings"]
    return (
        f"でたらめな事業設計図200枚で、線の交わりは書かれた順の {typed:,} から {ours:,} へ、"
        f"{(1 - ours / typed) * 100:.0f}% 減りました（めやす 60%以上）。"
    )


def _office(sets: list[dict[str, Any]]) -> str:
    return "" if sets[0]["office"] else "LibreOffice は入っていません（not installed）。"


def as_text(sets: list[dict[str, Any]]) -> str:
    table = "\n".join("  ".join(row) for row in lines(sets))
    facts = [*map(_describe, sets), verdict(sets), _crossings(sets), _office(sets)]
    return "\n".join([machine(), *filter(None, facts), "", table])


def as_markdown(sets: list[dict[str, Any]]) -> str:
    head, *rows = lines(sets)
    table = [head, ["---", *["---:"] * (3 * len(sets)), "---", "---"], *rows]
    return TEXT.format(
        machine=machine(),
        sets="\n".join(f"- {_describe(one)}" for one in sets),
        verdict=" ".join(filter(None, [verdict(sets), _crossings(sets), _office(sets)])),
        table="\n".join(f"| {' | '.join(row)} |" for row in table),
    )


TEXT = """# Benchmarks

`make bench` writes this page. Times belong to the machine they were taken on; the ratios are what to look at.

{machine}

{sets}

{verdict}

{table}

## How to read it

- **Pages** are asked through Django's test client, signed in as the program officer in charge, with production settings;
  the median of 25 runs. Their ratio compares with one bare `SELECT` of the rows the page is made of, fetched by the
  database driver with nothing around it: for the sheet page every figure of the grant up to that month (running totals
  are computed from them), for the home page every sheet of the foundation that is not closed.
- **Saving one cell** is what happens while somebody types: a JSON request through the whole stack, of a figure that changes each
  time, by a member of the grantee; the median of 200 runs. Its queries are besides those for session and user. Its ratio
  compares with a request to the same address that is refused as empty as soon as its user is known. `make bench` with the word
  `cell` (`scripts/with_postgres.sh scripts/bench.sh cell`) measures it alone, on SQLite and PostgreSQL.
- **The PDF** is `render_sheet_pdf`: reading the sheet, the template, WeasyPrint. Its ratio compares with WeasyPrint alone on
  the same finished HTML and the same parsed stylesheet: what is above 1 is ours; below 1 is what
  `reports/pdf/press.py` saves by sharing fonts and keeping the garbage collector out. The closing adds the lock, the checks, the
  events, the journal and the stored file.
  It reads the history of what was written since the first closing: of five kinds of rows in the national set, of none in the
  demo, which explains its few further queries there.
- **LibreOffice** converts the same rows from a flat OpenDocument spreadsheet, one start per file with a warm profile, as
  a server without an office of its own running would. We are measured twice: inside a running process, as when a month is
  closed, and as a command that starts, loads everything and prints one draft.
- **The logic model** is drawn with 40 boxes and 60 arrows: reading it and making the SVG. Its ratio compares with its own
  six `SELECT`s, fetched by the driver with nothing around them; what is above 1 is Django's making of the queries and rows, and
  the drawing. The second row forgets what a running process remembers: the order of the boxes and the breaks of the lines.
- The runs of what is compared take turns, so that a busy moment of the machine meets both.
- The national set (`manage.py seed_national`) is 300 foundations, 1,500 grants, 36 months and 20 indicators each.
"""
