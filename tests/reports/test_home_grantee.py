import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.months import month_range
from grantees.models import Organisation
from grants.models import Grant, PlanProposal, Program
from mentoring.models import FieldNote, ProgressSheet
from mentoring.models.meetings import Side
from tests.factories import (
    ActionItemFactory,
    FieldNoteFactory,
    FigureFactory,
    GrantFactory,
    InterventionFactory,
    MeetingFactory,
    PlanProposalFactory,
    PlanRows,
    SheetDocumentFactory,
    SheetEventFactory,
    SheetFactory,
    make_plan,
    moment,
)

SignIn = Callable[[User], Client]
State = ProgressSheet.State
OCTOBER, NOVEMBER = dt.date(2022, 10, 1), dt.date(2022, 11, 1)


@pytest.fixture(autouse=True)
def in_the_story() -> Any:
    with time_machine.travel("2022-11-08 10:00+09:00", tick=False):
        yield


@pytest.fixture
def october(grant: Grant, plan: PlanRows) -> ProgressSheet:
    for month in month_range(grant.starts_on, dt.date(2022, 9, 1)):
        SheetFactory(grant=grant, month=month, closed=True)
    return SheetFactory(grant=grant, month=OCTOBER)


def home_of(client: Client) -> Any:
    return client.get(reverse("reports:home"))


def test_one_button_for_the_oldest_sheet_and_the_later_one_beside(
    sign_in: SignIn, member: User, october: ProgressSheet
) -> None:
    response = home_of(sign_in(member))
    text = response.content.decode()
    assert "2022年10月のシートをお待ちしています" in text
    assert "11月10日まで（あと2日）" in text
    assert "指標6件のうち0件" in text
    assert "10月のシートを書く" in text
    assert text.count("btn-primary") == 1
    november = ProgressSheet.objects.get(grant=october.grant, month=NOVEMBER)  # opened by this visit
    assert reverse("mentoring:sheet_entry", args=[november.pk]) in text


def test_a_begun_sheet_is_continued(
    sign_in: SignIn, member: User, october: ProgressSheet, plan: PlanRows
) -> None:
    FigureFactory(sheet=october, indicator=plan.indicators["sum"])
    assert "10月のシートの続きを書く" in home_of(sign_in(member)).content.decode()


def test_a_returned_sheet_tells_why(sign_in: SignIn, representative: User, october: ProgressSheet) -> None:
    ProgressSheet.objects.filter(pk=october.pk).update(state=State.RETURNED)
    SheetEventFactory(
        sheet=october, act="return", to_state=State.RETURNED, reason="人数の数え方を教えてください"
    )
    text = home_of(sign_in(representative)).content.decode()
    assert "2022年10月のシートに、見直しのお願いがあります" in text
    assert "人数の数え方を教えてください" in text
    assert "10月のシートを見直す" in text


def test_a_late_sheet_is_not_blamed(sign_in: SignIn, member: User, october: ProgressSheet) -> None:
    with time_machine.travel("2022-11-15 10:00+09:00", tick=False):
        assert "11月10日の予定でした" in home_of(sign_in(member)).content.decode()


def test_what_was_handed_over_is_with_the_foundation(
    sign_in: SignIn, member: User, october: ProgressSheet
) -> None:
    ProgressSheet.objects.filter(pk=october.pk).update(state=State.SUBMITTED)
    text = home_of(sign_in(member)).content.decode()
    assert "ちばのWAにお届けしました" in text
    assert "2022年11月のシートが開いています" in text


def test_a_reopened_month_is_being_corrected(sign_in: SignIn, member: User, october: ProgressSheet) -> None:
    ProgressSheet.objects.filter(pk=october.pk).update(state=State.REOPENED)
    text = home_of(sign_in(member)).content.decode()
    assert "ちばのWAがもう一度ひらきました。なおしたら、確定しなおします。" in text
    assert "お届けしました" not in text


def test_nothing_to_write(sign_in: SignIn, member: User, october: ProgressSheet) -> None:
    home_of(sign_in(member))
    ProgressSheet.objects.exclude(state=State.CLOSED).update(state=State.SUBMITTED)
    assert "いま、書くシートはありません" in home_of(sign_in(member)).content.decode()


def test_homework_of_both_sides_and_only_the_own_can_be_ticked(
    sign_in: SignIn, member: User, october: ProgressSheet
) -> None:
    own = ActionItemFactory(sheet=october, text="会議録を送る")
    theirs = ActionItemFactory(sheet=october, text="ひな形を送る", side=Side.FOUNDATION)
    text = home_of(sign_in(member)).content.decode()
    assert "会議録を送る" in text
    assert "ひな形を送る" in text
    assert reverse("mentoring:homework_done", args=[own.pk]) in text
    assert reverse("mentoring:homework_done", args=[theirs.pk]) not in text


