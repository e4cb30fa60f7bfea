"""Duty at the window."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qitong.accounts import absences, duty
from qitong.accounts.logic.days import weekly
from qitong.accounts.logic.roles import Role
from qitong.accounts.models import Department, DutyShift, User
from qitong.accounts.queries import duty_officer
from qitong.kernel.errors import Refused
from tests.accounts import cast

DAY = dt.timedelta(days=1)
MONDAY = cast.TODAY


@pytest.fixture
def officers(window: Department) -> list[User]:
    return [cast.officer(Role.DUTY_OFFICER, window, name) for name in ("甲", "乙")]


@given(
    st.dictionaries(st.integers(0, 6), st.integers(1, 9)),
    st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)),
    st.integers(0, 400),
)
def test_each_day_has_its_weekdays_person(rota: dict[int, int], starts: dt.date, length: int) -> None:
    days = weekly(rota, starts, starts + length * DAY)
    for n in range(length + 1):
        day = starts + n * DAY
        assert days.get(day) == rota.get(day.weekday())
    assert all(starts <= day <= starts + length * DAY for day in days)


def test_a_rota_fills_the_weeks_and_records_once(window: Department, officers: list[User]) -> None:
    a, b = officers
    duty.set_weekly_rota(
        department=window,
        weekdays={0: a, 1: b},
        starts_on=MONDAY,
        ends_on=MONDAY + 8 * DAY,
        by=cast.SYSTEM,
        at=cast.AT,
    )
    found = [duty_officer(window, MONDAY + n * DAY) for n in (0, 1, 2, 7, 8, 14)]
    assert found == [a, b, None, a, b, None]
    assert cast.kinds(f"department:{window.pk}") == ["duty.rota_set"]


def test_a_new_rota_replaces_the_days_it_names(window: Department, officers: list[User]) -> None:
    a, b = officers
    for weekdays in ({0: a, 1: a}, {1: b}):
        duty.set_weekly_rota(
            department=window,
            weekdays=weekdays,
            starts_on=MONDAY,
            ends_on=MONDAY + DAY,
            by=cast.SYSTEM,
            at=cast.AT,
        )
    assert [duty_officer(window, MONDAY + n * DAY) for n in (0, 1)] == [a, b]


def test_one_shift_is_swapped_by_the_head(window: Department, officers: list[User]) -> None:
    head = cast.acting(cast.officer(Role.DEPARTMENT_HEAD, window))
    for person in officers:
        duty.set_shift(department=window, officer=person, on=MONDAY, by=head, at=cast.AT)
    assert DutyShift.objects.get().officer == officers[1]


def test_who_is_on_duty_but_away_is_stood_in_for(window: Department, officers: list[User]) -> None:
    a, b = officers
    duty.set_shift(department=window, officer=a, on=MONDAY, by=cast.SYSTEM, at=cast.AT)
    absences.record(user=a, substitute=b, starts_on=MONDAY, ends_on=MONDAY, by=cast.SYSTEM, at=cast.AT)
    assert duty_officer(window, MONDAY) == b


def test_a_duty_officer_of_elsewhere_is_refused(window: Department, market: Department) -> None:
    stranger = cast.officer(Role.REVIEWER, market)
    with pytest.raises(Refused) as refusal:
        duty.set_shift(department=window, officer=stranger, on=MONDAY, by=cast.SYSTEM, at=cast.AT)
    assert refusal.value.code == "officer"


def test_only_a_window_has_duty(market: Department) -> None:
    person = cast.officer(Role.DUTY_OFFICER, market)
    with pytest.raises(Refused) as refusal:
        duty.set_shift(department=market, officer=person, on=MONDAY, by=cast.SYSTEM, at=cast.AT)
    assert refusal.value.code == "window"


@pytest.mark.parametrize(
    ("weekdays", "length", "code"),
    [
        ([], 7, "weekdays"),
        ([7], 7, "weekdays"),
        ([0], -1, "dates"),
        ([0], 400, "dates"),
    ],
)
def test_a_rota_names_weekdays_and_at_most_a_year(
    window: Department, officers: list[User], weekdays: list[int], length: int, code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        duty.set_weekly_rota(
            department=window,
            weekdays=dict.fromkeys(weekdays, officers[0]),
            starts_on=MONDAY,
            ends_on=MONDAY + length * DAY,
            by=cast.SYSTEM,
            at=cast.AT,
        )
    assert refusal.value.code == code


def test_a_duty_officer_does_not_arrange_duty(window: Department, officers: list[User]) -> None:
    with pytest.raises(Refused, match="部门负责人"):
        duty.set_shift(
            department=window, officer=officers[0], on=MONDAY, by=cast.acting(officers[0]), at=cast.AT
        )
