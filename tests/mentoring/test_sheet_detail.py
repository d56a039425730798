"""One sheet, read in the order of the paper."""

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from grants.models import Grant
from mentoring.corrections import corrections_of
from mentoring.models import Figure, ProgressSheet
from mentoring.reading import read_sheet
from mentoring.services.entry import CORRECTION
from tests.factories import (
    ActionItemFactory,
    AttachmentFactory,
    CostReviewFactory,
    ExpenditureFactory,
    FieldNoteFactory,
    FigureFactory,
    InterventionFactory,
    MeetingFactory,
    OutcomeChangeFactory,
    OutcomeReviewFactory,
    PlanRows,
    SheetDocumentFactory,
    SheetEventFactory,
    SheetFactory,
    moment,
)
from tests.mentoring.entry import figure, grow_plan, open_entry, plan_money, save

SignIn = Callable[[User], Client]


@pytest.fixture
def sheet(plan: PlanRows) -> ProgressSheet:
    return SheetFactory(grant=plan.grant)


def page(client: Client, sheet: ProgressSheet) -> str:
    response = client.get(f"/sheets/{sheet.pk}/")
    assert response.status_code == 200
    return response.content.decode()


def test_shows_the_whole_month_in_the_order_of_the_paper(
    sign_in: SignIn, sheet: ProgressSheet, plan: PlanRows, officer: User
) -> None:
    plan_money(plan)
    september = SheetFactory(grant=plan.grant, month=dt.date(2022, 9, 1))
    ActionItemFactory(sheet=september, text="当番表をつくる")
    ActionItemFactory(sheet=sheet, text="講師に電話する")
    FigureFactory(sheet=september, indicator=plan.indicators["sum"], value=5)
    FigureFactory(sheet=sheet, indicator=plan.indicators["sum"], value=6, note="3施設で2回ずつ。")
    OutcomeChangeFactory(sheet=sheet, outcome=plan.outcomes[0], text="自分から連絡をくれた。")
    InterventionFactory(grant=plan.grant, content="帳簿をいっしょに見た。")
    MeetingFactory(grant=plan.grant, sheets=[sheet], place="船橋の事務所")
    OutcomeReviewFactory(sheet=sheet, outcome=plan.outcomes[0], sentence="友だちを連れてきた。")
    ExpenditureFactory(grant=plan.grant, month=sheet.month, amount_yen=402_318)
    CostReviewFactory(sheet=sheet, status="slow", consultation="模擬面接が延びた。")
    FieldNoteFactory(grant=plan.grant, sheet=sheet, text="笑い声が増えた。")
    html = page(sign_in(officer), sheet)
    words = [
        "船橋の事務所", "帳簿をいっしょに見た。", "若者が孤立せず、地域で自分らしく暮らしている",
        "自分から連絡をくれた。", "居場所を開いた回数", "3施設で2回ずつ。", "402,318円", "模擬面接が延びた。",
        "友だちを連れてきた。", "当番表をつくる", "講師に電話する", "笑い声が増えた。",
    ]  # fmt: skip
    places = [html.index(word) for word in words]
    assert places == sorted(places)
    assert "達成 12.9%（目標 85回）" in html  # 11 of 85


def test_internal_notes_are_not_on_the_page(
    sign_in: SignIn, sheet: ProgressSheet, officer: User, representative: User
) -> None:
    FieldNoteFactory(grant=sheet.grant, sheet=sheet, text="財団の中だけの話", visibility="internal")
    for user in (officer, representative):
        assert "財団の中だけの話" not in page(sign_in(user), sheet)


@pytest.mark.parametrize("who", ["stranger", "stranger_admin", "other_grantee", "board"])
def test_stranger_gets_404(
    request: pytest.FixtureRequest, sign_in: SignIn, sheet: ProgressSheet, who: str
) -> None:
    assert sign_in(request.getfixturevalue(who)).get(f"/sheets/{sheet.pk}/").status_code == 404


@pytest.mark.parametrize("who", ["adviser", "accountant", "admin", "member"])
def test_readers_read(
    request: pytest.FixtureRequest, sign_in: SignIn, sheet: ProgressSheet, who: str
) -> None:
    page(sign_in(request.getfixturevalue(who)), sheet)


def test_the_board_reads_what_is_closed_and_nothing_of_the_way_there(
    sign_in: SignIn, plan: PlanRows, board: User, officer: User
) -> None:
    sheet = SheetFactory(grant=plan.grant, closed=True)
    SheetEventFactory(sheet=sheet, act="return", reason="もう少し詳しく", by=officer)
    SheetEventFactory(sheet=sheet, act="close", from_state="submitted", to_state="closed", by=officer)
    html = page(sign_in(board), sheet)
    assert "確定しました" in html
    assert "もう少し詳しく" not in html
    assert "もう一度ひらく" not in html
    assert "もう少し詳しく" in page(sign_in(officer), sheet)


