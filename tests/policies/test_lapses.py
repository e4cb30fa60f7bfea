"""The next day on which a fact says something else is the first such day, whatever the fact."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qitong.kernel.words import Named
from qitong.policies.check import packaged
from qitong.policies.logic.ages import full
from qitong.policies.logic.currency import is_current, span
from qitong.policies.logic.lapses import EVERY_MONTH, age_marks, comes_of_age, moves_on
from qitong.policies.logic.rule import FieldSpec
from qitong.policies.logic.units import Kind

DAYS = st.dates(dt.date(2023, 1, 1), dt.date(2028, 12, 31))
PERIODS = [
    "now",
    "last_year",
    "this_year",
    "last_two_years",
    "last_three_years",
    "last_12_months",
    "filing_period",
]
SPECS = st.builds(
    lambda unit, period: FieldSpec("it", unit, Named("它", "it"), Named("？", "?"), period=period),
    st.sampled_from(["wan", "bool", "date"]),
    st.sampled_from(PERIODS),
)
DAY = dt.timedelta(days=1)


@given(SPECS, st.one_of(st.none(), st.integers(2022, 2028)), DAYS, DAYS)
def test_the_span_of_a_fact_is_where_it_is_current(
    spec: FieldSpec, year: int | None, as_of: dt.date, on: dt.date
) -> None:
    days = span(spec, year=year, as_of=as_of)
    inside = days is not None and days[0] <= on and (days[1] is None or on < days[1])
    assert inside == is_current(spec, year=year, as_of=as_of, on=on)


@given(SPECS, st.one_of(st.none(), st.integers(2022, 2028)), DAYS, DAYS)
def test_nothing_changes_before_the_next_day_and_something_on_it(
    spec: FieldSpec, year: int | None, as_of: dt.date, on: dt.date
) -> None:
    def says(day: dt.date) -> bool:
        return is_current(spec, year=year, as_of=as_of, on=day)

    moves = moves_on(spec, year=year, as_of=as_of, on=on)
    until = moves or on + dt.timedelta(days=800)
    day = on + DAY
    while day < until:
        assert says(day) == says(on)
        day += DAY
    if moves is not None:
        assert moves > on
        assert says(moves) != says(moves - DAY)


@given(DAYS, st.frozensets(st.integers(0, 60), min_size=1, max_size=4), DAYS)
def test_an_age_is_reached_on_the_first_day_on_which_so_many_months_are_full(
    start: dt.date, marks: frozenset[int], on: dt.date
) -> None:
    def passed(day: dt.date) -> set[int]:
        months = full(Kind.MONTHS, start, day)
        return {mark for mark in marks if months is not None and months >= mark}

    found = comes_of_age(start, marks, on)
    if found is None:
        assert passed(on) == marks
    else:
        assert found > on
        assert passed(found - DAY) == passed(on) != passed(found)


@given(DAYS, DAYS)
def test_where_an_age_is_reckoned_with_every_full_month_counts(start: dt.date, on: dt.date) -> None:
    found = comes_of_age(start, EVERY_MONTH, on)
    assert found is not None
    assert full(Kind.MONTHS, start, found) != full(Kind.MONTHS, start, found - DAY)
    assert full(Kind.MONTHS, start, found - DAY) == full(Kind.MONTHS, start, on)


@pytest.mark.parametrize(
    ("code", "marks"),
    [("hi_tech_enterprise", {0, 12, 13}), ("key_group_startup_tax", {0, 36, 37}), ("tech_sme", set())],
)
def test_the_ages_of_the_packaged_policies(code: str, marks: set[int]) -> None:
    rule = packaged().entries[code].rule
    ages = {"months_since_registration": Kind.MONTHS}
    assert age_marks([rule], "registered_on", ages) == frozenset(marks)
