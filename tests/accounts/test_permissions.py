"""Closed unless a rule opens it."""

from __future__ import annotations

import pytest

from qitong.accounts.actors import Actor
from qitong.accounts.logic.roles import Grant, Role
from qitong.accounts.permissions import Deed, why_not


@pytest.mark.parametrize("deed", list(Deed))
def test_a_visitor_may_do_nothing_and_is_told_who_may(deed: Deed) -> None:
    reason = str(why_not(Actor.visitor(), deed))
    assert reason.startswith("只有")
    assert reason.endswith("。")


@pytest.mark.parametrize("deed", list(Deed))
def test_the_system_may_do_everything(deed: Deed) -> None:
    assert not why_not(Actor.system("sweep"), deed)


@pytest.mark.parametrize("deed", [Deed.MARK, Deed.REPAIR_MARK])
def test_who_administers_the_system_does_not_judge_enterprises(deed: Deed) -> None:
    administrator = Actor(
        ref="user:1", user_id=1, name="管", roles=frozenset({Grant(Role.SYSTEM_ADMINISTRATOR)})
    )
    assert why_not(administrator, deed)
    assert not why_not(administrator, Deed.MANAGE_ORGANISATION)


def test_an_unknown_deed_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError):
        why_not(Actor.system("sweep"), "fly")
