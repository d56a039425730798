"""Hats: the roles a person holds today, and the one worn now.

What a person may do is always the union of all hats (the `visible_to` querysets). The hat worn now chooses
no more than the home page, the navigation and the words at the head of the page.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import BigIntegerField, F, Value
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext, gettext_lazy

from accounts.models import User
from foundations.models import Staff
from grantees.models import Membership

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

FOUNDATION = "foundation"
ORGANISATION = "organisation"
SESSION_KEY = "hat"

# Which hat is put on first when nobody chose: the one with the daily work.
ORDER = (
    Staff.Role.OFFICER,
    Membership.Role.REPRESENTATIVE,
    Membership.Role.MEMBER,
    Staff.Role.ADMIN,
    Staff.Role.ACCOUNTANT,
    Staff.Role.ADVISER,
    Staff.Role.BOARD,
)

HOME = (gettext_lazy("ホーム"), "reports:home")
PEOPLE = (gettext_lazy("団体の人"), "grantees:people")
GRANTS = (gettext_lazy("助成"), "grants:list")
# Pages of higher apps by name only: one that is not there is left out of the navigation.
NAVIGATION: dict[str, "tuple[tuple[StrPromise, str], ...]"] = {
    Staff.Role.OFFICER: (HOME, GRANTS),
    Staff.Role.ADMIN: (HOME, GRANTS, (gettext_lazy("管理"), "admin:index")),
    Staff.Role.BOARD: (HOME, GRANTS),
    Staff.Role.ACCOUNTANT: (HOME, GRANTS),
    Staff.Role.ADVISER: (HOME, GRANTS),
    Membership.Role.REPRESENTATIVE: (HOME, GRANTS, PEOPLE),
    Membership.Role.MEMBER: (HOME, GRANTS, PEOPLE),
}
# What belongs to a grant without its address saying so.
OF_A_GRANT = (
    "/sheets/",
    "/comments/",
    "/files/",
    "/support/",
    "/proposals/",
    "/programs/",
    "/program-indicators/",
)


@dataclass(frozen=True)
class NavItem:
    label: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class Hat:
    """`kind` is "foundation" or "organisation"; `role` a code of Staff.Role or Membership.Role.

    A person without any hat wears NO_HAT, which is falsy.
    """

    kind: str = ""
    pk: int = 0  # of the Staff or Membership row
    role: str = ""
    title: str = ""
    place: str = ""  # the foundation's short name, or the organisation's
    foundation_name: str = ""
    foundation_id: int | None = None
    organisation_id: int | None = None
    path: str = ""  # of the request, so that the navigation knows where it stands

    def __bool__(self) -> bool:
        return bool(self.kind)

    @property
    def key(self) -> str:
        return f"{self.kind}-{self.pk}" if self else ""

    @property
    def role_label(self) -> str:
        """A board member is called by the title (理事, 監事), everybody else by the role."""
        if self.kind == ORGANISATION:
            return str(Membership.Role(self.role).label)
        if self.role == Staff.Role.BOARD and self.title:
            return self.title
        return str(Staff.Role(self.role).label)

    @property
    def label(self) -> str:
        """ちばのWA　プログラム・オフィサー"""
        return f"{self.place}　{self.role_label}" if self else ""

    @cached_property
    def nav(self) -> tuple[NavItem, ...]:
        items = []
        for label, name in NAVIGATION.get(self.role, (HOME,)) if self else ():
            args = [self.organisation_id] if name == "grantees:people" else []
            try:
                url = reverse(name, args=args)
            except NoReverseMatch:
                continue
            below = (url, *OF_A_GRANT) if name == "grants:list" else (url,)
            is_current = self.path == url if url == "/" else self.path.startswith(below)
            items.append(NavItem(gettext(str(label)), url, is_current))
        return tuple(items)

    def on(self, path: str) -> "Hat":
        return replace(self, path=path)


NO_HAT = Hat()


def hats_of(user: User) -> tuple[Hat, ...]:
    """The hats this person may wear today, in one query. Those whose term is over are gone by themselves."""
    staff = (
        Staff.objects.active()
        .filter(user=user)
        .order_by()
        .annotate(
            kind=Value(FOUNDATION),
            place=F("foundation__short_name"),
            name=F("foundation__name"),
            organisation_id=Value(0, output_field=BigIntegerField()),
        )
        .values_list("kind", "pk", "role", "title", "place", "name", "foundation_id", "organisation_id")
    )
    memberships = (
        Membership.objects.active()
        .filter(user=user)
        .order_by()
        .annotate(
            kind=Value(ORGANISATION),
            place=F("organisation__name"),
            name=F("organisation__foundation__name"),
            tenant=F("organisation__foundation"),
        )
        .values_list("kind", "pk", "role", "title", "place", "name", "tenant", "organisation_id")
    )
    hats = [Hat(*row[:-1], organisation_id=row[-1] or None) for row in staff.union(memberships, all=True)]
    return tuple(sorted(hats, key=lambda hat: (ORDER.index(hat.role), hat.place, hat.pk)))


def choose_hat(hats: tuple[Hat, ...], key: str) -> Hat:
    """The hat remembered as `key` while it may still be worn, else the first."""
    return next((hat for hat in hats if hat.key == key), hats[0] if hats else NO_HAT)
