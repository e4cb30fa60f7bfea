"""The published examples of the domain, and the edges of add, add_many and between."""

from __future__ import annotations

import datetime as dt

import pytest

from qitong.kernel.errors import Refused
from qitong.kernel.workdays import Calendar, CalendarYear, official

D = dt.date.fromisoformat


@pytest.mark.parametrize(
    ("start", "n", "expected"),
    [
        ("2026-02-13", 3, "2026-02-25"),
        ("2026-09-18", 2, "2026-09-21"),
        ("2026-09-30", 7, "2026-10-15"),
        ("2026-04-30", 3, "2026-05-08"),
        ("2026-01-02", 1, "2026-01-04"),
        ("2026-12-10", 15, "2026-12-31"),
    ],
)
def test_the_published_examples_hold(start: str, n: int, expected: str) -> None:
    assert official().add(D(start), n) == D(expected)
    assert official().add_many([D(start)], n) == [D(expected)]


def test_2026_has_248_working_days() -> None:
    assert official().between(D("2025-12-31"), D("2026-12-31")) == 248


def test_between_backwards_is_negative() -> None:
    assert official().between(D("2026-10-15"), D("2026-09-30")) == -7


def test_zero_days_is_the_day_itself_or_the_next_working_day() -> None:
    assert official().add(D("2026-09-30"), 0) == D("2026-09-30")
    assert official().add(D("2026-10-01"), 0) == D("2026-10-08")


def test_negative_days_count_back_from_the_day() -> None:
    assert official().add(D("2026-10-08"), -1) == D("2026-09-30")
    assert official().add(D("2026-10-04"), -1) == D("2026-09-30")


def test_what_reaches_into_2027_is_provisional() -> None:
    calendar = official()
    end = calendar.add(D("2026-12-11"), 15)
    assert end.year == 2027
    assert calendar.touches_provisional(D("2026-12-11"), end)
    assert not calendar.touches_provisional(D("2026-12-10"), D("2026-12-31"))
    assert calendar.is_provisional(D("2027-01-04"))
    assert not calendar.is_provisional(D("2026-12-31"))


@pytest.mark.parametrize(
    ("start", "n"),
    [
        ("9999-12-31", 1),
        ("2003-12-31", 1),
        ("0001-01-01", 0),
        ("2026-01-01", 10**18),
        ("2026-01-01", -(10**18)),
        ("2100-12-31", 1),
        ("2004-01-01", -1),
    ],
)
def test_what_lies_outside_the_calendar_is_refused(start: str, n: int) -> None:
    for ask in (official().add, lambda day, days: official().add_many([day, D("2026-03-02")], days)):
        with pytest.raises(Refused) as refused:
            ask(D(start), n)
        assert refused.value.code == "out_of_calendar"


def test_no_dates_have_no_answers() -> None:
    assert official().add_many([], 5) == []


def test_a_calendar_without_a_working_day_refuses_instead_of_searching() -> None:
    days = {dt.date(2030, 1, 1) + dt.timedelta(i): "停工" for i in range(365)}
    calendar = Calendar({2030: CalendarYear(2030, "", days, frozenset())})
    for n in (-1, 0, 1):
        with pytest.raises(Refused):
            calendar.add(D("2030-06-03"), n)
    assert calendar.between(D("2030-01-01"), D("2030-12-31")) == 0


def test_a_calendar_without_years_is_refused() -> None:
    with pytest.raises(Refused):
        Calendar({})


def test_the_official_calendar_is_built_once() -> None:
    assert official() is official()
