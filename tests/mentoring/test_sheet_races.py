"""Two people at the same moment, on two real connections. SQLite has no row locks: PostgreSQL only."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections

from accounts.models import User
from core import clock
from core.autosave import Sent
from mentoring.access import SheetDoor
from mentoring.cells import Cell, Kind, cell_named
from mentoring.forms.clashes import moment_label
from mentoring.forms.sent_cells import SentCell
from mentoring.models import Figure, OutcomeChange, ProgressSheet, RowComment
from mentoring.models.meetings import Side
from mentoring.services.cells import NotOpen, SavedCells, save_cells
from mentoring.services.comments import TooLate, answer_comment, ask_on_row, correct_comment
from mentoring.services.entry import SavedEntry, save_entry
from mentoring.services.moves import submit_sheet
from mentoring.threads import Row
from mentoring.workflow import WrongState, move_sheet
from tests.factories import (
    FoundationFactory,
    GrantFactory,
    MembershipFactory,
    PlanRows,
    RowCommentFactory,
    SheetFactory,
    make_plan,
)

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs row locks"),
]


@pytest.fixture
def plan(transactional_db: None) -> PlanRows:
    return make_plan(GrantFactory(program__fund__foundation=FoundationFactory()))


@pytest.fixture
def sheet(plan: PlanRows) -> ProgressSheet:
    return SheetFactory(grant=plan.grant)


def person(plan: PlanRows) -> User:
    return MembershipFactory(organisation=plan.grant.organisation).user


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Runs each in a thread of its own; what it returned, or the exception it raised."""
    results: list[Any] = [None] * len(acts)
    start = threading.Barrier(len(acts))

    def run(index: int, act: Callable[[], Any]) -> None:
        try:
            start.wait(timeout=10)
            results[index] = act()
        except Exception as error:  # handed to the test, which looks at it
            results[index] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    return results


def test_two_submits_make_one_event(plan: PlanRows, sheet: ProgressSheet) -> None:
    first, second = person(plan), person(plan)
    results = at_once(
        lambda: submit_sheet(sheet=sheet, by=first), lambda: submit_sheet(sheet=sheet, by=second)
    )
    assert sorted(type(result) for result in results if isinstance(result, Exception)) == [WrongState]
    assert sheet.events.filter(act="submit").count() == 1
    sheet.refresh_from_db()
    assert (sheet.state, sheet.version) == ("submitted", 1)


def test_two_saves_of_one_cell_keep_both_texts(plan: PlanRows, sheet: ProgressSheet) -> None:
    cell = Cell(Kind.CHANGE, str(plan.outcomes[0].pk), ("text",))
    people = [person(plan), person(plan)]

    def save(text: str, by: User) -> SavedEntry:
        return save_entry(sheet=sheet, cells=[cell], typed={cell.key: (text,)}, seen={cell.key: ("",)}, by=by)

    results: list[SavedEntry] = at_once(
        lambda: save("青木の文", people[0]), lambda: save("空野の文", people[1])
    )
    stands = OutcomeChange.objects.get().text
    conflicts = [result.conflicts for result in results if result.conflicts]
    assert conflicts == [{cell.key: (stands,)}]
    assert stands in ("青木の文", "空野の文")
    sheet.refresh_from_db()
    assert sheet.version == 1


def test_two_saves_of_different_cells_are_both_kept(plan: PlanRows, sheet: ProgressSheet) -> None:
    people = [person(plan), person(plan)]
    cells = [Cell(Kind.FIGURE, str(plan.indicators["sum"].pk), (name,)) for name in ("value", "note")]

    def save(index: int, value: Any) -> SavedEntry:
        return save_entry(
            sheet=sheet, cells=cells, typed={cells[index].key: (value,)}, seen={}, by=people[index]
        )

    results = at_once(lambda: save(0, 6), lambda: save(1, "3施設で"))
    assert [result.written for result in results] == [[cell.key] for cell in cells]
    figure = Figure.objects.get()
    assert (figure.value, figure.note) == (6, "3施設で")


# --- cells saved by themselves: several rounds, since only some of them meet at the lock ---

ROUNDS = 8


