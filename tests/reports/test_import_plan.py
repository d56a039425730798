"""manage.py import_plan: what it understood and doubted, row by row, on paper and as JSON."""

import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command

from accounts.models import JournalEntry, User
from grants.models import Grant, PlanProposal, ShortTermOutcome
from grants.plan_import.table import read_table
from grants.plan_import.writing import plan_rows
from grants.plan_reading import plan_in_force
from mentoring.services.plan_import import compared, period_of
from reports.demo.rows import Rows
from reports.demo.write_foundation import (
    write_foundations,
    write_funds,
    write_master_lists,
    write_people,
    write_programs,
)
from reports.demo.write_plans import write_grants
from reports.exports.plan import plan_csv, plan_workbook
from reports.exports.tables import read_table_file
from tests.factories import PlanRows, SheetFactory, UserFactory
from tests.plan.test_plan_comparison import TEXT
from tests.plan.test_plan_table import TEN

REAL = f"""団体: あおぞらの会
{TEN}	備考
短期アウトカム	①	相談できる	"①施設
②寄付"	①０施設 ②０円	①一人以上と話せる状態 ②30万円/100名	2024年1月	聞き取り			毎年見直す
アウトプット	①-1	企業とつながる	協力企業	0社	1年目:累計20社 2年目:累計50社 3年目:累計100社	3年目末
			就職	なし	84人(月間3人×28か月)
			満足	0%	8割以上
			来所	0人	のべ400人
			訪問	0回	1施設3回以上	随時
"""


@pytest.fixture(autouse=True)
def in_the_story() -> Any:
    with time_machine.travel("2022-11-08 10:00+09:00", tick=False):
        yield


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "plan.tsv"
    path.write_text(REAL, encoding="utf-8")
    return path


def run(*args: Any, **options: Any) -> str:
    out = io.StringIO()
    call_command("import_plan", *map(str, args), stdout=out, **options)
    return out.getvalue()


def as_json(*args: Any, **options: Any) -> dict[str, Any]:
    return json.loads(run(*args, json=True, **options))  # type: ignore[no-any-return]


def test_a_dry_run_tells_row_by_row_and_writes_nothing(grant: Grant, file: Path) -> None:
    told = run("あおぞらの会", file, dry_run=True)
    for words in (
        "短期アウトカム ①", "目標状態「一人以上と話せる状態」", "0円 → 300,000円", "2021年度 20社", "0人 → 84人", "0% → 80%",
        "0人 → 400人", "目標状態「1施設3回以上」", "？ 達成時期「随時」", "備考: 毎年見直す", "見出しより上なので読みません",
        "何も書いていません",
    ):  # fmt: skip
        assert words in told
    assert ShortTermOutcome.objects.count() == 0


def test_as_json(grant: Grant, file: Path) -> None:
    data = as_json(grant.pk, file, dry_run=True)
    assert list(data) == [
        "grant", "file", "month", "dry_run", "applied", "proposal", "message",
        "columns", "left_out", "notes", "rows", "changes", "doubts", "problems",
    ]  # fmt: skip
    assert (data["month"], data["dry_run"], data["applied"]) == ("2021-04", True, False)
    rows = data["rows"]
    assert list(rows[0]) == [
        "row", "kind", "number", "cells", "boxes", "indicators", "verdicts", "doubts", "problems",
    ]  # fmt: skip
    assert [row["row"] for row in rows] == ["3", "4", "5", "6", "7", "8"]
    found = [
        (one["name"], one["target"], one["unit"], one["method"], one["target_state"])
        for row in rows
        for one in row["indicators"]
    ]
    assert found == [
        ("施設", None, "", "state", "一人以上と話せる状態"),
        ("寄付（円）", 300_000, "円", "sum", ""),
        ("寄付（名）", 100, "名", "new_unique", ""),
        ("協力企業", 100, "社", "sum", "1年目:累計20社 2年目:累計50社 3年目:累計100社"),
        ("就職", 84, "人", "new_unique", "84人(月間3人×28か月)"),
        ("満足", 80, "%", "ratio", "8割以上"),
        ("来所", 400, "人", "sum", ""),
        ("訪問", None, "", "state", "1施設3回以上"),
    ]
    assert rows[1]["indicators"][0]["year_targets"] == [
        {"fiscal_year": 2021, "target": 20}, {"fiscal_year": 2022, "target": 30}, {"fiscal_year": 2023, "target": 50},
    ]  # fmt: skip
    assert {(d["column"], d["code"]) for d in rows[5]["doubts"]} == {
        ("target", "rate"),
        ("due", "due_unreadable"),
    }
    assert rows[1]["boxes"] == [{"kind": "output", "number": "①-1", "text": "企業とつながる", "links": ["①"]}]
    assert data["doubts"] == sum(len(row["doubts"]) for row in rows)


