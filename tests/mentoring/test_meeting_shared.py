"""One meeting over two months, of which one is closed: its page stays as it was closed, letter by letter."""

import datetime as dt
import re
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.test import Client
from django.urls import reverse

from accounts.models import User
from mentoring.models import FieldNote, Meeting, ProgressSheet
from mentoring.models.meetings import Side
from mentoring.services.closing import close_sheet
from mentoring.services.meetings import MeetingContent, MeetingFacts, Present, Sealed, save_meeting
from tests.factories import AttendeeFactory, MeetingFactory, PlanRows, SheetFactory
from tests.mentoring.browsing import fields_of
from tests.mentoring.months import make_ready_sheet
from tests.mentoring.saving import body_of, post_json

pytestmark = pytest.mark.usefixtures("in_november")

SignIn = Callable[[User], Client]
BLANK = ["", "", "", "", "in_person", "", "", "", "", ""]


@pytest.fixture
def september(plan: PlanRows, officer: User) -> ProgressSheet:
    return make_ready_sheet(plan, officer, month=dt.date(2022, 9, 1))


@pytest.fixture
def meeting(september: ProgressSheet, october: ProgressSheet) -> Meeting:
    """Served both months, on 2022-11-15, with one person of each side."""
    meeting = september.meetings.get()
    meeting.sheets.add(october)
    Meeting.objects.filter(pk=meeting.pk).update(place="公民館", starts_at=dt.time(10), ends_at=dt.time(11))
    meeting.refresh_from_db()
    return meeting


@pytest.fixture
def october(plan: PlanRows) -> ProgressSheet:
    return SheetFactory(grant=plan.grant, state=ProgressSheet.State.SUBMITTED)


@pytest.fixture
def client(officer: User, sign_in: SignIn) -> Client:
    return sign_in(officer)


@pytest.fixture
def closed(september: ProgressSheet, meeting: Meeting, officer: User) -> ProgressSheet:
    close_sheet(sheet=september, by=officer, render_pdf=lambda _sheet: b"%PDF-1.7")
    september.refresh_from_db()
    return september


def url(sheet: ProgressSheet) -> str:
    return reverse("mentoring:meeting_edit", args=[sheet.pk])


def shown(client: Client, sheet: ProgressSheet) -> str:
    """What the month's page says of its meeting."""
    page = client.get(sheet.get_absolute_url()).content.decode()
    section = re.search(r'<section[^>]*aria-labelledby="h-meeting">.*?</section>', page, re.DOTALL)
    assert section is not None
    return words(section[0])


