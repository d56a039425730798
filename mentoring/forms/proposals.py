"""The forms of a proposal's editor: one box, one indicator, the terms, a reason.

What two people write at once is compared field by field (mentoring.merging) under the lock of the proposal.
"""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from core.fields import FigureField, JapaneseDateField, MonthField, ProseField
from core.months import first_of_month, month_label
from grants.models import Indicator, PlanProposal
from grants.plan import (
    ActivityPlan,
    ContributionPlan,
    IndicatorPlan,
    LongTermOutcomePlan,
    OutcomePlan,
    OutputPlan,
    Plan,
)
from grants.plan_edit import KEY, new_key
from grants.plan_reading import Box
from grants.recounting import is_same_count
from grants.wording_hints import indicator_hints, outcome_hint
from mentoring.meeting_reading import Person
from mentoring.merging import Clash, Seen, label_of, merge, text_of
from mentoring.plan_months import OpenFrom

TEXT_LENGTH, SHORT_LENGTH, NAME_LENGTH, UNIT_LENGTH = 2000, 60, 300, 10
STATE_LENGTH, MEANS_LENGTH, PERIOD_LENGTH = 1000, 500, 200


def _prose(label: Any, *, rows: int = 2, required: bool = False, help_text: Any = "") -> ProseField:
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


class DraftForm(SharedForm):
    """Bound when there is data. `current` is the box as it stands in `plan`; None for a new one."""

    def __init__(self, data: Any = None, *, plan: Plan, current: Any = None, about: str = "") -> None:
        self.plan, self.current = plan, current
        super().__init__(
            data, initial=self.initial_of(current) if current is not None else self.initial_new()
        )
        self.offer()
        self.point_to(next(iter(self.fields)))
        self.look(about, data)

    def offer(self) -> None:
        """Gives the fields their choices and adds those that depend on the plan."""

    def initial_of(self, current: Any) -> dict[str, Any]:
        raise NotImplementedError

    def initial_new(self) -> dict[str, Any]:
        return {}

    def box(self, values: dict[str, Any], pk: int) -> Any:
        raise NotImplementedError

    def hints(self) -> list[str]:
        """Gentle, about the wording as it stands in the form."""
        return []

    @property
    def is_new(self) -> bool:  # type: ignore[override]
        return self.current is None

    @property
    def key(self) -> str:
        """Of what a form for something new makes; the same as long as it is the same form."""
        typed = str(self.data.get("key", ""))
        return typed if KEY.fullmatch(typed) else new_key()


class LongTermForm(DraftForm):
    text = _prose(_("めざす社会や地域の姿"), rows=3, required=True)

    def initial_of(self, current: LongTermOutcomePlan) -> dict[str, Any]:
        return {"text": current.text}

    def box(self, values: dict[str, Any], pk: int) -> LongTermOutcomePlan:
        return LongTermOutcomePlan(pk, values["text"])


