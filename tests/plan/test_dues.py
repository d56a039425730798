"""By when, as plans say it."""

import datetime as dt

import pytest

from grants.plan_text.dues import Period, read_due

PERIOD = Period(dt.date(2021, 4, 1), dt.date(2024, 1, 31))
END = "2024-01-31"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024年1月", END), ("２０２４年１月末", END), ("2024/1", END), ("2024.1", END), ("令和6年1月", END), ("R6.1", END),
        ("2024年1月まで", END), ("2024-01-31", END), ("2023年12月末までに", "2023-12-31"), ("令和4年10月12日", "2022-10-12"),
    ],
)  # fmt: skip
def test_days_and_months(text: str, day: str) -> None:
    due = read_due(text, PERIOD)
    assert (str(due.on), due.note, due.doubts) == (day, "", ())


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("事業終了時", END), ("助成期間終了時", END), ("最終年度末", END), ("3年目末", END), ("2023年度末", END),
        ("初年度末", "2022-03-31"), ("2年目", "2023-03-31"), ("R4年度", "2023-03-31"), ("2023年", "2023-12-31"),
        ("2021年4月〜2024年1月", END),
    ],
)  # fmt: skip
def test_words_that_mean_a_day_are_kept_beside_it(text: str, day: str) -> None:
    due = read_due(text, PERIOD)
    assert (str(due.on), due.note, due.doubts) == (day, text, ())


@pytest.mark.parametrize(
    ("text", "day", "code"),
    [
        ("随時", None, "due_unreadable"),
        ("毎年度末", None, "due_unreadable"),
        ("2024年1月頃", dt.date(2024, 1, 31), "due_about"),
        ("2025年3月", dt.date(2025, 3, 31), "due_outside"),
        ("4年目末", dt.date(2025, 3, 31), "due_outside"),
    ],
)
def test_doubts(text: str, day: dt.date | None, code: str) -> None:
    due = read_due(text, PERIOD)
    assert due.on == day
    assert [doubt.code for doubt in due.doubts] == [code]
    assert due.on is not None or due.note == text


@pytest.mark.parametrize("text", ["9999年度末", "0000年末", "9999年末", "9999年12月", "9999-12-31"])
def test_years_that_no_calendar_has_stay_in_words(text: str) -> None:
    due = read_due(text, PERIOD)
    assert (due.on, due.note, [doubt.code for doubt in due.doubts]) == (None, text, ["due_unreadable"])


def test_a_dash_says_nothing() -> None:
    assert read_due("－", PERIOD) == read_due("", PERIOD)
