"""Writing a question or an answer."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.doubtful import ProseForm, know_organisations
from core.fields import ProseField
from mentoring.meeting_reading import Person
from mentoring.mentions import people_to_tell, told_by_default
from mentoring.models import ProgressSheet, RowComment
from mentoring.models.meetings import Side
from mentoring.threads import side_name

TEXT_LENGTH = 2000


class WordsForm(ProseForm):
    """The words alone: what an author corrects."""

    use_required_attribute = False

    text = ProseField(label=_("文"), max_length=TEXT_LENGTH, rows=4)

    def __init__(self, data: Any = None, *, sheet: ProgressSheet, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        know_organisations([self], (sheet.grant.organisation.name, sheet.grant.foundation.short_name))
        self.fields["text"].error_messages["required"] = gettext(
            "何も書かれていません。ひとことで大丈夫です。"
        )


class CommentForm(WordsForm):
    asks = forms.BooleanField(
        label=_("こちらからもたずねる（返事を待つ）"),
        required=False,
    )
    people = forms.MultipleChoiceField(
        label=_("お知らせする人"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("まだ返事がなければ、メールでお知らせします。メールは1日に1通までに、まとめて届きます。"),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        sheet: ProgressSheet,
        side: Side,
        writer_id: int,
        thread: Iterable[RowComment] = (),
    ) -> None:
        """`thread`: what stands in it already; empty for a new question."""
        people, thread = people_to_tell(sheet, writer_id, side), list(thread)
        initial = {"people": [str(pk) for pk in told_by_default(sheet, people, side, thread)]}
        super().__init__(data, sheet=sheet, initial=initial)
        choices = [
            (str(person.id), _person_label(sheet, each, person))
            for each, persons in people.items()
            for person in persons
        ]
        self.fields["people"].choices = choices  # type: ignore[attr-defined]
        self.fields["text"].label = gettext("返事") if thread else gettext("質問")
        if not thread:
            del self.fields["asks"]
        if not choices:
            del self.fields["people"]

    @property
    def chosen(self) -> list[str]:
        """The names of who is ticked."""
        if "people" not in self.fields:
            return []
        ticked = {str(value) for value in self["people"].value() or ()}
        return [label for value, label in self.fields["people"].choices if value in ticked]  # type: ignore[attr-defined]

    @property
    def people_ids(self) -> list[int]:
        return [int(pk) for pk in self.cleaned_data.get("people", ())]


def _person_label(sheet: ProgressSheet, side: Side, person: Person) -> str:
    return gettext("%(name)sさん（%(side)s）") % {"name": person.name, "side": side_name(sheet, side)}
