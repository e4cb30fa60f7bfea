"""Facts that need not be asked have a value all the same."""

from __future__ import annotations

from qitong.catalogue.logic.kinds import FactType
from qitong.catalogue.logic.path import complete_facts
from qitong.catalogue.logic.types import FactSpec
from qitong.kernel.words import Named

NAME = Named("名", "name")


def fact(code: str, asked_when: str = "", otherwise: bool | None = None) -> FactSpec:
    return FactSpec(code, NAME, NAME, FactType.BOOL, None, (), asked_when, otherwise)


SPECS = [fact("fire", "land", False), fact("land", "builds", False), fact("builds")]


def test_a_fact_not_asked_takes_its_other_value_along_the_whole_chain() -> None:
    assert complete_facts({"builds": False}, SPECS) == {"builds": False, "land": False, "fire": False}


def test_an_answer_that_no_longer_counts_is_replaced() -> None:
    assert complete_facts({"builds": False, "land": True}, SPECS)["land"] is False


def test_a_fact_that_is_still_to_be_asked_stays_missing() -> None:
    assert complete_facts({}, SPECS) == {}
    assert complete_facts({"builds": True}, SPECS) == {"builds": True}


def test_facts_that_nobody_describes_are_kept() -> None:
    assert complete_facts({"other": 5}, SPECS) == {"other": 5}
