"""A change of the plan: from a draft to the yes of both sides, and what stands in its way."""

import datetime as dt
import re
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from django.db import OperationalError, connection, transaction
from django.test import Client

from accounts.models import User
from core.months import month_label
from grants.models import PlanProposal, PlanRevision
from grants.plan import Plan, mark_of
from grants.plan_edit import all_indicators, find_box, put_box, remove_box
from grants.plan_reading import Box, plan_in_force
from grants.services.plans import PlanMoved
from mentoring.plan_months import first_open_month
from mentoring.services import proposals as services
from mentoring.services.moves import submit_sheet
from mentoring.services.proposals import AlreadyOne, MonthHandedOver, NothingChanged, WrongMove
from tests.factories import (
    ContributionFactory,
    OutputVersionFactory,
    PlanProposalFactory,
    PlanRows,
    SheetFactory,
    moment,
)

SignIn = Callable[[User], Client]
State = PlanProposal.State
OCTOBER, NOVEMBER, DECEMBER = dt.date(2022, 10, 1), dt.date(2022, 11, 1), dt.date(2022, 12, 1)


@pytest.fixture(autouse=True)
def november() -> Any:
    with time_machine.travel(moment(2022, 11, 6), tick=False):
        yield


@pytest.fixture
def draft(plan: PlanRows, representative: User) -> PlanProposal:
    """October is handed over; the draft rewords ①-1 from November on."""
    SheetFactory(grant=plan.grant, month=OCTOBER, state="submitted")
    proposal = services.start_proposal(
        grant=plan.grant, month=first_open_month(plan.grant), by=representative
    )
    reworded(proposal, "居場所が週3日開かれている", representative)
    terms = NOVEMBER, "週1日では足りないという声から"
    return services.set_terms(proposal=proposal, read=lambda _row: terms, by=representative)


def reworded(proposal: PlanProposal, text: str, by: User, number: int = 0) -> PlanProposal:
    def change(plan: Plan) -> Plan:
        box = find_box(plan, Box.OUTPUT, plan.outputs[number].id)
        assert box is not None
        return put_box(plan, Box.OUTPUT, replace(box, text=text))

    return services.change_draft(proposal=proposal, words="アウトプット", change=change, by=by)


def opened(proposal: PlanProposal, by: User) -> PlanProposal:
    return services.propose(proposal=proposal, by=by)


def url(proposal: PlanProposal, tail: str = "") -> str:
    return f"/proposals/{proposal.pk}/{tail}"


def put(client: Client, proposal: PlanProposal, tail: str, **typed: str) -> Any:
    """Sends the terms from the proposal's page as it stands."""
    page = client.get(url(proposal)).context
    hidden = {"seen": page["terms_form"].signed_seen(), "version": page["proposal"].version}
    return client.post(url(proposal, tail), {**hidden, **typed})


def take_away(client: Client, proposal: PlanProposal, kind: str, pk: int, **more: Any) -> Any:
    """Presses なくす of a box or an indicator as it stands."""
    proposal.refresh_from_db()
    plan = Plan.from_json(proposal.draft)
    part: Any = (
        next(i for i in all_indicators(plan) if i.id == pk)
        if kind == "indicators"
        else find_box(plan, Box(kind), pk)
    )
    return client.post(url(proposal, f"{kind}/{pk}/remove/"), {"mark": mark_of(part)}, **more)


# --- the moves -----------------------------------------------------------------------------------------------


def test_it_holds_when_both_sides_agreed(draft: PlanProposal, officer: User, representative: User) -> None:
    grant = draft.grant
    before = plan_in_force(grant, OCTOBER)
    proposal = opened(draft, representative)
    services.agree(
        proposal=proposal, side="grantee", person=representative, version=proposal.version, by=representative
    )
    proposal.refresh_from_db()
    assert proposal.state == State.OPEN
    assert plan_in_force(grant, NOVEMBER).outputs == before.outputs
    services.agree(proposal=proposal, side="foundation", person=officer, version=proposal.version, by=officer)
    proposal.refresh_from_db()
    assert proposal.state == State.AGREED
    assert plan_in_force(grant, NOVEMBER).outputs[0].text == "居場所が週3日開かれている"
    assert plan_in_force(grant, OCTOBER) == before
    revision = PlanRevision.objects.get()
    assert (revision.kind, revision.approved_by) == ("wording", officer)
    assert revision.reason == "週1日では足りないという声から"
    assert [a.person for a in proposal.agreements.all()] == [representative, officer]


