"""確定する: a list of what is missing, or one button that makes a document."""

import datetime as dt
import re
from collections.abc import Callable
from html import unescape
from typing import Any
from unittest import mock

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from accounts.models import User
from foundations.models import Foundation
from grants.models import Indicator, Purpose, ShortTermOutcomeVersion
from mentoring.models import FieldNote, OutcomeReview, ProgressSheet, SheetDocument
from mentoring.workflow import move_sheet
from reports.pdf.sheet import render_sheet_pdf
from tests.factories import (
    ActionItemFactory,
    ExpenditureFactory,
    FieldNoteFactory,
    FigureFactory,
    IndicatorFactory,
    IndicatorVersionFactory,
    PlanRows,
    RowCommentFactory,
    SheetFactory,
    StaffFactory,
)
from tests.mentoring.months import arrange_next, make_ready_sheet, press_close
from tests.reports.papers import add_indicators, full_month, named, words_of

SignIn = Callable[[User], Client]


@pytest.fixture
def ready(plan: PlanRows, officer: User) -> ProgressSheet:
    return make_ready_sheet(plan, officer)


def url(sheet: ProgressSheet) -> str:
    return reverse("reports:sheet_close", args=[sheet.pk])


def test_a_ready_month_shows_its_talk_and_one_button(
    ready: ProgressSheet, sign_in: SignIn, officer: User
) -> None:
    response = sign_in(officer).get(url(ready))
    page = response.content.decode()
    assert response.status_code == 200
    assert response.context["preview"].count("見えた") == 2
    assert page.count("見えた") == 4  # in the month's talk and in the preview
    assert "確定する</button>" in page
    assert f'href="{reverse("reports:sheet_pdf", args=[ready.pk])}" target="_blank" rel="noopener"' in page
    assert "未入力の指標が6件あります" in page  # a caution, no block


def test_a_question_without_an_answer_is_a_caution_and_no_block(
    ready: ProgressSheet, sign_in: SignIn, officer: User
) -> None:
    client = sign_in(officer)
    assert "返事のない行の質問" not in client.get(url(ready)).content.decode()
    RowCommentFactory(sheet=ready, author=officer)
    page = client.get(url(ready)).content.decode()
    assert "返事のない行の質問が1件あります" in page
    assert "確定する</button>" in page


def test_closing_stores_the_pdf_and_leads_to_the_sheet(
    ready: ProgressSheet, sign_in: SignIn, officer: User, board: User
) -> None:
    client = sign_in(officer)
    response = press_close(client, ready)
    assert (response.status_code, response["Location"]) == (302, url(ready))
    document = SheetDocument.objects.get(sheet=ready)
    assert [str(message) for message in get_messages(response.wsgi_request)] == [
        "2022年10月を確定し、PDFを保存しました。役員の皆さんも読めます。"
    ]
    assert document.get_absolute_url() in client.get(response["Location"]).content.decode()
    ready.refresh_from_db()
    assert (ready.state, ready.closed_by) == (ProgressSheet.State.CLOSED, officer)
    words = words_of(b"".join(sign_in(board).get(document.get_absolute_url()).streaming_content))  # type: ignore[attr-defined]
    assert "小野彩が確定しました" in words
    assert "下書き" not in words


def test_closing_again_after_reopening_makes_a_second_edition(
    ready: ProgressSheet, sign_in: SignIn, officer: User
) -> None:
    client = sign_in(officer)
    press_close(client, ready)
    first = SheetDocument.objects.get(sheet=ready)
    kept = first.file.read()
    move_sheet(sheet=ready, act="reopen", by=officer, reason="数のまちがい")
    press_close(client, ready)
    second = SheetDocument.objects.get(sheet=ready, edition=2)
    first = SheetDocument.objects.get(pk=first.pk)
    assert first.file.read() == kept
    assert "確定しなおした第2版です" in words_of(second.file.read())
    assert "第2版" not in words_of(kept)


def test_what_is_missing_is_listed_with_links(
    ready: ProgressSheet, plan: PlanRows, sign_in: SignIn, officer: User
) -> None:
    OutcomeReview.objects.get(sheet=ready, outcome=plan.outcomes[1]).delete()
    client = sign_in(officer)
    for response, status in ((client.get(url(ready)), 200), (client.post(url(ready)), 422)):
        page = response.content.decode()
        assert response.status_code == status
        assert "あと1か所で、確定できます" in page
        place = f"{reverse('mentoring:meeting_edit', args=[ready.pk])}#outcome-{plan.outcomes[1].pk}"
        assert f'<a href="{place}">②のつながりを選んでください' in page
        assert "確定する</button>" not in page
    ready.refresh_from_db()
    assert ready.state == ProgressSheet.State.SUBMITTED
    assert not SheetDocument.objects.exists()


