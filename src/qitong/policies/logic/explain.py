"""One company against one policy: the outcome, and why. Compiled once, asked often.

``Matcher(rule).explain(facts)`` decides at once and notes every leaf; words, gaps and what is missing are
made when they are looked at, so that a page of a few policies does not pay for all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from qitong.kernel.words import Sentence
from qitong.policies.logic import gaps, wording
from qitong.policies.logic.closures import Compiler, Facts, Note, Worth, plain
from qitong.policies.logic.gaps import INVERSE, Gap
from qitong.policies.logic.missing import missing, undefined
from qitong.policies.logic.outcomes import Outcome, judge
from qitong.policies.logic.roles import Role, roles
from qitong.policies.logic.rule import TOTAL, Condition, Rule
from qitong.policies.logic.tree import Compare, Leaf, Tree
from qitong.policies.logic.units import Number, normal

_RANK = {Role.FAILED: 0, Role.OPEN: 1, Role.MET: 2, Role.BESIDE: 3}


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of one leaf. ``wanted``: the result its condition needs (False under NOT)."""

    leaf: Leaf
    result: bool | None
    value: Any
    bound: Any
    role: Role
    wanted: bool
    missing: tuple[str, ...]
    gap: Gap | None
    says: Sentence


class Explained:
    """The answer for one company and one policy."""

    __slots__ = ("__dict__", "_matcher", "applies", "facts", "outcome", "results", "rule")

    def __init__(self, matcher: Matcher, facts: Facts, applies: bool | None, results: list[Told]) -> None:
        self.rule = matcher.rule
        self.facts = facts
        self._matcher = matcher
        self.applies = applies
        self.results = results
        hard = [told.result for told in results if not told.condition.manual]
        manual = [told.result for told in results if told.condition.manual]
        self.outcome: Outcome = judge(applies, hard, manual)

    @cached_property
    def scores(self) -> dict[str, Number | None]:
        """Every score, and the total; empty when the policy has none."""
        return {name: _worth(worth, self.facts) for name, worth in self._matcher.scores.items()}

    def score_parts(self, name: str) -> list[tuple[Tree, Number | None]]:
        """The parts of a score, each with its points: what is added, or what the best is taken from."""
        score = next(score for score in self.rule.scores if score.name == name)
        compiler = Compiler(self.rule)
        return [(part, _worth(compiler.worth(part), self.facts)) for part in score.parts]

    @cached_property
    def benefit(self) -> Number | None:
        """What it brings if granted, in 分 and exact. None: a fact is missing."""
        return _worth(self._matcher.benefit, self.facts)

    @property
    def figures(self) -> dict[str, Number | None]:
        return {name: _worth(worth, self.facts) for name, worth in self._matcher.figures.items()}

    @property
    def benefit_missing(self) -> tuple[str, ...]:
        return missing([self.rule.benefit.node], self.rule, self.facts)

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """Facts that could settle the outcome; empty when it is settled, or a person's turn."""
        if self.outcome is not Outcome.UNKNOWN:
            return ()
        trees = [
            self.rule.applies,
            *(told.condition.node for told in self.results if not told.condition.manual),
        ]
        return missing(trees, self.rule, self.facts)


def _worth(worth: Worth, facts: Facts) -> Number | None:
    found: Number | None = worth(facts)
    return None if found is None else normal(found)


class Told:
    """A condition with its result and the notes of its leaves."""

    __slots__ = ("__dict__", "condition", "facts", "notes", "result", "rule")

    def __init__(
        self, rule: Rule, facts: Facts, condition: Condition, result: bool | None, notes: list[Note]
    ) -> None:
        self.rule = rule
        self.facts = facts
        self.condition = condition
        self.result = result
        self.notes = notes

    @cached_property
    def missing(self) -> tuple[str, ...]:
        return missing([self.condition.node], self.rule, self.facts)

    @cached_property
    def undefined(self) -> tuple[Tree, ...]:
        """Bases of shares that are zero or less, so that the condition stays unknown."""
        return undefined([self.condition.node], self.rule, self.facts)

    @cached_property
    def findings(self) -> list[Finding]:
        pairs = zip(self.notes, roles(self.condition.node, self.notes), strict=True)
        return [self._finding(note, role, wanted) for note, (role, wanted) in pairs]

    @property
    def leading(self) -> Finding:
        """The leaf that says most: the first that fails, else is open, else is met."""
        return min(self.findings, key=lambda finding: _RANK[finding.role])

    def _finding(self, note: Note, role: Role, wanted: bool) -> Finding:
        leaf, value, bound = note.leaf, plain(note.value), plain(note.bound)
        lacking, gap = missing([leaf], self.rule, self.facts), None
        if isinstance(leaf, Compare) and role is Role.FAILED:
            gap = gaps.gap(leaf, leaf.op if wanted else INVERSE[leaf.op], self.rule, self.facts)
        if note.result is None:
            says = wording.unknown(leaf, lacking, wanted, self.rule)
        else:
            says = wording.actual(leaf, value, bound, wanted=wanted, gap=gap, rule=self.rule)
        return Finding(leaf, note.result, value, bound, role, wanted, lacking, gap, says)


class Matcher:
    """A rule compiled for one company at a time."""

    def __init__(self, rule: Rule) -> None:
        compiler = Compiler(rule)
        self.rule = rule
        self._applies = compiler.decide(rule.applies)
        self._decide = [(condition.manual, compiler.decide(condition.node)) for condition in rule.conditions]
        self._tell = [(condition, compiler.tell(condition.node)) for condition in rule.conditions]
        names = [*(score.name for score in rule.scores), TOTAL] if rule.scores else []
        self.scores = {name: compiler.worth(rule.score(name)) for name in names}
        self.benefit = compiler.worth(rule.benefit.node)
        self.figures = {figure.name: compiler.worth(figure.node) for figure in rule.figures}

    def outcome(self, facts: Mapping[str, Any]) -> Outcome:
        """Only the outcome, as fast as it can be told."""
        hard = [decide(facts) for manual, decide in self._decide if not manual]
        return judge(self._applies(facts), hard, [decide(facts) for manual, decide in self._decide if manual])

    def explain(self, facts: Mapping[str, Any]) -> Explained:
        results = []
        for condition, tell in self._tell:
            notes: list[Note] = []
            results.append(Told(self.rule, facts, condition, tell(facts, notes), notes))
        return Explained(self, facts, self._applies(facts), results)
