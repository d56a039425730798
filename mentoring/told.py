"""What people were told of the next meeting, and whether it still holds."""

from django.db.models import OuterRef, QuerySet, Subquery

from mentoring.models import Meeting, SheetMail


def as_told(meeting: Meeting) -> str:
    """What a calendar holds of it."""
    parts = (meeting.held_on, meeting.starts_at, meeting.ends_at, meeting.form, meeting.place)
    return "|".join("" if part is None else str(part) for part in parts)


def with_told(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """Each with `told`, the last that people were told of it, and `told_in`, the sheet of that mail; None: nobody was."""
    last = SheetMail.objects.filter(meeting=OuterRef("pk")).order_by("-pk")
    return meetings.annotate(
        told=Subquery(last.values("told")[:1]), told_in=Subquery(last.values("sheet")[:1])
    )


def has_moved(meeting: Meeting) -> bool:
    """Lies ahead, and not where people were told. Needs `with_told`."""
    told: str | None = meeting.told  # type: ignore[attr-defined]
    return told is not None and not meeting.held and told != as_told(meeting)


def moved_meetings(meetings: QuerySet[Meeting]) -> list[Meeting]:
    return [meeting for meeting in with_told(meetings.filter(held=False)) if has_moved(meeting)]
