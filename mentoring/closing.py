"""What a month still needs before it can be closed, and what is worth a look but stops nobody."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from core import clock
from core.dates import date_label
from mentoring.models.meetings import Side
from mentoring.reading import SheetReading


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing in words, and where on the meeting's page it is put right."""

    text: str
    anchor: str  # without the #
    sheet_id: int

    @property
    def url(self) -> str:
        return f"{reverse('mentoring:meeting_edit', args=[self.sheet_id])}#{self.anchor}"


def outcome_anchor(outcome_id: int) -> str:
    return f"outcome-{outcome_id}"


FACTS_ANCHOR, COSTS_ANCHOR = "facts", "costs"


def missing_for_closing(reading: SheetReading) -> list[Missing]:
    """Closing needs a meeting that took place with both sides, a word on every short-term outcome
    (今月は話していない is one), and a status for both cost purposes. Empty: nothing stands in the way."""
    pk = reading.sheet.pk
    return [Missing(text, anchor, pk) for text, anchor in _missing(reading)]


def _missing(reading: SheetReading) -> Iterator[tuple[str, str]]:
    held = [meeting for meeting in reading.meetings if meeting.held]
    ahead = [meeting.held_on for meeting in reading.meetings if meeting.held_on > clock.today()]
    if not held and ahead:
        words = gettext(
            "面談の日（%(day)s）は、まだ来ていません。ほかの日に話したときは、年月日をなおしてください。"
        )
        yield words % {"day": date_label(ahead[0])}, FACTS_ANCHOR
    elif not held:
        yield gettext("面談の日を記録してください。"), FACTS_ANCHOR
    sides = {attendee.side for meeting in held or reading.meetings for attendee in meeting.attendees.all()}
    if Side.GRANTEE not in sides:
        yield gettext("実行団体の出席者を選んでください。"), FACTS_ANCHOR
    if Side.FOUNDATION not in sides:
        yield gettext("財団の出席者を選んでください。"), FACTS_ANCHOR
    for block in reading.outcomes:
        if block.review is None:
            yield (
                gettext(
                    "%(number)sのつながりを選んでください（話していなければ「今月は話していない」で進めます）。"
                )
                % {"number": block.plan.label},
                outcome_anchor(block.plan.id),
            )
    for cost in reading.costs:
        if cost.review is None or not cost.review.status:
            yield (
                gettext("%(purpose)sのようすを選んでください。") % {"purpose": cost.budget.label},
                COSTS_ANCHOR,
            )


def cautions_for_closing(reading: SheetReading, unanswered: int = 0) -> list[str]:
    """Blanks that may well be the truth: told once before closing, never a block. `unanswered`: questions on a row."""
    cautions = []
    if unanswered:
        cautions.append(
            ngettext(
                "返事のない行の質問が%(count)d件あります。確定すると、返事は書けなくなります。",
                "返事のない行の質問が%(count)d件あります。確定すると、返事は書けなくなります。",
                unanswered,
            )
            % {"count": unanswered}
        )
    if blank := [row.plan.name for row in reading.blank_indicators]:
        cautions.append(
            gettext("未入力の指標が%(count)d件あります（%(names)s）。このままでも確定できます。")
            % {"count": len(blank), "names": gettext("、").join(blank)}
        )
    if unwritten := [block.plan.label for block in reading.blank_changes]:
        cautions.append(
            gettext("%(numbers)sの「変わったこと」がまだ書かれていません。このままでも確定できます。")
            % {"numbers": "".join(unwritten)}
        )
    if unspent := [cost.budget.label for cost in reading.costs if cost.budget.period is None]:
        cautions.append(
            gettext("%(purposes)sの支出がまだ入っていません。このままでも確定できます。")
            % {"purposes": gettext("と").join(unspent)}
        )
    return cautions
