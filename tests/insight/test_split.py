"""Whose days they were, and percentiles against a sorted list."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qitong.insight.logic.figures import Figures, Line, percentile
from qitong.insight.logic.split import Split, Stop, Turn, of_case, of_task
from qitong.kernel.workdays import PauseReason, official

CALENDAR = official()
MONDAY = dt.date(2026, 3, 2)

patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""On a busy machine the first draw alone may take a second."""


def day(n: int) -> dt.date:
    return CALENDAR.add(MONDAY, n)


def test_a_task_waits_works_and_waits_for_the_company() -> None:
    turn = Turn(1, MONDAY, day(2), day(9))
    stop = Stop(PauseReason.AWAITING_SUPPLEMENT, day(4), day(7), 1)
    assert of_task(CALENDAR, turn, day(9), [stop]) == Split(company=3, law=0, queue=2, work=4)


def test_a_case_works_while_any_department_does() -> None:
    turns = [Turn(1, MONDAY, day(1), day(8)), Turn(2, MONDAY, day(4), day(6))]
    stop = Stop(PauseReason.AWAITING_SUPPLEMENT, day(2), day(9), 1)
    assert of_case(CALENDAR, MONDAY, day(8), turns, [stop]) == Split(company=5, law=0, queue=1, work=2)


def test_a_legal_pause_stands_before_everything() -> None:
    turns = [Turn(1, MONDAY, MONDAY, day(5))]
    stop = Stop(PauseReason.PUBLIC_NOTICE, day(2), day(4), 1)
    assert of_case(CALENDAR, MONDAY, day(5), turns, [stop]) == Split(company=0, law=2, queue=0, work=3)


def test_done_on_the_day_of_receipt_took_no_day() -> None:
    assert of_task(CALENDAR, Turn(1, MONDAY, MONDAY, MONDAY), MONDAY, []) == Split()


moments = st.integers(0, 40).map(lambda n: MONDAY + dt.timedelta(days=n))


@st.composite
def turns(draw: st.DrawFn) -> Turn:
    start, taken, end = sorted(draw(st.tuples(moments, moments, moments)))
    return Turn(draw(st.integers(1, 3)), start, draw(st.sampled_from([taken, None])), end)


@st.composite
def stops(draw: st.DrawFn) -> Stop:
    start, end = sorted(draw(st.tuples(moments, moments)))
    task = draw(st.sampled_from([1, 2, 3, None]))
    return Stop(draw(st.sampled_from(list(PauseReason))), start, draw(st.sampled_from([end, None])), task)


@patient
@given(moments, moments, st.lists(turns(), max_size=4), st.lists(stops(), max_size=4))
def test_the_parts_are_the_whole_and_none_is_negative(
    start: dt.date, end: dt.date, worked: list[Turn], stopped: list[Stop]
) -> None:
    split = of_case(CALENDAR, start, end, worked, stopped)
    assert split.days == (CALENDAR.between(start, end) if end > start else 0)
    assert min(split.company, split.law, split.queue, split.work) >= 0
    assert split.waiting + split.work == split.days


@patient
@given(st.lists(st.integers(0, 60), min_size=1, max_size=200), st.integers(1, 10))
def test_a_percentile_is_the_value_that_so_many_do_not_exceed(values: list[int], tenths: int) -> None:
    found = percentile(Counter(values), tenths)
    place = -(-len(values) * tenths // 10)
    assert found == sorted(values)[place - 1]


def test_nothing_has_no_percentile_and_no_rate() -> None:
    nothing = Figures()
    assert (nothing.median, nothing.ninetieth, nothing.rate) == (None, None, None)


closed = st.tuples(st.integers(1, 9), st.booleans(), st.integers(0, 30))


@patient
@given(st.lists(closed, max_size=20), st.integers(0, 20))
def test_figures_of_parts_merge_into_those_of_the_whole(rows: list[tuple[int, bool, int]], cut: int) -> None:
    lines = [Line("closed", n, on_time=on_time, days=days, work=days * n) for n, on_time, days in rows]
    whole, first, second = Figures(), Figures(), Figures()
    for i, line in enumerate(lines):
        whole.add(line)
        (first if i < cut else second).add(line)
    first.merge(second)
    assert first == whole
