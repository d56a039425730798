"""The rows that were made, by the keys of the written data."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import models
from simple_history.utils import bulk_create_with_history

from accounts.models import User
from foundations.models import Foundation, Staff
from grants.models import Fund, Grant, Indicator, Output, Program, ShortTermOutcome
from mentoring.models import SupportMenuItem
from reports.demo.shapes import GrantSpec


@dataclass
class GrantRows:
    spec: GrantSpec
    grant: Grant
    outcomes: dict[str, ShortTermOutcome] = field(default_factory=dict)
    outputs: dict[str, Output] = field(default_factory=dict)
    indicators: dict[str, Indicator] = field(default_factory=dict)


@dataclass
class Rows:
    users: dict[str, User] = field(default_factory=dict)
    foundations: dict[str, Foundation] = field(default_factory=dict)
    staff: dict[tuple[str, str], Staff] = field(default_factory=dict)  # person, foundation
    funds: dict[str, Fund] = field(default_factory=dict)
    programs: dict[str, Program] = field(default_factory=dict)
    menu: dict[tuple[str, str], SupportMenuItem] = field(default_factory=dict)  # foundation, key
    grants: dict[str, GrantRows] = field(default_factory=dict)

    def titles(self) -> dict[str, str]:
        return {key: user.name for key, user in self.users.items()}


M = TypeVar("M", bound=models.Model)


def make(model: type[M], objects: Iterable[M]) -> list[M]:
    return list(model._default_manager.bulk_create(objects, batch_size=500))


def make_with_history(model: type[M], objects: Sequence[tuple[M, dt.datetime, User]]) -> list[M]:
    """Each with its first history row, on the day and by the person of the story."""
    rows: list[Any] = []
    for row, at, by in objects:
        row._history_date = at  # type: ignore[attr-defined]
        row._history_user = by  # type: ignore[attr-defined]
        rows.append(row)
    return list(bulk_create_with_history(rows, model, batch_size=300))


def link(field: Any, pairs: Iterable[tuple[models.Model, models.Model]]) -> None:
    """Fills the many-to-many table of `field` (such as Meeting.sheets) in one go."""
    through, near, far = field.through, field.field.m2m_field_name(), field.field.m2m_reverse_field_name()
    through._default_manager.bulk_create(
        [through(**{f"{near}_id": a.pk, f"{far}_id": b.pk}) for a, b in pairs], batch_size=500
    )
