"""What stands at the head of every page of a sheet."""

from typing import Any

from django.utils.translation import gettext

from mentoring.models import ProgressSheet
from mentoring.turns import STEP, Sides, due_words, turn_for


def sheet_head(sheet: ProgressSheet, sides: Sides) -> dict[str, Any]:
    """Needs the sheet with_names."""
    state = ProgressSheet.State(sheet.state)
    words = (gettext("入力中"), gettext("提出"), gettext("面談"), gettext("確定"))
    return {
        "sheet": sheet,
        "grant": sheet.grant,
        "sides": sides,
        "path": [(word, STEP[state] == step) for step, word in enumerate(words)],
        "turn": turn_for(sheet, sides),
        "due": due_words(sheet),
    }
