"""The meeting's page saves itself: every part alone, by JSON, with the same rules as the page sent whole."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import JournalEntry, User
from foundations.models import Foundation
from grants.models import Purpose
from mentoring.meeting_pieces import Piece
from mentoring.models import (
    ActionItem,
    CostReview,
    FieldNote,
    Figure,
    Meeting,
    OutcomeReview,
    ProgressSheet,
)
from mentoring.selectors import plan_of
from tests.factories import (
    ActionItemFactory,
    AttendeeFactory,
    CostReviewFactory,
    FieldNoteFactory,
    FigureFactory,
    MeetingFactory,
    OutcomeReviewFactory,
    PlanRows,
    RowCommentFactory,
    SheetFactory,
    StaffFactory,
)
from tests.mentoring.saving import body_of, post_json

pytestmark = pytest.mark.usefixtures("in_november")

SignIn = Callable[[User], Client]
Cells = dict[str, tuple[Any, Any]]
BLANK = ["", "", "", "", "in_person", "", "", "", "", ""]
PLACE = "meeting/cells/"


@pytest.fixture
def sheet(plan: PlanRows) -> ProgressSheet:
    return SheetFactory(grant=plan.grant, state=ProgressSheet.State.SUBMITTED)


@pytest.fixture
def client(officer: User, sign_in: SignIn) -> Client:
    return sign_in(officer)


@pytest.fixture
def send(client: Client, officer: User, sheet: ProgressSheet) -> Callable[[Cells], dict[str, Any]]:
    def sends(cells: Cells, query: str = "") -> dict[str, Any]:
        response = post_json(client, sheet, body_of(officer, cells), PLACE + query)
        assert response.status_code == 200, response.content
        answer: dict[str, Any] = response.json()
        return answer

    return sends


def states(answer: dict[str, Any]) -> dict[str, str]:
    return {key: cell["state"] for key, cell in answer["cells"].items()}


# --- saving ------------------------------------------------------------------------------------------------


def test_saves_a_link_review(
    send: Callable[..., Any], sheet: ProgressSheet, plan: PlanRows, officer: User
) -> None:
    key = f"outcome-{plan.outcomes[0].pk}"
    outputs = ",".join(str(output.pk) for output in plan.outputs[:2])
    answer = send({key: (["notyet", "来所は計画どおり。\r\n相談はこれから。", outputs], ["", "", ""])})
    assert answer == {
        "saved_at": "12:00",
        "version": 1,
        "cells": {
            key: {
                "state": "saved",
                "stored": ["notyet", "来所は計画どおり。\n相談はこれから。", outputs],
                "shown": ["notyet", "来所は計画どおり。\n相談はこれから。", outputs],
                "errors": [],
                "doubts": [],
            }
        },
        "renamed": {},
        "meeting": None,
    }
    review = OutcomeReview.objects.get(sheet=sheet)
    assert (review.word, review.sentence) == ("notyet", "来所は計画どおり。\n相談はこれから。")
    assert set(review.outputs.all()) == set(plan.outputs[:2])
    assert review.history.get().history_user == officer


def test_saves_every_kind_of_cell(
    send: Callable[..., Any], sheet: ProgressSheet, plan: PlanRows, officer: User, representative: User
) -> None:
    earlier = ActionItemFactory(sheet=SheetFactory(grant=plan.grant, month=dt.date(2022, 9, 1)))
    item = ActionItemFactory(sheet=sheet)
    facts = ["11/15", "１０時", "11:30", "団体の事務所", "visit", str(representative.pk), "山田 花子（理事）",
             str(officer.pk), "", ""]  # fmt: skip
    answer = send(
        {
            f"tick-{earlier.pk}": ("on", ""),
            f"word-{plan.indicators['sum'].pk}": ("ahead", ""),
            "cost-direct-status": ("fine", ""),
            "cost-direct-consultation": ("備品のこと", ""),
            "note-shared": ("けんたくんの面接", ""),
            f"homework-{item.pk}": (
                ["言い直した宿題", "foundation", "12/8", ""],
                [item.text, "grantee", "2022年12月5日", ""],
            ),
            "meeting": (facts, ["", "", "", "", "in_person", "", "", "", "", ""]),
            "next": (["2022-12-13", "", "", "online"], ["", "", "", "in_person"]),
        }
    )
    assert set(states(answer).values()) == {"saved"}
    assert answer["cells"]["meeting"]["shown"][:3] == ["2022年11月15日", "10:00", "11:30"]
    assert answer["cells"]["note-shared"]["doubts"] == [
        {"name": "note-shared", "text": "「けんたくん」は人の名前のように読めます。"}
    ]
    earlier.refresh_from_db()
    item.refresh_from_db()
    meeting = sheet.meetings.get()
    assert answer["meeting"] == meeting.pk
    assert earlier.done_by == officer
    assert Figure.objects.get(sheet=sheet).progress == "ahead"
    cost = CostReview.objects.get(sheet=sheet, purpose=Purpose.DIRECT)
    assert (cost.status, cost.consultation) == ("fine", "備品のこと")
    assert FieldNote.objects.get(sheet=sheet).text == "けんたくんの面接"
    assert (item.text, item.side, item.due_on) == ("言い直した宿題", "foundation", dt.date(2022, 12, 8))
    assert [a.name for a in meeting.attendees.all()] == ["青木 空", "山田 花子", "小野 彩"]
    assert meeting.next_meeting is not None
    assert meeting.next_meeting.held_on == dt.date(2022, 12, 13)


def test_a_sitting_leaves_one_line_in_the_journal(
    send: Callable[..., Any], sheet: ProgressSheet, officer: User
) -> None:
    send({"note-shared": ("は", "")})
    send({"note-shared": ("はじ", "は")})
    assert JournalEntry.objects.about(sheet).count() == 1
    with time_machine.travel(dt.datetime(2022, 11, 20, 4, 0, tzinfo=dt.UTC), tick=False):
        send({"note-shared": ("はじめ", "はじ")})
    assert [e.verb for e in JournalEntry.objects.about(sheet)] == ["meeting.save", "meeting.save"]
    assert FieldNote.objects.get().history.count() == 3


def test_what_is_stored_already_is_no_save(send: Callable[..., Any], sheet: ProgressSheet) -> None:
    MeetingFactory(grant=sheet.grant, sheets=[sheet], place="駅前")
    answer = send({"note-shared": ("", "")})
    assert states(answer) == {"note-shared": "same"}
    assert answer["version"] == 0
    assert not JournalEntry.objects.exists()


# --- half written, or wrong ----------------------------------------------------------------------------------


def test_a_sentence_waits_for_its_word(
    send: Callable[..., Any], sheet: ProgressSheet, plan: PlanRows
) -> None:
    key = f"outcome-{plan.outcomes[0].pk}"
    answer = send({key: (["", "先に書いた文", ""], ["", "", ""]), "note-shared": ("メモ", "")})
    assert states(answer) == {key: "waiting", "note-shared": "saved"}
    assert answer["cells"][key]["until"] == "つながりのことばをどれか選ぶと、いっしょに保存されます。"
    assert answer["cells"][key]["errors"] == []
    assert not OutcomeReview.objects.exists()

    assert states(send({key: (["seen", "先に書いた文", ""], ["", "", ""])})) == {key: "saved"}
    assert OutcomeReview.objects.get().sentence == "先に書いた文"


def test_a_word_is_not_taken_back_to_nothing(
    send: Callable[..., Any], sheet: ProgressSheet, plan: PlanRows
) -> None:
    OutcomeReviewFactory(sheet=sheet, outcome=plan.outcomes[0], word="seen", sentence="文")
    key = f"outcome-{plan.outcomes[0].pk}"
    assert states(send({key: (["", "文", ""], ["seen", "文", ""])})) == {key: "waiting"}
    assert OutcomeReview.objects.get().word == "seen"


def test_one_wrong_cell_keeps_no_other_from_being_saved(
    send: Callable[..., Any], sheet: ProgressSheet, plan: PlanRows
) -> None:
    blank = ["", "", "", "", "in_person", "", "", "", "", ""]
    key = f"outcome-{plan.outcomes[1].pk}"
    answer = send(
        {
            "meeting": (["11月のいつか", "", "25時", *blank[3:]], blank),
            key: (["unspoken", "", str(plan.outputs[2].pk)], ["", "", ""]),
            "homework-new0": (["電話する", "foundation", "来週", ""], [""] * 4),
            "cost-direct-status": ("fine", ""),
            "note-shared": ("あ" * 4001, ""),
        }
    )
    assert states(answer) == {
        "meeting": "wrong",
        key: "wrong",
        "homework-new0": "wrong",
        "cost-direct-status": "saved",
        "note-shared": "wrong",
    }
    assert [error["name"] for error in answer["cells"]["meeting"]["errors"]] == [
        "meeting-held_on",
        "meeting-ends_at",
    ]
    assert "「25時」を時刻として読めませんでした" in answer["cells"]["meeting"]["errors"][1]["text"]
    assert answer["cells"][key]["errors"][0]["name"] == f"{key}-outputs"
    assert CostReview.objects.get().status == "fine"
    assert not any(model.objects.exists() for model in (Meeting, ActionItem, FieldNote, OutcomeReview))


def test_the_next_date_and_the_facts_do_not_hinder_each_other(
    send: Callable[..., Any], sheet: ProgressSheet
) -> None:
    blank = ["", "", "", "", "in_person", "", "", "", "", ""]
    nothing = ["", "", "", "in_person"]
    answer = send({"next": (["2022-12-13", "", "", "online"], nothing)})
    assert states(answer) == {"next": "waiting"}
    assert answer["cells"]["next"]["until"] == "面談の年月日を入れると保存されます。"
    answer = send(
        {"meeting": (["2022-11-15", *blank[1:]], blank), "next": (["いつか", "", "", "online"], nothing)}
    )
    assert states(answer) == {"meeting": "saved", "next": "wrong"}
    facts = ["2022年11月15日", *blank[1:]]
    answer = send(
        {"meeting": (["読めない日", *blank[1:]], facts), "next": (["12/13", "", "", "online"], nothing)}
    )
    assert states(answer) == {"meeting": "wrong", "next": "saved"}
    meeting = Meeting.objects.get(held_on=dt.date(2022, 11, 15))
    assert meeting.next_meeting is not None
    assert meeting.next_meeting.form == "online"
    answer = send({"meeting": (["2022-12-20", *blank[1:]], facts)})  # after the next one
    assert states(answer) == {"meeting": "wrong"}
    assert "次回は、今回の面談より後の日にしてください。" in answer["cells"]["meeting"]["errors"][0]["text"]


def test_a_further_meeting_is_made_once(send: Callable[..., Any], sheet: ProgressSheet) -> None:
    MeetingFactory(grant=sheet.grant, sheets=[sheet], held_on=dt.date(2022, 11, 8))
    blank = ["", "", "", "", "in_person", "", "", "", "", ""]
    typed = ["2022-11-16", *blank[1:]]
    made = send({"meeting": (typed, blank)}, "?meeting=new")["meeting"]
    assert send({"meeting": (typed, blank)}, "?meeting=new")["meeting"] == made  # the answer was lost
    assert states(send({"meeting": ([*typed[:3], "駅前", *typed[4:]], ["2022年11月16日", *blank[1:]])},
                       f"?meeting={made}")) == {"meeting": "saved"}  # fmt: skip
    assert list(sheet.meetings.values_list("held_on", "place")) == [
        (dt.date(2022, 11, 8), sheet.meetings.first().place),
        (dt.date(2022, 11, 16), "駅前"),
    ]


# --- homework --------------------------------------------------------------------------------------------------


def test_new_homework_waits_until_it_is_whole_and_then_has_its_own_name(
    send: Callable[..., Any], sheet: ProgressSheet, representative: User
) -> None:
    row, nothing = "homework-new0", ["", "", "", ""]
    answer = send({row: (["ごはんの日をためす", "", "", ""], nothing)})
    assert states(answer) == {row: "waiting"}
    assert answer["cells"][row]["until"] == "だれの宿題かを選ぶと保存されます。"
    answer = send({row: (["", "grantee", "", ""], nothing)})
    assert answer["cells"][row]["until"] == "何をするかを書くと保存されます。"
    assert not ActionItem.objects.exists()

    typed = ["ごはんの日をためす", f"grantee-{representative.pk}", "", ""]
    answer = send({row: (typed, nothing)})
    item = ActionItem.objects.get()
    name = f"homework-{item.pk}"
    assert answer["renamed"] == {row: name}
    assert states(answer) == {name: "saved"}
    assert answer["cells"][name]["stored"] == typed

    again = send({row: (typed, nothing)})  # the answer was lost
    assert again["renamed"] == {row: name}
    assert ActionItem.objects.count() == 1

    send({name: ([*typed[:2], "12/8", ""], typed)})
    item.refresh_from_db()
    assert (item.person, item.due_on) == (representative, dt.date(2022, 12, 8))


def test_several_new_rows_at_once(send: Callable[..., Any], sheet: ProgressSheet) -> None:
    nothing = [""] * 4
    rows = {f"homework-new{n}": ([f"宿題{n}", "grantee", "", ""], nothing) for n in (1, 7, 40)}
    answer = send(rows)
    assert set(answer["renamed"]) == set(rows)
    assert {i.text: f"homework-{i.pk}" for i in ActionItem.objects.all()} == {
        f"宿題{row.removeprefix('homework-new')}": name for row, name in answer["renamed"].items()
    }
    assert states(send({"homework-new61": (["遠い行", "grantee", "", ""], nothing)})) == {
        "homework-new61": "gone"
    }


def test_homework_is_taken_away_and_wanted_back(send: Callable[..., Any], sheet: ProgressSheet) -> None:
    item = ActionItemFactory(sheet=sheet)
    row = f"homework-{item.pk}"
    stands = [item.text, "grantee", "2022年12月5日"]
    answer = send({row: ([*stands, "on"], [*stands, ""])})
    assert states(answer) == {row: "saved"}
    assert not ActionItem.objects.exists()
    answer = send({row: ([*stands, ""], [*stands, "1"])})
    again = ActionItem.objects.get()
    assert answer["renamed"] == {row: f"homework-{again.pk}"}
    assert (again.text, again.due_on) == (item.text, item.due_on)


def test_a_row_that_somebody_took_away_comes_back_only_when_written_in(
    send: Callable[..., Any], sheet: ProgressSheet
) -> None:
    item = ActionItemFactory(sheet=sheet)
    row = f"homework-{item.pk}"
    stands = [item.text, "grantee", "2022年12月5日", ""]
    item.delete()
    assert states(send({row: ([*stands[:3], "on"], stands)})) == {row: "same"}
    assert not ActionItem.objects.exists()
    answer = send({row: (["やはり、やります", *stands[1:]], stands)})
    assert ActionItem.objects.get().text == "やはり、やります"
    assert list(answer["renamed"]) == [row]


# --- two at once -----------------------------------------------------------------------------------------------


@pytest.fixture
def tanabe(foundation: Foundation, sheet: ProgressSheet, sign_in: SignIn) -> Callable[[Cells], Any]:
    user = StaffFactory(foundation=foundation, user__name="田辺 修").user
    theirs = sign_in(user)

    def sends(cells: Cells) -> Any:
        return post_json(theirs, sheet, body_of(user, cells), PLACE).json()

    return sends


def test_two_write_different_fields_of_one_review(
    send: Callable[..., Any], tanabe: Callable[[Cells], Any], sheet: ProgressSheet, plan: PlanRows
) -> None:
    OutcomeReviewFactory(sheet=sheet, outcome=plan.outcomes[0], word="seen", sentence="もとの文")
    key, seen = f"outcome-{plan.outcomes[0].pk}", ["seen", "もとの文", ""]
    tanabe({key: (["notyet", "もとの文", ""], seen)})
    answer = send({key: (["seen", "わたしの文", ""], seen)})
    assert answer["cells"][key]["state"] == "saved"
    assert answer["cells"][key]["stored"] == ["notyet", "わたしの文", ""]
    review = OutcomeReview.objects.get()
    assert (review.word, review.sentence) == ("notyet", "わたしの文")


def test_two_write_the_same_field_and_one_chooses(
    send: Callable[..., Any], tanabe: Callable[[Cells], Any], sheet: ProgressSheet, plan: PlanRows
) -> None:
    OutcomeReviewFactory(sheet=sheet, outcome=plan.outcomes[0], word="seen", sentence="もとの文")
    key, seen = f"outcome-{plan.outcomes[0].pk}", ["seen", "もとの文", ""]
    tanabe({key: (["seen", "田辺の文", ""], seen)})
    named = str(plan.outputs[0].pk)
    answer = send({key: (["seen", "わたしの文", named], seen)})["cells"][key]
    assert (answer["state"], answer["theirs"], answer["by"]) == ("conflict", "田辺の文", "田辺 修さん")
    assert answer["at"] == "12:00"
    review = OutcomeReview.objects.get()
    assert review.sentence == "田辺の文"
    assert list(review.outputs.all()) == [plan.outputs[0]]  # what nobody else touched is saved
    assert answer["stored"] == ["seen", "田辺の文", named]

    assert states(send({key: (["seen", "わたしの文", named], answer["stored"])})) == {key: "saved"}
    review.refresh_from_db()
    assert review.sentence == "わたしの文"


def test_a_word_that_somebody_chose_is_told_by_its_name(
    send: Callable[..., Any], tanabe: Callable[[Cells], Any], plan: PlanRows
) -> None:
    key = f"outcome-{plan.outcomes[0].pk}"
    tanabe({key: (["counter", "", ""], ["", "", ""])})
    answer = send({key: (["seen", "", ""], ["", "", ""])})["cells"][key]
    assert (answer["state"], answer["theirs"]) == ("conflict", "逆の兆し")


def test_what_one_left_alone_is_kept_as_the_other_wrote_it(
    send: Callable[..., Any], tanabe: Callable[[Cells], Any], sheet: ProgressSheet
) -> None:
    tanabe({"cost-direct-status": ("slow", "")})
    answer = send({"cost-direct-status": ("", ""), "note-shared": ("メモ", "")})
    assert states(answer) == {"cost-direct-status": "kept", "note-shared": "saved"}
    assert answer["cells"]["cost-direct-status"]["shown"] == ["slow"]


def test_notes_are_each_persons_own(
    send: Callable[..., Any], tanabe: Callable[[Cells], Any], sheet: ProgressSheet, officer: User
) -> None:
    tanabe({"note-shared": ("田辺のメモ", "")})
    assert states(send({"note-shared": ("わたしのメモ", "")})) == {"note-shared": "saved"}
    assert {note.text for note in sheet.field_notes.all()} == {"田辺のメモ", "わたしのメモ"}


def test_the_first_meeting_of_a_month_is_one_whoever_makes_it(
    send: Callable[..., Any], tanabe: Callable[[Cells], Any], sheet: ProgressSheet
) -> None:
    blank = ["", "", "", "", "in_person", "", "", "", "", ""]
    tanabe({"meeting": (["2022-11-15", "", "", "駅前", *blank[4:]], blank)})
    answer = send({"meeting": (["2022-11-15", "10:00", *blank[2:]], blank)})
    assert states(answer) == {"meeting": "saved"}
    meeting = sheet.meetings.get()
    assert (meeting.starts_at, meeting.place) == (dt.time(10), "駅前")


def test_what_stands_now_is_told(client: Client, sheet: ProgressSheet, plan: PlanRows, officer: User) -> None:
    first, second = plan.outcomes
    OutcomeReviewFactory(sheet=sheet, outcome=first, word="seen", sentence="文", outputs=[plan.outputs[1]])
    OutcomeReviewFactory(
        sheet=SheetFactory(grant=plan.grant, month=dt.date(2022, 6, 1)),
        outcome=second,
        outputs=[plan.outputs[2]],
    )
    FieldNoteFactory(grant=plan.grant, sheet=sheet, author=officer, text="メモ")
    MeetingFactory(grant=plan.grant, sheets=[sheet], place="駅前")
    now = client.get(f"/sheets/{sheet.pk}/meeting/now/").json()
    assert now["version"] == 0
    stored = {key: cell["stored"] for key, cell in now["cells"].items()}
    assert stored[f"outcome-{first.pk}"] == ["seen", "文", str(plan.outputs[1].pk)]
    assert stored["note-shared"] == ["メモ"]
    assert stored["meeting"][3] == "駅前"
    assert now["agenda"][f"outcome-{first.pk}"]["done"] is True
    assert now["agenda"][f"outcome-{second.pk}"] == {"done": False, "age": "つながり 4か月 未確認"}


def test_the_head_stays_when_the_page_asks_how_things_stand(
    client: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    MeetingFactory(grant=plan.grant, sheets=[sheet], place="駅前")
    url = f"/sheets/{sheet.pk}/meeting/"
    head = client.get(f"{url}now/").json()["head"]
    assert "駅前" in head
    assert f"<p data-head>{head}</p>" in client.get(url).content.decode().replace("\n", "")


SAVES: dict[
    str, tuple[list[Any], int]
] = {  # one cell of each kind, three texts after each other, and their queries
    "note-shared": (["もと", "つぎ", "さいご"], 14),
    "cost-direct-status": (["slow", "fine", "change"], 14),
    "word": (["ahead", "behind", "other"], 14),
    "outcome": ([["seen", "a", ""], ["seen", "b", ""], ["notyet", "c", ""]], 16),
    "homework": ([["ア", "grantee", "", ""], ["b", "grantee", "", ""], ["c", "foundation", "", ""]], 16),
    "tick": (["on", "", "on"], 16),
    "settle": (["on", "", "on"], 19),
    "meeting": ([["2022年11月15日", "", "", place, *BLANK[4:]] for place in ("a", "b", "c")], 19),
    "next": ([["2022年12月13日", "", place, "online"] for place in ("a", "b", "c")], 21),
}


@pytest.mark.parametrize("kind", SAVES)
def test_a_cell_reads_and_writes_what_it_stands_on(
    send: Callable[..., Any],
    sheet: ProgressSheet,
    plan: PlanRows,
    kind: str,
    django_assert_num_queries: Callable[..., Any],
) -> None:
    sheet.plan_snapshot = plan_of(sheet).to_json()  # as what was submitted has it
    sheet.save(update_fields=["plan_snapshot"])
    earlier = ActionItemFactory(sheet=SheetFactory(grant=plan.grant, month=dt.date(2022, 9, 1)))
    MeetingFactory(grant=sheet.grant, sheets=[sheet], place="前", form="in_person")
    names = {
        "word": f"word-{plan.indicators['sum'].pk}",
        "outcome": f"outcome-{plan.outcomes[0].pk}",
        "homework": f"homework-{ActionItemFactory(sheet=sheet, text='a', due_on=None).pk}",
        "tick": f"tick-{earlier.pk}",
        "settle": f"settle-{RowCommentFactory(sheet=sheet).pk}",
    }
    key, (texts, count) = names.get(kind, kind), SAVES[kind]
    now = f"/sheets/{sheet.pk}/meeting/now/"
    client = Client()
    client.force_login(User.objects.get(pk=sheet.grant.officer_id))
    stands = client.get(now).json()["cells"][key]["stored"]
    first, *others = texts
    send({key: (first, stands)})
    stands = client.get(now).json()["cells"][key]["stored"]
    for text in others:
        with django_assert_num_queries(count):
            answer = send({key: (text, stands)})
        assert states(answer) == {key: "saved"}
        stands = answer["cells"][key]["stored"]


def test_every_cell_of_the_page_is_read_by_its_piece(
    client: Client, sheet: ProgressSheet, plan: PlanRows, officer: User
) -> None:
    """What a save reads of a cell is what the whole page reads of it."""
    ActionItemFactory(sheet=SheetFactory(grant=plan.grant, month=dt.date(2022, 9, 1)))
    ActionItemFactory(sheet=sheet)
    RowCommentFactory(sheet=sheet)
    FieldNoteFactory(grant=plan.grant, sheet=sheet, author=officer, text="メモ")
    OutcomeReviewFactory(sheet=sheet, outcome=plan.outcomes[0], outputs=[plan.outputs[0]])
    CostReviewFactory(sheet=sheet, purpose=Purpose.DIRECT, status="slow")
    FigureFactory(sheet=sheet, indicator=plan.indicators["sum"], progress="ahead")
    AttendeeFactory(meeting=MeetingFactory(grant=sheet.grant, sheets=[sheet]))
    cells = client.get(f"/sheets/{sheet.pk}/meeting/now/").json()["cells"]
    assert {key.partition("-")[0] for key in cells} == set(Piece)
    for key, cell in cells.items():
        body = body_of(officer, {key: (cell["stored"], cell["stored"])})
        answer = post_json(client, sheet, body, PLACE).json()["cells"][key]
        assert (answer["state"], answer["stored"]) == ("same", cell["stored"]), key


def test_an_appointment_comes_due_with_any_save(
    send: Callable[..., Any], sheet: ProgressSheet, plan: PlanRows
) -> None:
    meeting = MeetingFactory(grant=plan.grant, held_on=dt.date(2022, 11, 20), held=False)
    send({"note-shared": ("メモ", "")})
    meeting.refresh_from_db()
    assert meeting.held
    assert list(meeting.sheets.all()) == [sheet]


# --- when it cannot be saved -------------------------------------------------------------------------------------


def test_a_month_that_closed_meanwhile(client: Client, sheet: ProgressSheet, officer: User) -> None:
    ProgressSheet.objects.filter(pk=sheet.pk).update(
        state="closed", closed_at=sheet.turn_since, closed_by=officer
    )
    response = post_json(client, sheet, body_of(officer, {"note-shared": ("間に合わない", "")}), PLACE)
    assert response.status_code == 409
    assert response.json()["reason"] == "moved_on"
    assert "2022年10月が確定しました" in response.json()["message"]
    assert not FieldNote.objects.exists()


def test_a_row_that_the_plan_no_longer_has(send: Callable[..., Any], sheet: ProgressSheet) -> None:
    answer = send({"outcome-999999": (["seen", "文", ""], ["", "", ""]), "note-shared": ("メモ", "")})
    assert states(answer) == {"outcome-999999": "gone", "note-shared": "saved"}


@pytest.mark.parametrize(
    "cells",
    [
        {"note-shared": ([], [])},
        {"note-shared": ("a", ["", ""])},
        {"meeting": (["2022-11-15"], [""])},
        {"homework-new0": (["a"], [""])},
    ],
)
def test_no_such_cell(client: Client, sheet: ProgressSheet, officer: User, cells: Cells) -> None:
    response = post_json(client, sheet, body_of(officer, cells), PLACE)
    assert response.status_code == 400
    assert not FieldNote.objects.exists()


def test_signed_out_or_somebody_else(
    client: Client, sheet: ProgressSheet, officer: User, admin: User
) -> None:
    body = body_of(admin, {"note-shared": ("a", "")})
    response = post_json(client, sheet, body, PLACE)
    assert (response.status_code, response.json()["reason"]) == (403, "other_person")
    response = post_json(Client(), sheet, body, PLACE)
    assert (response.status_code, response.json()["reason"]) == (401, "signed_out")
    assert not FieldNote.objects.exists()


def test_nobody_from_elsewhere_is_taken_in(
    send: Callable[..., Any], sheet: ProgressSheet, stranger: User
) -> None:
    blank = ["", "", "", "", "in_person", "", "", "", "", ""]
    typed = ["2022-11-15", "", "", "", "in_person", str(stranger.pk), "", "", "", ""]
    assert states(send({"meeting": (typed, blank)})) == {"meeting": "wrong"}
    assert not Meeting.objects.exists()


def test_attendees_written_down_stay_when_others_come(
    send: Callable[..., Any], sheet: ProgressSheet, officer: User
) -> None:
    meeting = MeetingFactory(grant=sheet.grant, sheets=[sheet])
    AttendeeFactory(meeting=meeting, name="鈴木 一郎", title="理事")
    seen = ["2022年11月15日", "", "", meeting.place, meeting.form, "", "鈴木 一郎（理事）", "", "", ""]
    typed = [*seen[:7], str(officer.pk), "", ""]
    assert states(send({"meeting": (typed, seen)})) == {"meeting": "saved"}
    assert [str(a) for a in meeting.attendees.all()] == [
        "鈴木 一郎（理事）",
        "小野 彩（プログラム・オフィサー）",
    ]