def test_a_yes_is_to_one_text(draft: PlanProposal, officer: User, representative: User) -> None:
    proposal = opened(draft, representative)
    services.agree(proposal=proposal, side="foundation", person=officer, version=proposal.version, by=officer)
    proposal = services.take_back(proposal=proposal, by=representative)
    reworded(proposal, "居場所が毎日開かれている", representative)
    proposal = opened(proposal, representative)
    services.agree(
        proposal=proposal, side="grantee", person=representative, version=proposal.version, by=representative
    )
    proposal.refresh_from_db()
    assert proposal.state == State.OPEN, "the foundation said yes to three days only"
    with pytest.raises(WrongMove):
        services.agree(
            proposal=proposal, side="foundation", person=officer, version=proposal.version - 1, by=officer
        )


def test_what_is_over_stays_as_it_is(draft: PlanProposal, officer: User, representative: User) -> None:
    proposal = services.reject(
        proposal=opened(draft, representative), reason="来年度にもう一度話す", by=officer
    )
    for act in (
        lambda: reworded(proposal, "あとから", officer),
        lambda: services.propose(proposal=proposal, by=officer),
        lambda: services.withdraw(proposal=proposal, reason="x", by=officer),
        lambda: services.agree(
            proposal=proposal, side="foundation", person=officer, version=proposal.version, by=officer
        ),
    ):
        with pytest.raises(WrongMove):
            act()
    assert proposal.events.last().reason == "来年度にもう一度話す"
    services.start_proposal(grant=proposal.grant, month=NOVEMBER, by=officer)


def test_one_proposal_at_a_time(draft: PlanProposal, officer: User) -> None:
    with pytest.raises(AlreadyOne) as other:
        services.start_proposal(grant=draft.grant, month=NOVEMBER, by=officer)
    assert other.value.proposal == draft


def test_a_draft_that_changes_nothing_is_not_proposed(plan: PlanRows, officer: User) -> None:
    with pytest.raises(NothingChanged):
        services.propose(proposal=PlanProposalFactory(grant=plan.grant), by=officer)


def test_a_month_that_was_handed_over_is_not_changed(
    draft: PlanProposal, officer: User, representative: User
) -> None:
    with pytest.raises(MonthHandedOver):
        services.set_terms(proposal=draft, read=lambda _row: (OCTOBER, "x"), by=officer)
    proposal = opened(draft, representative)
    services.agree(
        proposal=proposal, side="grantee", person=representative, version=proposal.version, by=representative
    )
    SheetFactory(grant=draft.grant, month=NOVEMBER, state="submitted")
    with pytest.raises(MonthHandedOver) as late:
        services.agree(
            proposal=proposal, side="foundation", person=officer, version=proposal.version, by=officer
        )
    assert late.value.first == DECEMBER
    proposal.refresh_from_db()
    assert (proposal.state, proposal.agreements.count()) == (State.OPEN, 1)
    carried = services.carry_over(proposal=proposal, by=officer)
    assert (carried.state, carried.holds_from) == (State.DRAFT, DECEMBER)
    assert Plan.from_json(carried.draft).outputs[0].text == "居場所が週3日開かれている"


def test_a_plan_that_changed_meanwhile_is_not_overwritten(
    draft: PlanProposal, plan: PlanRows, officer: User, representative: User
) -> None:
    proposal = opened(draft, representative)
    OutputVersionFactory(output=plan.outputs[1], valid_from=NOVEMBER, position=2, text="管理画面で書いた文")
    services.agree(
        proposal=proposal, side="grantee", person=representative, version=proposal.version, by=representative
    )
    with pytest.raises(PlanMoved):
        services.agree(
            proposal=proposal, side="foundation", person=officer, version=proposal.version, by=officer
        )
    texts = {o.text for o in Plan.from_json(services.carry_over(proposal=proposal, by=officer).draft).outputs}
    assert texts >= {"居場所が週3日開かれている", "管理画面で書いた文"}


