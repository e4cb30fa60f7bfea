"""One company against one policy: the outcome, and why. Compiled once, asked often.

``Matcher(rule).explain(facts)`` decides at once and notes every leaf; roles, gaps, what is missing and the
words are made when they are looked at, so that a list of outcomes does not pay for a page of reasons.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from qitong.kernel.words import Sentence
from qitong.policies.logic import gaps, wording
from qitong.policies.logic.closures import Compiler, Facts, Note, Tell, Worth, plain
from qitong.policies.logic.gaps import INVERSE, Gap
from qitong.policies.logic.missing import missing, undefined
from qitong.policies.logic.outcomes import Outcome, judge
from qitong.policies.logic.roles import Role, role_of, roles
from qitong.policies.logic.rule import TOTAL, Condition, Rule
from qitong.policies.logic.tree import (
    LEAVES,
    Bands,
    Choose,
    Compare,
    Leaf,
    Least,
    Most,
    Not,
    ScoreOf,
    Tree,
    leaves,
    names,
    walk,
)
from qitong.policies.logic.units import Number, normal

_RANK = {Role.FAILED: 0, Role.OPEN: 1, Role.MET: 2, Role.BESIDE: 3}
_OPEN_RANK = {Role.OPEN: 0, Role.FAILED: 1, Role.MET: 2, Role.BESIDE: 3}
_HANGING = (Choose, Least, Most, Bands, ScoreOf)
"""What can be known although a fact in it is missing, so that not all of its facts need be asked."""
Needs = Callable[[Facts], tuple[str, ...]]


class Finding:
    """What came of one leaf. ``wanted``: the result its condition needs (False under NOT)."""

    __slots__ = ("_facts", "_needs", "_rule", "bound", "leaf", "result", "role", "value", "wanted")

    def __init__(self, told: Told, note: Note, needs: Needs, *, role: Role, wanted: bool) -> None:
        self.leaf: Leaf = note.leaf
        self.result = note.result
        self.value: Any = plain(note.value)
        self.bound: Any = plain(note.bound)
        self.role = role
        self.wanted = wanted
        self._rule = told.rule
        self._facts = told.facts
        self._needs = needs

    @property
    def missing(self) -> tuple[str, ...]:
        """The facts that keep this leaf unknown."""
        return self._needs(self._facts) if self.result is None else ()

    @property
    def gap(self) -> Gap | None:
        """How much is lacking; of a comparison that fails and counts."""
        if self.role is not Role.FAILED or not isinstance(self.leaf, Compare):
            return None
        op = self.leaf.op if self.wanted else INVERSE[self.leaf.op]
        return gaps.gap(self.leaf, op, self._rule, self._facts)

    @property
    def says(self) -> Sentence:
        """What is asked and what is there, with what is lacking or missing."""
        if self.result is None:
            return wording.unknown(self.leaf, self.missing, self.wanted, self._rule)
        return wording.actual(
            self.leaf, self.value, self.bound, wanted=self.wanted, gap=self.gap, rule=self._rule
        )


class _Plan:
    """What is known of a condition before any company: how to tell it, and what each leaf needs."""

    __slots__ = ("condition", "needs", "single", "tell", "wanted")

    def __init__(self, rule: Rule, condition: Condition, tell: Tell) -> None:
        node = condition.node
        self.condition = condition
        self.tell = tell
        self.needs = tuple(_needs(rule, leaf) for leaf in leaves(node))
        self.single = isinstance(node, LEAVES) or (isinstance(node, Not) and isinstance(node.part, LEAVES))
        self.wanted = not isinstance(node, Not)


def _needs(rule: Rule, leaf: Leaf) -> Needs:
    """A function of the facts that names those a leaf lacks, when it is unknown."""
    if isinstance(leaf, Compare) and any(isinstance(part, _HANGING) for part in walk(leaf)):
        return lambda facts: missing([leaf], rule, facts)
    asked = names(leaf)
    return lambda facts: tuple(name for name in asked if facts.get(name) is None)


class Told:
    """A condition with its result and the notes of its leaves."""

    __slots__ = ("_findings", "_plan", "condition", "facts", "notes", "result", "rule")

    def __init__(self, rule: Rule, facts: Facts, plan: _Plan) -> None:
        notes: list[Note] = []
        self.rule = rule
        self.facts = facts
        self.condition = plan.condition
        self.result = plan.tell(facts, notes)
        self.notes = notes
        self._plan = plan
        self._findings: list[Finding] | None = None

    @property
    def findings(self) -> list[Finding]:
        """One for each leaf, in the order written."""
        if self._findings is None:
            pairs = self._roles()
            self._findings = [
                Finding(self, note, needs, role=role, wanted=wanted)
                for note, needs, (role, wanted) in zip(self.notes, self._plan.needs, pairs, strict=True)
            ]
        return self._findings

    def _roles(self) -> list[tuple[Role, bool]]:
        if self._plan.single:
            return [(role_of(self.notes[0].result, self._plan.wanted), self._plan.wanted)]
        return roles(self.condition.node, self.notes)

    @property
    def leading(self) -> Finding:
        """The leaf that says most: the first that fails, else is met; of what is unknown an open one."""
        ranks = _OPEN_RANK if self.result is None else _RANK
        return min(self.findings, key=lambda finding: ranks[finding.role])

    @property
    def missing(self) -> tuple[str, ...]:
        """The facts that could settle the condition; empty when it is settled."""
        if self.result is not None:
            return ()
        return _once(name for found in self.findings if found.role is Role.OPEN for name in found.missing)

    @property
    def undefined(self) -> tuple[Tree, ...]:
        """Bases of shares that are zero or less, so that the condition stays unknown."""
        return () if self.result is not None else undefined([self.condition.node], self.rule, self.facts)


class Explained:
    """The answer for one company and one policy."""

    __slots__ = ("_matcher", "_missing", "applies", "facts", "outcome", "results", "rule")

    def __init__(self, matcher: Matcher, facts: Facts, applies: bool | None, results: list[Told]) -> None:
        self.rule = matcher.rule
        self.facts = facts
        self._matcher = matcher
        self._missing: tuple[str, ...] | None = None
        self.applies = applies
        self.results = results
        hard = [told.result for told in results if not told.condition.manual]
        manual = [told.result for told in results if told.condition.manual]
        self.outcome: Outcome = judge(applies, hard, manual)

    @property
    def scores(self) -> dict[str, Number | None]:
        """Every score, and the total; empty when the policy has none."""
        return {name: _worth(worth, self.facts) for name, worth in self._matcher.scores.items()}

    def score_parts(self, name: str) -> list[tuple[Tree, Number | None]]:
        """The parts of a score, each with its points: what is added, or what the best is taken from."""
        score = next(score for score in self.rule.scores if score.name == name)
        compiler = Compiler(self.rule)
        return [(part, _worth(compiler.worth(part), self.facts)) for part in score.parts]

    @property
    def benefit(self) -> Number | None:
        """What it brings if granted, in 分 and exact. None: a fact is missing."""
        return _worth(self._matcher.benefit, self.facts)

    @property
    def figures(self) -> dict[str, Number | None]:
        """The policy's further amounts, in 分."""
        return {name: _worth(worth, self.facts) for name, worth in self._matcher.figures.items()}

    @property
    def benefit_missing(self) -> tuple[str, ...]:
        """The facts that keep the benefit unknown."""
        return missing([self.rule.benefit.node], self.rule, self.facts)

    @property
    def missing(self) -> tuple[str, ...]:
        """Facts that could settle the outcome; empty when it is settled, or a person's turn."""
        if self._missing is None:
            self._missing = self._lacking()
        return self._missing

    def _lacking(self) -> tuple[str, ...]:
        if self.outcome is not Outcome.UNKNOWN:
            return ()
        scope = missing([self.rule.scope], self.rule, self.facts) if self.applies is None else ()
        hard = (told.missing for told in self.results if not told.condition.manual)
        return _once([*scope, *(name for each in hard for name in each)])

    @property
    def undefined(self) -> tuple[Tree, ...]:
        """What nobody can answer: bases of shares that are zero or less, and days still to come."""
        if self.outcome is not Outcome.UNKNOWN:
            return ()
        hard = [told.condition.node for told in self.results if not told.condition.manual]
        return undefined([self.rule.scope, *hard], self.rule, self.facts)


