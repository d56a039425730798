"""The days of a month's work: when a sheet was handed in, met about and closed."""

import datetime as dt
import random

from core.months import add_months
from reports.demo.shapes import StorySpec

# Public holidays that fall on a day somebody would have met.
HOLIDAYS = frozenset(
    dt.date(year, month, day)
    for year, days in {
        2021: ((5, 3), (5, 4), (5, 5), (7, 22), (7, 23), (8, 9), (9, 20), (9, 23), (11, 3), (11, 23)),
        2022: (
            *((1, 10), (2, 11), (2, 23), (3, 21), (4, 29), (5, 3), (5, 4), (5, 5), (7, 18), (8, 11)),
            *((9, 19), (9, 23), (10, 10), (11, 3), (11, 23)),
        ),
        2023: (
            *((1, 2), (1, 3), (1, 9), (2, 23), (3, 21), (5, 3), (5, 4), (5, 5), (7, 17), (8, 11)),
            *((9, 18), (10, 9), (11, 3), (11, 23)),
        ),
        2024: ((1, 1), (1, 2), (1, 3), (1, 8)),
    }.items()
    for month, day in days
)


def is_workday(day: dt.date) -> bool:
    return day.weekday() < 5 and day not in HOLIDAYS


def workday(day: dt.date) -> dt.date:
    """The day itself or the next workday."""
    while not is_workday(day):
        day += dt.timedelta(days=1)
    return day


def workdays_later(day: dt.date, count: int) -> dt.date:
    for _ in range(count):
        day = workday(day + dt.timedelta(days=1))
    return day


def meeting_day(story: StorySpec, about: dt.date) -> dt.date:
    """In the month after the one it is about, on the weekday both sides agreed on."""
    weekday, which, _, _ = story.meets
    first = add_months(about, 1)
    day = first + dt.timedelta(days=(weekday - first.weekday()) % 7 + 7 * (which - 1))
    return workday(day)


def handing_in(about: dt.date, met: dt.date, chance: random.Random) -> dt.datetime:
    """Between the second and the tenth, and some days before the meeting."""
    first = add_months(about, 1)
    latest = min(first.replace(day=10), met - dt.timedelta(days=3))
    earliest = workday(first.replace(day=2))
    day = earliest + dt.timedelta(days=chance.randrange(max((latest - earliest).days, 0) + 1))
    while not is_workday(day) and day > earliest:
        day -= dt.timedelta(days=1)
    return dt.datetime.combine(day, dt.time(chance.randrange(9, 19), chance.randrange(60)))
