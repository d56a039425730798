"""The transition table, every state with every act."""

import pytest

from accounts.models import JournalEntry, User
from mentoring import workflow
from mentoring.models import ProgressSheet, SheetEvent
from mentoring.workflow import TRANSITIONS, ReasonMissing, WrongState, move_sheet
from tests.factories import SheetFactory

State = ProgressSheet.State
ALLOWED = {
    ("draft", "submit"): "submitted",
    ("returned", "submit"): "submitted",
    ("submitted", "return"): "returned",
    ("submitted", "close"): "closed",
    ("reopened", "close"): "closed",
    ("closed", "reopen"): "reopened",
}
EVERY = [(state, act) for state in State.values for act in TRANSITIONS]


def sheet_in(state: str) -> ProgressSheet:
    return SheetFactory(closed=True) if state == "closed" else SheetFactory(state=state)


@pytest.mark.parametrize(("state", "act"), [pair for pair in EVERY if pair in ALLOWED])
def test_allowed_moves(officer: User, state: str, act: str) -> None:
    sheet = sheet_in(state)
    row = move_sheet(sheet=sheet, act=act, by=officer, reason=" 理由 ")
    stored = ProgressSheet.objects.get(pk=sheet.pk)
    assert row.state == stored.state == ALLOWED[state, act]
    assert stored.version == sheet.version + 1
    event = SheetEvent.objects.get(sheet=sheet)
    assert (event.act, event.from_state, event.to_state, event.by, event.reason) == (
        act, state, ALLOWED[state, act], officer, "理由",
    )  # fmt: skip
    assert stored.turn_since == event.at
    assert JournalEntry.objects.get().verb == f"sheet.{act}"
    if act == "close":
        assert (stored.closed_by, stored.closed_at) == (officer, event.at)


@pytest.mark.parametrize(("state", "act"), [pair for pair in EVERY if pair not in ALLOWED])
def test_refused_moves_change_nothing(officer: User, state: str, act: str) -> None:
    sheet = sheet_in(state)
    with pytest.raises(WrongState) as error:
        move_sheet(sheet=sheet, act=act, by=officer, reason="理由")
    assert (error.value.sheet.state, error.value.act) == (state, act)
    stored = ProgressSheet.objects.get(pk=sheet.pk)
    assert (stored.state, stored.version) == (state, sheet.version)
    assert not SheetEvent.objects.exists()
    assert not JournalEntry.objects.exists()


@pytest.mark.parametrize(("state", "act"), [("submitted", "return"), ("closed", "reopen")])
def test_a_move_without_its_reason_changes_nothing(officer: User, state: str, act: str) -> None:
    sheet = sheet_in(state)
    with pytest.raises(ReasonMissing):
        move_sheet(sheet=sheet, act=act, by=officer, reason=" 　")
    assert ProgressSheet.objects.get(pk=sheet.pk).state == state


def test_a_stale_copy_is_not_believed(officer: User) -> None:
    sheet = SheetFactory()
    ProgressSheet.objects.filter(pk=sheet.pk).update(state="submitted")
    assert sheet.state == "draft"
    with pytest.raises(WrongState):
        move_sheet(sheet=sheet, act="submit", by=officer)


def test_every_state_has_a_turn_and_every_act_a_word() -> None:
    assert set(workflow.TURN) == set(State)
    assert set(workflow.ACT_LABELS) == {"open", *TRANSITIONS}


@pytest.mark.parametrize("state", State.values)
def test_entry_is_open_to_the_right_side(
    officer: User, grant: object, representative: User, adviser: User, state: str
) -> None:
    from mentoring.access import may_enter

    extra = {"closed": True} if state == "closed" else {"state": state}
    sheet = SheetFactory(grant=grant, **extra)
    assert may_enter(representative, sheet) is (state in ("draft", "returned", "reopened"))
    assert may_enter(officer, sheet) is (state == "reopened")
    assert may_enter(adviser, sheet) is False


def test_events_are_append_only(officer: User) -> None:
    sheet = SheetFactory()
    move_sheet(sheet=sheet, act="submit", by=officer)
    event = sheet.events.get()
    event.reason = "あとから"
    with pytest.raises(TypeError):
        event.save()
    with pytest.raises(TypeError):
        event.delete()