@pytest.mark.parametrize("state", [ProgressSheet.State.DRAFT, ProgressSheet.State.RETURNED])
def test_a_sheet_with_the_grantee_is_told_kindly(
    state: str, plan: PlanRows, sign_in: SignIn, officer: User
) -> None:
    sheet = make_ready_sheet(plan, officer, state=state)
    client = sign_in(officer)
    for response, status in ((client.get(url(sheet)), 200), (client.post(url(sheet)), 409)):
        assert response.status_code == status
        assert "いまは、あおぞらの会の番です" in response.content.decode()
    sheet.refresh_from_db()
    assert sheet.state == state


def test_somebody_else_was_faster(
    ready: ProgressSheet, sign_in: SignIn, officer: User, foundation: Foundation
) -> None:
    client, colleague = sign_in(officer), sign_in(StaffFactory(foundation=foundation).user)
    seen = client.get(url(ready)).context["seen"]
    press_close(colleague, ready)
    response = client.post(url(ready), {"seen": seen})
    assert response.status_code == 409
    assert "もう確定しています" in response.content.decode()
    assert SheetDocument.objects.filter(sheet=ready).count() == 1


def test_pressing_twice_closes_once_and_shows_the_closed_month(
    ready: ProgressSheet, sign_in: SignIn, officer: User
) -> None:
    client = sign_in(officer)
    seen = client.get(url(ready)).context["seen"]
    for _press in range(2):
        response = client.post(url(ready), {"seen": seen})
        assert (response.status_code, response.url) == (302, url(ready))  # type: ignore[attr-defined]
    assert "この月は確定しました" in client.get(url(ready)).content.decode()
    assert SheetDocument.objects.filter(sheet=ready).count() == 1
    assert ready.events.filter(act="close").count() == 1


def make_plan_indicator(plan: PlanRows) -> Indicator:
    indicator: Indicator = IndicatorFactory(output=plan.outputs[0])
    IndicatorVersionFactory(indicator=indicator)
    return indicator


# --- the page as it was read ---------------------------------------------------------------------------------


def test_the_preview_says_what_the_pdf_says(
    plan: PlanRows, sign_in: SignIn, officer: User, representative: User
) -> None:
    sheet = full_month(plan, officer, representative)
    ProgressSheet.objects.filter(pk=sheet.pk).update(state=ProgressSheet.State.REOPENED)
    client = sign_in(officer)
    preview = client.get(url(sheet)).context["preview"]
    shown = re.sub(r"<caption>.*?</caption>|<title>.*?</title>", "", preview, flags=re.S)  # for ears only
    words = ["".join(unescape(text).split()) for text in re.findall(r">([^<]+)<", shown)]
    paper = words_of(render_sheet_pdf(named(sheet), draft=True))
    assert len(set(words)) > 80
    assert [word for word in words if word not in paper] == []


def test_the_preview_is_japanese_like_the_paper(ready: ProgressSheet, sign_in: SignIn, officer: User) -> None:
    client = sign_in(officer)
    client.post("/language/", {"language": "en"})
    page = client.get(url(ready)).content.decode()
    assert '<div class="paper" lang="ja">' in page
    assert "つながりの確認" in page
    assert "Close" in page


def change_sentence(sheet: ProgressSheet, plan: PlanRows) -> str:
    OutcomeReview.objects.filter(sheet=sheet, outcome=plan.outcomes[0]).update(sentence="あとから書いた。")
    return "①のつながり"


def change_figure(sheet: ProgressSheet, plan: PlanRows) -> str:
    FigureFactory(sheet=sheet, indicator=plan.indicators["sum"], value=7)
    return "①-1 居場所を開いた回数"


def change_earlier_month(sheet: ProgressSheet, plan: PlanRows) -> str:
    earlier = SheetFactory(grant=sheet.grant, month=dt.date(2022, 9, 1), closed=True)
    FigureFactory(sheet=earlier, indicator=plan.indicators["new_unique"], value=5)
    return "①-1 居場所に来た人"


def change_homework(sheet: ProgressSheet, plan: PlanRows) -> str:
    ActionItemFactory(sheet=sheet)
    return "次回までの宿題"


