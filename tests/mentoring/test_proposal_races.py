"""Two people at one proposal at the same moment, on two real connections. SQLite has no row locks: PostgreSQL only.

One holds the row, the other has read its page and waits; what they send is compared with what stands there then.
"""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection, connections, transaction
from django.test import Client

from accounts.models import User
from grants.models import PlanProposal
from grants.plan import Plan, mark_of
from grants.plan_reading import plan_in_force
from mentoring.services import proposals as services
from tests.factories import PlanRows, moment
from tests.mentoring.test_proposals import form_data, reworded, url
from tests.mentoring.test_sheet_races import at_once

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs row locks"),
]

SignIn = Callable[[User], Client]
State = PlanProposal.State
NOVEMBER, DECEMBER = dt.date(2022, 11, 1), dt.date(2022, 12, 1)


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    with time_machine.travel(moment(2022, 11, 6), tick=False):
        yield


@pytest.fixture
def draft(plan: PlanRows, representative: User) -> PlanProposal:
    proposal = services.start_proposal(grant=plan.grant, month=NOVEMBER, by=representative)
    reworded(proposal, "居場所が週3日開かれている", representative)
    return services.set_terms(
        proposal=proposal, read=lambda _row: (NOVEMBER, "はじめの理由"), by=representative
    )


def behind(first: Callable[[], Any], second: Callable[[], Any]) -> Any:
    """Does `first` and lets go of its locks only when `second`, on a connection of its own, waits for one. What `second`
    came to, or the exception it raised."""
    results: list[Any] = []

    def run() -> None:
        try:
            results.append(second())
        except Exception as error:  # handed to the test, which looks at it
            results.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        first()
        thread.start()
        while thread.is_alive() and not _somebody_waits():
            pass
    thread.join(timeout=20)
    return results[0]


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks JOIN pg_stat_activity USING (pid)"
            " WHERE NOT granted AND datname = current_database())"
        )
        return bool(cursor.fetchone()[0])


def terms_of(client: Client, proposal: PlanProposal) -> dict[str, Any]:
    """What the page of the proposal holds now."""
    page = client.get(url(proposal)).context
    return {"seen": page["terms_form"].signed_seen(), "version": page["proposal"].version}


@pytest.mark.parametrize("tail", ["terms/", "propose/"])
def test_of_two_reasons_at_once_none_is_overwritten(
    draft: PlanProposal, sign_in: SignIn, officer: User, representative: User, tail: str
) -> None:
    client = sign_in(officer)
    typed = {**terms_of(client, draft), "holds_from": "2022年11月", "reason": "財団の理由"}
    response = behind(
        lambda: services.set_terms(
            proposal=draft, read=lambda _row: (DECEMBER, "団体の理由"), by=representative
        ),
        lambda: client.post(url(draft, tail), typed),
    )
    html = response.content.decode()
    assert response.status_code == 422
    assert "団体の理由" in html
    assert "財団の理由" in html
    draft.refresh_from_db()
    assert (draft.state, draft.reason, draft.holds_from) == (State.DRAFT, "団体の理由", DECEMBER)


def test_two_reasons_posted_at_once_make_one_question(
    draft: PlanProposal, sign_in: SignIn, officer: User, representative: User
) -> None:
    clients = [sign_in(officer), sign_in(representative)]
    for number in range(8):
        texts = [f"財団の理由{number}", f"団体の理由{number}"]
        typed = [{**terms_of(client, draft), "holds_from": "2022年11月"} for client in clients]
        answers = at_once(
            lambda: clients[0].post(url(draft, "terms/"), {**typed[0], "reason": texts[0]}),  # noqa: B023
            lambda: clients[1].post(url(draft, "terms/"), {**typed[1], "reason": texts[1]}),  # noqa: B023
        )
        assert sorted(answer.status_code for answer in answers) == [302, 422]
        loser = next(answer for answer in answers if answer.status_code == 422).content.decode()
        assert all(text in loser for text in texts)


def test_a_draft_that_is_written_on_is_not_put_forward_unread(
    draft: PlanProposal, sign_in: SignIn, officer: User, representative: User
) -> None:
    client = sign_in(officer)
    typed = {**terms_of(client, draft), "holds_from": "2022年11月", "reason": "財団の理由"}
    response = behind(
        lambda: reworded(draft, "居場所が毎日開かれている", representative),
        lambda: client.post(url(draft, "propose/"), typed),
    )
    html = response.content.decode()
    assert response.status_code == 409
    assert "そのあいだに、案が書きかわりました。" in html
    assert "<ins>居場所が毎日開かれている</ins>" in html
    assert "財団の理由</textarea>" in html
    draft.refresh_from_db()
    assert (draft.state, draft.reason) == (State.DRAFT, "はじめの理由")
    again = {**typed, "version": response.context["proposal"].version}
    again["seen"] = response.context["terms_form"].signed_seen()
    client.post(url(draft, "propose/"), again)
    draft.refresh_from_db()
    assert (draft.state, draft.reason) == (State.OPEN, "財団の理由")


