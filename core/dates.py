"""Dates and times of day as people in Japan type them."""

import contextlib
import datetime as dt
import re

from django.utils import dateformat
from django.utils.translation import pgettext

from core.digits import to_ascii

YEARS = range(1900, 2200)  # what a project's days lie in; a farther year is a slip, or means “some day”
ERAS = {"令和": 2018, "R": 2018, "平成": 1988, "H": 1988, "昭和": 1925, "S": 1925}
DATE_PATTERN = re.compile(
    r"(?P<year>\d{4})(?:-|/|\.|年)(?P<month>\d{1,2})(?:-|/|\.|月)(?P<day>\d{1,2})日?(?:\([月火水木金土日]\))?"
)
YEARLESS_DATE_PATTERN = re.compile(r"(?P<month>\d{1,2})(?:/|月)(?P<day>\d{1,2})日?(?:\([月火水木金土日]\))?")
COMPACT_DATE_PATTERN = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})")
ERA_PATTERN = re.compile(
    r"(?P<era>令和|平成|昭和|[RHS])(?P<year>元|\d{1,2})(?:年|\.|/|-)(?P<month>\d{1,2})(?:月|\.|/|-)(?P<day>\d{1,2})日?"
)
TIME_PATTERN = re.compile(
    r"(?P<half>午前|午後|AM|PM)?(?P<hour>\d{1,2})(?:(?::|時)(?:(?P<minute>\d{1,2})分?|(?P<thirty>半))?)(?::00)?"
)
COMPACT_TIME_PATTERN = re.compile(r"(?P<hour>\d{1,2})(?P<minute>\d{2})")


class YearOutOfReach(ValueError):
    """It can be read, but no day of a project lies there."""


def parse_date(typed: str, near: dt.date | None = None) -> dt.date:
    """Reads 2022-10-12, 2022/10/12, 20221012, 2022年10月12日, 令和4年10月12日, R4.10.12, in either width.

    10/12 and 10月12日 mean the one nearest to `near`; without `near` a date needs its year. Raises ValueError, and
    YearOutOfReach for a year that is not in YEARS.
    """
    text = to_ascii(typed).replace(" ", "").upper()
    yearless = YEARLESS_DATE_PATTERN.fullmatch(text)
    if near is not None and yearless is not None:
        return _nearest(int(yearless["month"]), int(yearless["day"]), near)
    match = DATE_PATTERN.fullmatch(text) or COMPACT_DATE_PATTERN.fullmatch(text)
    if match is not None:
        year = int(match["year"])
    else:
        match = ERA_PATTERN.fullmatch(text)
        if match is None:
            raise ValueError(typed)
        year = ERAS[match["era"]] + (1 if match["year"] == "元" else int(match["year"]))
    if year not in YEARS:
        raise YearOutOfReach(typed)
    return dt.date(year, int(match["month"]), int(match["day"]))


def _nearest(month: int, day: int, near: dt.date) -> dt.date:
    """Of last year's, this year's and next year's the one that lies nearest; 29 February may be in none of them."""
    days = []
    for year in (near.year - 1, near.year, near.year + 1):
        with contextlib.suppress(ValueError):
            days.append(dt.date(year, month, day))
    return min(days, key=lambda found: abs(found - near))  # ValueError when there is no such day


def parse_time(typed: str) -> dt.time:
    """Reads 10:00, １０時３０分, 10時半, 午後2時, 1000 and 930."""
    text = to_ascii(typed).replace(" ", "").upper()
    match = TIME_PATTERN.fullmatch(text)
    if match is not None:
        hour = int(match["hour"])
        if match["half"] in ("午後", "PM") and hour < 12:
            hour += 12
        return dt.time(hour, 30 if match["thirty"] else int(match["minute"] or 0))
    match = COMPACT_TIME_PATTERN.fullmatch(text)
    if match is None:
        raise ValueError(typed)
    return dt.time(int(match["hour"]), int(match["minute"]))


def date_label(day: dt.date) -> str:
    return dateformat.format(day, pgettext("date format", "Y年n月j日"))


def typed_label(day: dt.date) -> str:
    """In a field, as a reader of this language would type it."""
    return dateformat.format(day, pgettext("typed date", "Y年n月j日"))


def date_label_with_weekday(day: dt.date) -> str:
    return dateformat.format(day, pgettext("date format", "Y年n月j日（D）"))


def short_date_label(day: dt.date) -> str:
    """Without the year, for what lies near."""
    return dateformat.format(day, pgettext("date format", "n月j日"))


def time_label(time: dt.time) -> str:
    return f"{time.hour}:{time.minute:02}"