def test_support_meeting_and_the_last_pdf(sign_in: SignIn, member: User, october: ProgressSheet) -> None:
    for day in (1, 5, 12, 20):
        InterventionFactory(grant=october.grant, on=dt.date(2022, 10, day), content=f"{day}日の手伝い")
    MeetingFactory(grant=october.grant, held=False, held_on=dt.date(2022, 11, 17), sheets=[october])
    sheets = {sheet.month: sheet for sheet in october.grant.sheets.all()}
    SheetDocumentFactory(sheet=sheets[dt.date(2022, 8, 1)])
    SheetDocumentFactory(sheet=sheets[dt.date(2022, 9, 1)])
    last = SheetDocumentFactory(sheet=sheets[dt.date(2022, 9, 1)], edition=2)
    text = home_of(sign_in(member)).content.decode()
    assert "20日の手伝い" in text
    assert ">1日の手伝い" not in text  # the three latest only
    assert "10月ぶん" in text
    assert last.get_absolute_url() in text
    assert "2022年9月の月次面談（PDF）" in text
    assert "2022年8月の月次面談" not in text


def test_internal_notes_never(sign_in: SignIn, member: User, october: ProgressSheet) -> None:
    FieldNoteFactory(
        grant=october.grant, sheet=october, text="財団の中だけの話", visibility=FieldNote.Visibility.INTERNAL
    )
    assert "財団の中だけの話" not in home_of(sign_in(member)).content.decode()


def test_another_organisation_is_not_there(
    sign_in: SignIn, member: User, october: ProgressSheet, other_grant: Grant
) -> None:
    sheet = SheetFactory(grant=other_grant)
    ActionItemFactory(sheet=sheet, text="となりの宿題")
    text = home_of(sign_in(member)).content.decode()
    assert "となりの事業" not in text
    assert "となりの宿題" not in text


def test_without_a_grant_it_says_whom_to_ask(sign_in: SignIn, member: User) -> None:
    assert "まだ助成が登録されていません" in home_of(sign_in(member)).content.decode()


def test_a_change_of_the_plan_waits_for_ones_own_yes(
    sign_in: SignIn, member: User, october: ProgressSheet
) -> None:
    words, client = "合意をお待ちしている、計画の見直し", sign_in(member)
    proposal = PlanProposalFactory(grant=october.grant, state="draft")
    assert words not in home_of(client).content.decode()
    PlanProposal.objects.update(state="open", version=1)
    proposal.agreements.create(
        side=Side.FOUNDATION,
        person=proposal.author,
        recorded_by=proposal.author,
        at=moment(2022, 11, 7),
        version=1,
    )
    for version in (0, 1):
        html = home_of(client).content.decode()
        assert words in html
        assert f'href="{proposal.get_absolute_url()}">2022年11月からの見直しの案' in html
        assert october.grant.title in html
        proposal.agreements.create(
            side=Side.GRANTEE,
            person=proposal.author,
            recorded_by=proposal.author,
            at=moment(2022, 11, 7),
            version=version,
        )
    assert words not in home_of(client).content.decode(), (
        "what is said to an earlier text does not count, to this it does"
    )


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow(
    sign_in: SignIn,
    member: User,
    organisation: Organisation,
    program: Program,
    count: int,
    django_assert_num_queries: Any,
) -> None:
    for grant in GrantFactory.create_batch(count, program=program, organisation=organisation):
        make_plan(grant)
        for month in month_range(grant.starts_on, NOVEMBER):
            sheet = SheetFactory(grant=grant, month=month, turn_since=moment(2022, 11, 1))
        SheetDocumentFactory(sheet=sheet)
        InterventionFactory(grant=grant)
        ActionItemFactory(sheet=sheet)
        MeetingFactory(grant=grant, held=False, held_on=dt.date(2022, 11, 17), sheets=[sheet])
    client = sign_in(member)
    with django_assert_num_queries(15):
        home_of(client)


def test_homework_is_ticked_by_the_form_as_it_stands(member: User, grant: Grant) -> None:
    """With the check against forged requests on, as in a browser."""
    item = ActionItemFactory(sheet=SheetFactory(grant=grant, closed=True), side=Side.GRANTEE)
    client = Client(enforce_csrf_checks=True)
    client.force_login(member)
    page = client.get("/").content.decode()
    (form,) = re.findall(rf'<form[^>]*action="/homework/{item.pk}/done/".*?</form>', page, flags=re.S)
    sent = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    assert client.post(f"/homework/{item.pk}/done/", sent).status_code == 302
    item.refresh_from_db()
    assert item.done_by == member
