"""Forms that two people may have open at once."""

from typing import Any

from django import forms

from core.fields import ProseField
from mentoring.merging import Clash, Seen, label_of, merge, text_of

TEXT_LENGTH = 2000


def prose(label: Any, *, rows: int = 2, required: bool = False, help_text: Any = "") -> ProseField:
    return ProseField(label=label, required=required, max_length=TEXT_LENGTH, rows=rows, help_text=help_text)


class SharedForm(forms.Form):
    """What two people may write at once: each text is compared with what stands, and nobody's is lost without a word.
    Its initial values are what stands."""

    use_required_attribute = False
    is_new = False
    values: dict[str, Any]
    about: str
    seen: Seen

    def look(self, about: str, data: Any) -> None:
        """What the writer's page showed; called when all fields are there."""
        self.about = about
        self.seen = Seen.read(about, data.get("seen", "")) if data is not None else Seen(self._stored())

    def _stored(self) -> dict[str, str]:
        return {
            name: text_of(field, self.get_initial_for_field(field, name))
            for name, field in self.fields.items()
        }

    def is_ready(self) -> bool:
        """Readable, and nobody written over; else the fields say what is wrong or ask which text holds."""
        if not self.is_valid():
            self.point_to(next((name for name in self.fields if name in self.errors), ""))
            return False
        if self.is_new:
            self.values = dict(self.cleaned_data)
            return True
        typed = {name: text_of(field, self.cleaned_data.get(name)) for name, field in self.fields.items()}
        stored = self._stored()
        chosen = {name: str(self.data.get(f"choose-{name}", "")) for name in self.seen.asked}
        merged = merge(seen=self.seen, typed=typed, stored=stored, chosen=chosen)
        self.values = {
            name: self.cleaned_data.get(name)
            if name in merged.written
            else self.get_initial_for_field(field, name)
            for name, field in self.fields.items()
        }
        for name, clash in merged.clashes.items():
            field: Any = self.fields[name]
            field.clash = Clash(name, label_of(field, clash.theirs), chosen.get(name, ""))
        self.point_to(next(iter(merged.clashes), ""))
        self.seen = Seen(
            {**self.seen.texts, **{name: clash.theirs for name, clash in merged.clashes.items()}},
            frozenset(merged.clashes),
        )
        return not merged.clashes

    def point_to(self, name: str) -> None:
        """The cursor goes into the field `name`; without one it stays where it was to go."""
        if name in self.fields:
            for other, field in self.fields.items():
                field.widget.attrs.pop("autofocus", None)
                if other == name:
                    field.widget.attrs["autofocus"] = True

    def signed_seen(self) -> str:
        return self.seen.sign(self.about)

    def in_words(self) -> list[tuple[str, str]]:
        """What was typed and chosen, as one would copy it."""
        told = [
            (str(bound.label), label_of(bound.field, text_of(bound.field, bound.value()))) for bound in self
        ]
        return [(label, words) for label, words in told if words]

    @property
    def clashes(self) -> list[str]:
        return [str(field.label) for field in self.fields.values() if getattr(field, "clash", None)]
