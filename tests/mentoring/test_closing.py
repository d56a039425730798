"""What a month needs before it is closed, and that closing is one act or none."""

import datetime as dt
import hashlib
import threading
from collections.abc import Callable

import pytest
from django.core.files.storage import default_storage
from django.db import connection, transaction

from accounts.models import JournalEntry, User
from core import clock
from core.dates import date_label
from grants.models import Purpose, ShortTermOutcome
from mentoring import workflow
from mentoring.closing import cautions_for_closing, missing_for_closing
from mentoring.models import CostReview, OutcomeReview, ProgressSheet, SheetDocument
from mentoring.models.meetings import Side
from mentoring.reading import read_sheet
from mentoring.services.closing import NotReady, close_sheet
from mentoring.services.meetings import HomeworkContent, MeetingContent, ReviewContent, save_meeting
from tests.factories import FigureFactory, PlanRows, SheetFactory
from tests.mentoring.months import make_ready_sheet

PDF = b"%PDF-1.7 one month"


def render(sheet: ProgressSheet) -> bytes:
    return PDF


def missing_of(sheet: ProgressSheet) -> list[tuple[str, str]]:
    reading = read_sheet(ProgressSheet.objects.with_names().get(pk=sheet.pk))
    return [(item.text, item.anchor) for item in missing_for_closing(reading)]


@pytest.fixture
def ready(plan: PlanRows, officer: User) -> ProgressSheet:
    return make_ready_sheet(plan, officer)


def test_an_empty_month_is_told_everything_at_once(plan: PlanRows) -> None:
    sheet = SheetFactory(grant=plan.grant, state=ProgressSheet.State.SUBMITTED)
    first, second = plan.outcomes
    assert missing_of(sheet) == [
        ("面談の日を記録してください。", "facts"),
        ("実行団体の出席者を選んでください。", "facts"),
        ("財団の出席者を選んでください。", "facts"),
        (
            "①のつながりを選んでください（話していなければ「今月は話していない」で進めます）。",
            f"outcome-{first.pk}",
        ),
        (
            "②のつながりを選んでください（話していなければ「今月は話していない」で進めます）。",
            f"outcome-{second.pk}",
        ),
        ("管理的経費のようすを選んでください。", "costs"),
        ("直接事業費のようすを選んでください。", "costs"),
    ]


def test_a_full_month_misses_nothing(ready: ProgressSheet) -> None:
    assert missing_of(ready) == []


@pytest.mark.parametrize(
    ("side", "text"),
    [
        (Side.GRANTEE, "実行団体の出席者を選んでください。"),
        (Side.FOUNDATION, "財団の出席者を選んでください。"),
    ],
)
def test_both_sides_were_there(ready: ProgressSheet, side: str, text: str) -> None:
    ready.meetings.get().attendees.filter(side=side).delete()
    assert missing_of(ready) == [(text, "facts")]


def test_an_appointment_is_not_a_meeting(ready: ProgressSheet) -> None:
    ready.meetings.update(held=False)
    assert missing_of(ready) == [("面談の日を記録してください。", "facts")]


def test_a_day_that_is_still_to_come_is_named(ready: ProgressSheet) -> None:
    day = clock.today() + dt.timedelta(days=9)
    ready.meetings.update(held=False, held_on=day)
    words = f"面談の日（{date_label(day)}）は、まだ来ていません。ほかの日に話したときは、年月日をなおしてください。"
    assert missing_of(ready) == [(words, "facts")]


def test_not_spoken_of_is_an_answer(ready: ProgressSheet) -> None:
    ready.outcome_reviews.update(word=OutcomeReview.Word.UNSPOKEN, sentence="")
    assert missing_of(ready) == []


def test_a_consultation_without_a_status_is_not_a_status(ready: ProgressSheet) -> None:
    CostReview.objects.filter(sheet=ready, purpose=Purpose.DIRECT).update(status="", consultation="相談")
    assert missing_of(ready) == [("直接事業費のようすを選んでください。", "costs")]


