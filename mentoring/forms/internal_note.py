"""The note that stays inside the foundation, apart from the page that may be on a shared screen."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.doubtful import know_organisations
from mentoring.forms.meeting import text_field
from mentoring.merging import Clash, Seen, merge, text_of
from mentoring.models import FieldNote, ProgressSheet

KEY = "note-internal"


class InternalNoteForm(forms.Form):
    """The writer's own note of this sheet, compared with what stands when two of their screens write it."""

    use_required_attribute = False

    internal = text_field(_("内部メモ"), rows=6)

    def __init__(self, data: QueryDict | None = None, *, sheet: ProgressSheet, stands: str) -> None:
        super().__init__(data, initial={"internal": stands}, prefix="note")
        self.about = about_internal(sheet)
        self.stands = text_of(self.fields["internal"], stands)
        self.seen = Seen({KEY: self.stands}) if data is None else Seen.read(self.about, data.get("seen", ""))
        grant = sheet.grant
        know_organisations([self], (grant.organisation.name, grant.foundation.short_name))
        self._ask({key: Clash(key, self.seen.texts.get(key, "")) for key in self.seen.asked})

    def is_ready(self) -> bool:
        """Readable, and nothing of another screen's is overwritten unseen."""
        if not self.is_valid():
            return False
        merged = merge(
            seen=self.seen,
            typed={KEY: self.typed},
            stored={KEY: self.stands},
            chosen={KEY: str(self.data.get(f"choose-{KEY}", ""))},
        )
        self.is_written = KEY in merged.written
        if merged.clashes:
            self.seen = Seen({KEY: self.stands}, frozenset(merged.clashes))
            self._ask(merged.clashes)
        return not merged.clashes

    @property
    def typed(self) -> str:
        return text_of(self.fields["internal"], self.cleaned_data["internal"])

    def signed_seen(self) -> str:
        return self.seen.sign(self.about)

    def _ask(self, clashes: dict[str, Clash]) -> None:
        field: Any = self.fields["internal"]
        field.clash = clashes.get(KEY)


class OpeningForm(forms.Form):
    """The second step, which no slip takes: somebody says that nobody else sees the screen."""

    use_required_attribute = False

    alone = forms.BooleanField(
        label=_("いま、だれにもこの画面を見せていません"),
        error_messages={"required": _("画面を見せていないことをたしかめて、印を付けてください。")},
    )


def about_internal(sheet: ProgressSheet) -> str:
    return f"meeting-{sheet.pk}-internal"


def own_and_further(sheet: ProgressSheet, notes: list[FieldNote], by_id: int) -> tuple[str, list[FieldNote]]:
    """The writer's own last note, which the page lets them go on writing, and all others."""
    own = [note for note in notes if note.author_id == by_id]
    return (own[-1].text if own else ""), [note for note in notes if not own or note != own[-1]]
