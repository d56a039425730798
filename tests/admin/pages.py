"""Every page of the admin, and one row for each in a foundation."""

import datetime as dt
from typing import Any

from django.contrib import admin
from django.db import models
from django.urls import reverse

from accounts.models import JournalEntry
from accounts.services import record_act
from foundations.models import Foundation
from grants.models import Grant
from tests.factories import (
    AttachmentFactory,
    AttendeeFactory,
    BudgetLineFactory,
    ConsortiumMemberFactory,
    FigureFactory,
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
    PlanRevisionFactory,
    ProgramFactory,
    ProgramIndicatorFactory,
    RowCommentFactory,
    SheetDocumentFactory,
    SheetEventFactory,
    SheetFactory,
    SheetMailFactory,
    make_plan,
)

MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)


def page(model: Any, name: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def fill(foundation: Foundation, month: dt.date = dt.date(2022, 10, 1)) -> dict[type[models.Model], Any]:
    """Everything once; answers one row of each model that has a page."""
    fund = FundFactory(foundation=foundation)
    LedgerEntryFactory(fund=fund)
    program = ProgramFactory(fund=fund)
    grant: Grant = GrantFactory(program=program)
    plan = make_plan(grant)
    sheet = SheetFactory(grant=grant, month=month, closed=True)
    meeting = MeetingFactory(grant=grant, sheets=[sheet])
    AttendeeFactory(meeting=meeting)
    reader = GrantReaderFactory(grant=grant)
    BudgetLineFactory(grant=grant)
    FoundationHistoryEntryFactory(foundation=foundation)
    LegalFormFactory(foundation=foundation)
    ConsortiumMemberFactory(consortium=grant.organisation, organisation__foundation=foundation)
    membership = MembershipFactory(organisation=grant.organisation)
    intervention = InterventionFactory(grant=grant)
    record_act(verb="sheet.closed", subject=sheet, by=grant.officer, foundation_id=foundation.pk)
    rows = [
        foundation, fund, program, grant, grant.organisation, sheet, meeting, membership.user, intervention,
        intervention.item, intervention.item.category, plan.long_term, *plan.outcomes, *plan.outputs,
        *plan.activities, *plan.indicators.values(), reader.staff,
        plan.outputs[0].versions.get(), plan.indicators["sum"].versions.get(),
        ProgramIndicatorFactory(outcome__program=program).outcome,
        LegalFormFactory(foundation=foundation),
        InvitationFactory(foundation=foundation, invited_by=grant.officer),
        IndicatorUnitFactory(foundation=foundation),
        PlanRevisionFactory(grant=grant, holds_from=dt.date(2023, 1, 1)),
        FigureFactory(sheet=sheet, indicator=plan.indicators["sum"]),
        SheetEventFactory(sheet=sheet, by=grant.officer),
        RowCommentFactory(sheet=sheet, indicator=plan.indicators["sum"]),
        SheetDocumentFactory(sheet=sheet),
        AttachmentFactory(sheet=sheet),
        SheetMailFactory(sheet=sheet),
        JournalEntry.objects.filter(foundation_id=foundation.pk).latest("pk"),
    ]  # fmt: skip
    found = {type(row): row for row in reversed(rows)}
    missing = set(MODELS) - set(found)
    assert not missing, f"give these a row: {missing}"
    return found
