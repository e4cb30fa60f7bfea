"""What must hold of any rule whatever it says, shown on random ones by the specification itself."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from qitong.policies.logic.outcomes import Outcome
from qitong.policies.logic.reference import meaning, outcome
from qitong.policies.logic.rule import Condition, Rule
from qitong.policies.logic.tree import AllOf, AnyOf, Node, Not, Prefix, walk
from tests.policies.counts import ROWS, checks
from tests.policies.draw import FIELDS, companies, rules

laws = checks("laws", share=4)
SEEDS = st.integers(0, 2**32)


@laws
@given(rules(), SEEDS)
def test_a_missing_fact_that_is_filled_turns_unknown_into_yes_or_no_and_nothing_else(
    rule: Rule, seed: int
) -> None:
    full = companies(rule, seed + 1, ROWS)
    for drawn, other in zip(companies(rule, seed, ROWS), full, strict=True):
        filled = {**other, **{name: value for name, value in drawn.items() if value is not None}}
        # Of what holds while it is not known, the law says nothing: it is known beforehand.
        facts = {**drawn, **{name: filled.get(name) for name in _lenient(rule)}}
        for condition in rule.conditions:
            before = meaning(condition.node, rule, facts)
            assert before is None or meaning(condition.node, rule, filled) is before
        if outcome(rule, facts) in (Outcome.NOT_ELIGIBLE, Outcome.ELIGIBLE, Outcome.NOT_APPLICABLE):
            assert outcome(rule, filled) in (outcome(rule, facts), Outcome.NOT_APPLICABLE)


def _lenient(rule: Rule) -> set[str]:
    trees = [rule.scope, *(each.node for each in rule.conditions), *(each.node for each in rule.scores)]
    parts = (part for tree in trees for part in walk(tree))
    return {part.name for part in parts if isinstance(part, Prefix) and part.lenient}


@laws
@given(rules(), rules(), SEEDS)
def test_a_further_condition_never_gains_anyone(rule: Rule, other: Rule, seed: int) -> None:
    further = Condition("X1", other.conditions[0].node, other.conditions[0].manual, "")
    longer = replace(rule, conditions=(*rule.conditions, further))
    order = [Outcome.NOT_ELIGIBLE, Outcome.UNKNOWN, Outcome.MANUAL_REVIEW, Outcome.ELIGIBLE]
    for facts in companies(longer, seed, ROWS):
        before, after = outcome(rule, facts), outcome(longer, facts)
        if Outcome.NOT_APPLICABLE in (before, after):
            assert before is after
        else:
            assert order.index(after) <= order.index(before)


@laws
@given(rules(), SEEDS)
def test_not_swaps_yes_and_no_and_keeps_unknown(rule: Rule, seed: int) -> None:
    swapped: dict[Any, Any] = {True: False, False: True, None: None}
    for facts in companies(rule, seed, ROWS):
        for condition in rule.conditions:
            found = meaning(condition.node, rule, facts)
            assert meaning(Not(condition.node), rule, facts) is swapped[found]


@laws
@given(rules(), SEEDS)
def test_order_changes_nothing(rule: Rule, seed: int) -> None:
    random = Random(seed)
    conditions = tuple(replace(c, node=_shuffled(c.node, random)) for c in rule.conditions)
    turned = replace(rule, conditions=tuple(random.sample(conditions, len(conditions))))
    for facts in companies(rule, seed, ROWS):
        assert outcome(turned, facts) is outcome(rule, facts)
    assert set(FIELDS) >= set(rule.asked)


def _shuffled(node: Node, random: Random) -> Node:
    if isinstance(node, AllOf | AnyOf):
        parts = [_shuffled(part, random) for part in node.parts]
        return replace(node, parts=tuple(random.sample(parts, len(parts))))
    return Not(_shuffled(node.part, random)) if isinstance(node, Not) else node
