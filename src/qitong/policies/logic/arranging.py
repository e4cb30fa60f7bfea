"""Facts for which a part of a rule comes out as wanted, found from facts that are there already.

What is compared is solved for one fact at a time, as on paper: which sales make the share exactly 5 %?
Whatever is found is tried before it is used, so a guess that misses only costs a try.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import islice
from math import ceil, floor
from typing import Any

from qitong.policies.logic.closures import Compiler
from qitong.policies.logic.rule import FieldSpec, Rule
from qitong.policies.logic.tree import (
    LEAVES,
    AllOf,
    AnyOf,
    Arith,
    AtLeast,
    Bands,
    Choose,
    Compare,
    Day,
    Field,
    Has,
    Holds,
    Is,
    Least,
    Most,
    Not,
    Prefix,
    ScoreOf,
    Since,
    Sum,
    Tree,
    children,
)
from qitong.policies.logic.units import Kind, normal

Facts = Mapping[str, Any]
Wish = tuple[Tree, Any]
"""A part of a rule, and what it should come to."""
WAYS = 4
"""Ways tried to bring one leaf about, each with another fact or value."""
TRIES = 400
"""Parts that may be brought about, in vain or not, until a change is given up."""


class Arranger:
    """``seen``: for each fact the values that examples give it."""

    def __init__(self, rule: Rule, seen: Mapping[str, Sequence[Any]]) -> None:
        self._rule = rule
        self._seen = seen
        self._left = 0
        self._compiler = Compiler(rule)
        self._compiled: dict[int, tuple[Tree, Callable[[Facts], Any]]] = {}
        self._written: dict[int, tuple[Tree, list[Tree]]] = {}
        self._names: dict[int, list[str]] = {}

    def begin(self) -> None:
        """Before all that is arranged for one change."""
        self._left = TRIES

    def whole(self, facts: Facts) -> dict[str, Any]:
        """The facts with something in place of all that is missing."""
        return {name: self._filled(name, facts.get(name)) for name in self._rule.fields} | {
            name: value for name, value in facts.items() if name not in self._rule.fields
        }

    def _filled(self, name: str, value: Any) -> Any:
        if value is not None:
            return value
        known = [it for it in self._seen.get(name, ()) if it is not None]
        return known[0] if known else _default(self._rule.fields[name])

    def names(self, trees: Iterable[Tree]) -> list[str]:
        """The facts in them, those of their scores included, each once."""
        return list(dict.fromkeys(name for tree in trees for name in self._named(tree)))

    def _named(self, tree: Tree) -> list[str]:
        parts = self._parts(tree)
        if id(tree) not in self._names:
            found = (part.name for part in parts if isinstance(part, Field | Is | Has | Prefix | Holds))
            self._names[id(tree)] = list(dict.fromkeys(found))
        return self._names[id(tree)]

    def values(self, name: str, trees: Iterable[Tree], facts: Facts) -> list[Any]:
        """What a fact might be where the trees come out now one way, now another; the nearest edges first."""
        spec = self._rule.fields[name]
        parts = [part for tree in trees for part in self._parts(tree)]
        match spec.kind:
            case Kind.BOOL:
                found: list[Any] = [True, False]
            case Kind.CODE:
                found = [code for code, _ in spec.codes] or self._open_codes(name, parts)
            case Kind.CODES:
                held = facts.get(name) or frozenset()
                codes = [code for code, _ in spec.codes]
                codes += [part.code for part in parts if isinstance(part, Has) and part.name == name]
                found = [held ^ {code} for code in dict.fromkeys(codes)]
            case Kind.DATE:
                found = list(self._days(name, parts, facts))
            case _:
                found = list(self._numbers(spec, parts, facts))
        found += [value for value in self._seen.get(name, ()) if value is not None]
        return list(dict.fromkeys(found))

    def arranged(
        self, wishes: Sequence[Wish], facts: Facts, kept: frozenset[str]
    ) -> Iterator[dict[str, Any]]:
        """Facts by which every wish comes true, those of ``kept`` as they are; the first ways found."""
        yield from islice(self._all(list(wishes), dict(facts), kept), WAYS)

    def extreme(self, tree: Tree, facts: Facts, kept: frozenset[str], *, most: bool) -> dict[str, Any]:
        """Facts by which a number is as large as one fact after the other can make it, or as small."""
        found = dict(facts)
        for name in self.names([tree]):
            if name not in kept:
                tried = [found, *({**found, name: value} for value in self.values(name, [tree], found))]
                worths = [(self.worth(tree, it), it) for it in tried]
                known = [pair for pair in worths if isinstance(pair[0], int | Fraction)]
                pick = max if most else min
                found = pick(known, key=lambda pair: pair[0])[1] if known else found
        return found

    def worth(self, tree: Any, facts: Facts) -> Any:
        """What a part of the rule comes to: compiled once, and kept with it."""
        if id(tree) not in self._compiled:
            made = self._compiler.decide if self._is_truth(tree) else self._compiler.worth
            self._compiled[id(tree)] = (tree, made(tree))
        return self._compiled[id(tree)][1](facts)

    def _is_truth(self, tree: Any) -> bool:
        while isinstance(tree, Choose):
            tree = tree.then
        return isinstance(tree, (*LEAVES, AllOf, AnyOf, Not, AtLeast))

    # ---- bringing about

    def _all(
        self, wishes: list[Wish], facts: dict[str, Any], kept: frozenset[str]
    ) -> Iterator[dict[str, Any]]:
        if not wishes:
            yield facts
            return
        (node, want), *rest = wishes
        for found, touched in self._one(node, want, facts, kept):
            # What this wish rests on stays, so that a later one cannot undo it.
            yield from self._all(rest, found, kept | touched)

    def _one(
        self, node: Tree, want: Any, facts: dict[str, Any], kept: frozenset[str]
    ) -> Iterator[tuple[dict[str, Any], frozenset[str]]]:
        """Facts by which a condition comes to ``want``, and the facts that were changed for it."""
        if self.worth(node, facts) is want:
            yield facts, frozenset()
            return
        self._left -= 1
        if self._left < 0:
            return
        for found in islice(self._brought(node, want, facts, kept), WAYS):
            if self.worth(node, found) is want:
                yield found, frozenset(name for name in found if found[name] != facts.get(name))

    def _brought(  # noqa: C901  one case a node
        self, node: Tree, want: Any, facts: dict[str, Any], kept: frozenset[str]
    ) -> Iterator[dict[str, Any]]:
        match node:
            case Not(part):
                yield from self._all([(part, not want)], facts, kept)
            case AllOf(parts) | AnyOf(parts):
                if want is isinstance(node, AllOf):
                    yield from self._all([(part, want) for part in parts], facts, kept)
                else:
                    for part in parts:
                        yield from self._all([(part, want)], facts, kept)
            case AtLeast(count, parts):
                wanted = count if want else len(parts) - count + 1
                for first in range(len(parts)):
                    some = [parts[(first + n) % len(parts)] for n in range(wanted)]
                    yield from self._all([(part, want) for part in some], facts, kept)
            case Choose(test, then, other):
                yield from self._all([(test, True), (then, want)], facts, kept)
                yield from self._all([(test, False), (other, want)], facts, kept)
            case _ if isinstance(node, LEAVES):
                for name in self.names([node]):
                    if name not in kept:
                        tried = ({**facts, name: value} for value in self.values(name, [node], facts))
                        yield from (it for it in tried if self.worth(node, it) is want)
                if isinstance(node, Compare) and not isinstance(node.right, Day):
                    yield from (self.extreme(node.left, facts, kept, most=most) for most in (True, False))

    # ---- edges

    def _parts(self, tree: Tree) -> list[Tree]:
        """All of a tree, kept with it, so that no other comes to have the same number while it is known."""
        if id(tree) not in self._written:
            self._written[id(tree)] = (tree, list(self._walk(tree)))
        return self._written[id(tree)][1]

    def _walk(self, tree: Tree) -> Iterator[Tree]:
        """The tree, its scores written out."""
        yield tree
        for part in (self._rule.score(tree.name),) if isinstance(tree, ScoreOf) else children(tree):
            yield from self._walk(part)

    def _open_codes(self, name: str, parts: Iterable[Tree]) -> list[str]:
        """Of a code that may be anything: those spoken of, and one that nobody speaks of."""
        found: list[str] = []
        for part in parts:
            if isinstance(part, Is | Prefix) and part.name == name:
                found += part.codes if isinstance(part, Is) else part.prefixes
        return [*dict.fromkeys(found), "other"]

    def _days(self, name: str, parts: Iterable[Tree], facts: Facts) -> Iterator[dt.date]:
        for part in parts:
            if isinstance(part, Compare) and self.names([part]) == [name]:
                for side, other in ((part.left, part.right), (part.right, part.left)):
                    edge = self._day(side, self.worth(other, facts), facts)
                    if edge is not None:
                        yield from (edge, edge - dt.timedelta(days=1), edge + dt.timedelta(days=1))

    def _day(self, side: Tree, to: Any, facts: Facts) -> dt.date | None:
        """The day on which a side of a comparison is ``to``, a day or so many months or years."""
        if isinstance(side, Field) and isinstance(to, dt.date):
            return to
        if isinstance(side, Since) and isinstance(to, int | Fraction) and "on" in facts:
            on: dt.date = facts["on"]
            months = floor(to * (12 if side.unit is Kind.YEARS else 1))
            year, month = divmod(on.year * 12 + on.month - 1 - months, 12)
            return dt.date(year, month + 1, min(on.day, 28)) if year > 0 else None
        return None

    def _numbers(self, spec: FieldSpec, parts: Iterable[Tree], facts: Facts) -> Iterator[Any]:
        edges = (edge for part in parts for edge in self._edges(part, spec.name, facts))
        # What is only reckoned with has no edge; that it is not nothing shows by what it is multiplied.
        for edge in dict.fromkeys((*edges, _default(spec))):
            exact = Fraction(edge) * spec.grain
            for step in dict.fromkeys((ceil(exact), floor(exact), floor(exact) - 1, ceil(exact) + 1)):
                value = normal(Fraction(step, spec.grain))
                if spec.least <= value <= spec.most:
                    yield value

    def _edges(self, part: Tree, name: str, facts: Facts) -> Iterator[Any]:
        """Where the fact would bring a comparison, a table or a least of several to its edge."""
        match part:
            case Compare(_, left, right) if not isinstance(right, Day):
                yield from self._meet([left, right], name, facts)
            case Bands(measure, steps):
                for bound, _ in steps:
                    yield from self._solved(measure, bound, name, facts)
            case Least(of) | Most(of):
                yield from self._meet(of, name, facts)

    def _meet(self, of: Sequence[Tree], name: str, facts: Facts) -> Iterator[Any]:
        for side in of:
            if name in self.names([side]):
                for other in of:
                    to = self.worth(other, facts) if other is not side else None
                    if isinstance(to, int | Fraction):
                        yield from self._solved(side, to, name, facts)

    def _solved(self, node: Tree, to: Any, name: str, facts: Facts) -> Iterator[Any]:
        """Values of the fact with which a number comes to ``to``; not all of them, where there are more."""
        match node:
            case Field(own) if own == name:
                yield to
            case Arith():
                yield from self._split(node, to, name, facts)
            case Least(parts) | Most(parts):
                for part in parts:
                    yield from self._solved(part, to, name, facts)
            case Choose(_, then, other):
                yield from self._solved(then, to, name, facts)
                yield from self._solved(other, to, name, facts)
            case Bands(measure, steps):
                for bound, points in steps:
                    if points == to:
                        yield from self._solved(measure, bound, name, facts)
            case ScoreOf(score):
                yield from self._solved(self._rule.score(score), to, name, facts)

    def _split(self, node: Arith, to: Any, name: str, facts: Facts) -> Iterator[Any]:
        op, left, right = node.op, node.left, node.right
        a, b = (self.worth(side, facts) for side in (left, right))
        if name in self.names([left]) and b is not None:
            target = _without_right(op, to, b)
            if target is not None:
                yield from self._solved(left, target, name, facts)
        if name in self.names([right]) and a is not None:
            target = _without_left(op, to, a)
            if target is not None:
                yield from self._solved(right, target, name, facts)


def _without_right(op: Sum, to: Any, b: Any) -> Any:
    """``left`` where ``left op b`` is ``to``."""
    match op:
        case Sum.ADD:
            return to - b
        case Sum.SUB:
            return to + b
        case Sum.MUL:
            return Fraction(to) / b if b else None
    return to * b if b > 0 else None


def _without_left(op: Sum, to: Any, a: Any) -> Any:
    """``right`` where ``a op right`` is ``to``."""
    match op:
        case Sum.ADD:
            return to - a
        case Sum.SUB:
            return a - to
        case Sum.MUL:
            return Fraction(to) / a if a else None
    return Fraction(a) / to if to else None


def _default(spec: FieldSpec) -> Any:
    """Something that a fact can be, of which no example says anything."""
    match spec.kind:
        case Kind.BOOL:
            return False
        case Kind.CODE:
            return spec.codes[0][0] if spec.codes else "other"
        case Kind.CODES:
            return frozenset()
        case Kind.DATE:
            return dt.date(2020, 1, 1)
    return normal(min(max(Fraction(spec.of.scale), Fraction(spec.least)), Fraction(spec.most)))


__all__ = ["Arranger", "Wish"]
