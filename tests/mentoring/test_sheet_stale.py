"""Two people with the same month open: nothing is overwritten silently, and no text is lost."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from mentoring.cells import Settled, settle
from mentoring.models import Figure, OutcomeChange, ProgressSheet
from tests.factories import FigureFactory, OutcomeChangeFactory, PlanRows, SheetFactory
from tests.mentoring.entry import change, fields_of, figure, full_month, open_entry, save, submit

SignIn = Callable[[User], Client]


@pytest.fixture
def sheet(plan: PlanRows) -> ProgressSheet:
    sheet = SheetFactory(grant=plan.grant)
    FigureFactory(sheet=sheet, indicator=plan.indicators["sum"], value=5)
    OutcomeChangeFactory(sheet=sheet, outcome=plan.outcomes[0], text="はじめの文")
    return sheet


@pytest.fixture
def aoki(sign_in: SignIn, representative: User) -> Client:
    return sign_in(representative)


@pytest.fixture
def sorano(sign_in: SignIn, member: User) -> Client:
    return sign_in(member)


def value(plan: PlanRows, method: str) -> object:
    figure = Figure.objects.filter(indicator=plan.indicators[method]).first()
    return figure.value if figure else None


def writes(html: str, text: str) -> bool:
    """Sorano's text is shown as hers, with the hour."""
    return re.search(rf"<b>空野 みおさんの入力 \d+:\d\d</b>{re.escape(text)}\b", html) is not None