def test_the_age_of_waiting_links_is_for_the_foundations_own_people(
    sign_in: SignIn, plan: PlanRows, sheet: ProgressSheet, request: pytest.FixtureRequest
) -> None:
    """①'s first output was spoken of five months ago, its others last month."""
    for month, outputs in ((dt.date(2022, 5, 1), plan.outputs), (dt.date(2022, 9, 1), plan.outputs[1:])):
        earlier = SheetFactory(grant=plan.grant, month=month, closed=True)
        OutcomeReviewFactory(sheet=earlier, outcome=plan.outcomes[0], outputs=outputs)
    for who, is_told in (
        ("officer", True),
        ("admin", True),
        ("representative", False),
        ("adviser", False),
        ("accountant", False),
    ):
        html = page(sign_in(request.getfixturevalue(who)), sheet)
        assert ("①-1とのつながり 5か月 未確認" in html) is is_told, who
        assert "①-2とのつながり" not in html


def test_rejects_post(sign_in: SignIn, sheet: ProgressSheet, officer: User) -> None:
    assert sign_in(officer).post(f"/sheets/{sheet.pk}/").status_code == 405


# --- the one primary button ---


@pytest.mark.parametrize(
    ("who", "state", "button"),
    [
        ("representative", "draft", "入力する"),
        ("representative", "returned", "入力する"),
        ("representative", "submitted", None),
        ("officer", "draft", None),
        ("officer", "reopened", "訂正を入力する"),
        ("adviser", "draft", None),
    ],
)
def test_one_primary_button_for_the_next_step(
    request: pytest.FixtureRequest, sign_in: SignIn, plan: PlanRows, who: str, state: str, button: str | None
) -> None:
    html = page(sign_in(request.getfixturevalue(who)), SheetFactory(grant=plan.grant, state=state))
    assert html.count("btn-primary") == (1 if button else 0)
    assert button is None or f">{button}</a>" in html


def test_a_reopened_sheet_leads_back_to_closing(
    sign_in: SignIn, plan: PlanRows, officer: User, representative: User
) -> None:
    sheet = SheetFactory(grant=plan.grant, state="reopened")
    ways = [f'href="/sheets/{sheet.pk}/{way}/"' for way in ("close", "meeting")]
    assert all(way in page(sign_in(officer), sheet) for way in ways)
    assert not any(way in page(sign_in(representative), sheet) for way in ways)


def test_a_closed_sheet_leads_to_its_pdf(sign_in: SignIn, plan: PlanRows, representative: User) -> None:
    document = SheetDocumentFactory(sheet=SheetFactory(grant=plan.grant, closed=True))
    html = page(sign_in(representative), document.sheet)
    assert f'<a class="btn btn-primary" href="{document.get_absolute_url()}">' in html


@pytest.mark.parametrize(
    ("state", "shown"), [("draft", ()), ("submitted", ("return",)), ("reopened", ()), ("closed", ("reopen",))]
)
def test_forms_for_officers_only_when_they_fit(
    sign_in: SignIn, plan: PlanRows, officer: User, representative: User, state: str, shown: tuple[str, ...]
) -> None:
    extra = {"closed": True} if state == "closed" else {"state": state}
    sheet = SheetFactory(grant=plan.grant, **extra)
    html = page(sign_in(officer), sheet)
    assert (
        tuple(act for act in ("return", "reopen") if f'action="/sheets/{sheet.pk}/{act}/#{act}"' in html)
        == shown
    )
    # Both stand at the end of a long page: the head leads there.
    assert tuple(act for act in ("return", "reopen") if f'<a href="#{act}">' in html) == shown
    assert 'name="reason"' not in page(sign_in(representative), sheet)


# --- gaps and corrections ---


def test_gaps_are_said(sign_in: SignIn, plan: PlanRows, officer: User) -> None:
    for month, value in ((8, 4), (9, None), (10, 6)):
        sheet = SheetFactory(grant=plan.grant, month=dt.date(2022, month, 1))
        if value:
            FigureFactory(sheet=sheet, indicator=plan.indicators["sum"], value=value)
    row = read_sheet(sheet).rows[plan.indicators["sum"].pk]
    assert (row.total.value, row.gaps) == (10, 1)
    assert "未入力の月あり（1か月）" in page(sign_in(officer), sheet)


