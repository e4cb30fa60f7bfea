"""Companies are compared with many others or not at all."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from qitong.policies.logic.peers import LEAST, SHARE, Group, first_large, used_more

ITEMS = ["a", "b", "c"]


@st.composite
def groups(draw: st.DrawFn) -> tuple[Group, Group]:
    """A group and everybody, of whom the group is a part."""
    size, others = draw(st.integers(0, 30)), draw(st.integers(0, 30))
    used = {item: draw(st.integers(0, size)) for item in ITEMS}
    whole = {item: used[item] + draw(st.integers(0, others)) for item in ITEMS}
    return Group(size, used), Group(size + others, whole)


@given(groups())
def test_nothing_is_ever_said_of_fewer_than_five(drawn: tuple[Group, Group]) -> None:
    group, everybody = drawn
    for item in used_more(group, everybody):
        assert group.companies >= LEAST
        assert group.used[item] >= LEAST
        assert everybody.companies - group.companies >= LEAST


@given(groups())
def test_what_is_named_is_used_by_a_quarter_and_more_than_elsewhere(drawn: tuple[Group, Group]) -> None:
    group, everybody = drawn
    elsewhere = everybody.companies - group.companies
    for item in used_more(group, everybody):
        assert group.used[item] >= SHARE * group.companies
        assert group.used[item] * elsewhere > (everybody.used[item] - group.used[item]) * group.companies


@given(groups(), st.randoms())
def test_the_order_of_items_does_not_matter(drawn: tuple[Group, Group], random: Random) -> None:
    group, everybody = drawn
    names = list(group.used)
    random.shuffle(names)
    again = Group(group.companies, {name: group.used[name] for name in names})
    assert used_more(again, everybody) == used_more(group, everybody)


def test_six_of_whom_one_asks_are_five_others() -> None:
    everybody = Group(12, {"a": 5})
    mine = Group(6, {"a": 5}).without(used=frozenset())
    assert used_more(mine, everybody.without(used=frozenset())) == ("a",)
    four = Group(5, {"a": 5}).without(used=frozenset())
    assert used_more(four, everybody.without(used=frozenset())) == ()


def test_the_narrowest_group_that_is_large_enough_counts() -> None:
    small, large = Group(4), Group(9)
    assert first_large([small, large]) is large
    assert first_large([small]) is None
