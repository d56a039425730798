"""The comparison of benchmarks/effort.py, for the terminal and for its part of docs/benchmarks.md."""

from typing import Any

BEGIN, END = "<!-- effort -->", "<!-- end of effort -->"
AIM = 0.5
NAMES = {"entry": "入力", "meeting": "面談"}


def _sums(result: dict[str, Any], part: str) -> tuple[dict[str, int], dict[str, int]]:
    """Of one part: the old way and the new; "openings" of the old stand beside "loads" of the new."""
    steps = [step for step in result["old"] if step["part"] == part]
    old = {what: sum(step[what] for step in steps) for what in ("keys", "again", "content")}
    old["loads"] = sum(step["openings"] for step in steps)
    return old, result["new"][part]


def lines(result: dict[str, Any]) -> list[list[str]]:
    table = [["", "キー", "写し・打ち直しの文字", "合計", "開いた画面", "月の内容の文字", "内容も入れた合計"]]
    both: list[dict[str, int]] = [{}, {}]
    for part, name in NAMES.items():
        for index, (way, counts) in enumerate(
            zip(("表計算と文書", "伴走"), _sums(result, part), strict=True)
        ):
            table.append([f"{name}　{way}", *_cells(counts)])
            both[index] = {what: both[index].get(what, 0) + counts[what] for what in counts}
    table += [["両方　表計算と文書", *_cells(both[0])], ["両方　伴走", *_cells(both[1])]]
    old, new = (_effort(counts) for counts in both)
    table.append(
        ["比", "－", "－", f"**{new / old:.2f}**", f"{both[1]['loads'] / both[0]['loads']:.2f}", "－",
         f"{(new + both[1]['content']) / (old + both[0]['content']):.2f}"]
    )  # fmt: skip
    return table


def _effort(counts: dict[str, int]) -> int:
    return counts["keys"] + counts["again"]


def _cells(counts: dict[str, int]) -> list[str]:
    whole = _effort(counts)
    return [str(n) for n in (counts["keys"], counts["again"], whole, counts["loads"], counts["content"], whole + counts["content"])]  # fmt: skip


def steps(result: dict[str, Any]) -> list[list[str]]:
    head = ["", "表計算と文書でのこと", "キー", "打ち直し", "内容", "開く", "数え方"]
    return [
        head,
        *(
            [NAMES[s["part"]], s["what"], *(str(s[what] or "－") for what in ("keys", "again", "content", "openings")), s["reason"]]
            for s in result["old"]
        ),
    ]  # fmt: skip


def as_text(result: dict[str, Any]) -> str:
    tables = ("\n".join("  ".join(row) for row in table) for table in (steps(result), lines(result)))
    return "\n\n".join([_describe(result), *tables, _same(result)])


def as_markdown(result: dict[str, Any]) -> str:
    return TEXT.format(
        begin=BEGIN,
        end=END,
        aim=AIM,
        describe=_describe(result),
        same=_same(result),
        table=_markdown(lines(result)),
        steps=_markdown(steps(result)),
    )


def put_into(page: str, section: str) -> str:
    """The page with its part replaced, or with it before the last chapter when it has none yet."""
    if BEGIN in page:
        return page[: page.index(BEGIN)] + section.strip() + page[page.index(END) + len(END) :]
    return page.replace("## How to read it", f"{section.strip()}\n\n## How to read it", 1)


def _describe(result: dict[str, Any]) -> str:
    return (
        f"{result['grant']}、{result['month']}: 指標 {result['indicators']}、短期アウトカム {result['outcomes']}"
        "（デモでいちばん大きな助成の、最後に確定した月をもう一度）。"
    )


def _same(result: dict[str, Any]) -> str:
    if not result["differences"]:
        return "入力しおえた月は、もとの月と同じ内容です。"
    return f"もとの月と違うところ: {'、'.join(result['differences'])}"


def _markdown(table: list[list[str]]) -> str:
    head, *rows = table
    numbers = ["---" if not cell or cell.startswith(("表計算", "数え")) else "---:" for cell in head]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, numbers, *rows))


TEXT = """{begin}
## One month by keyboard, and the same in a workbook with minutes

`python -m benchmarks effort` counts this part anew. {describe} {same}

{table}

The aim is {aim} of the presses (キー and 打ち直し), without the letters that have to be written anyway.

- **伴走** is counted in Chromium on a live server: a script enters the month from the grantee's home to 提出する and holds the
  meeting from the officer's home to 確定する, with real key presses and without the mouse. Every press counts, also each Tab on
  the way to a field or a link; a chord such as Ctrl+Enter is one. A page load is one screen. Afterwards the month in the
  database is compared with the one it was taken from.
- **表計算と文書** is a model of the same month (`benchmarks/old_way.py`), step by step below, in its favour: every shortcut is
  known, nothing is searched for, mistyped or checked; formulas and lists are there; a cell that keeps last month's value costs
  nothing but the way past it; tables are pasted, never typed again; the files lie in a shared folder. A file, dialog or window
  that opens is one screen.
- 月の内容の文字 are the figures, sentences, homework and dates of the month. They differ a little because the workbook keeps
  last month's values where nothing changed. In Japanese each costs about two presses on either side; here it counts as one.
- Not counted on either side: reading, thinking, talking, and support that was recorded when it was given.

{steps}
{end}
"""
