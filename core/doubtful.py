"""Forms and the doubts about what is typed in them (core.doubts).

Nothing is remembered: a doubt is seen in the text whenever its field is shown, and the page itself carries which
pieces it showed. Whoever sends them again has decided.
"""

from collections.abc import Iterable, Sequence

from crispy_forms.helper import FormHelper
from django import forms
from django.forms import BoundField
from django.http import QueryDict

from core.doubts import Doubt, doubts_in
from core.fields import ProseField

SHOWN = "shown_doubts"  # the hidden input of ui/_doubt_summary.html


def know_organisations(parts: Iterable[forms.BaseForm], names: Sequence[str]) -> None:
    """はこぶねさん is then nobody's name in these forms."""
    for form in parts:
        for field in form.fields.values():
            if isinstance(field, ProseField):
                field.known = names


def doubts_of(field: BoundField) -> list[Doubt]:
    prose = field.field
    return doubts_in(str(field.value() or ""), prose.known) if isinstance(prose, ProseField) else []


def doubtful_fields(*parts: forms.BaseForm) -> list[BoundField]:
    """In the order of the parts."""
    return [field for form in parts for field in form if doubts_of(field)]


class ProseForm(forms.Form):
    """Free text that its page shows inside a form element of its own."""

    def doubtful(self) -> list[BoundField]:
        return doubtful_fields(self)

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag, helper.disable_csrf, helper.form_show_errors = False, True, True
        return helper


def pieces_of(fields: Iterable[BoundField]) -> list[str]:
    return list(dict.fromkeys(doubt.text for field in fields for doubt in doubts_of(field)))


def were_shown(fields: Iterable[BoundField], data: QueryDict) -> bool:
    """Whether the page that was sent had shown every doubt there is now."""
    return set(pieces_of(fields)) <= set(data.get(SHOWN, "").replace("\r\n", "\n").split("\n"))
