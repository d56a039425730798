"""Filters and tags every template has (loaded as builtins)."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms, template
from django.forms import BoundField
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_noop

from core import charts, dates, digits, figures, money, months
from core.doubtful import doubts_of, pieces_of
from core.doubts import quoted, words_about

register = template.Library()

PROGRESS_WORDS = {  # code → (glyph, full, short)
    "ahead": ("▲", "計画より進んでいる", gettext_noop("進んでいる")),
    "ontrack": ("＝", "計画どおり進んでいる", gettext_noop("計画どおり")),
    "behind": ("▼", "計画より遅れている", gettext_noop("遅れている")),
    "other": ("・", "その他", "その他"),
}
LINK_WORDS = {
    "seen": ("→", "見えた"),
    "notyet": ("…", "まだ"),
    "counter": ("←", "逆の兆し"),
    "unknown": ("？", "分からない"),
    "unspoken": ("－", "今月は話していない"),
}


@register.filter
def yen(value: int | None) -> str:
    return money.yen(value)


@register.filter
def figure(value: Decimal | int | None) -> str:
    return figures.format_figure(value)


@register.filter
def percent(value: Decimal | None) -> str:
    return figures.format_percent(value)


@register.filter(expects_localtime=True)
def month(value: dt.date | None) -> str:
    return months.month_label(value) if value else ""


@register.filter(expects_localtime=True)
def short_month(value: dt.date | None) -> str:
    return months.short_month_label(value) if value else ""


@register.filter(expects_localtime=True)
def jdate(value: dt.date | None) -> str:
    return dates.date_label(value) if value else ""


@register.filter(expects_localtime=True)
def jdate_weekday(value: dt.date | None) -> str:
    return dates.date_label_with_weekday(value) if value else ""


@register.filter(expects_localtime=True)
def short_date(value: dt.date | None) -> str:
    return dates.short_date_label(value) if value else ""


@register.filter
def jtime(value: dt.time | None) -> str:
    return dates.time_label(value) if value else ""


@register.filter
def circled(value: int | None) -> str:
    return "" if value is None else digits.circled(value)


@register.simple_tag(takes_context=True)
def add_query(context: dict[str, Any], **changes: Any) -> str:
    """The current query string with `changes`; None takes a key away."""
    request: HttpRequest = context["request"]
    query = request.GET.copy()
    for key, value in changes.items():
        if value is None:
            query.pop(key, None)
        else:
            query[key] = str(value)
    return f"?{query.urlencode()}"


@register.filter
def drawing(svg: str) -> SafeString:
    """An SVG that code drew (a QR code), standing in the page; never anything a person typed."""
    return mark_safe(svg)


@register.simple_tag
def control(field: BoundField, css: str = "", label: str = "") -> SafeString:
    """The bare input of a field, for tables of inputs; `label` names it where no <label> stands.

    Under it what could tell who somebody is: a doubt about the text, which never keeps it from being saved.
    """
    widget = field.field.widget
    attrs: dict[str, Any] = {"class": " ".join(filter(None, [_control_class(widget), css]))}
    if field.errors:
        attrs["class"] += " is-invalid"
    if doubts := doubts_of(field):
        attrs["class"] += " is-doubtful"
        attrs["aria-describedby"] = f"{field.aria_describedby or ''} {field.auto_id}_doubt".strip()
    if label:
        attrs["aria-label"] = label
    bare = field.as_widget(attrs={key: value for key, value in attrs.items() if value})
    if not doubts:
        return bare
    context = {"id": f"{field.auto_id}_doubt", "words": words_about(doubts)}
    return bare + render_to_string("ui/_field_doubt.html", context)


@register.inclusion_tag("ui/_doubt_summary.html")
def doubt_summary(fields: list[BoundField], button: str = "", not_yet: str = "") -> dict[str, Any]:
    """All fields with a doubt. `button` goes on with the texts as they are; `not_yet` says what waits for it."""
    rows = [(field, quoted(pieces_of([field]))) for field in fields]
    return {"rows": rows, "shown": "\n".join(pieces_of(fields)), "button": button, "not_yet": not_yet}


def _control_class(widget: forms.Widget) -> str:
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple | forms.HiddenInput):
        return ""
    if isinstance(widget, forms.CheckboxInput):
        return "form-check-input"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"


@register.filter
def is_check(field: BoundField) -> bool:
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.filter
def is_group(field: BoundField) -> bool:
    return isinstance(field.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)


@register.inclusion_tag("ui/_word.html")
def progress_word(code: str, short: bool = False) -> dict[str, Any]:
    """The scheme's four words with their glyph; nothing for an empty code."""
    glyph, full, brief = PROGRESS_WORDS.get(code, ("", "", ""))
    return {"code": code, "glyph": glyph, "word": gettext(brief if short else full) if full else ""}


@register.inclusion_tag("ui/_link_word.html")
def link_word(code: str, suffix: str = "") -> dict[str, Any]:
    glyph, word = LINK_WORDS.get(code, ("", ""))
    return {"code": code, "glyph": glyph, "word": gettext(word) if word else "", "suffix": suffix}


@register.inclusion_tag("ui/_bar.html")
def progress_bar(
    achieved: Decimal | None, calendar: Decimal | None = None, target: str = "", baseline: str = ""
) -> dict[str, Any]:
    """`target` and `baseline` are texts as shown (96回, 0)."""
    bar = charts.progress_bar(achieved, calendar)
    return {"bar": bar, "achieved": achieved, "target": target, "baseline": baseline}


@register.inclusion_tag("ui/_months.html")
def month_columns(columns: list[charts.Column], words: str) -> dict[str, Any]:
    """`words` says the same in a sentence."""
    return {"columns": columns, "words": words, "width": charts.SLOT * len(columns)}


@register.inclusion_tag("ui/_bar_pdf.html")
def progress_bar_pdf(achieved: Decimal | None, calendar: Decimal | None = None) -> dict[str, Any]:
    return {"bar": charts.progress_bar_pdf(achieved, calendar)}
