"""What is compiled for speed says what the specification says, for random rules and companies."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from qitong.policies.logic import reference
from qitong.policies.logic.closures import Compiler, plain
from qitong.policies.logic.explain import Matcher
from qitong.policies.logic.missing import missing, undefined
from qitong.policies.logic.outcomes import Outcome
from qitong.policies.logic.roles import Role
from qitong.policies.logic.rule import Rule
from qitong.policies.logic.tree import Compare, Manual, leaves
from tests.policies.counts import ROWS, checks
from tests.policies.draw import companies, rules


@checks("closures")
@given(rules(), st.integers(0, 2**32))
def test_outcomes_scores_and_benefits(rule: Rule, seed: int) -> None:
    matcher, worth = Matcher(rule), Compiler(rule).worth(rule.benefit.node)
    for facts in companies(rule, seed, ROWS):
        assert matcher.outcome(facts) is reference.outcome(rule, facts)
        assert worth(facts) == reference.meaning(rule.benefit.node, rule, facts)


@checks("explained")
@given(rules(), st.integers(0, 2**32))
def test_explanations(rule: Rule, seed: int) -> None:
    matcher = Matcher(rule)
    for facts in companies(rule, seed, ROWS):
        found = matcher.explain(facts)
        assert found.outcome is matcher.outcome(facts)
        for told in found.results:
            assert told.result is reference.meaning(told.condition.node, rule, facts)
            assert [note.leaf.id for note in told.notes] == [leaf.id for leaf in leaves(told.condition.node)]
            _leaves_say_why(rule, facts, told)


def _leaves_say_why(rule: Rule, facts: dict[str, Any], told: Any) -> None:
    for note in told.notes:
        assert note.result is reference.meaning(note.leaf, rule, facts)
        if isinstance(note.leaf, Compare) and note.result is not None:
            assert plain(note.value) == reference.meaning(note.leaf.left, rule, facts)
            assert note.bound == reference.meaning(note.leaf.right, rule, facts)
    roles = {finding.role for finding in told.findings}
    if told.result is True:
        assert not roles & {Role.FAILED}
    if told.result is False:
        assert Role.FAILED in roles
    if told.result is None:
        assert Role.OPEN in roles


@checks("explained", share=4)
@given(rules(), st.integers(0, 2**32))
def test_what_is_missing_is_what_keeps_it_unknown(rule: Rule, seed: int) -> None:
    matcher = Matcher(rule)
    for facts in companies(rule, seed, ROWS):
        found = matcher.explain(facts)
        for told in found.results:
            names = missing([told.condition.node], rule, facts)
            assert set(told.missing) == set(names)
            assert all(facts.get(name) is None for name in names)
            if told.result is not None:
                assert names == ()
            wanting = undefined([told.condition.node], rule, facts)
            for base in wanting:
                value = reference.meaning(base, rule, facts)
                assert value > facts["on"] if isinstance(value, dt.date) else value <= 0
            manual = any(isinstance(leaf, Manual) for leaf in leaves(told.condition.node))
            assert told.result is not None or names or wanting or manual
        assert bool(found.missing) <= (found.outcome is Outcome.UNKNOWN)
