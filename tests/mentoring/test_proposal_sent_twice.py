"""A form of the proposal that comes a second time, or without what its page showed: nothing doubles, nothing is lost."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from grants.models import PlanProposal
from grants.plan import Plan
from tests.factories import PlanProposalFactory, PlanRows
from tests.mentoring.test_proposals import form_data, take_away, url

SignIn = Callable[[User], Client]
NOVEMBER, DECEMBER = dt.date(2022, 11, 1), dt.date(2022, 12, 1)
ADDED = {
    "long_term/0/": {"text": "若者がまちで暮らしつづけている"},
    "outcome/0/": {"text": "若者が担い手になっている"},
    "output/0/": {"text": "夜の居場所が開かれている"},
    "activity/0/": {"text": "夜に居場所を開く"},
}


@pytest.fixture
def draft(plan: PlanRows) -> PlanProposal:
    proposal: PlanProposal = PlanProposalFactory(grant=plan.grant, reason="声から")
    return proposal


def stands(proposal: PlanProposal) -> Plan:
    proposal.refresh_from_db()
    return Plan.from_json(proposal.draft)


def opened(client: Client, address: str, **typed: str) -> dict[str, Any]:
    """What the browser sends from a form opened for something new."""
    page = client.get(address)
    return {**form_data(page), "key": page.context["form"].key, **typed}


@pytest.mark.parametrize("tail", ADDED)
def test_added_twice_is_added_once(draft: PlanProposal, sign_in: SignIn, officer: User, tail: str) -> None:
    client = sign_in(officer)
    before = stands(draft)
    typed = opened(client, url(draft, tail), **ADDED[tail])
    places = {client.post(url(draft, tail), typed)["Location"] for _press in range(2)}
    assert len(places) == 1
    after = stands(draft)
    column = {"long_term/0/": "long_term", "outcome/0/": "outcomes", "output/0/": "outputs"}.get(
        tail, "activities"
    )
    assert len(getattr(after, column)) == len(getattr(before, column)) + 1
    assert draft.steps.count() == 1
    assert client.post(url(draft, tail), opened(client, url(draft, tail), **ADDED[tail])).status_code == 302
    assert len(getattr(stands(draft), column)) == len(getattr(before, column)) + 2, (
        "another form, another box"
    )


def test_sent_again_with_other_words_it_asks(draft: PlanProposal, sign_in: SignIn, officer: User) -> None:
    """The first press arrived and its answer did not; the writer went on writing and pressed again."""
    client, address = sign_in(officer), url(draft, "output/0/")
    typed = opened(client, address, text="夜の居場所が開かれている")
    client.post(address, typed)
    response = client.post(address, {**typed, "text": "夜も居場所が開かれている"})
    html = response.content.decode()
    assert response.status_code == 422
    assert "夜の居場所が開かれている" in html
    assert "夜も居場所が開かれている" in html
    again = {**typed, **form_data(response), "text": "夜も居場所が開かれている", "choose-text": "mine"}
    assert client.post(address, again).status_code == 302
    assert [o.text for o in stands(draft).outputs][3:] == ["夜も居場所が開かれている"]


def test_what_was_taken_back_can_be_added_again(draft: PlanProposal, sign_in: SignIn, officer: User) -> None:
    client, address = sign_in(officer), url(draft, "output/0/")
    typed = opened(client, address, text="夜の居場所が開かれている")
    client.post(address, typed)
    step = draft.steps.get()
    client.post(url(draft, f"undo/{step.pk}/"))
    assert len(stands(draft).outputs) == 3
    client.post(address, typed)
    assert len(stands(draft).outputs) == 4


def test_an_indicator_pressed_twice_is_one(draft: PlanProposal, sign_in: SignIn, officer: User) -> None:
    client, box = sign_in(officer), stands(draft).outputs[0]
    address = url(draft, f"output/{box.id}/indicators/0/")
    typed = opened(client, address, name="夜に来た人", target_value="5")
    places = {client.post(address, typed)["Location"] for _press in range(2)}
    assert len(places) == 1
    assert len(stands(draft).outputs[0].indicators) == len(box.indicators) + 1
    replacing = f"{address}?replaces={box.indicators[0].id}"
    typed = opened(client, replacing, name="夜に開いた回数")
    places = {client.post(replacing, typed)["Location"] for _press in range(2)}
    assert len(places) == 1
    names = [i.name for i in stands(draft).outputs[0].indicators]
    assert names.count("夜に開いた回数") == 1
    assert len(names) == len(box.indicators) + 1


@pytest.mark.parametrize("key", ["", "x", "12", "-1", "9" * 40, "１２３４５６７８９"])
def test_a_key_that_is_none_of_ours_does_no_harm(
    draft: PlanProposal, sign_in: SignIn, officer: User, key: str
) -> None:
    client = sign_in(officer)
    assert client.post(url(draft, "output/0/"), {"text": "夜の居場所", "key": key}).status_code == 302
    assert stands(draft).outputs[3].id < 0


def test_a_key_never_reaches_into_another_column(draft: PlanProposal, sign_in: SignIn, officer: User) -> None:
    client = sign_in(officer)
    typed = opened(client, url(draft, "output/0/"), text="夜の居場所が開かれている")
    client.post(url(draft, "output/0/"), typed)
    client.post(url(draft, "activity/0/"), {"text": "夜に居場所を開く", "key": typed["key"]})
    plan = stands(draft)
    assert plan.outputs[-1].text == "夜の居場所が開かれている"
    assert plan.activities[-1].text == "夜に居場所を開く"
    assert plan.outputs[-1].id != plan.activities[-1].id


@pytest.mark.parametrize("tail", ["terms/", "propose/"])
@pytest.mark.parametrize("seen", [{}, {"seen": ""}, {"seen": "made-up"}])
def test_terms_without_what_was_seen_never_write_over(
    draft: PlanProposal, sign_in: SignIn, officer: User, tail: str, seen: dict[str, str]
) -> None:
    client = sign_in(officer)
    take_away(client, draft, "activity", stands(draft).activities[0].id)
    version = stands(draft) and draft.version
    typed = {"holds_from": "2022年12月", "reason": "別の理由", "version": version}
    response = client.post(url(draft, tail), {**typed, **seen})
    html = response.content.decode()
    assert response.status_code == 422
    assert "声から" in html
    assert "別の理由" in html
    draft.refresh_from_db()
    assert (draft.state, draft.reason, draft.holds_from) == ("draft", "声から", NOVEMBER)
    again = {**typed, "seen": response.context["terms_form"].signed_seen()}
    again |= {"choose-reason": "mine", "choose-holds_from": "mine"}
    assert client.post(url(draft, tail), again).status_code == 302
    draft.refresh_from_db()
    assert (draft.reason, draft.holds_from) == ("別の理由", DECEMBER)


@pytest.mark.parametrize("mark", [{}, {"mark": "0" * 16}])
def test_nothing_is_taken_away_that_the_page_did_not_show(
    draft: PlanProposal, sign_in: SignIn, officer: User, mark: dict[str, str]
) -> None:
    client, plan = sign_in(officer), stands(draft)
    for tail in (f"output/{plan.outputs[0].id}/", f"indicators/{plan.outputs[0].indicators[0].id}/"):
        page = client.post(url(draft, f"{tail}remove/"), mark, follow=True).content.decode()
        assert "そのあいだに、ここが書きかえられました。" in page
    assert stands(draft) == plan
    for tail in ("withdraw/", "propose/", "carry-over/"):
        client.post(url(draft, tail), {"reason": "声から", "holds_from": "2022年11月"})
    draft.refresh_from_db()
    assert (draft.state, draft.version) == ("draft", 0)
