"""From when and why a plan is to change, and how a proposal ends."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.fields import MonthField
from core.months import first_of_month, month_label
from grants.models import PlanProposal
from mentoring.forms.two_writers import SharedForm, prose
from mentoring.meeting_reading import Person
from mentoring.plan_months import OpenFrom


class TermsForm(SharedForm):
    holds_from = MonthField(label=_("この月から"))
    reason = prose(
        _("なぜ見直すのか"),
        rows=3,
        required=True,
        help_text=_("何を見て、何を話して、そう思ったか。あとから読む人のために。"),
    )

    def __init__(self, data: Any = None, *, proposal: PlanProposal, months: OpenFrom) -> None:
        self.months, self.last = months, first_of_month(proposal.grant.ends_on)
        super().__init__(data, initial={"holds_from": proposal.holds_from, "reason": proposal.reason})
        self.look(f"proposal-{proposal.pk}-terms", data)

    def clean_holds_from(self) -> Any:
        month = self.cleaned_data["holds_from"]
        if month < self.months.unsent:
            raise forms.ValidationError(
                gettext("もう提出された月は変えられません。%(month)sから先の月を入れてください。")
                % {"month": month_label(self.months.first)}
            )
        if month < self.months.first:
            raise forms.ValidationError(
                gettext(
                    "%(month)sからの計画が、もう決まっています。その月か、それより先の月を入れてください。"
                )
                % {"month": month_label(self.months.first)}
            )
        if month > self.last:
            raise forms.ValidationError(
                gettext("助成の期間をすぎています。%(month)sまでの月を入れてください。")
                % {"month": month_label(self.last)}
            )
        return month


class ReasonForm(forms.Form):
    """Stands on one page with TermsForm, which asks for a reason too, and must not share its labels."""

    use_required_attribute = False

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="id_leaving_%s")

    reason = prose(_("理由"), rows=2, required=True)


class AgreementForm(forms.Form):
    """Who of the grantee said yes in the meeting, written down by the officer."""

    use_required_attribute = False

    person = forms.ChoiceField(label=_("合意した人"))

    def __init__(self, data: Any = None, *, people: Iterable[Person]) -> None:
        super().__init__(data)
        field: Any = self.fields["person"]
        field.choices = [("", _("選んでください")), *((str(person.id), person.label) for person in people)]
