"""What was submitted keeps the plan it was written against: the admin does not edit that part of the plan."""

import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.admin import OwnedForm
from core.fields import MonthField
from core.months import add_months, month_label
from mentoring.models import ProgressSheet

if TYPE_CHECKING:
    BaseFormSet = BaseInlineFormSet[Any, Any, Any]
else:
    BaseFormSet = BaseInlineFormSet

HANDED_IN = (ProgressSheet.State.SUBMITTED, ProgressSheet.State.CLOSED, ProgressSheet.State.REOPENED)


def frozen_until(grant_id: int | None) -> datetime.date | None:
    """The latest month whose sheet was handed in: wordings that held then stay as they are. None: all is open."""
    sheets = ProgressSheet.objects.filter(grant=grant_id, state__in=HANDED_IN)
    latest: datetime.date | None = sheets.aggregate(latest=Max("month"))["latest"]
    return latest


def is_frozen(valid_from: datetime.date, frozen: datetime.date | None) -> bool:
    return frozen is not None and valid_from <= frozen


def refuse_frozen(month: datetime.date | None, frozen: datetime.date | None) -> None:
    if month is not None and is_frozen(month, frozen):
        assert frozen is not None
        raise ValidationError(
            gettext("%(frozen)sのシートは、もう提出されています。%(first)s以降の月を入れてください。")
            % {"frozen": month_label(frozen), "first": month_label(add_months(frozen, 1))},
            code="frozen",
        )


def notice(frozen: datetime.date | None) -> str:
    if frozen is None:
        return gettext("まだシートが提出されていないので、計画は自由に直せます。")
    return gettext(
        "%(frozen)sまでのシートが提出されています。その月に使われた文や目標は、記録を守るため直せません。"
        "変えるときは、%(first)s以降の月から始まる新しい行を加えてください。"
    ) % {"frozen": month_label(frozen), "first": month_label(add_months(frozen, 1))}


def stay_within(form: forms.BaseForm, grant_id: int | None) -> None:
    """Offers only rows of the same grant, under their wording alone."""
    for field in form.fields.values():
        queryset = getattr(field, "queryset", None)
        if grant_id is None or queryset is None or not hasattr(queryset.model, "grant"):
            continue
        field.queryset = queryset.filter(grant=grant_id)  # type: ignore[attr-defined]
        if hasattr(queryset.model, "versions"):
            field.label_from_instance = wording  # type: ignore[attr-defined]


def wording(row: Any) -> str:
    """Of an identity that came from its admin's queryset."""
    return str(row.wording or row)


class VersionForm(OwnedForm):
    """A wording of a month that was handed in shows what it says and takes no other text."""

    valid_from = MonthField(label=_("この月から"), help_text=_("例 2022年10月"))

    def __init__(self, *args: Any, frozen: datetime.date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.frozen = frozen
        self.is_history = bool(self.instance.pk) and is_frozen(self.instance.valid_from, frozen)
        if self.is_history:
            for field in self.fields.values():
                field.disabled = True

    def clean_valid_from(self) -> Any:
        month = self.cleaned_data["valid_from"]
        if not self.is_history:
            refuse_frozen(month, self.frozen)
        return month


class VersionFormSet(BaseFormSet):
    """The wordings of one identity."""

    @cached_property
    def frozen(self) -> datetime.date | None:
        return frozen_until(self.instance.grant_id)

    def get_form_kwargs(self, index: Any) -> dict[str, Any]:
        return {**super().get_form_kwargs(index), "frozen": self.frozen}

    def add_fields(self, form: Any, index: Any) -> None:
        super().add_fields(form, index)
        stay_within(form, self.instance.grant_id)
        if form.is_history and "DELETE" in form.fields:
            form.fields["DELETE"].disabled = True


class IdentityForm(OwnedForm):
    retired_from = MonthField(
        label=_("この月からなくなる"), required=False, help_text=_("空は、続いていることを表します。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grant_id = str(self.instance.grant_id or self.data.get("grant") or self.initial.get("grant") or "")
        stay_within(self, int(grant_id) if grant_id.isdigit() else None)

    def clean_retired_from(self) -> Any:
        month = self.cleaned_data["retired_from"]
        if "retired_from" in self.changed_data and self.instance.pk:
            frozen = frozen_until(self.instance.grant_id)
            refuse_frozen(month, frozen)
            refuse_frozen(self.instance.retired_from, frozen)  # nor does what was gone come back
        return month
