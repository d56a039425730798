"""Writes organisations, grants, logic models and budgets."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils import timezone

from grantees.models import ConsortiumMember, LegalForm, Membership, Organisation
from grants.models import (
    Activity,
    ActivityVersion,
    BudgetLine,
    Contribution,
    Grant,
    GrantReader,
    Indicator,
    IndicatorVersion,
    LongTermOutcome,
    LongTermOutcomeVersion,
    Output,
    OutputVersion,
    PlanRevision,
    ShortTermOutcome,
    ShortTermOutcomeVersion,
    YearTarget,
)
from reports.demo import people
from reports.demo.plans import GRANTS
from reports.demo.rows import GrantRows, Rows, link, make
from reports.demo.shapes import GrantSpec, IndicatorSpec, OutcomeSpec, OutputSpec, day, month


def write_grants(rows: Rows) -> None:
    for spec in GRANTS:
        program = rows.programs[spec.program]
        foundation = program.fund.foundation
        organisation = Organisation(
            foundation=foundation,
            legal_form=LegalForm.objects.get(foundation=foundation, name=spec.legal_form),
            name=spec.name,
            kana=spec.kana,
            city=spec.city,
            is_consortium=bool(spec.members),
            description=spec.description,
        )
        organisation.save()
        make(
            ConsortiumMember,
            [
                ConsortiumMember(consortium=organisation, name=m.name, part=m.part, is_lead=m.is_lead)
                for m in spec.members
            ],
        )
        grant = Grant(
            program=program,
            organisation=organisation,
            officer=rows.users[spec.officer],
            title=spec.title,
            subtitle=spec.subtitle,
            summary=spec.summary,
            own_funds_note=spec.own_funds_note,
            contract_date=day(spec.contract),
            starts_on=day(spec.starts),
            ends_on=day(spec.ends),
        )
        grant.save()
        rows.grants[spec.key] = GrantRows(spec, grant)
        _write_budget(spec, grant)
        _write_plan(rows, rows.grants[spec.key])
    _write_hats(rows)


def _write_hats(rows: Rows) -> None:
    make(
        Membership,
        [
            Membership(
                organisation=rows.grants[hat.grant].grant.organisation,
                user=rows.users[hat.person],
                role=hat.role,
                title=hat.title,
                starts_on=day(hat.since),
            )
            for hat in people.MEMBER_HATS
        ],
    )
    make(
        GrantReader,
        [
            GrantReader(grant=rows.grants[key].grant, staff=rows.staff[person, "chibanowa"])
            for person, keys in people.READERS.items()
            for key in keys
        ],
    )


def _write_budget(spec: GrantSpec, grant: Grant) -> None:
    # One by one: the plan of money is changed later, and its history begins here.
    for position, line in enumerate(spec.budget, start=1):
        for n, (granted, own) in enumerate(line.years):
            BudgetLine(
                grant=grant,
                purpose=line.purpose,
                item=line.item,
                fiscal_year=spec.first_fiscal_year + n,
                granted_yen=granted,
                own_yen=own,
                position=position,
            ).save()


def _write_plan(rows: Rows, made: GrantRows) -> None:
    spec, grant, first = made.spec, made.grant, made.spec.first_month
    revision = None
    if spec.revision:
        approved = timezone.make_aware(dt.datetime.combine(day(spec.revision.approved_on), dt.time(16, 30)))
        revision = PlanRevision.objects.create(
            grant=grant,
            holds_from=month(spec.revision.holds_from),
            kind=spec.revision.kind,
            reason=spec.revision.reason,
            approved_by=rows.users[spec.officer],
            approved_at=approved,
        )
    _write_outcomes(made)
    _write_outputs(made)
    owners: list[tuple[OutcomeSpec | OutputSpec, dict[str, Any]]] = [
        *((o, {"outcome": made.outcomes[o.key]}) for o in spec.outcomes),
        *((o, {"output": made.outputs[o.key]}) for o in spec.outputs),
    ]
    for owner, owned_by in owners:
        for position, one in enumerate(owner.indicators, start=1):
            made.indicators[one.key] = Indicator.objects.create(
                grant=grant,
                method=one.method,
                ratio_is_pooled=one.pooled,
                retired_from=month(one.retired) if one.retired else None,
                replaces=made.indicators[one.replaces] if one.replaces else None,
                **owned_by,
            )
            _write_wordings(made, one, position, revision)
    activities = make(Activity, [Activity(grant=grant) for _ in spec.activities])
    versions = make(
        ActivityVersion,
        [
            ActivityVersion(activity=activity, valid_from=first, position=n, text=text)
            for n, (activity, (text, _)) in enumerate(zip(activities, spec.activities, strict=True), start=1)
        ],
    )
    link(
        ActivityVersion.produces,
        [
            (version, made.outputs[key])
            for version, (_, produced) in zip(versions, spec.activities, strict=True)
            for key in produced
        ],
    )


def _write_outcomes(made: GrantRows) -> None:
    spec, grant, first = made.spec, made.grant, made.spec.first_month
    long = make(LongTermOutcome, [LongTermOutcome(grant=grant) for _ in spec.long])
    make(
        LongTermOutcomeVersion,
        [
            LongTermOutcomeVersion(outcome=outcome, valid_from=first, position=n, text=text)
            for n, (outcome, text) in enumerate(zip(long, spec.long, strict=True), start=1)
        ],
    )
    short = make(ShortTermOutcome, [ShortTermOutcome(grant=grant) for _ in spec.outcomes])
    versions = make(
        ShortTermOutcomeVersion,
        [
            ShortTermOutcomeVersion(
                outcome=outcome, valid_from=first, position=n, text=o.text, short_text=o.short
            )
            for n, (outcome, o) in enumerate(zip(short, spec.outcomes, strict=True), start=1)
        ],
    )
    made.outcomes = {o.key: outcome for o, outcome in zip(spec.outcomes, short, strict=True)}
    link(
        ShortTermOutcomeVersion.leads_to,
        [(version, long[n - 1]) for version, o in zip(versions, spec.outcomes, strict=True) for n in o.leads],
    )


def _write_outputs(made: GrantRows) -> None:
    spec, grant, first = made.spec, made.grant, made.spec.first_month
    outputs = make(Output, [Output(grant=grant) for _ in spec.outputs])
    made.outputs = {o.key: output for o, output in zip(spec.outputs, outputs, strict=True)}
    versions = make(
        OutputVersion,
        [
            OutputVersion(
                output=made.outputs[o.key],
                valid_from=first,
                position=int(o.key.split("-")[1]),
                text=o.text,
                short_text=o.short,
            )
            for o in spec.outputs
        ],
    )
    make(
        Contribution,
        [
            Contribution(version=version, outcome=made.outcomes[key], is_first=n == 0, reason=reason)
            for version, o in zip(versions, spec.outputs, strict=True)
            for n, (key, reason) in enumerate(o.serves)
        ],
    )


def _write_wordings(
    made: GrantRows, one: IndicatorSpec, position: int, revision: PlanRevision | None
) -> None:
    """The first wording and, where the plan was revised, the second: same indicator, new words."""
    spec = made.spec
    wordings = [(one.since, one.name, one.target)]
    if one.reworded:
        wordings.append(one.reworded)
    for since, name, target in wordings:
        version = IndicatorVersion.objects.create(
            indicator=made.indicators[one.key],
            valid_from=month(since) if since else spec.first_month,
            revision=revision if since else None,
            position=position,
            name=name,
            unit=one.unit,
            baseline=Decimal(one.baseline),
            target_value=None if target is None else Decimal(target),
            target_state=one.state,
            due_on=day(spec.ends),
            verification=one.verification,
        )
        make(
            YearTarget,
            [
                YearTarget(version=version, fiscal_year=year, target_value=Decimal(value))
                for year, value in one.yearly.items()
            ],
        )