def test_two_new_outputs_get_two_numbers(draft: PlanProposal, plan: PlanRows, officer: User) -> None:
    """One stands in the draft, the other came into the plan meanwhile; both were ①-3 until now."""

    def added(now: Plan) -> Plan:
        return put_box(now, Box.OUTPUT, replace(now.outputs[0], id=-1, text="案の新しい文", indicators=()))

    services.change_draft(proposal=draft, words="箱", change=added, by=officer)
    other = OutputVersionFactory(
        output__grant=plan.grant, valid_from=NOVEMBER, position=3, text="別の新しい文"
    )
    ContributionFactory(version=other, outcome=plan.outcomes[0], is_first=True)
    carried = Plan.from_json(services.carry_over(proposal=draft, by=officer).draft)
    labels = {output.text: carried.output_label(output) for output in carried.outputs}
    assert {labels["案の新しい文"], labels["別の新しい文"]} == {"①-3", "①-4"}
    assert len(set(labels.values())) == len(labels)


def test_undo_goes_back_one_step_at_a_time(draft: PlanProposal, representative: User) -> None:
    reworded(draft, "もっとよい言い方", representative)
    first, second = draft.steps.all()
    assert services.undo_step(proposal=draft, step=first.pk, by=representative) is None, (
        "not the last any more"
    )
    services.undo_step(proposal=draft, step=second.pk, by=representative)
    draft.refresh_from_db()
    assert Plan.from_json(draft.draft).outputs[0].text == "居場所が週3日開かれている"
    services.undo_step(proposal=draft, step=first.pk, by=representative)
    draft.refresh_from_db()
    assert draft.draft == draft.base


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_agree_at_once_write_the_plan_once(
    plan: PlanRows, officer: User, representative: User
) -> None:
    proposal = PlanProposalFactory(grant=plan.grant)
    reworded(proposal, "居場所が週3日開かれている", officer)
    proposal = services.propose(proposal=proposal, by=officer)
    start = threading.Barrier(2)

    def say_yes(side: str, person: User) -> None:
        try:
            start.wait(timeout=10)
            services.agree(proposal=proposal, side=side, person=person, version=proposal.version, by=person)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=say_yes, args=args)
        for args in (("grantee", representative), ("foundation", officer))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    proposal.refresh_from_db()
    assert proposal.state == State.AGREED
    assert PlanRevision.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs row locks")
@pytest.mark.django_db(transaction=True)
def test_the_last_yes_waits_for_a_sheet_that_is_being_handed_over(
    plan: PlanRows, officer: User, representative: User
) -> None:
    sheet = SheetFactory(grant=plan.grant, month=OCTOBER)
    proposal = services.start_proposal(grant=plan.grant, month=OCTOBER, by=officer)
    reworded(proposal, "居場所が週3日開かれている", officer)
    proposal = services.propose(proposal=proposal, by=officer, read=lambda _row: (OCTOBER, "話し合いから"))
    raised: list[Exception] = []

    def say_yes() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '100ms'")
                services.agree_both(
                    proposal=proposal, grantee=representative, version=proposal.version, by=officer
                )
        except Exception as error:  # looked at below
            raised.append(error)
        finally:
            connection.close()

    with transaction.atomic():
        submit_sheet(sheet=sheet, by=representative)
        thread = threading.Thread(target=say_yes)
        thread.start()
        thread.join(timeout=20)
    assert [type(error) for error in raised] == [OperationalError]
    with pytest.raises(MonthHandedOver):
        services.agree_both(proposal=proposal, grantee=representative, version=proposal.version, by=officer)
    assert not PlanRevision.objects.exists()


def test_a_change_that_is_agreed_for_later_bars_no_way(
    draft: PlanProposal, sign_in: SignIn, officer: User, representative: User
) -> None:
    """The next one begins with the month of the change that is agreed, and one that is on its way can be carried there."""
    proposal = services.propose(proposal=draft, by=officer, read=lambda _row: (DECEMBER, "話し合いから"))
    services.agree_both(proposal=proposal, grantee=representative, version=proposal.version, by=officer)
    client = sign_in(officer)
    client.post(f"/grants/{draft.grant_id}/proposals/new/")
    second = PlanProposal.objects.live().get()
    assert second.holds_from == DECEMBER
    reworded(second, "居場所が毎日開かれている", officer)
    response = put(client, second, "propose/", holds_from="2022年11月", reason="声から")
    assert "2022年12月からの計画が、もう決まっています。" in response.content.decode()
    PlanProposal.objects.filter(pk=second.pk).update(holds_from=NOVEMBER, reason="声から")
    second.refresh_from_db()
    assert "2022年12月からの計画が、もう決まっています。" in client.get(url(second)).content.decode()
    second = services.propose(proposal=services.carry_over(proposal=second, by=officer), by=officer)
    services.agree_both(proposal=second, grantee=representative, version=second.version, by=officer)
    assert plan_in_force(draft.grant, NOVEMBER).outputs[0].text == "居場所が開かれている"
    assert plan_in_force(draft.grant, DECEMBER).outputs[0].text == "居場所が毎日開かれている"


