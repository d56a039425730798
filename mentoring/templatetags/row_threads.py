from django import template

from mentoring.threads import RowTalk, SheetThreads

register = template.Library()


@register.simple_tag
def talk_on(threads: SheetThreads | None, kind: str, pk: int | str) -> RowTalk | None:
    """What was asked beside a row; None for who reads no questions (the board)."""
    return threads.on(f"{kind}-{pk}") if threads else None