def change_day(sheet: ProgressSheet, plan: PlanRows) -> str:
    sheet.meetings.update(held_on=dt.date(2022, 11, 16))
    return "面談の日・場所・出席者"


def change_next(sheet: ProgressSheet, plan: PlanRows) -> str:
    arrange_next(sheet)
    return "次回の日"


def change_cost(sheet: ProgressSheet, plan: PlanRows) -> str:
    ExpenditureFactory(grant=sheet.grant, month=sheet.month, amount_yen=1200)
    return "直接事業費のようすと支出"


def change_evaluation(sheet: ProgressSheet, plan: PlanRows) -> str:
    ExpenditureFactory(grant=sheet.grant, month=sheet.month, purpose=Purpose.EVALUATION, amount_yen=800)
    return "評価関連経費"


def change_months(sheet: ProgressSheet, plan: PlanRows) -> str:
    earlier = SheetFactory(grant=sheet.grant, month=dt.date(2022, 9, 1))
    sheet.meetings.get().sheets.add(earlier)
    return "面談の日・場所・出席者"


def change_note(sheet: ProgressSheet, plan: PlanRows) -> str:
    FieldNoteFactory(grant=sheet.grant, sheet=sheet, text="ひとこと足した。")
    return "備考・つぶやき"


def change_wording(sheet: ProgressSheet, plan: PlanRows) -> str:
    ShortTermOutcomeVersion.objects.filter(outcome=plan.outcomes[1]).update(text="言いなおしたアウトカム")
    return "計画のことば"


@pytest.mark.parametrize(
    "change",
    [
        change_sentence, change_figure, change_earlier_month, change_homework, change_day, change_next,
        change_cost, change_evaluation, change_months, change_note, change_wording,
    ],
)  # fmt: skip
def test_what_changed_meanwhile_is_named_and_asked_again(
    change: Callable[[ProgressSheet, PlanRows], str],
    ready: ProgressSheet,
    plan: PlanRows,
    sign_in: SignIn,
    officer: User,
) -> None:
    client = sign_in(officer)
    seen = client.get(url(ready)).context["seen"]
    label = change(ready, plan)
    response = client.post(url(ready), {"seen": seen})
    assert response.status_code == 409
    assert label in [part.label for part in response.context["changed"]]
    page = response.content.decode()
    assert "まだ確定していません" in page
    for part in response.context["changed"]:
        assert f'<a href="#paper-{part.anchor}">' in page
        assert f'id="paper-{part.anchor}"' in response.context["preview"]
    ready.refresh_from_db()
    assert ready.state == ProgressSheet.State.SUBMITTED
    assert not SheetDocument.objects.exists()
    again = client.post(url(ready), {"seen": response.context["seen"]})
    assert again.status_code == 302
    ready.refresh_from_db()
    assert ready.state == ProgressSheet.State.CLOSED


@pytest.mark.parametrize(("month", "label"), [(9, "前回の宿題"), (10, "次回までの宿題")])
def test_homework_that_was_ticked_off_meanwhile_is_asked_again(
    month: int, label: str, ready: ProgressSheet, sign_in: SignIn, officer: User
) -> None:
    earlier = SheetFactory(grant=ready.grant, month=dt.date(2022, 9, 1), closed=True)
    item = ActionItemFactory(sheet=ready if month == 10 else earlier)
    client = sign_in(officer)
    seen = client.get(url(ready)).context["seen"]
    item.done_on = dt.date(2022, 11, 15)
    item.done_by = officer
    item.save()
    response = client.post(url(ready), {"seen": seen})
    assert response.status_code == 409
    assert [part.label for part in response.context["changed"]] == [label]
    assert "済" in response.context["preview"]


def test_the_months_of_the_next_meeting_are_asked_again(
    ready: ProgressSheet, sign_in: SignIn, officer: User
) -> None:
    upcoming = arrange_next(ready)
    client = sign_in(officer)
    seen = client.get(url(ready)).context["seen"]
    upcoming.sheets.add(SheetFactory(grant=ready.grant, month=dt.date(2022, 11, 1)))
    response = client.post(url(ready), {"seen": seen})
    assert [part.label for part in response.context["changed"]] == ["次回の日"]
    assert "2022年11月のシート" in response.context["preview"]


