"""Asks every URL as every role (tests/access_matrix.py)."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.models import User
from foundations.models import Foundation, Staff
from grantees.models import Invitation, Membership, Organisation
from grants.models import Grant
from mentoring.models import CostReview, ProgressSheet
from mentoring.models.meetings import Side
from mentoring.services.documents import store_document
from tests.access_matrix import ELSEWHERE, ROLES, ROWS, WITH_KEYS, Row
from tests.factories import (
    ActionItemFactory,
    AttachmentFactory,
    AttendeeFactory,
    CostReviewFactory,
    GrantReaderFactory,
    InterventionFactory,
    InvitationFactory,
    MeetingFactory,
    MembershipFactory,
    OutcomeReviewFactory,
    PlanProposalFactory,
    PlanRows,
    ProgramIndicatorFactory,
    RowCommentFactory,
    SheetFactory,
    StaffFactory,
    UserFactory,
    make_plan,
)

SignIn = Callable[[User], Client]
State = ProgressSheet.State
TOKEN = "a-letter-for-somebody-else"


def url_names(resolver: Any = None, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inside = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from url_names(pattern, inside)
        else:
            yield f"{namespace}{pattern.name or ''}", pattern


def test_every_url_has_a_row() -> None:
    known = {row.name for row in ROWS} | set(ELSEWHERE) | WITH_KEYS
    names = {name for name, _pattern in url_names() if not name.startswith("admin:")}
    assert sorted(names - known) == []
    assert sorted(known - names) == []


@pytest.fixture
def people(
    officer: User, admin: User, board: User, accountant: User, adviser: User, representative: User,
    member: User, other_grantee: User, other_grant: Grant, stranger: User, stranger_admin: User,
    stranger_grant: Grant, foundation: Foundation,
) -> dict[str, User | None]:  # fmt: skip
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    return {
        "anonymous": None,
        "officer": officer,
        "admin": admin,
        "board": board,
        "accountant": accountant,
        "accountant_elsewhere": GrantReaderFactory(grant=other_grant, staff__role=Staff.Role.ACCOUNTANT).staff.user,
        "adviser": adviser,
        "adviser_elsewhere": GrantReaderFactory(grant=other_grant, staff__role=Staff.Role.ADVISER).staff.user,
        "representative": representative,
        "member": member,
        "other_grantee": other_grantee,
        "stranger": stranger,
        "stranger_admin": stranger_admin,
        "nobody": UserFactory(),
        "ended": StaffFactory(foundation=foundation, ends_on=yesterday).user,
    }  # fmt: skip


@pytest.fixture
def subjects(grant: Grant, organisation: Organisation, officer: User) -> dict[str, list[Any]]:
    """What the addresses are about: for each subject of the table the arguments of its URL."""
    plan = make_plan(grant)
    sheets = {
        state: SheetFactory(grant=grant, month=dt.date(2022, number, 1), state=state)
        for number, state in enumerate(
            (State.DRAFT, State.SUBMITTED, State.RETURNED, State.REOPENED), start=2
        )
    }
    closed = SheetFactory(grant=grant, month=dt.date(2022, 1, 1), closed=True)
    invited: dict[str, Any] = {"foundation": grant.foundation, "organisation": organisation}
    role = Invitation.Role.MEMBER
    colleague: Membership = MembershipFactory(organisation=organisation)
    made = {
        "organisation": organisation,
        "invitation": InvitationFactory(role=role, **invited),
        "colleague": colleague,
        "grant": grant,
        **sheets,
        "closed": closed,
        "homework": ActionItemFactory(sheet=sheets[State.SUBMITTED]),
        "question": RowCommentFactory(sheet=sheets[State.SUBMITTED], author=officer),
        "question of closed": RowCommentFactory(sheet=closed, author=officer),
        "support": InterventionFactory(grant=grant),
        "meeting": MeetingFactory(grant=grant, held=False),
        "attachment": AttachmentFactory(sheet=sheets[State.DRAFT]),
        "attachment of closed": AttachmentFactory(sheet=closed),
        "removed": AttachmentFactory(sheet=sheets[State.DRAFT], removed=True),
        "document": store_document(sheet=closed, pdf=b"%PDF-1.7 words", by=officer),
        "document of reopened": store_document(
            sheet=sheets[State.REOPENED], pdf=b"%PDF-1.7 words", by=officer
        ),
        "ready": ready_to_close(grant, plan),
    }
    InvitationFactory(role=role, token=TOKEN, **invited)
    whole = ProgramIndicatorFactory(outcome__program=grant.program)
    agreed = PlanProposalFactory(grant=grant, agreed=True)
    proposal = PlanProposalFactory(grant=grant)
    return {
        "": [],
        "letter": [TOKEN],
        "unknown letter": ["no-such-letter"],
        "program": [grant.program_id],
        "program figure": [whole.pk],
        "proposal": [proposal.pk],
        "agreed": [agreed.pk],
        "proposal step": [proposal.pk, 1],
        "proposal box": [proposal.pk, "output", plan.outputs[0].pk],
        "proposal move": [proposal.pk, "output", plan.outputs[1].pk, 1],
        "proposal indicator": [proposal.pk, "outcome", plan.outcomes[0].pk, 0],
        "proposal gone": [proposal.pk, 12345],
        "link": [grant.pk, plan.outputs[0].pk, plan.outcomes[0].pk],
        **{str(name): [row.pk] for name, row in made.items()},
    }


def ready_to_close(grant: Grant, plan: PlanRows) -> ProgressSheet:
    sheet: ProgressSheet = SheetFactory(grant=grant, month=dt.date(2022, 6, 1), state=State.SUBMITTED)
    meeting = MeetingFactory(grant=grant, sheets=[sheet])
    for side in Side:
        AttendeeFactory(meeting=meeting, side=side)
    for outcome in plan.outcomes:
        OutcomeReviewFactory(sheet=sheet, outcome=outcome)
    for purpose in CostReview.PURPOSES:
        CostReviewFactory(sheet=sheet, purpose=purpose)
    return sheet


ROOMS = sorted({row.name.rpartition(":")[0] for row in ROWS})


@pytest.mark.every_page
@pytest.mark.parametrize("room", ROOMS)
def test_rows(
    room: str, people: dict[str, User | None], subjects: dict[str, list[Any]], sign_in: SignIn
) -> None:
    clients = {role: Client() if user is None else sign_in(user) for role, user in people.items()}
    rows = [row for row in ROWS if row.name.rpartition(":")[0] == room]
    got = {str(row): " ".join(str(ask(row, clients[role], role, subjects)) for role in ROLES) for row in rows}
    assert got == {str(row): row.statuses for row in rows}


def ask(row: Row, client: Client, role: str, subjects: dict[str, list[Any]]) -> int:
    with transaction.atomic():  # taken back, so that each role meets the same rows
        url = reverse(row.name, args=subjects[row.subject])
        response: Any = (
            client.post(url, autosaved(row, client), content_type="application/json")
            if row.cells
            else getattr(client, row.method)(url, row.data)
        )
        transaction.set_rollback(True)
    if role == "anonymous" and response.status_code == 302 and row.name not in OPEN_REDIRECTS:
        assert response.url.startswith(reverse("account_login"))
    return int(response.status_code)


def autosaved(row: Row, client: Client) -> dict[str, Any]:
    """From a page that was made for whoever is signed in."""
    cells = {key: {"typed": ["x"], "seen": [""]} for key in row.cells}
    return {"user": int(client.session.get("_auth_user_id", 0)), "cells": cells}


OPEN_REDIRECTS = {"favicon", "set_language"}


def test_the_other_method_is_refused(
    people: dict[str, User | None], subjects: dict[str, list[Any]], sign_in: SignIn
) -> None:
    """A page that acts takes no GET; a page that only reads takes no POST."""
    user = people["officer"]
    assert user is not None
    client = sign_in(user)
    for row in ROWS:
        if row.name not in TAKES_BOTH:
            url = reverse(row.name, args=subjects[row.subject])
            response = client.post(url) if row.method == "get" else client.get(url)
            assert response.status_code == 405, row


TAKES_BOTH = {
    "healthz",
    "favicon",
    "set_language",
    "grantees:invitation_accept",
    "mentoring:box_edit",
    "mentoring:indicator_edit",
    "mentoring:program_parts",
    "mentoring:sheet_entry",
    "mentoring:sheet_submit",
    "mentoring:sheet_entry_files",
    "mentoring:sheet_files_add",
    "mentoring:attachment_edit",
    "reports:sheet_close",
    "reports:excel_upload",
    "reports:excel_confirm",
    "reports:plan_import",
    "mentoring:meeting_edit",
    "mentoring:comment_new",
    "mentoring:comment_reply",
    "mentoring:comment_edit",
    "mentoring:support_new",
    "mentoring:support_edit",
}


@pytest.mark.parametrize("name", ELSEWHERE)
def test_elsewhere(name: str, sign_in: SignIn, member: User, client: Client) -> None:
    anonymous, signed_in = ELSEWHERE[name]
    assert client.get(reverse(name)).status_code == anonymous
    assert sign_in(member).get(reverse(name)).status_code == signed_in


def admin_pages() -> list[str]:
    """The admin's names that need no argument."""
    return sorted(
        {
            name
            for name, pattern in url_names()
            if name.startswith("admin:") and not pattern.pattern.converters and not name.endswith(":")
        }
        - {"admin:login", "admin:logout", "admin:autocomplete", "admin:app_list"}
    )


@pytest.mark.every_page
def test_the_admin_is_for_admins(people: dict[str, User | None], sign_in: SignIn) -> None:
    """Every list and form sends others to the admin's door, and the door is shut. What an admin of another
    foundation finds inside is asked in test_tenants."""
    door = reverse("admin:login")
    for role in set(ROLES) - {"admin", "stranger_admin"}:
        user = people[role]
        client = Client() if user is None else sign_in(user)
        for name in admin_pages():
            response: Any = client.get(reverse(name))
            sent_to = {door} | ({reverse("account_login")} if user is None else set())
            assert response.status_code == 302, f"{role} {name}"
            assert response.url.split("?")[0] in sent_to, f"{role} {name}"
        assert client.get(door).status_code == (302 if user is None else 403), role
    for role in ("admin", "stranger_admin"):
        assert sign_in(people[role]).get(reverse("admin:index")).status_code == 200  # type: ignore[arg-type]