def _once(found: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))


def _worth(worth: Worth, facts: Facts) -> Number | None:
    found: Number | None = worth(facts)
    return None if found is None else normal(found)


class Matcher:
    """A rule compiled for one company at a time."""

    def __init__(self, rule: Rule) -> None:
        compiler = Compiler(rule)
        self.rule = rule
        self._applies = compiler.decide(rule.scope)
        self._decide = [(condition.manual, compiler.decide(condition.node)) for condition in rule.conditions]
        self._plans = [_Plan(rule, each, compiler.tell(each.node)) for each in rule.conditions]
        score_names = [*(score.name for score in rule.scores), TOTAL] if rule.scores else []
        self.scores = {name: compiler.worth(rule.score(name)) for name in score_names}
        self.benefit = compiler.worth(rule.benefit.node)
        self.figures = {figure.name: compiler.worth(figure.node) for figure in rule.figures}

    def outcome(self, facts: Mapping[str, Any]) -> Outcome:
        """Only the outcome, as fast as it can be told."""
        hard = [decide(facts) for manual, decide in self._decide if not manual]
        return judge(self._applies(facts), hard, [decide(facts) for manual, decide in self._decide if manual])

    def explain(self, facts: Mapping[str, Any]) -> Explained:
        results = [Told(self.rule, facts, plan) for plan in self._plans]
        return Explained(self, facts, self._applies(facts), results)
