"""Rows of homework: what, who, until when. A blank row is no row."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.fields import JapaneseDateField, ProseField
from mentoring.forms.half_written import HalfWritten
from mentoring.meeting_reading import Person
from mentoring.models import ActionItem
from mentoring.models.meetings import Side
from mentoring.services.meetings import HomeworkContent

TEXT_LENGTH = 300


class HomeworkRow(forms.Form):
    use_required_attribute = False

    text = ProseField(label=_("宿題"), required=False, max_length=TEXT_LENGTH, widget=forms.TextInput)
    who = forms.ChoiceField(label=_("だれが"), required=False)
    due_on = JapaneseDateField(label=_("いつまでに"), required=False)
    remove = forms.BooleanField(label=_("この宿題をやめる"), required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        prefix: str,
        item: ActionItem | None,
        people: dict[str, list[Person]],
        is_gone: bool = False,
    ) -> None:
        """`is_gone`: the page had a row for it, and somebody took it away meanwhile."""
        self.item, self.is_gone = item, is_gone
        initial: dict[str, Any] = {}
        if item is not None:
            initial = {
                "text": item.text,
                "who": f"{item.side}-{item.person_id}" if item.person_id else item.side,
                "due_on": item.due_on,
            }
        super().__init__(data, prefix=prefix, initial=initial)
        self.fields["who"].choices = who_choices(people, blank=item is None)  # type: ignore[attr-defined]
        if item is None:
            del self.fields["remove"]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if self.item is None and not any(data.get(name) for name in ("text", "who", "due_on")):
            return data
        if data.get("remove"):
            return data
        if not data.get("text") and "text" not in self.errors:
            until = gettext("何をするかを書くと保存されます。")
            self.add_error("text", HalfWritten(gettext("何をするかを書いてください。"), until))
        if not data.get("who") and "who" not in self.errors:
            until = gettext("だれの宿題かを選ぶと保存されます。")
            self.add_error("who", HalfWritten(gettext("だれの宿題かを選んでください。"), until))
        return data


def who_choices(people: dict[str, list[Person]], *, blank: bool) -> list[tuple[str, Any]]:
    """A side as a whole, or one of its people."""
    choices: list[tuple[str, Any]] = [("", gettext("だれが"))] if blank else []
    for side in Side:
        whole = gettext("%(side)s（みんなで）") % {"side": side.label}
        persons = [(f"{side.value}-{person.id}", person.name) for person in people[side]]
        choices.append((str(side.label), [(side.value, whole), *persons]))
    return choices


def homework_content(row: HomeworkRow, values: dict[str, Any]) -> HomeworkContent | None:
    """None for a row that is blank."""
    if row.item is None and not values["text"]:
        return None
    side, _dash, person = str(values["who"]).partition("-")
    return HomeworkContent(
        item_id=row.item.pk if row.item else None,
        row=row.prefix or "",
        text=values["text"],
        side=side,
        person_id=int(person) if person else None,
        due_on=values["due_on"],
        remove=bool(values.get("remove")),
    )
