"""Writes foundations, people, master lists, funds and programs."""

import datetime as dt

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from accounts.models import User
from core.search import fold
from foundations.models import Foundation, FoundationHistoryEntry, Staff
from grants.models import Fund, IndicatorUnit, LedgerEntry, Program, ProgramApproach
from mentoring.models import SupportCategory, SupportMenuItem
from mentoring.services.master_lists import add_default_master_lists
from reports.demo import facts, people
from reports.demo.funds import FUNDS
from reports.demo.plans import GRANTS
from reports.demo.rows import Rows, make
from reports.demo.shapes import day


def write_people(rows: Rows) -> None:
    password = make_password(people.PASSWORD)  # once: hashing is slow on purpose
    admins = {hat.person for hat in people.STAFF_HATS if hat.role == Staff.Role.ADMIN}
    for one in people.PEOPLE:
        rows.users[one.key] = User(
            email=one.email,
            name=one.name,
            kana=one.kana,
            password=password,
            is_staff=one.key in admins,
            search_key=fold(f"{one.name} {one.kana} {one.email}"),
        )
    make(User, rows.users.values())
    make(
        EmailAddress,
        [
            EmailAddress(user=user, email=user.email, verified=True, primary=True)
            for user in rows.users.values()
        ],
    )


def write_foundations(rows: Rows) -> None:
    for spec in facts.FOUNDATIONS:
        foundation = Foundation(
            name=spec.name, short_name=spec.short_name, kana=spec.kana, is_demo=True, **spec.fields
        )
        foundation.save()
        rows.foundations[spec.key] = foundation
        make(
            FoundationHistoryEntry,
            [
                FoundationHistoryEntry(foundation=foundation, year=year, month=month, text=text)
                for year, month, text in spec.history
            ],
        )
    for hat in people.STAFF_HATS:
        rows.staff[hat.person, hat.foundation] = Staff(
            foundation=rows.foundations[hat.foundation],
            user=rows.users[hat.person],
            role=hat.role,
            title=hat.title,
            starts_on=day(hat.since),
        )
    make(Staff, rows.staff.values())


def write_master_lists(rows: Rows) -> None:
    for key, foundation in rows.foundations.items():
        add_default_master_lists(foundation)
        make(
            IndicatorUnit,
            [
                IndicatorUnit(foundation=foundation, name=name, position=50 + n)
                for n, name in enumerate(facts.MORE_UNITS)
            ],
        )
        # The menu is each foundation's own: the default one makes room.
        SupportMenuItem.objects.filter(foundation=foundation).delete()
        categories = {row.name: row for row in SupportCategory.objects.filter(foundation=foundation)}
        for n, (item, pillar, category, name, description) in enumerate(facts.MENU, start=1):
            rows.menu[key, item] = SupportMenuItem(
                foundation=foundation,
                pillar=pillar,
                category=categories[category],
                name=name,
                description=description,
                position=n,
            )
            rows.menu[key, item].save()


def write_funds(rows: Rows) -> None:
    """Grants paid out stand in the ledger as each year's part of the budgets, in April."""
    for spec in FUNDS:
        fund = Fund(
            foundation=rows.foundations[spec.foundation],
            kind=spec.kind,
            name=spec.name,
            kana=spec.kana,
            description=spec.description,
            started_on=day(spec.started),
        )
        fund.save()
        rows.funds[spec.key] = fund
        lines = [*spec.ledger, *_payments(spec.key)]
        make(
            LedgerEntry,
            [
                LedgerEntry(fund=fund, on=day(on), kind=kind, amount_yen=yen, memo=memo)
                for on, kind, yen, memo in sorted(lines)
            ],
        )


def _payments(fund: str) -> list[tuple[str, str, int, str]]:
    programs = {spec.key for spec in facts.PROGRAMS if spec.fund == fund}
    lines = []
    for grant in GRANTS:
        if grant.program not in programs:
            continue
        for n in range(max(len(line.years) for line in grant.budget)):
            paid = sum(line.years[n][0] for line in grant.budget if n < len(line.years))
            on = max(dt.date(grant.first_fiscal_year + n, 4, 28), day(grant.starts) + dt.timedelta(days=27))
            lines.append((on.isoformat(), "grant", paid, f"{grant.name}　第{n + 1}回の支払い"))
    return lines


def write_programs(rows: Rows) -> None:
    for spec in facts.PROGRAMS:
        program = Program(
            fund=rows.funds[spec.fund],
            name=spec.name,
            short_name=spec.short_name,
            theme=spec.theme,
            issue=spec.issue,
            target_group=spec.target_group,
            total_yen=spec.total_yen,
            starts_on=day(spec.starts),
            ends_on=day(spec.ends),
            **spec.settings,
        )
        program.save()
        rows.programs[spec.key] = program
        make(
            ProgramApproach,
            [
                ProgramApproach(program=program, position=n, text=text)
                for n, text in enumerate(spec.approaches, start=1)
            ],
        )
