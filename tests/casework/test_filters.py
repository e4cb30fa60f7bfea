"""A filter and its address are the same thing written twice."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from qitong.casework.logic.filters import LIGHTS, Due, Filter, Scope, Sort
from qitong.casework.logic.flow import CaseState

STATES = ["open", "any", *(s.value for s in CaseState if s is not CaseState.DRAFT)]
FILTERS = st.builds(
    Filter,
    scope=st.sampled_from(Scope),
    state=st.sampled_from(STATES),
    lights=st.sets(st.sampled_from(LIGHTS)).map(lambda some: tuple(c for c in LIGHTS if c in some)),
    item=st.sampled_from(["", "request", "energy_review"]),
    due=st.none() | st.sampled_from(Due),
    unread=st.booleans(),
    text=st.text(st.characters(codec="utf-8", exclude_categories=["Z", "C"]), max_size=100),
    sort=st.none() | st.sampled_from(Sort),
)


@given(FILTERS)
def test_what_is_written_is_read_again(it: Filter) -> None:
    assert Filter.parse(it.query()) == it
    assert str(it.sentence()).endswith("。")


@given(st.dictionaries(st.sampled_from(["scope", "state", "light", "due", "sort", "q"]), st.lists(st.text())))
def test_whatever_an_address_holds_a_filter_comes_of_it(given_: dict[str, list[str]]) -> None:
    it = Filter.read(given_)
    assert Filter.parse(it.query()) == it


@given(st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31)), st.sampled_from(Due))
def test_today_lies_where_the_words_say(today: dt.date, due: Due) -> None:
    first, last = Filter(due=due).due_range(today)
    first, last = first or dt.date.min, last or dt.date.max
    assert first <= last
    assert (first <= today <= last) == (due in (Due.TODAY, Due.WEEK, Due.MONTH))
    if due is Due.MONTH:
        assert first.day == 1
        assert (last + dt.timedelta(days=1)).day == 1