def test_a_corrected_past_month_changes_later_totals_and_stands_in_the_history(
    sign_in: SignIn, plan: PlanRows, officer: User
) -> None:
    september = SheetFactory(grant=plan.grant, month=dt.date(2022, 9, 1), closed=True)
    SheetEventFactory(
        sheet=september,
        act="close",
        from_state="submitted",
        to_state="closed",
        at=moment(2022, 10, 20),
        by=officer,
    )
    october = SheetFactory(grant=plan.grant)
    indicator = plan.indicators["sum"]
    FigureFactory(sheet=september, indicator=indicator, value=5)
    FigureFactory(sheet=october, indicator=indicator, value=6)
    ExpenditureFactory(grant=plan.grant, month=september.month, amount_yen=100_000)
    assert read_sheet(october).rows[indicator.pk].total.value == 11
    client = sign_in(officer)
    assert "訂正の記録" not in page(client, september)
    client.post(f"/sheets/{september.pk}/reopen/", {"reason": "数えまちがい"})
    fields = open_entry(client, september)
    fields |= {figure(plan, "sum"): "8", "spent-direct-amount_yen": "120,000"}
    fields |= {figure(plan, "ratio", "numerator"): "5", figure(plan, "ratio", "denominator"): "8"}
    assert save(client, september, fields).status_code == 302
    assert read_sheet(october).rows[indicator.pk].total.value == 14
    history = Figure.history.filter(indicator=indicator, sheet=september).order_by("history_id")
    assert [row.value for row in history] == [5, 8]
    html = page(client, september)
    table = html[html.index("いつ、だれが、どこを、どうなおしたか") :]
    for words in (
        "①-1 居場所を開いた回数</th><td>5</td><td><b>8</b>",
        "① 安心できると答えた人の割合</th><td>未入力</td><td><b>5／8</b>",
        "直接事業費 支出</th><td>100,000円</td><td><b>120,000円</b>",
        officer.name,
    ):
        assert words in table
    assert "100,000円</td>" in table


def test_what_the_meeting_corrects_stands_there_too(plan: PlanRows, officer: User) -> None:
    sheet = SheetFactory(grant=plan.grant, state="reopened")
    review = OutcomeReviewFactory(
        sheet=sheet, outcome=plan.outcomes[1], word="notyet", sentence="まだ見えない"
    )
    FigureFactory(sheet=sheet, indicator=plan.indicators["sum"], progress="ontrack")
    review.word, review._change_reason = "seen", CORRECTION
    review.save()
    figure = Figure.objects.get()
    figure.progress, figure._change_reason = "ahead", CORRECTION
    figure.save()
    assert {(c.what, c.before, c.after) for c in corrections_of(sheet, read_sheet(sheet))} == {
        ("②のつながり", "まだ", "見えた"),
        ("①-1 居場所を開いた回数 進み具合（面談）", "計画どおり進んでいる", "計画より進んでいる"),
    }


def test_what_was_entered_before_closing_is_no_correction(
    sign_in: SignIn, plan: PlanRows, officer: User, representative: User
) -> None:
    sheet = SheetFactory(grant=plan.grant)
    client = sign_in(representative)
    save(client, sheet, {**open_entry(client, sheet), figure(plan, "sum"): "5"})
    save(client, sheet, {**open_entry(client, sheet), figure(plan, "sum"): "6"})
    ProgressSheet.objects.filter(pk=sheet.pk).update(
        state="closed", closed_at=moment(2022, 11, 20), closed_by=officer
    )
    SheetEventFactory(sheet=sheet, act="close", from_state="submitted", to_state="closed", by=officer)
    assert "訂正の記録" not in page(client, sheet)


def test_a_submitted_sheet_shows_the_plan_it_was_written_against(
    sign_in: SignIn, plan: PlanRows, officer: User
) -> None:
    from grants.plan_reading import plan_in_force
    from tests.factories import IndicatorVersionFactory

    sheet = SheetFactory(grant=plan.grant, state="submitted")
    sheet.plan_snapshot = plan_in_force(plan.grant, sheet.month).to_json()
    sheet.save(update_fields=["plan_snapshot"])
    IndicatorVersionFactory(
        indicator=plan.indicators["sum"], valid_from=sheet.month, name="あとの名前", target_value=Decimal(10)
    )
    html = page(sign_in(officer), sheet)
    assert "居場所を開いた回数" in html
    assert "あとの名前" not in html


# --- queries ---


@pytest.mark.parametrize("more", [1, 3])
def test_queries_do_not_grow_with_the_plan(
    sign_in: SignIn,
    sheet: ProgressSheet,
    plan: PlanRows,
    officer: User,
    grant: Grant,
    more: int,
    django_assert_num_queries: Callable[[int], AbstractContextManager[Any]],
) -> None:
    grow_plan(plan, more)
    for index in range(more):
        FieldNoteFactory(grant=grant, sheet=sheet)
        InterventionFactory(grant=grant)
        ActionItemFactory(sheet=sheet)
        AttachmentFactory(sheet=sheet)
        MeetingFactory(grant=grant, sheets=[sheet], held_on=dt.date(2022, 11, 1 + index))
    client = sign_in(officer)
    client.get(f"/sheets/{sheet.pk}/")
    with django_assert_num_queries(34):
        client.get(f"/sheets/{sheet.pk}/")
