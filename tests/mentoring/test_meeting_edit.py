"""The meeting's page: everything is saved in one go, or everything is told at once."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import JournalEntry, User
from grants.models import Grant, Purpose
from mentoring.models import (
    ActionItem,
    CostReview,
    FieldNote,
    Figure,
    Meeting,
    OutcomeReview,
    ProgressSheet,
)
from mentoring.models.meetings import Side
from mentoring.services.entry import CORRECTION
from tests.factories import (
    ActionItemFactory,
    AttendeeFactory,
    ContributionFactory,
    CostReviewFactory,
    FieldNoteFactory,
    FigureFactory,
    InterventionFactory,
    MeetingFactory,
    OutcomeChangeFactory,
    OutcomeReviewFactory,
    OutputVersionFactory,
    PlanRows,
    SheetFactory,
    ShortTermOutcomeVersionFactory,
    StaffFactory,
)
from tests.mentoring.browsing import fields_of

pytestmark = pytest.mark.usefixtures("in_november")

SignIn = Callable[[User], Client]


@pytest.fixture
def sheet(plan: PlanRows) -> ProgressSheet:
    return SheetFactory(grant=plan.grant, state=ProgressSheet.State.SUBMITTED)


@pytest.fixture
def client(officer: User, sign_in: SignIn) -> Client:
    return sign_in(officer)


def url(sheet: ProgressSheet, name: str = "edit") -> str:
    return reverse(f"mentoring:meeting_{name}", args=[sheet.pk])


def opened(client: Client, sheet: ProgressSheet, query: str = "") -> dict[str, Any]:
    response = client.get(url(sheet) + query)
    assert response.status_code == 200
    return fields_of(response)


def send(client: Client, sheet: ProgressSheet, data: dict[str, Any], **changes: Any) -> HttpResponse:
    return client.post(url(sheet), {**data, **{key.replace("__", "-"): v for key, v in changes.items()}})


def save(client: Client, sheet: ProgressSheet, changes: dict[str, Any], query: str = "") -> HttpResponse:
    return client.post(url(sheet), {**opened(client, sheet, query), **changes})


# --- works -------------------------------------------------------------------------------------------------


def test_works(
    client: Client, sheet: ProgressSheet, plan: PlanRows, officer: User, representative: User
) -> None:
    first, second = plan.outcomes
    earlier = ActionItemFactory(sheet=SheetFactory(grant=plan.grant, month=dt.date(2022, 9, 1)))
    figure = FigureFactory(sheet=sheet, indicator=plan.indicators["sum"])

    response = save(
        client,
        sheet,
        {
            f"tick-{earlier.pk}": "on",
            f"outcome-{first.pk}-word": "seen",
            f"outcome-{first.pk}-sentence": "声をかける若者が増えた。",
            f"outcome-{first.pk}-outputs": [str(plan.outputs[0].pk)],
            f"outcome-{second.pk}-word": "unspoken",
            f"word-{plan.indicators['sum'].pk}": "ahead",
            f"word-{plan.indicators['latest'].pk}": "behind",
            "cost-direct-status": "fine",
            "cost-administrative-status": "change",
            "cost-administrative-consultation": "備品を買いたい",
            "note-shared": "来月は寒くなる。",
            "homework-new0-text": "勉強会の日を決める",
            "homework-new0-who": f"grantee-{representative.pk}",
            "homework-new0-due_on": "2022/12/05",
            "homework-new1-text": "農家を紹介する",
            "homework-new1-who": "foundation",
            "meeting-held_on": "２０２２年１１月１５日",
            "meeting-starts_at": "１０：００",
            "meeting-ends_at": "11時半",
            "meeting-place": "団体の事務所",
            "meeting-form": "visit",
            "meeting-grantee_people": [str(representative.pk)],
            "meeting-grantee_guests": "山田 花子（理事）\n佐藤 太郎",
            "meeting-foundation_people": [str(officer.pk)],
            "meeting-next_on": "2022-12-13",
            "meeting-next_at": "13:30",
            "meeting-next_form": "online",
        },
    )
    assert response.status_code == 302
    assert response.url == url(sheet)

    earlier.refresh_from_db()
    assert earlier.done_by == officer
    review = OutcomeReview.objects.get(sheet=sheet, outcome=first)
    assert (review.word, review.sentence) == ("seen", "声をかける若者が増えた。")
    assert list(review.outputs.all()) == [plan.outputs[0]]
    assert OutcomeReview.objects.get(sheet=sheet, outcome=second).word == "unspoken"
    figure.refresh_from_db()
    assert (figure.value, figure.progress) == (3, "ahead")
    blank = Figure.objects.get(sheet=sheet, indicator=plan.indicators["latest"])
    assert (blank.value, blank.progress) == (None, "behind")
    assert CostReview.objects.get(sheet=sheet, purpose=Purpose.DIRECT).status == "fine"
    assert (
        CostReview.objects.get(sheet=sheet, purpose=Purpose.ADMINISTRATIVE).consultation == "備品を買いたい"
    )
    assert {(n.visibility, n.text, n.author) for n in sheet.field_notes.all()} == {
        ("shared", "来月は寒くなる。", officer),
    }
    homework = {item.text: item for item in sheet.action_items.all()}
    assert homework["勉強会の日を決める"].person == representative
    assert homework["勉強会の日を決める"].due_on == dt.date(2022, 12, 5)
    assert homework["農家を紹介する"].side == Side.FOUNDATION
    assert homework["農家を紹介する"].person is None
    meeting = sheet.meetings.get()
    assert meeting.held
    assert (meeting.held_on, meeting.starts_at, meeting.ends_at) == (
        dt.date(2022, 11, 15),
        dt.time(10, 0),
        dt.time(11, 30),
    )
    assert [(a.side, a.name, a.title, a.user_id) for a in meeting.attendees.all()] == [
        ("grantee", "青木 空", "代表", representative.pk),
        ("grantee", "山田 花子", "理事", None),
        ("grantee", "佐藤 太郎", "", None),
        ("foundation", "小野 彩", "プログラム・オフィサー", officer.pk),
    ]
    assert meeting.next_meeting is not None
    assert not meeting.next_meeting.held
    assert (meeting.next_meeting.held_on, meeting.next_meeting.form) == (dt.date(2022, 12, 13), "online")
    sheet.refresh_from_db()
    assert sheet.version == 1
    assert [entry.verb for entry in JournalEntry.objects.about(sheet)] == ["meeting.save"]


def test_shows_outcomes_before_figures_and_money(
    client: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    OutcomeChangeFactory(sheet=sheet, outcome=plan.outcomes[0], text="友だちを連れてきました。")
    page = client.get(url(sheet)).content.decode()
    page = page[page.index('class="stage"') :]
    page = re.sub(r"<button[^>]*formaction.*?</button>", "", page, flags=re.S)  # 次へ tells what comes next
    places = [
        page.index(text)
        for text in (
            "前回の宿題",
            "若者が安心して過ごせる場所を持っている",
            "友だちを連れてきました。",
            "居場所を開いた回数",
            "つながっていると見えましたか",
            "予算執行状況",
            "この月の支援",
            "備考・つぶやき",
            "つぎの宿題と日程",
            "次回の日程",
            "面談の記録",
        )
    ]
    assert places == sorted(places)


def test_saving_an_untouched_page_changes_nothing(
    client: Client, sheet: ProgressSheet, plan: PlanRows, officer: User
) -> None:
    for outcome in plan.outcomes:
        OutcomeReviewFactory(sheet=sheet, outcome=outcome, outputs=[plan.outputs[2]])
    CostReviewFactory(sheet=sheet, consultation="相談があります。\n来月に。")
    FieldNoteFactory(grant=sheet.grant, sheet=sheet, author=officer)
    ActionItemFactory(sheet=sheet, person=officer, side=Side.FOUNDATION)
    meeting = MeetingFactory(grant=sheet.grant, sheets=[sheet], next_meeting=MeetingFactory(
        grant=sheet.grant, held=False, held_on=dt.date(2022, 12, 13)
    ))  # fmt: skip
    AttendeeFactory(meeting=meeting, name="鈴木 一郎", title="理事")
    AttendeeFactory(meeting=meeting, side=Side.FOUNDATION, user=officer, name="むかしの名前", title="主任")
    before = _rows(sheet)

    assert save(client, sheet, {}).status_code == 302

    assert _rows(sheet) == before
    sheet.refresh_from_db()
    assert sheet.version == 0
    assert not JournalEntry.objects.exists()


def _rows(sheet: ProgressSheet) -> list[Any]:
    return [
        *OutcomeReview.objects.values_list("pk", "updated_at", "outputs"),
        *CostReview.objects.values_list("pk", "updated_at"),
        *FieldNote.objects.values_list("pk", "updated_at"),
        *ActionItem.objects.values_list("pk", "updated_at"),
        *Meeting.objects.values_list("pk", "updated_at", "attendees__name", "attendees__title"),
        *OutcomeReview.history.values_list("pk"),
    ]


def test_saves_only_what_changed(client: Client, sheet: ProgressSheet, plan: PlanRows) -> None:
    reviews = [OutcomeReviewFactory(sheet=sheet, outcome=outcome) for outcome in plan.outcomes]
    save(client, sheet, {f"outcome-{plan.outcomes[0].pk}-sentence": "書き足しました。"})
    assert [review.history.count() for review in reviews] == [2, 1]
    assert JournalEntry.objects.get().details == {"written": [f"review-{plan.outcomes[0].pk}"]}


def test_what_changes_after_a_reopening_is_marked_as_a_correction(
    client: Client, sheet: ProgressSheet
) -> None:
    ProgressSheet.objects.filter(pk=sheet.pk).update(state="reopened")
    review = CostReviewFactory(sheet=sheet, purpose=Purpose.DIRECT)
    save(client, sheet, {"cost-direct-status": "slow"})
    assert review.history.latest().history_change_reason == CORRECTION


def test_a_coming_day_makes_an_appointment(client: Client, sheet: ProgressSheet) -> None:
    save(client, sheet, {"meeting-held_on": "2022-11-25", "meeting-starts_at": "10:00"})
    assert not sheet.meetings.get().held


def test_an_appointment_whose_day_came_is_held_with_the_next_save(
    client: Client, sheet: ProgressSheet
) -> None:
    MeetingFactory(grant=sheet.grant, sheets=[sheet], held=False)
    save(client, sheet, {})
    assert sheet.meetings.get().held


def test_the_appointment_made_last_time_is_taken_up(client: Client, sheet: ProgressSheet) -> None:
    appointment = MeetingFactory(grant=sheet.grant, held=False, held_on=dt.date(2022, 11, 22), place="公民館")
    assert opened(client, sheet)["meeting-place"] == ["公民館"]
    save(client, sheet, {})
    assert sheet.meetings.get() == appointment


def test_the_next_date_goes_to_the_next_months_sheet(client: Client, sheet: ProgressSheet) -> None:
    following = SheetFactory(grant=sheet.grant, month=dt.date(2022, 11, 1))
    changes = {"meeting-held_on": "2022-11-15", "meeting-next_on": "2022-12-13"}
    save(client, sheet, changes)
    assert following.meetings.get().held_on == dt.date(2022, 12, 13)

    save(client, sheet, {"meeting-next_on": "2022-12-20", "meeting-next_place": "駅前"})
    appointment = following.meetings.get()
    assert (appointment.held_on, appointment.place) == (dt.date(2022, 12, 20), "駅前")

    save(client, sheet, {"meeting-next_on": "", "meeting-next_place": ""})
    assert not following.meetings.exists()
    assert sheet.meetings.get().next_meeting is None


def test_a_next_meeting_that_took_place_is_no_longer_moved(client: Client, sheet: ProgressSheet) -> None:
    later = MeetingFactory(grant=sheet.grant, held_on=dt.date(2022, 11, 18))
    MeetingFactory(grant=sheet.grant, sheets=[sheet], next_meeting=later)
    page = client.get(url(sheet))
    assert "次の面談は 2022年11月18日（金）に行いました。" in page.content.decode()
    save(client, sheet, {"meeting-place": "公民館"})
    later.refresh_from_db()
    assert sheet.meetings.get().next_meeting == later


def test_one_meeting_serves_two_months(client: Client, sheet: ProgressSheet) -> None:
    september = SheetFactory(grant=sheet.grant, month=dt.date(2022, 9, 1))
    save(client, sheet, {"meeting-held_on": "2022-11-15", "meeting-sheets": [str(september.pk)]})
    meeting = Meeting.objects.get()
    assert set(meeting.sheets.all()) == {sheet, september}
    september.refresh_from_db()
    assert september.version == 1

    september.state = ProgressSheet.State.CLOSED
    ProgressSheet.objects.filter(pk=september.pk).update(
        state="closed", closed_at=sheet.turn_since, closed_by=meeting.grant.officer
    )
    save(client, sheet, {"meeting-place": "駅前"})
    assert set(meeting.sheets.all()) == {sheet, september}


def test_a_month_may_have_a_second_meeting(client: Client, sheet: ProgressSheet) -> None:
    MeetingFactory(grant=sheet.grant, sheets=[sheet], held_on=dt.date(2022, 11, 8), place="一回目")
    save(client, sheet, {"meeting-held_on": "2022-11-16", "meeting-place": "二回目"}, "?meeting=new")
    assert [meeting.place for meeting in sheet.meetings.all()] == ["一回目", "二回目"]
    first = sheet.meetings.first()
    page = client.get(f"{url(sheet)}?meeting={first.pk}")
    assert fields_of(page)["meeting-place"] == ["一回目"]


def test_homework_is_edited_and_taken_away(client: Client, sheet: ProgressSheet) -> None:
    kept, gone = ActionItemFactory(sheet=sheet), ActionItemFactory(sheet=sheet)
    save(
        client,
        sheet,
        {
            f"homework-{kept.pk}-text": "言い直した宿題",
            f"homework-{gone.pk}-remove": "on",
            "homework-new2-text": "三行目だけ",
            "homework-new2-who": "grantee",
        },
    )
    assert sorted(item.text for item in sheet.action_items.all()) == ["三行目だけ", "言い直した宿題"]
    assert ActionItem.history.filter(history_type="-").get().history_user is not None


def test_further_rows_keep_what_was_typed_and_save_nothing(client: Client, sheet: ProgressSheet) -> None:
    data = {
        **opened(client, sheet),
        "homework-new0-text": "まだ保存していない宿題",
        "note-shared": "まだ保存していないメモ",
        "meeting-held_on": "読めない日",
    }
    response = client.post(url(sheet, "rows"), data)
    assert response.status_code == 200
    again = fields_of(response)
    assert again["homework-new0-text"] == ["まだ保存していない宿題"]
    assert again["note-shared"] == ["まだ保存していないメモ"]
    assert again["meeting-held_on"] == ["読めない日"]
    assert "homework-new5-text" in again
    assert "homework-new6-text" not in again
    assert not ActionItem.objects.exists()
    assert not FieldNote.objects.exists()


def test_planned_and_noted_while_the_grantee_still_writes(client: Client, sheet: ProgressSheet) -> None:
    ProgressSheet.objects.filter(pk=sheet.pk).update(state="draft")
    page = client.get(url(sheet)).content.decode()
    assert "いまは あおぞらの会の番です。" in page
    assert save(client, sheet, {"meeting-held_on": "2022-11-25", "note-shared": "メモ"}).status_code == 302
    assert sheet.meetings.exists()
    assert sheet.field_notes.get().text == "メモ"


def test_notes_of_others_are_read_and_left_alone(
    client: Client, sheet: ProgressSheet, officer: User, member: User
) -> None:
    theirs = FieldNoteFactory(grant=sheet.grant, sheet=sheet, author=member, text="団体からのひとこと")
    assert "団体からのひとこと" in client.get(url(sheet)).content.decode()
    save(client, sheet, {"note-shared": "財団からのひとこと"})
    theirs.refresh_from_db()
    assert theirs.text == "団体からのひとこと"
    save(client, sheet, {"note-shared": ""})
    assert sheet.field_notes.get() == theirs


def test_the_oldest_link_comes_first_and_says_so(
    client: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    first, second = plan.outcomes
    for month, outcome, outputs in (
        (dt.date(2022, 9, 1), first, plan.outputs),
        (dt.date(2022, 7, 1), second, [plan.outputs[2]]),
    ):
        OutcomeReviewFactory(
            sheet=SheetFactory(grant=plan.grant, month=month), outcome=outcome, outputs=outputs
        )
    page = client.get(url(sheet)).content.decode()
    assert page.count("つながり 3か月 未確認") == 3  # in both shapes of the agenda, and on the stage
    assert page.index(f'id="outcome-{second.pk}"') < page.index(f'id="outcome-{first.pk}"')

    named = {f"outcome-{second.pk}-word": "notyet", f"outcome-{second.pk}-outputs": [str(plan.outputs[2].pk)]}
    save(client, sheet, named)
    page = client.get(url(sheet)).content.decode()
    assert "つながり 3か月 未確認" not in page
    assert page.index(f'id="outcome-{second.pk}"') < page.index(f'id="outcome-{first.pk}"')  # nothing moves


def test_saves_and_goes_on(client: Client, sheet: ProgressSheet) -> None:
    data = {**opened(client, sheet), "note-shared": "ここまで話した"}
    response = client.post(url(sheet, "support"), data)
    new = reverse("mentoring:support_new", args=[sheet.grant_id])
    assert response.url == f"{new}?sheet={sheet.pk}&next={url(sheet)}%23support"
    assert sheet.field_notes.get().text == "ここまで話した"

    data = {**opened(client, sheet), "note-shared": "そして確定へ"}
    response = client.post(url(sheet, "check"), data)
    assert response.url == reverse("reports:sheet_close", args=[sheet.pk])
    assert sheet.field_notes.get().text == "そして確定へ"


# --- bad input ---------------------------------------------------------------------------------------------


def test_everything_wrong_is_told_at_once_and_nothing_typed_is_lost(
    client: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    first, second = plan.outcomes
    typed = {
        f"outcome-{first.pk}-sentence": "ことばを選び忘れた文",
        f"outcome-{second.pk}-word": "unspoken",
        f"outcome-{second.pk}-outputs": [str(plan.outputs[2].pk)],
        "note-shared": "保存を待つメモ",
        "homework-new0-who": "grantee",
        "homework-new1-text": "だれの宿題か分からない",
        "homework-new1-due_on": "来週のどこか",
        "meeting-held_on": "11月のいつか",
        "meeting-ends_at": "25時",
        "meeting-starts_at": "１０時",
        "meeting-next_at": "13:00",
    }
    response = save(client, sheet, typed)
    assert response.status_code == 422
    page = response.content.decode()
    for text in (
        "いちばん近いことばを選んでください。",
        "「今月は話していない」のときは、アウトプットの印を外してください。",
        "何をするかを書いてください。",
        "だれの宿題かを選んでください。",
        "「来週のどこか」を日付として読めませんでした",
        "「11月のいつか」を日付として読めませんでした",
        "「25時」を時刻として読めませんでした",
        "次回の年月日を入れてください。",
    ):
        assert page.count(text) == 2, text  # at its field, and in the list at the top
    assert "まだ保存していません。8か所を直すと保存できます。" in page
    again = fields_of(response)
    for name, value in typed.items():
        assert again[name] == (value if isinstance(value, list) else [value])
    assert not FieldNote.objects.exists()
    assert not ActionItem.objects.exists()
    assert not OutcomeReview.objects.exists()


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (
            {"meeting-held_on": "2022-11-15", "meeting-starts_at": "11:00", "meeting-ends_at": "10:00"},
            "おわりの時刻は、はじまりより後にしてください。",
        ),
        ({"meeting-held_on": "2022-11-15", "meeting-ends_at": "10:00"}, "はじまりの時刻も入れてください。"),
        ({"meeting-place": "公民館"}, "面談の年月日を入れてください。"),
        (
            {"meeting-held_on": "2022-11-15", "meeting-next_on": "2022-11-15"},
            "次回は、今回の面談より後の日にしてください。",
        ),
        ({"meeting-grantee_guests": "あ" * 90, "meeting-held_on": "2022-11-15"}, "長すぎる行があります。"),
        ({"homework-new0-text": "あ" * 301, "homework-new0-who": "grantee"}, "300"),
    ],
)
def test_bad_input(client: Client, sheet: ProgressSheet, typed: dict[str, str], message: str) -> None:
    response = save(client, sheet, typed)
    assert response.status_code == 422
    assert message in response.content.decode()
    assert not Meeting.objects.exists()


def test_the_meeting_keeps_a_date(client: Client, sheet: ProgressSheet) -> None:
    MeetingFactory(grant=sheet.grant, sheets=[sheet])
    response = save(client, sheet, {"meeting-held_on": ""})
    assert response.status_code == 422
    assert sheet.meetings.get().held_on == dt.date(2022, 11, 15)


@pytest.mark.parametrize("name", ["meeting-sheets", "meeting-grantee_people", "meeting-foundation_people"])
def test_nobody_from_elsewhere_is_taken_in(
    client: Client, sheet: ProgressSheet, name: str, other_grant: Grant, other_grantee: User, stranger: User
) -> None:
    values = {
        "meeting-sheets": SheetFactory(grant=other_grant).pk,
        "meeting-grantee_people": other_grantee.pk,
        "meeting-foundation_people": stranger.pk,
    }
    response = save(client, sheet, {"meeting-held_on": "2022-11-15", name: [str(values[name])]})
    assert response.status_code == 422
    assert not Meeting.objects.exists()


# --- two people at one page --------------------------------------------------------------------------------


def test_a_stale_page_asks_which_text_holds(
    client: Client, sheet: ProgressSheet, plan: PlanRows, sign_in: SignIn, foundation: Any
) -> None:
    first = plan.outcomes[0]
    review = OutcomeReviewFactory(sheet=sheet, outcome=first, sentence="もとの文")
    other = StaffFactory(foundation=foundation, user__name="田辺 修").user
    mine = opened(client, sheet)
    save(sign_in(other), sheet, {f"outcome-{first.pk}-sentence": "田辺の文", "note-shared": "田辺のメモ"})

    mine |= {f"outcome-{first.pk}-sentence": ["わたしの文"], "cost-direct-status": ["fine"]}
    response = client.post(url(sheet), mine)
    assert response.status_code == 422
    page = response.content.decode()
    assert "わたしの文" in page
    assert "田辺の文" in page
    assert "書きかえたのは 田辺 修さんです。" in page
    review.refresh_from_db()
    assert review.sentence == "田辺の文"
    assert not CostReview.objects.exists()

    again = fields_of(response)
    undecided = client.post(url(sheet), again)  # without having chosen
    assert undecided.status_code == 422

    chosen = {**fields_of(undecided), f"choose-outcome-{first.pk}-sentence": "mine"}
    assert client.post(url(sheet), chosen).status_code == 302
    review.refresh_from_db()
    assert review.sentence == "わたしの文"
    assert CostReview.objects.get().status == "fine"
    assert sheet.field_notes.get().author == other


def test_the_others_text_may_be_kept(
    client: Client, sheet: ProgressSheet, plan: PlanRows, sign_in: SignIn, admin: User, foundation: Any
) -> None:
    first = plan.outcomes[0]
    review = OutcomeReviewFactory(sheet=sheet, outcome=first, sentence="もとの文")
    mine = opened(client, sheet)
    save(
        sign_in(StaffFactory(foundation=foundation).user), sheet, {f"outcome-{first.pk}-sentence": "相手の文"}
    )
    response = client.post(url(sheet), mine | {f"outcome-{first.pk}-sentence": ["わたしの文"]})
    chosen = {**fields_of(response), f"choose-outcome-{first.pk}-sentence": "theirs"}
    assert client.post(url(sheet), chosen).status_code == 302
    review.refresh_from_db()
    assert review.sentence == "相手の文"


def test_fields_left_alone_never_undo_what_others_wrote(
    client: Client, sheet: ProgressSheet, plan: PlanRows, member: User
) -> None:
    earlier = ActionItemFactory(sheet=SheetFactory(grant=plan.grant, month=dt.date(2022, 9, 1)))
    mine = opened(client, sheet)
    ActionItem.objects.filter(pk=earlier.pk).update(done_on=dt.date(2022, 11, 19), done_by=member)
    CostReviewFactory(sheet=sheet, purpose=Purpose.DIRECT, status="slow")
    assert client.post(url(sheet), mine | {"note-shared": ["メモ"]}).status_code == 302
    earlier.refresh_from_db()
    assert earlier.done_by == member
    assert CostReview.objects.get().status == "slow"


def test_a_row_taken_away_meanwhile_comes_back_only_when_written_in(
    client: Client, sheet: ProgressSheet
) -> None:
    item = ActionItemFactory(sheet=sheet)
    mine = opened(client, sheet)
    key = f"homework-{item.pk}-text"
    item.delete()
    assert client.post(url(sheet), mine).status_code == 302
    assert not ActionItem.objects.exists()

    assert client.post(url(sheet), mine | {key: ["やはり、やります"]}).status_code == 302
    again = ActionItem.objects.get()
    assert (again.text, again.side, again.due_on) == ("やはり、やります", "grantee", dt.date(2022, 12, 5))


def test_a_month_that_closes_while_one_writes(client: Client, sheet: ProgressSheet, officer: User) -> None:
    mine = opened(client, sheet)
    ProgressSheet.objects.filter(pk=sheet.pk).update(
        state="closed", closed_at=sheet.turn_since, closed_by=officer
    )
    response = client.post(url(sheet), mine | {"note-shared": ["間に合わなかったメモ"]})
    assert response.status_code == 409
    page = response.content.decode()
    assert "書いているあいだに、2022年10月が確定しました。" in page
    assert fields_of(response)["note-shared"] == ["間に合わなかったメモ"]
    assert not FieldNote.objects.exists()

    response = client.get(url(sheet))
    assert response.status_code == 302
    assert response.url == sheet.get_absolute_url()


# --- who -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["edit", "check", "support", "rows", "aside"])
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("admin", 403),
        ("adviser", 403),
        ("accountant", 403),
        ("representative", 403),
        ("member", 403),
        ("board", 404),
        ("other_grantee", 404),
        ("stranger", 404),
        ("stranger_admin", 404),
    ],
)
def test_only_officers_hold_meetings(
    sheet: ProgressSheet,
    sign_in: SignIn,
    request: pytest.FixtureRequest,
    who: str,
    status: int,
    name: str,
) -> None:
    person = sign_in(request.getfixturevalue(who))
    assert person.post(url(sheet, name), {"note-shared": "よその人"}).status_code == status
    if name == "edit":
        assert person.get(url(sheet)).status_code == status
    assert not FieldNote.objects.exists()


@pytest.mark.parametrize("name", ["check", "support", "rows", "aside"])
def test_rejects_get(client: Client, sheet: ProgressSheet, name: str) -> None:
    assert client.get(url(sheet, name)).status_code == 405


# --- queries ---------------------------------------------------------------------------------------------------


def test_queries_do_not_grow(
    client: Client,
    sheet: ProgressSheet,
    plan: PlanRows,
    officer: User,
    django_assert_num_queries: Callable[..., Any],
) -> None:
    meeting = MeetingFactory(grant=sheet.grant, sheets=[sheet])
    AttendeeFactory(meeting=meeting)
    ActionItemFactory(sheet=SheetFactory(grant=plan.grant, month=dt.date(2022, 9, 1)))
    ActionItemFactory(sheet=sheet, person=officer, side=Side.FOUNDATION)
    InterventionFactory(grant=plan.grant)
    FieldNoteFactory(grant=plan.grant, sheet=sheet)
    OutcomeReviewFactory(sheet=sheet, outcome=plan.outcomes[0], outputs=[plan.outputs[0]])
    client.get(url(sheet))
    with django_assert_num_queries(QUERIES):
        client.get(url(sheet))

    for position in (3, 4, 5):
        outcome = ShortTermOutcomeVersionFactory(outcome__grant=plan.grant, position=position).outcome
        version = OutputVersionFactory(output__grant=plan.grant, position=1)
        ContributionFactory(version=version, outcome=outcome)
        OutcomeReviewFactory(sheet=sheet, outcome=outcome, outputs=[version.output])
        ActionItemFactory(sheet=sheet, person=officer, side=Side.FOUNDATION)
        InterventionFactory(grant=plan.grant)
        FieldNoteFactory(grant=plan.grant, sheet=sheet)
        AttendeeFactory(meeting=meeting, name=f"人{position}")
    with django_assert_num_queries(QUERIES):
        client.get(url(sheet))


QUERIES = 40


def test_pressing_twice_makes_one_meeting_and_one_homework(client: Client, sheet: ProgressSheet) -> None:
    fields = {
        **fields_of(client.get(url(sheet))),
        "homework-new0-text": "電話する",
        "homework-new0-who": "foundation",
        "meeting-held_on": "2022-11-15",
        "note-shared": "話",
    }
    assert [client.post(url(sheet), fields).status_code for _press in range(2)] == [302, 302]
    assert [model.objects.count() for model in (Meeting, ActionItem, FieldNote)] == [1, 1, 1]


def test_what_came_in_meanwhile_is_not_asked_of_the_other_writer(
    client: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    mine = {**fields_of(client.get(url(sheet))), "note-shared": "話"}
    review = OutcomeReviewFactory(sheet=sheet, outcome=plan.outcomes[0], word="seen", sentence="見えた")
    item = ActionItemFactory(sheet=sheet, text="電話する")
    assert client.post(url(sheet), mine).status_code == 302
    assert FieldNote.objects.get().text == "話"
    review.refresh_from_db()
    item.refresh_from_db()
    assert (review.word, review.sentence, item.text) == ("seen", "見えた", "電話する")
