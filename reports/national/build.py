"""Foundations, grants, plans and months by arithmetic: the same size gives the same rows.

Every row's key follows from its place (grant 7's third outcome is 3 × 6 + 3), so nothing is read back while writing.
"""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from core.months import add_months, last_day_of_month
from core.search import fold
from foundations.models import Foundation, Staff
from grantees.models import Membership, Organisation
from grants.models import BudgetLine, Fund, Grant, Program, Purpose
from mentoring.models import SupportCategory, SupportMenuItem
from reports.national.copying import copy_rows, reset_sequences

BEGINNING = dt.date(2020, 4, 1)  # hats begin here
MONTHS_LEFT = 3  # the grants go on after the last sheet


@dataclass(frozen=True, slots=True)
class Size:
    foundations: int
    grants: int
    months: int
    indicators: int
    last: dt.date  # the month of the last sheet

    @property
    def first(self) -> dt.date:
        return add_months(self.last, 1 - self.months)

    @property
    def grant_numbers(self) -> range:
        return range(1, self.grants + 1)

    def foundation_of(self, grant: int) -> int:
        return (grant - 1) % self.foundations + 1

    # Officers come first, then board members, then one person of each grantee.
    def officer_of(self, grant: int) -> int:
        return self.foundation_of(grant)

    def board_member(self, foundation: int) -> int:
        return self.foundations + foundation

    def grantee_person(self, grant: int) -> int:
        return 2 * self.foundations + grant


def write_places(size: Size) -> None:
    """People, foundations, programs, organisations and grants with their budgets."""
    copy_rows(User, ("id", "email", "name", "kana", "password", "date_joined", "search_key"), _people(size))
    numbers = range(1, size.foundations + 1)
    copy_rows(
        Foundation,
        ("id", "name", "short_name", "kana", "is_demo", "search_key"),
        (
            (
                f,
                f"公益財団法人みらい基金{f:03}",
                f"みらい{f:03}",
                f"みらいききん{f:03}",
                True,
                f"みらい基金{f:03}",
            )
            for f in numbers
        ),
    )
    copy_rows(Staff, ("foundation", "user", "role", "starts_on"), _staff(size))
    copy_rows(
        Fund,
        ("id", "foundation", "kind", "name"),
        ((f, f, Fund.Kind.THEME, "地域のための基金") for f in numbers),
    )
    copy_rows(
        Program,
        ("id", "fund", "name", "starts_on", "ends_on", "rhythm"),
        (
            (f, f, "地域の居場所をささえる助成", size.first, _end(size), Program.Rhythm.MONTHLY)
            for f in numbers
        ),
    )
    copy_rows(
        Organisation,
        ("id", "foundation", "name", "kana", "search_key"),
        (
            (g, size.foundation_of(g), _name(g), f"まちのかい{g:04}", fold(_name(g)))
            for g in size.grant_numbers
        ),
    )
    copy_rows(
        Membership,
        ("organisation", "user", "role", "starts_on"),
        ((g, size.grantee_person(g), Membership.Role.REPRESENTATIVE, BEGINNING) for g in size.grant_numbers),
    )
    copy_rows(
        Grant,
        ("id", "program", "organisation", "officer", "title", "contract_date", "starts_on", "ends_on", "search_key"),
        (
            (g, size.foundation_of(g), g, size.officer_of(g), f"居場所の事業{g:04}", size.first, size.first, _end(size),
             fold(f"{_name(g)}居場所の事業{g:04}"))
            for g in size.grant_numbers
        ),
    )  # fmt: skip
    copy_rows(
        BudgetLine, ("grant", "purpose", "item", "fiscal_year", "granted_yen", "own_yen"), _budget(size)
    )
    copy_rows(SupportCategory, ("id", "foundation", "name"), ((f, f, "会計・精算") for f in numbers))
    copy_rows(
        SupportMenuItem, ("id", "foundation", "category", "name"), ((f, f, f, "帳簿の確認") for f in numbers)
    )
    reset_sequences(User, Foundation, Staff, Fund, Program, Organisation, Membership, Grant, BudgetLine,
                    SupportCategory, SupportMenuItem)  # fmt: skip


def _name(grant: int) -> str:
    return f"まちの会{grant:04}"


def _end(size: Size) -> dt.date:
    return last_day_of_month(add_months(size.last, MONTHS_LEFT))


def _people(size: Size) -> Iterator[tuple[Any, ...]]:
    joined = f"{BEGINNING} 00:00:00+09:00"
    for number in range(1, 2 * size.foundations + size.grants + 1):
        if number <= size.foundations:
            address, name = f"officer{number:04}", f"担当 {number:04}"
        elif number <= 2 * size.foundations:
            address, name = f"board{number - size.foundations:04}", f"役員 {number:04}"
        else:
            address, name = f"grantee{number - 2 * size.foundations:05}", f"団体 {number:05}"
        yield number, f"{address}@national.invalid", name, name, "!", joined, fold(name)


def _staff(size: Size) -> Iterator[tuple[Any, ...]]:
    for foundation in range(1, size.foundations + 1):
        yield foundation, foundation, Staff.Role.OFFICER, BEGINNING
        yield foundation, size.board_member(foundation), Staff.Role.BOARD, BEGINNING


def _budget(size: Size) -> Iterator[tuple[Any, ...]]:
    years = range(size.first.year, size.last.year + 1)
    for grant in size.grant_numbers:
        for year in years:
            yield grant, Purpose.DIRECT, "人件費", year, 4_000_000, 500_000
            yield grant, Purpose.DIRECT, "謝金", year, 800_000, 0
            yield grant, Purpose.ADMINISTRATIVE, "家賃", year, 600_000, 100_000


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
