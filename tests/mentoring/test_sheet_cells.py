"""A page that saves itself: single cells, by JSON, in few queries."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import JournalEntry, User
from grants.models import Expenditure, Grant, Indicator, Output, Purpose, ShortTermOutcome
from mentoring.cells import cell_named, cells_of
from mentoring.models import ActionItem, CostReview, Figure, OutcomeChange, ProgressSheet
from mentoring.selectors import plan_of
from mentoring.services.entry import write_row
from mentoring.services.moves import submit_sheet
from mentoring.standing import stand_of
from mentoring.writers import last_writer
from tests.factories import (
    ActionItemFactory,
    BudgetLineFactory,
    FigureFactory,
    OutcomeChangeFactory,
    PlanRows,
    SheetFactory,
    make_plan,
)
from tests.mentoring.entry import change, figure, full_month, open_entry, save, submit
from tests.mentoring.saving import body_of, post_json, save_cell

SignIn = Callable[[User], Client]
NOON = dt.datetime(2022, 11, 8, 14, 32, tzinfo=dt.timezone(dt.timedelta(hours=9)))


@pytest.fixture
def sheet(plan: PlanRows) -> ProgressSheet:
    return SheetFactory(grant=plan.grant)


@pytest.fixture
def client(sign_in: SignIn, representative: User) -> Client:
    return sign_in(representative)


def entered(plan: PlanRows, method: str) -> Figure:
    return Figure.objects.get(indicator=plan.indicators[method])


# --- saving -----------------------------------------------------------------------------------------------------


@time_machine.travel(NOON, tick=False)
def test_saves_a_figure(client: Client, sheet: ProgressSheet, plan: PlanRows, representative: User) -> None:
    key = figure(plan, "sum")
    response = post_json(client, sheet, body_of(representative, {key: ("１，２３４回", "")}))
    assert response.status_code == 200
    assert response.json() == {
        "saved_at": "14:32",
        "version": 1,
        "cells": {
            key: {
                "state": "saved",
                "stored": ["1234"],
                "shown": ["1,234"],
                "errors": [],
                "doubts": [
                    {
                        "name": key,
                        "text": "このひと月だけで、目標より大きな数です。桁をたしかめてください。このままでも保存できます。",
                    }
                ],
            }
        },
        "renamed": {},
    }
    row = entered(plan, "sum")
    assert (row.value, row.history.get().history_user) == (1234, representative)
    sheet.refresh_from_db()
    assert sheet.version == 1


def test_saves_every_cell_of_a_month_as_the_page_does(
    client: Client, sheet: ProgressSheet, plan: PlanRows, representative: User
) -> None:
    typed = full_month(plan)
    cells: dict[str, tuple[Any, Any]] = {
        key: (text, "")
        for key, text in typed.items()
        if "-numerator" not in key and "-denominator" not in key
    }
    cells[figure(plan, "ratio", "numerator")] = (["5", "8"], ["", ""])
    cells["remark-remark"] = ("笑い声が増えた。", "")
    cells["cost-direct-consultation"] = ("講師謝金が動いていない。", "")
    cells[figure(plan, "sum", "note")] = ("3施設で2回ずつ。", "")
    answers = post_json(client, sheet, body_of(representative, cells)).json()["cells"]
    assert {answer["state"] for answer in answers.values()} == {"saved"}
    assert (entered(plan, "sum").value, entered(plan, "sum").note) == (6, "3施設で2回ずつ。")
    ratio, state = entered(plan, "ratio"), entered(plan, "state")
    assert (ratio.numerator, ratio.denominator) == (5, 8)
    assert (state.step, state.sentence) == ("ontrack", "自分から話す人が出てきた。")
    assert entered(plan, "presence").presence == "in_progress"
    assert OutcomeChange.objects.get(outcome=plan.outcomes[1]).text == "変わらない"
    spent = dict(Expenditure.objects.values_list("purpose", "amount_yen"))
    assert spent == {"direct": 402_318, "administrative": 73_240}
    direct = CostReview.objects.get(purpose=Purpose.DIRECT)
    assert (direct.status, direct.consultation) == ("slow", "講師謝金が動いていない。")
    sheet.refresh_from_db()
    assert (sheet.remark, sheet.version) == ("笑い声が増えた。", 1)
    # and the page that opens then has the same in its fields
    again = open_entry(client, sheet)
    assert {key: again[key] for key in typed if "spent" not in key} == {
        key: text for key, text in typed.items() if "spent" not in key
    }


def test_homework_is_ticked_and_unticked(
    client: Client, sheet: ProgressSheet, plan: PlanRows, representative: User
) -> None:
    item = ActionItemFactory(sheet=SheetFactory(grant=plan.grant, month=sheet.month.replace(month=9)))
    key = f"homework-{item.pk}-done"
    assert save_cell(client, representative, sheet, key, "on")["stored"] == ["1"]
    item.refresh_from_db()
    assert item.done_by == representative
    assert save_cell(client, representative, sheet, key, "", "1")["state"] == "saved"
    assert ActionItem.objects.open().get() == item
    verbs = list(JournalEntry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["homework.ticked", "homework.unticked"]


def test_a_figure_can_be_taken_back(
    client: Client, sheet: ProgressSheet, plan: PlanRows, representative: User
) -> None:
    FigureFactory(sheet=sheet, indicator=plan.indicators["sum"], value=6, note="台風。")
    assert save_cell(client, representative, sheet, figure(plan, "sum"), " ", "6")["stored"] == [""]
    assert (entered(plan, "sum").value, entered(plan, "sum").note) == (None, "台風。")


def test_what_is_the_same_writes_nothing(
    client: Client, sheet: ProgressSheet, plan: PlanRows, representative: User
) -> None:
    FigureFactory(sheet=sheet, indicator=plan.indicators["sum"], value=6)
    body = body_of(representative, {figure(plan, "sum"): ("６回", "6")})
    answer = post_json(client, sheet, body).json()
    assert (answer["version"], answer["cells"][figure(plan, "sum")]["state"]) == (0, "same")
    sheet.refresh_from_db()
    assert (sheet.version, entered(plan, "sum").history.count()) == (0, 1)
    assert not JournalEntry.objects.exists()


def test_a_correction_is_marked_in_the_history(sign_in: SignIn, officer: User, plan: PlanRows) -> None:
    sheet = SheetFactory(grant=plan.grant, state="reopened")
    save_cell(sign_in(officer), officer, sheet, figure(plan, "sum"), "6")
    save_cell(sign_in(officer), officer, sheet, "spent-direct-amount_yen", "500")
    assert entered(plan, "sum").history.get().history_change_reason == "correction"
    assert Expenditure.objects.get().history.get().history_change_reason == "correction"


def test_the_journal_has_a_line_for_a_person_and_a_sitting(
    client: Client, sheet: ProgressSheet, plan: PlanRows, representative: User, member: User, sign_in: SignIn
) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        save_cell(client, representative, sheet, figure(plan, "sum"), "6")
        clock.shift(dt.timedelta(minutes=20))
        save_cell(client, representative, sheet, figure(plan, "latest"), "11")
        save_cell(sign_in(member), member, sheet, change(plan), "顔なじみが増えた。")
        clock.shift(dt.timedelta(minutes=20))
        save_cell(client, representative, sheet, figure(plan, "new_unique"), "2")
    lines = JournalEntry.objects.filter(verb="sheet.save").order_by("pk")
    assert [(line.actor, line.details["cells"]) for line in lines] == [
        (representative, [figure(plan, "sum")]),
        (member, [change(plan)]),
        (representative, [figure(plan, "new_unique")]),
    ]


# --- wrong and doubtful ------------------------------------------------------------------------------------------


def test_a_wrong_cell_says_all_and_the_rest_is_saved(
    client: Client, sheet: ProgressSheet, plan: PlanRows, representative: User
) -> None:
    numerator = figure(plan, "ratio", "numerator")
    cells: dict[str, tuple[Any, Any]] = {
        figure(plan, "sum"): ("１２人くらい", ""),
        numerator: (["5", ""], ["", ""]),
        "spent-direct-amount_yen": ("だいたい40万", ""),
        figure(plan, "presence", "presence"): ("made-up", ""),
        change(plan): ("あ" * 4001, ""),
        figure(plan, "latest"): ("11", ""),
    }
    answers = post_json(client, sheet, body_of(representative, cells)).json()["cells"]
    assert {key for key, answer in answers.items() if answer["state"] == "wrong"} == {*cells} - {
        figure(plan, "latest")
    }
    assert answers[numerator]["errors"] == [
        {
            "name": figure(plan, "ratio", "denominator"),
            "text": "全体の数も入れてください。割合は2つの数で計算します。",
        }
    ]
    # the same words as the page's, for each of them
    fields = {**open_entry(client, sheet), figure(plan, "ratio", "denominator"): ""}
    fields |= {key: typed if isinstance(typed, str) else typed[0] for key, (typed, _seen) in cells.items()}
    html = save(client, sheet, fields).content.decode()
    told = [error["text"] for answer in answers.values() for error in answer["errors"]]
    assert len(told) == 5
    assert [text for text in told if text not in html] == []
    assert Figure.objects.get().value == 11


def test_a_name_in_a_text_is_doubted_and_saved(
    client: Client, sheet: ProgressSheet, plan: PlanRows, representative: User
) -> None:
    answer = save_cell(client, representative, sheet, change(plan), "やまださんとあおぞらの会さんが来た。")
    words = "「やまださん」は人の名前のように読めます。書き直すか、このままでも保存できます。"
    assert answer["doubts"] == [{"name": change(plan), "text": words}]
    assert OutcomeChange.objects.get().text == "やまださんとあおぞらの会さんが来た。"


@pytest.mark.parametrize("typed", ["a\x00b", "\ud800x"])
def test_letters_that_are_none_do_no_harm(
    client: Client, sheet: ProgressSheet, representative: User, typed: str
) -> None:
    assert save_cell(client, representative, sheet, "remark-remark", typed)["state"] in ("wrong", "saved")


# --- two people ---------------------------------------------------------------------------------------------------


@time_machine.travel(NOON, tick=False)
def test_the_same_cell_is_a_conflict_that_says_who_and_when(
    client: Client, sign_in: SignIn, sheet: ProgressSheet, plan: PlanRows, representative: User, member: User
) -> None:
    OutcomeChangeFactory(sheet=sheet, outcome=plan.outcomes[0], text="はじめの文")
    save_cell(sign_in(member), member, sheet, change(plan), "空野の文", "はじめの文")
    answer = save_cell(client, representative, sheet, change(plan), "青木の文", "はじめの文")
    assert answer == {
        "state": "conflict",
        "stored": ["空野の文"],
        "shown": ["空野の文"],
        "errors": [],
        "doubts": [],
        "theirs": "空野の文",
        "by": "空野 みおさん",
        "at": "14:32",
    }
    assert OutcomeChange.objects.get().text == "空野の文"
    # having seen it, the writer may put their own in its place
    assert save_cell(client, representative, sheet, change(plan), "青木の文", "空野の文")["state"] == "saved"
    assert OutcomeChange.objects.get().text == "青木の文"


PLACES: dict[
    str, tuple[Callable[[PlanRows], str], Any, Any]
] = {  # the key, what one writes there, what the other
    "sentence on an outcome": (change, "空野の文", "青木の文"),
    "number": (lambda plan: figure(plan, "sum"), "7", "8"),
    "ratio": (lambda plan: figure(plan, "ratio", "numerator"), ["4", "8"], ["5", "8"]),
    "step": (lambda plan: figure(plan, "state", "step"), "ahead", "behind"),
    "sentence on a state": (lambda plan: figure(plan, "state", "sentence"), "空野の文", "青木の文"),
    "presence": (lambda plan: figure(plan, "presence", "presence"), "present", "none"),
    "remark on a figure": (lambda plan: figure(plan, "sum", "note"), "空野の文", "青木の文"),
    "spending": (lambda _plan: "spent-direct-amount_yen", "700", "800"),
    "word on a cost": (lambda _plan: "cost-direct-status", "slow", "fine"),
    "remark on a cost": (lambda _plan: "cost-direct-consultation", "空野の文", "青木の文"),
    "remark on the sheet": (lambda _plan: "remark-remark", "空野の文", "青木の文"),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("with_script", [True, False], ids=["script", "no script"])
def test_every_conflict_says_who_and_when(
    client: Client,
    sign_in: SignIn,
    sheet: ProgressSheet,
    plan: PlanRows,
    representative: User,
    member: User,
    place: str,
    with_script: bool,
) -> None:
    """Also when the other has been writing for a while, which is one line in the journal, and has since left."""
    key, theirs, mine = PLACES[place][0](plan), *PLACES[place][1:]
    blank = "" if isinstance(theirs, str) else ["", ""]
    old, other = open_entry(client, sheet), sign_in(member)
    with time_machine.travel(NOON, tick=False) as clock:
        save_cell(other, member, sheet, figure(plan, "latest"), "11")
        clock.shift(dt.timedelta(minutes=10))
        save_cell(other, member, sheet, key, theirs, blank)
        clock.shift(dt.timedelta(minutes=5))
        save_cell(other, member, sheet, figure(plan, "latest"), "12", "11")
        if with_script:
            answer = save_cell(client, representative, sheet, key, mine, blank)
            assert (answer["state"], answer["by"], answer["at"]) == ("conflict", "空野 みおさん", "14:42")
            return
        cell = cell_named(key)
        assert cell is not None
        typed = dict(zip(cell.names, [mine] if isinstance(mine, str) else mine, strict=True))
        response = save(client, sheet, {**old, **typed})
    assert response.status_code == 422
    assert "空野 みおさんの入力 14:42" in response.content.decode()


def test_who_wrote_it_is_known_when_a_third_text_comes_in_before_it_is_told(
    plan: PlanRows, sheet: ProgressSheet, representative: User, member: User
) -> None:
    """The history is asked after the lock was let go of."""
    note = cell_named(figure(plan, "sum", "note"))
    assert note is not None
    for by, text in ((member, "空野の文"), (representative, "青木の文")):
        row = stand_of(sheet.pk, note, by).row or Figure(sheet=sheet, indicator=plan.indicators["sum"])
        write_row(row, {"note": text}, by, "")  # type: ignore[arg-type]
        if by == member:
            standing = stand_of(sheet.pk, note, by)
    who, at = last_writer(standing, ("空野の文",))
    assert (who, at) == (member, Figure.history.earliest().history_date)


def test_another_cell_of_the_same_row_is_none_of_it(
    client: Client, sign_in: SignIn, sheet: ProgressSheet, plan: PlanRows, representative: User, member: User
) -> None:
    save_cell(sign_in(member), member, sheet, figure(plan, "sum", "note"), "台風。")
    assert save_cell(client, representative, sheet, figure(plan, "sum"), "6")["state"] == "saved"
    assert (entered(plan, "sum").value, entered(plan, "sum").note) == (6, "台風。")


def test_what_i_left_alone_gives_way(
    client: Client, sign_in: SignIn, sheet: ProgressSheet, plan: PlanRows, representative: User, member: User
) -> None:
    FigureFactory(sheet=sheet, indicator=plan.indicators["sum"], value=5)
    save_cell(sign_in(member), member, sheet, figure(plan, "sum"), "7", "5")
    answer = save_cell(client, representative, sheet, figure(plan, "sum"), "5", "5")
    assert (answer["state"], answer["shown"], answer["by"]) == ("kept", ["7"], "空野 みおさん")
    assert entered(plan, "sum").value == 7


def test_my_other_tab_is_called_mine(
    client: Client, sheet: ProgressSheet, representative: User, plan: PlanRows
) -> None:
    save_cell(client, representative, sheet, "remark-remark", "ひとつめ")
    answer = save_cell(client, representative, sheet, "remark-remark", "ふたつめ")
    assert (answer["state"], answer["by"]) == ("conflict", "ほかの画面のあなた")
    save_cell(client, representative, sheet, figure(plan, "ratio", "numerator"), ["4", "8"], ["", ""])
    answer = save_cell(
        client, representative, sheet, figure(plan, "ratio", "numerator"), ["5", "8"], ["", ""]
    )
    assert (answer["state"], answer["theirs"]) == ("conflict", "4／8")


# --- only this sheet's cells ---------------------------------------------------------------------------------------


def test_cells_of_others_are_not_here(
    client: Client, sheet: ProgressSheet, plan: PlanRows, representative: User, other_grant: Grant
) -> None:
    elsewhere = make_plan(other_grant)
    later = ActionItemFactory(sheet=sheet)
    theirs = ActionItemFactory(sheet=SheetFactory(grant=other_grant, month=sheet.month.replace(month=9)))
    keys = [
        figure(elsewhere, "sum"),
        figure(elsewhere, "sum", "note"),
        change(elsewhere),
        figure(plan, "sum", "sentence"),  # not what this indicator is entered in
        figure(plan, "presence"),
        f"homework-{later.pk}-done",
        f"homework-{theirs.pk}-done",
        "figure-999999999999999999-value",
        "spent-evaluation-amount_yen",
    ]
    answers = post_json(client, sheet, body_of(representative, dict.fromkeys(keys, ("1", "")))).json()
    assert {key: answer["state"] for key, answer in answers["cells"].items()} == dict.fromkeys(keys, "gone")
    assert answers["version"] == 0
    assert (Figure.objects.count(), OutcomeChange.objects.count()) == (0, 0)
    assert ActionItem.objects.open().count() == 2


def test_evaluation_is_saved_where_it_is_planned(
    client: Client, sheet: ProgressSheet, plan: PlanRows, representative: User
) -> None:
    BudgetLineFactory(grant=plan.grant, purpose=Purpose.EVALUATION)
    answer = save_cell(client, representative, sheet, "spent-evaluation-amount_yen", "3000")
    assert answer["state"] == "saved"


@pytest.mark.parametrize("pinned", [False, True], ids=["plan in force", "pinned plan"])
def test_the_plan_of_the_month_decides(officer: User, member: User, plan: PlanRows, pinned: bool) -> None:
    """What single cells find on a sheet is what its page has, however the plan was revised."""
    sheet = SheetFactory(grant=plan.grant)
    possible = cells_of(plan_of(sheet), [], [])
    if pinned:
        submit_sheet(sheet=sheet, by=member)
        ProgressSheet.objects.update(state="reopened")
        sheet.refresh_from_db()
    Indicator.objects.filter(pk=plan.indicators["latest"].pk).update(retired_from=sheet.month)
    Output.objects.filter(pk=plan.outputs[2].pk).update(retired_from=sheet.month)  # with its indicator
    ShortTermOutcome.objects.filter(pk=plan.outcomes[1].pk).update(retired_from=sheet.month)
    plan.indicators["sum"].versions.update(valid_from=sheet.month.replace(month=12))
    on_page = {cell.key for cell in cells_of(plan_of(sheet), [], [])}
    found = {cell.key for cell in possible if stand_of(sheet.pk, cell, officer).is_on_sheet}
    assert found == on_page
    gone = {
        figure(plan, "sum"),
        figure(plan, "latest"),
        figure(plan, "presence", "presence"),
        change(plan, 1),
    }
    assert gone <= found if pinned else not gone & found


# --- who may -------------------------------------------------------------------------------------------------------


def test_signed_out_is_said_in_json(sheet: ProgressSheet, plan: PlanRows, representative: User) -> None:
    response = post_json(Client(), sheet, body_of(representative, {figure(plan, "sum"): ("6", "")}))
    assert (response.status_code, response.json()["reason"]) == (401, "signed_out")
    assert not Figure.objects.exists()


def test_somebody_else_does_not_send_my_text(
    sign_in: SignIn, sheet: ProgressSheet, plan: PlanRows, representative: User, member: User
) -> None:
    response = post_json(sign_in(member), sheet, body_of(representative, {figure(plan, "sum"): ("6", "")}))
    assert (response.status_code, response.json()["reason"]) == (403, "other_person")
    assert not Figure.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"),
    [("stranger", 404), ("other_grantee", 404), ("board", 404), ("adviser", 403), ("accountant", 403), ("admin", 403),
     ("officer", 409)],
)  # fmt: skip
def test_others_may_not(
    request: pytest.FixtureRequest,
    sign_in: SignIn,
    sheet: ProgressSheet,
    plan: PlanRows,
    who: str,
    status: int,
) -> None:
    user = request.getfixturevalue(who)
    response = post_json(sign_in(user), sheet, body_of(user, {figure(plan, "sum"): ("6", "")}))
    assert response.status_code == status
    assert "message" in response.json()
    sheet.refresh_from_db()
    assert (sheet.version, Figure.objects.count()) == (0, 0)


@pytest.mark.parametrize("state", ["submitted", "closed"])
def test_a_sheet_that_moved_on_says_so(
    client: Client, sheet: ProgressSheet, plan: PlanRows, representative: User, officer: User, state: str
) -> None:
    closed = {"closed_at": sheet.turn_since, "closed_by": officer} if state == "closed" else {}
    ProgressSheet.objects.update(state=state, **closed)
    response = post_json(client, sheet, body_of(representative, {figure(plan, "sum"): ("6", "")}))
    assert (response.status_code, response.json()["state"]) == (409, state)
    assert "入力はこの画面に残っています" in response.json()["message"]
    assert not Figure.objects.exists()


def test_a_missing_token_is_said_in_json(sheet: ProgressSheet, representative: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(representative)
    response = post_json(client, sheet, body_of(representative, {"remark-remark": ("x", "")}))
    assert (response.status_code, response.json()["reason"]) == (403, "csrf")


@pytest.mark.parametrize(
    "cells",
    [
        None, [], {}, {"remark-remark": "x"}, {"remark-remark": {"typed": ["x"]}},
        {"remark-remark": {"typed": "x", "seen": [""]}}, {"remark-remark": {"typed": [1], "seen": [""]}},
        {"remark-remark": {"typed": ["x", "y"], "seen": [""]}}, {"remark-remark": {"typed": ["x"], "seen": ["", ""]}},
        {"remark": {"typed": ["x"], "seen": [""]}}, {"remark-1-remark": {"typed": ["x"], "seen": [""]}},
        {"figure-x-value": {"typed": ["x"], "seen": [""]}}, {"figure--value": {"typed": ["x"], "seen": [""]}},
        {"figure-1-pk": {"typed": ["x"], "seen": [""]}}, {"spent-other-amount_yen": {"typed": ["x"], "seen": [""]}},
        {"cost-evaluation-status": {"typed": ["x"], "seen": [""]}}, {"": {"typed": ["x"], "seen": [""]}},
        {"figure-9999999999999999999-value": {"typed": ["x"], "seen": [""]}},
    ],
)  # fmt: skip
def test_what_is_no_such_request_is_refused(
    client: Client, sheet: ProgressSheet, representative: User, cells: Any
) -> None:
    assert post_json(client, sheet, {"user": representative.pk, "cells": cells}).status_code == 400


@pytest.mark.parametrize("body", ["", "x", "[]", "null", "[" * 5000, '{"cells": {}}', b"\xff"])
def test_what_is_no_json_is_refused(client: Client, sheet: ProgressSheet, body: Any) -> None:
    assert post_json(client, sheet, body).status_code == 400


def test_no_other_method(client: Client, sheet: ProgressSheet) -> None:
    assert client.get(f"/sheets/{sheet.pk}/cells/").status_code == 405


@pytest.mark.parametrize(
    "key",
    ["figure-12-value", "figure-12-numerator", "change-3-text", "spent-direct-amount_yen", "cost-direct-status",
     "homework-5-done", "remark-remark"],
)  # fmt: skip
def test_a_key_names_its_cell(key: str) -> None:
    cell = cell_named(key)
    assert cell is not None
    assert cell.key == key


# --- what it costs -------------------------------------------------------------------------------------------------

SESSION_AND_USER = 2
FIRST, LATER = 5, 4  # the first cell of a sitting also writes the journal's line


def queries_of(client: Client, sheet: ProgressSheet, user: User, key: str, typed: Any, seen: Any) -> int:
    """Of one saved cell, besides those for session and user. The test's own transaction turns BEGIN and COMMIT
    into a savepoint, which is not counted either."""
    with CaptureQueriesContext(connection) as captured:
        assert save_cell(client, user, sheet, key, typed, seen)["state"] == "saved"
    return sum("SAVEPOINT" not in query["sql"] for query in captured.captured_queries) - SESSION_AND_USER


@pytest.mark.parametrize(
    ("key", "typed", "stored", "again", "first", "later"),
    [
        ("figure-{sum}-value", "6回", "6", "7", FIRST, LATER),
        ("figure-{ratio}-numerator", ["5", "8"], ["5", "8"], ["5", "9"], FIRST, LATER),
        ("figure-{sum}-note", "台風。", "台風。", "", FIRST, LATER),
        ("change-{outcome}-text", "やまださんが来た。", "やまださんが来た。", "変わらない", FIRST, LATER),
        ("spent-direct-amount_yen", "500", "500", "600", FIRST, LATER),
        ("cost-direct-status", "fine", "fine", "slow", FIRST, LATER),
        ("homework-{item}-done", "on", "1", "", 5, 5),  # has a line of its own each time
        ("remark-remark", "笑い声", "笑い声", "歌声", 4, 3),  # stands on the sheet
    ],
)
def test_a_cell_is_five_queries_at_most(
    client: Client, sheet: ProgressSheet, plan: PlanRows, representative: User,
    key: str, typed: Any, stored: Any, again: Any, first: int, later: int,
) -> None:  # fmt: skip
    september = SheetFactory(grant=plan.grant, month=sheet.month.replace(month=9))
    ids = {method: indicator.pk for method, indicator in plan.indicators.items()}
    key = key.format(outcome=plan.outcomes[0].pk, item=ActionItemFactory(sheet=september).pk, **ids)
    blank = [""] * len(typed) if isinstance(typed, list) else ""
    counted = (
        queries_of(client, sheet, representative, key, typed, blank),
        queries_of(client, sheet, representative, key, again, stored),
    )
    assert counted == (first, later)


def test_all_cells_as_they_stand(
    client: Client, sheet: ProgressSheet, plan: PlanRows, representative: User
) -> None:
    save_cell(client, representative, sheet, figure(plan, "sum"), "1234")
    now = client.get(f"/sheets/{sheet.pk}/cells/now/").json()
    assert now["version"] == 1
    assert now["cells"][figure(plan, "sum")] == {"stored": ["1234"], "shown": ["1,234"]}
    assert now["cells"][figure(plan, "latest")] == {"stored": [""], "shown": [""]}
    assert set(now["cells"]) >= {
        change(plan),
        "remark-remark",
        "cost-direct-status",
        "spent-direct-amount_yen",
    }


@pytest.mark.parametrize("since", ["", "x", "[]", '{"a": 1}', "[" * 5000])
def test_what_was_saved_since_is_read_with_what_was_seen(
    client: Client, sheet: ProgressSheet, plan: PlanRows, representative: User, member: User, sign_in: SignIn,
    since: str,
) -> None:  # fmt: skip
    """What I saved by myself, another changed, and I left alone then, is theirs: no conflict with my own text."""
    key = figure(plan, "sum")
    opened = {**open_entry(client, sheet), key: "6"}
    save_cell(client, representative, sheet, key, "6")
    save_cell(sign_in(member), member, sheet, key, "7", "6")
    assert save(client, sheet, {**opened, "since": since}).status_code == 422
    assert save(client, sheet, {**opened, "since": json.dumps({key: ["6"]})}).status_code == 302
    assert entered(plan, "sum").value == 7
    unsigned = {**opened, "seen": "", "since": json.dumps({key: ["7"]})}
    assert save(client, sheet, unsigned).status_code == 422  # only with a page of ours


def test_after_saving_by_itself_the_whole_page_is_no_conflict(
    client: Client, sheet: ProgressSheet, plan: PlanRows, representative: User
) -> None:
    opened = {**open_entry(client, sheet), **full_month(plan)}
    for key in (figure(plan, "sum"), change(plan)):
        save_cell(client, representative, sheet, key, opened[key])
    opened["accept_blanks"] = "1"
    assert submit(client, sheet, opened).status_code == 302
    sheet.refresh_from_db()
    assert sheet.state == "submitted"


def test_a_kept_post_is_let_go_of(
    client: Client, sheet: ProgressSheet, plan: PlanRows, representative: User
) -> None:
    fields = {**open_entry(client, sheet), change(plan): "長い文"}
    signed_out = Client()
    save(signed_out, sheet, fields)
    signed_out.force_login(representative)
    assert "まだ保存していません" in signed_out.get(f"/sheets/{sheet.pk}/entry/").content.decode()
    save_cell(signed_out, representative, sheet, change(plan), "長い文")
    assert "まだ保存していません" not in signed_out.get(f"/sheets/{sheet.pk}/entry/").content.decode()


def test_the_answer_is_json_that_nobody_else_can_embed(
    client: Client, sheet: ProgressSheet, representative: User
) -> None:
    response = post_json(client, sheet, body_of(representative, {"remark-remark": ("<b>", "")}))
    assert response["Content-Type"] == "application/json"
    assert json.loads(response.content)["cells"]["remark-remark"]["shown"] == ["<b>"]
