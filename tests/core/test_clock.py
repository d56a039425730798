import datetime as dt

import time_machine

from core import clock


def test_the_real_day_is_the_local_one(settings):
    settings.DEMO_TODAY = ""
    with time_machine.travel(dt.datetime(2024, 1, 9, 16, 0, tzinfo=dt.UTC), tick=False):
        assert clock.today() == dt.date(2024, 1, 10)
        assert clock.now().date() == dt.date(2024, 1, 10)


def test_the_demo_stands_still_but_its_clock_runs(settings):
    settings.DEMO_TODAY = "2024-01-09"
    with time_machine.travel(dt.datetime(2026, 5, 1, 3, 15, tzinfo=dt.UTC), tick=False):
        assert clock.today() == dt.date(2024, 1, 9)
        assert clock.now().isoformat() == "2024-01-09T12:15:00+09:00"
