"""From what stands in a yellow cell to what a person would have typed on the page, or the reason why not."""

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext

from reports.exports.layout import Slot, Take
from reports.exports.reading import RawCell
from reports.exports.texts import plain


class NotReadable(ValueError):
    """Says why in words; the cell is named beside it."""


def typed_text(raw: RawCell | None, slot: Slot) -> str:
    """The text for the input of the entry page; a code where one chooses. Raises NotReadable."""
    if raw is None or raw.is_blank:
        return ""
    _refuse_what_is_no_value(raw, slot)
    text = _number(raw) if raw.kind == "n" else plain(str(raw.value))
    if slot.take in (Take.CHOICE, Take.TICK):
        return _code(text, slot)
    return text


def _refuse_what_is_no_value(raw: RawCell, slot: Slot) -> None:
    if raw.kind == "f":
        raise NotReadable(gettext("計算式が入っています。計算した値にしてください。"))
    if raw.kind == "e":
        raise NotReadable(
            gettext("エラー（%(error)s）になっています。値を入れなおしてください。") % {"error": raw.value}
        )
    if raw.kind == "b":
        word = "TRUE" if raw.value else "FALSE"
        raise NotReadable(
            gettext("%(word)s（真偽の値）になっています。数や文字で入れなおしてください。") % {"word": word}
        )
    if isinstance(raw.value, dt.date | dt.time | dt.timedelta):
        raise NotReadable(_about_date(raw.value, slot))


def _about_date(value: dt.date | dt.time | dt.timedelta, slot: Slot) -> str:
    if not isinstance(value, dt.date):
        return gettext("時刻（%(time)s）になっています。数や文字で入れなおしてください。") % {"time": value}
    day = {"day": gettext("%(month)d月%(day)d日") % {"month": value.month, "day": value.day}}
    if slot.take == Take.TEXT:
        return (
            gettext("日付（%(day)s）になっています。文字として入れなおしてください（先頭に ' をつけます）。")
            % day
        )
    return (
        gettext(
            "日付（%(day)s）になっています。「1-2」や「1/2」と打つと、Excelが日付に変えます。数を入れなおしてください。"
        )
        % day
    )


def _number(raw: RawCell) -> str:
    """As it was typed: 54% stands as 0.54 in the file. A float's last letters are noise (Excel counts in 15 digits)."""
    value = raw.value
    number = Decimal(format(value, ".15g")) if isinstance(value, float) else Decimal(value)
    if "%" in raw.number_format:
        return f"{format((number * 100).normalize() + 0, 'f')}%"
    return format(number.normalize() + 0, "f")


def _code(text: str, slot: Slot) -> str:
    if text in slot.accepts:
        return slot.accepts[text]
    words = [word for _code, word in slot.choices]
    raise NotReadable(
        gettext("「%(text)s」は一覧にありません。%(words)s から選んでください。")
        % {"text": text, "words": gettext("、").join(words)}
    )
