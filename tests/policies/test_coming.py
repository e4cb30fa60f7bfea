"""Quarters, windows and the days by which to begin: whatever the validity, told day by day what holds."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from qitong.kernel.workdays import official
from qitong.policies.logic import calling, quarters
from qitong.policies.logic.coming import LEAD, MOST_LEAD, Coming, Sort, Span, begin_by, within, year_later
from qitong.policies.logic.standing import Status, Validity, Window, standing

DAY = dt.timedelta(days=1)
DAYS = st.dates(dt.date(2025, 6, 1), dt.date(2028, 6, 30))
WINDOWS = st.builds(
    lambda opens, length: Window(opens, opens + dt.timedelta(days=length)), DAYS, st.integers(1, 200)
)


@st.composite
def validities(draw: st.DrawFn) -> Validity:
    """Windows one after another, as files may have them."""
    windows: list[Window] = []
    for window in sorted(draw(st.lists(WINDOWS, max_size=3)), key=lambda one: one.opens):
        if not windows or window.opens >= windows[-1].until:
            windows.append(window)
    since = draw(DAYS)
    until = draw(st.one_of(st.none(), st.integers(1, 900)))
    return Validity(
        draw(st.sampled_from([Status.ACTIVE, Status.VERIFY])),
        since,
        since + dt.timedelta(days=until) if until else None,
        draw(st.one_of(st.none(), DAYS)),
        tuple(windows),
    )


QUARTERS = st.builds(quarters.Quarter, st.integers(2025, 2028), st.integers(1, 4))


def days(first: dt.date, until: dt.date) -> list[dt.date]:
    return [first + dt.timedelta(days=n) for n in range((until - first).days)]


@given(DAYS, st.integers(-50, 50))
def test_every_day_lies_in_one_quarter_that_reads_back(day: dt.date, n: int) -> None:
    quarter = quarters.quarter_of(day)
    assert day in quarter.span
    assert quarters.read(str(quarter)) == quarter
    assert quarter.later(n).later(-n) == quarter
    assert quarter.later(n).until == quarter.later(n + 1).first
    assert len(days(quarter.first, quarter.until)) in (90, 91, 92)


def test_what_is_no_quarter_is_none() -> None:
    for text in ("", "2027", "2027Q5", "2027q1", "99999Q1", "1999Q4", "2027Q1 ", "二〇二七Q1"):
        assert quarters.read(text) is None, text


@given(validities(), QUARTERS)
def test_a_day_is_in_a_window_just_when_one_can_apply_on_it(
    validity: Validity, quarter: quarters.Quarter
) -> None:
    found = [one for one in within({"p": validity}, quarter.span, dt.date.max) if one.sort is Sort.WINDOW]
    for day in days(quarter.first, quarter.until):
        open_now = any(window.opens <= day < window.until for window in validity.windows)
        told = any(one.last is not None and one.first <= day <= one.last for one in found)
        assert told == (open_now and standing(validity, day).in_force)


@given(validities(), QUARTERS)
def test_what_begins_and_ends_is_what_turns_on_that_day(
    validity: Validity, quarter: quarters.Quarter
) -> None:
    found = within({"p": validity}, quarter.span, dt.date.max)
    begins = {one.first for one in found if one.sort is Sort.BEGINS}
    ends = {one.first for one in found if one.sort is Sort.ENDS}
    for day in days(quarter.first, quarter.until):
        now = standing(validity, day).in_force
        assert (day in begins) == (now and not standing(validity, day - DAY).in_force)
        assert (day in ends) == (now and not standing(validity, day + DAY).in_force)


def test_a_window_that_is_not_announced_is_expected_a_year_after_the_last() -> None:
    last = Window(dt.date(2026, 6, 1), dt.date(2026, 9, 1))
    policy = {"p": Validity(Status.ACTIVE, dt.date(2020, 1, 1), None, None, (last,))}
    on = dt.date(2026, 11, 23)
    [expected] = within(policy, quarters.Quarter(2027, 2).span, on)
    assert expected == Coming(Sort.EXPECTED, "p", dt.date(2027, 6, 1), dt.date(2027, 8, 31))
    announced = Window(dt.date(2027, 5, 1), dt.date(2027, 6, 1))
    policy = {"p": Validity(Status.ACTIVE, dt.date(2020, 1, 1), None, None, (last, announced))}
    [window] = within(policy, quarters.Quarter(2027, 2).span, on)
    assert window.sort is Sort.WINDOW


def test_what_was_expected_and_did_not_come_is_no_longer_expected() -> None:
    last = Window(dt.date(2024, 6, 1), dt.date(2024, 9, 1))
    policy = {"p": Validity(Status.ACTIVE, dt.date(2020, 1, 1), None, None, (last,))}
    assert within(policy, quarters.Quarter(2025, 2).span, dt.date(2026, 11, 23)) == []


def test_a_leap_day_comes_again_on_the_28th() -> None:
    assert year_later(dt.date(2028, 2, 29)) == dt.date(2029, 2, 28)


@given(DAYS, st.integers(0, 60), DAYS)
def test_to_begin_in_time_leaves_the_working_days_it_takes(
    ready_by: dt.date, lacking: int, on: dt.date
) -> None:
    day = begin_by(official(), ready_by=ready_by, lacking=lacking, on=on)
    assert day >= on
    if day > on:
        wanted = min(LEAD + lacking, MOST_LEAD)
        assert official().is_workday(day)
        assert official().between(day, ready_by) == wanted - (not official().is_workday(ready_by))


@given(validities(), DAYS)
def test_a_window_is_called_out_while_it_is_open_and_from_the_day_it_is_due(
    validity: Validity, on: dt.date
) -> None:
    called = list(calling.due(validity, official(), on))
    spoken = within({"p": validity}, Span(on, on + DAY), on)
    open_now = {(one.first, one.last) for one in spoken if one.sort is Sort.WINDOW}
    assert {(one.window.opens, one.window.last) for one in called} <= open_now
    assert sum(one.kind is calling.Call.OPENS for one in called) == len(open_now)
    for one in called:
        assert one.window.opens <= one.due_on <= on
        if one.kind is calling.Call.CLOSES:
            assert official().between(on, one.window.last) <= calling.DAYS_BEFORE