class OutcomeForm(DraftForm):
    text = _prose(
        _("だれが、どう変わっているか"),
        rows=3,
        required=True,
        help_text=_(
            "例 退所した若者が、困ったときに自分から相談できている。することは、活動やアウトプットに書きます。"
        ),
    )
    short_text = forms.CharField(label=_("短い言い方"), required=False, max_length=SHORT_LENGTH)
    leads_to = forms.MultipleChoiceField(
        label=_("つながる中長期アウトカム"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def offer(self) -> None:
        field: Any = self.fields["leads_to"]
        field.choices = [(str(purpose.id), purpose.text) for purpose in self.plan.long_term]
        if not self.plan.long_term:
            del self.fields["leads_to"]

    def initial_of(self, current: OutcomePlan) -> dict[str, Any]:
        return {
            "text": current.text,
            "short_text": current.short_text,
            "leads_to": [str(pk) for pk in current.leads_to],
        }

    def box(self, values: dict[str, Any], pk: int) -> OutcomePlan:
        leads_to = tuple(sorted(int(i) for i in values.get("leads_to") or ()))
        if isinstance(self.current, OutcomePlan):
            return replace(
                self.current, text=values["text"], short_text=values["short_text"] or "", leads_to=leads_to
            )
        number = len(self.plan.outcomes) + 1
        return OutcomePlan(pk, number, values["text"], values["short_text"] or "", leads_to, ())

    def hints(self) -> list[str]:
        return [hint for hint in (outcome_hint(str(self["text"].value() or "")),) if hint]


class OutputForm(DraftForm):
    text = _prose(_("何ができているか"), rows=2, required=True)
    short_text = forms.CharField(label=_("短い言い方"), required=False, max_length=SHORT_LENGTH)
    under = forms.ChoiceField(label=_("おもに役立つ短期アウトカム"), required=False)

    def offer(self) -> None:
        under: Any = self.fields["under"]
        under.choices = [
            ("", _("まだ決めていない")),
            *((str(o.id), f"{o.label} {o.brief}") for o in self.plan.outcomes),
        ]
        for outcome in self.plan.outcomes:
            label = gettext("%(outcome)s につながると考える理由") % {
                "outcome": f"{outcome.label} {outcome.brief}"
            }
            self.fields[f"reason_{outcome.id}"] = _prose(
                label, help_text=_("つながらないときは、空のままにします。")
            )

    def initial_of(self, current: OutputPlan) -> dict[str, Any]:
        reasons = {f"reason_{edge.outcome_id}": edge.reason for edge in current.contributions}
        first = current.first_outcome_id
        return {
            "text": current.text,
            "short_text": current.short_text,
            "under": "" if first is None else str(first),
            **reasons,
        }

    def clean(self) -> dict[str, Any]:
        under = self.cleaned_data.get("under")
        if under and not self.cleaned_data.get(f"reason_{under}"):
            self.add_error(
                f"reason_{under}",
                gettext("おもに役立つアウトカムには、つながると考える理由を書いてください。"),
            )
        return self.cleaned_data

    def box(self, values: dict[str, Any], pk: int) -> OutputPlan:
        reasons = {o.id: values.get(f"reason_{o.id}") for o in self.plan.outcomes}
        served = [outcome_id for outcome_id, reason in reasons.items() if reason]
        wanted = int(values["under"]) if values.get("under") else None
        first = wanted if wanted in served else (served[0] if served else None)
        edges = [ContributionPlan(i, i == first, str(reasons[i])) for i in served]
        edges.sort(key=lambda edge: not edge.is_first)
        if isinstance(self.current, OutputPlan):
            return replace(
                self.current,
                text=values["text"],
                short_text=values["short_text"] or "",
                contributions=tuple(edges),
            )
        return OutputPlan(pk, 1, values["text"], values["short_text"] or "", tuple(edges), ())


class ActivityForm(DraftForm):
    text = _prose(_("すること"), rows=2, required=True)
    period = forms.CharField(
        label=_("時期"), required=False, max_length=PERIOD_LENGTH, help_text=_("例 2022年4月〜、毎月第2土曜")
    )
    produces = forms.MultipleChoiceField(
        label=_("うみだすアウトプット"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def offer(self) -> None:
        field: Any = self.fields["produces"]
        field.choices = [(str(o.id), f"{self.plan.output_label(o)} {o.brief}") for o in self.plan.outputs]
        if not self.plan.outputs:
            del self.fields["produces"]

    def initial_of(self, current: ActivityPlan) -> dict[str, Any]:
        return {
            "text": current.text,
            "period": current.period,
            "produces": [str(pk) for pk in current.produces],
        }

    def box(self, values: dict[str, Any], pk: int) -> ActivityPlan:
        produces = tuple(sorted(int(i) for i in values.get("produces") or ()))
        return ActivityPlan(pk, values["text"], produces, values["period"] or "")


BOX_FORMS: dict[Box, type[DraftForm]] = {
    Box.LONG_TERM: LongTermForm,
    Box.OUTCOME: OutcomeForm,
    Box.OUTPUT: OutputForm,
    Box.ACTIVITY: ActivityForm,
}


class IndicatorForm(DraftForm):
    """Who, what, how much, by when, and by what it will be known."""

    name = forms.CharField(
        label=_("だれの、何を数えるか"),
        max_length=NAME_LENGTH,
        help_text=_("例 居場所を利用した若者（実人数）"),
    )
    method = forms.ChoiceField(label=_("数え方"), choices=Indicator.Method.choices)
    unit = forms.CharField(
        label=_("単位"), required=False, max_length=UNIT_LENGTH, help_text=_("例 人、回、か所")
    )
    baseline = FigureField(label=_("はじめの値"), max_digits=15)
    target_value = FigureField(label=_("目標値"), max_digits=15)
    target_state = forms.CharField(
        label=_("めざす状態"), required=False, max_length=STATE_LENGTH, help_text=_("数では言えないとき")
    )
    due_on = JapaneseDateField(label=_("いつまでに"), required=False)
    due_note = forms.CharField(
        label=_("時期のことば"),
        required=False,
        max_length=PERIOD_LENGTH,
        help_text=_("日付では言えないとき。例 事業終了時"),
    )
    verification = forms.CharField(
        label=_("何で確かめるか"),
        required=False,
        max_length=MEANS_LENGTH,
        help_text=_("例 名簿、アンケート、聞き取り"),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        plan: Plan,
        current: IndicatorPlan | None = None,
        replaces: IndicatorPlan | None = None,
        held: IndicatorPlan | None = None,
        about: str = "",
    ) -> None:
        """`held`: the indicator as it holds, before this proposal."""
        self.replaces, self.held = replaces, held
        self.is_recounted = False  # its writer means another indicator, and is offered to replace it
        super().__init__(data, plan=plan, current=current, about=about)

    def offer(self) -> None:
        if self.current is not None and self.current.id > 0:  # counted another way it is another indicator
            self.fields["method"].disabled = True
            self.fields["method"].help_text = gettext_lazy(
                "数え方をかえるときは「置きかえる」で、累計を新しくはじめます。"
            )
            self.fields["unit"].help_text = gettext_lazy(
                "呼び方は直せます（人→名など）。ほかの単位で数えるときは「置きかえる」で、累計を新しくはじめます。"
            )

    def clean_unit(self) -> str:
        unit: str = self.cleaned_data["unit"]
        held = self.held if self.current is not None and self.current.id > 0 else None
        if held is None or is_same_count(held.method, held.unit, unit):
            return unit
        self.is_recounted = True
        raise forms.ValidationError(
            gettext(
                "「%(after)s」で数えると、これまでの「%(before)s」の数とは足しあわせられません。下の「置きかえて、累計を新しくはじめる」を押すか、単位を「%(before)s」に戻してください。"
            )
            % {"before": held.unit, "after": unit or gettext("単位なし")}
        )

    def initial_new(self) -> dict[str, Any]:
        return (
            self.initial_of(self.replaces)
            if self.replaces
            else {"method": Indicator.Method.SUM, "baseline": Decimal(0)}
        )

    def initial_of(self, current: IndicatorPlan) -> dict[str, Any]:
        return {
            "name": current.name,
            "method": current.method,
            "unit": current.unit,
            "baseline": current.baseline,
            "target_value": current.target_value,
            "target_state": current.target_state,
            "due_on": current.due_on,
            "due_note": current.due_note,
            "verification": current.verification,
        }

    def box(self, values: dict[str, Any], pk: int) -> IndicatorPlan:
        told = {
            "name": values["name"],
            "unit": values["unit"] or "",
            "baseline": values["baseline"] or Decimal(0),
            "target_value": values["target_value"],
            "target_state": values["target_state"] or "",
            "due_on": values["due_on"],
            "due_note": values["due_note"] or "",
            "verification": values["verification"] or "",
        }
        if isinstance(self.current, IndicatorPlan):
            method = self.current.method if self.current.id > 0 else values["method"]
            return replace(self.current, method=method, **told)
        return IndicatorPlan(
            id=pk,
            method=values["method"],
            ratio_is_pooled=self.replaces.ratio_is_pooled if self.replaces else True,
            since=self.plan.month,
            year_targets=(),
            replaces=self.replaces.id if self.replaces else None,
            replaces_name=self.replaces.name if self.replaces else "",
            **told,
        )

    def hints(self) -> list[str]:
        text = {name: str(self[name].value() or "") for name in self.fields}
        return indicator_hints(
            name=text["name"],
            target=text["target_value"] or text["target_state"],
            due=text["due_on"] or text["due_note"],
            verification=text["verification"],
        )


class TermsForm(SharedForm):
    holds_from = MonthField(label=_("この月から"))
    reason = _prose(
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

    reason = _prose(_("理由"), rows=2, required=True)


class AgreementForm(forms.Form):
    """Who of the grantee said yes in the meeting, written down by the officer."""

    use_required_attribute = False

    person = forms.ChoiceField(label=_("合意した人"))

    def __init__(self, data: Any = None, *, people: Iterable[Person]) -> None:
        super().__init__(data)
        field: Any = self.fields["person"]
        field.choices = [("", _("選んでください")), *((str(person.id), person.label) for person in people)]