def test_another_outcome_that_an_output_serves_is_asked_again(
    ready: ProgressSheet, plan: PlanRows, sign_in: SignIn, officer: User
) -> None:
    client = sign_in(officer)
    seen = client.get(url(ready)).context["seen"]
    plan.outputs[0].versions.get().contributions.create(
        outcome=plan.outcomes[1], reason="来た人どうしがつながる"
    )
    response = client.post(url(ready), {"seen": seen})
    assert [part.label for part in response.context["changed"]] == ["計画のことば"]
    assert "②にも役立つ" in response.context["preview"]


def test_what_is_gone_meanwhile_is_asked_again(
    ready: ProgressSheet, plan: PlanRows, sign_in: SignIn, officer: User
) -> None:
    gone = make_plan_indicator(plan)
    client = sign_in(officer)
    seen = client.get(url(ready)).context["seen"]
    assert f"figure-{gone.pk}=" in seen
    gone.retired_from = ready.month
    gone.save()
    response = client.post(url(ready), {"seen": seen})
    assert response.status_code == 409
    assert [part.label for part in response.context["changed"]] == ["計画のことば"]


def test_what_no_paper_shows_asks_nobody_again(ready: ProgressSheet, sign_in: SignIn, officer: User) -> None:
    client = sign_in(officer)
    seen = client.get(url(ready)).context["seen"]
    FieldNoteFactory(grant=ready.grant, sheet=ready, visibility=FieldNote.Visibility.INTERNAL)
    ProgressSheet.objects.filter(pk=ready.pk).update(version=ready.version + 1)
    assert client.post(url(ready), {"seen": seen}).status_code == 302


@pytest.mark.parametrize("seen", ["", "rubbish", "plan=0 plan=1", "=" * 5000])
def test_who_has_not_read_it_is_asked_to(
    seen: str, ready: ProgressSheet, sign_in: SignIn, officer: User
) -> None:
    response = sign_in(officer).post(url(ready), {"seen": seen})
    assert response.status_code == 409
    assert "まだ確定していません" in response.content.decode()


def test_when_the_pdf_fails_nothing_is_closed(ready: ProgressSheet, sign_in: SignIn, officer: User) -> None:
    client = sign_in(officer)
    client.raise_request_exception = False
    with mock.patch("reports.views.closing.render_sheet_pdf", side_effect=RuntimeError("no ink")):
        assert press_close(client, ready).status_code == 500
    ready.refresh_from_db()
    assert ready.state == ProgressSheet.State.SUBMITTED
    assert not SheetDocument.objects.exists()


def test_internal_notes_are_not_in_what_is_stored(
    ready: ProgressSheet, sign_in: SignIn, officer: User
) -> None:
    FieldNoteFactory(
        grant=ready.grant,
        sheet=ready,
        author=officer,
        text="うちわのはなし",
        visibility=FieldNote.Visibility.INTERNAL,
    )
    FieldNoteFactory(grant=ready.grant, sheet=ready, author=officer, text="みなさんへのはなし")
    press_close(sign_in(officer), ready)
    words = words_of(SheetDocument.objects.get(sheet=ready).file.read())
    assert "みなさんへのはなし" in words
    assert "うちわのはなし" not in words


@pytest.mark.parametrize("who", ["admin", "adviser", "accountant", "representative", "member"])
def test_reader_gets_403(
    who: str, ready: ProgressSheet, sign_in: SignIn, request: pytest.FixtureRequest
) -> None:
    client = sign_in(request.getfixturevalue(who))
    assert client.get(url(ready)).status_code == 403
    assert client.post(url(ready)).status_code == 403
    ready.refresh_from_db()
    assert ready.state == ProgressSheet.State.SUBMITTED


@pytest.mark.parametrize("who", ["board", "other_grantee", "stranger", "stranger_admin"])
def test_stranger_gets_404(
    who: str, ready: ProgressSheet, sign_in: SignIn, request: pytest.FixtureRequest
) -> None:
    assert sign_in(request.getfixturevalue(who)).post(url(ready)).status_code == 404


def test_queries_do_not_grow(
    ready: ProgressSheet, plan: PlanRows, sign_in: SignIn, officer: User, django_assert_num_queries: Any
) -> None:
    SheetFactory(grant=plan.grant, month=ready.month.replace(month=9), closed=True)
    client = sign_in(officer)
    client.get(url(ready))
    with django_assert_num_queries(30):
        client.get(url(ready))
    SheetFactory(grant=plan.grant, month=ready.month.replace(month=8), closed=True)
    FieldNoteFactory(grant=plan.grant, sheet=ready)
    add_indicators(plan, ready, 3)
    with django_assert_num_queries(30):
        client.get(url(ready))