def test_different_cells_are_merged(
    aoki: Client, sorano: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    old, other = open_entry(aoki, sheet), open_entry(sorano, sheet)
    save(sorano, sheet, {**other, figure(plan, "sum"): "7"})
    response = aoki.post(f"/sheets/{sheet.pk}/entry/", {**old, figure(plan, "latest"): "11"}, follow=True)
    assert (value(plan, "sum"), value(plan, "latest")) == (7, 11)
    html = response.content.decode()
    assert "ほかの人が先に保存した入力が1か所あります。そのまま残しました: ①-1 居場所を開いた回数" in html
    sheet.refresh_from_db()
    assert sheet.version == 2


def test_the_same_cell_keeps_both_texts_and_lets_the_writer_choose(
    aoki: Client, sorano: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    old, other = open_entry(aoki, sheet), open_entry(sorano, sheet)
    save(sorano, sheet, {**other, change(plan): "空野の文"})
    response = save(aoki, sheet, {**old, change(plan): "青木の文", figure(plan, "latest"): "11"})
    assert response.status_code == 422
    html = response.content.decode()
    assert writes(html, "空野の文")
    assert OutcomeChange.objects.get().text == "空野の文"
    assert value(plan, "latest") == 11  # the rest is saved
    again = fields_of(response)
    assert again[change(plan)] == "青木の文"
    assert save(aoki, sheet, again).status_code == 302  # seen, and decided for the own one
    assert OutcomeChange.objects.get().text == "青木の文"
    assert [row.text for row in OutcomeChange.history.order_by("history_id")] == [
        "はじめの文", "空野の文", "青木の文",
    ]  # fmt: skip


def test_the_writer_can_leave_the_others_text(
    aoki: Client, sorano: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    old, other = open_entry(aoki, sheet), open_entry(sorano, sheet)
    save(sorano, sheet, {**other, change(plan): "空野の文"})
    again = fields_of(save(aoki, sheet, {**old, change(plan): "青木の文"}))
    assert save(aoki, sheet, {**again, f"theirs-{change(plan)}": "1"}).status_code == 302
    assert OutcomeChange.objects.get().text == "空野の文"


def test_a_conflict_that_moved_on_again_is_told_again(
    aoki: Client, sorano: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    old = open_entry(aoki, sheet)
    save(sorano, sheet, {**open_entry(sorano, sheet), change(plan): "空野の文"})
    again = fields_of(save(aoki, sheet, {**old, change(plan): "青木の文"}))
    save(sorano, sheet, {**open_entry(sorano, sheet), change(plan): "空野の文、二度め"})
    response = save(aoki, sheet, again)
    assert response.status_code == 422
    assert "空野の文、二度め" in response.content.decode()
    assert OutcomeChange.objects.get().text == "空野の文、二度め"


def test_the_same_words_are_no_conflict(
    aoki: Client, sorano: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    old, other = open_entry(aoki, sheet), open_entry(sorano, sheet)
    save(sorano, sheet, {**other, figure(plan, "sum"): "7"})
    assert save(aoki, sheet, {**old, figure(plan, "sum"): "７回"}).status_code == 302
    assert value(plan, "sum") == 7


def test_a_wrong_cell_still_finds_the_others_change_later(
    aoki: Client, sorano: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    old = open_entry(aoki, sheet)
    save(sorano, sheet, {**open_entry(sorano, sheet), figure(plan, "sum"): "7"})
    again = fields_of(save(aoki, sheet, {**old, figure(plan, "sum"): "8くらい"}))
    response = save(aoki, sheet, {**again, figure(plan, "sum"): "8"})
    assert response.status_code == 422
    assert writes(response.content.decode(), "7")
    assert value(plan, "sum") == 7


@pytest.mark.parametrize("seen", ["", "not-ours", "eyJzaGVldCI6MX0:abc:def"])
def test_without_knowing_what_was_seen_nothing_is_overwritten(
    aoki: Client, sheet: ProgressSheet, plan: PlanRows, seen: str
) -> None:
    response = save(aoki, sheet, {"seen": seen, figure(plan, "sum"): "9", figure(plan, "latest"): "11"})
    assert response.status_code == 422
    assert (value(plan, "sum"), value(plan, "latest")) == (5, 11)


def test_another_sheets_page_does_not_speak_for_this_one(
    aoki: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    september = SheetFactory(grant=plan.grant, month=sheet.month.replace(month=9))
    FigureFactory(sheet=september, indicator=plan.indicators["sum"], value=5)
    foreign = open_entry(aoki, september)
    assert save(aoki, sheet, {**foreign, figure(plan, "sum"): "9"}).status_code == 422


def test_a_ratio_is_one_cell(aoki: Client, sorano: Client, sheet: ProgressSheet, plan: PlanRows) -> None:
    part, whole = figure(plan, "ratio", "numerator"), figure(plan, "ratio", "denominator")
    save(aoki, sheet, {**open_entry(aoki, sheet), part: "4", whole: "8"})
    old, other = open_entry(aoki, sheet), open_entry(sorano, sheet)
    save(sorano, sheet, {**other, part: "5"})
    response = save(aoki, sheet, {**old, whole: "9"})
    assert response.status_code == 422
    assert writes(response.content.decode(), "5／8")
    ratio = Figure.objects.get(indicator=plan.indicators["ratio"])
    assert (ratio.numerator, ratio.denominator) == (5, 8)


@pytest.mark.parametrize(
    ("before", "mine", "theirs", "settled"),
    [
        ("a", "a", "a", Settled.SAME),
        ("a", "b", "b", Settled.SAME),
        ("a", "b", "a", Settled.WRITE),
        ("a", "", "a", Settled.WRITE),
        ("a", "a", "b", Settled.KEEP),
        ("a", "a", "", Settled.KEEP),
        ("a", "b", "c", Settled.CONFLICT),
        ("a", "", "b", Settled.CONFLICT),
        ("", "b", "c", Settled.CONFLICT),
    ],
)
def test_a_cell_is_settled_by_who_changed_it(before: str, mine: str, theirs: str, settled: Settled) -> None:
    assert settle((before,), (mine,), (theirs,)) is settled


# --- the state moved on ---


@pytest.mark.parametrize("state", ["submitted", "closed"])
@pytest.mark.parametrize("button", [save, submit])
def test_a_sheet_that_moved_on_gives_back_what_was_typed(
    aoki: Client,
    sheet: ProgressSheet,
    plan: PlanRows,
    officer: User,
    state: str,
    button: Callable[..., object],
) -> None:
    fields = {
        **open_entry(aoki, sheet),
        change(plan): "間に合わなかった文",
        figure(plan, "sum"): "１２人くらい",
    }
    closed = {"closed_at": sheet.turn_since, "closed_by": officer} if state == "closed" else {}
    ProgressSheet.objects.filter(pk=sheet.pk).update(state=state, **closed)
    response = button(aoki, sheet, fields)
    assert response.status_code == 409  # type: ignore[attr-defined]
    html = response.content.decode()  # type: ignore[attr-defined]
    assert "間に合わなかった文" in html
    assert "１２人くらい" in html
    assert OutcomeChange.objects.get().text == "はじめの文"
    assert value(plan, "sum") == 5


def test_pressing_twice_is_harmless(aoki: Client, sheet: ProgressSheet, plan: PlanRows) -> None:
    fields = {**open_entry(aoki, sheet), **full_month(plan)}
    assert submit(aoki, sheet, fields).status_code == 302
    response = aoki.post(f"/sheets/{sheet.pk}/submit/", fields, follow=True)
    assert response.redirect_chain == [(f"/sheets/{sheet.pk}/", 302)]
    assert "もう次の段階に進んでいます" in response.content.decode()
    assert sheet.events.filter(act="submit").count() == 1
