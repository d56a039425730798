"""The forms of a proposal's editor: one box, one indicator.

What two people write at once is compared field by field (mentoring.merging) under the lock of the proposal.
"""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from core.fields import FigureField, JapaneseDateField
from core.months import fiscal_year_label
from grants.models import Indicator
from grants.plan import (
    ActivityPlan,
    ContributionPlan,
    IndicatorPlan,
    LongTermOutcomePlan,
    OutcomePlan,
    OutputPlan,
    Plan,
)
from grants.plan_edit import id_in_key, new_key
from grants.plan_reading import Box
from grants.recounting import is_same_count
from grants.wording_hints import indicator_hints, outcome_hint
from mentoring.forms.two_writers import SharedForm, prose

SHORT_LENGTH, NAME_LENGTH, UNIT_LENGTH = 60, 300, 10
STATE_LENGTH, MEANS_LENGTH, PERIOD_LENGTH = 1000, 500, 200


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
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields in their order, those that belong together under words of their own."""
        return [("", list(self))]

    @property
    def is_new(self) -> bool:  # type: ignore[override]
        return self.current is None

    @property
    def key(self) -> str:
        """Of what a form for something new makes; the same as long as it is the same form."""
        typed = str(self.data.get("key", ""))
        return typed if id_in_key(typed) else new_key()


class LongTermForm(DraftForm):
    text = prose(_("めざす社会や地域の姿"), rows=3, required=True)

    def initial_of(self, current: LongTermOutcomePlan) -> dict[str, Any]:
        return {"text": current.text}

    def box(self, values: dict[str, Any], pk: int) -> LongTermOutcomePlan:
        return LongTermOutcomePlan(pk, values["text"])


class OutcomeForm(DraftForm):
    text = prose(
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
    text = prose(_("何ができているか"), rows=2, required=True)
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
            self.fields[f"reason_{outcome.id}"] = prose(
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
    text = prose(_("すること"), rows=2, required=True)
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


OF_YEAR = "year_"
COUNTED = (Indicator.Method.SUM, Indicator.Method.NEW_UNIQUE, Indicator.Method.LATEST)


def _of_year(year: int) -> str:
    return f"{OF_YEAR}{year}"


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
        years: Iterable[int] = (),
        about: str = "",
    ) -> None:
        """`held`: the indicator as it holds, before this proposal. `years`: the fiscal years of the grant."""
        self.replaces, self.held = replaces, held
        told = (current or replaces).year_targets if current or replaces else ()  # type: ignore[union-attr]
        if current is not None and current.id > 0 and current.method not in COUNTED:
            years = ()
        self.years = sorted({*years, *(year for year, _target in told)})
        self.is_recounted = False  # its writer means another indicator, and is offered to replace it
        super().__init__(data, plan=plan, current=current, about=about)

    def offer(self) -> None:
        for year in self.years:
            label = gettext("%(year)sの目標") % {"year": fiscal_year_label(year)}
            self.fields[_of_year(year)] = FigureField(label=label, max_digits=15)
        first = list(self.fields).index("target_value") + 1
        names = [name for name in self.fields if not name.startswith(OF_YEAR)]
        self.order_fields([*names[:first], *map(_of_year, self.years), *names[first:]])
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

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        fields = list(self)
        first = list(self.fields).index("target_value") + 1
        then = first + len(self.years)
        return [
            ("", fields[:first]),
            (gettext("年度の目標"), fields[first:then]),
            ("", fields[then:]),
        ]

    def clean(self) -> dict[str, Any]:
        """Those of a ratio or of words that a table brought stay, as long as nobody touches them."""
        method = self.cleaned_data.get("method")
        if method in (None, *COUNTED):
            return self.cleaned_data
        for name in map(_of_year, self.years):
            typed = self.cleaned_data.get(name)
            if typed is not None and typed != self.get_initial_for_field(self.fields[name], name):
                self.add_error(
                    name,
                    gettext(
                        "年度の目標は、数え方が「合計」「新規の実人数」「最新値」のときに入れられます。ほかの数え方では、空のままにしてください。"
                    ),
                )
        return self.cleaned_data

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
            **{_of_year(year): target for year, target in current.year_targets},
        }

    def box(self, values: dict[str, Any], pk: int) -> IndicatorPlan:
        years = [(year, values[_of_year(year)]) for year in self.years]
        told = {
            "name": values["name"],
            "unit": values["unit"] or "",
            "baseline": values["baseline"] or Decimal(0),
            "target_value": values["target_value"],
            "target_state": values["target_state"] or "",
            "due_on": values["due_on"],
            "due_note": values["due_note"] or "",
            "verification": values["verification"] or "",
            "year_targets": tuple((year, target) for year, target in years if target is not None),
        }
        if isinstance(self.current, IndicatorPlan):
            method = self.current.method if self.current.id > 0 else values["method"]
            return replace(self.current, method=method, **told)
        return IndicatorPlan(
            id=pk,
            method=values["method"],
            ratio_is_pooled=self.replaces.ratio_is_pooled if self.replaces else True,
            since=self.plan.month,
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