def words(page: str) -> str:
    """All that a page says."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def facts_of(meeting: Meeting, october: ProgressSheet, **changes: Any) -> MeetingFacts:
    people = [Present(a.side, a.name, a.title, a.user_id) for a in meeting.attendees.all()]
    values: dict[str, Any] = {
        "held_on": meeting.held_on,
        "starts_at": meeting.starts_at,
        "ends_at": meeting.ends_at,
        "place": meeting.place,
        "form": meeting.form,
        "present": tuple(people),
        "other_sheet_ids": frozenset(),
        "next": None,
    }
    return MeetingFacts(**{**values, **changes})


# --- the service ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"held_on": dt.date(2022, 11, 14)},
        {"held_on": dt.date(2022, 12, 1)},
        {"starts_at": dt.time(9, 30)},
        {"ends_at": None},
        {"place": "駅前"},
        {"form": "online"},
        {"present": ()},
        {"present": (Present(Side.GRANTEE, "別の人"),)},
    ],
)
def test_what_the_closed_month_keeps_is_refused(
    closed: ProgressSheet,
    october: ProgressSheet,
    meeting: Meeting,
    officer: User,
    client: Client,
    changes: dict[str, Any],
) -> None:
    before = shown(client, closed)
    assert "2022年11月15日（火） 10:00〜11:00" in before
    with pytest.raises(Sealed) as refused:
        save_meeting(
            sheet=october,
            meeting=meeting,
            content=MeetingContent(facts=facts_of(meeting, october, **changes), notes={"shared": "話"}),
            version=0,
            by=officer,
        )
    assert refused.value.month == closed
    assert shown(client, closed) == before
    assert not FieldNote.objects.exists()
    october.refresh_from_db()
    assert october.version == 0


def test_an_open_month_frees_it_again(
    closed: ProgressSheet, october: ProgressSheet, meeting: Meeting, officer: User
) -> None:
    ProgressSheet.objects.filter(pk=closed.pk).update(state="reopened")
    save_meeting(
        sheet=october,
        meeting=Meeting.objects.get(),
        content=MeetingContent(
            facts=facts_of(meeting, october, place="駅前", other_sheet_ids=frozenset({closed.pk}))
        ),
        version=0,
        by=officer,
    )
    meeting.refresh_from_db()
    assert meeting.place == "駅前"
    assert meeting.sheets.count() == 2


def test_an_appointment_is_no_part_of_a_month_that_closed_before_it(
    plan: PlanRows, closed: ProgressSheet, october: ProgressSheet, client: Client
) -> None:
    """September closed with its own meeting; a later one was noted for both months, and takes place now."""
    before = shown(client, closed)
    ahead = MeetingFactory(
        grant=plan.grant, sheets=[closed, october], held_on=dt.date(2022, 11, 22), held=False, place="役場"
    )
    with time_machine.travel(dt.datetime(2022, 11, 22, 9, 0, tzinfo=dt.UTC), tick=False):
        page = client.get(f"{url(october)}?meeting={ahead.pk}")
        assert client.post(url(october), fields_of(page)).status_code == 302
        ahead.refresh_from_db()
        assert ahead.held
        assert list(ahead.sheets.all()) == [october]
        assert shown(client, closed) == before


# --- the page ------------------------------------------------------------------------------------------------


def test_the_page_shows_the_facts_as_text_and_says_why(
    client: Client, closed: ProgressSheet, october: ProgressSheet
) -> None:
    page = client.get(url(october))
    assert "この面談は、確定した2022年9月のシートにも載っています。" in page.content.decode()
    fields = fields_of(page)
    assert not [name for name in fields if name.startswith("meeting-") and "next" not in name]
    before = shown(client, closed)

    assert client.post(url(october), {**fields, "note-shared": "十月の話"}).status_code == 302
    assert FieldNote.objects.get().text == "十月の話"
    assert shown(client, closed) == before


def test_all_that_the_other_month_says_leaves_the_closed_page_as_it_is(
    client: Client, plan: PlanRows, closed: ProgressSheet, october: ProgressSheet
) -> None:
    before = words(client.get(closed.get_absolute_url()).content.decode())
    first, second = plan.outcomes
    everything = {
        f"outcome-{first.pk}-word": "counter",
        f"outcome-{first.pk}-sentence": "十月の話",
        f"outcome-{second.pk}-word": "unspoken",
        f"word-{plan.indicators['sum'].pk}": "behind",
        "cost-direct-status": "overspending",
        "cost-administrative-consultation": "備品",
        "note-shared": "十月のメモ",
        "homework-new0-text": "十月の宿題",
        "homework-new0-who": "grantee",
    }
    fields = fields_of(client.get(url(october)))
    response = client.post(url(october), {**fields, **everything}, follow=True)
    assert "保存しました。" in response.content.decode()
    assert october.outcome_reviews.count() == 2
    assert october.action_items.count() == 1
    assert words(client.get(closed.get_absolute_url()).content.decode()) == before


def test_a_page_from_before_the_closing_tells_what_it_could_not_change(
    client: Client, october: ProgressSheet, meeting: Meeting, september: ProgressSheet, officer: User
) -> None:
    stale = fields_of(client.get(url(october)))
    close_sheet(sheet=september, by=officer, render_pdf=lambda _sheet: b"%PDF-1.7")
    september.refresh_from_db()
    before = shown(client, september)
    response = client.post(url(october), {**stale, "meeting-place": "駅前の喫茶店", "note-shared": "話"})
    assert response.status_code == 422
    page = response.content.decode()
    assert "2022年9月が確定しているので、変えられません（書こうとしたこと: 駅前の喫茶店）。" in page
    assert shown(client, september) == before

    again = fields_of(response)
    assert again["note-shared"] == ["話"]
    assert client.post(url(october), again).status_code == 302
    assert FieldNote.objects.get().text == "話"
    assert shown(client, september) == before

    untouched = {**stale, "note-shared": "話のつづき"}  # nobody touched the facts on the old page
    assert client.post(url(october), untouched).status_code in (302, 422)
    assert shown(client, september) == before


def test_a_save_by_itself_refuses_the_facts_alone(
    client: Client, officer: User, closed: ProgressSheet, october: ProgressSheet, meeting: Meeting
) -> None:
    before = shown(client, closed)
    people = [str(officer.pk)]
    seen = ["2022年11月15日", "10:00", "11:00", "公民館", meeting.form, "", "青木 空", *people, "", ""]
    typed = [*seen[:3], "駅前", *seen[4:]]
    body = body_of(officer, {"meeting": (typed, seen), "note-shared": ("話", "")})
    answer = post_json(client, october, body, "meeting/cells/").json()["cells"]
    assert (answer["meeting"]["state"], answer["note-shared"]["state"]) == ("wrong", "saved")
    assert [error["name"] for error in answer["meeting"]["errors"]] == ["meeting-place"]
    assert shown(client, closed) == before


# --- the next day ----------------------------------------------------------------------------------------------


def test_the_next_day_is_set_and_moved_and_the_closed_month_says_what_it_said(
    client: Client, closed: ProgressSheet, october: ProgressSheet, officer: User
) -> None:
    assert "次回日程" not in shown(client, closed)
    nothing = ["", "", "", "in_person"]
    body = body_of(officer, {"next": (["2022-12-13", "13:30", "", "online"], nothing)})
    answer = post_json(client, october, body, "meeting/cells/").json()["cells"]["next"]
    assert answer["state"] == "saved"
    said = shown(client, closed)
    assert "確定したときは、まだ決まっていませんでした。 いまの予定は 2022年12月13日（火） 13:30" in said
    assert "次回日程 2022年12月13日（火） 13:30" in shown(client, october)


def test_a_moved_appointment_stands_beside_the_day_that_was_closed(
    client: Client, september: ProgressSheet, meeting: Meeting, officer: User
) -> None:
    ahead = MeetingFactory(
        grant=meeting.grant, held=False, held_on=dt.date(2022, 12, 13), starts_at=None, ends_at=None
    )
    Meeting.objects.filter(pk=meeting.pk).update(next_meeting=ahead)
    close_sheet(sheet=september, by=officer, render_pdf=lambda _sheet: b"%PDF-1.7")
    september.refresh_from_db()
    assert september.next_snapshot == {"on": "2022-12-13", "at": ""}
    assert "次回日程 2022年12月13日（火） カレンダーに入れる" in shown(client, september)

    Meeting.objects.filter(pk=ahead.pk).update(held_on=dt.date(2022, 12, 20))
    moved = shown(client, september)
    assert "次回日程 2022年12月13日（火） いまの予定は 2022年12月20日（火）" in moved
    Meeting.objects.filter(pk=ahead.pk).delete()
    assert "次回日程 2022年12月13日（火）" in shown(client, september)
    assert "いまの予定は" not in shown(client, september)


def test_attendees_of_an_open_meeting_are_changed_as_before(
    client: Client, october: ProgressSheet, meeting: Meeting
) -> None:
    AttendeeFactory(meeting=meeting, name="田中 実", title="理事")
    fields = fields_of(client.get(url(october)))
    assert "田中 実（理事）" in fields["meeting-grantee_guests"][0]
    assert client.post(url(october), {**fields, "meeting-place": "駅前"}).status_code == 302
    meeting.refresh_from_db()
    assert meeting.place == "駅前"


def test_months_closed_before_get_the_day_that_stands(plan: PlanRows) -> None:
    ahead = MeetingFactory(grant=plan.grant, held=False, held_on=dt.date(2022, 12, 13), starts_at=dt.time(10))
    months = [SheetFactory(grant=plan.grant, month=dt.date(2022, m, 1), closed=True) for m in (7, 8)]
    MeetingFactory(grant=plan.grant, sheets=months[:1], next_meeting=ahead)
    still_open = SheetFactory(grant=plan.grant, month=dt.date(2022, 9, 1))
    import_module("mentoring.migrations.0009_copy_next_days").copy_next_days(apps, None)
    snapshots = [ProgressSheet.objects.get(pk=sheet.pk).next_snapshot for sheet in (*months, still_open)]
    assert snapshots == [{"on": "2022-12-13", "at": "10:00:00"}, {}, None]