# --- the pages -----------------------------------------------------------------------------------------------


def test_either_side_begins_and_the_other_joins(
    plan: PlanRows, sign_in: SignIn, officer: User, representative: User
) -> None:
    SheetFactory(grant=plan.grant, month=OCTOBER, closed=True)
    address = f"/grants/{plan.grant.pk}/proposals/new/"
    response = sign_in(representative).post(address)
    proposal = PlanProposal.objects.get()
    assert (proposal.holds_from, proposal.author) == (NOVEMBER, representative)
    assert response["Location"] == url(proposal, "edit/")
    assert sign_in(officer).post(address)["Location"] == url(proposal, "edit/")


def test_before_and_after_stand_side_by_side(draft: PlanProposal, sign_in: SignIn, officer: User) -> None:
    html = sign_in(officer).get(url(draft)).content.decode()
    assert "<del>居場所が開かれている</del>" in html
    assert "<ins>居場所が週3日開かれている</ins>" in html
    assert html.count('class="model"') == 2
    assert "＊ 変わる" in html
    assert "種類: 表現" in html


def test_proposing_needs_a_reason_and_an_open_month(
    draft: PlanProposal, sign_in: SignIn, officer: User
) -> None:
    client = sign_in(officer)
    response = put(client, draft, "propose/", holds_from="2022年9月", reason="")
    html = response.content.decode()
    assert response.status_code == 422
    assert "もう提出された月は変えられません。2022年11月から先の月を入れてください。" in html
    assert "2022年9月" in html
    assert "このフィールド" not in html
    put(client, draft, "propose/", holds_from="2022年12月", reason="話し合いから")
    draft.refresh_from_db()
    assert (draft.state, draft.holds_from, draft.reason) == (State.OPEN, DECEMBER, "話し合いから")


def test_two_reasons_for_one_proposal_are_both_shown(
    draft: PlanProposal, sign_in: SignIn, officer: User, representative: User
) -> None:
    mine, theirs = sign_in(officer), sign_in(representative)
    seen = mine.get(url(draft)).context["terms_form"].signed_seen()
    theirs.post(url(draft, "terms/"), {"holds_from": "2022年12月", "reason": "団体の理由", "seen": seen})
    typed = {"holds_from": "2022年11月", "reason": "財団の理由", "seen": seen}
    response = mine.post(url(draft, "terms/"), typed)
    html = response.content.decode()
    assert response.status_code == 422
    assert "団体の理由" in html
    assert "財団の理由" in html
    draft.refresh_from_db()
    assert (draft.reason, draft.holds_from) == ("団体の理由", DECEMBER)
    chosen = {"choose-reason": "mine", "seen": response.context["terms_form"].signed_seen()}
    mine.post(url(draft, "terms/"), {**typed, **chosen})
    draft.refresh_from_db()
    assert (draft.reason, draft.holds_from) == ("財団の理由", DECEMBER), "the month was the other's alone"


@pytest.mark.parametrize("tail", ["terms/", "propose/", "reject/"])
def test_a_reason_that_comes_too_late_is_given_back(
    draft: PlanProposal, sign_in: SignIn, officer: User, tail: str
) -> None:
    services.withdraw(proposal=draft, reason="やめます", by=officer)
    response = sign_in(officer).post(url(draft, tail), {"holds_from": "2022年12月", "reason": "長い理由"})
    assert response.status_code == 409
    assert "長い理由</textarea>" in response.content.decode()
    draft.refresh_from_db()
    assert draft.reason == "週1日では足りないという声から"


def test_the_two_reasons_of_the_page_have_each_their_own_label(
    draft: PlanProposal, sign_in: SignIn, officer: User
) -> None:
    html = sign_in(officer).get(url(draft)).content.decode()
    ids = re.findall(r'<textarea[^>]* id="([^"]+)"', html)
    assert len(ids) == 2
    assert len(set(ids)) == len(ids)
    assert set(re.findall(r'<label[^>]* for="([^"]+)"', html)) >= set(ids)


