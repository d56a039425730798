"""The order of a meeting's parts and the time each was on stage: kept with the month, shown to who holds it."""

import datetime as dt
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from mentoring.models import FieldNote, ProgressSheet, TalkPart
from mentoring.services.talk_parts import AT_FIRST, add_time
from tests.factories import PlanRows, SheetFactory
from tests.mentoring.browsing import fields_of
from tests.mentoring.months import make_ready_sheet

SignIn = Callable[[User], Client]
NOON = dt.datetime(2022, 11, 20, 3, 0, tzinfo=dt.UTC)


@pytest.fixture
def sheet(plan: PlanRows) -> ProgressSheet:
    return SheetFactory(grant=plan.grant, state=ProgressSheet.State.SUBMITTED)


@pytest.fixture
def client(officer: User, sign_in: SignIn) -> Client:
    return sign_in(officer)


def order_of(client: Client, sheet: ProgressSheet) -> list[str]:
    page = client.get(f"/sheets/{sheet.pk}/meeting/").content.decode()
    return re.findall(r'<section class="part[^"]*" id="([^"]+)"', page)


def move(client: Client, sheet: ProgressSheet, what: str) -> HttpResponse:
    headers = {"accept": "application/json"}
    return client.post(f"/sheets/{sheet.pk}/meeting/order/", {"move": what}, headers=headers)


# --- the order ---------------------------------------------------------------------------------------------


def test_a_part_changes_places_with_its_neighbour(client: Client, sheet: ProgressSheet) -> None:
    usual = order_of(client, sheet)
    response = move(client, sheet, "support:up")
    assert response.status_code == 200
    changed = order_of(client, sheet)
    assert response.json() == {"order": changed}
    assert changed.index("support") == usual.index("support") - 1
    assert sorted(changed) == sorted(usual)
    assert "この面談の順番にしています。" in client.get(f"/sheets/{sheet.pk}/meeting/").content.decode()
    move(client, sheet, "support:down")
    assert order_of(client, sheet) == usual
    move(client, sheet, "costs:down")
    move(client, sheet, "usual")
    assert order_of(client, sheet) == usual
    assert not TalkPart.objects.exclude(position=None).exists()


@pytest.mark.parametrize(
    "what", ["ticks:up", "facts:down", "end:up", "nothing:up", "costs:sideways", "", "costs"]
)
def test_what_cannot_move_stays(client: Client, sheet: ProgressSheet, what: str) -> None:
    usual = order_of(client, sheet)
    assert move(client, sheet, what).json() == {"order": usual}
    assert not TalkPart.objects.exists()


def test_a_changed_order_still_opens_on_an_outcome(
    client: Client, sheet: ProgressSheet, plan: PlanRows
) -> None:
    second = f"outcome-{plan.outcomes[1].pk}"
    move(client, sheet, f"{second}:up")
    move(client, sheet, "costs:up")
    page = client.get(f"/sheets/{sheet.pk}/meeting/").content.decode()
    assert re.findall(r'class="part opens" id="([^"]+)"', page) == [second]


def test_without_scripts_the_page_is_saved_as_well(client: Client, sheet: ProgressSheet) -> None:
    fields = fields_of(client.get(f"/sheets/{sheet.pk}/meeting/"))
    data = fields | {"note-shared": "途中のメモ", "move": "support:up"}
    response = client.post(f"/sheets/{sheet.pk}/meeting/order/", data)
    assert response["Location"] == f"/sheets/{sheet.pk}/meeting/#agenda"
    assert FieldNote.objects.get().text == "途中のメモ"
    assert TalkPart.objects.get(key="support").position < TalkPart.objects.get(key="costs").position


def test_one_months_order_is_not_anothers(client: Client, sheet: ProgressSheet) -> None:
    other = SheetFactory(grant=sheet.grant, month=dt.date(2022, 9, 1), state="submitted")
    usual = order_of(client, other)
    move(client, sheet, "support:up")
    assert order_of(client, other) == usual


