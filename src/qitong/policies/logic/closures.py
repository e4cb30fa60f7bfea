"""The same rules, compiled once into small functions: what answers one company quickly.

A value is a function of the facts; a condition has two forms: one only decides, one also notes each leaf
as ``(leaf, result, value, bound)``. A share is compared by cross-multiplication, so no fraction is made
unless somebody looks at it: its value is noted as a :class:`Share`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

from qitong.policies.logic import spans
from qitong.policies.logic.ages import full
from qitong.policies.logic.rule import Rule
from qitong.policies.logic.tree import (
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
    Leaf,
    Least,
    Manual,
    Most,
    Node,
    Not,
    Num,
    Op,
    Prefix,
    ScoreOf,
    Since,
    Sum,
    Truth,
    Value,
)
from qitong.policies.logic.units import Number, normal

Facts: TypeAlias = Mapping[str, Any]


class Share(NamedTuple):
    """A value that nobody has divided yet; ``base`` is more than 0."""

    of: Number
    base: Number


class Note(NamedTuple):
    """How a leaf came out. ``value`` may be a :class:`Share`: see :func:`plain`."""

    leaf: Leaf
    result: bool | None
    value: Any
    bound: Any


Worth: TypeAlias = Callable[[Facts], Any]
Decide: TypeAlias = Callable[[Facts], bool | None]
Tell: TypeAlias = Callable[[Facts, list[Note]], bool | None]

_COMPARE: dict[Op, Callable[[Any, Any], bool]] = {
    Op.LESS: operator.lt,
    Op.AT_MOST: operator.le,
    Op.EQUAL: operator.eq,
    Op.UNEQUAL: operator.ne,
    Op.AT_LEAST: operator.ge,
    Op.MORE: operator.gt,
}
_ARITH: dict[Sum, Callable[[Any, Any], Number | None]] = {
    Sum.ADD: operator.add,
    Sum.SUB: operator.sub,
    Sum.MUL: operator.mul,
    Sum.DIV: lambda a, b: Fraction(a) / b if b > 0 else None,
}


def plain(value: Any) -> Any:
    """A noted value as it is: a share becomes a fraction, a whole fraction an integer."""
    if isinstance(value, Share):
        return normal(Fraction(value.of) / value.base)
    return normal(value) if isinstance(value, Fraction) else value


class Compiler:
    """Compiles the trees of one rule; scores are compiled where they are used."""

    def __init__(self, rule: Rule) -> None:
        self._rule = rule

    # ---- numbers

    def worth(self, node: Value) -> Worth:  # noqa: PLR0911  one return a node
        """The number where it is known, else None."""
        match node:
            case Num(constant) | Day(constant):
                return lambda facts: constant
            case Field(name):
                return operator.methodcaller("get", name)
            case ScoreOf(name):
                return self.worth(self._rule.score(name))
            case Arith(op, left, right):
                return _both(self.worth(left), self.worth(right), _ARITH[op])
            case Bands() | Least() | Most():
                return spans.exact(self._reach(node))
            case Since(start, unit):
                begun = self.worth(start)
                return lambda facts: None if (day := begun(facts)) is None else full(unit, day, facts["on"])
            case Choose(test, then, other):
                return spans.chosen(self.decide(test), self.worth(then), self.worth(other))

    def _reach(self, node: Value) -> Worth:
        """The number, or between which ends it lies: a span."""
        match node:
            case ScoreOf(name):
                return self._reach(self._rule.score(name))
            case Bands(_, steps, otherwise):
                return spans.banded(self._bands(node), [*(value for _, value in steps), otherwise])
            case Least(parts) | Most(parts):
                return spans.extreme([self._reach(part) for part in parts], most=isinstance(node, Most))
        return self.worth(node)

    def _bands(self, node: Bands) -> Worth:
        steps, otherwise = node.steps, node.otherwise
        if isinstance(node.measure, Arith) and node.measure.op is Sum.DIV:
            return self._share_bands(node.measure, steps, otherwise)
        measure = self.worth(node.measure)

        def banded(facts: Facts) -> Number | None:
            found = measure(facts)
            if found is None:
                return None
            for bound, value in steps:
                if found >= bound:
                    return value
            return otherwise

        return banded

    def _share_bands(
        self, share: Arith, steps: tuple[tuple[Number, Number], ...], otherwise: Number
    ) -> Worth:
        of, base = self.worth(share.left), self.worth(share.right)
        crossed = [(Fraction(b).numerator, Fraction(b).denominator, value) for b, value in steps]

        def banded(facts: Facts) -> Number | None:
            n, d = of(facts), base(facts)
            if n is None or d is None or d <= 0:
                return None
            for p, q, value in crossed:
                if n * q >= p * d:
                    return value
            return otherwise

        return banded

    # ---- truths

    def decide(self, node: Node) -> Decide:
        """Only the result; stops at the first part that settles it."""
        match node:
            case AllOf(parts):
                return _many([self.decide(part) for part in parts], settles=False)
            case AnyOf(parts):
                return _many([self.decide(part) for part in parts], settles=True)
            case Not(part):
                inner = self.decide(part)
                return lambda facts: None if (r := inner(facts)) is None else not r
            case AtLeast(count, parts):
                return _at_least(count, [self.decide(part) for part in parts])
            case Choose(test, then, other):
                return _chosen(self.decide(test), self.decide(then), self.decide(other))
        noted = self._leaf(node)
        return lambda facts: noted(facts)[1]

    def tell(self, node: Node) -> Tell:
        """The result, noting every leaf; all parts are looked at."""
        match node:
            case AllOf(parts):
                return _told([self.tell(part) for part in parts], settles=False)
            case AnyOf(parts):
                return _told([self.tell(part) for part in parts], settles=True)
            case Not(part):
                inner = self.tell(part)
                return lambda facts, notes: None if (r := inner(facts, notes)) is None else not r
            case AtLeast(count, parts):
                told = [self.tell(part) for part in parts]
                return lambda facts, notes: _count(count, [tell(facts, notes) for tell in told])
            case Choose(test, then, other):
                return _told_choice(self.tell(test), self.tell(then), self.tell(other))
        noted = self._leaf(node)

        def leaf(facts: Facts, notes: list[Note]) -> bool | None:
            note = noted(facts)
            notes.append(note)
            return note[1]

        return leaf

    def _leaf(self, leaf: Leaf) -> Callable[[Facts], Note]:  # noqa: PLR0911  one return a leaf
        match leaf:
            case Compare(op, Arith(Sum.DIV, of, base), Num(bound)):
                return _share(leaf, op, self.worth(of), self.worth(base), bound)
            case Compare(op, left, right):
                return _compared(leaf, _COMPARE[op], self.worth(left), self.worth(right))
            case Holds(name):
                return lambda facts: Note(leaf, r := facts.get(name), r, True)
            case Is(name, codes):
                return _of_fact(leaf, name, codes, frozenset(codes).__contains__)
            case Has(name, code):
                return _of_fact(leaf, name, code, lambda held: code in held)
            case Prefix(name, prefixes, lenient=True):
                return _within(leaf, name, prefixes)
            case Prefix(name, prefixes):
                return _of_fact(leaf, name, prefixes, lambda found: found.startswith(prefixes))
            case Truth(result):
                return lambda facts: Note(leaf, result, result, None)
            case Manual():
                return lambda facts: Note(leaf, None, None, None)


def _within(leaf: Leaf, name: str, prefixes: tuple[str, ...]) -> Callable[[Facts], Note]:
    """Known to be elsewhere is no; not known is yes."""

    def noted(facts: Facts) -> Note:
        found = facts.get(name)
        return Note(leaf, found is None or found.startswith(prefixes), found, prefixes)

    return noted


def _both(left: Worth, right: Worth, join: Callable[[Any, Any], Number | None]) -> Worth:
    def joined(facts: Facts) -> Number | None:
        a = left(facts)
        if a is None:
            return None
        b = right(facts)
        return None if b is None else join(a, b)

    return joined


def _chosen(test: Decide, then: Decide, other: Decide) -> Decide:
    def chosen(facts: Facts) -> bool | None:
        result = test(facts)
        if result is not None:
            return then(facts) if result else other(facts)
        either = then(facts)
        return either if either is not None and either is other(facts) else None

    return chosen


def _many(parts: list[Decide], *, settles: bool) -> Decide:
    def many(facts: Facts) -> bool | None:
        result: bool | None = not settles
        for part in parts:
            found = part(facts)
            if found is settles:
                return settles
            if found is None:
                result = None
        return result

    return many


def _told(parts: list[Tell], *, settles: bool) -> Tell:
    def told(facts: Facts, notes: list[Note]) -> bool | None:
        found = [part(facts, notes) for part in parts]
        return settles if settles in found else None if None in found else not settles

    return told


def _told_choice(test: Tell, then: Tell, other: Tell) -> Tell:
    def told(facts: Facts, notes: list[Note]) -> bool | None:
        result, yes, no = test(facts, notes), then(facts, notes), other(facts, notes)
        return (yes if result else no) if result is not None else yes if yes is no else None

    return told


def _at_least(count: int, parts: list[Decide]) -> Decide:
    return lambda facts: _count(count, [part(facts) for part in parts])


def _count(count: int, found: list[bool | None]) -> bool | None:
    yes = found.count(True)
    if yes >= count:
        return True
    return None if yes + found.count(None) >= count else False


def _compared(
    leaf: Leaf, holds: Callable[[Any, Any], bool], left: Worth, right: Worth
) -> Callable[[Facts], Note]:
    def noted(facts: Facts) -> Note:
        value, bound = left(facts), right(facts)
        return Note(leaf, None if value is None or bound is None else holds(value, bound), value, bound)

    return noted


def _share(leaf: Leaf, op: Op, of: Worth, base: Worth, bound: Number) -> Callable[[Facts], Note]:
    holds, p, q = _COMPARE[op], Fraction(bound).numerator, Fraction(bound).denominator

    def noted(facts: Facts) -> Note:
        n, d = of(facts), base(facts)
        if n is None or d is None or d <= 0:
            return Note(leaf, None, None, bound)
        return Note(leaf, holds(n * q, p * d), Share(n, d), bound)

    return noted


def _of_fact(leaf: Leaf, name: str, bound: Any, holds: Callable[[Any], bool]) -> Callable[[Facts], Note]:
    def noted(facts: Facts) -> Note:
        value = facts.get(name)
        return Note(leaf, None if value is None else holds(value), value, bound)

    return noted