def test_no_change_begins_after_the_grant_ends(draft: PlanProposal, sign_in: SignIn, officer: User) -> None:
    """It would hold in no sheet, and bar every later change of the months before it."""
    last = month_label(draft.grant.ends_on)
    for tail in ("terms/", "propose/"):
        response = put(sign_in(officer), draft, tail, holds_from="2034年11月", reason="話し合いから")
        assert response.status_code == 422
        assert f"助成の期間をすぎています。{last}までの月を入れてください。" in response.content.decode()
    draft.refresh_from_db()
    assert (draft.state, draft.holds_from) == (State.DRAFT, NOVEMBER)


def test_agreeing_from_ones_own_account(
    draft: PlanProposal, sign_in: SignIn, officer: User, representative: User
) -> None:
    opened(draft, representative)
    html = sign_in(officer).get(url(draft)).content.decode()
    assert "この案に合意する" in html
    draft.refresh_from_db()
    for person in (officer, representative):
        sign_in(person).post(url(draft, "agree/"), {"version": draft.version})
    draft.refresh_from_db()
    assert draft.state == State.AGREED
    page = sign_in(officer).get(url(draft)).content.decode()
    assert "決まりました" in page
    assert "2022年11月から変わりました" in page
    assert page.count("<b>合意しました</b>") == 2
    assert "見直す前" in page
    assert "この案に合意する" not in page


def test_the_officer_writes_down_what_both_said_in_the_meeting(
    draft: PlanProposal, sign_in: SignIn, officer: User, representative: User, stranger: User
) -> None:
    proposal = opened(draft, representative)
    client = sign_in(officer)
    assert "双方の合意を書きとめる" in client.get(url(proposal)).content.decode()
    data = {"version": proposal.version}
    assert client.post(url(proposal, "agree-both/"), data).status_code == 422
    assert client.post(url(proposal, "agree-both/"), {**data, "person": stranger.pk}).status_code == 422
    page = client.post(url(proposal, "agree-both/"), {**data, "person": representative.pk}, follow=True)
    html = page.content.decode()
    assert "双方の合意がそろいました。2022年11月から計画が変わります。" in html
    assert "青木 空さん" in html
    assert "面談で小野 彩さんが書きとめました" in html
    assert "実行団体の合意を記録しました" in html, "by the officer, who is named beside it"
    proposal.refresh_from_db()
    assert proposal.state == State.AGREED
    grantee, foundation = proposal.agreements.all()
    assert (grantee.person, grantee.recorded_by) == (representative, officer)
    assert foundation.person == officer


def test_the_way_back_to_the_meeting_stays(draft: PlanProposal, sign_in: SignIn, officer: User) -> None:
    meeting = f"/sheets/{draft.grant.sheets.get(month=OCTOBER).pk}/meeting/"
    opened(draft, officer)
    client = sign_in(officer)
    page = client.get(url(draft), {"next": meeting}).content.decode()
    assert page.count(f'<input type="hidden" name="next" value="{meeting}">') == 4
    draft.refresh_from_db()
    data = {"version": draft.version, "next": meeting}
    page = client.post(url(draft, "agree/"), data, follow=True).content.decode()
    assert f'href="{meeting}">面談に戻る' in page
    response = client.post(url(draft, "take-back/"), {"next": "https://elsewhere.test/"})
    assert response["Location"] == url(draft)


def test_a_stale_page_is_told_kindly(draft: PlanProposal, sign_in: SignIn, officer: User) -> None:
    services.withdraw(proposal=draft, reason="やめます", by=officer)
    response = sign_in(officer).post(url(draft, "agree/"), {"version": "1"}, follow=True)
    assert "いまは「取り下げ」です" in response.content.decode()
    assert "やめます" in response.content.decode()


def test_a_box_is_reworded_with_its_form(draft: PlanProposal, sign_in: SignIn, officer: User) -> None:
    client = sign_in(officer)
    box = Plan.from_json(draft.draft).outputs[1]
    address = url(draft, f"output/{box.id}/")
    page = client.get(address)
    assert page.status_code == 200
    data = form_data(page)
    assert client.post(address, {**data, "text": ""}).status_code == 422
    client.post(address, {**data, "text": "新しい文"})
    draft.refresh_from_db()
    assert find_box(Plan.from_json(draft.draft), Box.OUTPUT, box.id).text == "新しい文"  # type: ignore[union-attr]


