"""How large numbers can get is known before any company: nothing drawn ever lies outside."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from qitong.policies.check import packaged
from qitong.policies.logic.ranges import INT64, bounds, widest
from qitong.policies.logic.reference import meaning
from qitong.policies.logic.rule import Rule
from qitong.policies.logic.tree import Compare, walk
from qitong.policies.logic.units import Kind
from tests.policies.counts import ROWS, checks
from tests.policies.draw import companies, rules


@checks("laws", share=8)
@given(rules(), st.integers(0, 2**32))
def test_every_number_lies_within_its_bounds(rule: Rule, seed: int) -> None:
    trees = [rule.benefit.node, *(score.node for score in rule.scores)]
    trees += [
        side
        for condition in rule.conditions
        for leaf in walk(condition.node)
        if isinstance(leaf, Compare) and leaf.kind is not Kind.DATE
        for side in (leaf.left, leaf.right)
    ]
    ends = [bounds(tree, rule) for tree in trees]
    for facts in companies(rule, seed, ROWS // 4):
        for tree, (low, high) in zip(trees, ends, strict=True):
            value = meaning(tree, rule, facts)
            assert value is None or low <= value <= high


def test_a_share_of_money_fits_64_bits_when_its_bound_is_a_round_percentage() -> None:
    rule = packaged().entries["hi_tech_enterprise"].rule
    condition = next(each for each in rule.conditions if each.id == "C6")
    most = int(rule.fields["rd_3y"].most)
    assert most == 10**14
    assert widest(condition.node, rule) == most * 5  # 3/5: one side times 5, the other times 3
    assert widest(condition.node, rule) <= INT64


def test_the_bounds_of_a_share_whose_base_may_vanish_are_open() -> None:
    rule = packaged().entries["hi_tech_enterprise"].rule
    condition = next(each for each in rule.conditions if each.id == "C4")
    assert isinstance(condition.node, Compare)
    low, high = bounds(condition.node.left, rule)
    assert low == 0
    assert high > Fraction(10**30)
