"""Every rule that differs from a given one in one small thing: a bound, an operator, a code, a join."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from math import gcd
from typing import Any

from qitong.policies.logic.rule import Rule
from qitong.policies.logic.tree import (
    LEAVES,
    AllOf,
    AnyOf,
    Arith,
    AtLeast,
    Bands,
    Choose,
    Compare,
    Field,
    Holds,
    Is,
    Least,
    Most,
    Not,
    Num,
    Op,
    ScoreOf,
    Sum,
    children,
    walk,
)
from qitong.policies.logic.units import Kind, Number, normal

Mutant = tuple[str, Rule]

_OPS = {
    Op.AT_LEAST: (Op.MORE, Op.AT_MOST),
    Op.MORE: (Op.AT_LEAST, Op.LESS),
    Op.AT_MOST: (Op.LESS, Op.AT_LEAST),
    Op.LESS: (Op.AT_MOST, Op.MORE),
    Op.EQUAL: (Op.UNEQUAL,),
    Op.UNEQUAL: (Op.EQUAL,),
}
_ARITH = {Sum.ADD: Sum.SUB, Sum.SUB: Sum.ADD, Sum.MUL: Sum.DIV, Sum.DIV: Sum.MUL}


def mutants(rule: Rule) -> Iterator[Mutant]:
    """All of them, each with a name that says what was changed."""
    changed = _Changed(rule)
    for index, condition in enumerate(rule.conditions):
        for name, node in changed.of(condition.node, None):
            yield f"{condition.id}: {name}", _with(rule, "conditions", index, replace(condition, node=node))
        other = replace(condition, manual=not condition.manual)
        yield f"{condition.id}: manual", _with(rule, "conditions", index, other)
    for index, score in enumerate(rule.scores):
        for place, part in enumerate(score.parts):
            for name, node in changed.of(part, Kind.POINTS):
                parts = (*score.parts[:place], node, *score.parts[place + 1 :])
                yield f"{score.name}: {name}", _with(rule, "scores", index, replace(score, parts=parts))
        if len(score.parts) > 1:
            yield f"{score.name}: best", _with(rule, "scores", index, replace(score, best=not score.best))
    for name, node in changed.of(rule.benefit.node, Kind.MONEY):
        yield f"benefit: {name}", replace(rule, benefit=replace(rule.benefit, node=node))
    for index, figure in enumerate(rule.figures):
        for name, node in changed.of(figure.node, Kind.MONEY):
            yield f"{figure.name}: {name}", _with(rule, "figures", index, replace(figure, node=node))


def _with(rule: Rule, section: str, index: int, thing: object) -> Rule:
    things = getattr(rule, section)
    changed: dict[str, Any] = {section: (*things[:index], thing, *things[index + 1 :])}
    return replace(rule, **changed)


class _Changed:
    def __init__(self, rule: Rule) -> None:
        self._rule = rule

    def of(  # noqa: C901  one loop a shape of node
        self, tree: Any, kind: Kind | None, grain: Number | None = None
    ) -> Iterator[tuple[str, Any]]:
        """``tree`` with one change anywhere in it; ``kind``: what its bare constants are measured in."""
        yield from self._here(tree, kind, grain)
        if isinstance(tree, Compare):
            own = self._grain(tree)
            for side in ("left", "right"):
                for name, node in self.of(getattr(tree, side), tree.kind, own):
                    yield name, replace(tree, **{side: node})
            return
        for field in ("left", "right", "measure", "test", "then", "other", "part", "start"):
            below = getattr(tree, field, None)
            if below is not None and hasattr(below, "__dataclass_fields__"):
                inner = None if isinstance(tree, Arith) and tree.op in (Sum.MUL, Sum.DIV) else kind
                for name, node in self.of(below, inner, grain):
                    if field != "other" or name not in _asked_before(tree):
                        yield name, replace(tree, **{field: node})
        if isinstance(tree, AllOf | AnyOf | AtLeast | Least | Most):
            for index, part in enumerate(tree.parts):
                for name, node in self.of(part, kind, grain):
                    parts: Any = (*tree.parts[:index], node, *tree.parts[index + 1 :])
                    yield name, replace(tree, parts=parts)

    def _here(  # noqa: C901, PLR0912  one case a node
        self, tree: Any, kind: Kind | None, grain: Number | None
    ) -> Iterator[tuple[str, Any]]:
        match tree:
            case Num(value):
                step = grain or self._step(kind, value)
                for sign in (1, -1):
                    yield (
                        f"{value}{'+' if sign > 0 else '-'}{step}",
                        Num(normal(value + sign * Fraction(step))),
                    )
            case Compare(op):
                for other in _OPS[op]:
                    yield f"{op}→{other}", replace(tree, op=other)
            case Holds(name):
                yield f"not {name}", Not(tree)
            case Is(name, codes):
                for code, _ in self._rule.fields[name].codes or [(code, None) for code in codes]:
                    yield f"{name}±{code}", replace(tree, codes=tuple(sorted(set(codes) ^ {code})))
            case AllOf(parts) | AnyOf(parts):
                yield "and↔or", AnyOf(parts) if isinstance(tree, AllOf) else AllOf(parts)
            case Not(part):
                yield "not dropped", part
            case Choose(test, then, other):
                yield "branches swapped", Choose(test, other, then)
            case Least(parts) | Most(parts):
                yield "min↔max", Most(parts) if isinstance(tree, Least) else Least(parts)
            case Arith(op, left, right) if op in (Sum.ADD, Sum.SUB) or Num(1) not in (left, right):
                yield f"{op}→{_ARITH[op]}", Arith(_ARITH[op], left, right)
            case Bands():
                yield from self._bands(tree)

    def _bands(self, tree: Bands) -> Iterator[tuple[str, Bands]]:
        step = Fraction(self._measured(tree.measure, tree.kind))
        for index, (bound, points) in enumerate(tree.steps):
            for changed in ((bound + step, points), (bound - step, points), (bound, points + 1)):
                steps = (*tree.steps[:index], changed, *tree.steps[index + 1 :])
                yield f"band {bound}:{points}→{changed}", replace(tree, steps=steps)
        yield "below+1", replace(tree, otherwise=tree.otherwise + 1)

    def _grain(self, leaf: Compare) -> Number:
        """The smallest step by which the compared value can differ from its bound."""
        scores = [part for part in walk(leaf.left) if isinstance(part, ScoreOf)]
        return self._points(scores[0]) if scores else self._measured(leaf.left, leaf.kind)

    def _measured(self, node: Any, kind: Kind) -> Number:
        if isinstance(node, Field):
            return Fraction(1, self._rule.fields[node.name].grain)
        return self._step(kind, 0)

    def _points(self, score: ScoreOf) -> Number:
        """What all points of a score have in common."""
        names = [s.name for s in self._rule.scores] if score.name == "total" else [score.name]
        found = [points for name in names for points in _points(self._rule.score(name))]
        return max(1, gcd(*found))

    @staticmethod
    def _step(kind: Kind | None, value: Number) -> Number:
        if kind is Kind.RATIO or (kind is None and -2 <= value <= 2):
            return Fraction(1, 10**6)
        return Fraction(1, 100) if kind in (Kind.YEARS, Kind.AREA) else 1


def _asked_before(tree: Any) -> set[str]:
    """Changes to a later test of a chain that only concern a code which an earlier one has taken."""
    test = getattr(tree, "test", None)
    return {f"{test.name}±{code}" for code in test.codes} if isinstance(test, Is) else set()


def _points(tree: Any) -> Iterator[int]:
    if isinstance(tree, Bands):
        yield from (int(points) for _, points in tree.steps)
    elif isinstance(tree, Num):
        yield int(tree.value)
    elif not isinstance(tree, LEAVES):
        for part in children(tree):
            yield from _points(part)
