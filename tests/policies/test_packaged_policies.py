"""The policies that come with the program: all there, each right by its examples on both evaluators."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from fractions import Fraction
from typing import Any

import pytest

from qitong.policies.check import check_paths
from qitong.policies.examples import facts, given
from qitong.policies.library import PACKAGED, Entry, Library
from qitong.policies.logic import reference
from qitong.policies.logic.explain import Matcher
from qitong.policies.logic.rule import Rule
from qitong.policies.logic.units import UNITS

ON = dt.date(2026, 11, 23)


@pytest.fixture(scope="module")
def library() -> Library:
    found, problems = check_paths([PACKAGED])
    assert problems == []
    assert found is not None
    return found


def test_there_are_39_and_the_size_table(library: Library) -> None:
    statuses = Counter(entry.policy.status.value for entry in library.entries.values())
    assert statuses == {"active": 21, "verify": 12, "superseded": 3, "expired": 2, "abolished": 1}
    assert library.sizes is not None
    assert len(library.sizes.table.rows) == 16
    assert len(library.in_force(ON)) == 33


def test_every_example_comes_out_as_it_says_on_both_evaluators(library: Library) -> None:
    count = 0
    for entry in library.entries.values():
        for example in entry.policy.examples:
            known = facts(entry.rule, given(entry.policy, example))
            where = (entry.policy.id, example.name)
            assert reference.outcome(entry.rule, known) is example.expect, where
            assert _all(entry.matcher, known) == _by_reference(entry.rule, known), where
            if "benefit" in example.model_fields_set:
                assert _in_unit(entry, _all(entry.matcher, known)[2]) == _exact(example.benefit), where
            for name, points in example.scores.items():
                assert entry.matcher.explain(known).scores[name] == _exact(points), where
            count += 1
    assert count > 900


def test_every_input_that_counts_is_left_out_in_some_example(library: Library) -> None:
    for entry in library.entries.values():
        shown: set[str] = set()
        for example in entry.policy.examples:
            known = given(entry.policy, example)
            shown |= {name for name in entry.rule.asked if known.get(name) is None}
        assert shown >= set(entry.rule.asked) - {"taxable_income_wan"}, entry.policy.id


def test_texts_are_complete_in_both_languages(library: Library) -> None:
    for entry in library.entries.values():
        for spec in entry.rule.fields.values():
            assert spec.question.zh.endswith(("？", "）", "0", "类")), (entry.policy.id, spec.name)
            assert not any("\u4e00" <= letter <= "\u9fff" for letter in spec.question.en + spec.label.en)


def _all(matcher: Matcher, known: dict[str, Any]) -> tuple[Any, ...]:
    found = matcher.explain(known)
    return (found.outcome, found.scores, found.benefit, found.figures)


def _by_reference(rule: Rule, known: dict[str, Any]) -> tuple[Any, ...]:
    names = [*(score.name for score in rule.scores), "total"] if rule.scores else []
    return (
        reference.outcome(rule, known),
        {name: reference.meaning(rule.score(name), rule, known) for name in names},
        reference.meaning(rule.benefit.node, rule, known),
        {figure.name: reference.meaning(figure.node, rule, known) for figure in rule.figures},
    )


def _in_unit(entry: Entry, fen: Any) -> Fraction | None:
    unit = UNITS.get(entry.policy.benefit.unit)
    return None if fen is None else Fraction(fen) / (unit.scale if unit else 1)


def _exact(written: float | None) -> Fraction | None:
    return None if written is None else Fraction(repr(written))