def test_two_writers_of_one_box_see_both_texts(
    draft: PlanProposal, sign_in: SignIn, officer: User, representative: User
) -> None:
    box = Plan.from_json(draft.draft).outputs[0]
    address = url(draft, f"output/{box.id}/")
    mine, theirs = sign_in(officer), sign_in(representative)
    my_page, their_page = form_data(mine.get(address)), form_data(theirs.get(address))
    theirs.post(address, {**their_page, "text": "団体の文", "short_text": "団体"})
    response = mine.post(address, {**my_page, "text": "財団の文"})
    html = response.content.decode()
    assert response.status_code == 422
    assert "団体の文" in html
    assert "財団の文" in html
    again = {**form_data(response), "text": "財団の文", "choose-text": "mine"}
    mine.post(address, again)
    draft.refresh_from_db()
    stands = Plan.from_json(draft.draft).outputs[0]
    assert (stands.text, stands.short_text) == ("財団の文", "団体"), "the other field is the other's"


def test_a_box_that_is_gone_gives_its_text_back(
    draft: PlanProposal, sign_in: SignIn, officer: User, representative: User
) -> None:
    box = Plan.from_json(draft.draft).outputs[0]
    client = sign_in(officer)
    data = form_data(client.get(url(draft, f"output/{box.id}/")))
    take_away(sign_in(representative), draft, "output", box.id)
    response = client.post(url(draft, f"output/{box.id}/"), {**data, "text": "長く考えた文"})
    assert response.status_code == 409
    html = response.content.decode()
    assert html.index("長く考えた文") < html.index('id="h-long_term"'), "where it is seen at once"
    told = dict(response.context["form"].in_words())
    assert told["おもに役立つ短期アウトカム"].startswith("① "), "no number of a row"


def test_boxes_and_indicators_are_added_moved_replaced_and_taken_away(
    draft: PlanProposal, sign_in: SignIn, officer: User
) -> None:
    client = sign_in(officer)

    def stands() -> Plan:
        draft.refresh_from_db()
        return Plan.from_json(draft.draft)

    client.post(url(draft, "outcome/0/"), {"text": "若者が担い手になっている", "short_text": ""})
    made = stands().outcomes[-1]
    assert (made.id < 0, made.label) == (True, "③")
    assert "最後の手なおし: 新しく加えたもの" in client.get(url(draft, "edit/")).content.decode()
    client.post(url(draft, f"outcome/{made.id}/move/-1/"))
    assert [o.id for o in stands().outcomes][1] == made.id
    assert stands().outcomes[1].label == "②"
    client.post(
        url(draft, f"outcome/{made.id}/indicators/0/"),
        {"name": "役割をもった若者", "method": "new_unique", "unit": "人", "baseline": "０", "target_value": "５人",
         "due_on": "2024年1月31日"},
    )  # fmt: skip
    (indicator,) = next(o for o in stands().outcomes if o.id == made.id).indicators
    assert (indicator.name, indicator.target_value, indicator.id < 0) == ("役割をもった若者", 5, True)
    old = stands().outputs[0].indicators[0]
    client.post(
        url(draft, f"output/{stands().outputs[0].id}/indicators/0/?replaces={old.id}"),
        {"name": "夜に開いた回数", "method": "sum", "unit": "回", "baseline": "0", "target_value": "50"},
    )
    new = stands().outputs[0].indicators[0]
    assert (new.name, new.replaces) == ("夜に開いた回数", old.id)
    take_away(client, draft, "indicators", new.id)
    assert new.id not in {i.id for i in stands().outputs[0].indicators}
    gone = stands().outcomes[0].id
    take_away(client, draft, "outcome", gone)
    assert all(not output.serves(gone) for output in stands().outputs)
    step = draft.steps.filter(is_undone=False).last()
    client.post(url(draft, f"undo/{step.pk}/"))
    assert gone in {o.id for o in stands().outcomes}


