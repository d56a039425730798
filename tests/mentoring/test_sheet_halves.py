"""Half a ratio keeps nobody from asking, answering or adding a photo; it is there again when they come back."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from grants.models import Indicator
from mentoring.models import Figure, OutcomeChange, ProgressSheet
from tests.factories import FigureFactory, PlanRows, SheetFactory
from tests.mentoring.entry import change, fields_of, figure, full_month, open_entry, save, submit
from tests.mentoring.saving import save_cell

SignIn = Callable[[User], Client]
HALF = "全体の数も入れてください。割合は2つの数で計算します。"
KEPT = "入れかけのまま取ってあります"


@pytest.fixture
def sheet(plan: PlanRows) -> ProgressSheet:
    return SheetFactory(grant=plan.grant)


@pytest.fixture
def client(sign_in: SignIn, member: User) -> Client:
    return sign_in(member)


@pytest.fixture
def part(plan: PlanRows) -> str:
    return figure(plan, "ratio", "numerator")


@pytest.fixture
def whole(plan: PlanRows) -> str:
    return figure(plan, "ratio", "denominator")


def go(client: Client, sheet: ProgressSheet, fields: dict[str, str], where: str = "files") -> str:
    response = client.post(f"/sheets/{sheet.pk}/entry/{where}/", fields)
    assert response.status_code == 302, response.content.decode()
    return str(response["Location"])


def html_of(client: Client, sheet: ProgressSheet) -> str:
    return client.get(f"/sheets/{sheet.pk}/entry/").content.decode()


@pytest.mark.parametrize(
    ("where", "pressed", "leads_to"),
    [("files", {}, "/files/"), ("question", {"ask": "sheet"}, "/comments/new/")],
)
def test_one_goes_on_and_finds_it_as_it_was(
    client: Client,
    sheet: ProgressSheet,
    plan: PlanRows,
    part: str,
    whole: str,
    where: str,
    pressed: dict[str, str],
    leads_to: str,
) -> None:
    fields = {**open_entry(client, sheet), part: "５人", change(plan): "変わらない", **pressed}
    assert leads_to in go(client, sheet, fields, where)
    assert (Figure.objects.count(), OutcomeChange.objects.get().text) == (0, "変わらない")
    html = html_of(client, sheet)
    assert HALF not in html
    assert KEPT in html
    again = open_entry(client, sheet)
    assert (again[part], again[whole], again[change(plan)]) == ("５人", "", "変わらない")
    save(client, sheet, {**again, whole: "8"})
    row = Figure.objects.get()
    assert (row.numerator, row.denominator) == (5, 8)
    assert KEPT not in html_of(client, sheet)


def test_it_is_told_when_one_saves_or_submits(
    client: Client, sheet: ProgressSheet, plan: PlanRows, part: str
) -> None:
    go(client, sheet, {**open_entry(client, sheet), part: "5"})
    for button in (save, submit):
        response = button(client, sheet, {**full_month(plan), **open_entry(client, sheet)})
        assert response.status_code == 422
        html = response.content.decode()
        assert HALF in html
        assert 'value="5"' in html
        go(client, sheet, fields_of(response))
    assert open_entry(client, sheet)[part] == "5"


def test_half_taken_from_a_whole_one(
    client: Client, sheet: ProgressSheet, plan: PlanRows, part: str, whole: str
) -> None:
    FigureFactory(sheet=sheet, indicator=plan.indicators["ratio"], numerator=4, denominator=8)
    go(client, sheet, {**open_entry(client, sheet), whole: ""})
    again = open_entry(client, sheet)
    assert (again[part], again[whole]) == ("4", "")
    assert save(client, sheet, {**again, part: ""}).status_code == 302
    assert Figure.objects.get().denominator is None
    assert open_entry(client, sheet)[part] == ""


def test_what_cannot_be_read_still_wants_to_be_looked_at(
    client: Client, sheet: ProgressSheet, plan: PlanRows, part: str
) -> None:
    fields = {**open_entry(client, sheet), part: "5", figure(plan, "sum"): "8回くらい"}
    response = client.post(f"/sheets/{sheet.pk}/entry/files/", fields)
    assert response.status_code == 422
    again = fields_of(response)
    assert (again[part], again[figure(plan, "sum")]) == ("5", "8回くらい")


def test_closing_does_not_wait_for_halves(sign_in: SignIn, officer: User, plan: PlanRows, part: str) -> None:
    client, sheet = sign_in(officer), SheetFactory(grant=plan.grant, state="reopened")
    response = save(client, sheet, {**open_entry(client, sheet), part: "5", "close": "1"})
    assert response.status_code == 422
    assert HALF in response.content.decode()


def test_another_wrote_the_pair_meanwhile(
    client: Client, sign_in: SignIn, representative: User, sheet: ProgressSheet, part: str, whole: str
) -> None:
    go(client, sheet, {**open_entry(client, sheet), part: "5"})
    save_cell(sign_in(representative), representative, sheet, part, ["4", "8"], ["", ""])
    again = open_entry(client, sheet)
    assert (again[part], again[whole]) == ("5", "")
    response = save(client, sheet, {**again, whole: "9"})
    assert response.status_code == 422
    assert f"{representative}さんの入力" in response.content.decode()
    assert Figure.objects.get().numerator == 4


def test_a_page_opened_before_does_not_take_it_away(
    client: Client, sheet: ProgressSheet, plan: PlanRows, part: str
) -> None:
    old = open_entry(client, sheet)
    go(client, sheet, {**old, part: "5"})
    save(client, sheet, {**old, change(plan): "ほかのタブで"})
    assert open_entry(client, sheet)[part] == "5"


def test_what_the_page_saves_by_itself(
    client: Client, member: User, sheet: ProgressSheet, plan: PlanRows, part: str
) -> None:
    go(client, sheet, {**open_entry(client, sheet), part: "5"})
    save_cell(client, member, sheet, figure(plan, "sum"), "6")
    assert open_entry(client, sheet)[part] == "5"
    save_cell(client, member, sheet, part, ["5", ""], ["", ""])  # still half
    assert open_entry(client, sheet)[part] == "5"
    save_cell(client, member, sheet, part, ["", ""], ["", ""])
    assert open_entry(client, sheet)[part] == ""


def test_every_sheet_keeps_its_own(client: Client, sheet: ProgressSheet, plan: PlanRows, part: str) -> None:
    september = SheetFactory(grant=plan.grant, month=sheet.month.replace(month=9))
    for one, number in ((sheet, "5"), (september, "3")):
        go(client, one, {**open_entry(client, one), part: number})
    assert [open_entry(client, one)[part] for one in (sheet, september)] == ["5", "3"]


def test_nobody_else_sees_it(
    client: Client, sign_in: SignIn, representative: User, sheet: ProgressSheet, part: str
) -> None:
    go(client, sheet, {**open_entry(client, sheet), part: "5"})
    assert open_entry(sign_in(representative), sheet)[part] == ""


def test_it_is_given_back_when_the_sheet_or_its_row_is_gone(
    client: Client, sheet: ProgressSheet, plan: PlanRows, part: str
) -> None:
    go(client, sheet, {**open_entry(client, sheet), part: "57"})
    ProgressSheet.objects.filter(pk=sheet.pk).update(state="submitted")
    response = client.get(f"/sheets/{sheet.pk}/entry/")
    assert response.status_code == 409
    assert "57" in response.content.decode()
    ProgressSheet.objects.filter(pk=sheet.pk).update(state="returned")
    assert open_entry(client, sheet)[part] == "57"
    Indicator.objects.filter(pk=plan.indicators["ratio"].pk).update(retired_from=sheet.month)
    html = html_of(client, sheet)
    assert "次の入力の行がなくなりました" in html
    assert ">57</textarea>" in html
    save(client, sheet, open_entry(client, sheet))
    assert ">57</textarea>" not in html_of(client, sheet)