def test_a_draft_that_is_written_on_is_not_withdrawn_unread(
    draft: PlanProposal, sign_in: SignIn, officer: User, representative: User
) -> None:
    client = sign_in(officer)
    typed = {"version": terms_of(client, draft)["version"], "reason": "来年度にもう一度"}
    response = behind(
        lambda: reworded(draft, "居場所が毎日開かれている", representative),
        lambda: client.post(url(draft, "withdraw/"), typed),
    )
    assert response.status_code == 409
    assert "来年度にもう一度</textarea>" in response.content.decode()
    draft.refresh_from_db()
    assert draft.state == State.DRAFT


@pytest.mark.parametrize("tail", ["agree/", "reject/", "withdraw/", "take-back/", "carry-over/"])
def test_what_is_put_forward_anew_is_not_decided_on_unread(
    draft: PlanProposal, sign_in: SignIn, officer: User, representative: User, tail: str
) -> None:
    """The page shows the first text; it was taken back meanwhile, rewritten, put forward again and agreed to."""
    proposal = services.propose(proposal=draft, by=representative)
    client = sign_in(officer)
    typed = {"version": proposal.version, "reason": "今年度は見送り"}

    def put_forward_anew() -> None:
        services.take_back(proposal=proposal, by=representative)
        reworded(proposal, "居場所が毎日開かれている", representative)
        row = services.propose(proposal=proposal, by=representative)
        services.agree(
            proposal=row, side="grantee", person=representative, version=row.version, by=representative
        )

    response = behind(put_forward_anew, lambda: client.post(url(proposal, tail), typed))
    assert response.status_code == (409 if tail in ("reject/", "withdraw/") else 302)
    proposal.refresh_from_db()
    assert proposal.state == State.OPEN
    assert [a.side for a in proposal.agreements.filter(version=proposal.version)] == ["grantee"]
    page = response if response.status_code == 409 else client.get(url(proposal))
    assert "そのあいだに、案が書きかわりました。" in page.content.decode()


@pytest.mark.parametrize("what", ["output", "indicators"])
def test_what_is_written_on_is_not_taken_away_unread(
    draft: PlanProposal, sign_in: SignIn, officer: User, representative: User, what: str
) -> None:
    client, theirs = sign_in(officer), sign_in(representative)
    box = Plan.from_json(draft.draft).outputs[1]
    part: Any = box if what == "output" else box.indicators[0]
    address = url(draft, f"output/{box.id}/" + ("" if what == "output" else f"indicators/{part.id}/"))
    newer = {"text": "ふたりで支える"} if what == "output" else {"name": "ふたりで支える"}
    newer = {**form_data(theirs.get(address)), **newer}
    response = behind(
        lambda: theirs.post(address, newer),
        lambda: client.post(url(draft, f"{what}/{part.id}/remove/"), {"mark": mark_of(part)}),
    )
    html = client.get(response["Location"]).content.decode()
    assert "そのあいだに、ここが書きかえられました。" in html
    assert "ふたりで支える" in html
    draft.refresh_from_db()
    assert "ふたりで支える" in str(draft.draft)


def test_one_step_is_gone_back_once(draft: PlanProposal, officer: User, representative: User) -> None:
    reworded(draft, "居場所が毎日開かれている", officer)
    step = draft.steps.last()
    assert step is not None
    results = at_once(
        *(
            lambda by=by: services.undo_step(proposal=draft, step=step.pk, by=by)
            for by in (officer, representative)
        )
    )
    assert [step for step in results if step is not None] == [step]
    draft.refresh_from_db()
    assert Plan.from_json(draft.draft).outputs[0].text == "居場所が週3日開かれている"


def test_who_begins_while_the_one_before_is_agreed_on_begins_from_what_was_agreed(
    draft: PlanProposal, officer: User, representative: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposal = services.propose(proposal=draft, by=officer)
    was_read = threading.Event()

    def reads(grant: Any, month: dt.date) -> Plan:
        plan = plan_in_force(grant, month)
        was_read.set()
        return plan

    def agree() -> None:
        services.agree_both(proposal=proposal, grantee=representative, version=proposal.version, by=officer)
        was_read.clear()
        monkeypatch.setattr(services, "plan_in_force", reads)

    second = behind(
        agree, lambda: services.start_proposal(grant=draft.grant, month=NOVEMBER, by=representative)
    )
    assert was_read.is_set()
    assert isinstance(second, PlanProposal)
    second.refresh_from_db()
    assert Plan.from_json(second.base).outputs[0].text == "居場所が週3日開かれている"
    assert second.draft == second.base


@pytest.mark.parametrize("tail", ["output/0/", "outcome/{}/indicators/0/"])
def test_pressed_twice_at_once_it_is_added_once(
    draft: PlanProposal, sign_in: SignIn, officer: User, tail: str
) -> None:
    before = Plan.from_json(draft.draft)
    address = url(draft, tail.format(before.outcomes[0].id))
    clients = [sign_in(officer), sign_in(officer)]
    page = clients[0].get(address)
    named = {"text": "夜の居場所が開かれている", "name": "夜に来た人", "target_value": "5"}
    typed = {**form_data(page), **named, "key": page.context["form"].key}
    answers = at_once(*(lambda client=client: client.post(address, typed) for client in clients))
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"], "both lead to the one that was made"
    draft.refresh_from_db()
    after = Plan.from_json(draft.draft)
    added = len(after.outputs) - len(before.outputs)
    added += len(after.outcomes[0].indicators) - len(before.outcomes[0].indicators)
    assert added == 1