def test_the_cursor_goes_on_where_the_writer_was(draft: PlanProposal, sign_in: SignIn, officer: User) -> None:
    client = sign_in(officer)

    def cursor(html: str) -> str:
        [at] = re.findall(r"<[^>]*autofocus[^>]*>(?:[^<]*<span[^>]*>)?[^<]*", html)
        return " ".join(at.split())

    response = client.post(url(draft, "output/0/"), {"text": "夜の居場所が開かれている"}, follow=True)
    draft.refresh_from_db()
    made = Plan.from_json(draft.draft).outputs[-1]
    assert response.redirect_chain[-1][0] == url(draft, f"edit/?at=output-{made.id}#output-{made.id}")
    assert cursor(response.content.decode()).endswith(f"{made.text}"), "to what was made"
    page = client.get(url(draft, "output/0/")).content.decode()
    assert f'href="{url(draft, "edit/?at=output-0")}"' in page, (
        "given up, it leads to the button it came from"
    )
    assert "アウトプットを加える" in cursor(client.get(url(draft, "edit/?at=output-0")).content.decode())
    indicator = Plan.from_json(draft.draft).outputs[0].indicators[0]
    address = url(draft, f"output/{Plan.from_json(draft.draft).outputs[0].id}/indicators/{indicator.id}/")
    typed = form_data(client.get(address))
    wrong = client.post(address, {**typed, "target_value": "たくさん"}).content.decode()
    assert 'name="target_value"' in cursor(wrong), "to what is wrong"
    page = client.post(address, {**typed, "target_value": "90"}, follow=True).content.decode()
    assert indicator.name in cursor(page)
    page = take_away(client, draft, "output", made.id, follow=True).content.decode()
    assert cursor(page).endswith(">元に戻す"), "what is gone can be taken back"


def test_an_indicator_stays_in_its_box(draft: PlanProposal, sign_in: SignIn, officer: User) -> None:
    client, plan = sign_in(officer), Plan.from_json(draft.draft)
    mine, other = plan.outputs[0].indicators[0], plan.outputs[1].id
    typed = {"name": "居場所の回数", "method": "sum", "unit": "回", "baseline": "0", "target_value": "50"}
    address = url(draft, f"output/{other}/indicators/{mine.id}/")
    assert client.get(address).status_code == 404
    assert client.post(address, typed).status_code == 409
    client.post(url(draft, f"output/{other}/indicators/0/?replaces={mine.id}"), typed)
    draft.refresh_from_db()
    plan = Plan.from_json(draft.draft)
    assert plan.outputs[0].indicators[0] == mine
    assert plan.outputs[1].indicators[-1].replaces is None


def test_an_indicator_is_replaced_once(draft: PlanProposal, sign_in: SignIn, officer: User) -> None:
    """A second press, or a colleague with the same page open, makes no second one beside it."""
    client, box = sign_in(officer), Plan.from_json(draft.draft).outputs[0]
    address = url(draft, f"output/{box.id}/indicators/0/?replaces={box.indicators[0].id}")
    typed = {"name": "夜に開いた回数", "method": "sum", "unit": "回", "baseline": "0", "target_value": "50"}
    assert client.post(address, typed).status_code == 302
    again = client.post(address, typed)
    assert again.status_code == 409
    assert "夜に開いた回数" in again.content.decode()
    draft.refresh_from_db()
    stands = Plan.from_json(draft.draft).outputs[0].indicators
    assert [i.name for i in stands].count("夜に開いた回数") == 1
    assert len(stands) == len(box.indicators)


@pytest.mark.parametrize("replaces", ["9" * 5000, "²", "-1", "x", "999"])
def test_what_is_to_be_replaced_must_be_there(
    draft: PlanProposal, sign_in: SignIn, officer: User, replaces: str
) -> None:
    box = Plan.from_json(draft.draft).outputs[0]
    address = url(draft, f"output/{box.id}/indicators/0/")
    client = sign_in(officer)
    assert client.get(address, {"replaces": replaces}).status_code == 404
    typed = {"name": "夜に開いた回数", "method": "sum", "unit": "回", "baseline": "0", "target_value": "50"}
    assert client.post(f"{address}?replaces={replaces}", typed).status_code == 409


