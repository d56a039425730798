"""By when: 2024年1月, 令和6年1月, R6.1, 2023年度末, 3年目末, 事業終了時."""

import datetime as dt
import re
from dataclasses import dataclass

from django.utils.translation import gettext

from core.dates import ERAS, YEARS, parse_date
from core.months import fiscal_year, last_day_of_month, parse_month
from grants.plan_text.doubts import Doubt
from grants.plan_text.numbering import plain
from grants.plan_text.targets import NOTHING
from grants.plan_text.years import NTH

TAIL = re.compile(r"(?:までに|まで|時点|現在|末日|末|を目途に|目途|予定)+$")
ABOUT = re.compile(r"(?:頃|ころ|ごろ|上旬|中旬|下旬|前半|後半)$")
AT_THE_END = re.compile(r"(?:本|助成|助成事業|事業|事業期間|助成期間|プロジェクト|契約)?(?:期間)?の?(?:終了|完了|満了)(?:時|後|日|月)?|最終年度末?|期間中|事業期間中|助成期間中")  # fmt: skip
NTH_YEAR = re.compile(r"(?:第?(\d|[一二三四五])年(?:目|次|度)|(初年)度)(?:度)?末?")
FISCAL_YEAR = re.compile(r"(?:(\d{4})|(令和|平成|R|H)(元|\d{1,2}))年?度末?")
ERA_MONTH = re.compile(r"(令和|平成|R|H)(元|\d{1,2})(?:年|[./-])(\d{1,2})月?")
CALENDAR_YEAR = re.compile(r"(?:(\d{4})|(令和|平成|R|H)(元|\d{1,2}))年末?")
SPAN = re.compile(r"[〜～~]|から")


@dataclass(frozen=True, slots=True)
class Period:
    """From when to when the grant runs."""

    starts_on: dt.date
    ends_on: dt.date

    @property
    def first_year(self) -> int:
        return fiscal_year(self.starts_on)

    @property
    def last_year(self) -> int:
        return fiscal_year(self.ends_on)


@dataclass(frozen=True, slots=True)
class Due:
    on: dt.date | None = None  # None: no day could be read
    note: str = ""  # what the day alone does not say, as written
    doubts: tuple[Doubt, ...] = ()


def read_due(text: str, period: Period) -> Due:
    raw = text.strip()
    if not raw or raw in NOTHING:
        return Due()
    if (stated := re.search(r"\n\s*達成時期\s*[:：]\s*", raw)) is not None:
        return Due(read_due(raw[: stated.start()], period).on, raw[stated.end() :])
    flat = re.sub(r"\s", "", plain(raw)).upper()
    if (day := _day(flat)) is not None:
        return Due(day, "", _outside(day, period))
    bare = TAIL.sub("", flat)
    if (day := _day(bare) or _meant(bare, period)) is not None:
        note = raw if bare == flat or _meant(bare, period) is not None else ""
        return Due(day, note, _outside(day, period))
    if SPAN.search(flat):
        last = read_due(SPAN.split(flat)[-1], period)
        if last.on is not None:
            return Due(last.on, raw, last.doubts)
    if ABOUT.search(bare) and (day := _day(ABOUT.sub("", bare))) is not None:
        words = gettext("おおよその時期です。%(day)sまでとして読みました。") % {"day": f"{day:%Y-%m-%d}"}
        return Due(day, raw, (Doubt("due_about", words),))
    words = gettext(
        "いつまでかを日付として読めませんでした。書かれたまま残します（例 2024年1月、3年目末、事業終了時）。"
    )
    return Due(None, raw, (Doubt("due_unreadable", words),))


def _day(flat: str) -> dt.date | None:
    """A day, or the last day of a month."""
    try:
        return parse_date(flat)
    except ValueError:
        pass
    try:
        if match := ERA_MONTH.fullmatch(flat):
            return last_day_of_month(dt.date(_western(match[1], match[2]), int(match[3]), 1))
        return last_day_of_month(parse_month(flat))
    except ValueError:
        return None


def _meant(flat: str, period: Period) -> dt.date | None:
    """The end of the grant, of one of its years, or of a fiscal year; never later than the grant itself."""
    if AT_THE_END.fullmatch(flat):
        return period.ends_on
    if match := NTH_YEAR.fullmatch(flat):
        nth = 1 if match[2] else NTH.get(match[1]) or int(match[1])
        return _end_of_year(period.first_year + nth - 1, period)
    if match := FISCAL_YEAR.fullmatch(flat):
        year = int(match[1]) if match[1] else _western(match[2], match[3])
        return _end_of_year(year, period)
    if match := CALENDAR_YEAR.fullmatch(flat):
        year = int(match[1]) if match[1] else _western(match[2], match[3])
        return dt.date(year, 12, 31) if year in YEARS else None
    return None


def _end_of_year(year: int, period: Period) -> dt.date | None:
    if year not in YEARS:
        return None
    end = dt.date(year + 1, 3, 31)
    return period.ends_on if year == period.last_year else end


def _western(era: str, year: str) -> int:
    return ERAS[era] + (1 if year == "元" else int(year))


def _outside(day: dt.date, period: Period) -> tuple[Doubt, ...]:
    if period.starts_on <= day <= last_day_of_month(period.ends_on):
        return ()
    words = gettext("助成の期間（%(start)s〜%(end)s）の外です。年をたしかめてください。")
    said = {"start": f"{period.starts_on:%Y-%m-%d}", "end": f"{period.ends_on:%Y-%m-%d}"}
    return (Doubt("due_outside", words % said),)
