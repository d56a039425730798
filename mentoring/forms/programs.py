"""Which grantees' indicators a program's figure adds up."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from grants.models import Grant, ProgramIndicator
from grants.program_parts import Candidate


class PartsForm(forms.Form):
    """Those whose unit or way of counting does not match are shown with the reason and refused."""

    use_required_attribute = False

    parts = forms.MultipleChoiceField(
        label=_("足し合わせる指標"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, whole: ProgramIndicator, found: list[Candidate]) -> None:
        self.found = found
        self.by_id = {str(candidate.plan.id): candidate for candidate in found}
        present = [str(pk) for pk in whole.part_rows.values_list("indicator_id", flat=True)]
        super().__init__(data, initial={"parts": present})
        field: Any = self.fields["parts"]
        field.choices = [(key, candidate.plan.name) for key, candidate in self.by_id.items()]

    def clean_parts(self) -> list[int]:
        chosen = [self.by_id[key] for key in self.cleaned_data["parts"]]
        refused = [
            forms.ValidationError(
                gettext("%(name)sの「%(indicator)s」は足せません: %(why)s"),
                params={
                    "name": candidate.grant.organisation.name,
                    "indicator": candidate.plan.name,
                    "why": candidate.refusal,
                },
            )
            for candidate in chosen
            if candidate.refusal
        ]
        if refused:
            raise forms.ValidationError(refused)
        return [candidate.plan.id for candidate in chosen]

    @property
    def groups(self) -> Iterable[tuple[Grant, list[tuple[Candidate, bool]]]]:
        """By grantee: each candidate and whether it is chosen."""
        chosen = {str(key) for key in self["parts"].value() or ()}
        for grant, candidates in groupby(self.found, key=lambda candidate: candidate.grant):
            yield grant, [(candidate, str(candidate.plan.id) in chosen) for candidate in candidates]
