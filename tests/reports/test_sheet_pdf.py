from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from grants.models import Grant
from mentoring.models import ProgressSheet
from mentoring.services.documents import store_document
from tests.factories import GrantFactory, SheetFactory
from tests.reports.papers import SEPTEMBER, words_of

Write = Callable[..., str]


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "sheet.pdf"


@pytest.fixture
def september(grant: Grant) -> ProgressSheet:
    return SheetFactory(grant=grant, month=SEPTEMBER, closed=True)


@pytest.fixture
def october(grant: Grant) -> ProgressSheet:
    return SheetFactory(grant=grant)


def refusal(*arguments: object) -> str:
    with pytest.raises(CommandError) as error:
        call_command("sheet_pdf", *[str(argument) for argument in arguments])
    return str(error.value)


def test_writes_the_stored_document_of_a_closed_month(
    september: ProgressSheet, officer: User, target: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store_document(sheet=september, pdf=b"%PDF one", by=officer)
    store_document(sheet=september, pdf=b"%PDF two", by=officer)
    call_command("sheet_pdf", "あおぞら", "2022-09", str(target))
    assert target.read_bytes() == b"%PDF two"
    assert "あおぞらの会 2022年9月 の確定した文書（第2版）" in capsys.readouterr().out


def test_writes_a_draft_of_an_open_month(
    october: ProgressSheet, target: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("sheet_pdf", "あおぞらの会", "２０２２年１０月", str(target))
    assert "下書き" in words_of(target.read_bytes())
    assert "下書きを" in capsys.readouterr().out


@pytest.mark.parametrize("wanted", ["アオゾラ", " あおぞら の会", "こころをつなぐ"])
def test_names_are_folded(wanted: str, october: ProgressSheet, target: Path) -> None:
    call_command("sheet_pdf", wanted, "202210", str(target))
    assert target.exists()


def test_a_number_is_a_grant(october: ProgressSheet, target: Path) -> None:
    call_command("sheet_pdf", str(october.grant_id), "2022/10", str(target))
    assert target.exists()


def test_a_month_within_a_quarter_is_its_quarter(grant: Grant, target: Path) -> None:
    SheetFactory(grant=grant, months=3)
    call_command("sheet_pdf", "あおぞら", "2022-11", str(target))
    assert "2022年10月〜12月" in words_of(target.read_bytes())


def test_an_unknown_grant_says_which_exist(october: ProgressSheet, other_grant: Grant, target: Path) -> None:
    said = refusal("うみかぜ", "2022-10", target)
    assert "「うみかぜ」に当てはまる助成はありません" in said
    assert f"{october.grant_id}  あおぞらの会" in said
    assert f"{other_grant.pk}  となりの会" in said
    assert not target.exists()


def test_an_ambiguous_name_says_which(october: ProgressSheet, other_grant: Grant, target: Path) -> None:
    said = refusal("の会", "2022-10", target)
    assert "2件あります" in said
    assert f"{other_grant.pk}  となりの会　となりの事業" in said


def test_the_whole_name_wins_over_a_part_of_another(october: ProgressSheet, target: Path) -> None:
    GrantFactory(program=october.grant.program, organisation__name="みんなのあおぞらの会")
    call_command("sheet_pdf", "あおぞらの会", "2022-10", str(target))
    assert target.exists()


def test_an_unknown_month_says_which_exist(
    september: ProgressSheet, october: ProgressSheet, target: Path
) -> None:
    said = refusal("あおぞら", "2023-01", target)
    assert "2023年1月のシートはありません" in said
    assert "2022年9月から2022年10月までの2件" in said


def test_a_month_that_is_none(october: ProgressSheet, target: Path) -> None:
    assert "「いつか」を月として読めませんでした" in refusal("あおぞら", "いつか", target)


def test_a_grant_without_sheets(grant: Grant, target: Path) -> None:
    assert "まだシートがありません" in refusal("あおぞら", "2022-10", target)


def test_nothing_is_written_from_a_broken_document(
    september: ProgressSheet, officer: User, target: Path
) -> None:
    document = store_document(sheet=september, pdf=b"%PDF one", by=officer)
    Path(document.file.path).write_bytes(b"%PDF other")
    assert "何も書いていません" in refusal("あおぞら", "2022-09", target)
    assert not target.exists()


def test_a_place_where_nothing_can_be_written(october: ProgressSheet, tmp_path: Path) -> None:
    assert "に書けませんでした" in refusal("あおぞら", "2022-10", tmp_path / "none" / "sheet.pdf")
