"""Whether a worked example would come out otherwise if a rule were changed in one thing.

Only what the example looks at counts: its outcome, and the scores and amounts that it names. Of a changed
rule only what the change can reach is compiled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from qitong.policies.logic.changes import Change
from qitong.policies.logic.closures import Compiler
from qitong.policies.logic.outcomes import Outcome, judge
from qitong.policies.logic.rule import TOTAL, Rule
from qitong.policies.logic.tree import ScoreOf, Tree, walk

Part = tuple[str, Any]
"""``scope``, ``condition`` and its place, ``scores`` and a name, ``benefit``, ``figures`` and a name."""
BENEFIT: Part = ("benefit", "")
_SCOPE: Part = ("scope", 0)
_JUDGED = ("scope", "condition")


def parts(rule: Rule) -> Iterator[Part]:
    """All that can be looked at besides the outcome."""
    yield from (("scores", score.name) for score in rule.scores)
    if rule.scores:
        yield ("scores", TOTAL)
    yield BENEFIT
    yield from (("figures", figure.name) for figure in rule.figures)


class Reading:
    """A rule's parts, each compiled when it is first asked for."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self._compiler = Compiler(rule)
        self._made: dict[Part, Callable[[Mapping[str, Any]], Any]] = {}

    def of(self, part: Part, facts: Mapping[str, Any]) -> Any:
        if part not in self._made:
            self._made[part] = self._compiled(part)
        return self._made[part](facts)

    def _compiled(self, part: Part) -> Callable[[Mapping[str, Any]], Any]:
        kind, which = part
        if kind == "scope":
            return self._compiler.decide(self.rule.scope)
        if kind == "condition":
            return self._compiler.decide(self.rule.conditions[which].node)
        if kind == "scores":
            return self._compiler.worth(self.rule.score(which))
        if kind == "benefit":
            return self._compiler.worth(self.rule.benefit.node)
        return self._compiler.worth(next(it.node for it in self.rule.figures if it.name == which))


@dataclass
class Case:
    """Facts, and what is looked at besides the outcome; by ``reading`` it comes out right."""

    reading: Reading
    facts: Mapping[str, Any]
    looks: frozenset[Part]
    _came: dict[Part, Any] = field(default_factory=dict)

    def came(self, part: Part) -> Any:
        if part not in self._came:
            self._came[part] = self.reading.of(part, self.facts)
        return self._came[part]

    @cached_property
    def outcome(self) -> Outcome:
        return self.judged({}, self.reading.rule)

    def judged(self, otherwise: Mapping[Part, Any], rule: Rule) -> Outcome:
        """The outcome where some parts come out ``otherwise``; ``rule`` says which a person judges."""
        found = [
            (it.manual, otherwise.get(("condition", n), self.came(("condition", n))))
            for n, it in enumerate(rule.conditions)
        ]
        scope = otherwise.get(_SCOPE, self.came(_SCOPE))
        return judge(scope, [r for manual, r in found if not manual], [r for manual, r in found if manual])


class Changed:
    """A change, ready to be held against cases."""

    def __init__(self, change: Change) -> None:
        self.change = change
        self._reading = Reading(change.changed)
        self._reached = list(_reached(change.rule, change))

    def noticed(self, case: Case) -> bool:
        """Whether what the case looks at comes out otherwise."""
        if self.change.spot.section[0] == "manual":
            return case.judged({}, self.change.changed) is not case.outcome
        otherwise = {}
        for part in self._reached:
            if part[0] in _JUDGED or part in case.looks:
                found = self._reading.of(part, case.facts)
                if found != case.came(part):
                    if part[0] not in _JUDGED:
                        return True
                    otherwise[part] = found
        return bool(otherwise) and case.judged(otherwise, self.change.rule) is not case.outcome


def _reached(rule: Rule, change: Change) -> list[Part]:
    """The parts of a rule that a change can make come out otherwise."""
    kind, index = change.spot.section
    if kind == "applies":
        return [_SCOPE]
    if kind == "conditions":
        return [("condition", index)]
    if kind == "benefit":
        return [BENEFIT]
    if kind == "figures":
        return [("figures", rule.figures[index].name)]
    if kind == "manual":
        return []
    found: list[Part] = [("scores", rule.scores[index].name), ("scores", TOTAL)]
    found += [("condition", n) for n, it in enumerate(rule.conditions) if _scored(it.node)]
    found += [BENEFIT] if _scored(rule.benefit.node) else []
    return found + [("figures", it.name) for it in rule.figures if _scored(it.node)]


def _scored(tree: Tree) -> bool:
    return any(isinstance(part, ScoreOf) for part in walk(tree))


__all__ = ["BENEFIT", "Case", "Changed", "Part", "Reading", "parts"]
