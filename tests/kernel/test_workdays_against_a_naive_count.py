"""The tables against a second implementation that walks day by day, on random and absurd calendars."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from qitong.kernel.errors import Refused
from qitong.kernel.workdays import (
    Calendar,
    CalendarYear,
    DayKind,
    Limit,
    LimitUnit,
    Pause,
    PauseReason,
    due,
    elapsed,
)

DAY = dt.timedelta(1)
FIRST, LAST = dt.date(2030, 1, 1), dt.date(2031, 12, 31)
T = TypeVar("T")
Walk = tuple[dt.date, int] | None  # the day and the days paused; None: past the end of the calendar


def naive_workday(calendar: Calendar, day: dt.date) -> bool:
    for year in sorted(calendar.years, reverse=True):
        facts = calendar.years[year]
        if day in facts.make_up_days:
            return True
        if day in facts.holidays:
            return False
    return day.weekday() < 5


def naive_add(calendar: Calendar, start: dt.date, n: int) -> dt.date | None:
    day, step = start, DAY if n >= 0 else -DAY
    if n == 0:
        while FIRST <= day <= LAST and not naive_workday(calendar, day):
            day += DAY
    while n:
        day += step
        if not FIRST <= day <= LAST:
            return None
        if naive_workday(calendar, day):
            n += 1 if n < 0 else -1
    return day if FIRST <= day <= LAST else None


def naive_due(
    calendar: Calendar, start: dt.date, limit: Limit, pauses: Sequence[Pause], today: dt.date
) -> Walk:
    working, left, day, out = limit.unit is LimitUnit.WD, limit.days, start, 0
    if working and left == 0:
        if naive_workday(calendar, start):
            return start, 0
        left = 1
    while left:
        day += DAY
        if day > LAST:
            return None
        counts = naive_workday(calendar, day) or not working
        if counts and paused(day, pauses, today):
            out += 1
        elif counts:
            left -= 1
    while not naive_workday(calendar, day) or (day > start and paused(day, pauses, today)):
        day += DAY
        if day > LAST:
            return None
    return day, out


def paused(day: dt.date, pauses: Sequence[Pause], today: dt.date) -> bool:
    return any(p.start <= day < (p.end or today) for p in pauses)


def or_none(ask: Callable[[], T]) -> T | None:
    try:
        return ask()
    except Refused:
        return None


dates = st.dates(FIRST, LAST)


@st.composite
def years(draw: st.DrawFn, year: int) -> CalendarYear:
    days = st.dates(dt.date(year - 1, 12, 1), dt.date(year, 12, 31))
    made_up = draw(st.frozensets(days, max_size=12))
    rest = draw(st.frozensets(days, max_size=40)) - made_up
    if draw(st.integers(0, 4)) == 0:  # an absurd year: nobody works for months, or at all
        begin = dt.date(year, draw(st.sampled_from([1, 1, 3, 9])), 1)
        shut = {begin + i * DAY for i in range((dt.date(year, 12, 31) - begin).days + 1)}
        rest = (rest | shut) - made_up
    return CalendarYear(year, "", dict.fromkeys(rest, "休息"), made_up, draw(st.booleans()))


@st.composite
def pauses(draw: st.DrawFn) -> Pause:
    start = draw(dates)
    length = draw(st.one_of(st.none(), st.integers(0, 60), st.integers(0, 800)))
    return Pause(draw(st.sampled_from(PauseReason)), start, None if length is None else start + length * DAY)


unhurried = settings(deadline=None)  # each example builds a calendar, perhaps on a busy machine
calendars = st.builds(lambda a, b: Calendar({2030: a, 2031: b}), years(2030), years(2031))
pause_lists = st.lists(pauses(), max_size=4)


@unhurried
@given(calendars, dates, st.integers(-300, 600))
def test_add_is_the_naive_walk(calendar: Calendar, start: dt.date, n: int) -> None:
    assert or_none(lambda: calendar.add(start, n)) == naive_add(calendar, start, n)


@unhurried
@given(calendars, st.lists(dates, min_size=1, max_size=20), st.integers(-100, 200))
def test_add_many_is_add_for_each(calendar: Calendar, starts: list[dt.date], n: int) -> None:
    singly = or_none(lambda: [calendar.add(start, n) for start in starts])
    assert or_none(lambda: calendar.add_many(starts, n)) == singly


@unhurried
@given(calendars, dates, dates)
def test_between_counts_the_days_after_the_first_up_to_the_second(
    calendar: Calendar, a: dt.date, b: dt.date
) -> None:
    low, high = min(a, b), max(a, b)
    days = [low + i * DAY for i in range(1, (high - low).days + 1)]
    count = sum(naive_workday(calendar, day) for day in days)
    assert calendar.between(low, high) == count
    assert calendar.between(high, low) == -count


@unhurried
@given(calendars, dates, st.integers(1, 300))
def test_add_and_between_undo_each_other(calendar: Calendar, start: dt.date, n: int) -> None:
    end = or_none(lambda: calendar.add(start, n))
    if end is not None:
        assert calendar.between(start, end) == n
        assert calendar.is_workday(end)
        assert calendar.add(end, 0) == end
        assert calendar.between(start, end - DAY) == n - 1


@unhurried
@given(
    calendars,
    dates,
    st.builds(Limit, st.integers(0, 400), st.sampled_from([LimitUnit.WD, LimitUnit.CD])),
    pause_lists,
    dates,
)
def test_due_is_the_naive_walk(
    calendar: Calendar, start: dt.date, limit: Limit, pauses: list[Pause], today: dt.date
) -> None:
    found = or_none(lambda: due(calendar, start, limit, pauses, today))
    assert (found and (found.on, found.paused_days)) == naive_due(calendar, start, limit, pauses, today)
    if found:
        span = range(start.year, found.on.year + 1)
        assert found.provisional == any(calendar.years[year].provisional for year in span)


@unhurried
@given(calendars, dates, dates, pause_lists, st.sampled_from([LimitUnit.WD, LimitUnit.CD]))
def test_elapsed_counts_the_days_that_ran(
    calendar: Calendar, start: dt.date, today: dt.date, pauses: list[Pause], unit: LimitUnit
) -> None:
    days = [start + i * DAY for i in range(1, (today - start).days + 1)]
    ran = [
        day
        for day in days
        if (unit is LimitUnit.CD or naive_workday(calendar, day)) and not paused(day, pauses, today)
    ]
    assert elapsed(calendar, start, today, pauses, unit=unit) == len(ran)


@unhurried
@given(calendars, dates, st.integers(1, 60), pause_lists, dates)
def test_an_explanation_counts_to_n_and_ends_on_the_due_day(
    calendar: Calendar, start: dt.date, n: int, pauses: list[Pause], today: dt.date
) -> None:
    found = or_none(lambda: due(calendar, start, Limit(n), pauses, today))
    lines = or_none(lambda: calendar.explain(start, n, pauses, today=today))
    if found is None or lines is None:
        assert found is None
        assert lines is None
        return
    assert lines[-1].on == found.on
    assert [x.on for x in lines] == [start + i * DAY for i in range(len(lines))]
    assert [x.counted for x in lines if x.counted is not None] == list(range(1, n + 1))
    assert sum(x.kind is DayKind.PAUSED for x in lines) == found.paused_days
