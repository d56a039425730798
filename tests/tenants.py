"""A foundation filled with one row of everything, every text of it carrying the same word."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from accounts.models import User
from accounts.services import record_act
from foundations.models import Foundation, Staff
from grantees.models import Invitation, Membership
from grants.models import (
    ActivityVersion,
    Grant,
    IndicatorVersion,
    LongTermOutcomeVersion,
    OutputVersion,
    ProgramApproach,
    ProgramIndicatorPart,
    ShortTermOutcomeVersion,
)
from mentoring.models import FieldNote, ProgressSheet, SheetMail
from mentoring.models.meetings import Side
from mentoring.services.documents import store_document
from reports.pdf.sheet import render_sheet_pdf
from tests.factories import (
    ActionItemFactory,
    AttachmentFactory,
    AttendeeFactory,
    BudgetLineFactory,
    ConsortiumMemberFactory,
    CostReviewFactory,
    ExpenditureFactory,
    FieldNoteFactory,
    FigureFactory,
    FoundationFactory,
    FoundationHistoryEntryFactory,
    FundFactory,
    GrantFactory,
    GrantReaderFactory,
    IndicatorUnitFactory,
    InterventionFactory,
    InvitationFactory,
    LedgerEntryFactory,
    LegalFormFactory,
    MeetingFactory,
    MembershipFactory,
    MentionFactory,
    OrganisationFactory,
    OutcomeChangeFactory,
    OutcomeReviewFactory,
    PlanProposalFactory,
    PlanRevisionFactory,
    PlanRows,
    ProgramFactory,
    ProgramIndicatorFactory,
    RowCommentFactory,
    SheetEventFactory,
    SheetFactory,
    SheetMailFactory,
    StaffFactory,
    SupportCategoryFactory,
    SupportMenuItemFactory,
    UserFactory,
    make_plan,
    moment,
)

State = ProgressSheet.State


@dataclass
class Tenant:
    """`word` stands in every text; `people` by role; `rows` is everything else that has an address."""

    word: str
    foundation: Foundation
    grant: Grant
    people: dict[str, User] = field(default_factory=dict)
    rows: list[models.Model] = field(default_factory=list)
    sheets: dict[str, ProgressSheet] = field(default_factory=dict)

    def keep(self, row: Any) -> Any:
        self.rows.append(row)
        return row


def fill(word: str, *, draws_pdf: bool = False) -> Tenant:
    """`draws_pdf`: the stored document is a real one, and not just some bytes."""
    foundation = FoundationFactory(
        name=f"財団{word}", short_name=f"略{word}", profile=word, vision=word, mission=word, address=word
    )
    fund = FundFactory(foundation=foundation, name=f"基金{word}", description=word)
    program = ProgramFactory(fund=fund, name=f"事業{word}", short_name=f"略事業{word}", theme=word)
    form = LegalFormFactory(foundation=foundation, name=f"法人{word}")
    organisation = OrganisationFactory(
        foundation=foundation, legal_form=form, name=f"団体{word}", is_consortium=True, description=word
    )
    officer = _staff(foundation, Staff.Role.OFFICER, word)
    grant = GrantFactory(
        program=program, organisation=organisation, officer=officer, title=f"助成{word}", summary=word, own_funds_note=word,
        starts_on=dt.date(2022, 1, 1), ends_on=dt.date(2022, 6, 30),  # no more months than are filled
    )  # fmt: skip
    tenant = Tenant(word, foundation, grant, people={"officer": officer})
    for row in (foundation, fund, program, form, organisation, grant):
        tenant.keep(row)
    FoundationHistoryEntryFactory(foundation=foundation, text=word)
    LedgerEntryFactory(fund=fund, memo=word)
    ProgramApproach.objects.create(program=program, text=word)
    ConsortiumMemberFactory(consortium=organisation, organisation=None, name=word, part=word)
    tenant.keep(IndicatorUnitFactory(foundation=foundation, name=word[:10]))
    _people(tenant)
    plan = _plan(tenant)
    _money(tenant)
    _months(tenant, plan, draws_pdf)
    return tenant


def _staff(foundation: Foundation, role: str, word: str) -> User:
    user = UserFactory(name=f"人{word} {role}", kana=word)
    return StaffFactory(foundation=foundation, role=role, user=user, title=word).user


def _people(tenant: Tenant) -> None:
    foundation, word, organisation = tenant.foundation, tenant.word, tenant.grant.organisation
    for role in (Staff.Role.ADMIN, Staff.Role.BOARD):
        tenant.people[role] = _staff(foundation, role, word)
    for role in Staff.INVITED:
        user = UserFactory(name=f"人{word} {role}")
        GrantReaderFactory(grant=tenant.grant, staff__role=role, staff__user=user)
        tenant.people[role] = user
    for role in Membership.Role.values:
        user = UserFactory(name=f"人{word} {role}")
        tenant.keep(MembershipFactory(organisation=organisation, role=role, user=user, title=word))
        tenant.people[role] = user
    tenant.rows += [*tenant.people.values(), *Staff.objects.filter(foundation=foundation)]
    for place in (None, organisation):
        role = Invitation.Role.OFFICER if place is None else Invitation.Role.MEMBER
        tenant.keep(InvitationFactory(foundation=foundation, organisation=place, role=role, name=word, invited_by=tenant.people["admin"]))  # fmt: skip


def _plan(tenant: Tenant) -> PlanRows:
    plan = make_plan(tenant.grant)
    tenant.keep(PlanRevisionFactory(grant=tenant.grant, reason=tenant.word))
    for model in (LongTermOutcomeVersion, ShortTermOutcomeVersion, OutputVersion, ActivityVersion):
        model.objects.filter(**{f"{_identity(model)}__grant": tenant.grant}).update(text=f"文{tenant.word}")
    IndicatorVersion.objects.filter(indicator__grant=tenant.grant).update(
        name=f"指標{tenant.word}", verification=tenant.word
    )
    whole = ProgramIndicatorFactory(
        outcome__program=tenant.grant.program, outcome__text=tenant.word, name=tenant.word
    )
    ProgramIndicatorPart.objects.create(whole=whole, indicator=plan.indicators["sum"])
    tenant.rows += [
        whole,
        whole.outcome,
        PlanProposalFactory(grant=tenant.grant, reason=tenant.word),
        PlanProposalFactory(grant=tenant.grant, reason=tenant.word, agreed=True),
        plan.long_term,
        *plan.outcomes,
        *plan.outputs,
        *plan.activities,
        *plan.indicators.values(),
    ]
    return plan


def _identity(model: type[models.Model]) -> str:
    return next(
        name for name in ("outcome", "output", "activity") if name in {f.name for f in model._meta.fields}
    )


def _money(tenant: Tenant) -> None:
    BudgetLineFactory(grant=tenant.grant, item=f"費目{tenant.word}")
    ExpenditureFactory(grant=tenant.grant, month=dt.date(2022, 1, 1))
    category = tenant.keep(SupportCategoryFactory(foundation=tenant.foundation, name=f"分類{tenant.word}"))
    item = SupportMenuItemFactory(
        foundation=tenant.foundation, category=category, name=f"支援{tenant.word}", description=tenant.word
    )
    tenant.keep(item)
    tenant.keep(
        InterventionFactory(
            grant=tenant.grant, item=item, on=dt.date(2022, 1, 12), content=tenant.word, result=tenant.word
        )
    )


def _months(tenant: Tenant, plan: PlanRows, draws_pdf: bool) -> None:
    grant, word, officer = tenant.grant, tenant.word, tenant.people["officer"]
    states = (State.CLOSED, State.DRAFT, State.SUBMITTED, State.RETURNED, State.REOPENED)
    for number, state in enumerate(states, start=1):
        closed_by = {"closed": True} if state == State.CLOSED else {"state": state}
        sheet = SheetFactory(grant=grant, month=dt.date(2022, number, 1), remark=word, **closed_by)
        tenant.sheets[state] = tenant.keep(sheet)
        FigureFactory(sheet=sheet, indicator=plan.indicators["sum"], note=word)
        OutcomeChangeFactory(sheet=sheet, outcome=plan.outcomes[0], text=word)
        OutcomeReviewFactory(sheet=sheet, outcome=plan.outcomes[0], sentence=word)
        CostReviewFactory(sheet=sheet, consultation=word)
        meeting = tenant.keep(MeetingFactory(grant=grant, place=word, sheets=[sheet]))
        AttendeeFactory(meeting=meeting, name=word, title=word)
        MeetingFactory(grant=grant, place=word, sheets=[sheet], held=False, held_on=dt.date(2022, 12, number))
        tenant.keep(ActionItemFactory(sheet=sheet, text=word, person=tenant.people["member"]))
        tenant.keep(AttachmentFactory(sheet=sheet, name=f"{word}.jpg", caption=word))
        SheetEventFactory(sheet=sheet, to_state=state, by=officer, reason=word)
        question = tenant.keep(
            RowCommentFactory(sheet=sheet, author=officer, indicator=plan.indicators["sum"], text=word)
        )
        MentionFactory(comment=question, person=tenant.people["member"])
        answer = RowCommentFactory(
            question=question, author=tenant.people["member"], side=Side.GRANTEE, text=word, asks=True
        )
        tenant.keep(answer)
        for visibility in FieldNote.Visibility.values:
            FieldNoteFactory(grant=grant, sheet=sheet, author=officer, text=word, visibility=visibility)
    closed = ProgressSheet.objects.with_names().get(pk=tenant.sheets[State.CLOSED].pk)
    pdf = render_sheet_pdf(closed) if draws_pdf else b"%PDF-1.7"
    tenant.keep(store_document(sheet=closed, pdf=pdf, by=officer))
    tenant.keep(SheetMailFactory(sheet=closed, person=officer, subject=word, body=word, error=word))
    SheetMail.objects.update(created_at=moment(2022, 11, 1))  # long enough ago to be told of
    record_act(
        verb="sheet.close", subject=closed, by=officer, foundation_id=tenant.foundation.pk, reason=word
    )