def test_blank_figures_are_told_but_stop_nobody(ready: ProgressSheet, plan: PlanRows, officer: User) -> None:
    for method in ("sum", "new_unique", "latest"):
        FigureFactory(sheet=ready, indicator=plan.indicators[method])
    reading = read_sheet(ProgressSheet.objects.with_names().get(pk=ready.pk))
    assert cautions_for_closing(reading) == [
        "未入力の指標が3件あります（安心できると答えた人の割合、相談のようす、相談の手引き）。このままでも確定できます。",
        "①②の「変わったこと」がまだ書かれていません。このままでも確定できます。",
        "管理的経費と直接事業費の支出がまだ入っていません。このままでも確定できます。",
    ]
    close_sheet(sheet=ready, by=officer, render_pdf=render)


def test_closing_freezes_the_month_and_keeps_its_pdf(ready: ProgressSheet, officer: User) -> None:
    document = close_sheet(sheet=ready, by=officer, render_pdf=render)

    ready.refresh_from_db()
    assert ready.state == ProgressSheet.State.CLOSED
    assert ready.closed_by == officer
    assert document.edition == 1
    assert document.sha256 == hashlib.sha256(PDF).hexdigest()
    assert document.file.name.startswith(f"sheets/{ready.grant_id}/2022-10/1-")
    assert document.file.read() == PDF
    assert document.created_by == officer
    assert JournalEntry.objects.about(ready).get().verb == "sheet.close"


def test_the_renderer_sees_the_closed_sheet(ready: ProgressSheet, officer: User) -> None:
    seen = []

    def look(sheet: ProgressSheet) -> bytes:
        seen.append((sheet.state, sheet.closed_by))
        return PDF

    close_sheet(sheet=ready, by=officer, render_pdf=look)
    assert seen == [("closed", officer)]


def test_not_ready_says_what_is_missing_and_changes_nothing(plan: PlanRows, officer: User) -> None:
    sheet = SheetFactory(grant=plan.grant, state=ProgressSheet.State.SUBMITTED)
    with pytest.raises(NotReady) as refused:
        close_sheet(sheet=sheet, by=officer, render_pdf=render)
    assert len(refused.value.missing) == 7
    sheet.refresh_from_db()
    assert sheet.state == ProgressSheet.State.SUBMITTED
    assert not SheetDocument.objects.exists()


@pytest.mark.parametrize("state", ["draft", "returned", "closed"])
def test_only_a_submitted_or_reopened_month_closes(ready: ProgressSheet, officer: User, state: str) -> None:
    ProgressSheet.objects.filter(pk=ready.pk).update(
        state=state, closed_by=officer, closed_at=ready.turn_since
    )
    with pytest.raises(workflow.WrongState):
        close_sheet(sheet=ready, by=officer, render_pdf=render)
    assert not SheetDocument.objects.exists()


def test_a_failing_renderer_rolls_everything_back(ready: ProgressSheet, officer: User) -> None:
    def fail(sheet: ProgressSheet) -> bytes:
        raise RuntimeError("no paper")

    with pytest.raises(RuntimeError, match="no paper"):
        close_sheet(sheet=ready, by=officer, render_pdf=fail)

    ready.refresh_from_db()
    assert ready.state == ProgressSheet.State.SUBMITTED
    assert ready.closed_at is None
    assert not ready.events.exists()
    assert not JournalEntry.objects.exists()
    assert not SheetDocument.objects.exists()


def test_a_row_that_cannot_be_written_leaves_no_file(
    ready: ProgressSheet, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: SheetDocument, *args: object, **kwargs: object) -> None:
        raise RuntimeError("no room")

    deleted: list[str] = []
    delete = default_storage.delete
    monkeypatch.setattr(SheetDocument, "save", fail)
    monkeypatch.setattr(default_storage, "delete", lambda name: (deleted.append(name), delete(name)))
    with pytest.raises(RuntimeError, match="no room"):
        close_sheet(sheet=ready, by=officer, render_pdf=render)
    assert len(deleted) == 1
    assert not default_storage.exists(deleted[0])


