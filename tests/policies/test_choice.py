"""Of benefits that exclude each other the best set is found; of questions the one worth most comes first."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from itertools import combinations
from random import Random
from typing import Any

from qitong.policies.check import packaged
from qitong.policies.logic.choice import best
from qitong.policies.matching import choices, match, next_questions
from tests.policies.test_explained import HI_TECH

ON = dt.date(2026, 11, 23)


def test_the_better_of_two_is_chosen_and_the_rest_left_alone() -> None:
    (group,) = best({"a": 5, "b": 7, "c": 100}, [("a", "b")])
    assert (group.chosen, group.left, group.worth) == (("b",), ("a",), 7)


def test_two_small_ones_may_be_better_than_a_large_one() -> None:
    (group,) = best({"a": 5, "b": 8, "c": 5}, [("a", "b"), ("b", "c")])
    assert group.chosen == ("a", "c")


def test_an_unknown_worth_is_named_as_undecided() -> None:
    (group,) = best({"a": None, "b": 7}, [("a", "b")])
    assert (group.chosen, group.undecided) == (("b",), ("a",))


def test_every_small_group_is_solved_as_well_as_by_trying_everything() -> None:
    random = Random(7)
    for _ in range(300):
        names = "abcdefgh"[: random.randint(2, 8)]
        worth = {name: random.randint(0, 20) for name in names}
        conflicts = [pair for pair in combinations(names, 2) if random.random() < 0.3]
        involved = {name for pair in conflicts for name in pair}
        found = sum(group.worth for group in best(worth, conflicts))
        tries = (
            sum(worth[name] for name in some)
            for size in range(len(involved) + 1)
            for some in combinations(sorted(involved), size)
            if not any(a in some and b in some for a, b in conflicts)
        )
        assert found == max(tries)


def test_the_income_tax_rates_are_chosen_between() -> None:
    facts: dict[str, Any] = {
        **HI_TECH,
        "taxable_income_wan": 100_000_000,
        "avg_headcount": 20,
        "avg_assets_wan": 500_000_000,
        "restricted_industry": False,
    }
    library = packaged()
    (group,) = choices(library, match(library, facts, ON))
    assert (group.chosen, group.left) == (("small_low_profit_cit",), ("hi_tech_enterprise",))


def test_the_question_that_settles_most_comes_first() -> None:
    library = packaged()
    facts: dict[str, Any] = {
        "purchase_price_wan": 500_000_000,
        "in_catalogue": True,
        "unit_price_wan": 100_000_000,
    }
    first, *others = next_questions(match(library, facts, ON))
    assert (first.fact, first.settles) == ("sold_within_5y", ("special_equipment_purchase_credit",))
    assert first.worth == Fraction(2 * 50_000_000, 6)  # one company in six; a no ends it
    worth = {q.fact: q for q in others}
    assert worth["is_building"].settles == ("equipment_one_off_deduction",)
    assert worth["is_building"].worth == Fraction(2 * 100_000_000, 20 * 6)  # time gained, not money
    asked = {q.fact for q in next_questions(match(library, {**facts, "is_building": False}, ON))}
    assert "is_building" not in asked