def sent(sheet: ProgressSheet, by: User, key: str, text: str, seen: str = "") -> SavedCells:
    cell = SentCell(cell_named(key), Sent((text,), (seen,)))  # type: ignore[arg-type]
    return save_cells(door=SheetDoor(by, sheet.pk), seen={cell.cell: cell.seen}, read=cell.read, by=by)


def states(results: list[SavedCells]) -> list[str]:
    return sorted(str(result.cells[0].settled) for result in results)


def test_two_writers_of_one_cell_make_one_conflict_and_lose_nothing(
    plan: PlanRows, sheet: ProgressSheet
) -> None:
    people, key, stands = [person(plan), person(plan)], f"change-{plan.outcomes[0].pk}-text", ""
    for number in range(ROUNDS):  # the first makes the row, the others change it
        texts = [f"青木の文{number}", f"空野の文{number}"]
        results = at_once(
            lambda: sent(sheet, people[0], key, texts[0], stands),  # noqa: B023
            lambda: sent(sheet, people[1], key, texts[1], stands),  # noqa: B023
        )
        assert states(results) == ["conflict", "write"]
        stands = OutcomeChange.objects.get().text
        assert stands in texts
        loser = next(result for result in results if str(result.cells[0].settled) == "conflict")
        assert loser.cells[0].stored == (stands,)  # what they are shown beside their own
    sheet.refresh_from_db()
    assert sheet.version == ROUNDS
    assert OutcomeChange.history.count() == ROUNDS


@pytest.mark.parametrize("place", ["figure", "cost", "sheet"])
def test_whoever_comes_second_to_a_remark_is_told_whose_it_is_and_when(
    plan: PlanRows, sheet: ProgressSheet, place: str
) -> None:
    people, stands = [person(plan), person(plan)], ""
    key = {
        "figure": f"figure-{plan.indicators['sum'].pk}-note",
        "cost": "cost-direct-consultation",
        "sheet": "remark-remark",
    }[place]

    def write(by: User, text: str) -> dict[str, Any]:
        one = SentCell(cell_named(key), Sent((text,), (stands,)))  # type: ignore[arg-type]
        saved = save_cells(door=SheetDoor(by, sheet.pk), seen={one.cell: one.seen}, read=one.read, by=by)
        return one.answer(saved.cells[0], by)

    for number in range(ROUNDS):
        texts = [f"一人めの備考{number}", f"二人めの備考{number}"]
        before = clock.now()
        answers = at_once(lambda: write(people[0], texts[0]), lambda: write(people[1], texts[1]))  # noqa: B023
        loser = next(answer for answer in answers if answer["state"] == "conflict")
        winner = 1 - answers.index(loser)
        stands = texts[winner]
        assert (loser["theirs"], loser["by"]) == (stands, f"{people[winner]}さん")
        assert loser["at"] in {moment_label(before), moment_label(clock.now())}


def test_two_writers_of_different_cells_both_stand(plan: PlanRows, sheet: ProgressSheet) -> None:
    """Of one row, which one of them has to make; and the remark, which stands on the locked row itself."""
    people, figure = [person(plan), person(plan)], f"figure-{plan.indicators['sum'].pk}"
    seen = ["", "", ""]
    for number in range(ROUNDS):
        texts = [str(number + 1), f"備考{number}", f"つぶやき{number}"]
        results = at_once(
            lambda: sent(sheet, people[0], f"{figure}-value", texts[0], seen[0]),  # noqa: B023
            lambda: sent(sheet, people[1], f"{figure}-note", texts[1], seen[1]),  # noqa: B023
            lambda: sent(sheet, people[1], "remark-remark", texts[2], seen[2]),  # noqa: B023
        )
        assert states(results) == ["write"] * 3
        row = Figure.objects.get()
        sheet.refresh_from_db()
        assert [f"{row.value.normalize():f}", row.note, sheet.remark] == texts  # type: ignore[union-attr]
        seen = texts
    assert sheet.version == 3 * ROUNDS


