"""Naming a grant on the command line."""

from typing import Any

from django.core.management.base import CommandError

from core.search import fold
from grants.models import Grant


def grant_named(wanted: str) -> Grant:
    """By its number, or by the name of its organisation, a part of it, or its title. Raises CommandError."""
    grants = Grant.objects.with_names().order_by("pk")
    if wanted.isdecimal() and (by_number := grants.filter(pk=int(wanted)).first()):
        return by_number
    folded = fold(wanted)
    found = list(grants.filter(search_key__contains=folded)) if folded else []
    named = [grant for grant in found if fold(grant.organisation.name) == folded]
    parts = [grant for grant in found if folded in fold(grant.organisation.name)]
    match = named or parts or found
    if not match:
        raise CommandError(
            f"「{wanted}」に当てはまる助成はありません。あるのは次の助成です。\n{_list(grants)}"
        )
    if len(match) > 1:
        raise CommandError(
            f"「{wanted}」に当てはまる助成が{len(match)}件あります。番号で指定してください。\n{_list(match)}"
        )
    return match[0]


def _list(grants: Any) -> str:
    lines = [f"  {grant.pk}  {grant.organisation.name}　{grant.title}" for grant in grants]
    return "\n".join(lines) or "  （まだひとつもありません）"
