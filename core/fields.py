"""Form fields that read what people in Japan type, and say in words what they could not read.

All are text inputs: type="number" refuses １，２３４ without a word and steps on the wheel.
What was typed stays in the field when it is wrong.
"""

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from core import clock, dates, figures, months

COUNTED = {  # what a figure with this unit is called when it could not be read
    "人": _("人数"),
    "名": _("人数"),
    "のべ人数": _("人数"),
    "回": _("回数"),
    "件": _("件数"),
    "円": pgettext_lazy("counted", "金額"),
    "%": pgettext_lazy("counted", "割合"),
    "％": pgettext_lazy("counted", "割合"),
    "か所": _("か所の数"),
}


class ProseField(forms.CharField):
    """Sentences, with newlines as the database keeps them, so that an untouched text is no change.

    What in them could tell who somebody is, is asked about beside the field and saved all the same (core.doubtful).
    """

    known: Collection[str] = ()  # organisations, which are called さん like people

    def __init__(self, *, rows: int = 3, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows, "cols": False}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class FigureInput(forms.TextInput):
    def __init__(self, attrs: dict[str, Any] | None = None, *, inputmode: str = "decimal") -> None:
        super().__init__({"inputmode": inputmode, "autocomplete": "off", **(attrs or {})})


class TypedField(forms.Field):
    """Text on the screen, a value inside; compares values, so that ５ and 5 are no change."""

    def read(self, typed: str) -> Any:
        """The value; raises ValueError."""
        raise NotImplementedError

    def show(self, value: Any) -> str:
        raise NotImplementedError

    def unreadable(self, typed: str) -> str:
        raise NotImplementedError

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return self.read(value)
        except dates.YearOutOfReach as error:
            raise ValidationError(_out_of_reach(value.strip()), code="unreadable") from error
        except ValueError as error:
            raise ValidationError(self.unreadable(value.strip()), code="unreadable") from error

    def prepare_value(self, value: Any) -> Any:
        return value if value is None or isinstance(value, str) else self.show(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != self.to_python(initial))
        except ValidationError:
            return True


def _out_of_reach(typed: str) -> str:
    return gettext(
        "「%(typed)s」の年をたしかめてください（%(first)d年から%(last)d年まで）。まだ決まっていなければ、空けておいてください。"
    ) % {"typed": typed, "first": dates.YEARS[0], "last": dates.YEARS[-1]}


class FigureField(TypedField):
    """Decimal, or None when blank (nobody entered it; 0 is zero)."""

    def __init__(
        self,
        *,
        unit: str = "",
        decimal_places: int = 2,
        max_digits: int = 14,
        min_value: int | None = None,
        max_value: int | None = None,
        example: str = "12",
        **kwargs: Any,
    ) -> None:
        self.unit, self.example = unit, example
        self.decimal_places, self.max_digits = decimal_places, max_digits
        self.min_value, self.max_value = min_value, max_value
        mode = "decimal" if decimal_places else "numeric"
        kwargs.setdefault("widget", FigureInput(inputmode=mode))
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)

    def read(self, typed: str) -> Decimal | None:
        return figures.parse_figure(typed, self.unit)

    def show(self, value: Decimal) -> str:
        return figures.format_figure(value)

    def unreadable(self, typed: str) -> str:
        return gettext(
            "「%(typed)s」を%(counted)sとして読めませんでした。数だけを入れてください（例 %(example)s）。"
        ) % {
            "typed": typed,
            "counted": COUNTED.get(self.unit, pgettext_lazy("counted", "数")),
            "example": self.example,
        }

    def validate(self, value: Decimal | None) -> None:
        super().validate(value)
        if value is None:
            return
        exponent = value.normalize().as_tuple().exponent
        if isinstance(exponent, int) and -exponent > self.decimal_places:
            raise ValidationError(self.too_fine(), code="too_fine")
        if abs(value) >= Decimal(10) ** (self.max_digits - self.decimal_places):
            raise ValidationError(gettext("数が大きすぎます。桁をたしかめてください。"), code="too_big")
        if self.min_value is not None and value < self.min_value:
            smallest = figures.format_figure(self.min_value)
            raise ValidationError(
                gettext("%(limit)s以上の数を入れてください。") % {"limit": smallest}, code="too_small"
            )
        if self.max_value is not None and value > self.max_value:
            biggest = figures.format_figure(self.max_value)
            raise ValidationError(
                gettext("%(limit)s以下の数を入れてください。") % {"limit": biggest}, code="too_big"
            )

    def too_fine(self) -> str:
        if not self.decimal_places:
            return gettext("小数点のない数を入れてください。")
        return gettext("小数点以下は%(places)d桁までで入れてください。") % {"places": self.decimal_places}


class YenField(FigureField):
    """Whole yen as int, or None when blank."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{"unit": "円", "decimal_places": 0, "max_digits": 13, "example": "120,000", **kwargs}
        )

    def too_fine(self) -> str:
        return gettext("円より細かい金額は入れられません。")

    def clean(self, value: Any) -> int | None:
        amount = super().clean(value)
        return None if amount is None else int(amount)


class JapaneseDateField(TypedField):
    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", FigureInput(inputmode="numeric"))
        super().__init__(**kwargs)

    def read(self, typed: str) -> dt.date:
        return dates.parse_date(typed, near=clock.today())

    def show(self, value: dt.date) -> str:
        return dates.typed_label(value)

    def unreadable(self, typed: str) -> str:
        return gettext("「%(typed)s」を日付として読めませんでした（例 2022年10月12日、2022/10/12）。") % {
            "typed": typed
        }


class JapaneseTimeField(TypedField):
    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", FigureInput(inputmode="numeric"))
        super().__init__(**kwargs)

    def read(self, typed: str) -> dt.time:
        return dates.parse_time(typed)

    def show(self, value: dt.time) -> str:
        return dates.time_label(value)

    def unreadable(self, typed: str) -> str:
        return gettext("「%(typed)s」を時刻として読めませんでした（例 10:30、10時30分）。") % {"typed": typed}


class MonthField(TypedField):
    """A date of the first day."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", FigureInput(inputmode="numeric"))
        super().__init__(**kwargs)

    def read(self, typed: str) -> dt.date:
        return months.parse_month(typed)

    def show(self, value: dt.date) -> str:
        return months.typed_label(value)

    def unreadable(self, typed: str) -> str:
        return gettext("「%(typed)s」を年月として読めませんでした（例 2022年10月、2022-10）。") % {
            "typed": typed
        }
