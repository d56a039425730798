"""The pages of a plan's import: choose or paste, see what was understood, correct, confirm. And the export."""

import csv
import datetime as dt
import io
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import JournalEntry, User
from grants.models import Grant, OutputVersion, PlanProposal, ShortTermOutcome
from grants.plan_import.table import read_table
from grants.plan_reading import plan_in_force
from mentoring.services.plan_import import compared
from reports.exports.tables import read_table_file
from reports.views.plan_import import HELD_PLAN
from tests.factories import PASSWORD, PlanRows, SheetFactory
from tests.plan.test_plan_comparison import TEXT
from tests.plan.test_plan_table import TEN

SignIn = Callable[[User], Client]
APRIL_21 = dt.date(2021, 4, 1)
NOVEMBER_22 = dt.date(2022, 11, 1)
DOUBTFUL = f"{TEN}\n短期アウトカム\t①\t企業とつながる\t協力企業\tなし\t20社〜30社\t随時\n"


@pytest.fixture(autouse=True)
def in_the_story() -> Any:
    with time_machine.travel("2022-11-08 10:00+09:00", tick=False):
        yield


def page(grant: Grant, step: str = "") -> str:
    return reverse(f"reports:plan_import{step}", args=[grant.pk])


def fields_of(response: Any) -> dict[str, str]:
    """What the page would post: its hidden fields, its month and every cell."""
    html = response.content.decode()
    fields = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', html))
    fields |= dict(re.findall(r'name="(r\d+-\w+)"[^>]*>\n?([^<]*)</textarea>', html))
    fields["month"] = re.search(r'name="month"[^>]*value="([^"]*)"', html)[1]  # type: ignore[index]
    return {name: unescape(text) for name, text in fields.items() if name != "csrfmiddlewaretoken"}


def read(client: Client, grant: Grant, text: str) -> dict[str, str]:
    response = client.post(page(grant), {"text": text})
    assert response.status_code == 200
    return fields_of(response)


def words(response: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(unescape(text).split())


# --- choosing and pasting ----------------------------------------------------------------------------------


def test_a_pasted_table_is_shown_as_it_was_understood(sign_in: SignIn, officer: User, grant: Grant) -> None:
    response = sign_in(officer).post(page(grant), {"text": TEXT})
    shown = words(response)
    for said in (
        "困ったときに相談できる",
        "ひらいた日数",
        "目標 48日",
        "目標 400人",
        "つながる先 ①②",
        "時期 毎週土曜",
        "迷うところなく読めました",
    ):
        assert said in shown
    assert ShortTermOutcome.objects.count() == 0


def test_every_doubt_stands_beside_its_cell_and_in_the_list(
    sign_in: SignIn, officer: User, grant: Grant
) -> None:
    response = sign_in(officer).post(page(grant), {"text": DOUBTFUL})
    html = response.content.decode()
    for column in ("baseline", "target", "due"):
        assert f'aria-describedby="r0-{column}-doubt"' in html
        assert f'id="r0-{column}-doubt"' in html
        assert f'href="#r0-{column}"' in html
    assert "たしかめてほしいところが 4か所あります" in words(response)  # the range, and how 社 are counted


def test_a_file_is_read(sign_in: SignIn, officer: User, grant: Grant) -> None:
    file = SimpleUploadedFile("計画.csv", TEXT.replace("\t", ",").encode("cp932"))
    response = sign_in(officer).post(page(grant), {"file": file})
    assert response.status_code == 200
    assert "計画.csv" in words(response)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "ファイルを選ぶか、表を貼りつけてください"),
        ({"text": "こんにちは"}, "見出しの行が見つかりません"),
        ({"text": "あ" * 130_000}, "文字が多すぎます"),
    ],
)
def test_what_cannot_be_read_comes_back_with_a_word(
    sign_in: SignIn, officer: User, grant: Grant, data: dict[str, str], said: str
) -> None:
    response = sign_in(officer).post(page(grant), data)
    assert response.status_code == 422
    assert said in words(response)
    assert data.get("text", "")[:100] in response.content.decode()


