"""The arithmetic of alarms ends on any calendar, and never rings in the past, at night or on a day off."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qitong.casework.logic.clock import ZONE, alarm_for, next_morning, warn_day, working_time
from qitong.kernel.errors import Refused
from qitong.kernel.workdays import Calendar, CalendarYear, official

CALENDAR = official()
days = st.dates(dt.date(2025, 6, 1), dt.date(2026, 12, 1))
moments = st.builds(dt.datetime.combine, days, st.times(), st.just(ZONE))


@given(moments, st.lists(days, max_size=5), st.booleans())
def test_an_alarm_rings_on_a_morning_still_to_come(
    now: dt.datetime, watch: list[dt.date], quiet: bool
) -> None:
    alarm = alarm_for(CALENDAR, now, watch, quiet=quiet)
    if alarm is not None:
        assert alarm > now
        assert alarm.time() == dt.time(9)
        assert alarm <= max(
            [next_morning(CALENDAR, now), *(alarm_for(CALENDAR, now, [d]) or now for d in watch)]
        )
    elif watch:
        assert quiet
        assert all(dt.datetime.combine(d, dt.time(9), ZONE) <= now for d in watch)


@given(moments)
def test_the_next_morning_is_worked(now: dt.datetime) -> None:
    morning = next_morning(CALENDAR, now)
    assert morning > now
    assert working_time(CALENDAR, morning)


@given(days, st.integers(1, 60))
def test_a_warning_comes_before_the_day_itself(due: dt.date, given_days: int) -> None:
    warning = warn_day(CALENDAR, due, given_days)
    assert CALENDAR.is_workday(warning)
    assert warning < due
    worked = CALENDAR.between(warning, due) - CALENDAR.is_workday(due)
    assert worked == (1 if given_days > 10 else 0)


def test_a_year_without_any_working_day_ends_too() -> None:
    year = 2026
    off = {dt.date(year, 1, 1) + dt.timedelta(days=n): "停工" for n in range(365)}
    idle = Calendar({year: CalendarYear(year=year, notice="停工", holidays=off, make_up_days=frozenset())})
    due = dt.date(year, 6, 1)
    assert due - dt.timedelta(days=62) <= warn_day(idle, due, 30) < due
    with pytest.raises(Refused):
        next_morning(idle, dt.datetime(year, 6, 1, 10, tzinfo=ZONE))
