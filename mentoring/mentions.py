"""Whom a question or an answer is told to: people of both sides, by default those of the other one."""

from collections.abc import Iterable

from mentoring.meeting_reading import Person, people_of
from mentoring.models import ProgressSheet, RowComment
from mentoring.models.meetings import Side


def people_to_tell(sheet: ProgressSheet, writer_id: int, side: Side) -> dict[Side, list[Person]]:
    """Who stands on each side today but the writer: the other side first. Two queries."""
    people = people_of(sheet.grant)
    return {each: [p for p in people[each.value] if p.id != writer_id] for each in (side.other, side)}


def told_by_default(
    sheet: ProgressSheet, people: dict[Side, list[Person]], side: Side, thread: Iterable[RowComment] = ()
) -> list[int]:
    """An answer: whoever of the other side wrote in the thread. A question: the officer in charge, or the grantee's
    people; and where those are gone, everybody of that side."""
    there = [person.id for person in people[side.other]]
    spoke = {comment.author_id for comment in thread if comment.side == side.other}
    if side.other == Side.FOUNDATION and not spoke:
        spoke = {sheet.grant.officer_id}
    return [pk for pk in there if pk in spoke] or there