def test_closing_again_adds_an_edition_and_keeps_the_first(ready: ProgressSheet, officer: User) -> None:
    first = close_sheet(sheet=ready, by=officer, render_pdf=render)
    workflow.move_sheet(sheet=ready, act="reopen", by=officer, reason="数を直す")
    second = close_sheet(sheet=ready, by=officer, render_pdf=lambda sheet: PDF + b", corrected")

    assert (first.edition, second.edition) == (1, 2)
    first.refresh_from_db()
    assert first.file.read() == PDF
    assert second.file.read() == PDF + b", corrected"


def test_the_list_costs_no_query(
    ready: ProgressSheet, django_assert_num_queries: Callable[..., object]
) -> None:
    reading = read_sheet(ProgressSheet.objects.with_names().get(pk=ready.pk))
    with django_assert_num_queries(0):
        missing_for_closing(reading)
        cautions_for_closing(reading)


def content(sentence: str, outcome: ShortTermOutcome) -> MeetingContent:
    return MeetingContent(reviews={outcome.pk: ReviewContent("seen", sentence, frozenset())})


def test_a_closed_month_takes_nothing_from_a_meeting(
    ready: ProgressSheet, plan: PlanRows, officer: User
) -> None:
    close_sheet(sheet=ready, by=officer, render_pdf=render)
    ready.refresh_from_db()
    late = MeetingContent(
        reviews=content("あとから", plan.outcomes[0]).reviews,
        homework=(HomeworkContent(None, "あとからの宿題", Side.GRANTEE, None, None),),
    )
    with pytest.raises(workflow.WrongState):
        save_meeting(sheet=ready, meeting=None, content=late, version=ready.version, by=officer)
    assert not ready.action_items.exists()
    assert not ready.outcome_reviews.filter(sentence="あとから").exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_who_writes_while_the_month_closes_waits_and_is_refused(
    ready: ProgressSheet, plan: PlanRows, officer: User
) -> None:
    """The writer gets the lock only when the closing is over, and then the month is closed."""
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    rendering, ended = threading.Event(), []

    def slow(sheet: ProgressSheet) -> bytes:
        rendering.set()
        writer.join(1)  # it cannot end before we do
        ended.append("closing")
        return PDF

    def write() -> None:
        try:
            assert rendering.wait(10)
            save_meeting(
                sheet=ready,
                meeting=None,
                content=content("間に合わない", plan.outcomes[0]),
                version=ready.version,
                by=officer,
            )
        except workflow.WrongState as refused:
            ended.append(refused.sheet.state)
        finally:
            connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    close_sheet(sheet=ready, by=officer, render_pdf=slow)
    writer.join(10)
    assert ended == ["closing", "closed"]
    assert not OutcomeReview.objects.filter(sentence="間に合わない").exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_closing_waits_for_who_is_writing_and_prints_it(
    ready: ProgressSheet, plan: PlanRows, officer: User
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    printed: list[str] = []

    def look(sheet: ProgressSheet) -> bytes:
        printed.extend(sheet.outcome_reviews.values_list("sentence", flat=True))
        return PDF

    def close() -> None:
        try:
            close_sheet(sheet=ready, by=officer, render_pdf=look)
        finally:
            connection.close()

    closer = threading.Thread(target=close)
    with transaction.atomic():
        save_meeting(
            sheet=ready,
            meeting=None,
            content=content("ぎりぎりのひとこと", plan.outcomes[0]),
            version=ready.version,
            by=officer,
        )
        closer.start()
        closer.join(1)
        assert closer.is_alive()  # it waits for the lock
    closer.join(10)
    assert "ぎりぎりのひとこと" in printed