def test_a_cell_and_a_whole_page_do_not_lose_each_other(plan: PlanRows, sheet: ProgressSheet) -> None:
    cell = Cell(Kind.CHANGE, str(plan.outcomes[0].pk), ("text",))
    alone, whole = person(plan), person(plan)
    one, page = at_once(
        lambda: sent(sheet, alone, cell.key, "ひとつだけ"),
        lambda: save_entry(sheet=sheet, cells=[cell], typed={cell.key: ("全部",)}, seen={}, by=whole),
    )
    stands = OutcomeChange.objects.get().text
    if page.conflicts:
        assert (stands, page.conflicts) == ("ひとつだけ", {cell.key: ("ひとつだけ",)})
    else:
        assert (stands, states([one])) == ("全部", ["conflict"])


def test_a_cell_and_a_submit_do_not_cross(plan: PlanRows, sheet: ProgressSheet) -> None:
    writer, sender = person(plan), person(plan)
    saved, sheet_sent = at_once(
        lambda: sent(sheet, writer, "remark-remark", "つぶやき"), lambda: submit_sheet(sheet=sheet, by=sender)
    )
    assert isinstance(sheet_sent, ProgressSheet)
    sheet.refresh_from_db()
    assert sheet.state == "submitted"
    assert (sheet.remark == "つぶやき") is isinstance(saved, SavedCells)
    assert isinstance(saved, SavedCells | NotOpen)


def test_a_save_and_a_submit_do_not_cross(plan: PlanRows, sheet: ProgressSheet) -> None:
    cell = Cell(Kind.REMARK, "", ("remark",))
    writer, sender = person(plan), person(plan)
    saved, sent = at_once(
        lambda: save_entry(sheet=sheet, cells=[cell], typed={cell.key: ("つぶやき",)}, seen={}, by=writer),
        lambda: submit_sheet(sheet=sheet, by=sender),
    )
    assert isinstance(sent, ProgressSheet)
    sheet.refresh_from_db()
    assert sheet.state == "submitted"
    assert (sheet.remark == "つぶやき") is isinstance(saved, SavedEntry)
    assert isinstance(saved, SavedEntry | WrongState)


def test_two_answers_at_once_both_stand(plan: PlanRows, sheet: ProgressSheet) -> None:
    question = RowCommentFactory(sheet=sheet, author=plan.grant.officer)
    people = [person(plan), person(plan)]
    results = at_once(
        *(
            lambda by=by, text=text: answer_comment(question=question, text=text, side=Side.GRANTEE, by=by)
            for by, text in zip(people, ("2施設です", "3施設です"), strict=True)
        )
    )
    assert {result.text for result in results} == {"2施設です", "3施設です"}
    assert question.replies.count() == 2
    assert not RowComment.objects.waiting().exists()


def test_one_answer_pressed_twice_at_once_stays_one(plan: PlanRows, sheet: ProgressSheet) -> None:
    question = RowCommentFactory(sheet=sheet, author=plan.grant.officer)
    by = person(plan)
    results = at_once(
        *[
            lambda: answer_comment(question=question, text="はい", side=Side.GRANTEE, by=by)
            for _press in range(2)
        ]
    )
    assert results[0] == results[1] == question.replies.get()


def test_a_correction_and_an_answer_do_not_cross(plan: PlanRows, sheet: ProgressSheet) -> None:
    asker, answerer = plan.grant.officer, person(plan)
    question = RowCommentFactory(sheet=sheet, author=asker, text="2回は?", created_at=clock.now())
    corrected, answered = at_once(
        lambda: correct_comment(comment=question, text="3回は?", by=asker),
        lambda: answer_comment(question=question, text="はい", side=Side.GRANTEE, by=answerer),
    )
    assert isinstance(answered, RowComment)
    question.refresh_from_db()
    assert (question.text == "2回は?") is isinstance(corrected, TooLate)


def test_a_question_and_a_closing_do_not_cross(plan: PlanRows, sheet: ProgressSheet) -> None:
    ProgressSheet.objects.filter(pk=sheet.pk).update(state="submitted")
    officer, asker = plan.grant.officer, person(plan)
    asked, closed = at_once(
        lambda: ask_on_row(sheet=sheet, row=Row("sheet", ""), text="間に合うか", side=Side.GRANTEE, by=asker),
        lambda: move_sheet(sheet=sheet, act="close", by=officer),
    )
    assert isinstance(closed, ProgressSheet)
    assert RowComment.objects.count() == isinstance(asked, RowComment)
    assert isinstance(asked, RowComment | WrongState)