def test_a_closed_month_is_left_as_it_was(client: Client, plan: PlanRows) -> None:
    closed = SheetFactory(grant=plan.grant, closed=True)
    assert move(client, closed, "support:up").status_code == 409
    client.post(f"/sheets/{closed.pk}/meeting/time/", {"spent": json.dumps({"costs": 60})})
    assert not TalkPart.objects.exists()


# --- the time ------------------------------------------------------------------------------------------------


def spend(client: Client, sheet: ProgressSheet, **spent: Any) -> dict[str, int]:
    response = client.post(f"/sheets/{sheet.pk}/meeting/time/", {"spent": json.dumps(spent)})
    assert response.status_code == 200
    seconds: dict[str, int] = response.json()["seconds"]
    return seconds


def test_time_adds_up_and_is_shown_in_minutes(client: Client, sheet: ProgressSheet, plan: PlanRows) -> None:
    with time_machine.travel(NOON, tick=False) as moment:
        assert spend(client, sheet, costs=100, ticks=20) == {"costs": 100, "ticks": 20}
        moment.shift(dt.timedelta(minutes=10))
        assert spend(client, sheet, costs=500) == {"costs": 600, "ticks": 20}
    page = client.get(f"/sheets/{sheet.pk}/meeting/").content.decode()
    agenda = re.findall(r'<nav class="agenda-list".*?</nav>', page, flags=re.S)[0]
    assert re.findall(r"<span class=\"m\" data-minutes>([^<]+)</span>", agenda) == ["10分"]
    sheet.refresh_from_db()
    assert sheet.version == 0  # nothing of the sheet was written


def test_two_screens_are_no_longer_than_the_clock(client: Client, sheet: ProgressSheet) -> None:
    with time_machine.travel(NOON, tick=False) as moment:
        spend(client, sheet, costs=30)
        for _minute in range(10):
            moment.shift(dt.timedelta(seconds=30))
            for _screen in range(3):
                spend(client, sheet, costs=30)
    assert TalkPart.objects.get().seconds == 30 + 10 * 30


def test_the_first_report_is_believed_for_ten_minutes(client: Client, sheet: ProgressSheet) -> None:
    assert sum(spend(client, sheet, costs=9_000, support=9_000).values()) == AT_FIRST


def test_a_part_takes_no_longer_than_a_day(sheet: ProgressSheet) -> None:
    with time_machine.travel(NOON, tick=False) as moment:
        add_time(sheet=sheet, spent={"costs": 1})
        moment.shift(dt.timedelta(days=3))
        add_time(sheet=sheet, spent={"costs": 3 * 86_400})
    assert TalkPart.objects.get().seconds == TalkPart.MOST_SECONDS
    with pytest.raises(IntegrityError, match="talkpart_within_a_day"), transaction.atomic():
        TalkPart.objects.create(sheet=sheet, key="ticks", seconds=TalkPart.MOST_SECONDS + 1)


@pytest.mark.parametrize("spent", ["", "[]", "{", '{"costs": "1"}', '{"costs": true}', "1", '{"costs": 1.5}'])
def test_no_such_time(client: Client, sheet: ProgressSheet, spent: str) -> None:
    response = client.post(f"/sheets/{sheet.pk}/meeting/time/", {"spent": spent})
    assert response.status_code == 400
    assert not TalkPart.objects.exists()


@pytest.mark.parametrize("spent", [{"costs": -5}, {"costs": 0}, {"<b>": 5}, {"x" * 41: 5}])
def test_nothing_is_kept_of_nonsense(client: Client, sheet: ProgressSheet, spent: dict[str, int]) -> None:
    assert spend(client, sheet, **spent) == {}


def test_time_is_on_no_paper_and_on_no_page_of_the_grantee(
    plan: PlanRows, officer: User, sign_in: SignIn, representative: User
) -> None:
    sheet = make_ready_sheet(plan, officer)
    TalkPart.objects.create(sheet=sheet, key="costs", seconds=47 * 60)
    assert "47分" in sign_in(officer).get(f"/sheets/{sheet.pk}/meeting/").content.decode()
    assert "47分" not in sign_in(representative).get(f"/sheets/{sheet.pk}/").content.decode()