def test_no_word_of_the_file_is_lost(grant: Grant, file: Path) -> None:
    said = json.dumps(as_json(grant.pk, file, dry_run=True), ensure_ascii=False).replace("\\n", "")
    for cell in "\t".join(REAL.split("\n")).replace('"', "").split("\t"):
        assert cell in said, cell


def test_it_becomes_the_plan(grant: Grant, file: Path) -> None:
    data = as_json(grant.pk, file)
    assert (data["applied"], data["proposal"]) == (True, None)
    plan = plan_in_force(grant, grant.starts_on)
    assert [plan.output_label(output) for output in plan.outputs] == ["①-1"]
    assert len(list(plan.indicators())) == 8
    entry = JournalEntry.objects.about(grant).get(verb="plan.import")
    assert (entry.actor, entry.details["source"]) == (grant.officer, "plan.tsv")
    again = as_json(grant.pk, file)
    assert (again["applied"], "もうこの表のとおり" in again["message"]) == (False, True)


def test_a_plan_that_holds_becomes_a_proposal(grant: Grant, plan: PlanRows, tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_text(TEXT.replace("\t", ","), encoding="cp932")
    person: User = UserFactory(email="po@example.test")
    data = as_json(grant.pk, path, reason="様式を直したため", by="po@example.test", month="2022-12")
    proposal = PlanProposal.objects.get()
    assert (data["applied"], data["proposal"]) == (True, proposal.pk)
    assert (proposal.author, proposal.reason, f"{proposal.holds_from:%Y-%m}") == (
        person,
        "様式を直したため",
        "2022-12",
    )
    assert any(change["act"] == "retired" for change in data["changes"])
    with pytest.raises(CommandError, match="もう進んでいます"):
        run(grant.pk, path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空のファイル"),
        (b"\x81\x00\xff", "文字を読めません"),
        ("あれこれ".encode(), "見出しの行が見つかりません"),
    ],
)
def test_a_file_that_cannot_be_read_is_an_error(
    grant: Grant, tmp_path: Path, content: bytes, words: str, capsys: Any
) -> None:
    path = tmp_path / "plan.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=words) as error:
        run(grant.pk, path)
    assert error.value.returncode == 1
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("import_plan", str(grant.pk), str(path), json=True, stdout=out)
    assert words in json.loads(out.getvalue())["error"]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["だれも", "plan.csv"], "当てはまる助成はありません"),
        (["あおぞら", "no-such-file.csv"], "読めませんでした"),
        (["あおぞら", "plan.csv", "--from", "春"], "月として読めませんでした"),
        (["あおぞら", "plan.csv", "--by", "nobody@example.test"], "利用者はいません"),
    ],
)
def test_what_is_wrong_on_the_command_line(grant: Grant, args: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        run(*args)


def test_a_month_that_is_over_is_refused(grant: Grant, plan: PlanRows, file: Path) -> None:
    SheetFactory(grant=grant, month=dt.date(2022, 10, 1), closed=True)
    with pytest.raises(CommandError, match="何も書いていません"):
        run(grant.pk, file, month="2022-05")
    assert PlanProposal.objects.count() == 0


@pytest.fixture
def demo(db: None) -> dict[str, Grant]:
    """The demonstration's grants and their plans, without its months."""
    rows = Rows()
    for write in (
        write_people,
        write_foundations,
        write_master_lists,
        write_funds,
        write_programs,
        write_grants,
    ):
        write(rows)
    return {key: made.grant for key, made in rows.grants.items()}


def test_the_demo_s_plans_go_out_and_come_in_as_they_are(demo: dict[str, Grant]) -> None:
    assert len(demo) == 6
    for grant in demo.values():
        for month in (grant.starts_on.replace(day=1), grant.ends_on.replace(day=1)):
            rows = plan_rows(plan_in_force(grant, month), period_of(grant))
            for content, name in ((plan_workbook(rows), "計画.xlsx"), (plan_csv(rows), "計画.csv")):
                again = read_table(read_table_file(io.BytesIO(content), name).rows).rows
                comparison = compared(grant, again, month)
                assert (comparison.changes, comparison.doubts) == ((), []), f"{grant} {month} {name}"
