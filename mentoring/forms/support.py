"""Writing down a support: three fields are enough."""

from itertools import groupby
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Layout
from django import forms
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import clock
from core.dates import date_label
from core.doubtful import know_organisations
from core.fields import FigureField, JapaneseDateField, ProseField
from foundations.models import Staff
from grants.models import Grant
from mentoring.models import Intervention, ProgressSheet, SupportMenuItem
from mentoring.services.support import SupportContent, closed_sheet_of

TEXT_LENGTH = 4000
LONGEST_MINUTES = 60 * 24 * 31
SHORT = ("on", "method", "item", "content", "minutes")  # asked for while one talks; the rest is as it begins


class SupportForm(forms.Form):
    use_required_attribute = False  # all errors are told at once, in words

    on = JapaneseDateField(label=_("日付"))
    item = forms.ModelChoiceField(
        label=_("支援メニュー"), queryset=SupportMenuItem.objects.none(), empty_label=_("選んでください")
    )
    method = forms.ChoiceField(
        label=_("やり方"), choices=[("", _("選んでください")), *Intervention.Method.choices]
    )
    content = ProseField(label=_("内容"), max_length=TEXT_LENGTH, rows=4)
    given_by = forms.ModelChoiceField(label=_("だれが"), queryset=User.objects.none(), empty_label=None)
    with_whom = forms.CharField(
        label=_("いっしょに関わった人"),
        required=False,
        max_length=120,
        help_text=_("専門家や、財団のほかの人など。若者の名前は書かないでください。"),
    )
    minutes = FigureField(
        label=_("かかった時間"),
        decimal_places=0,
        min_value=1,
        max_value=LONGEST_MINUTES,
        example="90",
    )
    result = ProseField(label=_("そこで分かったこと・結果"), required=False, max_length=TEXT_LENGTH)
    reach = forms.ChoiceField(label=_("到達度"), choices=Intervention.Reach.choices, widget=forms.RadioSelect)

    def __init__(
        self,
        data: Any = None,
        *,
        grant: Grant,
        by: User,
        support: Intervention | None = None,
        sheet: ProgressSheet | None = None,
        prefix: str | None = None,
        short: bool = False,
    ) -> None:
        """`sheet`: the month from whose page somebody came to write; once it is over, the day is theirs to say. In
        `short` only what SHORT names is asked for."""
        super().__init__(data, initial=_initial(support, by), prefix=prefix)
        if sheet is not None:
            self.fields["on"].help_text = gettext(
                "%(month)sの日付にすると、そのシートに載ります。例: %(day)s"
            ) % {"month": sheet.label, "day": date_label(sheet.last_day)}
            if clock.today() > sheet.last_day:
                self.initial["on"] = None
        self.grant, self.support = grant, support
        self.seen = str(support.history.count()) if support else ""
        offered = Q(is_offered=True) | Q(pk=support.item_id if support else None)
        menu = SupportMenuItem.objects.filter(offered, foundation=grant.foundation).select_related("category")
        menu = menu.order_by("category__position", "category__pk", "position", "pk")
        item: Any = self.fields["item"]
        item.queryset = menu
        item.widget.choices = [("", item.empty_label), *_by_category(list(menu))]
        officers = Staff.objects.active().holding(*Staff.INSIDE).filter(foundation=grant.foundation)
        giver = Q(pk__in=officers.values("user")) | Q(pk=support.given_by_id if support else None)
        self.fields["given_by"].queryset = User.objects.filter(giver)  # type: ignore[attr-defined]
        self.unasked: dict[str, Any] = {}
        if short:
            self.unasked = {"given_by": by, "with_whom": "", "result": "", "reach": self.initial["reach"]}
            self.fields = {name: self.fields[name] for name in SHORT}
        know_organisations([self], (grant.organisation.name, grant.foundation.short_name))
        self.fields["minutes"].unit = gettext("分")  # type: ignore[attr-defined]
        self.helper = _helper()

    def clean_on(self) -> Any:
        on = self.cleaned_data["on"]
        if on > clock.today():
            raise forms.ValidationError(gettext("まだ来ていない日です。支援をした日を入れてください。"))
        if (sheet := closed_sheet_of(self.grant.pk, on)) is not None:
            raise forms.ValidationError(closed_words(sheet.label))
        return on

    def clean(self) -> dict[str, Any]:
        """Somebody mended it while this page was open: their words are shown once before they give way."""
        if self.support is not None and self.data.get("seen", self.seen) != self.seen:
            for name in ("with_whom", "content", "result"):
                stands = getattr(self.support, name)
                if name in self.cleaned_data and self.cleaned_data[name] != stands:
                    self.add_error(name, f"{gettext('ほかの人も書きかえました。')} 「{stands}」")
            for name in ("on", "item", "method", "given_by", "minutes", "reach"):
                if name in self.cleaned_data and self.cleaned_data[name] != getattr(self.support, name):
                    self.add_error(name, gettext("ほかの人も書きかえました。"))
        return self.cleaned_data

    def support_content(self) -> SupportContent:
        values = self.unasked | self.cleaned_data
        minutes = values["minutes"]
        return SupportContent(**{**values, "minutes": None if minutes is None else int(minutes)})


def closed_words(month: str) -> str:
    return gettext(
        "%(month)sは確定していて、この支援はそのPDFに載ります。書き足したり直したりするときは、先に%(month)sのシートを再開してください。"
    ) % {"month": month}


def _initial(support: Intervention | None, by: User) -> dict[str, Any]:
    if support is None:
        return {"on": clock.today(), "given_by": by.pk, "reach": Intervention.Reach.UNDER_WAY}
    names = ("on", "method", "with_whom", "minutes", "content", "result", "reach")
    chosen = {"item": support.item_id, "given_by": support.given_by_id}
    return {name: getattr(support, name) for name in names} | chosen


def _by_category(items: list[SupportMenuItem]) -> list[tuple[str, list[tuple[int, str]]]]:
    return [
        (str(category), [(item.pk, item.name) for item in group])
        for category, group in groupby(items, key=lambda item: item.category)
    ]


def _helper() -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(
        Div(
            Div(Field("on"), css_class="col-md-6"),
            Div(Field("method"), css_class="col-md-6"),
            css_class="row g-3",
        ),
        Field("item"),
        Field("content"),
        Div(
            Div(Field("given_by"), css_class="col-md-6"),
            Div(Field("with_whom"), css_class="col-md-6"),
            Div(Field("minutes"), css_class="col-md-6"),
            css_class="row g-3",
        ),
        Field("result"),
        Field("reach"),
    )
    return helper
