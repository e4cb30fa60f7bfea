"""Year facts: the built-in table, provisional years, and replacing a year."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from tools.seed_calendars import LAST_ANNOUNCED, TARGET, festivals

from qitong.kernel.calendar_data import official_years
from qitong.kernel.errors import Refused
from qitong.kernel.workdays import Calendar, CalendarYear, official, provisional_year

D = dt.date.fromisoformat


INDEPENDENT = Path(__file__).with_name("independent_table.txt")


def test_every_announced_day_agrees_with_an_independent_table() -> None:
    lines = [line.split() for line in INDEPENDENT.read_text("utf-8").splitlines() if line[0] != "#"]
    assert (len(lines), lines[0][0], lines[-1][0]) == (23 * 12, "2004-01", "2026-12")
    for month, days in lines:
        for number, letter in enumerate(days, start=1):
            day = D(f"{month}-{number:02}")
            assert official().is_workday(day) == (letter == "w"), day


def test_the_coming_festivals_are_what_the_seed_tool_computes() -> None:
    table = json.loads(TARGET.read_text(encoding="utf-8"))
    assert max(map(int, table["years"])) == LAST_ANNOUNCED
    assert table["festivals"] == {
        str(year): [day.isoformat() for day in festivals(year)] for year in range(2027, 2101)
    }


@pytest.mark.parametrize("year", range(2008, 2027))
def test_the_computed_festivals_lie_in_the_rest_days_of_the_notices(year: int) -> None:
    names = official_years()[year].holidays
    for day, name in zip(festivals(year), ("春节", "清明节", "端午节", "中秋节"), strict=True):
        assert not official().is_workday(day)
        # A festival on a weekend is not always listed; Mid-Autumn may be part of National Day's rest.
        assert day.weekday() >= 5 or names[day] == name or (name, names[day]) == ("中秋节", "国庆节")


@pytest.mark.parametrize(
    ("year", "spring", "dragon_boat", "mid_autumn"),
    [
        # Our own computation (GB/T 33661-2017 with Meeus' series, see tools/seed_calendars.py), cross-checked
        # with an independent table; the years are chosen where calendars are known to err.
        (2027, "2027-02-06", "2027-06-09", "2027-09-15"),
        (2028, "2028-01-26", "2028-05-28", "2028-10-03"),
        (2030, "2030-02-03", "2030-06-05", "2030-09-12"),
        (2033, "2033-01-31", "2033-06-01", "2033-09-08"),
        (2034, "2034-02-19", "2034-06-20", "2034-09-27"),
    ],
)
def test_the_computed_festivals_stay_what_was_cross_checked(
    year: int, spring: str, dragon_boat: str, mid_autumn: str
) -> None:
    computed = festivals(year)
    assert (computed[0], computed[2], computed[3]) == (D(spring), D(dragon_boat), D(mid_autumn))


def test_a_provisional_year_counts_the_thirteen_statutory_days_and_makes_up_none() -> None:
    year = provisional_year(2027)
    assert year.provisional
    assert not year.make_up_days
    assert len(year.holidays) == 13
    assert [str(day) for day, name in year.holidays.items() if name == "春节"] == [
        "2027-02-05",
        "2027-02-06",
        "2027-02-07",
        "2027-02-08",
    ]


def test_mid_autumn_on_a_national_day_is_one_day_with_two_names() -> None:
    assert provisional_year(2028).holidays[D("2028-10-03")] == "中秋节、国庆节"


def test_beyond_the_known_festivals_only_the_fixed_days_are_left() -> None:
    assert [str(day)[5:] for day in provisional_year(2150).holidays] == [
        "01-01",
        "05-01",
        "05-02",
        "10-01",
        "10-02",
        "10-03",
    ]


def test_a_loaded_year_replaces_the_provisional_one_in_a_new_calendar() -> None:
    notice = CalendarYear(
        2027, "通知", {D("2026-12-31"): "元旦", D("2027-01-04"): "元旦"}, frozenset({D("2027-01-09")})
    )
    calendar = official().with_years({2027: notice})
    assert not calendar.is_workday(D("2026-12-31"))  # the notice speaks of the December before, too
    assert not calendar.is_workday(D("2027-01-04"))
    assert calendar.is_workday(D("2027-01-09"))
    assert not calendar.is_provisional(D("2027-01-04"))
    assert official().is_workday(D("2026-12-31"))
    assert official().is_provisional(D("2027-01-04"))


def test_the_later_notice_has_the_last_word_on_a_day() -> None:
    day = D("2030-12-28")
    rest = CalendarYear(2030, "甲", {day: "休息"}, frozenset())
    work = CalendarYear(2031, "乙", {}, frozenset({day}))
    assert Calendar({2030: rest, 2031: work}).is_workday(day)


def test_years_missing_in_between_are_provisional() -> None:
    calendar = Calendar({y: CalendarYear(y, "通知", {}, frozenset()) for y in (2030, 2032)})
    assert calendar.is_provisional(D("2031-06-01"))
    assert not calendar.is_workday(D("2031-10-01"))


def test_a_year_survives_the_way_through_json() -> None:
    for year in (*official_years().values(), provisional_year(2027)):
        assert CalendarYear.from_json(json.loads(json.dumps(year.to_json()))) == year


@pytest.mark.parametrize(
    ("year", "holidays", "made_up"),
    [
        (2027, {D("2028-01-01"): "元旦"}, frozenset[dt.date]()),
        (2027, {D("2026-11-30"): ""}, frozenset[dt.date]()),
        (2027, {D("2027-01-02"): ""}, frozenset({D("2027-01-02")})),
        (1900, {}, frozenset[dt.date]()),
        (9999, {}, frozenset[dt.date]()),
    ],
)
def test_impossible_year_facts_are_refused(
    year: int, holidays: dict[dt.date, str], made_up: frozenset[dt.date]
) -> None:
    with pytest.raises(Refused) as refused:
        CalendarYear(year, "通知", holidays, made_up)
    assert refused.value.code == "calendar_year"