@pytest.mark.parametrize("is_gone", [False, True])
def test_what_was_typed_comes_back_after_signing_in_again(
    draft: PlanProposal, sign_in: SignIn, officer: User, is_gone: bool
) -> None:
    client = sign_in(officer)
    box = Plan.from_json(draft.draft).outputs[1]
    address = url(draft, f"output/{box.id}/")
    page = client.get(address)
    data = {**form_data(page), "here": page.context["signed"], "text": "長く考えた文"}
    client.logout()
    led = client.post(address, data, headers={"HX-Request": "true"})
    assert led["HX-Redirect"].endswith(f"?next={address}")
    assert client.post(address, data).status_code == 302
    if is_gone:
        services.change_draft(
            proposal=draft, words="箱", change=lambda plan: remove_box(plan, Box.OUTPUT, box.id), by=officer
        )
    client.force_login(officer)
    again = client.get(address)
    assert again.status_code == (409 if is_gone else 200)
    assert "長く考えた文" in again.content.decode()
    if not is_gone:
        client.post(address, {**data, **form_data(again)})
        draft.refresh_from_db()
        assert Plan.from_json(draft.draft).outputs[1].text == "長く考えた文"
        assert "サインインが切れる前" not in client.get(address).content.decode()


def test_what_is_typed_while_somebody_proposes_is_given_back(
    draft: PlanProposal, sign_in: SignIn, officer: User, representative: User
) -> None:
    client, box = sign_in(officer), Plan.from_json(draft.draft).outputs[1]
    data = form_data(client.get(url(draft, f"output/{box.id}/")))
    opened(draft, representative)
    late = client.post(url(draft, f"output/{box.id}/"), {**data, "text": "長く考えた文"})
    html = late.content.decode()
    assert late.status_code == 409
    assert "長く考えた文</textarea>" in html
    assert "いまは「提案中」です" in html
    assert "この箱を案からなくしました" not in html
    draft.refresh_from_db()
    assert Plan.from_json(draft.draft).outputs[1] == box
    moved = client.post(url(draft, f"output/{box.id}/remove/"), headers={"HX-Request": "true"})
    assert moved["HX-Redirect"] == url(draft)


def test_hints_are_gentle(draft: PlanProposal, sign_in: SignIn, officer: User) -> None:
    client = sign_in(officer)
    client.post(url(draft, "outcome/0/"), {"text": "交流会を開催する", "short_text": ""})
    html = client.get(url(draft, "edit/")).content.decode()
    assert "することを書いているように読めます" in html


def test_a_connection_needs_a_reason(draft: PlanProposal, sign_in: SignIn, officer: User) -> None:
    plan = Plan.from_json(draft.draft)
    response = sign_in(officer).post(
        url(draft, "output/0/"), {"text": "講座がある", "short_text": "", "under": str(plan.outcomes[0].id)}
    )
    assert response.status_code == 422
    assert "つながると考える理由を書いてください" in response.content.decode()


def test_the_list_keeps_what_is_over(
    draft: PlanProposal, sign_in: SignIn, officer: User, board: User
) -> None:
    services.withdraw(proposal=draft, reason="やめます", by=officer)
    address = f"/grants/{draft.grant.pk}/proposals/"
    assert "取り下げ" in sign_in(officer).get(address).content.decode()
    assert "取り下げ" not in sign_in(board).get(address).content.decode()


def form_data(response: Any) -> dict[str, Any]:
    """What the browser would send back from the open form."""
    form = response.context["form"]
    data = {"seen": form.signed_seen()}
    for field in form:
        value = field.value()
        if value not in (None, ""):
            prepare = getattr(field.field, "prepare_value", lambda v: v)
            data[field.html_name] = prepare(value)
    return data


@pytest.mark.parametrize("more", [0, 6])
def test_queries_do_not_grow(
    draft: PlanProposal, sign_in: SignIn, officer: User, more: int, django_assert_num_queries: Any
) -> None:
    for number in range(more):
        reworded(draft, f"言い方 {number}", officer)
    client = sign_in(officer)
    client.get(url(draft))
    with django_assert_num_queries(10):
        client.get(url(draft))
    with django_assert_num_queries(9):
        client.get(url(draft, "edit/"))


def test_an_open_proposal_stands_on_the_next_meeting_s_agenda(
    draft: PlanProposal, sign_in: SignIn, officer: User, representative: User
) -> None:
    october = draft.grant.sheets.get(month=OCTOBER)
    client = sign_in(officer)
    page = client.get(f"/sheets/{october.pk}/meeting/").content.decode()
    assert 'id="h-proposal"' not in page
    opened(draft, representative)
    page = client.get(f"/sheets/{october.pk}/meeting/").content.decode()
    assert 'id="h-proposal"' in page
    assert "<ins>居場所が週3日開かれている</ins>" in page
    assert page.index('id="h-proposal"') < page.index('id="h-costs"')
