"""How the inputs of a cell are made, read and doubted: the one place for the entry page and for a single saved cell.

Labels are the page's business; an error never says them.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext

from core.fields import FigureField, ProseField, TypedField, YenField
from core.figures import counts_whole, format_figure
from grants.models import Indicator
from mentoring.cells import Cell, Kind
from mentoring.models import CostReview, Presence, ProgressWord

TEXT_LENGTH = 4000
RATIO = ("numerator", "denominator")


def text_field(*, rows: int = 2) -> ProseField:
    return ProseField(required=False, max_length=TEXT_LENGTH, rows=rows)


def fields_of(cell: Cell, *, unit: str = "") -> list[forms.Field]:
    """One for each attribute. `unit` is the one that may stand behind a typed number."""
    return [_field(cell.kind, name, unit) for name in cell.attributes]


def _field(kind: Kind, name: str, unit: str) -> forms.Field:
    if name == "done":
        return forms.BooleanField(required=False)
    if name == "amount_yen":
        return YenField()
    if name == "status":
        blank = ("", gettext("いずれかを選択"))
        return forms.ChoiceField(required=False, choices=[blank, *CostReview.Status.choices])
    if name == "step":
        return forms.ChoiceField(required=False, choices=[("", gettext("選ぶ")), *ProgressWord.choices])
    if name == "presence":
        return forms.ChoiceField(required=False, choices=Presence.choices, widget=forms.RadioSelect)
    if kind == Kind.FIGURE and name in ("value", *RATIO):
        return FigureField(unit=unit, max_digits=15, min_value=None if name == "value" else 0)
    return text_field(rows=3 if kind in (Kind.CHANGE, Kind.REMARK) else 2)


def pair_errors(part: Decimal | None, whole: Decimal | None) -> Iterable[tuple[int, str]]:
    """What is wrong with a ratio whose two numbers could be read: 0 at the first of them, 1 at the second."""
    if part is None and whole is not None:
        yield 0, gettext("あてはまる数も入れてください。割合は2つの数で計算します。")
    elif whole is None and part is not None:
        yield 1, gettext("全体の数も入れてください。割合は2つの数で計算します。")
    elif whole == 0 and part:
        yield 1, gettext("全体が0のときは、あてはまる数も0になります。たしかめてください。")


def odd_count(cell: Cell, numbers: Sequence[Decimal | None], unit: str) -> str:
    """Words about three and a half people; empty where nothing is odd. May be right: an average is counted in 人 too."""
    if cell.kind != Kind.FIGURE or cell.attributes not in (("value",), RATIO) or not counts_whole(unit):
        return ""
    odd = [number for number in numbers if number is not None and number != number.to_integral_value()]
    said = gettext("、").join(f"{format_figure(number)}{unit}" for number in odd)
    words = gettext("%(counts)sでよろしいですか。ふつうは小数にならない数です。このままでも保存できます。")
    return words % {"counts": said} if odd else ""


def number_doubt(
    cell: Cell, numbers: Sequence[Decimal | None], *, method: str, unit: str, target: Decimal | None
) -> str:
    """What may be right and should be looked at again; never blocks."""
    return odd_count(cell, numbers, unit) + _size_doubt(cell, numbers, method, target)


def _size_doubt(cell: Cell, numbers: Sequence[Decimal | None], method: str, target: Decimal | None) -> str:
    if cell.attributes == RATIO:
        part, whole = numbers
        if part is not None and whole is not None and part > whole > 0:
            return gettext("あてはまる数が全体の数より大きくなっています。このままでも保存できます。")
    elif cell.kind == Kind.FIGURE and cell.attributes == ("value",) and numbers[0] is not None:
        if numbers[0] < 0:
            return gettext("マイナスの数です。前の月までの数をなおすためでしたら、このままで大丈夫です。")
        adds_up = method in (Indicator.Method.SUM, Indicator.Method.NEW_UNIQUE)
        if adds_up and target and numbers[0] > target:
            return gettext(
                "このひと月だけで、目標より大きな数です。桁をたしかめてください。このままでも保存できます。"
            )
    return ""


def shown(field: forms.Field, wire: str) -> str:
    """A stored text as the field shows it: 1,234 for 1234."""
    if not isinstance(field, TypedField):
        return wire
    return str(field.prepare_value(field.to_python(wire)) or "")


def readable(field: forms.Field, texts: Iterable[str]) -> str:
    """Texts of a cell as words: 順調 for fine, 5／8 for a ratio, 未入力 for nothing. `field` is the cell's first."""
    choices: dict[str, Any] = {code: label for code, label in getattr(field, "choices", []) if code}
    return "／".join(str(choices.get(text, text)) for text in texts if text) or gettext("未入力")
