"""Months are dates of the first day. Fiscal years run from April to March."""

import datetime as dt
import re
from collections.abc import Iterator

from django.utils import dateformat
from django.utils.translation import gettext, pgettext

from core.dates import YEARS, YearOutOfReach
from core.digits import to_ascii

MONTH_PATTERN = re.compile(r"(?P<year>\d{4})(?:-|/|\.|年)?(?P<month>\d{1,2})月?(?:分|度)?")


def first_of_month(day: dt.date) -> dt.date:
    return dt.date(day.year, day.month, 1)


def add_months(month: dt.date, count: int) -> dt.date:
    """The first day of the month `count` months later (earlier when negative)."""
    index = month.year * 12 + month.month - 1 + count
    return dt.date(index // 12, index % 12 + 1, 1)


def months_between(start: dt.date, end: dt.date) -> int:
    """How many months `end` lies after `start`: 0 in the same month, negative when it lies before."""
    return (end.year - start.year) * 12 + end.month - start.month


def month_range(start: dt.date, end: dt.date) -> Iterator[dt.date]:
    """Every month from that of `start` to that of `end`, both included."""
    for index in range(months_between(start, end) + 1):
        yield add_months(start, index)


def last_day_of_month(day: dt.date) -> dt.date:
    return last_day_of_period(day, 1)


def last_day_of_period(start: dt.date, months: int) -> dt.date:
    """The last day of the `months` calendar months that begin with the month of `start`."""
    return add_months(start, months) - dt.timedelta(days=1)


def fiscal_year(day: dt.date) -> int:
    return day.year if day.month >= 4 else day.year - 1


def fiscal_year_label(year: int) -> str:
    return gettext("%(year)d年度") % {"year": year}


def month_label(month: dt.date) -> str:
    return dateformat.format(month, pgettext("date format", "Y年n月"))


def typed_label(month: dt.date) -> str:
    """In a field, as a reader of this language would type it."""
    return dateformat.format(month, pgettext("typed date", "Y年n月"))


def short_month_label(month: dt.date) -> str:
    return dateformat.format(month, pgettext("date format", "n月"))


def shortest_month_label(month: dt.date) -> str:
    """For a drawing, where there is little room."""
    return dateformat.format(month, pgettext("drawing", "n月"))


def period_label(start: dt.date, months: int) -> str:
    """2022年10月 for one month, 2022年10月〜12月 or 2022年11月〜2023年1月 for more."""
    if months == 1:
        return month_label(start)
    last = add_months(start, months - 1)
    end = short_month_label(last) if last.year == start.year else month_label(last)
    return gettext("%(start)s〜%(end)s") % {"start": month_label(start), "end": end}


def parse_month(text: str) -> dt.date:
    """Reads 2022-09, 2022/9, 202209, 2022年9月, in either width. Raises ValueError with the text as typed, and
    YearOutOfReach as parse_date."""
    match = MONTH_PATTERN.fullmatch(to_ascii(text).replace(" ", ""))
    if match is None or not 1 <= int(match["month"]) <= 12:
        raise ValueError(text)
    if int(match["year"]) not in YEARS:
        raise YearOutOfReach(text)
    return dt.date(int(match["year"]), int(match["month"]), 1)
