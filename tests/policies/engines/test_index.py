"""One company against a library by sets: outcomes, what brings most, and the next question, as one by one."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import pytest

from qitong.policies.engines import next_question
from qitong.policies.engines.index import Answer, Index
from qitong.policies.engines.next_question import next_questions
from qitong.policies.logic.explain import Explained, Matcher
from qitong.policies.logic.outcomes import Outcome
from qitong.policies.logic.question import questions
from qitong.policies.logic.rule import Rule
from tests.policies.draw import Draw, companies
from tests.policies.mutants import mutants


def _library(seed: int) -> list[Rule]:
    """Random rules, and many that differ from them in one bound, code or sign."""
    drawn = [Draw(Random(seed + n)).rule() for n in range(6)]
    near = [mutant for rule in drawn for _, mutant in list(mutants(rule))[:12]]
    return [replace(rule, id=f"p{n}") for n, rule in enumerate([*drawn, *near])]


def _companies(rules: list[Rule]) -> list[dict[str, Any]]:
    return [facts for n, rule in enumerate(rules[:6]) for facts in companies(rule, n, 6)]


@pytest.mark.parametrize("few", [next_question.FEW, 0])
@pytest.mark.parametrize("seed", range(0, 60, 20))
def test_a_library_asked_at_once_says_what_each_policy_says(
    seed: int, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(next_question, "FEW", few)
    rules = _library(seed)
    index, matchers = Index(rules), [Matcher(rule) for rule in rules]
    for facts in _companies(rules):
        answer, one_by_one = index.ask(facts), [matcher.explain(facts) for matcher in matchers]
        _same(answer, one_by_one)


def test_policies_come_and_go() -> None:
    rules = _library(100)
    half, facts = len(rules) // 2, _companies(rules)[3]
    index = Index(rules[:half])
    index.ask(facts)
    for rule in rules[half:]:
        index.add(rule)
    _same(index.ask(facts), [Matcher(rule).explain(facts) for rule in rules])
    index.add(replace(rules[0], conditions=rules[1].conditions))
    index.remove(rules[2].id)
    kept = [replace(rules[0], conditions=rules[1].conditions), rules[1], *rules[3:]]
    answer = index.ask(facts)
    found = {rule.id: Matcher(rule).explain(facts).outcome for rule in kept}
    for outcome in Outcome:
        places = getattr(answer, outcome.value)
        assert places.bit_count() == list(found.values()).count(outcome)


def _same(answer: Answer, one_by_one: list[Explained]) -> None:
    assert [answer.outcome(place) for place in range(len(one_by_one))] == [e.outcome for e in one_by_one]
    had = [e for e in one_by_one if e.outcome in (Outcome.ELIGIBLE, Outcome.MANUAL_REVIEW)]
    best = sorted(had, key=lambda found: -(found.benefit or 0))
    assert [found.rule.id for found in answer.top(5)] == [found.rule.id for found in best[:5]]
    right = [(q.fact, len(q.settles), len(q.helps), q.worth) for q in questions(one_by_one)]
    assert [(q.fact, q.settles, q.helps, q.worth) for q in next_questions(answer)] == right
