"""Chains of substitutes, purely."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from qitong.accounts.logic.substitutes import Away, first_uncovered, resolve, stands_in_for

PEOPLE = st.integers(1, 6)
ABSENCES = st.dictionaries(PEOPLE, PEOPLE)
MONDAY = dt.date(2026, 11, 23)


def test_somebody_present_answers_for_themselves() -> None:
    assert resolve(1, {2: 3}) == 1


def test_a_substitute_who_is_absent_is_followed() -> None:
    assert resolve(1, {1: 2, 2: 3}) == 3


def test_a_chain_that_comes_back_ends_with_nobody() -> None:
    assert resolve(1, {1: 2, 2: 1}) is None


@given(PEOPLE, ABSENCES)
def test_whoever_is_found_is_present(user: int, absences: dict[int, int]) -> None:
    assert resolve(user, absences) not in absences


@given(PEOPLE, ABSENCES)
def test_everybody_stood_in_for_is_absent_and_leads_here(user: int, absences: dict[int, int]) -> None:
    found = stands_in_for(user, absences)
    assert found == {absent for absent in absences if absent != user and resolve(absent, absences) == user}
    assert not (found and user in absences)


@st.composite
def aways(draw: st.DrawFn, user: int) -> Away:
    start = draw(st.integers(0, 10))
    length = draw(st.integers(0, 5))
    substitute = draw(PEOPLE.filter(lambda other: other != user))
    return Away(
        user, substitute, MONDAY + dt.timedelta(days=start), MONDAY + dt.timedelta(days=start + length)
    )


@given(st.data())
def test_the_first_uncovered_day_is_what_asking_every_day_finds(data: st.DataObject) -> None:
    wanted = data.draw(aways(1))
    others = [data.draw(aways(user)) for user in data.draw(st.sets(st.integers(2, 6)))]
    days = [
        wanted.starts_on + dt.timedelta(days=n) for n in range((wanted.ends_on - wanted.starts_on).days + 1)
    ]

    def covered(day: dt.date) -> bool:
        away = {o.user_id: o.substitute_id for o in [*others, wanted] if o.starts_on <= day <= o.ends_on}
        return resolve(1, away) is not None

    assert first_uncovered(wanted, others) == next((day for day in days if not covered(day)), None)
