"""Who owns a new case: a rule that never leaves nobody."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qitong.casework.logic.ownership import Choice, OwnerReason, choose_owner
from qitong.kernel.errors import Refused

people = st.integers(1, 6)


@given(
    on_duty=st.none() | people,
    candidates=st.lists(people, unique=True),
    loads=st.dictionaries(people, st.integers(0, 50)),
    substitutes=st.dictionaries(people, st.none() | people),
)
def test_there_is_an_owner_whenever_the_window_has_anybody(
    on_duty: int | None,
    candidates: list[int],
    loads: dict[int, int],
    substitutes: dict[int, int | None],
) -> None:
    anybody = on_duty is not None or candidates or any(substitutes.values())
    if not anybody:
        with pytest.raises(Refused):
            choose_owner(on_duty=on_duty, candidates=candidates, loads=loads, substitutes=substitutes)
        return
    choice = choose_owner(on_duty=on_duty, candidates=candidates, loads=loads, substitutes=substitutes)
    known = {on_duty, *candidates, *substitutes.values()}
    assert choice.user_id in known
    if choice.reason in (OwnerReason.ON_DUTY, OwnerReason.LEAST_LOADED):
        assert choice.user_id not in substitutes
    if choice.reason is OwnerReason.ABSENT_BUT_ONLY:
        assert not any(substitutes.values())
        assert all(c in substitutes for c in candidates)


def test_whoever_is_on_duty_owns_it_however_much_they_have() -> None:
    choice = choose_owner(on_duty=1, candidates=[1, 2], loads={1: 99}, substitutes={})
    assert choice == Choice(1, OwnerReason.ON_DUTY)


def test_the_substitute_of_an_absent_duty_officer_owns_it() -> None:
    choice = choose_owner(on_duty=1, candidates=[1, 2, 3], loads={}, substitutes={1: 3})
    assert choice == Choice(3, OwnerReason.SUBSTITUTE_OF_DUTY)


def test_without_a_rota_whoever_has_least_owns_it_and_the_first_of_equals() -> None:
    least = choose_owner(on_duty=None, candidates=[1, 2, 3], loads={1: 4, 2: 1, 3: 1}, substitutes={})
    assert least == Choice(2, OwnerReason.LEAST_LOADED)


def test_when_all_are_away_one_of_them_still_owns_it() -> None:
    choice = choose_owner(on_duty=1, candidates=[1, 2], loads={1: 3}, substitutes={1: None, 2: None})
    assert choice == Choice(2, OwnerReason.ABSENT_BUT_ONLY)
