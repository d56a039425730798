"""One file per noun: sheets and their figures, meetings and their mails, questions on a row, support, photos and files."""

from mentoring.models.attachments import Attachment
from mentoring.models.comments import Mention, MentionMail, RowComment
from mentoring.models.mails import SheetMail
from mentoring.models.meetings import ActionItem, Attendee, FieldNote, Meeting, OutcomeReview, TalkPart
from mentoring.models.sheets import (
    CostReview,
    Figure,
    OutcomeChange,
    Presence,
    ProgressSheet,
    ProgressWord,
    SheetDocument,
    SheetEvent,
)
from mentoring.models.support import Intervention, SupportCategory, SupportMenuItem

__all__ = [
    "ActionItem",
    "Attachment",
    "Attendee",
    "CostReview",
    "FieldNote",
    "Figure",
    "Intervention",
    "Meeting",
    "Mention",
    "MentionMail",
    "OutcomeChange",
    "OutcomeReview",
    "Presence",
    "ProgressSheet",
    "ProgressWord",
    "RowComment",
    "SheetDocument",
    "SheetEvent",
    "SheetMail",
    "SupportCategory",
    "SupportMenuItem",
    "TalkPart",
]
