"""A reader who knows of each sentence whether it is true comes to what the rule says."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from qitong.kernel.words import Sentence
from qitong.policies.logic import wording
from qitong.policies.logic.asked import Line, lines, phrase
from qitong.policies.logic.rule import Rule
from qitong.policies.logic.tree import (
    LEAVES,
    AllOf,
    AnyOf,
    AtLeast,
    Choose,
    Compare,
    Leaf,
    Manual,
    Node,
    Not,
    Truth,
    walk,
)
from tests.policies.draw import rules


class World:
    """What is true: decided once for each sentence, the same sentence always alike."""

    def __init__(self, rule: Rule, seed: int) -> None:
        self.rule, self._random = rule, Random(seed)
        self.told: dict[str, bool] = {}
        self.tests: dict[str, bool] = {}
        self.torn = False
        """Two tests are said alike and come out differently: such a world cannot be told in words."""

    def leaf(self, leaf: Leaf) -> bool:
        yes, no = (str(wording.required(leaf, wanted, self.rule)) for wanted in (True, False))
        if yes not in self.told:
            value = leaf.value if isinstance(leaf, Truth) else bool(self._random.getrandbits(1))
            self.told[yes], self.told[no] = value, not value
        return self.told[yes]

    def holds(self, node: Node) -> bool:  # noqa: PLR0911  one return a node
        match node:
            case Not(part):
                return not self.holds(part)
            case AllOf(parts):
                results = [self.holds(part) for part in parts]
                return all(results)
            case AnyOf(parts):
                results = [self.holds(part) for part in parts]  # all are asked: each is decided once
                return any(results)
            case AtLeast(count, parts):
                return sum([self.holds(part) for part in parts]) >= count
            case Choose(test, then, other):
                first, second, third = self.holds(test), self.holds(then), self.holds(other)
                text = str(phrase(test, self.rule))
                self.torn |= self.tests.setdefault(text, first) is not first
                return second if first else third
            case Compare(_, _, Choose(test, then, other)):
                return self.holds(Choose(test, replace(node, right=then), replace(node, right=other)))
        assert isinstance(node, LEAVES)
        return self.leaf(node)

    def reads(self, line: Line) -> bool:
        """What somebody makes of a line who reads only its words."""
        if not line.below:
            return self.told[str(line.says)]
        match line.says.text:
            case "以下各项同时符合：":
                return all(self.reads(part) for part in line.below)
            case "以下各项符合一项即可：":
                return any(self.reads(part) for part in line.below)
            case "以下各项至少符合{n}项：":
                return sum(self.reads(part) for part in line.below) >= _n(line)
            case "以下各项符合的应少于{n}项：":
                return sum(self.reads(part) for part in line.below) < _n(line)
        assert line.says.text == "按情形："
        return self._case(line.below)

    def _case(self, cases: tuple[Line, ...]) -> bool:
        for case in cases:
            when = case.says.params.get("when")
            if isinstance(when, Sentence) and not self.tests[str(when)]:
                continue
            asked = case.says.params.get("asked")
            if isinstance(asked, Sentence):
                return self.told[str(asked)]
            return all(self.reads(part) for part in case.below)
        raise AssertionError("no case is left for the others")


def _n(line: Line) -> int:
    count = line.says.params["n"]
    assert isinstance(count, int)
    return count


@settings(deadline=None)
@given(rules(), st.integers(0, 10**6), st.booleans())
def test_sentences_mean_what_the_rule_means(rule: Rule, seed: int, wanted: bool) -> None:
    for condition in rule.conditions:
        if any(isinstance(part, Manual) for part in walk(condition.node)):
            continue  # what a person judges is said alike either way
        found = lines(condition.node, rule, wanted=wanted)
        for world in (World(rule, seed + n) for n in range(8)):
            means = world.holds(condition.node)
            if not world.torn:
                assert all(world.reads(line) for line in found) is (means is wanted), str(found)