def test_a_bad_file_comes_back_with_a_word(sign_in: SignIn, officer: User, grant: Grant) -> None:
    response = sign_in(officer).post(
        page(grant), {"file": SimpleUploadedFile("計画.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 99)}
    )
    assert response.status_code == 422
    assert "計画.xls" in words(response)
    both = {"file": SimpleUploadedFile("計画.csv", TEXT.encode()), "text": TEXT}
    assert "どちらか片方" in words(sign_in(officer).post(page(grant), both))


# --- correcting --------------------------------------------------------------------------------------------


def test_a_corrected_cell_is_read_again_and_nothing_else_is_lost(
    sign_in: SignIn, officer: User, grant: Grant
) -> None:
    client = sign_in(officer)
    fields = read(client, grant, DOUBTFUL)
    response = client.post(page(grant, "_check"), {**fields, "r0-target": "30回"})
    assert response.status_code == 200
    again = fields_of(response)
    assert (again["r0-target"], again["r0-due"], again["r0-text"]) == ("30回", "随時", "企業とつながる")
    assert "目標 30回" in words(response)
    assert 'id="r0-target-doubt"' not in response.content.decode()


def test_cells_with_line_breaks_and_marks_survive_the_page(
    sign_in: SignIn, officer: User, grant: Grant
) -> None:
    client = sign_in(officer)
    text = f'{TEN}\n短期アウトカム\t①\t<b>"あ" & い</b>\t"①施設\n②回数"\t\t"①3施設\n②12回"'
    fields = read(client, grant, text)
    assert fields["r0-indicator"] == "①施設\n②回数"
    again = fields_of(client.post(page(grant, "_check"), fields))
    assert (again["r0-text"], again["r0-target"]) == ('<b>"あ" & い</b>', "①3施設\n②12回")


def test_an_emptied_row_is_gone(sign_in: SignIn, officer: User, grant: Grant) -> None:
    client = sign_in(officer)
    fields = read(client, grant, TEXT)
    emptied = {name: "" if name.startswith("r1-") else text for name, text in fields.items()}
    again = fields_of(client.post(page(grant, "_check"), emptied))
    assert again["rows"] == "7"
    assert "担い手が動き続けている" not in again.values()
    everything = {
        name: "" if name.startswith("r") and name != "rows" else text for name, text in fields.items()
    }
    assert "行が残っていません" in words(client.post(page(grant, "_check"), everything))


def test_an_unreadable_month_is_told_and_keeps_the_rows(sign_in: SignIn, officer: User, grant: Grant) -> None:
    client = sign_in(officer)
    fields = {**read(client, grant, TEXT), "month": "春から"}
    for step in ("_check", "_confirm"):
        response = client.post(page(grant, step), fields)
        assert response.status_code == 422
        assert "「春から」を年月として読めませんでした" in words(response)
        assert "困ったときに相談できる" in response.content.decode()
    assert ShortTermOutcome.objects.count() == 0


# --- confirming --------------------------------------------------------------------------------------------


def test_a_new_grant_gets_its_plan(sign_in: SignIn, officer: User, grant: Grant) -> None:
    client = sign_in(officer)
    response = client.post(page(grant, "_confirm"), read(client, grant, TEXT), follow=True)
    assert response.redirect_chain == [(grant.get_absolute_url(), 302)]
    assert "計画を取り込みました" in words(response)
    assert [o.text for o in plan_in_force(grant, APRIL_21).outcomes] == [
        "困ったときに相談できる",
        "担い手が活動を続ける",
    ]
    assert JournalEntry.objects.about(grant).get(verb="plan.import").details["source"] == "貼りつけた表"


def test_a_second_press_writes_nothing_more(sign_in: SignIn, officer: User, grant: Grant) -> None:
    client = sign_in(officer)
    fields = read(client, grant, TEXT)
    client.post(page(grant, "_confirm"), fields)
    response = client.post(page(grant, "_confirm"), fields, follow=True)
    assert response.redirect_chain == [(grant.get_absolute_url(), 302)]
    assert "もうこの表のとおりです" in words(response)
    assert ShortTermOutcome.objects.count() == 2


def test_a_plan_that_holds_becomes_a_proposal(
    sign_in: SignIn, officer: User, grant: Grant, plan: PlanRows
) -> None:
    SheetFactory(grant=grant, month=dt.date(2022, 10, 1), closed=True)
    client = sign_in(officer)
    text = out(client, grant, "csv").decode("utf-8-sig").replace("85回", "96回")
    response = client.post(page(grant), {"file": SimpleUploadedFile("計画.csv", text.encode())})
    assert "いまの計画から変わるところ" in words(response)
    assert "96回" in words(response)
    fields = fields_of(response)
    assert fields["month"] == "2022年11月"
    confirmed = client.post(page(grant, "_confirm"), fields)
    proposal = PlanProposal.objects.get()
    assert confirmed["Location"] == proposal.get_absolute_url()
    assert plan.indicators["sum"].versions.get().target_value == 85
    second = client.post(page(grant, "_confirm"), fields)  # the same button again
    assert second["Location"] == proposal.get_absolute_url()
    other = client.post(page(grant, "_confirm"), {**fields, "r0-text": "別の文にしました"})
    assert other.status_code == 409
    assert "もうひとつ進んでいます" in words(other)
    assert "別の文にしました" in other.content.decode()
    assert PlanProposal.objects.count() == 1


def test_a_month_that_was_handed_over_meanwhile_is_refused_at_its_field(
    sign_in: SignIn, officer: User, grant: Grant, plan: PlanRows
) -> None:
    client = sign_in(officer)
    fields = read(client, grant, TEXT)
    SheetFactory(grant=grant, month=NOVEMBER_22, closed=True)
    response = client.post(page(grant, "_confirm"), fields)
    assert response.status_code == 422
    assert "2022年12月から2024年1月まで" in words(response)
    assert "ひらいた日数" in response.content.decode()
    assert PlanProposal.objects.count() == 0


def test_a_plan_that_changed_meanwhile_is_compared_anew(
    sign_in: SignIn, officer: User, grant: Grant, plan: PlanRows
) -> None:
    client = sign_in(officer)
    fields = read(client, grant, TEXT)
    OutputVersion.objects.filter(output=plan.outputs[0]).update(text="毎日ひらく居場所")
    response = client.post(page(grant, "_confirm"), fields)
    assert response.status_code == 409
    assert "計画が変わりました" in words(response)
    assert "毎日ひらく居場所" in words(response)
    assert client.post(page(grant, "_confirm"), fields_of(response)).status_code == 302


def test_a_page_whose_signature_is_not_ours_confirms_nothing(
    sign_in: SignIn, officer: User, grant: Grant, plan: PlanRows, other_grant: Grant
) -> None:
    client = sign_in(officer)
    fields = read(client, grant, TEXT)
    for seen in ("", "broken", read(client, other_grant, TEXT)["seen"]):
        assert client.post(page(grant, "_confirm"), {**fields, "seen": seen}).status_code == 409
    assert PlanProposal.objects.count() == 0


def test_what_does_not_fit_is_a_problem_at_its_cell(sign_in: SignIn, officer: User, grant: Grant) -> None:
    client = sign_in(officer)
    response = client.post(page(grant), {"text": TEXT.replace("聞き取り", "あ" * 501)})
    assert "1か所を直すと取り込めます" in words(response)
    assert 'aria-describedby="r2-means-problem"' in response.content.decode()
    assert client.post(page(grant, "_confirm"), fields_of(response)).status_code == 409
    assert ShortTermOutcome.objects.count() == 0


# --- signed out --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["_check", "_confirm"])
def test_rows_come_back_after_signing_in_again(
    sign_in: SignIn, officer: User, grant: Grant, step: str
) -> None:
    fields = {**read(sign_in(officer), grant, DOUBTFUL), "r0-target": "30回"}
    client = Client()  # the session is gone
    response = client.post(page(grant, step), fields)
    assert response["Location"] == f"/accounts/login/?next={page(grant)}"
    response = client.post(response["Location"], {"login": officer.email, "password": PASSWORD})
    response = client.get(response["Location"])
    assert "まだ取り込んでいません" in words(response)
    again = fields_of(response)
    assert (again["r0-target"], again["r0-text"]) == ("30回", "企業とつながる")
    assert client.post(page(grant, "_confirm"), again).status_code == 302
    assert HELD_PLAN not in client.session
    assert "ファイルから" in words(client.get(page(grant)))


def test_a_post_that_is_not_ours_is_not_kept(grant: Grant) -> None:
    client = Client()
    client.post(page(grant, "_check"), {"rows": "1", "r0-text": "あ", "seen": "made up"})
    assert HELD_PLAN not in client.session


# --- who ---------------------------------------------------------------------------------------------------


def test_rejects_get(sign_in: SignIn, officer: User, grant: Grant) -> None:
    for step in ("_check", "_confirm"):
        assert sign_in(officer).get(page(grant, step)).status_code == 405


def test_readers_may_not_and_strangers_know_nothing(
    sign_in: SignIn, representative: User, stranger: User, grant: Grant
) -> None:
    assert sign_in(representative).get(page(grant)).status_code == 403
    assert sign_in(stranger).get(page(grant)).status_code == 404
    assert sign_in(stranger).get(reverse("reports:plan_export_csv", args=[grant.pk])).status_code == 404


@pytest.mark.parametrize("lines", [1, 3])
def test_queries_do_not_grow(
    sign_in: SignIn, officer: User, grant: Grant, lines: int, django_assert_num_queries: Any
) -> None:
    client = sign_in(officer)
    text = TEXT + "".join(f"アウトプット\t②-{n}\t講座{n}\t回数\t0回\t3回\n" for n in range(2, 2 + lines))
    with django_assert_num_queries(11):
        client.post(page(grant), {"text": text})


# --- out ---------------------------------------------------------------------------------------------------


def out(client: Client, grant: Grant, kind: str) -> bytes:
    response = client.get(reverse(f"reports:plan_export_{kind}", args=[grant.pk]))
    assert response.status_code == 200
    return response.content


def test_the_export_has_the_ten_columns(sign_in: SignIn, board: User, grant: Grant, plan: PlanRows) -> None:
    client = sign_in(board)
    rows = list(csv.reader(io.StringIO(out(client, grant, "csv").decode("utf-8-sig"))))
    assert rows[0] == TEN.split("\t")
    assert rows[1][:3] == ["中長期アウトカム", "①", "若者が孤立せず、地域で自分らしく暮らしている"]
    sheet = load_workbook(io.BytesIO(out(client, grant, "xlsx"))).active
    assert sheet is not None
    assert [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)] == rows


def test_the_export_carries_its_name_and_is_kept_nowhere(
    sign_in: SignIn, officer: User, grant: Grant, plan: PlanRows
) -> None:
    response = sign_in(officer).get(reverse("reports:plan_export_xlsx", args=[grant.pk]))
    assert "filename*=utf-8''" in response["Content-Disposition"]
    assert (response["Cache-Control"], response["X-Content-Type-Options"]) == ("private, no-store", "nosniff")


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_out_and_in_again_is_no_change(
    sign_in: SignIn, officer: User, grant: Grant, plan: PlanRows, kind: str
) -> None:
    table = read_table_file(io.BytesIO(out(sign_in(officer), grant, kind)), f"計画.{kind}")
    comparison = compared(grant, read_table(table.rows).rows, NOVEMBER_22)
    assert (comparison.changes, comparison.doubts) == ((), [])


def test_an_empty_plan_goes_out_as_heads_only(sign_in: SignIn, officer: User, grant: Grant) -> None:
    assert out(sign_in(officer), grant, "csv").decode("utf-8-sig") == ",".join(TEN.split("\t")) + "\r\n"
